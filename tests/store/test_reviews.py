"""The record of review in the store: only added to, and two persons are two whoever writes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from forewarn.errors import AppendOnlyError, LifecycleError, SeparationError, StoreError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.claim import Claim
from forewarn.model.provenance import Sensitivity
from forewarn.model.review import Confirmation, Effect, ReviewDecision
from forewarn.model.tables import claim_row
from forewarn.store import Database, decisions, review_reading, reviews, schema

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LEFT, RIGHT = sorted(content_id("clm", str(n)) for n in range(2))


@pytest.fixture
def told(database: Database) -> Database:
    """A store with two claims, one of them severe."""
    with database.writing() as connection:
        for claim, sensitivity in ((LEFT, Sensitivity.LOW), (RIGHT, Sensitivity.SEVERE)):
            made = Claim(
                claim, content_id("rpt", claim), "news", date(2026, 1, 1), "published", sensitivity=sensitivity
            )
            connection.execute(insert(schema.claims), claim_row(made))
    return database


def judged(*, two: bool = True, by: str = "heron") -> ReviewDecision:
    """A judgement on the two."""
    return ReviewDecision("judge", (LEFT, RIGHT), "same", by, NOW, "seen", two, (Effect(LEFT, RIGHT, "same"),))


def test_a_decision_reads_back_as_written_and_is_kept_once(told: Database) -> None:
    """Nothing is lost, and the same twice is one row."""
    with told.writing() as connection:
        for _ in range(2):
            reviews.append_decision(connection, judged())
    with told.reading() as connection:
        assert review_reading.read_decisions(connection) == [judged()]
        assert decisions.read_judgements(connection).height == 0


def test_judgements_are_made_with_the_second_person(told: Database) -> None:
    """They come with the confirmation, dated to the decision, and not again with another."""
    yes = Confirmation(judged().decision_id, "stork", NOW, "yes")
    with told.writing() as connection:
        reviews.append_decision(connection, judged())
        reviews.append_confirmation(connection, yes)
    with told.reading() as connection:
        made = decisions.read_judgements(connection)
        assert review_reading.read_confirmations(connection) == [yes]
    assert (made["author"].to_list(), made["decided_at"].to_list()) == (["heron"], ["2026-01-02T00:00:00Z"])
    with pytest.raises(LifecycleError, match="holds already"), told.writing() as connection:
        reviews.append_confirmation(connection, Confirmation(judged().decision_id, "ibis", NOW, "me too"))


def test_the_store_looks_at_the_claims_itself(told: Database) -> None:
    """A decision on severe claims that says one person is enough is refused, and one on claims that are not there."""
    with pytest.raises(SeparationError, match="too sensitive"), told.writing() as connection:
        reviews.append_decision(connection, judged(two=False))
    absent = content_id("clm", "absent")
    left, right = sorted((LEFT, absent))
    lost = ReviewDecision("judge", (left, right), "same", "heron", NOW, "w", True, (Effect(left, right, "same"),))
    with pytest.raises(UnknownNameError), told.writing() as connection:
        reviews.append_decision(connection, lost)


@pytest.mark.parametrize("name", ["heron", "HERON (reviewer)", "as reviewer: heron"])
def test_nobody_confirms_their_own_decision(told: Database, name: str) -> None:
    """Neither through this code nor straight into the table."""
    with told.writing() as connection:
        reviews.append_decision(connection, judged(by="heron (analyst)"))
    own = Confirmation(judged(by="heron (analyst)").decision_id, name, NOW, "yes")
    with pytest.raises(SeparationError), told.writing() as connection:
        reviews.append_confirmation(connection, own)
    row = {
        "confirmation_id": own.confirmation_id,
        "decision_id": own.decision_id,
        "author": name,
        "person": "heron",
        "confirmed_at": "2026-01-02T00:00:00Z",
        "reason": "yes",
    }
    with pytest.raises(StoreError, match="nobody confirms"), told.writing() as connection:
        connection.execute(insert(schema.review_confirmations), row)
    with told.writing() as connection:
        connection.execute(insert(schema.review_confirmations), {**row, "person": "stork"})


@pytest.mark.parametrize("table", ["review_decisions", "review_effects", "review_confirmations"])
def test_the_record_is_only_added_to(told: Database, table: str) -> None:
    """No row of it is changed or removed."""
    with told.writing() as connection:
        reviews.append_decision(connection, judged())
        reviews.append_confirmation(connection, Confirmation(judged().decision_id, "stork", NOW, "yes"))
    for act in (f"UPDATE {table} SET decision_id = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(AppendOnlyError), told.writing() as connection:
            connection.exec_driver_sql(act)
