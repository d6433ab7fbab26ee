"""The known course of the exercise: what truly happened, day by day.

This is the hidden truth. Only tests, scores and trainers read it; no file of the exercise holds a
:attr:`Happening.happening_id` or anything computed from it that a report would not say.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from operator import attrgetter

from forewarn.clock import first_day
from forewarn.learn.exercise.arcs import MONTHS, Act, Arc, arcs, cast
from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.region import PopulatedPlace, exercise_region

__all__ = ["LAST_DAY", "SILENT_FROM", "Happening", "happenings", "is_silent"]

LAST_DAY = date(2025, 12, 31)
SILENT_FROM = date(2024, 3, 1)
"""From this day the silent area lets nobody in; what happens there is hardly told."""

_ONWARD = 180


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened in the exercise.

    Attributes:
        happening_id: ``H`` and five digits, in order of time; never written to a file.
        arc: the strand of the plot.
        started_on, ended_on: its days.
        area: id of the first-level area; ``place`` the nearest populated place.
        act, violence, parties, alleged_by, target: as a claim has them; ``target`` is a key of ``phrases.yml``.
        counts: true numbers by name (``deaths``, ``civilian_deaths``, ``injured``, ...); what is absent is 0.
    """

    happening_id: str
    arc: str
    started_on: date
    ended_on: date
    area: str
    place: PopulatedPlace
    act: str
    violence: str
    parties: tuple[str, ...]
    alleged_by: str
    target: str
    counts: tuple[tuple[str, int], ...]

    def count(self, name: str) -> int:
        """The true number of that name."""
        return dict(self.counts).get(name, 0)


def is_silent(area: str, day: date, seed: int = DEFAULT_SEED) -> bool:
    """Whether nobody could see the area on that day."""
    return area == cast(seed).silent and day >= SILENT_FROM


@cache
def happenings(seed: int = DEFAULT_SEED) -> tuple[Happening, ...]:
    """Everything that happened, in order of time."""
    found: list[Happening] = []
    for arc in arcs(seed):
        # One stream an arc: a change of one strand leaves the others as they were.
        dice = Dice(seed, f"course/{arc.name}/{arc.area}/{arc.acts[0].act}/{arc.acts[0].most}")
        found += [one for month in MONTHS for one in _of_month(arc, month, dice, seed)]
    found.sort(key=attrgetter("started_on", "area", "act", "ended_on", "counts", "parties", "arc"))
    return tuple(replace(one, happening_id=f"H{n:05d}") for n, one in enumerate(found, start=1))


def _of_month(arc: Arc, month: int, dice: Dice, seed: int) -> list[Happening]:
    """The happenings of an arc that start in a month, and those that follow on from them within days."""
    found = []
    for act in arc.acts:
        rate = act.rate * arc.factor.get(month, 0) // 100
        for _ in range(dice.nearly(rate) if act.steady else dice.count(rate)):
            day = _day(month, dice)
            found.append(_happening(arc, act, day, dice, seed))
            while not act.steady and dice.chance(_ONWARD):
                day += timedelta(days=dice.between(1, 6))
                if day <= LAST_DAY:
                    found.append(_happening(arc, act, day, dice, seed))
    return found


def _day(month: int, dice: Dice) -> date:
    start = first_day(month)
    return start + timedelta(days=dice.whole(calendar.monthrange(start.year, start.month)[1]))


def _happening(arc: Arc, act: Act, day: date, dice: Dice, seed: int) -> Happening:
    places = exercise_region(seed).area(arc.area).places
    lasts = dice.weighted((0, 1, 2, 4), (80, 12, 5, 3))
    return Happening(
        happening_id="",
        arc=arc.name,
        started_on=day,
        ended_on=min(day + timedelta(days=lasts), LAST_DAY),
        area=arc.area,
        place=dice.weighted(places, tuple(3 + len(places) - rank for rank in range(len(places)))),
        act=act.act,
        violence=act.violence,
        parties=act.parties,
        alleged_by=act.parties[0] if act.alleged else "",
        target=dice.pick(act.targets),
        counts=tuple(sorted(_counts(act, dice).items())),
    )


def _counts(act: Act, dice: Dice) -> dict[str, int]:
    """True numbers: deaths with a heavy tail, the injured in proportion, flight by the thousand."""
    counts: dict[str, int] = {}
    if act.doubling and not (act.act in ("attack", "clash") and dice.chance(380)):
        deaths = dice.heavy(act.doubling, act.most)
        civilians = deaths * _civilian_share(act, dice) // 100
        counts |= {"deaths": deaths, "civilian_deaths": civilians, "injured": deaths * dice.between(0, 25) // 10}
    if act.act == "displacement":
        counts["displaced"] = 50 * dice.heavy(560, 400)
    if act.act == "abduction":
        counts["abducted"] = dice.heavy(350, 60)
    if act.act == "detention":
        counts["detained"] = dice.heavy(500, 200)
    return counts


def _civilian_share(act: Act, dice: Dice) -> int:
    if act.violence == "one_sided" or "combatants" not in act.targets:
        return 100 if act.violence == "one_sided" else dice.between(50, 100)
    return dice.weighted((0, 20, 50), (70, 20, 10))
