"""TopoJSON: shapes whose borders are kept once, as arcs; unfolded here into the features of GeoJSON.

Owns the unfolding of arcs, quantized or not. Refuses an arc that is not there, a ring that repeats itself into
millions of points, and anything that is not the form of the TopoJSON specification.

Reference: TopoJSON format specification 1.0.
"""

from __future__ import annotations

from typing import Any

from forewarn.errors import InputFormatError

__all__ = ["LARGEST_VERTICES", "features_of"]

LARGEST_VERTICES = 2_000_000
"""Points in one file; borders of the second level of a large country have about a million."""

Position = tuple[float, float]


def features_of(topology: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The features of all objects in a topology, with coordinates as GeoJSON has them.

    Raises:
        InputFormatError: it is no topology, or unfolds to more than :data:`LARGEST_VERTICES` points.
    """
    try:
        arcs = _arcs(topology)
        unfolding = _Unfolding(arcs, name)
        objects = [part for one in topology["objects"].values() for part in one.get("geometries", [one])]
        return [unfolding.feature(geometry) for geometry in objects]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise InputFormatError("is no TopoJSON that can be read", where=name, mend="give it as GeoJSON") from None


class _DamagedError(Exception):
    """A shape needs an arc that holds no numbers."""


class _Unfolding:
    """Arcs put together to rings, with a count of all points made."""

    def __init__(self, arcs: list[list[Position] | None], name: str) -> None:
        self._arcs, self._name, self._made = arcs, name, 0

    def feature(self, geometry: dict[str, Any]) -> dict[str, Any]:
        """The feature of a geometry; without a shape where one of its arcs is damaged."""
        try:
            shape = self._shape(geometry)
        except _DamagedError:
            shape = None
        properties = geometry.get("properties") or {}
        return {"type": "Feature", "id": geometry.get("id"), "properties": properties, "geometry": shape}

    def _shape(self, geometry: dict[str, Any]) -> dict[str, Any] | None:
        kind = geometry.get("type")
        if kind == "Polygon":
            return {"type": kind, "coordinates": [self._ring(ring) for ring in geometry["arcs"]]}
        if kind == "MultiPolygon":
            polygons = [[self._ring(ring) for ring in polygon] for polygon in geometry["arcs"]]
            return {"type": kind, "coordinates": polygons}
        return None if kind is None else {"type": kind}

    def _ring(self, indexes: list[int]) -> list[Position]:
        ring: list[Position] = []
        for index in indexes:
            arc = self._arcs[index if index >= 0 else ~index]
            if arc is None:
                raise _DamagedError
            arc = arc if index >= 0 else arc[::-1]
            self._made += len(arc)
            if self._made > LARGEST_VERTICES:
                raise InputFormatError(
                    f"unfolds to more than {LARGEST_VERTICES:,} points", where=self._name, mend="simplify it first"
                )
            ring += arc[1:] if ring else arc
        return ring


def _arcs(topology: dict[str, Any]) -> list[list[Position] | None]:
    """The points of every arc; ``None`` for an arc that holds anything but pairs of numbers."""
    transform = topology.get("transform") or {"scale": (1, 1), "translate": (0, 0)}
    (across, up), (east, north) = transform["scale"], transform["translate"]
    is_quantized = "transform" in topology
    unfolded: list[list[Position] | None] = []
    for arc in topology["arcs"]:
        if not all(_is_pair(step) for step in arc):
            unfolded.append(None)
            continue
        x = y = 0
        points = []
        for step in arc:
            x, y = (x + step[0], y + step[1]) if is_quantized else (step[0], step[1])
            points.append((x * across + east, y * up + north))
        unfolded.append(points)
    return unfolded


def _is_pair(step: Any) -> bool:
    return len(step) >= 2 and all(isinstance(number, int | float) for number in step[:2])
