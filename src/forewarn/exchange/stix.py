"""STIX 2.1 bundles: an incident for each record, its location, and the marking objects that say who may have it.

Owns the form alone; only ``files`` opens it, with rows that disclosure released. The fields of a claim stand in an
extension of the incident, because an incident of STIX 2.1 is a stub. ``created`` is the same for all: no day on which
somebody spoke is told. Source: OASIS, STIX version 2.1 (2021), sections 3.2, 4.6, 4.7, 7.2 and 7.3.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.exchange.records import (
    UNDATED,
    Record,
    iso2_of,
    label_of,
    name_of,
    place_of,
    record_of,
    require_records,
    terms_of,
    uuid_of,
)
from forewarn.model.markings import EXTENSION_ID, TLP_EXTENSION, TLP_MARKINGS

__all__ = ["StixFile"]

_TLP_CREATED = "2022-10-01T00:00:00.000Z"
_METRES_PER_DEGREE = 111_200
_Object = dict[str, Any]


class StixFile:
    """A bundle in the making; markings and places stand in it once, before the first incident that needs them."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        require_records(rows, "STIX")
        self._stamp, self._told = _instant(made_at), _instant(UNDATED)
        self._seen: set[str] = set()
        self._digest = hashlib.sha256()
        self._between = "\n"
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"type":"bundle","objects":[')
        for one in self._frame_objects():
            self._write(one)

    def add(self, rows: pl.DataFrame) -> None:
        """The objects of some rows."""
        for row in rows.iter_rows(named=True):
            record = record_of(row)
            marks = []
            for mark in self._markings(label_of(row), terms_of(row)):
                self._write(mark)
                marks.append(mark["id"])
            for one in self._objects(record, marks):
                self._write(one)

    def close(self) -> None:
        """The id of the bundle, which comes from what is in it."""
        if not self._file.closed:
            self._file.write(f'\n],"id":"bundle--{uuid_of(self._digest.hexdigest())}"}}\n')
            self._file.close()

    def _write(self, one: _Object) -> None:
        if one["id"] in self._seen:
            return
        self._seen.add(one["id"])
        text = json.dumps(one, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._digest.update(text.encode())
        self._file.write(self._between + text)
        self._between = ",\n"

    def _frame_objects(self) -> Iterator[_Object]:
        yield self._object("identity", uuid_of("identity"), name="Forewarn", identity_class="system")
        yield {
            **self._object("extension-definition", EXTENSION_ID.partition("--")[2], name="Claim of Forewarn"),
            "description": "What was done, when, where and to how many, as one claim or incident tells it.",
            "schema": "docs/reference/formats.md of Forewarn: text and numbers by the names of the claim's fields",
            "version": "1.0.0",
            "extension_types": ["property-extension"],
        }

    def _object(self, kind: str, uuid: str, **more: Any) -> _Object:
        head = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid}", "created": self._told}
        made = {**head, "created_by_ref": f"identity--{uuid_of('identity')}", "modified": self._stamp, **more}
        if kind == "identity":
            del made["created_by_ref"]
        return made

    def _markings(self, label: str, terms: str) -> Iterator[_Object]:
        audience = label.removeprefix("TLP:").lower()
        head = {"type": "marking-definition", "spec_version": "2.1"}
        level = {"extension_type": "property-extension", "tlp_2_0": audience}
        yield {
            **head,
            "id": TLP_MARKINGS[audience],
            "created": _TLP_CREATED,
            "name": label,
            "extensions": {TLP_EXTENSION: level},
        }
        if terms:
            said = {"definition_type": "statement", "definition": {"statement": terms}}
            yield {**head, "id": f"marking-definition--{uuid_of('terms', terms)}", "created": self._told, **said}

    def _objects(self, record: Record, marks: list[str]) -> Iterator[_Object]:
        """Where it happened, what happened, and that it happened there."""
        place = place_of(record)
        uuid = uuid_of(record.get("claim_id") or record.get("incident_id"))
        location = self._object("location", uuid_of("place", *place.items()), **_located(place)) if place else None
        if location is not None:
            yield location
        extension = {EXTENSION_ID: {"extension_type": "property-extension", **record}}
        named = {"name": name_of(record), "object_marking_refs": marks, "extensions": extension}
        yield self._object("incident", uuid, **named)
        if location is not None:
            ends = {"source_ref": f"incident--{uuid}", "target_ref": location["id"]}
            tied = {"relationship_type": "located-at", **ends, "object_marking_refs": marks}
            yield self._object("relationship", uuid_of("at", uuid, location["id"]), **tied)


def _located(place: Record) -> Record:
    told: Record = {}
    if "country" in place:
        told["country"] = iso2_of(place["country"]) or place["country"]
    if "latitude" in place and "longitude" in place:
        told |= {"latitude": place["latitude"], "longitude": place["longitude"]}
        if "degrees" in place:
            told["precision"] = round(place["degrees"] * _METRES_PER_DEGREE, 1)
    return told or {"region": "unknown"}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
