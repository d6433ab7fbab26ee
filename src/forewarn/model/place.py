"""Where something happened, and how surely.

A place has an area (country, admin1, admin2), perhaps a name and coordinates, and always a precision. A unit
of analysis is a country, an admin1 area or a PRIO-GRID cell: never a person, a household or a route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError, shorten
from forewarn.model.validation import require_choice, require_coordinates

__all__ = ["PLACE_PRECISIONS", "Place", "UnitLevel", "admin1_id", "cell_centre", "cells_of", "unit_name"]

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


def cells_of(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.int64]:
    """PRIO-GRID cells (gid 1..259200) of coordinates in degrees; 0 where either is missing (NaN).

    gid = floor((lat + 90) * 2) * 720 + floor((lon + 180) * 2) + 1, half-degree cells counted from the
    south-west corner (Tollefsen, Strand and Buhaug 2012). The north pole and the date line at +180 belong
    to the last row and column.
    """
    latitude, longitude = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
    missing = np.isnan(latitude) | np.isnan(longitude)
    rows = np.clip(np.floor((np.where(missing, 0.0, latitude) + 90) * 2), 0, 359)
    columns = np.clip(np.floor((np.where(missing, 0.0, longitude) + 180) * 2), 0, 719)
    return np.where(missing, 0, rows * 720 + columns + 1).astype(np.int64)


def cell_centre(cell: int) -> tuple[float, float]:
    """Latitude and longitude of the centre of a PRIO-GRID cell, degrees."""
    if not 1 <= cell <= 259_200:
        raise InputValueError(f"{shorten(cell)} is no PRIO-GRID cell", where="cell", mend="use 1..259200")
    row, column = divmod(cell - 1, 720)
    return row / 2 - 90 + 0.25, column / 2 - 180 + 0.25


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
            return 0
        return int(cells_of(np.array([self.latitude]), np.array([self.longitude]))[0])
