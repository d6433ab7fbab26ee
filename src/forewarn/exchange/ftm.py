"""FollowTheMoney: an Event for each record and an Address for its place, one entity a line, as its tools stream them.

Owns the form alone; only ``files`` opens it, with rows that disclosure released. What the schema has no property for
stands as keywords, ``forewarn:act="killing"``; the mark stands as ``tlp:green``. No person and no company is ever
written. Source: FollowTheMoney model 4, schemata Event, Interval, Thing and Address.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.exchange.records import (
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

__all__ = ["FtmFile"]


class FtmFile:
    """Entities in the making; a place stands once."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        require_records(rows, "FollowTheMoney")
        self._places: set[str] = set()
        self._file = path.open("w", encoding="utf-8")

    def add(self, rows: pl.DataFrame) -> None:
        """The entities of some rows."""
        for row in rows.iter_rows(named=True):
            record = record_of(row)
            place = place_of(record)
            address = f"place-{uuid_of('place', *place.items())}" if "latitude" in place else ""
            if address and address not in self._places:
                self._places.add(address)
                self._write(address, "Address", _address(place))
            event = _event(record, label_of(row), terms_of(row))
            self._write(record.get("claim_id") or record["incident_id"], "Event", event | _tied(address))

    def close(self) -> None:
        """Nothing stands behind the entities."""
        self._file.close()

    def _write(self, entity: str, schema: str, properties: dict[str, list[str]]) -> None:
        one = {"id": entity, "schema": schema, "properties": properties}
        self._file.write(json.dumps(one, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")


def _tied(address: str) -> dict[str, list[str]]:
    return {"addressEntity": [address]} if address else {}


def _address(place: Record) -> dict[str, list[str]]:
    told = {"latitude": [f"{place['latitude']}"], "longitude": [f"{place['longitude']}"], **_country(place)}
    if "degrees" in place:
        told["remarks"] = [f"the middle of a block of {place['degrees']:g} degrees"]
    return told


def _country(place: Record) -> dict[str, list[str]]:
    iso2 = iso2_of(place.get("country", ""))
    return {"country": [iso2.lower()]} if iso2 else {}


def _event(record: Record, label: str, terms: str) -> dict[str, list[str]]:
    start = record.get("started_on") or record.get("month")
    told: dict[str, Any] = {
        "name": name_of(record),
        "startDate": start,
        "endDate": record.get("ended_on") or record.get("month"),
        "recordId": record.get("claim_id") or record["incident_id"],
        "notes": terms,
    }
    words = [f'forewarn:{name}="{value}"' for name, value in record.items() if not name.endswith("_id")]
    return {
        **{name: [value] for name, value in told.items() if value},
        **_country(record),
        "keywords": [label.lower(), *words],
    }
