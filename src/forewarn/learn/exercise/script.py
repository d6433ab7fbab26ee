"""The script of the exercise: who plays, on which day it stops, what is asked, and what came after.

People are pseudonymous roles marked as such. What came after is for after-action and learning: nobody playing
may see it before the alert is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from forewarn.clock import first_day, month_label, month_of
from forewarn.learn.exercise.arcs import LAST_MONTH, cast
from forewarn.learn.exercise.course import happenings
from forewarn.learn.exercise.dice import DEFAULT_SEED
from forewarn.learn.exercise.names import COUNCIL
from forewarn.learn.exercise.notice import EXERCISE_NOTICE

__all__ = ["ExerciseScene", "ExerciseScript", "MonthAfter", "exercise_scene", "exercise_script"]

AS_KNOWN_AT = date(2025, 8, 31)
_DECIDE_BY = date(2025, 9, 10)


@dataclass(frozen=True, slots=True)
class MonthAfter:
    """What truly happened in the unit in a month after the day of the exercise.

    ``month`` as ``2025-09``; ``killings`` of civilians with one-sided violence, their ``deaths``, and ``displaced``.
    """

    month: str
    killings: int
    deaths: int
    displaced: int


@dataclass(frozen=True, slots=True)
class ExerciseScene:
    """Where and when the exercise plays: the admin1 id, the day up to which players know, and the deadline."""

    unit: str
    as_known_at: date
    decide_by: date


@dataclass(frozen=True, slots=True)
class ExerciseScript:
    """The people, the day and the question of the exercise.

    Attributes:
        notice: to be shown on every page and brief.
        analyst, reviewer, desk_officer: pseudonymous roles; three different people.
        addressee: the body asked to decide.
        unit, country: the admin1 id and country the exercise is about.
        silent_unit: the admin1 id from which nothing can be known.
        as_known_at: the day up to which players know; the peak comes one to three months later.
        collected_at: an instant by which all files had arrived; later than every date in them.
        horizon_months: how far players look ahead.
        decision_asked: what the addressee is asked, for the alert.
        decide_by: the deadline of the decision.
        decision, decision_reason: what the addressee decided when the exercise was written, for a full run.
        after: what came, month by month; not to be shown before the end.
        peak_month: the month of ``after`` with most deaths, as ``2025-10``.
    """

    notice: str
    analyst: str
    reviewer: str
    desk_officer: str
    addressee: str
    unit: str
    country: str
    silent_unit: str
    as_known_at: date
    collected_at: datetime
    horizon_months: int
    decision_asked: str
    decide_by: date
    decision: str
    decision_reason: str
    after: tuple[MonthAfter, ...]
    peak_month: str


def exercise_scene(seed: int = DEFAULT_SEED) -> ExerciseScene:
    """Where and when the exercise of a seed plays, without what happens in it."""
    return ExerciseScene(cast(seed).escalation, AS_KNOWN_AT, _DECIDE_BY)


@cache
def exercise_script(seed: int = DEFAULT_SEED) -> ExerciseScript:
    """The script for a seed's region; only areas and numbers differ between seeds."""
    chosen = cast(seed)
    after = _after(chosen.escalation, seed)
    return ExerciseScript(
        notice=EXERCISE_NOTICE,
        analyst="A. Analyst (exercise)",
        reviewer="R. Reviewer (exercise)",
        desk_officer="D. Desk Officer (exercise)",
        addressee=f"Duty desk of the {COUNCIL} (fictional)",
        unit=chosen.escalation,
        country=chosen.escalation.partition("/")[0],
        silent_unit=chosen.silent,
        as_known_at=AS_KNOWN_AT,
        collected_at=datetime(2026, 4, 15, 12, tzinfo=UTC),
        horizon_months=6,
        decision_asked="Send a good-offices mission and ask for access to the shore villages",
        decide_by=_DECIDE_BY,
        decision="Declined for now; to be taken up again on 30 September 2025",
        decision_reason="Members held the reports to be too few, and the authorities asked for time",
        after=after,
        peak_month=max(after, key=lambda one: one.deaths).month,
    )


def _after(unit: str, seed: int) -> tuple[MonthAfter, ...]:
    found = []
    for month in range(month_of(AS_KNOWN_AT) + 1, LAST_MONTH + 1):
        here = [one for one in happenings(seed) if one.area == unit and month_of(one.started_on) == month]
        killings = [one for one in here if one.act == "killing" and one.violence == "one_sided"]
        deaths = sum(one.count("deaths") for one in killings)
        displaced = sum(one.count("displaced") for one in here)
        found.append(MonthAfter(month_label(month_of(first_day(month))), len(killings), deaths, displaced))
    return tuple(found)
