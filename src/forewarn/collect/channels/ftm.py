"""FollowTheMoney: events and their addresses, one entity a line.

Owns which schemata are read. Events make rows, addresses are looked up for them; persons, bodies, documents and all
others are refused by schema, and no property of theirs is kept. Source: FollowTheMoney model 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forewarn.collect.channels.exchanged import COLUMNS, FOREWARN_TAG, Twice, tell, text_in
from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import json_items
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.errors import InputFormatError, shorten
from forewarn.model.claim import RECORD_FIELDS
from forewarn.model.markings import audience_of_tag, narrowest

__all__ = ["MOST_PLACES", "read", "tell"]

MOST_PLACES = 500_000
"""Addresses in one file; more are refused."""

_FIELDS = {
    "title": "name",
    "text": "description",
    "source_name": "publisher",
    "place_name": "location",
    "country": "country",
}
_DAYS = {"started_on": ("startDate", "date"), "ended_on": ("endDate",), "published_on": ("modifiedAt", "createdAt")}
_Places = dict[str, dict[str, str]]


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The events of a file as rows, and every entity that is neither event nor address as a row refused.

    Raises:
        InputError: it is no JSON, is cut off, or holds too much.
    """
    return corrected_rejects(path, name) or chunks_of(_rows(path, name), name, columns=COLUMNS)


def _rows(path: Path, name: str) -> Iterator[Item]:
    places: _Places = {}
    for one in json_items(path, name, ()):
        if not isinstance(one, Unread) and one.get("schema") == "Address":
            told = _properties(one)
            found = {key: value for key in ("latitude", "longitude", "country") if (value := _first(told, key))}
            places[text_in(one, "id") or ""] = found
            if len(places) > MOST_PLACES:
                raise InputFormatError(f"holds more than {MOST_PLACES:,} addresses", where=name, mend="split it")
    twice = Twice(name)
    for one in json_items(path, name, ()):
        if isinstance(one, Unread) or one.get("schema") != "Address":
            yield twice.checked(_row(one, places))


def _row(one: Mapping[str, Any] | Unread, places: _Places) -> Item:
    if isinstance(one, Unread):
        return one
    if one.get("schema") != "Event":
        return Unread(shorten(str(one.get("schema"))), "is of a schema that is not read", "send events and addresses")
    told = _properties(one)
    row: dict[str, str | None] = {"id": text_in(one, "id")}
    row |= {field: _first(told, key) for field, key in _FIELDS.items()}
    row["text"] = row["text"] or _first(told, "summary")
    row |= {field: next((d for key in keys if (d := _first(told, key))), None) for field, keys in _DAYS.items()}
    row |= places.get(_first(told, "addressEntity") or "", {})
    words = [one for one in told.get("keywords", ()) if isinstance(one, str)]
    tags = (FOREWARN_TAG.fullmatch(word) for word in words)
    row |= {tag[1]: tag[2] for tag in tags if tag is not None and tag[1] in RECORD_FIELDS}
    row["tlp"] = narrowest(audience_of_tag(word) for word in words)
    return row


def _properties(one: Mapping[str, Any]) -> dict[str, list[Any]]:
    told = one.get("properties")
    known = told.items() if isinstance(told, dict) else ()
    return {key: values for key, values in known if isinstance(values, list)}


def _first(told: Mapping[str, list[Any]], key: str) -> str | None:
    return next((one.strip() for one in told.get(key, ()) if isinstance(one, str)), None)
