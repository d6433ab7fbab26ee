"""From a printed label to the State, body or group it names.

Owns the reading of what stands in the brackets of a speaker line. A label is found exactly (after folding) or not at
all; one that is not found keeps its printed form and a flag. Whether a name was in use is asked of the meeting's day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from forewarn.errors import UnknownNameError
from forewarn.taxonomy.countries import Country, countries, country
from forewarn.taxonomy.delegations import Body, delegation_list, state_names
from forewarn.taxonomy.naming import LONGEST_NAME, folded

__all__ = ["NAME_NOT_IN_USE", "UNKNOWN_AFFILIATION", "Party", "group_named", "party_named", "place_named"]

NAME_NOT_IN_USE = "name_not_in_use"
"""The name was not that of the State or body on the day."""
UNKNOWN_AFFILIATION = "unknown_affiliation"
"""The label names neither a State nor a body of our lists; it is kept as printed."""

_ACADEMIC = re.compile(
    r"\b(?:university|universit[éy]|universidad|academy|institute|school of|college)\b", re.IGNORECASE
)
_UNITED_NATIONS = re.compile(r"\s*(?:the )?(?:United Nations|UN)\b")


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a label names.

    Attributes:
        name: canonical, or as printed when unknown.
        iso3: of a State or territory; empty otherwise.
        kind: ``state``, ``un``, ``igo``, ``ngo``, ``other``, ``group``, ``academia``; empty when unknown.
        flags: what is doubtful.
    """

    name: str
    iso3: str = ""
    kind: str = ""
    flags: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the label is in our lists."""
        return UNKNOWN_AFFILIATION not in self.flags


def party_named(label: str, *, on: date | None = None, language: str = "en") -> Party:
    """The State or body of a printed label.

    Args:
        label: as printed, without its brackets; case, accents and straight or curly quotes do not matter.
        on: the day of the meeting; without it no name is found out of use.
        language: ``en``, ``fr`` or ``es``: English names are read in all.
    """
    printed = " ".join(label[:LONGEST_NAME].split())
    key = folded(printed)
    body = _bodies().get(key)
    if body is not None:
        return Party(body.name, kind=body.kind, flags=_flags(_held(body.first, body.last, on)))
    state = _state(printed, key, language)
    if state is not None:
        return Party(state.name, state.iso3, "state", _flags(_in_use(state, key, on)))
    return Party(printed, kind=_kind_of(printed), flags=(UNKNOWN_AFFILIATION,))


def group_named(label: str) -> Party | None:
    """The group, or the body that speaks as one, of a printed label; none when our lists have neither."""
    key = folded(label)
    name = _groups().get(key)
    if name is not None:
        return Party(name, kind="group")
    body = _bodies().get(key)
    return Party(body.name, kind=body.kind) if body is not None else None


def place_named(name: str, *, on: date | None = None) -> tuple[str, tuple[str, ...]]:
    """The present name of a place where meetings are held, and a flag when the name was not in use on the day.

    A place that never changed its name comes back as given.
    """
    key = folded(name)
    for present, former in delegation_list().places.items():
        for one in former:
            if folded(one.text) == key:
                return present, _flags(on is None or one.covers(on))
        if folded(present) == key:
            replaced = on is not None and any(one.first and one.last and one.covers(on) for one in former)
            return present, _flags(not replaced)
    return name, ()


def _state(printed: str, key: str, language: str) -> Country | None:
    iso3 = state_names(language).get(key) or _labels().get(key)
    if iso3 is not None:
        return country(iso3)
    if not any(folded(part) in _state_keys() for part in _read_as(printed)):
        return None
    try:
        return country(printed)
    except UnknownNameError:
        return None


def _read_as(printed: str) -> tuple[str, ...]:
    """The label, and what it would be turned round or without its bracket: a refusal of the list itself is slow."""
    head, bracket, tail = printed.partition("(")
    if not bracket:
        head, bracket, tail = printed.partition(",")
    return (printed, head, f"{tail} {head}") if bracket else (printed,)


def _in_use(state: Country, key: str, on: date | None) -> bool:
    if on is None:
        return True
    if not state.existed(on):
        return False
    former = [name for name in state.names_before if folded(name.text) == key]
    if former:
        return any(name.covers(on) for name in former)
    changed = max((name.last for name in state.names_before if name.last), default=None)
    return not (changed and key == folded(state.name) and on <= changed)


def _held(first: date | None, last: date | None, on: date | None) -> bool:
    return on is None or ((first is None or first <= on) and (last is None or on <= last))


def _flags(in_use: bool) -> tuple[str, ...]:
    return () if in_use else (NAME_NOT_IN_USE,)


def _kind_of(printed: str) -> str:
    if _UNITED_NATIONS.match(printed):
        return "un"
    if folded(printed).startswith("group of friends"):
        return "group"
    return "academia" if _ACADEMIC.search(printed) else ""


@cache
def _bodies() -> dict[str, Body]:
    return {folded(name): body for body in delegation_list().bodies for name in (body.name, *body.also_called)}


@cache
def _state_keys() -> frozenset[str]:
    names = (
        name
        for one in countries()
        for name in (one.iso3, one.name, *one.aliases, *(was.text for was in (*one.names_before, *one.iso3_before)))
    )
    return frozenset(folded(name) for name in names)


@cache
def _groups() -> dict[str, str]:
    groups = delegation_list().groups
    return {folded(name): group for group, others in groups.items() for name in (group, *others)}


@cache
def _labels() -> dict[str, str]:
    return {folded(name): iso3 for iso3, names in delegation_list().labels.items() for name in names}
