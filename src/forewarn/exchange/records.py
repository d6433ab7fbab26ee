"""What a released claim or incident is in the formats of others: figures, act, time, place, and the terms. Never words.

Owns which columns these formats carry, whatever else a release holds, and the ids made of ours: the same record has the
same id in every file. Refuses rows that are neither claims nor incidents: counts have no form there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import polars as pl

from forewarn.errors import UsageError
from forewarn.model.claim import RECORD_FIELDS
from forewarn.model.markings import NOT_RELEASED
from forewarn.taxonomy import countries

__all__ = [
    "UNDATED",
    "Record",
    "iso2_of",
    "label_of",
    "name_of",
    "place_of",
    "record_of",
    "require_records",
    "terms_of",
    "uuid_of",
]

Record = dict[str, Any]
"""The fields of a row that are filled, by name."""

_TOLD = ("claim_id", "incident_id", *RECORD_FIELDS)
"""All that leaves in these formats beside the terms, in this order."""

UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
"""Stands where a format wants an instant that must not be told: when a record was made says when somebody spoke."""

_NAMESPACE = uuid.UUID("d6200e49-ad90-5eb9-9980-55f2b7278203")


def require_records(rows: pl.DataFrame, form: str) -> None:
    """Refuse rows that name neither claim nor incident. Raises :class:`UsageError`."""
    if not {"claim_id", "incident_id"} & set(rows.columns):
        raise UsageError(
            f"{form} holds claims and incidents, and these are neither",
            where="--out",
            mend="end the name with .csv, .parquet or .geojson",
        )


def record_of(row: Mapping[str, Any]) -> Record:
    """The filled fields of a row, in the order in which they leave."""
    return {name: row[name] for name in _TOLD if row.get(name) not in (None, "")}


def label_of(row: Mapping[str, Any]) -> str:
    """The Traffic Light label a row bears; TLP:RED where it was released to nobody."""
    return str(row.get("releasability") or NOT_RELEASED)


def terms_of(row: Mapping[str, Any]) -> str:
    """What a receiver may do, in one line; empty where the row was released to nobody."""
    if not row.get("purpose"):
        return ""
    return f"{row['permissible_actions']}; for '{row['purpose']}' only; until {row['expires_on']}"


def name_of(record: Record) -> str:
    """Act, country and month: what the record is called where a format wants a name."""
    act = str(record.get("act", "unknown")).replace("_", " ")
    when = record.get("month") or str(record.get("started_on", ""))[:7]
    return ", ".join(part for part in (act, str(record.get("country", "")), str(when)) if part)


def place_of(record: Record) -> Record:
    """The fields that tell where; empty where nothing does."""
    names = ("country", "latitude", "longitude", "degrees", "place_precision")
    return {name: record[name] for name in names if name in record}


def uuid_of(*parts: object) -> str:
    """The UUID (version 5) of the parts, the same on every machine."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join(str(part) for part in parts)))


def iso2_of(iso3: str) -> str:
    """ISO 3166 alpha-2 of an alpha-3 code; empty for fictional countries and those that are gone."""
    return _iso2().get(iso3, "")


@cache
def _iso2() -> dict[str, str]:
    return {one.iso3: one.iso2 for one in countries() if one.last is None and one.iso2}
