"""MISP events as JSON: the claims in them, or the event itself where it holds none.

Owns which parts are read. An object ``conflict-claim`` makes a row; an event without any makes one of its title, day,
body and first ``geolocation``. No other attribute or object is read: they may name persons, machines and accounts. Of
several tags of the Traffic Light, on the event, the object or an attribute, the narrowest holds. Source: MISP core
format (Internet-Draft draft-dulaunoy-misp-core-format).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forewarn.collect.channels.exchanged import COLUMNS, Twice, tell, text_in
from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import json_items
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.model.claim import RECORD_FIELDS
from forewarn.model.markings import audience_of_tag, narrowest

__all__ = ["CLAIM_OBJECT", "read", "tell"]

CLAIM_OBJECT = "conflict-claim"
"""The name of the objects that are claims."""

_PLACE = {
    "latitude": "latitude",
    "longitude": "longitude",
    "country": "country",
    "region": "admin1",
    "city": "place_name",
}
_Part = Mapping[str, Any]


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The claims of the events in a file as rows; an event without any is a row itself.

    Raises:
        InputError: it is no JSON, is cut off, or holds too much.
    """
    return corrected_rejects(path, name) or chunks_of(_rows(path, name), name, columns=COLUMNS)


def _rows(path: Path, name: str) -> Iterator[Item]:
    twice = Twice(name)
    for one in json_items(path, name, ("response",)):
        if isinstance(one, Unread):
            yield one
            continue
        event = one.get("Event", one)
        if not isinstance(event, dict) or not {"uuid", "info"} <= set(event):
            yield Unread(
                ", ".join(sorted(map(str, one))[:3])[:80], "is no event of MISP", "send events with uuid and info"
            )
            continue
        for row in _event_rows(event):
            yield twice.checked(row)


def _event_rows(event: _Part) -> Iterator[Item]:
    org = event.get("Orgc")
    shared: dict[str, str | None] = {
        "published_on": text_in(event, "date"),
        "source_name": text_in(org, "name") if isinstance(org, dict) else None,
    }
    own = list(_audiences(event))
    parts = [one for one in _list(event, "Object") if one.get("deleted") is not True]
    claims = [one for one in parts if one.get("name") == CLAIM_OBJECT]
    for part in claims:
        marks = narrowest([*own, *_marks(part)])
        yield {**shared, "id": text_in(part, "uuid"), "tlp": marks, **_said(part, {n: n for n in RECORD_FIELDS})}
    if not claims:
        inner = [mark for part in (*parts, *_list(event, "Attribute")) for mark in _marks(part)]
        place = next((_said(one, _PLACE) for one in parts if one.get("name") == "geolocation"), {})
        named = {"id": text_in(event, "uuid"), "title": text_in(event, "info"), "tlp": narrowest([*own, *inner])}
        yield {**shared, **named, **place}


def _marks(part: _Part) -> Iterator[str]:
    """The marks on an object or attribute, and on the attributes in it."""
    yield from _audiences(part)
    for attribute in _list(part, "Attribute"):
        yield from _audiences(attribute)


def _audiences(part: _Part) -> Iterator[str]:
    return (audience_of_tag(text_in(tag, "name") or "") for tag in _list(part, "Tag"))


def _said(part: _Part, fields: Mapping[str, str]) -> dict[str, str | None]:
    """The attributes of an object that are among the fields; of several of one kind, the first."""
    told: dict[str, str | None] = {}
    for one in _list(part, "Attribute"):
        field = fields.get(text_in(one, "object_relation") or "")
        if field and one.get("deleted") is not True:
            told.setdefault(field, text_in(one, "value"))
    return told


def _list(part: _Part, key: str) -> list[dict[str, Any]]:
    values = part.get(key)
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
