"""Where something happened, and how surely.

A place has an area (country, admin1, admin2), perhaps a name and coordinates, and always a precision. A unit
of analysis is a country, an admin1 area or a PRIO-GRID cell: never a person, a household or a route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from forewarn.errors import InputValueError, shorten
from forewarn.model.grid import NO_CELL, cell_at
from forewarn.model.validation import require_choice, require_coordinates

__all__ = ["PLACE_PRECISIONS", "Place", "UnitLevel", "admin1_id", "unit_name"]

PLACE_PRECISIONS = ("exact", "near", "admin2", "admin1", "country", "unknown")
"""Finest first: a named place; its surroundings (about 25 km); the area; not said."""

_ISO3 = re.compile(r"[A-Z]{3}")


class UnitLevel(StrEnum):
    """The kinds of unit a panel can have."""

    COUNTRY = "country"
    ADMIN1 = "admin1"
    CELL = "cell"


def admin1_id(country: str, name: str) -> str:
    """The id of a first-level area: ``MMR/Rakhine State``. White space is folded; case is kept."""
    return f"{country}/{' '.join(name.split())}"


def unit_name(unit: str) -> str:
    """The name by which people call a unit: the part behind the country of an admin1 id, else the id."""
    return unit.partition("/")[2] or unit


@dataclass(frozen=True, slots=True)
class Place:
    """A place as one claim tells it. Missing parts are empty or ``None``, never guessed.

    Attributes:
        country: ISO 3166 alpha-3 (XAA..XZZ for fictional ones), or empty.
        admin1: name of the first-level area, or empty.
        admin2: name of the second-level area, or empty.
        name: the place as the source names it, or empty.
        latitude, longitude: WGS 84 degrees, both or neither.
        precision: one of :data:`PLACE_PRECISIONS`.
    """

    country: str = ""
    admin1: str = ""
    admin2: str = ""
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = "unknown"

    def __post_init__(self) -> None:
        if self.country and not _ISO3.fullmatch(self.country):
            raise InputValueError(
                f"'{shorten(self.country)}' is not an ISO 3166 alpha-3 code",
                where="country",
                mend="use three letters",
            )
        require_coordinates(self.latitude, self.longitude)
        require_choice(self.precision, "precision", PLACE_PRECISIONS)

    @property
    def cell(self) -> int:
        """The PRIO-GRID cell; 0 without coordinates, or where they are coarser than an admin2 area."""
        if self.latitude is None or self.longitude is None or self.precision not in ("exact", "near", "admin2"):
            return NO_CELL
        return cell_at(self.latitude, self.longitude)
