"""Forecasting at the command line from very little: a number with its caveats, or one line that says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

TARGET = ("forecast", "--target", "deaths", "--draws", "40", "--json")


@pytest.fixture
def small(run, workspace: Path, mapping: Path, table: Callable[..., Path], monkeypatch) -> Callable[..., None]:
    """Collect and assess a few incidents, by day and deaths, on a day that is always the same."""
    monkeypatch.setenv("FOREWARN_TODAY", "2026-11-30")

    def go(*days: tuple[str, int]) -> None:
        rows = [f"{k},{day},XAA,North,1.5,2.5,{n},{n},{n},killing,words {k}" for k, (day, n) in enumerate(days)]
        assert run("collect", "table", table(*rows), "--mapping", mapping).code == 0
        assert run("assess").code == 0

    return go


def test_one_month_of_data_gives_a_forecast_without_skill_or_delay(run, small):
    """No look back is possible and late reports are unknown: both are said, and reckoning with them is refused."""
    small(("2026-10-03", 4), ("2026-10-09", 2))
    done = run(*TARGET, "--as-known-at", "2026-11-30")
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert made["skill"] == []
    assert made["late"]["mean"] is None
    assert "too few settled months" in made["late"]["reason"]
    refused = run(*TARGET, "--as-known-at", "2026-11-30", "--late-reports", "store")
    assert refused.code not in (0, 1)
    assert "too few revisions" in refused.err
    assert len(refused.err.strip().splitlines()) == 1


def test_nothing_known_is_one_line(run, small):
    """Before the first incident there is no panel; an unknown model and a missing file of pairs are named."""
    small(("2026-10-03", 4))
    for arguments, words in (
        (("--as-known-at", "2020-01-31"), "no incident known"),
        (("--model", "weighted"), "weighted"),
        (("--late-reports", "nowhere.csv"), "no such file"),
        (("--columns", "wide"), "views or hubverse"),
    ):
        done = run(*TARGET, *arguments)
        assert done.code not in (0, 1), arguments
        assert words in done.err
        assert len(done.err.strip().splitlines()) == 1


def test_an_explanation_of_little_is_still_one(run, small):
    """A unit with one month known is explained by that month; one not in the forecast is refused in one line."""
    small(("2026-09-03", 30), ("2026-10-09", 2))
    assert run(*TARGET, "--as-known-at", "2026-11-30").code == 0
    done = run("explain", "XAA/North", "--json")
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert made["explanation"]["analogues"] == []
    assert sum(len(ids) for ids in made["claims"].values()) == 2
    refused = run("explain", "XBB/South")
    assert refused.code not in (0, 1)
    assert len(refused.err.strip().splitlines()) == 1
