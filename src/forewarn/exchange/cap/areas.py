"""The area of an alert as CAP says it: its name, its country's code, and an outline no finer than a tenth of a degree.

Owns the coarsening of outlines. A grid cell is its own half-degree square; an area without a shape has none. What is
left after coarsening is always a sound polygon, or nothing.
"""

from __future__ import annotations

from typing import Any

import shapely

from forewarn.model.cap import CapArea
from forewarn.model.grid import cell_centre
from forewarn.model.place import unit_name

__all__ = ["area_of"]

_DEGREE_STEP = 0.1
"""About eleven kilometres: an outline says which area is meant, not where in it."""
_MOST_POLYGONS = 20
_MOST_POINTS = 400


def area_of(unit: str, country: str, shape: Any = None) -> CapArea:
    """The area of a unit.

    Args:
        unit: a country's code, ``CODE/AREA``, or the number of a grid cell.
        country: the name of its country; empty for a cell.
        shape: polygons in degrees of longitude and latitude, or ``None``.
    """
    if unit.isdigit():
        return CapArea(f"Half-degree grid cell {unit}", (("PRIO-GRID", unit),), (_square(int(unit)),))
    code = unit.partition("/")[0]
    words = f"{unit_name(unit)}, {country}" if "/" in unit else country or code
    return CapArea(words, (("ISO3166-1", code),), _coarse(shape) if shape is not None else ())


def _square(cell: int) -> tuple[tuple[float, float], ...]:
    latitude, longitude = cell_centre(cell)
    south, north, west, east = latitude - 0.25, latitude + 0.25, longitude - 0.25, longitude + 0.25
    return ((south, west), (south, east), (north, east), (north, west), (south, west))


def _coarse(shape: Any) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The outer rings, largest first, on a grid of a tenth of a degree; holes and small islands are left out."""
    step = _DEGREE_STEP
    drawn = shapely.set_precision(shapely.simplify(shapely.make_valid(shape), step), step)
    while shapely.get_num_coordinates(drawn) > _MOST_POINTS and step < 5:
        step *= 2
        drawn = shapely.set_precision(shapely.simplify(shapely.make_valid(shape), step), _DEGREE_STEP)
    parts = [one for one in shapely.get_parts(drawn) if one.geom_type == "Polygon" and one.area > 0]
    parts.sort(key=lambda one: -one.area)
    outer = (shapely.Polygon(one.exterior) for one in parts[:_MOST_POLYGONS])
    return tuple(_ring(one) for one in outer if one.is_valid)


def _ring(polygon: Any) -> tuple[tuple[float, float], ...]:
    points = shapely.get_coordinates(polygon.exterior).tolist()
    return tuple((round(min(90.0, max(-90.0, lat)), 1), round(min(180.0, max(-180.0, lon)), 1)) for lon, lat in points)
