"""MISP: events of many records, an object for each, tags that say who may have them and what they may do.

Owns the form alone; only ``files`` opens it, with rows that disclosure released. No attribute is meant for detection
(``to_ids``) or correlation, and a receiving server is told to spread it no wider than the mark. Source: MISP core
format (Internet-Draft draft-dulaunoy-misp-core-format); the tlp and PAP taxonomies.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.exchange.records import Record, label_of, name_of, record_of, require_records, terms_of, uuid_of
from forewarn.model.markings import NOT_RELEASED, narrowest
from forewarn.model.releasability import PAP_LABELS, TLP_LABELS

__all__ = ["MOST_OBJECTS", "MispFile"]

MOST_OBJECTS = 2_000
"""Records in one event: what a server shows on one page, and less than readers take as one."""

_Mark = tuple[str, str, str]

_DISTRIBUTION = {"TLP:CLEAR": "3", "TLP:GREEN": "1"}
"""All communities; this community only; every other mark: your organization only."""
_AS_EVENT = "5"


class MispFile:
    """An answer of a server in the making: events of at most so many records, under the narrowest of their marks."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        require_records(rows, "MISP")
        self._made_at, self._at = made_at, str(int(made_at.timestamp()))
        self._ids: list[str] = []
        self._marks: dict[_Mark, None] = {}
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"response":[\n{"Event":{"Object":[')

    def add(self, rows: pl.DataFrame) -> None:
        """The objects of some rows."""
        for row in rows.iter_rows(named=True):
            if len(self._ids) == MOST_OBJECTS:
                self._end_event()
                self._file.write(',\n{"Event":{"Object":[')
            self._marks[label_of(row), terms_of(row), str(row.get("permissible_actions") or PAP_LABELS[-1])] = None
            one = self._object(record_of(row))
            self._file.write(("," if self._ids else "") + "\n" + json.dumps(one, ensure_ascii=False, allow_nan=False))
            self._ids.append(one["uuid"])

    def close(self) -> None:
        """The end of the last event and of the list."""
        if not self._file.closed:
            self._end_event()
            self._file.write("]}\n")
            self._file.close()

    def _end_event(self) -> None:
        """Id and marks of an event, which come from what is in it."""
        told = {"uuid": uuid_of("event", *self._ids), **_told(list(self._marks), self._made_at)}
        self._file.write(f"\n],{json.dumps(told, ensure_ascii=False)[1:]}}}")
        self._ids, self._marks = [], {}

    def _object(self, record: Record) -> dict[str, Any]:
        own = record.get("claim_id") or record["incident_id"]
        attributes = [
            {
                "uuid": uuid_of(own, name),
                "object_relation": name,
                "type": "float" if isinstance(value, float) else "counter" if isinstance(value, int) else "text",
                "category": "Other",
                "value": str(value),
                "to_ids": False,
                "disable_correlation": True,
                "distribution": _AS_EVENT,
                "timestamp": self._at,
            }
            for name, value in record.items()
        ]
        return {
            "name": "conflict-claim",
            "meta-category": "misc",
            "description": "What was done, when, where and to how many, as one claim or incident tells it.",
            "template_uuid": uuid_of("template"),
            "template_version": "1",
            "uuid": uuid_of(own),
            "timestamp": self._at,
            "distribution": _AS_EVENT,
            "comment": name_of(record),
            "Attribute": attributes,
        }


def _told(marks: list[_Mark], made_at: datetime) -> dict[str, Any]:
    """What is said of the event as a whole: of several labels and actions the narrowest, and every purpose."""
    label = f"TLP:{narrowest(label.removeprefix('TLP:').lower() for label, _, _ in marks).upper()}"
    label = label if label in TLP_LABELS else NOT_RELEASED
    terms = "; ".join(said for _, said, _ in marks if said)
    actions = max((pap for _, _, pap in marks if pap in PAP_LABELS), key=PAP_LABELS.index, default="")
    return {
        "info": f"Claims released as {label}{': ' + terms if terms else ''}",
        "date": made_at.astimezone(UTC).date().isoformat(),
        "timestamp": str(int(made_at.timestamp())),
        "threat_level_id": "4",
        "analysis": "2",
        "published": False,
        "distribution": _DISTRIBUTION.get(label, "0"),
        "Tag": [{"name": name} for name in (label.lower(), actions) if name],
    }
