"""Shapes of areas from a file of boundaries: GeoJSON or TopoJSON, checked before anything is drawn or counted by them.

Owns the reading and the checks. A file is refused whole for what would put people in the wrong area: an open ring,
coordinates out of range or in another system. A border that crosses itself is mended and counted. A feature without a
name or shape, or not cut at the date line as the standard asks, is left out and counted. No boundary is shipped.

Reference: RFC 7946, The GeoJSON Format.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray

from forewarn.collect.offers import offer
from forewarn.collect.places.topology import LARGEST_VERTICES, features_of
from forewarn.errors import (
    InputEncodingError,
    InputFormatError,
    InputNotFoundError,
    InputValueError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.model.place import admin1_id
from forewarn.taxonomy import country

__all__ = ["LARGEST_FEATURES", "LARGEST_FILE", "LEVELS", "Area", "ShapeRule", "Shapes", "read_shapes"]

LEVELS = ("admin1", "admin2", "country")
"""What the features of a file may be."""
LARGEST_FILE = 60_000_000
"""Bytes: read whole, a larger one would not fit beside the rest in one gigabyte."""
LARGEST_FEATURES = 60_000
"""Features in one file."""

_ID = "id"
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """How a file of boundaries is to be read.

    Attributes:
        level: one of :data:`LEVELS`.
        country: ISO 3166 alpha-3 of all features; empty where a property tells it.
        name_property: the property with the area's name; ``id`` where there is no such property means the feature's id.
        country_property: the property with its country's code or name, where ``country`` is empty.
    """

    level: str
    country: str = ""
    name_property: str = "name"
    country_property: str = ""

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UsageError(f"'{shorten(self.level)}' is no level", where="--level", mend=f"use {', '.join(LEVELS)}")
        if self.level != "country" and not (self.country or self.country_property):
            raise UsageError(
                "does not say which country", where=f"--level {self.level}", mend="give --country or --country-property"
            )


@dataclass(frozen=True, slots=True)
class Area:
    """An area and its shape.

    Attributes:
        unit: the country's code, or ``MMR/Rakhine`` for an area within it.
        country: ISO 3166 alpha-3.
        name: as the file prints it.
        level: one of :data:`LEVELS`.
        shape: polygons in degrees of longitude and latitude, WGS 84.
    """

    unit: str
    country: str
    name: str
    level: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Shapes:
    """What was read: areas by unit, and remarks with how many features each concerns."""

    areas: tuple[Area, ...]
    notes: tuple[tuple[str, int], ...] = ()


class _LeapError(Exception):
    """A border crosses the date line without being cut there, so what it encloses cannot be told."""


def read_shapes(path: Path, name: str, rule: ShapeRule) -> Shapes:
    """The areas in a file. Features of one unit (islands, exclaves) become one area.

    Raises:
        InputNotFoundError: it is not there.
        InputFormatError: it is not GeoJSON or TopoJSON in WGS 84, too large, or lacks the property.
        InputValueError: a feature's coordinates are wrong; the message says which feature.
    """
    features = _features(_loaded(path, name), name)
    _require_property(features, rule, name)
    notes: Counter[str] = Counter()
    found: dict[tuple[str, str, str], list[shapely.Geometry]] = defaultdict(list)
    left = LARGEST_VERTICES
    for number, feature in enumerate(features, start=1):
        where = f"{name}, feature {number}"
        told = _told(feature, rule, where, notes)
        if told is None:
            continue
        try:
            shape, used = _shape(feature["geometry"], where, notes)
        except _LeapError:
            notes[f"features whose border leaps across the date line ('{shorten(told[2], 40)}'), left out"] += 1
            continue
        left -= used
        if left < 0:
            raise InputFormatError(f"has more than {LARGEST_VERTICES:,} points", where=name, mend="simplify it first")
        found[told].append(shape)
    if not found:
        raise InputFormatError("has no area with a name and a shape", where=name, mend="check --name-property")
    areas = [
        Area(unit, iso3, printed, rule.level, shapes[0] if len(shapes) == 1 else shapely.union_all(shapes))
        for (unit, iso3, printed), shapes in sorted(found.items(), key=lambda item: item[0])
    ]
    return Shapes(tuple(areas), tuple(sorted(notes.items())))


def _loaded(path: Path, name: str) -> dict[str, Any]:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise InputFormatError(
                f"has {size:,} bytes, {LARGEST_FILE:,} at most", where=name, mend="simplify or split it"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise InputNotFoundError("no such file", where=name, mend="check the path") from None
    except UnicodeDecodeError as error:
        raise InputEncodingError(f"byte {error.start + 1} is not UTF-8", where=name, mend="save it as UTF-8") from None
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number that is none"
        raise InputFormatError(f"is not valid JSON ({shorten(why)})", where=name, mend="give a GeoJSON file") from None
    if not isinstance(found, dict):
        raise InputFormatError("is not one JSON object", where=name, mend="give a GeoJSON FeatureCollection")
    return found


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _features(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    match found.get("type"):
        case "FeatureCollection":
            features = found.get("features")
        case "Feature":
            features = [found]
        case "Topology":
            features = features_of(found, name)
        case other:
            raise InputFormatError(
                f"has the type '{shorten(other)}'", where=name, mend="give a FeatureCollection or a Topology"
            )
    _require_wgs84(found.get("crs"), name)
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise InputFormatError("has no list of features", where=name, mend="give a GeoJSON FeatureCollection")
    if len(features) > LARGEST_FEATURES:
        raise InputFormatError(f"has more than {LARGEST_FEATURES:,} features", where=name, mend="split it")
    return features


def _require_wgs84(crs: Any, name: str) -> None:
    """The old member ``crs`` may only say what holds anyway."""
    said = json.dumps(crs)
    if crs is not None and not any(known in said for known in ("CRS84", "EPSG::4326", "EPSG:4326")):
        raise InputFormatError(
            f"is in the coordinate system {shorten(said)}", where=name, mend="save it as WGS 84 longitude and latitude"
        )


def _require_property(features: list[dict[str, Any]], rule: ShapeRule, name: str) -> None:
    properties = {key for one in features[:100] for key in _properties(one)}
    for wanted in (rule.name_property, rule.country_property):
        if wanted and wanted != _ID and wanted not in properties:
            raise InputFormatError(
                f"has no property '{shorten(wanted)}'", where=name, mend=offer(wanted, sorted(properties))
            )


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _text(feature: Mapping[str, Any], key: str) -> str:
    properties = _properties(feature)
    value = properties.get(key) if key in properties else feature.get(key) if key == _ID else None
    return " ".join(str(value).split())[:_LONGEST_NAME] if isinstance(value, str | int) else ""


def _told(feature: Mapping[str, Any], rule: ShapeRule, where: str, notes: Counter[str]) -> tuple[str, str, str] | None:
    """Unit, country and name of a feature; ``None`` where it is left out, which is counted."""
    printed = _text(feature, rule.name_property)
    if not printed:
        notes["features without a name, left out"] += 1
        return None
    if not isinstance(feature.get("geometry"), dict):
        notes["features without a shape, left out"] += 1
        return None
    said = rule.country or _text(feature, rule.country_property or rule.name_property)
    try:
        iso3 = country(said).iso3
    except UnknownNameError as error:
        if rule.country:
            raise InputValueError(error.what, where=where, mend=error.mend) from None
        notes[f"features of no known country ('{shorten(said, 40)}'), left out"] += 1
        return None
    return (iso3 if rule.level == "country" else admin1_id(iso3, printed)), iso3, printed


def _shape(geometry: Mapping[str, Any], where: str, notes: Counter[str]) -> tuple[shapely.Geometry, int]:
    """The shape, and how many points it has."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise InputValueError(f"is a {shorten(kind)}", where=where, mend="give polygons")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    polygons = [one for one in polygons if one != []] if isinstance(polygons, list) else []
    if not polygons:
        raise InputValueError("has no coordinates", where=where, mend="leave the geometry out")
    rings = [_rings(polygon, where) for polygon in polygons]
    shape = shapely.MultiPolygon([shapely.Polygon(outer, inner) for outer, *inner in rings])
    if not shapely.is_valid(shape):
        shape = _polygons_of(shapely.make_valid(shape))
        notes["features whose border crossed itself, mended"] += 1
    if shapely.is_empty(shape) or shapely.area(shape) == 0:
        raise InputValueError("encloses nothing", where=where, mend="leave the feature out")
    return shape, sum(len(ring) for polygon in rings for ring in polygon)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """What is left of a mended shape without loose lines and points."""
    parts = [part for part in shapely.get_parts(shape) if shapely.area(part) > 0]
    return shapely.union_all(parts)


def _rings(polygon: Any, where: str) -> list[NDArray[np.float64]]:
    if not isinstance(polygon, list) or not polygon:
        raise InputValueError("has a polygon without a ring", where=where, mend="correct the file")
    return [_ring(ring, where) for ring in polygon]


def _ring(ring: Any, where: str) -> NDArray[np.float64]:
    points = _points(ring, where)
    if len(points) < 4 or not np.array_equal(points[0], points[-1]):
        raise InputValueError("has a ring that is not closed", where=where, mend="repeat the first point at its end")
    longitude, latitude = points[:, 0], points[:, 1]
    if not (np.abs(longitude) <= 180).all() or not (np.abs(latitude) <= 90).all():
        raise InputValueError(
            "has coordinates out of range", where=where, mend="give longitude, latitude in degrees, in this order"
        )
    leaps = np.abs(np.diff(longitude)) > 180
    at_edge = (np.abs(longitude[:-1]) == 180) & (np.abs(longitude[1:]) == 180)
    if (leaps & ~at_edge).any():
        raise _LeapError
    return points


def _points(ring: Any, where: str) -> NDArray[np.float64]:
    try:
        if not _are_positions(ring):
            raise TypeError
        points = np.array([(position[0], position[1]) for position in ring])
    except (TypeError, ValueError, IndexError, OverflowError):
        points = np.empty(0, dtype=object)
    if points.ndim != 2 or points.dtype.kind not in "iuf":
        raise InputValueError("has coordinates that are no numbers", where=where, mend="correct the file")
    return points.astype(np.float64)


def _are_positions(ring: Any) -> bool:
    return isinstance(ring, list) and all(isinstance(position, list | tuple) for position in ring)
