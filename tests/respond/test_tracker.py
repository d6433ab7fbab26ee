"""Tracked items and cases folded from entries: nothing is settled without evidence or proven by silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from forewarn.errors import InputValueError, RuleError
from forewarn.ids import content_id
from forewarn.model.tracked import CaseEntry, TrackedEntry, TrackedItem
from forewarn.respond.tracker import NONE_FOUND, case_view, due_items, item_views, refuse_state
from forewarn.taxonomy.tracker import case_words, kind_from_undertaking, tracker_kinds

NOW = datetime(2030, 7, 1, tzinfo=UTC)
DAY = date(2030, 7, 1)
PLEDGE = TrackedItem("commitment", "Adopt the law", "A/1, 2", "desk", NOW, owner="Norland", due_on=date(2030, 6, 1))
MANDATE = TrackedItem("mandate", "Protect civilians", "S/RES/0, 3", "desk", NOW, unit="XAA")
STRATEGY = TrackedItem("strategy", "Talks of the quays", "S/1", "desk", NOW, unit="XAA")
CLAIM = content_id("clm", 1)


def entry(item: TrackedItem, kind: str, value: str = "", minute: int = 0, **more: object) -> TrackedEntry:
    """An entry."""
    at = NOW + timedelta(minutes=minute)
    return TrackedEntry(item.item_id, kind, "desk", at, value=value, note="because", **more)  # type: ignore[arg-type]


def case(status: str, source: str, body: str = "", minute: int = 0, **more: str) -> CaseEntry:
    """A case entry."""
    return CaseEntry(CLAIM, status, source, "desk", NOW + timedelta(minutes=minute), body=body, **more)


def test_the_lists_are_whole() -> None:
    """What must be tracked is; the first case word says that nobody found a record, and no more."""
    assert {"commitment", "recommendation", "mandate", "accession", "action_plan", "truce"} <= set(tracker_kinds())
    assert next(iter(case_words())) == "no_public_record_found"
    assert not any("impunity" in words for words in case_words().values())
    assert kind_from_undertaking()["commits"] == "commitment"


def test_done_needs_evidence_and_can_be_taken_back() -> None:
    """The state follows from entries that stand; one taken back counts as never made."""
    (view,) = item_views([PLEDGE], [], DAY)
    assert (view.state, view.overdue_days) == ("open", 30)
    with pytest.raises(RuleError, match="no evidence"):
        refuse_state(view, "done")
    with pytest.raises(RuleError, match="no state of a commitment"):
        refuse_state(view, "ratified_or_acceded")
    proof = entry(PLEDGE, "evidence", source="Gazette 3")
    done = entry(PLEDGE, "state", "done", 1)
    (view,) = item_views([PLEDGE], [proof, done], DAY)
    assert (view.state, view.overdue_days, view.is_settled) == ("done", 0, True)
    (view,) = item_views([PLEDGE], [proof, done, entry(PLEDGE, "undo", done.entry_id, 2)], DAY)
    assert (view.state, len(view.history)) == ("open", 3)
    taken = entry(PLEDGE, "undo", proof.entry_id, 2)
    (view,) = item_views([PLEDGE], [proof, done, taken], DAY)
    assert (view.state, view.lacks_evidence, view.overdue_days) == ("done", True, 30)
    with pytest.raises(InputValueError, match="source"):
        entry(PLEDGE, "evidence")


def test_a_mandate_without_a_strategy_says_none_found() -> None:
    """Until somebody links one; taking the link back says so again."""
    link = entry(MANDATE, "link", STRATEGY.item_id)
    undone = entry(MANDATE, "undo", link.entry_id, 1)
    said = [
        next(view.strategy for view in item_views([MANDATE, STRATEGY], entries, DAY) if view.item is MANDATE)
        for entries in ([], [link], [link, undone])
    ]
    assert said == [NONE_FOUND, "Talks of the quays", NONE_FOUND]
    assert item_views([PLEDGE], [], DAY)[0].strategy == ""


def test_a_process_shows_body_mandate_stage_and_last_report() -> None:
    """None found until recorded; the report published last counts, also when recorded first; taking back restores."""
    process = TrackedItem("process", "Inquiry into the shore", "S/1", "desk", NOW, owner="The Inquiry", unit="XAA")
    (view,) = item_views([process], [], DAY)
    assert (view.owner, view.state, view.mandate, view.last_report) == ("The Inquiry", "announced", NONE_FOUND, None)
    later = entry(process, "report", source="A/80/90", on=date(2030, 6, 1))
    earlier = entry(process, "report", minute=1, source="A/79/1", on=date(2029, 6, 1))
    told = [
        later,
        earlier,
        entry(process, "mandate", "establish facts, resolution 9"),
        entry(process, "state", "trial"),
    ]
    (view,) = item_views([process], told, DAY)
    assert (view.state, view.mandate, view.last_report) == ("trial", "establish facts, resolution 9", later)
    (view,) = item_views([process], [*told, entry(process, "undo", later.entry_id, 2)], DAY)
    assert view.last_report == earlier
    with pytest.raises(InputValueError, match="day"):
        entry(process, "report", source="A/80/90")
    assert item_views([MANDATE], [], DAY)[0].mandate == ""


def test_what_is_due_comes_with_its_day() -> None:
    """Overdue first by days; a new due date counts; what is settled owes nothing; a mandate is never overdue."""
    later = entry(PLEDGE, "due", "2030-07-10")
    overdue, soon = due_items(item_views([PLEDGE, MANDATE], [], DAY), DAY, 30)
    assert ([one.overdue_days for one in overdue], soon) == ([30], [])
    overdue, soon = due_items(item_views([PLEDGE], [later], DAY), DAY, 30)
    assert (overdue, [one.due_on for one in soon]) == ([], [date(2030, 7, 10)])
    assert due_items(item_views([PLEDGE], [later], DAY), DAY, 5) == ([], [])


def test_nothing_found_is_not_nothing() -> None:
    """Without a record the words say that none was found, and whether anybody looked; never more."""
    nobody = case_view([])
    assert (nobody.status, "Nobody has recorded looking" in nobody.words) == ("no_public_record_found", True)
    looked = case_view([case("no_public_record_found", "Court register")])
    assert looked.words == "No public record found. Looked for in Court register."
    opened, trial = case("opened", "Gazette 3", "Prosecutor", 1), case("trial", "Gazette 9", "Prosecutor", 2)
    other = case("closed", "Gazette 4", "Military court", 3)
    view = case_view([opened, trial, other])
    assert "a trial is under way (Prosecutor, Gazette 9)" in view.words
    assert "a case was closed without a trial (Military court, Gazette 4)" in view.words
    undone = CaseEntry(CLAIM, "", "", "desk", NOW + timedelta(minutes=9), note="wrong", undoes=opened.case_id)
    assert case_view([opened, undone]).status == "no_public_record_found"


def test_a_truce_has_an_area_and_a_first_day() -> None:
    """Otherwise nothing could be held beside it."""
    with pytest.raises(InputValueError, match="no first day"):
        TrackedItem("truce", "Truce", "S/1", "desk", NOW, unit="XAA")
