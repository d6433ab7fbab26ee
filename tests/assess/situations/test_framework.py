"""An area against the factors: what changed first, nothing added up."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from forewarn.assess.situations import situation
from forewarn.ids import content_id
from forewarn.model.situation import IndicatorAssessment

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
CLAIM = (content_id("clm", "x"),)


def said(indicator: str, state: str, *, day: int = 0, unit: str = "XKA", **more: str) -> IndicatorAssessment:
    """An assessment on a day."""
    claims = CLAIM if state in ("weak", "clear", "contested") else ()
    return IndicatorAssessment(unit, indicator, state, "analyst", NOW + timedelta(days=day), "because", claims, **more)


def test_all_indicators_are_there_and_nobody_is_taken_to_have_looked() -> None:
    """141 indicators in fourteen factors; what nobody assessed is said to be so, never absent."""
    found = situation("XKA", [])
    states = [view.state for factor in found.factors for view in factor.indicators]
    assert len(found.factors) == 14
    assert states == ["not_assessed"] * 141
    assert found.changes == ()


def test_changes_are_those_since_the_last_time() -> None:
    """By default the last day of assessment is compared with the end of the one before."""
    rows = [said("7.3", "weak"), said("7.14", "weak"), said("7.3", "clear", day=5), said("8.1", "not_observed", day=5)]
    changed = {one.indicator: (one.state_before, one.state_after) for one in situation("XKA", rows).changes}
    assert changed == {"7.3": ("weak", "clear"), "8.1": ("not_assessed", "not_observed")}
    assert len(situation("XKA", rows, since=NOW - timedelta(days=1)).changes) == 3
    assert situation("XKA", rows, since=NOW + timedelta(days=9)).changes == ()


def test_a_taking_back_is_a_change() -> None:
    """What held before is shown as the state after."""
    first = said("7.3", "clear")
    back = said("7.3", "withdrawn", day=1, withdraws=first.assessment_id)
    (change,) = situation("XKA", [first, back]).changes
    assert (change.state_before, change.state_after, change.after) == ("clear", "not_assessed", None)


def test_an_area_is_not_taken_for_its_country() -> None:
    """Assessments of a country are not those of its areas, nor the other way."""
    rows = [said("7.3", "clear", unit="XKA/North")]
    assert situation("XKA", rows).changes == ()
    assert len(situation("XKA/North", rows).changes) == 1


def test_nothing_is_added_up() -> None:
    """No number of any kind is anywhere in a situation: no sum, no weight, no score, no rank."""
    plain = asdict(situation("XKA", [said("7.3", "clear"), said("8.1", "weak", day=3)]))

    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            return [found for one in value.values() for found in numbers(one)]
        if isinstance(value, list | tuple):
            return [found for one in value for found in numbers(one)]
        return [value] if isinstance(value, int | float) else []

    assert numbers(plain) == []
    assert "score" not in json.dumps(plain, default=str)
