"""Tracked items, cases and self-assessments in the store: as said, once each, never changed; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from forewarn.errors import AppendOnlyError, LifecycleError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.toolkit import SelfAnswer, SelfAssessment
from forewarn.model.tracked import CaseEntry, TrackedEntry, TrackedItem
from forewarn.store import Database
from forewarn.store import toolkit as k
from forewarn.store import tracker as t

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_facts_come_back_as_said_and_stay(database: Database) -> None:
    """Items, entries, cases, assessments, answers; unknown ones are refused; no row can be changed or deleted."""
    item = TrackedItem("truce", "Trêve", "S/1", "desk", NOW, "A; B", "XAA", date(2026, 1, 1), date(2026, 2, 1))
    entry = TrackedEntry(item.item_id, "evidence", "desk", NOW, source="S/2", on=date(2026, 1, 1))
    case = CaseEntry(content_id("clm", 1), "opened", "Gazette", "desk", NOW, on=date(2026, 1, 1), body="Court")
    begun = SelfAssessment("national-protection", "1", "d", "XAA", "desk", NOW)
    answer = SelfAnswer(begun.assessment_id, "F1", "no", "desk", NOW, note="not yet", on=date(2026, 1, 1))
    with database.writing() as connection:
        assert t.add_tracked_item(connection, item)
        assert not t.add_tracked_item(connection, item)
        t.add_tracked_entry(connection, entry)
        t.add_case(connection, case)
        k.add_self_assessment(connection, begun)
        k.add_answer(connection, answer)
    with database.reading() as connection:
        assert t.read_items(connection) == [item]
        assert t.read_entries(connection) == [entry]
        assert t.read_cases(connection) == [case]
        assert k.read_self_assessments(connection) == [begun]
        assert k.read_answers(connection, begun.assessment_id) == [answer]
    with pytest.raises(LifecycleError), database.writing() as connection:
        k.add_answer(connection, answer)
    with pytest.raises(UnknownNameError), database.writing() as connection:
        t.add_tracked_entry(connection, TrackedEntry(content_id("trk", 9), "owner", "desk", NOW, value="A"))
    for table in ("tracked_items", "tracked_entries", "case_entries", "toolkit_assessments", "toolkit_answers"):
        with pytest.raises(AppendOnlyError), database.writing() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
