"""Who is looking, and how far they may see: default deny, by kind of record, sensitivity and area.

A :class:`Viewer` is passed into every reading function of the front doors; what it may not see is not selected. It is
made anew for each request from the grants that hold, and is never stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from forewarn.errors import InputValueError, shorten
from forewarn.model.provenance import Sensitivity

__all__ = ["EVERYWHERE", "SENSITIVE_FROM", "Grant", "Sight", "Viewer", "require_area", "require_name"]

EVERYWHERE = "*"
"""The area of a grant that holds in every place, also for records whose place is not known."""

SENSITIVE_FROM = Sensitivity.HIGH
"""From here on a record is shown only to who says why, and each reading is kept."""

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)
_AREA = re.compile(r"[A-Z]{3}(?:/[^/\x00-\x1f]{1,200})?")
_RESERVED = frozenset({"clock", "machine", "system", "forewarn"})


def require_name(name: str) -> str:
    """The name a person acts under. Raises :class:`InputValueError` for any that could be taken for another."""
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InputValueError(
            f"'{shorten(name)}' cannot be a name",
            where="name",
            mend="use 2 to 40 of a-z, 0-9, '.', '_', '-'; a pseudonym",
        )
    return name


def require_area(area: str) -> str:
    """A country (``MMR``), a first-level area (``MMR/Rakhine State``) or ``*``; anything else is refused."""
    if area != EVERYWHERE and not _AREA.fullmatch(area):
        raise InputValueError(f"'{shorten(area)}' is no area", where="areas", mend="write MMR, MMR/Rakhine State or *")
    return area


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds for some areas, up to a sensitivity, given by somebody."""

    grant_id: str
    user_id: str
    role: str
    areas: tuple[str, ...]
    most: Sensitivity
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Records of the areas, up to a sensitivity, that sensitivity included."""

    areas: tuple[str, ...]
    most: Sensitivity

    def covers(self, country: str, admin1: str, sensitivity: Sensitivity) -> bool:
        """Whether a record of that place and sensitivity lies within."""
        if sensitivity.rank > self.most.rank:
            return False
        places = {country, f"{country}/{admin1}"} if country else set()
        return EVERYWHERE in self.areas or bool(places & set(self.areas))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks.

    Attributes:
        name: who.
        sights: by kind of record, what may be seen of it; a kind that is not there may not be seen at all.
        acts: what they may do.
        reason: why they need sensitive records; while it is empty, none is selected.
    """

    name: str
    sights: dict[str, tuple[Sight, ...]] = field(default_factory=dict)
    acts: frozenset[str] = frozenset()
    reason: str = ""

    def sight_of(self, kind: str) -> tuple[Sight, ...]:
        """What may be seen of a kind now: without a reason, nothing sensitive."""
        held = self.sights.get(kind, ())
        return held if self.reason.strip() else _calm(held)

    def may_see(self, kind: str, country: str, admin1: str, sensitivity: Sensitivity) -> bool:
        """Whether one record may be seen now."""
        return any(one.covers(country, admin1, sensitivity) for one in self.sight_of(kind))

    def could_see_more(self) -> bool:
        """Whether saying why would show more."""
        return not self.reason and any(
            one.most.rank >= SENSITIVE_FROM.rank for sights in self.sights.values() for one in sights
        )


@lru_cache(maxsize=1024)
def _calm(held: tuple[Sight, ...]) -> tuple[Sight, ...]:
    return tuple(Sight(one.areas, min(one.most, Sensitivity.MODERATE, key=lambda level: level.rank)) for one in held)
