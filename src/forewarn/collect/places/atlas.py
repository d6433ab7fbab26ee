"""The atlas: the areas whose shapes users have added, and which of them a point, a cell or a map window lies in.

Owns the lookups by place. A point in two areas (boundaries that overlap) or in none has no area: it is not decided.
Borders for a map are cut to its window and thinned; they are for the eye, and nothing is counted by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike

from forewarn.collect.places.names import Match, NameIndex
from forewarn.collect.places.shapes import Area
from forewarn.model.grid import cell_centres

__all__ = ["MOST_POINTS", "Atlas", "Ring", "Window"]

Window = tuple[float, float, float, float]
"""South, west, north, east, in degrees."""
Ring = tuple[tuple[float, float], ...]
"""Points of (longitude, latitude)."""

MOST_POINTS = 2_000
"""Points of one area's borders on a map: more than the eye can tell at the size of a page."""


@dataclass(frozen=True)
class Atlas:
    """Areas of all levels; for each level and country those of the boundaries added last."""

    areas: tuple[Area, ...] = ()

    def levels(self, country: str) -> tuple[str, ...]:
        """The levels there are for a country."""
        return tuple(sorted({area.level for area in self.areas if area.country == country}))

    def areas_at(self, latitude: ArrayLike, longitude: ArrayLike, *, level: str) -> list[Area | None]:
        """The area of a level that each point lies in; ``None`` in no or in several areas, or without coordinates."""
        areas, tree = self._trees.get(level, ((), None))
        lat, lon = (np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in (latitude, longitude))
        if tree is None:
            return [None] * lat.size
        points = shapely.points(np.column_stack([lon, lat]))
        points[np.isnan(lat) | np.isnan(lon)] = None
        asked, hit = tree.query(points, predicate="intersects")
        found: list[Area | None] = [None] * lat.size
        times = np.bincount(asked, minlength=lat.size)
        for point, area in zip(asked.tolist(), hit.tolist(), strict=True):
            if times[point] == 1:
                found[point] = areas[area]
        return found

    def areas_of_cells(self, cells: Sequence[int], *, level: str) -> dict[int, Area]:
        """The area that the middle of each grid cell lies in; cells in none or several are left out."""
        if not cells:
            return {}
        latitude, longitude = cell_centres(np.asarray(cells, dtype=np.int64))
        found = self.areas_at(latitude, longitude, level=level)
        return {cell: area for cell, area in zip(cells, found, strict=True) if area is not None}

    def match(self, name: str, country: str, *, level: str = "admin1") -> Match:
        """The unit that a printed name means among the areas of a country."""
        named = ((area.name, area.unit) for area in self.areas if (area.country, area.level) == (country, level))
        return NameIndex(named).match(name)

    def borders(self, window: Window, country: str, *, level: str) -> tuple[tuple[Area, tuple[Ring, ...]], ...]:
        """The areas of a country that touch a window, with their rings cut a little beyond it and thinned."""
        south, west, north, east = window
        margin = max(north - south, east - west, 1e-6)
        frame = shapely.box(west - margin, south - margin, east + margin, north + margin)
        inside = shapely.box(west, south, east, north)
        made = []
        for area in self.areas:
            if (area.country, area.level) == (country, level) and shapely.intersects(area.shape, inside):
                rings = _rings(_thinned(shapely.intersection(area.shape, frame), margin / 500))
                made.append((area, rings))
        return tuple(made)

    def window(self, country: str) -> Window:
        """The window that all areas of a country lie in; the whole world where there are none."""
        edges = [area.shape.bounds for area in self.areas if area.country == country]
        if not edges:
            return (-90.0, -180.0, 90.0, 180.0)
        west, south, east, north = (tuple(column) for column in zip(*edges, strict=True))
        return (min(south), min(west), max(north), max(east))

    @cached_property
    def _trees(self) -> dict[str, tuple[tuple[Area, ...], shapely.STRtree]]:
        levels: dict[str, list[Area]] = {}
        for area in self.areas:
            levels.setdefault(area.level, []).append(area)
        for area in self.areas:
            shapely.prepare(area.shape)
        return {level: (tuple(held), shapely.STRtree([a.shape for a in held])) for level, held in levels.items()}


def _thinned(shape: shapely.Geometry, tolerance: float) -> shapely.Geometry:
    """The shape with ever fewer points until there are at most :data:`MOST_POINTS`."""
    thin = shapely.simplify(shape, tolerance)
    while shapely.get_num_coordinates(thin) > MOST_POINTS:
        tolerance *= 2
        thin = shapely.simplify(shape, tolerance, preserve_topology=False)
    return thin


def _rings(shape: shapely.Geometry) -> tuple[Ring, ...]:
    polygons = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) == shapely.GeometryType.POLYGON]
    return tuple(ring for polygon in polygons for ring in _rings_of(polygon))


def _rings_of(polygon: shapely.Geometry) -> Iterable[Ring]:
    for ring in shapely.get_rings(polygon):
        points = np.clip(shapely.get_coordinates(ring), (-180, -90), (180, 90))
        yield tuple((float(longitude), float(latitude)) for longitude, latitude in points)
