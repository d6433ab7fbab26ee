"""The data dictionary beside a table: what each column means, of which type it is, which words it may hold.

Owns the form: metadata of W3C's CSV on the Web, ``FILE-metadata.json``, so that a reader finds it untold and can check
the file by it. The meanings are those of ``model.tables``; each column is told with its class. A column that nobody has
described is said to be so.
Source: W3C, Metadata Vocabulary for Tabular Data (2015).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from forewarn.model.claim import ACTS, DATE_PRECISIONS, VIOLENCE_TYPES
from forewarn.model.markings import NOT_RELEASED
from forewarn.model.place import PLACE_PRECISIONS
from forewarn.model.provenance import KNOWN_BASES, Sensitivity
from forewarn.model.releasability import PAP_LABELS, TLP_LABELS
from forewarn.model.report import REPORT_KINDS
from forewarn.model.tables import CLAIM_COLUMNS, INCIDENT_COLUMNS, REPORT_COLUMNS, Column
from forewarn.model.terms import TERM_COLUMNS
from forewarn.taxonomy.disclosing import field_class

__all__ = ["codebook_of", "codebook_path"]

_MORE = (
    Column("source_name", "text", "who says it, as printed"),
    Column("incident_id", "text", "the incident the claim is held to be part of"),
    Column("month", "text", "YYYY-MM, or YYYY where no month is told; 'all' in a total, 'unknown' where not known"),
    Column("place", "text", "the block told as side, north, east in degrees; 'all' in a total; 'elsewhere'"),
    Column("degrees", "number", "side of the block of cells that latitude and longitude are the middle of"),
    Column("incidents", "count", "incidents counted"),
    Column("deaths_at_least", "count", "deaths of them, the low ends added up"),
    Column("is_hidden", "flag", "whether the counts are withheld: too few, or others could be reckoned from them"),
    Column("releasability", "text", "Traffic Light label"),
    Column("permissible_actions", "text", "what a receiver may do, PAP"),
    Column("purpose", "text", "what it may be used for"),
    Column("expires_on", "day", "the last day of use"),
    Column("told_by", "text", "the partner or the node whose row it is"),
)
_WORDS: Mapping[str, tuple[str, ...]] = {
    "act": ACTS,
    "violence": VIOLENCE_TYPES,
    "date_precision": DATE_PRECISIONS,
    "place_precision": PLACE_PRECISIONS,
    "known_basis": KNOWN_BASES,
    "sensitivity": tuple(Sensitivity),
    "kind": REPORT_KINDS,
    "releasability": TLP_LABELS,
    "permissible_actions": PAP_LABELS,
}
_TYPES = {"count": "integer", "number": "number", "day": "date", "instant": "dateTime", "flag": "boolean"}
_BY_NAME = {column.name: column for column in (*_MORE, *REPORT_COLUMNS, *INCIDENT_COLUMNS, *CLAIM_COLUMNS)}
_UNKNOWN = "not described: a column of the file that was handed in"


def codebook_path(path: Path) -> Path:
    """Where the data dictionary of a file stands."""
    return path.with_name(f"{path.name}-metadata.json")


def codebook_of(file: str, rows: pl.DataFrame) -> str:
    """The data dictionary of a file with those columns, as JSON.

    Args:
        file: its name.
        rows: some of its rows; the terms are theirs where all have the same, and else nobody's.
    """
    ids = [name for name in ("claim_id", "incident_id", "report_id") if name in rows.columns]
    schema: dict[str, Any] = {"columns": [_column(name, kind) for name, kind in rows.schema.items()]}
    if ids:
        schema["primaryKey"] = ids[0]
    made = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:rights": _rights(rows),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "tableSchema": schema,
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _rights(rows: pl.DataFrame) -> str:
    if not set(TERM_COLUMNS) <= set(rows.columns):
        return NOT_RELEASED
    terms = rows.select(TERM_COLUMNS).unique()
    if terms.height != 1 or None in terms.row(0):
        return NOT_RELEASED
    label, actions, purpose, expires_on = terms.row(0)
    return f"{label}; {actions}; for '{purpose}' only; until {expires_on}"


def _column(name: str, kind: Any) -> dict[str, Any]:
    known = _BY_NAME.get(name)
    datatype: Any = _TYPES.get(known.kind, "string") if known else _plain(kind)
    if name in _WORDS:
        datatype = {"base": "string", "format": "|".join(re.escape(word) for word in _WORDS[name])}
    return {
        "name": re.sub(r"\W", "_", name) or "column",
        "titles": name,
        "datatype": datatype,
        "null": "",
        "dc:description": known.meaning if known else _UNKNOWN,
        "dc:accessRights": field_class(name),
    }


def _plain(kind: Any) -> str:
    if kind.is_integer():
        return "integer"
    return "number" if kind.is_float() else "boolean" if kind == pl.Boolean else "string"
