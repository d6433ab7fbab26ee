"""Assessments and elicitations in the store: kept as said, refused against the rules, blind while a round is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forewarn.errors import LifecycleError, SeparationError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.elicitation import Comment, Elicitation, Estimate, Kind, Step
from forewarn.model.situation import IndicatorAssessment, current_assessments
from forewarn.store import Database
from forewarn.store import elicitations as e
from forewarn.store import situations as s

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ASKED = Elicitation("how many?", Kind.QUANTILES, "deaths", "XKA", "desk", NOW)
ID = ASKED.elicitation_id


def said(state: str = "not_observed", *, minute: int = 0, **more: object) -> IndicatorAssessment:
    """An assessment of one indicator."""
    at = NOW + timedelta(minutes=minute)
    return IndicatorAssessment("XKA", "7.3", state, "analyst", at, "because", **more)  # type: ignore[arg-type]


def estimate(expert: str, median: float, round: int = 1, **more: str) -> Estimate:
    """An estimate."""
    values = () if "withdraws" in more else (0.0, median, 100.0)
    return Estimate(ID, round, expert, values, "because", NOW, **more)


def test_assessments_read_back_as_said(database: Database) -> None:
    """And one that is taken back holds no more, on both engines."""
    first = said()
    with database.writing() as connection:
        s.add_assessment(connection, first)
        s.add_assessment(connection, said("observed_absent", minute=1))
    back = said("withdrawn", minute=2, withdraws=said("observed_absent", minute=1).assessment_id)
    with database.writing() as connection:
        s.add_assessment(connection, back)
    with database.reading() as connection:
        rows = s.read_assessments(connection, "XKA")
        assert s.assessed_units(connection) == ["XKA"]
        assert s.read_assessments(connection, as_known_at=NOW.date() - timedelta(days=1)) == []
    assert rows[0] == first
    assert list(current_assessments(rows).values()) == [first]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (said("clear", claim_ids=(content_id("clm", "none"),)), UnknownNameError),
        (said("withdrawn", withdraws=content_id("asm", "none")), UnknownNameError),
    ],
)
def test_evidence_and_what_is_taken_back_must_be_there(
    database: Database, wrong: IndicatorAssessment, error: type[Exception]
) -> None:
    """Nothing rests on a claim that nobody keeps."""
    with pytest.raises(error), database.writing() as connection:
        s.add_assessment(connection, wrong)
    with database.reading() as connection:
        assert s.read_assessments(connection) == []


def test_a_round_is_blind_until_it_is_closed(database: Database) -> None:
    """No reader gives an estimate of an open round; once closed, all are there, and the second round is blind again."""
    with database.writing() as connection:
        e.add_elicitation(connection, ASKED)
        e.add_estimate(connection, estimate("heron", 10))
        e.add_estimate(connection, estimate("tern", 20))
        assert e.closed_estimates(connection, ID) == []
        assert e.answered(connection, ID, 1) == 2
        e.close_phase(connection, Step(ID, 1, "round_1", "desk", NOW))
        assert e.closed_estimates(connection, ID) == [estimate("heron", 10), estimate("tern", 20)]
        e.add_comment(connection, Comment(ID, "tern", "the road is cut", NOW))
        e.close_phase(connection, Step(ID, 2, "discussion", "desk", NOW))
        e.add_estimate(connection, estimate("heron", 30, 2, dissent="it is not"))
        assert [one.round for one in e.closed_estimates(connection, ID)] == [1, 1]
        e.close_phase(connection, Step(ID, 3, "round_2", "desk", NOW))
        assert e.closed_estimates(connection, ID)[-1].dissent == "it is not"
        assert [one.text for one in e.comments(connection, ID)] == ["the road is cut"]
        assert e.read_elicitation(connection, ID) == ASKED


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (estimate("heron", 1, 2), LifecycleError),
        (estimate("heron", 10), LifecycleError),
        (estimate("tern", 0, withdraws=estimate("heron", 10).estimate_id), SeparationError),
    ],
)
def test_the_store_refuses_what_the_rules_forbid(database: Database, new: Estimate, error: type[Exception]) -> None:
    """A later round, the same words twice, another's estimate: nothing of it is kept."""
    with database.writing() as connection:
        e.add_elicitation(connection, ASKED)
        e.add_estimate(connection, estimate("heron", 10))
    with pytest.raises(error), database.writing() as connection:
        e.add_estimate(connection, new)
    with database.reading() as connection:
        assert e.answered(connection, ID, 1) == 1
        assert e.answered(connection, ID, 2) == 0


def test_two_cannot_end_one_phase(database: Database) -> None:
    """The second to close finds it closed."""
    with database.writing() as connection:
        e.add_elicitation(connection, ASKED)
        for expert in ("heron", "tern"):
            e.add_estimate(connection, estimate(expert, 10))
        e.close_phase(connection, Step(ID, 1, "round_1", "desk", NOW))
    with pytest.raises(LifecycleError, match="is in discussion"), database.writing() as connection:
        e.close_phase(connection, Step(ID, 1, "round_1", "other", NOW))
