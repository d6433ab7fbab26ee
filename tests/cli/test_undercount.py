"""Estimating the undercount at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TABLE = "A,B,C,n\n1,0,0,50\n0,1,0,40\n0,0,1,60\n1,1,0,9\n0,1,1,8\n1,0,1,12\n1,1,1,2\n"


@pytest.fixture
def histories(tmp_path: Path) -> Path:
    """Three lists that overlap."""
    path = tmp_path / "cases.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_text_says_estimate_limits_and_assumptions(run: Any, histories: Path) -> None:
    """Nobody can read the number without reading what it is."""
    done = run("undercount", histories, "--replicates", 100)
    assert done.code == 0, done.err
    assert "An estimate, not a count" in done.out
    assert "This assumes:" in done.out
    assert "matched across lists without error" in done.out


def test_json_is_the_same_answer_from_the_same_seed(run: Any, histories: Path) -> None:
    """The answer is machine-readable and repeats."""
    one, two = (run("undercount", histories, "--replicates", 100, "--json").out for _ in range(2))
    assert one == two
    assert {"stepwise", "averaged"} == {way["method"] for way in json.loads(one)["estimates"]}


def test_refusals_exit_with_their_code(run: Any, tmp_path: Path, histories: Path) -> None:
    """Two lists are refused with 40 and done with a voucher; no input at all is a usage error."""
    two = tmp_path / "two.csv"
    two.write_text("A,B,n\n1,0,50\n0,1,40\n1,1,20\n", encoding="utf-8")
    assert run("undercount", two).code == 40
    done = run("undercount", two, "--assume-independent", "--replicates", 100)
    assert done.code == 0
    assert "THE TWO LISTS ARE INDEPENDENT" in done.out
    assert run("undercount").code == 2
    assert run("undercount", histories, "--incidents").code == 2


def test_an_empty_workspace_says_what_to_do(run: Any, workspace: Path) -> None:
    """Without incidents the next command is named."""
    done = run("undercount", "--incidents")
    assert done.code == 40
    assert "forewarn assess" in done.err
