"""From one code to another on a day: ISO 3166, UN M49, Gleditsch-Ward, VIEWS and names.

Owns the question "who was this, then?". A code belongs to whoever held it on the day asked for; a State that did not
exist on the day is refused, and the message names those that stood in its place. Nothing is carried over to a day on
which it did not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.taxonomy.countries import Country, DatedCode, DatedText, countries, country

__all__ = ["SYSTEMS", "CodesOn", "codes_on", "country_on", "crosswalk", "predecessors_on", "successors_on"]

SYSTEMS = ("gw", "iso2", "iso3", "m49", "name", "views")
"""Systems of codes: Gleditsch-Ward, ISO 3166-1 alpha-2 and alpha-3, UN M49, names, VIEWS country ids."""

_Held = tuple[str | int, date | None, date | None]


@dataclass(frozen=True, slots=True)
class CodesOn:
    """The codes and name of a State or territory on a day; ``None`` where a system had none for it.

    ``country`` is the key of this table, which does not change: ``COD`` also where ``iso3`` was ``ZAR``.
    """

    country: str
    on: date
    name: str
    iso3: str | None
    iso2: str | None
    m49: int | None
    gw: int | None
    views: int | None


def country_on(code_or_name: str, day: date) -> Country:
    """The State or territory of that alpha-3 code or printed name, as far as it existed on the day.

    Names are read as :func:`forewarn.taxonomy.country` reads them, former ones too, for data print them for years.

    Raises:
        UnknownNameError: no such name, or no such State on that day; the mend names those that stood in its place.
    """
    found = country(code_or_name)
    if found.existed(day):
        return found
    instead = successors_on(found, day) if found.last is not None and day > found.last else predecessors_on(found, day)
    names = ", ".join(f"{one.name} ({one.iso3})" for one in instead)
    raise UnknownNameError(
        f"{found.name} ({found.iso3}) was no State on {day}",
        where="countries",
        mend=f"on that day there was {names}" if names else "check the day",
    )


def codes_on(code_or_name: str, day: date) -> CodesOn:
    """The codes and the name that a State or territory had on a day; raises as :func:`country_on`."""
    one = country_on(code_or_name, day)
    return CodesOn(
        country=one.iso3,
        on=day,
        name=str(_latest(_held("name", one), day) or one.name),
        iso3=_text(_latest(_held("iso3", one), day)),
        iso2=_text(_latest(_held("iso2", one), day)),
        m49=_number(_latest(_held("m49", one), day)),
        gw=_number(_latest(_held("gw", one), day)),
        views=_number(_latest(_held("views", one), day)),
    )


def crosswalk(system_from: str, system_to: str, value: str | int, day: date) -> str | int | None:
    """The code or name in one system of what has that value in another, on a day.

    Args:
        system_from, system_to: of :data:`SYSTEMS`.
        value: numbers as numbers or digits, letters in any case; names exactly as that day's, after folding.
        day: the day.

    Returns:
        ``None`` where the other system had no code for it on that day.

    Raises:
        UsageError: a system there is not.
        UnknownNameError: nobody held that value on that day.
    """
    for system in (system_from, system_to):
        if system not in SYSTEMS:
            raise UsageError(f"no system '{shorten(system)}'", where="crosswalk", mend=f"use {', '.join(SYSTEMS)}")
    if system_from == "name":
        return _latest(_held(system_to, country_on(str(value), day)), day)
    holders = _holders(system_from).get(_plain(value), ())
    for one, first, last in holders:
        if _covers(first, last, day):
            return _latest(_held(system_to, one), day)
    raise UnknownNameError(
        f"no country had the {system_from} code {shorten(value)} on {day}", where="countries", mend="check code and day"
    )


def successors_on(one: Country, day: date) -> tuple[Country, ...]:
    """The States of a day that came out of a State, directly or through others."""
    nearest = [other for other in countries() if one.iso3 in other.succeeds]
    return _standing(nearest, day, lambda other: successors_on(other, day))


def predecessors_on(one: Country, day: date) -> tuple[Country, ...]:
    """The States of a day that a State came out of, directly or through others."""
    nearest = [country(iso3) for iso3 in one.succeeds]
    return _standing(nearest, day, lambda other: predecessors_on(other, day))


def _standing(
    nearest: list[Country], day: date, beyond: Callable[[Country], tuple[Country, ...]]
) -> tuple[Country, ...]:
    found: dict[str, Country] = {}
    for other in nearest:
        for standing in (other,) if other.existed(day) else beyond(other):
            found[standing.iso3] = standing
    return tuple(found.values())


def _held(system: str, one: Country) -> tuple[_Held, ...]:
    """What a State held in a system, with days; what has no day of its own holds as long as the State."""
    if system in ("m49", "gw", "views"):
        codes: tuple[DatedCode, ...] = getattr(one, system)
        return tuple(_bounded(code.number, code.first, code.last, one) for code in codes)
    before: tuple[DatedText, ...] = getattr(one, f"{system}_before" if system != "name" else "names_before")
    now: str = getattr(one, system)
    former = [(text.text, text.first, text.last) for text in before]
    start = _day_after(before[-1].last) if before else None
    return (*former, _bounded(now, start, None, one)) if now else tuple(former)


def _bounded(value: str | int, first: date | None, last: date | None, one: Country) -> _Held:
    """Open ends are those of the State, where they do not contradict the end that is given."""
    since = first if first is not None or (last and one.first and one.first > last) else one.first
    until = last if last is not None or (first and one.last and one.last < first) else one.last
    return value, since, until


def _day_after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)


def _covers(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _latest(held: tuple[_Held, ...], day: date) -> str | int | None:
    """What held on the day; of several, that which began last."""
    covering = [(first or date.min, value) for value, first, last in held if _covers(first, last, day)]
    return max(covering, key=lambda pair: pair[0])[1] if covering else None


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _plain(value: str | int) -> str:
    text = str(value).strip().upper()[:20]
    return text.lstrip("0") if text.isascii() and text.isdigit() else text


@cache
def _holders(system: str) -> dict[str, tuple[tuple[Country, date | None, date | None], ...]]:
    found: dict[str, list[tuple[Country, date | None, date | None]]] = {}
    for one in countries():
        for value, first, last in _held(system, one):
            found.setdefault(_plain(value), []).append((one, first, last))
    return {value: tuple(holders) for value, holders in found.items()}
