"""What one source says of one happening: the truth seen from somewhere, by someone, with an interest.

An :class:`Account` holds only what a report can say. How it departs from the truth is a source's :class:`Habits`:
how often it hears of a thing, how late, how sure of day and place, and in which way it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from forewarn.learn.exercise.course import LAST_DAY, Happening
from forewarn.learn.exercise.dice import Dice
from forewarn.learn.exercise.region import Region

__all__ = ["COUNT_HABITS", "Account", "Habits", "Range", "Setting", "account_of", "deaths_told", "own_words"]

Range = tuple[int | None, int | None, int | None]
"""Low, best, high; each may be unsaid."""

COUNT_HABITS = ("press", "careful", "official", "loose", "local")
ARMED_ELEMENTS = "Armed elements"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an account sets a happening.

    Latitude and longitude are thousandths of a degree, or missing; ``precision`` is of ``model.place``.
    """

    country: str
    admin1: str
    place: str = ""
    latitude: int | None = None
    longitude: int | None = None
    precision: str = "admin1"


@dataclass(frozen=True, slots=True)
class Account:
    """What a source says: when, where, what, who, whom, how many."""

    started_on: date
    ended_on: date
    date_precision: str
    setting: Setting
    act: str
    violence: str
    parties: tuple[str, ...]
    alleged_by: str
    target: str
    counts: tuple[tuple[str, Range], ...]

    def count(self, name: str) -> Range:
        """The range of that name; three times ``None`` where nothing is said."""
        return dict(self.counts).get(name, (None, None, None))


@dataclass(frozen=True, slots=True)
class Habits:
    """How a source tells.

    Attributes:
        hears: per mille of happenings it tells of with no or few (below 3), some (below 10), many deaths.
        hears_other: per mille of threats, flight, denied access and the like.
        delay: fewest and most days until it publishes.
        slips: per mille of accounts whose day is off by one or more.
        where: weights of naming the exact place, one nearby, the area only.
        counts: one of :data:`COUNT_HABITS`.
    """

    hears: tuple[int, int, int]
    hears_other: int
    delay: tuple[int, int]
    slips: int
    where: tuple[int, int, int]
    counts: str


def account_of(happening: Happening, habits: Habits, region: Region, dice: Dice) -> Account:
    """The happening as a source of these habits tells it."""
    started, ended, precision = _when(happening, habits, dice)
    account = Account(
        started_on=started,
        ended_on=ended,
        date_precision=precision,
        setting=_where(happening, habits, region, dice),
        act=happening.act,
        violence=happening.violence,
        parties=happening.parties,
        alleged_by=happening.alleged_by,
        target=happening.target,
        counts=_how_many(happening, habits.counts, dice),
    )
    return _in_its_interest(account, habits, dice)


def own_words(account: Account, dice: Dice) -> Account:
    """The account as it changes in passing from mouth to mouth: the number, or the place grows vague."""
    best = account.count("deaths")[1]
    if best and dice.chance(350):
        best = max(1, best + dice.between(-best // 2, best))
        others = tuple(one for one in account.counts if one[0] == "injured")
        account = replace(account, counts=(("deaths", (None, best, None)), *others))
    if dice.chance(300):
        account = replace(account, setting=Setting(account.setting.country, account.setting.admin1))
    return account


def deaths_told(account: Account) -> int:
    """The best number of deaths an account gives; 0 where it gives none."""
    return account.count("deaths")[1] or 0


def _when(happening: Happening, habits: Habits, dice: Dice) -> tuple[date, date, str]:
    """The days told; an official account never comes earlier, a loose one knows the week at best."""
    if not dice.chance(habits.slips):
        return happening.started_on, happening.ended_on, "day"
    loose = habits.counts == "loose"
    shift = dice.pick((-3, -2, -1, 1, 2, 3)) if loose else dice.pick((-1, 1))
    started = min(happening.started_on + timedelta(days=shift), LAST_DAY)
    return started, min(max(started, happening.ended_on), LAST_DAY), "week" if loose else "day"


def _where(happening: Happening, habits: Habits, region: Region, dice: Dice) -> Setting:
    area = region.area(happening.area)
    precision = dice.weighted(("exact", "near", "admin1"), habits.where)
    if precision == "admin1":
        return Setting(area.country, area.name)
    place = happening.place if precision == "exact" else area.places[0]
    return Setting(
        area.country, area.name, place.name, round(place.latitude * 1000), round(place.longitude * 1000), precision
    )


def _how_many(happening: Happening, habit: str, dice: Dice) -> tuple[tuple[str, Range], ...]:
    told: list[tuple[str, Range]] = []
    lethal = happening.act in ("killing", "clash", "attack", "bombardment")
    if lethal:
        deaths = _deaths(happening.count("deaths"), habit, dice)
        told.append(("deaths", deaths))
        if habit == "careful" and deaths[1] is not None:
            told.append(("civilian_deaths", _careful(happening.count("civilian_deaths"), dice)))
        if happening.count("injured") and dice.chance(550):
            told.append(("injured", (None, _rough(happening.count("injured"), 30, dice), None)))
    for name in ("displaced", "abducted", "detained"):
        if happening.count(name) and dice.chance(800):
            told.append((name, (None, _rough(happening.count(name), 25, dice), None)))
    return tuple((name, count) for name, count in told if count != (None, None, None))


def _deaths(true: int, habit: str, dice: Dice) -> Range:
    if habit == "careful":
        return _careful(true, dice)
    if habit == "loose":
        return None, true * dice.pick((3, 5, 10, 10, 15, 20, 30, 50)) // 10 + dice.whole(2), None
    if habit == "official":
        return None, true if dice.chance(500) else true * 2 // 3, None
    if true == 0:
        return (None, 0, None) if dice.chance(500) else (None, None, None)
    best = true if dice.chance(550) else _rough(true, 30, dice)
    if habit == "local" or not dice.chance(350):
        return None, best, None
    return max(1, best * dice.between(60, 90) // 100), best, best * dice.between(110, 170) // 100


def _careful(true: int, dice: Dice) -> Range:
    """A range that holds the truth, or nearly."""
    best = true if dice.chance(750) else _rough(true, 12, dice)
    return best * dice.between(80, 100) // 100, best, best + best * dice.between(0, 20) // 100


def _rough(true: int, percent: int, dice: Dice) -> int:
    """A number within so many per cent of the truth, rounded as people round: to tens from 50, hundreds from 500."""
    rough = max(1 if true else 0, true + true * dice.between(-percent, percent) // 100)
    step = 100 if rough >= 500 else 10 if rough >= 50 else 1
    return (rough + step // 2) // step * step


def _in_its_interest(account: Account, habits: Habits, dice: Dice) -> Account:
    """What a State broadcaster does with harm that is laid to its own side: fewer, armed, by others."""
    if habits.counts != "official" or not account.alleged_by.startswith(("Armed Forces", "Security Forces", "Beacon")):
        return account
    fewer = deaths_told(account) // dice.pick((3, 4, 6, 10))
    counts = (("deaths", (None, fewer, None)),) if account.count("deaths")[1] is not None else ()
    army = next((p for p in account.parties if p.startswith(("Armed Forces", "Security Forces"))), account.parties[0])
    if account.act != "killing":
        return replace(account, counts=counts, alleged_by="")
    told_as = replace(account, act="clash", violence="state_based", target="combatants")
    return replace(told_as, parties=(army, ARMED_ELEMENTS), alleged_by=ARMED_ELEMENTS, counts=counts)
