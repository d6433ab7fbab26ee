"""What enters a draft besides forecasts and incidents: what people assessed, silences, and measures called to mind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import drafting_sides
from forewarn.operations.drafting import DraftWish, draft_alerts
from forewarn.operations.drafting_sides import assessed_sides, silences
from forewarn.operations.freshness import silent_sources
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions
from forewarn.store.situations import add_assessment

DAY = date(2025, 8, 31)


def _assess(workspace: Workspace, indicator: str, state: str, unit: str, day: int) -> None:
    at = datetime(2025, 8, day, tzinfo=UTC)
    with workspace.database.writing() as connection:
        calm = "SELECT claim_id FROM claims WHERE sensitivity = 'low' ORDER BY claim_id LIMIT 1"
        claim = connection.exec_driver_sql(calm).scalar()
        claims = () if state == "observed_absent" else (str(claim),)
        add_assessment(connection, IndicatorAssessment(unit, indicator, state, "analyst", at, "looked", claims))


def test_assessments_stand_on_the_side_they_speak_for(exercise: Workspace) -> None:
    """Clear is for, looked-and-absent against, the country's hold for its area, and nothing said later is known."""
    _assess(exercise, "7.14", "clear", "XKC", 20)
    _assess(exercise, "2.1", "observed_absent", "XKC/Kostondel", 21)
    with exercise.database.reading() as connection:
        for_it, against = assessed_sides(connection, "XKC/Kostondel", DAY)
        assert assessed_sides(connection, "XKC/Kostondel", date(2025, 8, 19)) == ((), ())
    assert [line.claim_ids != () for line in for_it] == [True]
    assert "7.14" in for_it[0].text
    assert "XKC on 2025-08-20: clear" in for_it[0].text
    assert ["observed to be absent" in line.text for line in against] == [True]


def test_a_draft_tells_them_and_the_measures_they_call_to_mind(exercise: Workspace) -> None:
    """All three pillars are there, least coercive first, each measure with its reason or said to have none."""
    _assess(exercise, "5.8", "clear", "XKC/Kostondel", 20)
    made = draft_alerts(exercise, DraftWish(("analyst",), unit="XKC/Kostondel", as_known_at=DAY)).drafted[0]
    with exercise.database.reading() as connection:
        alert = decisions.read_alert(connection, made.alert_id)
    assert any("indicator 5.8" in line.text and line.claim_ids for line in alert.evidence_for)
    called = [line for line in alert.options if "called to mind because" in line]
    assert any("arms are obtained or flow in" in line for line in called)
    for pillar in (1, 2, 3):
        own = [line for line in alert.options if f"(pillar {pillar}, " in line]
        assert own
        degrees = ["pressure" in line.partition(":")[0] for line in own]
        assert degrees == sorted(degrees)


def test_a_silence_is_told_by_channel_and_never_names_the_source(exercise: Workspace) -> None:
    """A draft travels further than the store: it counts silent sources, and says that silence is not calm."""
    silent = silent_sources(exercise, as_known_at=DAY)
    told = [sentence for sentences in silences(exercise, DAY).values() for sentence in sentences]
    assert bool(told) == any(one.countries for one in silent)
    assert all("silence is not calm" in sentence for sentence in told)
    for one in silent:
        assert not one.source_id or not any(one.name in sentence for sentence in told)


def test_silences_are_looked_for_again_once_something_is_collected(
    exercise: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every report of three years is looked at: so not twice for the same, and always where anything came in."""
    looked: list[date] = []
    monkeypatch.setattr(drafting_sides, "silent_sources", lambda _, as_known_at: looked.append(as_known_at) or [])
    for _ in range(2):
        silences(exercise, DAY)
    assert looked == [DAY]
    silences(exercise, DAY - timedelta(days=1))
    monkeypatch.setattr(drafting_sides, "last_heard", lambda _connection: (10_000, 0))
    silences(exercise, DAY)
    assert looked == [DAY, DAY - timedelta(days=1), DAY]
