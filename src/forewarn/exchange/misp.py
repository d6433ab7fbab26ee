"""MISP: one event for a file, an object for each record, tags that say who may have it and what they may do.

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

__all__ = ["MispFile"]

_DISTRIBUTION = {"TLP:CLEAR": "3", "TLP:GREEN": "1"}
"""All communities; this community only; every other mark: your organization only."""
_AS_EVENT = "5"


class MispFile:
    """An event in the making. It bears the narrowest mark of all its rows."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        require_records(rows, "MISP")
        self._made_at, self._at = made_at, str(int(made_at.timestamp()))
        self._between = "\n"
        self._ids: list[str] = []
        self._marks: dict[tuple[str, str, str], None] = {}
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"Event":{"Object":[')

    def add(self, rows: pl.DataFrame) -> None:
        """The objects of some rows."""
        for row in rows.iter_rows(named=True):
            self._marks[label_of(row), terms_of(row), str(row.get("permissible_actions") or PAP_LABELS[-1])] = None
            one = self._object(record_of(row))
            self._ids.append(one["uuid"])
            self._file.write(self._between + json.dumps(one, ensure_ascii=False, allow_nan=False))
            self._between = ",\n"

    def close(self) -> None:
        """Id and marks of the event, which come from what is in it."""
        if not self._file.closed:
            told = {"uuid": uuid_of("event", *self._ids), **_told(list(self._marks), self._made_at)}
            self._file.write(f"\n],{json.dumps(told, ensure_ascii=False)[1:]}}}\n")
            self._file.close()

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


def _told(marks: list[tuple[str, str, str]], made_at: datetime) -> dict[str, Any]:
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
