"""CAP 1.2 alerts from others: one row per info block, kept as statements, never as claims.

Owns what a valid alert must have. An exercise or test is marked in its title and can never be taken for real. Who
sent it is kept as the body's printed name alone; addresses, operators and contacts are not read. Places are coarsened
to the size of the area warned of, at best a second-level area.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
from lxml import etree

from forewarn.collect.gathering import chunks_of, corrected_rejects
from forewarn.collect.instants import instant_as_text
from forewarn.collect.markup import plain_text
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling
from forewarn.collect.xml import children, local_name, read_xml_file, text_of
from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.taxonomy.cap import cap_schema

__all__ = ["COLUMNS", "NAMESPACE", "NOT_REAL", "read", "tell"]

NAMESPACE = cap_schema().namespace
NOT_REAL = "not real: its status is Exercise, System, Test or Draft"
_WORDS = cap_schema().words
_INFO = ("language", "event", "urgency", "severity", "certainty", "effective", "onset", "expires", "sender_name")
_TEXTS = ("headline", "description", "instruction", "web")
_PLACE = ("area", "geocodes", "latitude", "longitude", "place_precision")
COLUMNS = ("id", "identifier", "sent", "status", "msg_type", "scope", "references", *_INFO, *_TEXTS, *_PLACE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_FIELDS = {
    "external_id": "id",
    "published_on": "sent",
    "language": "language",
    "source_name": "sender_name",
    "text": "description",
    "place_name": "area",
    "latitude": "latitude",
    "longitude": "longitude",
    "place_precision": "place_precision",
}
_KM_PER_DEGREE = 111.2
_ADMIN2_KM = 60
_ADMIN1_KM = 300


def tell(frame: pl.DataFrame) -> Telling:
    """What alerts say; the title of one that is not real says so first."""
    is_real = (pl.col("status") == "Actual").fill_null(value=False)
    headline = pl.coalesce("headline", "event", "identifier")
    title = pl.when(is_real).then(headline).otherwise(pl.concat_str(pl.lit("[NOT REAL] "), headline))
    told = {field: pl.col(column) for field, column in _FIELDS.items()}
    return Telling(frame.select(title=title, **told), {**_FIELDS, "title": "headline"})


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The info blocks of one alert as rows; an alert without any gives one row.

    Raises:
        InputFormatError: it is no CAP 1.2 alert, or made to harm.
        InputValueError: an element it must have is missing, or its word is none of the standard's.
    """
    return corrected_rejects(path, name) or _read(path, name)


def _read(path: Path, name: str) -> Iterator[Chunk]:
    root = read_xml_file(path, name)
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise InputFormatError(f"is XML '{shorten(local_name(root))}', not a CAP 1.2 alert", where=name)
    for element in ("identifier", "sender", "sent", "status", "msgType", "scope"):
        _require(root, element, name)
    shared = _shared(root, name)
    infos = list(children(root, "info"))
    rows = [_row(info, name) | shared for info in infos] or [shared]
    if len(rows) > 1:
        rows = [{**row, "id": f"{shared['identifier']}#{n}"} for n, row in enumerate(rows, start=1)]
    notes = () if shared["status"] == "Actual" else ((NOT_REAL, len(rows)),)
    for chunk in chunks_of(rows, name, columns=COLUMNS):
        yield replace(chunk, notes=notes)


def _require(element: etree._Element, child: str, name: str) -> str:
    said = text_of(element, child)
    if not said:
        raise InputValueError(f"lacks '{child}'", where=name, mend="CAP 1.2 asks for it; ask the sender")
    if child in _WORDS and said not in _WORDS[child]:
        raise InputValueError(
            f"'{shorten(said)}' is no {child}", where=name, mend=f"CAP 1.2 knows {', '.join(_WORDS[child])}"
        )
    return said


def _shared(root: etree._Element, name: str) -> dict[str, str | None]:
    """What holds for the alert as a whole."""
    return {
        "id": text_of(root, "identifier"),
        "identifier": text_of(root, "identifier"),
        "sent": _instant(root, "sent", name),
        "status": text_of(root, "status"),
        "msg_type": text_of(root, "msgType"),
        "scope": text_of(root, "scope"),
        "references": _references(text_of(root, "references"), name),
    }


def _references(said: str, name: str) -> str:
    """The alerts referred to, by identifier and instant; the sender's address in front of them is left out."""
    kept = []
    for one in said.split():
        sender, _, rest = one.partition(",")
        if not sender or "," not in rest:
            raise InputValueError("has a reference that is not 'sender,identifier,sent'", where=name)
        kept.append(rest)
    return " ".join(kept)


def _row(info: etree._Element, name: str) -> dict[str, str | None]:
    for element in ("category", "event", "urgency", "severity", "certainty"):
        _require(info, element, name)
    row: dict[str, str | None] = {one: text_of(info, one) for one in _INFO[1:5]}
    row |= {one: _instant(info, one, name) for one in ("effective", "onset", "expires")}
    row |= {one: plain_text(text_of(info, one)) for one in _TEXTS}
    row |= {"language": text_of(info, "language") or "en-US", "sender_name": text_of(info, "senderName")[:300]}
    return row | _place(list(children(info, "area")), name)


def _instant(element: etree._Element, child: str, name: str) -> str:
    said = text_of(element, child)
    if said and not _INSTANT.fullmatch(said):
        raise InputValueError(f"{child} is no instant", where=name, mend="CAP 1.2 writes 2024-05-01T16:49:00+00:00")
    return instant_as_text(said)


def _place(areas: list[etree._Element], name: str) -> dict[str, str | None]:
    """The areas by name and code, and the middle of all that is drawn, to a tenth of a degree."""
    for area in areas:
        _require(area, "areaDesc", name)
    codes = [f"{text_of(one, 'valueName')}={text_of(one, 'value')}" for a in areas for one in children(a, "geocode")]
    told: dict[str, str | None] = {
        "area": "; ".join(text_of(area, "areaDesc") for area in areas)[:2000],
        "geocodes": "; ".join(codes),
    }
    corners = [corner for area in areas for corner in _corners(area, name)]
    if not corners:
        return told
    south, north = min(lat for lat, _ in corners), max(lat for lat, _ in corners)
    west, east = min(lon for _, lon in corners), max(lon for _, lon in corners)
    middle = (south + north) / 2, (west + east) / 2
    across = math.cos(math.radians(middle[0])) * (east - west)
    radius_km = math.hypot(north - south, across) / 2 * _KM_PER_DEGREE
    precision = "admin2" if radius_km <= _ADMIN2_KM else "admin1" if radius_km <= _ADMIN1_KM else "country"
    if east - west > 180 or radius_km > 20 * _ADMIN1_KM:
        return told
    return told | {
        "latitude": f"{middle[0]:.1f}",
        "longitude": f"{middle[1]:.1f}",
        "place_precision": precision,
    }


def _corners(area: etree._Element, name: str) -> Iterator[tuple[float, float]]:
    """What bounds the polygons and circles of an area, in degrees."""
    for drawn in children(area, "polygon"):
        points = [_point(one, name) for one in (drawn.text or "").split()]
        if len(points) < 4 or points[0] != points[-1]:
            raise InputValueError("has a polygon that is not closed", where=name, mend="repeat the first point")
        yield from points
    for drawn in children(area, "circle"):
        centre, _, radius = (drawn.text or "").strip().partition(" ")
        latitude, longitude = _point(centre, name)
        reach = _number(radius, name) / _KM_PER_DEGREE
        wide = reach / max(math.cos(math.radians(latitude)), 0.01)
        yield from ((latitude - reach, longitude - wide), (latitude + reach, longitude + wide))


def _point(said: str, name: str) -> tuple[float, float]:
    latitude, _, longitude = said.partition(",")
    point = _number(latitude, name), _number(longitude, name)
    if abs(point[0]) > 90 or abs(point[1]) > 180:
        raise InputValueError("has a point off the globe", where=name, mend="write latitude,longitude in degrees")
    return point


def _number(said: str, name: str) -> float:
    if not re.fullmatch(r"-?\d{1,6}(\.\d{1,20})?", said.strip()):
        raise InputValueError(f"'{shorten(said)}' is no number of degrees or km", where=name)
    return float(said)
