"""What people record of incidents: appended, read back whole, taken back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from forewarn.errors import AppendOnlyError, LifecycleError, RuleError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.casualty import AllegedBody, CasualtyAct, CasualtyRecord, CountOverruling, VictimGroup
from forewarn.model.claim import CountRange
from forewarn.model.coding import BodyFinding, Coding, Withdrawal
from forewarn.store import Database
from forewarn.store import casualties as kept

NOW = datetime(2020, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CLAIM = content_id("clm", "1")
RECORD = CasualtyRecord(
    CLAIM,
    (CasualtyAct("killing", ("v1",), ("b1",), "SA", date(2019, 12, 31), "at a checkpoint"),),
    (VictimGroup("v1", "deaths", CountRange(3, 4, 5, "verified", "P2"), "indirect", "disease", sex="woman"),),
    (AllegedBody("b1", "Army", (CLAIM,)),),
    "analyst",
    NOW,
    "lists agree",
)
OVERRULING = CountOverruling(CLAIM, "injured", CountRange(2, None, 9), "analyst", NOW, "hospital register")
CODING = Coding(CLAIM, "element", "E1", "coded", "analyst", NOW, "seen", "low", (CLAIM,))
FINDING = BodyFinding("XAA", "G3", "Court", "Case 1 para. 2", date(2019, 1, 1), "P5", "words", "analyst", NOW)


@pytest.fixture
def filled(database: Database) -> Database:
    """A store with one of each."""
    with database.writing() as connection:
        kept.add_record(connection, RECORD)
        kept.add_overruling(connection, OVERRULING)
        kept.add_coding(connection, CODING)
        kept.add_finding(connection, FINDING)
    return database


ALL = kept.Recorded((RECORD,), (OVERRULING,), (CODING,), (FINDING,))


def read(database: Database, day: date | None = None) -> kept.Recorded:
    """What holds."""
    with database.reading() as connection:
        return kept.read_recorded(connection, as_known_at=day)


def test_everything_reads_back_as_written(filled: Database) -> None:
    """No field is lost, and ids are the same on both sides."""
    assert read(filled) == ALL
    assert read(filled).records[0].record_id == RECORD.record_id


def test_a_day_sees_what_was_decided_by_then(filled: Database) -> None:
    """Before the decisions there are none, nor is a later withdrawal foreseen."""
    assert read(filled, date(2020, 1, 1)) == kept.Recorded()
    with filled.writing() as connection:
        kept.withdraw(connection, Withdrawal(CODING.coding_id, "a", LATER, "wrong"))
    assert read(filled, NOW.date()) == ALL
    assert read(filled).codings == ()


@pytest.mark.parametrize("which", [RECORD.record_id, OVERRULING.overruling_id, CODING.coding_id, FINDING.finding_id])
def test_undo_and_undo_of_undo_restore_exactly(filled: Database, which: str) -> None:
    """Nothing but the one is touched, and taking the withdrawal back brings it back as it was."""
    with filled.writing() as connection:
        undone = kept.withdraw(connection, Withdrawal(which, "a", LATER, "wrong"))
    assert read(filled) != ALL
    with filled.writing() as connection, pytest.raises(LifecycleError, match="already"):
        kept.withdraw(connection, Withdrawal(which, "b", LATER, "again"))
    with filled.writing() as connection:
        kept.withdraw(connection, Withdrawal(undone, "a", LATER, "right after all"))
    assert read(filled) == ALL


def test_a_record_is_written_upon_the_one_that_holds(filled: Database) -> None:
    """Two people writing at once cannot both succeed; taking the newer back brings the older one back."""
    unaware = replace(RECORD, author="second", decided_at=LATER)
    with pytest.raises(LifecycleError, match="the record that holds"), filled.writing() as connection:
        kept.add_record(connection, unaware)
    newer = replace(unaware, replaces=RECORD.record_id)
    with filled.writing() as connection:
        kept.add_record(connection, newer)
    assert read(filled).records == (newer,)
    with filled.writing() as connection:
        kept.withdraw(connection, Withdrawal(newer.record_id, "a", LATER, "wrong"))
    assert read(filled).records == (RECORD,)


def test_the_same_twice_and_the_unknown_are_told(filled: Database) -> None:
    """A decision is kept once; what is not there cannot be taken back."""
    with pytest.raises(RuleError, match="already"), filled.writing() as connection:
        kept.add_coding(connection, CODING)
    with pytest.raises(UnknownNameError), filled.writing() as connection:
        kept.withdraw(connection, Withdrawal(content_id("cod", "x"), "a", LATER, "wrong"))


@pytest.mark.parametrize("table", ["casualty_records", "count_overrulings", "codings", "body_findings"])
def test_rows_are_only_added(filled: Database, table: str) -> None:
    """The database itself refuses a change."""
    with pytest.raises(AppendOnlyError), filled.writing() as connection:
        connection.execute(text(f"UPDATE {table} SET author = 'nobody'"))
    assert read(filled) == ALL
