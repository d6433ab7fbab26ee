"""The command about sources, as people use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROW = "1,2020-01-02,KEN,Somewhere,1.0,37.0,5,4,6,killing,Five people were killed at the ford before dawn"


def test_a_source_is_listed_graded_kept_out_and_let_in_again(
    workspace: Path, table: Callable[..., Path], mapping: Path, run: Callable[..., Any]
) -> None:
    """Each step says what to do next; an empty workspace does too."""
    assert "forewarn collect" in run("sources", "list").out
    assert run("collect", "table", table(ROW), "--mapping", mapping).code == 0
    assert run("assess").code == 0
    listed = json.loads(run("sources", "list", "--json").out)
    name = listed[0]["name"]
    assert "suggested by rule, not a grade" in run("sources", "sheet", name).out
    done = run("sources", "grade", name, "b", "--why", "known methods", "--basis", "methods_published")
    assert (done.code, "graded B" in done.out) == (0, True)
    assert "methods_published" in run("sources", "show", name).out
    assert "1 with claims in quarantine" not in run("sources", "quarantine", name, "--why", "unclear").out
    assert "under_inquiry: unclear" in run("sources", "list").out
    assert run("sources", "release", name, "--why", "cleared up").code == 0
    assert run("sources", "release", name, "--why", "again").code == 40
    assert run("sources", "grade", name, "Q", "--why", "a slip").code == 24


def test_origins_are_told_with_reasons(
    workspace: Path, table: Callable[..., Path], mapping: Path, run: Callable[..., Any]
) -> None:
    """Who counts, who does not, and how to overrule."""
    copy = ROW.replace("1,2020", "2,2020", 1)
    assert run("collect", "table", table(ROW, copy), "--mapping", mapping).code == 0
    assert run("assess").code == 0
    claims = workspace.parent / "claims.csv"
    assert run("export", "claims", "--out", claims).code == 0
    line = claims.read_text(encoding="utf-8").splitlines()[1]
    incident = next(cell for cell in line.split(",") if cell.startswith("inc_"))
    told = run("sources", "origins", incident).out
    assert "independent origins: 1" in told
    assert "same_words" in told
