"""The plot of the exercise: which areas have which fate, month by month.

A *cast* chooses areas by their position (a border area, its neighbours), so the plot fits the geography of any
seed. An *arc* is a strand of violence with a rate for every month. Rates are thousandths of happenings a month;
months are :mod:`forewarn.clock` month ids. Nothing here names a people: parties are invented bodies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from forewarn.clock import month_from_text, month_label
from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.region import Area, Region, exercise_region

__all__ = ["FIRST_MONTH", "LAST_MONTH", "Act", "Arc", "Cast", "arcs", "cast"]

FIRST_MONTH = month_from_text("2016-01")
LAST_MONTH = month_from_text("2025-12")
MONTHS = range(FIRST_MONTH, LAST_MONTH + 1)


@dataclass(frozen=True, slots=True)
class Cast:
    """The areas by their part in the plot, as area ids.

    Attributes:
        conflict: areas of the state-based conflict, its core first.
        silent: the conflict area to which access is lost from 2024-03.
        communal: areas of seasonal communal violence.
        escalation: the area of the escalation of 2025.
        earlier: the area of a smaller escalation in 2019.
        false_alarm: the area where the same precursors in 2022 came to nothing.
    """

    conflict: tuple[str, ...]
    silent: str
    communal: tuple[str, ...]
    escalation: str
    earlier: str
    false_alarm: str


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of happening within an arc.

    Attributes:
        act, violence: of ``model.claim``.
        rate: thousandths of happenings a month, before the month's factor.
        doubling: thousandths; how heavy the tail of the deaths is (see :meth:`Dice.heavy`), 0 for none.
        most: no happening has more deaths than this.
        steady: whether counts keep close to the rate, as a scripted course must; otherwise they come in bursts.
        parties: who took part, the alleged perpetrator first; ``alleged`` whether one is alleged.
        targets: keys of those harmed, of ``phrases.yml``.
    """

    act: str
    violence: str
    rate: int
    doubling: int = 0
    parties: tuple[str, ...] = ()
    alleged: bool = False
    targets: tuple[str, ...] = ("townspeople",)
    most: int = 260
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """A strand of the plot in one area: its acts, and a factor for each month (hundredths; missing is none)."""

    name: str
    area: str
    acts: tuple[Act, ...]
    factor: Mapping[int, int]


@cache
def cast(seed: int = DEFAULT_SEED) -> Cast:
    """The areas chosen for the plot of a seed; no area has two parts, but the silent one is in the conflict."""
    region, dice = exercise_region(seed), Dice(seed, "arcs/cast")
    free = {area.area_id for area in region.areas if not any(place.is_capital for place in area.places)}
    escalation = _pick(dice, region, free, "XKC", beside="XKB")
    free -= {escalation, *region.area(escalation).neighbours}
    conflict = _cluster(dice, region, free, "XKA", 4)
    free -= set(conflict)
    communal = _cluster(dice, region, free, "XKB", 3)
    free -= set(communal)
    earlier = _pick(dice, region, free, "XKB")
    false_alarm = _pick(dice, region, free, "XKC")
    return Cast(conflict, conflict[1], communal, escalation, earlier, false_alarm)


@cache
def arcs(seed: int = DEFAULT_SEED) -> tuple[Arc, ...]:
    """Every strand of the plot, background first."""
    region, chosen = exercise_region(seed), cast(seed)
    strands = [_background(area, region, seed) for area in region.areas]
    strands += [_conflict(area, rank, region) for rank, area in enumerate(chosen.conflict)]
    strands += [_communal(area, seed) for area in chosen.communal]
    strands += _escalation("escalation", chosen.escalation, _parties_2025(region), _COURSE_2025)
    strands += _escalation("earlier episode", chosen.earlier, _PARTIES_2019, _COURSE_2019)
    strands += _escalation("false alarm", chosen.false_alarm, _PARTIES_2022, _COURSE_2022)
    return tuple(strands)


def _pick(dice: Dice, region: Region, free: set[str], country: str, *, beside: str = "") -> str:
    """A free area of a country, beside another country where that is asked and can be."""
    mine = sorted(area for area in free if region.area(area).country == country)
    near = [a for a in mine if beside and any(n.startswith(beside) for n in region.area(a).neighbours)]
    return dice.pick(near or mine)


def _cluster(dice: Dice, region: Region, free: set[str], country: str, size: int) -> tuple[str, ...]:
    """Touching free areas of a country, grown from a border area, in the order they were reached."""
    mine = {area for area in free if region.area(area).country == country}
    whole = [found for seat in sorted(mine) if len(found := _reach(region, mine, seat, size)) == size]
    return dice.pick(whole)


def _reach(region: Region, mine: set[str], seat: str, size: int) -> tuple[str, ...]:
    found = [seat]
    for area in found:
        found += [n for n in region.area(area).neighbours if n in mine and n not in found]
    return tuple(found[:size])


_ARMED_MEN = "Unidentified armed group"
_LOCAL = ("townspeople", "travellers", "market_traders", "shore_villagers", "journalists", "health_staff")


def _background(area: Area, region: Region, seed: int) -> Arc:
    """Sparse violence everywhere: few areas have most of it, and it comes in spells."""
    dice = Dice(seed, f"arcs/background/{area.area_id}")
    weight = dice.weighted((10, 25, 60, 140, 300), (30, 28, 22, 14, 6))
    police = f"Security Forces of {region.country(area.country).name}"
    unrest = 160 if any(place.is_capital for place in area.places) else 25
    acts = (
        Act("killing", "one_sided", 6 * weight // 10, 330, (_ARMED_MEN,), targets=_LOCAL, most=40),
        Act("attack", "one_sided", 5 * weight // 10, 250, (_ARMED_MEN,), targets=_LOCAL, most=40),
        Act("clash", "non_state", 3 * weight // 10, 320, (_ARMED_MEN, "Village watch"), targets=("combatants",)),
        Act("abduction", "one_sided", 2 * weight // 10, 0, (_ARMED_MEN,), targets=("travellers", "aid_workers")),
        Act("detention", "unknown", unrest // 5, 0, (police,), True, ("demonstrators", "journalists")),
        Act("protest", "unknown", unrest, 0, ("Residents",), targets=("demonstrators",)),
    )
    return Arc("background", area.area_id, acts, _spells(dice))


def _spells(dice: Dice) -> dict[int, int]:
    """A three-state chain, quiet, tense and flaring, that mostly stays where it is."""
    state, factor = 0, {}
    moves = ((93, 7, 0), (22, 66, 12), (5, 35, 60))
    for month in MONTHS:
        state = dice.weighted((0, 1, 2), moves[state])
        factor[month] = (40, 160, 500)[state]
    return factor


_CONFLICT_PHASES = (
    ("2018-04", "2018-12", 60),
    ("2019-01", "2019-09", 110),
    ("2019-10", "2020-12", 210),
    ("2021-01", "2022-05", 120),
    ("2022-06", "2023-10", 10),
    ("2023-11", "2024-08", 130),
    ("2024-09", "2025-12", 170),
)


def _conflict(area: str, rank: int, region: Region) -> Arc:
    """A rebellion, a ceasefire from mid-2022, and its end in late 2023; weaker away from the core."""
    army = f"Armed Forces of {region.country('XKA').name}"
    rebels = "Slate Front"
    share = (85, 65, 40, 25)[rank]
    acts = (
        Act("clash", "state_based", 1500 * share // 100, 420, (army, rebels), targets=("combatants",)),
        Act("bombardment", "state_based", 450 * share // 100, 430, (army, rebels), True, ("townspeople",)),
        Act("attack", "state_based", 350 * share // 100, 380, (rebels, army), True, ("combatants", "townspeople")),
        Act("killing", "one_sided", 300 * share // 100, 380, (rebels,), True, ("shore_villagers", "travellers")),
        Act("killing", "one_sided", 220 * share // 100, 360, (army,), True, ("townspeople", "growers")),
        Act("displacement", "unknown", 320 * share // 100, 0, (), False, ("townspeople", "growers")),
        Act("denial_of_access", "unknown", 180 * share // 100, 0, (army,), True, ("aid_workers",)),
        Act("destruction", "state_based", 150 * share // 100, 0, (army, rebels), False, ("townspeople",)),
    )
    return Arc("conflict", area, acts, _phases(_CONFLICT_PHASES))


def _communal(area: str, seed: int) -> Arc:
    """Growers against herders, in the dry months of November to March, worse from year to year."""
    dice = Dice(seed, f"arcs/communal/{area}")
    factor = {}
    for month in MONTHS:
        dry = int(month_label(month)[5:]) in (11, 12, 1, 2, 3)
        factor[month] = (60 + (month - FIRST_MONTH) + dice.between(-40, 60)) if dry else 8
    growers, herders = "Growers' self-defence committees", "Herders' self-defence committees"
    acts = (
        Act("clash", "non_state", 1100, 390, (growers, herders), targets=("herders", "growers")),
        Act("killing", "non_state", 350, 380, (herders, growers), True, ("growers",)),
        Act("killing", "non_state", 300, 380, (growers, herders), True, ("herders",)),
        Act("destruction", "non_state", 300, 0, (herders, growers), False, ("growers",)),
        Act("displacement", "unknown", 250, 0, (), False, ("growers", "herders")),
        Act("threat", "unknown", 150, 0, (growers,), False, ("herders",)),
    )
    return Arc("communal violence", area, acts, factor)


_Phase = tuple[str, str, int]
_Course = tuple[tuple[str, tuple[_Phase, ...]], ...]

_COURSE_2025: _Course = (
    (
        "threat",
        (
            ("2024-11", "2024-12", 60),
            ("2025-01", "2025-04", 180),
            ("2025-05", "2025-08", 320),
            ("2025-09", "2025-12", 200),
        ),
    ),
    ("detention", (("2025-02", "2025-06", 70), ("2025-07", "2025-11", 150))),
    ("denial_of_access", (("2025-04", "2025-06", 90), ("2025-07", "2025-08", 240), ("2025-09", "2025-12", 350))),
    ("displacement", (("2025-03", "2025-06", 80), ("2025-07", "2025-08", 200), ("2025-09", "2025-12", 400))),
    ("destruction", (("2025-06", "2025-08", 90), ("2025-09", "2025-12", 320))),
    ("first killings", (("2025-05", "2025-06", 60), ("2025-07", "2025-08", 140))),
    (
        "killing",
        (
            ("2025-09", "2025-09", 320),
            ("2025-10", "2025-10", 1150),
            ("2025-11", "2025-11", 600),
            ("2025-12", "2025-12", 250),
        ),
    ),
)

_COURSE_2019: _Course = (
    ("threat", (("2019-01", "2019-04", 150), ("2019-05", "2019-09", 200))),
    ("denial_of_access", (("2019-04", "2019-09", 110),)),
    ("displacement", (("2019-04", "2019-09", 130),)),
    ("destruction", (("2019-05", "2019-09", 90),)),
    ("first killings", (("2019-03", "2019-04", 90),)),
    ("killing", (("2019-05", "2019-07", 300), ("2019-08", "2019-10", 90))),
)

_COURSE_2022: _Course = (
    ("threat", (("2022-01", "2022-07", 220),)),
    ("denial_of_access", (("2022-03", "2022-06", 130),)),
    ("displacement", (("2022-04", "2022-06", 80),)),
    ("first killings", (("2022-05", "2022-05", 60),)),
)

_PARTIES_2019 = (("Tollgate Militia",), ("seasonal_workers",))
_PARTIES_2022 = (("Ferry Wardens",), ("displaced_people",))


def _parties_2025(region: Region) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return ("Beacon Auxiliaries", f"Security Forces of {region.country('XKC').name}"), ("shore_villagers",)


_SCRIPTED = {
    "threat": Act("threat", "one_sided", 1000, alleged=True),
    "detention": Act("detention", "one_sided", 700, alleged=True),
    "denial_of_access": Act("denial_of_access", "unknown", 800, alleged=True, targets=("aid_workers",)),
    "displacement": Act("displacement", "unknown", 900),
    "destruction": Act("destruction", "one_sided", 800, alleged=True),
    "first killings": Act("killing", "one_sided", 1200, 420, alleged=True, most=6),
    "killing": Act("killing", "one_sided", 1500, 620, alleged=True, most=30),
}


def _escalation(name: str, area: str, who: tuple[tuple[str, ...], tuple[str, ...]], course: _Course) -> list[Arc]:
    """One arc for each act, as each has a course of its own: words first, then movement, then killing."""
    parties, targets = who
    found = []
    for key, phases in course:
        act = replace(_SCRIPTED[key], parties=parties, steady=True)
        if key != "denial_of_access":
            act = replace(act, targets=targets)
        found.append(Arc(name, area, (act,), _phases(phases)))
    return found


def _phases(phases: Iterable[_Phase]) -> dict[int, int]:
    """The factor of every month of the phases."""
    return {
        month: factor
        for first, last, factor in phases
        for month in range(month_from_text(first), month_from_text(last) + 1)
    }
