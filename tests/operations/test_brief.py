"""Briefs for an audience, for months asked for, on one page, and as PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from forewarn.errors import ForewarnError, RuleError, UsageError
from forewarn.operations.brief import BriefMade, BriefWish, brief
from forewarn.operations.workspace import Workspace

UNIT = "XKC/Kostondel"


def made(exercise: Workspace, out: Path, **wishes: str) -> tuple[BriefMade, str]:
    """A brief as Markdown."""
    wish = BriefWish(wishes.pop("subject", UNIT), format="md", **wishes)  # type: ignore[arg-type]
    done = brief(exercise, wish, out=out / "brief.md")
    return done, (out / "brief.md").read_text(encoding="utf-8")


def test_an_audience_is_shown_no_more_than_it_may(exercise: Workspace, tmp_path: Path) -> None:
    """Wider audiences see fewer claims and are told how many incidents are withheld; red sees all."""
    told = {name: made(exercise, tmp_path, audience=name) for name in ("red", "amber", "clear")}
    assert told["red"][0].withheld == ""
    assert told["red"][0].claims > told["amber"][0].claims >= told["clear"][0].claims
    for name in ("amber", "clear"):
        done, text = told[name]
        assert "withheld" in done.withheld
        assert done.withheld in text.replace("\\", "")
    assert len(told["amber"][1]) < len(told["red"][1])


def test_an_alert_goes_to_nobody_its_authors_leave_out(exercise: Workspace, tmp_path: Path) -> None:
    """The alert is TLP:AMBER: by default for that audience, and refused to a wider one."""
    done, _ = made(exercise, tmp_path, subject="latest")
    assert done.audience == "TLP:AMBER"
    with pytest.raises(RuleError, match="TLP:AMBER"):
        made(exercise, tmp_path, subject="latest", audience="green")


def test_months_asked_for_are_the_months_counted(exercise: Workspace, tmp_path: Path) -> None:
    """Figures name the span; what happened outside it is not listed; odd spans are refused in one line."""
    _, text = made(exercise, tmp_path, first="2025-01", last="2025-03")
    assert "2025-01 to 2025-03" in text
    known = text.partition("## Known by")[2].partition("##")[0]
    assert "2025-03-" in known
    assert "2025-05-" not in known
    for first, last in (("2025-05", "2025-03"), ("1900-01", "2025-03"), ("2025-01", "2030-01"), ("soon", "")):
        with pytest.raises(ForewarnError):
            made(exercise, tmp_path, first=first, last=last)


def test_a_country_has_a_brief_too(exercise: Workspace, tmp_path: Path) -> None:
    """The country by its code."""
    done, text = made(exercise, tmp_path, subject="XKC")
    assert done.unit == "XKC"
    assert "What we do not know" in text


def test_one_page_says_what_is_left_out_and_keeps_every_trace(exercise: Workspace, tmp_path: Path) -> None:
    """The desk's brief has the decision first, all three pillars, and links that lead somewhere."""
    done, text = made(exercise, tmp_path, subject="latest", length="desk")
    assert text.index("Asked of") < text.index("What could happen")
    for part in ("What changed", "What speaks against it", "What we do not know", "more options"):
        assert part in text
    assert done.claims > 0
    assert "Where every figure comes from" in text
    with pytest.raises(UsageError):
        BriefWish(UNIT, length="minister")
