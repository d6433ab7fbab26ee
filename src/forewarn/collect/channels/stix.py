"""STIX 2.1 bundles: incidents, with their place, their sender's body and their marks.

Owns which objects are read. Incidents make rows; identities, locations, markings and relationships are looked up for
them; every other type is refused by name, and its words are not kept. An identity that is a person gives no name. Of
several marks the narrowest holds. Source: OASIS, STIX version 2.1 (2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forewarn.collect.channels.exchanged import COLUMNS, Twice, record_in, tell, text_in
from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import json_items
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.errors import InputFormatError, shorten
from forewarn.model.markings import EXTENSION_ID, TLP_EXTENSION, audience_of_marking, narrowest

__all__ = ["MOST_ASIDE", "read", "tell"]

MOST_ASIDE = 500_000
"""Objects that are looked up and not rows; a bundle with more is refused."""

_LISTS = ("objects",)
_BODIES = ("organization", "group", "system", "class")
_ASIDE = ("identity", "location", "marking-definition", "relationship", "extension-definition", "language-content")
_Object = Mapping[str, Any]


@dataclass(slots=True)
class _Aside:
    """What incidents refer to, by id: names of bodies, places, marks as audiences, and where each incident is."""

    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, dict[str, str | None]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)

    def add(self, one: _Object) -> None:
        """Keep what the object tells of others."""
        kind, own = one.get("type"), text_in(one, "id") or ""
        if kind == "identity" and text_in(one, "identity_class") in _BODIES:
            self.names[own] = text_in(one, "name") or ""
        elif kind == "location":
            self.places[own] = _place(one)
        elif kind == "marking-definition":
            self.marks[own] = _audience(one)
        elif kind == "relationship":
            target = text_in(one, "target_ref") or ""
            if target.startswith("location--"):
                self.at.setdefault(text_in(one, "source_ref") or "", target)


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The incidents of a bundle as rows, and every object that is neither one nor looked up as a row refused.

    Raises:
        InputError: it is no JSON, is cut off, or holds too much.
    """
    return corrected_rejects(path, name) or chunks_of(_rows(path, name), name, columns=COLUMNS)


def _rows(path: Path, name: str) -> Iterator[Item]:
    aside, count = _Aside(), 0
    for one in json_items(path, name, _LISTS):
        if not isinstance(one, Unread) and one.get("type") in _ASIDE:
            aside.add(one)
            count += 1
            if count > MOST_ASIDE:
                raise InputFormatError(f"holds more than {MOST_ASIDE:,} objects beside incidents", where=name)
    twice = Twice(name)
    for one in json_items(path, name, _LISTS):
        if isinstance(one, Unread) or one.get("type") not in _ASIDE:
            yield twice.checked(_row(one, aside), by=("id", "version"))


def _row(one: _Object | Unread, aside: _Aside) -> Item:
    if isinstance(one, Unread):
        return one
    kind = one.get("type")
    if kind != "incident":
        return Unread(shorten(str(kind)), "is of a type that is not read", "send incidents")
    if text_in(one, "spec_version") not in ("2.1", "2.0", None):
        return Unread(shorten(str(one["spec_version"])), "is not STIX 2.1", "send STIX 2.1")
    if one.get("revoked") is True:
        return Unread(
            shorten(text_in(one, "id") or ""), "was revoked by its sender", "take back what came of it before"
        )
    own = text_in(one, "id") or ""
    extensions = one.get("extensions")
    ours = extensions.get(EXTENSION_ID) if isinstance(extensions, dict) else None
    told: dict[str, str | None] = {
        "id": own,
        "version": text_in(one, "modified"),
        "title": text_in(one, "name"),
        "text": text_in(one, "description"),
        "published_on": text_in(one, "modified") or text_in(one, "created"),
        "source_name": aside.names.get(text_in(one, "created_by_ref") or ""),
        "tlp": narrowest(_audiences(one, aside)),
    }
    place = aside.places.get(aside.at.get(own, ""), {})
    record = record_in(ours) if isinstance(ours, dict) else {}
    if "latitude" in record or "longitude" in record:
        place = {}
    return told | place | record


def _audiences(one: _Object, aside: _Aside) -> Iterator[str]:
    """Those of every mark on the object or on a part of it."""
    refs = list(_texts(one.get("object_marking_refs")))
    for part in one.get("granular_markings") or () if isinstance(one.get("granular_markings"), list) else ():
        refs += _texts([part.get("marking_ref")]) if isinstance(part, dict) else ()
    for ref in refs:
        yield audience_of_marking(ref) or aside.marks.get(ref, "")


def _texts(values: Any) -> Iterable[str]:
    return (one for one in values if isinstance(one, str)) if isinstance(values, list) else ()


def _audience(one: _Object) -> str:
    """The audience a marking object names, by either version of the protocol; empty for any other."""
    definition, extensions = one.get("definition"), one.get("extensions")
    told = text_in(definition, "tlp") if isinstance(definition, dict) else None
    later = extensions.get(TLP_EXTENSION) if isinstance(extensions, dict) else None
    name = (text_in(later, "tlp_2_0") if isinstance(later, dict) else told) or ""
    return "clear" if name.lower() == "white" else name.lower()


def _place(one: _Object) -> dict[str, str | None]:
    named = {"latitude": "latitude", "longitude": "longitude", "country": "country", "precision": "metres"}
    named |= {"administrative_area": "admin1", "name": "place_name"}
    return {field: text_in(one, key) for key, field in named.items() if text_in(one, key)}
