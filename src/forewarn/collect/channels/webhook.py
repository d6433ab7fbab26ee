"""Reports as partners post them: JSON Lines in our own schema ``forewarn.report/1``, one report a line.

Owns the keys of the schema. A key it does not know rejects the line without keeping what stood there, for it may
name somebody; another version of the schema is refused line by line. Lists are ``parties`` (texts) and ``origins``
(objects of ``name`` and ``day``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from forewarn.collect.offers import offer
from forewarn.collect.rejects import FAULTS, fault_row
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.telling import Telling
from forewarn.errors import InputFormatError, shorten
from forewarn.model.claim import COUNT_FIELDS

__all__ = ["KEYS", "SCHEMA", "read", "tell"]

SCHEMA = "forewarn.report/1"
_FIELDS = {
    "id": "external_id",
    "source": "source_name",
    "source_kind": "source_kind",
    "published_on": "published_on",
    "title": "title",
    "text": "text",
    "language": "language",
    "sensitivity": "sensitivity",
    "act": "act",
    "violence": "violence",
    "started_on": "started_on",
    "ended_on": "ended_on",
    "date_precision": "date_precision",
    "country": "country",
    "admin1": "admin1",
    "admin2": "admin2",
    "place_name": "place_name",
    "latitude": "latitude",
    "longitude": "longitude",
    "place_precision": "place_precision",
    "alleged_by": "alleged_by",
    "target": "target",
    **{name: name for name in COUNT_FIELDS},
}
KEYS = ("schema", *_FIELDS, "parties", "origins")
"""Every key a line may have."""
_TEXTS = pl.List(pl.String)
_ORIGINS = pl.List(pl.Struct({"name": pl.String, "day": pl.String}))


def tell(frame: pl.DataFrame) -> Telling:
    """What lines say: each key is the field of its name."""
    told = {field: pl.col(key) for key, field in _FIELDS.items()}
    origins = pl.col("origins").str.json_decode(_ORIGINS)
    told["parties"] = pl.col("parties").str.json_decode(_TEXTS)
    told["origin_names"] = origins.list.eval(pl.element().struct.field("name"))
    told["origin_days"] = origins.list.eval(pl.element().struct.field("day"))
    return Telling(frame.select(**told), {field: key for key, field in _FIELDS.items()})


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The lines as rows of all :data:`KEYS`; what is wrong with the keys of a line is its fault.

    Raises:
        InputError: it is not JSON Lines, nor a rejects file of such, or is cut off.
    """
    for chunk in read_table(path, name, options):
        if "schema" not in chunk.frame.columns:
            raise InputFormatError("no line says its schema", where=name, mend=f"give each line 'schema': '{SCHEMA}'")
        yield _checked(chunk)


def _checked(chunk: Chunk) -> Chunk:
    frame = chunk.frame
    unread = chunk.rows.is_in(chunk.faults["row"].implode())
    absent = [pl.lit(None, pl.String).alias(key) for key in KEYS if key not in frame.columns]
    known = frame.with_columns(absent).select(KEYS)
    faults = [
        fault_row(row, "schema", said or "", "is not the schema we read", f"write {SCHEMA}")
        for row, said in zip(chunk.rows, known["schema"], strict=True)
        if said != SCHEMA
    ]
    for key in (key for key in frame.columns if key not in KEYS):
        rows = chunk.rows.filter(frame[key].is_not_null())
        faults += [fault_row(row, shorten(key), "", "is an unknown key", offer(key, KEYS)) for row in rows]
    faults += _broken_lists(known, chunk.rows)
    ours = pl.DataFrame(faults, schema=FAULTS, orient="row").filter(
        ~pl.col("row").is_in(chunk.rows.filter(unread).implode())
    )
    whole = [pl.when(_is_list(key)).then(key) for key in ("parties", "origins")]
    return replace(chunk, frame=known.with_columns(whole), faults=pl.concat([chunk.faults, ours]))


def _broken_lists(frame: pl.DataFrame, rows: pl.Series) -> list[tuple[int, str, str, str, str]]:
    forms = {"parties": 'a list of texts: ["a", "b"]', "origins": 'a list of {"name": ..., "day": ...}'}
    found = []
    for key, form in forms.items():
        broken = frame.select(pl.col(key).is_not_null() & ~_is_list(key)).to_series()
        found += [fault_row(row, key, "", "is not of its form", f"write {form}") for row in rows.filter(broken)]
    return found


_TEXT = r'"([^"\\\x00-\x1f]|\\["\\/bfnrt])*"'
_DAY = r'"\d{4}-\d{2}-\d{2}"'
_ORIGIN = rf'\{{("name":{_TEXT}(,"day":({_DAY}|null))?|"day":({_DAY}|null),"name":{_TEXT})\}}'
_FORMS = {
    "parties": rf"^\[({_TEXT}(,{_TEXT})*)?\]$",
    "origins": rf"^\[({_ORIGIN}(,{_ORIGIN})*)?\]$",
}


def _is_list(key: str) -> pl.Expr:
    return pl.col(key).str.contains(_FORMS[key])
