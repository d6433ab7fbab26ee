"""Who told what, when, and from whom they had it: from true happenings to reports.

A :class:`Telling` is a report with the hidden knowledge of where it came from: its happening (none for a hoax)
and, for a copy, the report it repeats. Files are written from tellings without that knowledge. Each outlet
throws its own dice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from forewarn.clock import first_day
from forewarn.learn.exercise.accounts import Account, Setting, account_of, deaths_told, own_words
from forewarn.learn.exercise.arcs import FIRST_MONTH, LAST_MONTH
from forewarn.learn.exercise.course import Happening, happenings, is_silent
from forewarn.learn.exercise.dice import DEFAULT_SEED, Dice
from forewarn.learn.exercise.outlets import Outlet, broadcasters, monitors, newspapers, ngo, posts, wire
from forewarn.learn.exercise.phrases import phrasebook
from forewarn.learn.exercise.region import exercise_region

__all__ = ["LAST_PUBLISHED", "TOLD_AS", "Telling", "monitored", "tellings"]

LAST_PUBLISHED = date(2026, 3, 31)
"""Nothing of the exercise is published after this day."""

TOLD_AS = ("own", "copy", "hoax", "check")
"""An outlet's own telling; one taken from another report; one of nothing, first-hand or passed on; a look that found
nothing."""

_HOAXES = 48


@dataclass(frozen=True, slots=True)
class Telling:
    """One report and, hidden from every file, where it came from.

    Attributes:
        report_id: the outlet's own id: its prefix and a running number.
        outlet: who says it.
        published_on: when.
        account: what is said; ``headline`` and ``text`` say it in words.
        cites, cited_on: the source it names as its own source and when that spoke; empty when it names none.
        told_as: one of :data:`TOLD_AS`.
        happening_id: hidden; empty for hoaxes and checks.
        copied_from: hidden; the report id it was taken from, or empty.
    """

    report_id: str
    outlet: Outlet
    published_on: date
    account: Account
    headline: str
    text: str
    cites: str = ""
    cited_on: date | None = None
    told_as: str = "own"
    happening_id: str = ""
    copied_from: str = ""


@cache
def tellings(seed: int = DEFAULT_SEED) -> tuple[Telling, ...]:
    """Every report of a seed, in order of outlet, publication and id."""
    truth = happenings(seed)
    wires = _numbered(_own(truth, wire(), seed))
    told = list(wires)
    for paper in newspapers():
        told += _numbered([*_own(truth, paper, seed), *_copies(wires, paper, 420, seed)])
    told += _numbered(_own((one for one in truth if _harms_civilians(one)), ngo(), seed))
    officials = [_numbered(_own(truth, outlet, seed)) for outlet in broadcasters(exercise_region(seed))]
    told += [one for official in officials for one in official]
    hoaxes: list[Telling] = []
    for number, outlet in enumerate(posts()):
        made_up = _hoaxes(outlet, _HOAXES // len(posts()), seed)
        shared = _copies(told, outlet, 45, seed)
        found = _numbered([*_own(truth, outlet, seed), *_shares(made_up, posts()[number - 1], seed), *made_up, *shared])
        hoaxes += [one for one in found if one.told_as == "hoax"]
        told += found
    seen = (one for one in truth if monitored(one.area, one.started_on, seed))
    told += _numbered([*_own(seen, monitors(), seed), *_checks(hoaxes, monitors(), seed)])
    return tuple(told)


@cache
def _first_monitored(area: str, seed: int) -> date | None:
    """Since when an area has a monitor: two of three have one, most from the start; the escalation's always."""
    dice = Dice(seed, f"tellings/monitored/{area}")
    if not dice.chance(720) and not area.startswith("XKC"):
        return None
    return first_day(FIRST_MONTH + dice.pick((0, 0, 0, 14, 31)))


def monitored(area: str, day: date, seed: int = DEFAULT_SEED) -> bool:
    """Whether a field monitor could see the area on that day."""
    first = _first_monitored(area, seed)
    return first is not None and day >= first and not is_silent(area, day, seed)


def _own(truth: Iterable[Happening], outlet: Outlet, seed: int) -> Iterator[Telling]:
    """What an outlet tells on its own account."""
    dice, region = Dice(seed, f"tellings/own/{outlet.prefix}"), exercise_region(seed)
    for happening in truth:
        silent = is_silent(happening.area, happening.started_on, seed)
        if outlet.countries and not happening.area.startswith(outlet.countries):
            continue
        if not dice.chance(_hears(happening, outlet, silent=silent)):
            continue
        account = account_of(happening, outlet.habits, region, dice)
        wait = dice.between(*outlet.habits.delay) + (dice.between(90, 260) if silent else 0)
        published = max(account.started_on, happening.ended_on) + timedelta(days=wait)
        if published <= LAST_PUBLISHED:
            yield replace(_worded(outlet, published, account, dice), happening_id=happening.happening_id)


def _hears(happening: Happening, outlet: Outlet, *, silent: bool) -> int:
    """Per mille of happenings like this one that the outlet tells of; next to none where nobody can go."""
    deaths = happening.count("deaths")
    hears = outlet.habits.hears[0 if deaths < 3 else 1 if deaths < 10 else 2]
    if happening.act in ("threat", "displacement", "denial_of_access", "destruction", "detention", "protest"):
        hears = outlet.habits.hears_other
    return hears // 12 if silent else hears


def _harms_civilians(happening: Happening) -> bool:
    return (
        happening.violence == "one_sided" or happening.count("civilian_deaths") > 0 or happening.act == "displacement"
    )


def _worded(outlet: Outlet, published: date, account: Account, dice: Dice) -> Telling:
    book = phrasebook(outlet.language)
    headline, text = book.headline(account, dice), book.body(account, outlet.habits.counts, dice)
    return Telling("", outlet, published, account, headline, text)


def _copies(originals: Sequence[Telling], outlet: Outlet, per_mille: int, seed: int) -> Iterator[Telling]:
    """What an outlet takes from others: edited in the same language, put into its own words in another."""
    dice, book = Dice(seed, f"tellings/copies/{outlet.prefix}"), phrasebook(outlet.language)
    for original in originals:
        much = per_mille * 2 if deaths_told(original.account) >= 10 else per_mille
        if not dice.chance(much):
            continue
        published = original.published_on + timedelta(days=dice.between(0, 3))
        if published > LAST_PUBLISHED:
            continue
        loose = outlet.habits.counts == "loose"
        account = own_words(original.account, dice) if loose else original.account
        one = _worded(outlet, published, account, dice)
        if original.outlet.language == outlet.language and account == original.account:
            one = replace(one, headline=original.headline, text=book.edited(original.text, dice))
        if dice.chance(450 if loose else 780):
            text = book.citing(one.text, original.outlet.name, original.published_on, dice)
            one = replace(one, text=text, cites=original.outlet.name, cited_on=original.published_on)
        told_as = "hoax" if original.told_as == "hoax" else "copy"
        yield replace(one, told_as=told_as, happening_id=original.happening_id, copied_from=original.report_id)


def _hoaxes(outlet: Outlet, number: int, seed: int) -> list[Telling]:
    """Reports of nothing: many deaths, told with assurance, anywhere in the region."""
    dice = Dice(seed, f"tellings/hoaxes/{outlet.prefix}")
    found = []
    for _ in range(number):
        account = _made_up(dice, seed)
        published = account.started_on + timedelta(days=dice.between(0, 2))
        found.append(replace(_worded(outlet, published, account, dice), told_as="hoax"))
    return found


def _made_up(dice: Dice, seed: int) -> Account:
    area = dice.pick(exercise_region(seed).areas)
    setting = Setting(area.country, area.name)
    if dice.chance(500):
        place = dice.pick(area.places)
        spot = round(place.latitude * 1000), round(place.longitude * 1000)
        setting = Setting(area.country, area.name, place.name, *spot, "near")
    day = first_day(dice.between(FIRST_MONTH, LAST_MONTH)) + timedelta(days=dice.whole(28))
    toll = (None, 5 * dice.heavy(500, 40), None)
    return Account(
        started_on=day,
        ended_on=day,
        date_precision="day",
        setting=setting,
        act=dice.pick(("killing", "attack")),
        violence="one_sided",
        parties=(),
        alleged_by="",
        target="townspeople",
        counts=(("deaths", toll),),
    )


def _shares(made_up: Sequence[Telling], sharer: Outlet, seed: int) -> Iterator[Telling]:
    """Some hoaxes are passed on once more, unsigned, with another number."""
    dice = Dice(seed, f"tellings/shares/{sharer.prefix}")
    for one in made_up:
        if dice.chance(450):
            account = own_words(one.account, dice)
            published = min(one.published_on + timedelta(days=dice.between(0, 2)), LAST_PUBLISHED)
            yield replace(_worded(one.outlet, published, account, dice), told_as="hoax")


def _checks(hoaxes: Sequence[Telling], outlet: Outlet, seed: int) -> Iterator[Telling]:
    """What monitors report who went to look at the place of a hoax."""
    dice = Dice(seed, f"tellings/checks/{outlet.prefix}")
    for hoax in hoaxes:
        area = f"{hoax.account.setting.country}/{hoax.account.setting.admin1}"
        if monitored(area, hoax.published_on, seed) and dice.chance(500):
            nothing = replace(hoax.account, act="other", violence="unknown", counts=(("deaths", (None, 0, None)),))
            published = hoax.published_on + timedelta(days=dice.between(1, 9))
            yield replace(_worded(outlet, published, nothing, dice), told_as="check")


def _numbered(found: Iterable[Telling]) -> list[Telling]:
    """In order of publication, with running numbers: what is hidden has no part in the order."""
    ordered = sorted(found, key=lambda one: (one.published_on, one.account.started_on, one.headline, one.text))
    return [replace(one, report_id=f"{one.outlet.prefix}-{n:05d}") for n, one in enumerate(ordered, start=1)]
