"""Who could see what, where and when: the coverage statements of the exercise.

Silence is not safety: the file says for every area and period whether somebody could have reported. It follows
from the same facts by which tellings are made, so an area that is told of by nobody is one that nobody could see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from forewarn.clock import first_day, last_day
from forewarn.learn.exercise.arcs import FIRST_MONTH, MONTHS, arcs, cast
from forewarn.learn.exercise.course import SILENT_FROM, is_silent
from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.names import MONITORS, WIRE
from forewarn.learn.exercise.region import Area, exercise_region
from forewarn.learn.exercise.tellings import monitored

__all__ = ["SIGHT", "Sight", "sights"]

SIGHT = {
    "present": ("yes", "present through the period"),
    "hindered": ("partly", "present, but fighting or closed roads kept us from parts of the area"),
    "towns": ("partly", "correspondents in the towns, seldom elsewhere"),
    "absent": ("no", "not present"),
    "lost": ("no", "access denied: nobody could enter, nobody inside could be reached"),
}
"""For each state of sight, whether the source could see (yes, partly, no) and why, in words."""

_HEAVY = 110


@dataclass(frozen=True, slots=True)
class Sight:
    """One source's statement on one area and period; ``sight`` is a key of :data:`SIGHT`."""

    statement_id: str
    source: str
    kind: str
    published_on: date
    first: date
    last: date
    country: str
    admin1: str
    sight: str


@cache
def sights(seed: int = DEFAULT_SEED) -> tuple[Sight, ...]:
    """Every coverage statement, monitors by half-year and the wire by year, in order of publication."""
    found: list[Sight] = []
    for source, kind, months in ((MONITORS, "field_monitor", 6), (WIRE, "news_agency", 12)):
        dice = Dice(seed, f"sight/{source}")
        for area in exercise_region(seed).areas:
            found += _of_area(area, (source, kind, months), dice, seed)
    lost = exercise_region(seed).area(cast(seed).silent)
    said_on = SILENT_FROM + timedelta(days=6)
    # The loss of access is said at once, not only at the end of the half-year.
    notice = Sight("", MONITORS, "field_monitor", said_on, SILENT_FROM, said_on, lost.country, lost.name, "lost")
    found.append(notice)
    found.sort(key=lambda one: (one.published_on, one.source, one.country, one.admin1, one.first))
    return tuple(_numbered(found))


def _of_area(area: Area, who: tuple[str, str, int], dice: Dice, seed: int) -> list[Sight]:
    """A statement for each stretch of equal sight within a period, published soon after the period."""
    source, kind, length = who
    found = []
    for _, period in groupby(MONTHS, key=lambda month: (month - FIRST_MONTH) // length):
        seen = [(month, _sight(area, month, source, seed)) for month in period]
        published = last_day(seen[-1][0]) + timedelta(days=dice.between(4, 20))
        for sight, stretch in groupby(seen, key=lambda one: one[1]):
            months = [month for month, _ in stretch]
            first, last = first_day(months[0]), last_day(months[-1])
            found.append(Sight("", source, kind, published, first, last, area.country, area.name, sight))
    return found


def _sight(area: Area, month: int, source: str, seed: int) -> str:
    if is_silent(area.area_id, first_day(month), seed):
        return "lost"
    if source == MONITORS and not monitored(area.area_id, first_day(month), seed):
        return "absent"
    if source == WIRE:
        return "present" if any(place.is_capital for place in area.places) else "towns"
    return "hindered" if month in _hindered(area.area_id, seed) else "present"


@cache
def _hindered(area: str, seed: int) -> frozenset[int]:
    """Months of heavy fighting, and those in which the escalation's area is being closed."""
    closing = ("escalation", "denial_of_access") if area == cast(seed).escalation else ("conflict", "clash")
    return frozenset(
        month
        for arc in arcs(seed)
        if arc.area == area and (arc.name, arc.acts[0].act) == closing
        for month, factor in arc.factor.items()
        if factor >= _HEAVY
    )


def _numbered(found: list[Sight]) -> list[Sight]:
    return [replace(one, statement_id=f"COV-{n:05d}") for n, one in enumerate(found, start=1)]
