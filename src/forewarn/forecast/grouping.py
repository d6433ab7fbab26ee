"""The groups a forecast is judged in: the conflict status of a unit, and the region it lies in.

Status is what the history said at the origin, never what came after; regions are those of UN M49 just below the
continents, by the code a unit goes by on a day. A unit whose country or region cannot be told is in the group that
says so and is not dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForewarnError
from forewarn.taxonomy import country, crosswalk, regions_of

__all__ = ["NO_REGION", "STATUSES", "region_of", "regions_by_unit", "status_of_history"]

STATUSES = ("active", "quiet lately", "never")
"""Some in the last twelve months known; some before that; none in any month known."""

NO_REGION = "no region known"
_LATELY = 12
_CONTINENTS = ("Africa", "Americas", "Asia", "Europe", "Oceania")


def status_of_history(values: NDArray[np.floating]) -> NDArray[np.str_]:
    """The status of each unit by its history ``[unit, month]``, NaN missing: one of :data:`STATUSES`.

    Months nobody knows are not calm: a unit with no known month at all is "never" only as far as anybody looked.
    """
    happened = np.nan_to_num(values) > 0
    lately, ever = happened[:, -_LATELY:].any(axis=1), happened.any(axis=1)
    return np.where(lately, STATUSES[0], np.where(ever, STATUSES[1], STATUSES[2]))


def regions_by_unit(units: Iterable[str], column: str, day: date) -> dict[str, str]:
    """The region of each unit, by the column its id stands in and the day the id held."""
    return {unit: region_of(unit, column, day) for unit in units}


def region_of(unit: str, column: str, day: date) -> str:
    """The region of a unit: ``country_id`` is read as VIEWS', ``gwcode`` as Gleditsch and Ward's, all else by code
    or name of the country before a slash; :data:`NO_REGION` where none is found."""
    try:
        iso3 = _READ_AS.get(column, _named)(unit, day)
        around = regions_of(iso3)
    except (ForewarnError, ValueError):
        return NO_REGION
    continents = {one.m49 for one in around if one.name in _CONTINENTS}
    return next((one.name for one in around if one.within in continents), NO_REGION)


def _views(unit: str, day: date) -> str:
    return unit if not unit.isdigit() else str(crosswalk("views", "iso3", int(unit), day))


def _gw(unit: str, day: date) -> str:
    return str(crosswalk("gw", "iso3", int(unit), day))


def _named(unit: str, _day: date) -> str:
    return country(unit.split("/", maxsplit=1)[0]).iso3


_READ_AS: Mapping[str, Callable[[str, date], str]] = MappingProxyType(
    {"country_id": _views, "gwcode": _gw, "gwno": _gw, "priogrid_gid": lambda _unit, _day: ""}
)
