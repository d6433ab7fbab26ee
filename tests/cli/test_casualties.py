"""The commands of casualties, coverage and crimes: readable text, JSON, empty states that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def told(workspace: Path, run: Run, table: Callable[..., Path], mapping: Path) -> str:
    """A workspace with one incident; its id."""
    rows = table("1,2023-05-01,XAA,West,6.7,-7.3,4,3,9,killing,words", "2,2023-06-01,XAA,,,,2,,,killing,other")
    assert run("collect", "table", rows, "--mapping", mapping).code == 0
    assert run("assess").code == 0
    made = json.loads(run("casualties", "totals", "XAA/West", "--json").out)
    assert made["incidents"] == 1
    found = run("crimes", "pattern", "--json")
    assert found.code == 0
    assert run("export", "incidents", "--out", workspace / "out.csv").code == 0
    return next(word for word in (workspace / "out.csv").read_text().replace(",", "\n").split() if word[:4] == "inc_")


def test_empty_workspaces_say_what_to_do(workspace: Path, run: Run) -> None:
    """Nothing known is not nothing happened."""
    for command in (("casualties", "totals"), ("coverage", "balance"), ("coverage", "show"), ("crimes", "pattern")):
        done = run(*command)
        assert done.code == 0, done.err
        assert "unknown" in done.out or "forewarn coverage" in done.out


def test_totals_overrule_and_undo_by_command(told: str, run: Run) -> None:
    """A verified number reads "at least N verified", with the coverage below; undo takes it back."""
    arguments = ("--low", 3, "--status", "verified", "--standard", "P2", "--death-kind", "direct", "--why", "register")
    done = run("casualties", "overrule", told, "deaths", *arguments, "--json")
    assert done.code == 0, done.err
    out = run("casualties", "totals").out
    assert "deaths (direct): at least 3 verified to P2, no upper bound known" in out
    assert "Coverage," in out
    assert run("casualties", "undo", json.loads(done.out)["id"], "--why", "wrong").code == 0
    assert "verified" not in run("casualties", "totals").out
    assert run("casualties", "show", told).code == 0


def test_locked_elements_end_with_one_line(told: str, run: Run) -> None:
    """The refusal says what can be done instead; an observable element is coded and shown."""
    refused = run("crimes", "code", told, "element", "G3", "coded", "--why", "pattern")
    assert refused.code == 40
    assert "named body" in refused.err
    assert run("crimes", "code", told, "element", "E1", "coded", "--why", "seen", "--confidence", "low").code == 0
    shown = run("crimes", "show", told).out
    assert "Force or intimidation used [coded, by analyst, confidence in the evidence low: seen]" in shown
    assert "may engage" in shown


def test_sight_by_command(told: str, run: Run) -> None:
    """A statement is kept once and shows; a wrong kind is refused."""
    words = ("--from", "2023-05", "--to", "2023-05", "--who", "mission", "--basis", "monitors")
    assert run("coverage", "say", "XAA", "observed", *words).code == 0
    assert "kept before" in run("coverage", "say", "XAA", "observed", *words).out
    assert "mission on XAA" in run("coverage", "show", "XAA").out
    assert run("coverage", "say", "XAA", "quiet", *words).code == 24
