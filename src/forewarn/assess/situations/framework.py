"""An area against the fourteen risk factors: what changed first, then every indicator with who said what and why.

Owns the reading of assessments over the framework. There is no sum, weight, colour or rank, of indicators, factors or
areas: what nobody assessed is said to be so. A pure function of the assessments given, whatever their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from forewarn.model.situation import IndicatorAssessment, current_assessments, readings_beside
from forewarn.taxonomy.framework import Indicator, RiskFactor, risk_framework

__all__ = ["NOT_ASSESSED", "Change", "FactorView", "IndicatorView", "Situation", "last_time", "situation"]

NOT_ASSESSED = "not_assessed"
"""Nobody has said anything of the indicator. It is not ``not_observed``, which somebody says."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise than at an earlier time: before and after, and who said so, when and why.

    ``state_before`` and ``state_after`` may be :data:`NOT_ASSESSED`. Where an assessment was only taken back, what held
    before it is the one after, and may be missing.
    """

    indicator: str
    text: str
    state_before: str
    state_after: str
    trend_before: str
    trend_after: str
    after: IndicatorAssessment | None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator, the assessment that holds of it or none, and what others last said otherwise."""

    id: str
    text: str
    check: str
    state: str
    held: IndicatorAssessment | None
    beside: tuple[IndicatorAssessment, ...]


@dataclass(frozen=True, slots=True)
class FactorView:
    """A risk factor and its indicators, in the order of the framework."""

    id: str
    name: str
    scope: str
    kind: str
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """An area as assessed: what changed since an earlier time comes first.

    ``since`` is missing where there is no earlier time; every assessment is then new.
    """

    unit: str
    since: datetime | None
    changes: tuple[Change, ...]
    factors: tuple[FactorView, ...]


def situation(unit: str, assessments: Iterable[IndicatorAssessment], *, since: datetime | None = None) -> Situation:
    """The area as assessed.

    Args:
        unit: a country or admin1 area. Its assessments only: those of a country are not taken for its areas.
        assessments: all of them as known; of other units too.
        since: what to compare with; by default the end of the last day of assessment before the latest.
    """
    own = [one for one in assessments if one.unit == unit]
    since = since or last_time(own)
    held = _by_indicator(own)
    before = _by_indicator([one for one in own if since is not None and one.assessed_at <= since])
    factors = tuple(_factor(factor, held, own) for factor in risk_framework())
    return Situation(unit, since, tuple(_changes(before, held)), factors)


def last_time(assessments: Sequence[IndicatorAssessment]) -> datetime | None:
    """The end of the last day on which something was said before the latest such day; missing where there is none."""
    days = sorted({one.assessed_at.date() for one in assessments})
    if len(days) < 2:
        return None
    start_of_next = datetime.combine(days[-2] + timedelta(days=1), time(), UTC)
    return start_of_next - timedelta(seconds=1)


def _by_indicator(own: list[IndicatorAssessment]) -> dict[str, IndicatorAssessment]:
    return {indicator: held for (_, indicator), held in current_assessments(own).items()}


def _factor(factor: RiskFactor, held: dict[str, IndicatorAssessment], own: list[IndicatorAssessment]) -> FactorView:
    views = tuple(_view(one, held.get(one.id), own) for one in factor.indicators if not one.is_placeholder)
    return FactorView(factor.id, factor.name, factor.scope, factor.kind, views)


def _view(one: Indicator, held: IndicatorAssessment | None, own: list[IndicatorAssessment]) -> IndicatorView:
    beside = readings_beside([each for each in own if each.indicator == one.id], held) if held else ()
    return IndicatorView(one.id, one.text, one.check, held.state if held else NOT_ASSESSED, held, beside)


def _changes(before: dict[str, IndicatorAssessment], held: dict[str, IndicatorAssessment]) -> Iterator[Change]:
    for factor in risk_framework():
        for one in factor.indicators:
            old, new = before.get(one.id), held.get(one.id)
            said = [(view.state, view.trend) if view else (NOT_ASSESSED, "unknown") for view in (old, new)]
            if said[0] != said[1]:
                (state_before, trend_before), (state_after, trend_after) = said
                yield Change(one.id, one.text, state_before, state_after, trend_before, trend_after, new)
