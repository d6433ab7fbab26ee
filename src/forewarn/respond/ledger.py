"""Who does what where: overlaps and gaps between actions, and the ledger of what was tried.

Owns two readings of the recorded actions. *Coordination* shows where several act at once and which measures called to
mind nobody has taken up; it compels nobody and calls no one late. *Exhaustion* lists every peaceful measure with what
was recorded of it; it has no total and no conclusion, and "not tried, as far as is recorded" is the default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from forewarn.model.action import Action, standing_actions
from forewarn.model.response import Measure
from forewarn.respond.measures import FORCE, PillarOptions, measure, measure_library

__all__ = ["Gap", "Overlap", "Tried", "exhaustion", "exhaustion_lines", "gaps", "overlaps"]

NOT_TRIED = "not tried, as far as is recorded"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Several actors who take one measure in one place at one time: to be coordinated, or one track of many.

    Attributes:
        measure: which one.
        unit: where.
        actors: who, in the order in which they began.
        since: from when on at least two of them act at once.
    """

    measure: Measure
    unit: str
    actors: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Gap:
    """A measure that signs call to mind and that nobody plans or takes there, as far as is recorded."""

    measure: Measure
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One peaceful measure and what is recorded of it in one place, first day first; empty where nothing is."""

    measure: Measure
    actions: tuple[Action, ...]


def overlaps(entries: Iterable[Action], on: date) -> tuple[Overlap, ...]:
    """Where two or more act at once, at the day given, by place and measure."""
    groups: dict[tuple[str, str], list[Action]] = {}
    for one in standing_actions(entries):
        if one.under_way_on(on):
            groups.setdefault((one.unit, one.measure_id), []).append(one)
    found = []
    for (unit, measure_id), group in sorted(groups.items()):
        actors = tuple(dict.fromkeys(_folded(one.actor) for one in group))
        if len(actors) > 1:
            names = tuple({_folded(one.actor): one.actor for one in reversed(group)}[name] for name in actors)
            found.append(Overlap(measure(measure_id), unit, names, _both_since(group)))
    return tuple(found)


def gaps(pillars: Iterable[PillarOptions], entries: Iterable[Action], unit: str, on: date) -> tuple[Gap, ...]:
    """The options called to mind for a place that nobody plans or takes there or in the whole country, on the day."""
    country = unit.partition("/")[0]
    taken = {
        one.measure_id
        for one in standing_actions(entries)
        if one.unit in (unit, country) and (one.standing == "planned" or one.under_way_on(on))
    }
    shown = [option for pillar in pillars for option in pillar.proposed]
    return tuple(Gap(one.measure, one.because) for one in shown if one.because and one.measure.id not in taken)


def exhaustion(entries: Iterable[Action], unit: str) -> tuple[Tried, ...]:
    """Every measure short of force, in the order of the library, with the actions recorded for a place and below it."""
    own = [one for one in standing_actions(entries) if one.unit == unit or one.unit.startswith(f"{unit}/")]
    return tuple(
        Tried(one, tuple(action for action in own if action.measure_id == one.id))
        for one in measure_library()
        if one.coercion < FORCE
    )


def exhaustion_lines(tried: Iterable[Tried]) -> list[str]:
    """The ledger as lines of text: each measure, then each action with dates, result and who judged it how."""
    lines = []
    for one in tried:
        lines.append(f"{one.measure.id} {one.measure.name}: {'' if one.actions else NOT_TRIED}".rstrip())
        lines += [f"  {_line(action)}" for action in one.actions]
    return lines


def _line(one: Action) -> str:
    ended = f" to {one.ended_on.isoformat()}" if one.ended_on else ""
    parts = [f"{one.actor}, {one.unit}: {one.standing.replace('_', ' ')} from {one.started_on.isoformat()}{ended}"]
    if one.result:
        parts.append(f"result: {one.result}")
    if one.why_inadequate:
        parts.append(f"judged inadequate by {one.judged_by}: {one.why_inadequate}")
    parts.append(f"source: {one.source}")
    return " ".join("; ".join(parts).split())


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _both_since(group: list[Action]) -> date:
    """The second beginning by another actor than the first."""
    ordered = sorted(group, key=lambda one: one.started_on)
    return next(later.started_on for first, later in pairwise(ordered) if _folded(first.actor) != _folded(later.actor))
