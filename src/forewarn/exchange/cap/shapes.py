"""Polygons and circles of CAP: points of ``latitude,longitude`` in degrees of WGS 84, and kilometres.

Owns their reading and what can be wrong with them. A polygon has four points or more and ends where it begins; that
its border does not cross itself and encloses an area is asked beyond the standard.
"""

from __future__ import annotations

import math
import re

import shapely

from forewarn.errors import shorten

__all__ = ["circle_flaw", "crossing_flaw", "points_of", "polygon_flaw"]

_DEGREES = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,20})?")
_KILOMETRES = re.compile(r"\d{1,5}(?:\.\d{1,20})?")
_HALF_ROUND_KM = 20_038
_PAIR = "write latitude,longitude in degrees, without a blank between them"

Point = tuple[float, float]


def points_of(said: str) -> tuple[Point, ...]:
    """The points of a polygon without flaw, as (latitude, longitude)."""
    pairs = (one.partition(",") for one in said.split())
    return tuple((float(latitude), float(longitude)) for latitude, _, longitude in pairs)


def polygon_flaw(said: str) -> tuple[str, str] | None:
    """What is wrong with a polygon by the standard, and its mend."""
    pairs = said.split()
    for number, pair in enumerate(pairs, start=1):
        flaw = _pair_flaw(pair)
        if flaw:
            return f"point {number}, '{shorten(pair, 40)}', {flaw[0]}", flaw[1]
    if len(pairs) < 4:
        return f"has {len(pairs)} points", "give at least four, the first once more at the end"
    points = points_of(said)
    if points[0] != points[-1]:
        return "is not closed", "repeat the first point at the end"
    return None


def crossing_flaw(said: str) -> tuple[str, str] | None:
    """What is wrong with a well-written polygon beyond the standard: it crosses itself, or encloses nothing."""
    points = points_of(said)
    longitudes = [longitude for _, longitude in points]
    if max(longitudes) - min(longitudes) > 180:
        return "spans more than half of the globe", "cut it at the 180th meridian"
    drawn = shapely.Polygon([(longitude, latitude) for latitude, longitude in points])
    if not drawn.is_valid:
        return "crosses itself or encloses nothing", "draw its border in one round, or as several polygons"
    return None


def circle_flaw(said: str) -> tuple[str, str] | None:
    """What is wrong with a circle by the standard, and its mend."""
    parts = said.split()
    if len(parts) != 2:
        return f"'{shorten(said, 40)}' is not a point and a radius", "write latitude,longitude, a blank and kilometres"
    flaw = _pair_flaw(parts[0])
    if flaw:
        return f"its middle {flaw[0]}", flaw[1]
    if not _KILOMETRES.fullmatch(parts[1]) or not math.isfinite(float(parts[1])):
        return f"its radius '{shorten(parts[1], 40)}' is no number of kilometres", "write it in digits"
    if float(parts[1]) > _HALF_ROUND_KM:
        return "reaches round the globe", "give the radius in kilometres"
    return None


def _pair_flaw(pair: str) -> tuple[str, str] | None:
    latitude, comma, longitude = pair.partition(",")
    if not comma or not _DEGREES.fullmatch(latitude) or not _DEGREES.fullmatch(longitude):
        return "is no latitude,longitude", _PAIR
    if abs(float(latitude)) > 90:
        return f"has the latitude {shorten(latitude, 20)}", "latitudes are -90 to 90, and come first"
    if abs(float(longitude)) > 180:
        return f"has the longitude {shorten(longitude, 20)}", "longitudes are -180 to 180"
    return None
