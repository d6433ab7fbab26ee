"""Regional arrangements, read for every front door: which there are, who belongs to one, what a country belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.taxonomy.arrangements import Arrangement, arrangement, arrangements, arrangements_of

__all__ = ["ArrangementShown", "arrangement_shown", "arrangements_shown"]


@dataclass(frozen=True, slots=True)
class ArrangementShown:
    """An arrangement as it stands on a day, with its members by code."""

    id: str
    name: str
    kind: str
    instrument: str
    early_warning: str
    contact_role: str
    on: date
    members: tuple[str, ...]
    check: str


def arrangements_shown(on: date, country: str = "") -> tuple[ArrangementShown, ...]:
    """All on a day, or those a country belongs to then. Raises :class:`UnknownNameError` for what is no country."""
    found = arrangements_of(country, on) if country else arrangements()
    return tuple(_shown(one, on) for one in found)


def arrangement_shown(name: str, on: date) -> ArrangementShown:
    """One by its short name. Raises :class:`UnknownNameError` for any other."""
    return _shown(arrangement(name), on)


def _shown(one: Arrangement, on: date) -> ArrangementShown:
    members = one.members_on(on)
    texts = (one.id, one.name, one.kind, one.instrument, one.early_warning, one.contact_role)
    return ArrangementShown(*texts, on, members, one.check)
