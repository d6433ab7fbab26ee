"""GeoJSON features: properties as columns, the point or the middle of a shape as the place.

Owns the reading of geometry: longitude first, as RFC 7946 has it; a shape is told by its middle and by how far it
reaches. Without a mapping, only properties called as the fields of a claim are read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.collect.channels.exchanged import Twice
from forewarn.collect.channels.exchanged import tell as tell_record
from forewarn.collect.channels.told import with_absent
from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import flat, json_items, json_text
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling
from forewarn.errors import shorten
from forewarn.model.releasability import AUDIENCES

__all__ = ["read", "tell"]

_ALWAYS = ("id", "longitude", "latitude", "metres")
_IDS = ("id", "external_id", "claim_id", "incident_id")
_METRES_PER_DEGREE = 111_200
_Point = tuple[float, float]


def tell(frame: pl.DataFrame) -> Telling:
    """What features say: properties by the names of the fields; the label by ``releasability``."""
    given = with_absent(frame, (*_IDS, "releasability"))
    label = pl.col("releasability").str.to_lowercase().str.strip_prefix("tlp:").str.strip_chars()
    mark = pl.when(label.is_in(AUDIENCES)).then(label)
    return tell_record(given.with_columns(id=pl.coalesce(_IDS), tlp=mark))


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The features of a file as rows.

    Raises:
        InputError: it is no JSON, is cut off, or holds too much.
    """
    return corrected_rejects(path, name) or chunks_of(_rows(path, name), name, columns=_ALWAYS)


def _rows(path: Path, name: str) -> Iterator[Item]:
    twice = Twice(name)
    for one in json_items(path, name, ("features",)):
        yield twice.checked(one if isinstance(one, Unread) else _row(one))


def _row(one: Mapping[str, Any]) -> Item:
    if one.get("type") != "Feature":
        return Unread(shorten(str(one.get("type"))), "is no feature", "give a FeatureCollection")
    properties, geometry = one.get("properties"), one.get("geometry")
    row = {key.strip(): json_text(value) for key, value in flat(properties)} if isinstance(properties, dict) else {}
    try:
        place = _place(geometry) if isinstance(geometry, dict) else {}
    except (TypeError, ValueError, IndexError, KeyError):
        kind = shorten(str(geometry.get("type"))) if isinstance(geometry, dict) else ""
        return Unread(kind, "has a geometry that cannot be read", "write positions as longitude, latitude")
    own = json_text(one.get("id"))
    return row | place | ({"id": own} if own else {})


def _place(geometry: Mapping[str, Any]) -> dict[str, str | None]:
    """The point as written; of anything else the middle, and how far it reaches in metres."""
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        return {"longitude": str(longitude), "latitude": str(latitude)}
    points = list(_points(geometry))
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    middle = (south + north) / 2
    across = math.cos(math.radians(middle)) * (east - west)
    reach = math.hypot(north - south, across) / 2 * _METRES_PER_DEGREE
    return {"longitude": f"{(west + east) / 2:.4f}", "latitude": f"{middle:.4f}", "metres": f"{reach:.0f}"}


def _points(geometry: Mapping[str, Any]) -> Iterator[_Point]:
    """Every position in a geometry, however deep."""
    waiting: list[Any] = [geometry]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one["geometries"] if one["type"] == "GeometryCollection" else [one["coordinates"]]
        elif not isinstance(one, list):
            raise TypeError
        elif one and not isinstance(one[0], list | dict):
            point = float(one[0]), float(one[1])
            if not all(map(math.isfinite, point)):
                raise ValueError
            yield point
        else:
            waiting += one
