"""ReliefWeb: reports and updates as the API v2 gives them, a page of ``data`` with ``fields`` in each item.

Owns where the API puts title, day, language and sources. What is not said stays unsaid; a report without its own
day counts by the day ReliefWeb posted it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from forewarn.collect.gathering import Item, Unread, chunks_of, corrected_rejects
from forewarn.collect.jsonpages import flat, json_items, json_text
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling

__all__ = ["COLUMNS", "read", "tell"]

COLUMNS = (
    "id",
    "title",
    "body",
    "date/original",
    "date/created",
    "date/changed",
    "source",
    "country",
    "primary_country/iso3",
    "language",
    "url",
)
_NAMES = {
    "external_id": "id",
    "title": "title",
    "text": "body",
    "published_on": "date/original",
    "source_name": "source",
    "language": "language",
}


def tell(frame: pl.DataFrame) -> Telling:
    """What items say: a statement of the body that wrote it, on its day."""
    told = {
        "external_id": pl.col("id"),
        "title": pl.col("title"),
        "text": pl.col("body"),
        "published_on": pl.coalesce("date/original", "date/created"),
        "source_name": _first("source", "name"),
        "language": _first("language", "code"),
    }
    return Telling(frame.select(**told), _NAMES)


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The items of one or several pages as rows: fields by their path, lists as JSON text.

    Raises:
        InputFormatError: it is no JSON, or cut off.
    """
    return corrected_rejects(path, name) or chunks_of(_items(path, name), name, columns=COLUMNS)


def _items(path: Path, name: str) -> Iterator[Item]:
    for one in json_items(path, name, ("data",)):
        yield one if isinstance(one, Unread) else _row(one)


def _row(item: dict[str, object]) -> Item:
    fields = item.get("fields")
    if not isinstance(fields, dict):
        return Unread(str(item.get("id", "")), "has no fields", "ask the API for fields, as in profile=full")
    row = {path: json_text(value) for path, value in flat(fields)}
    return row | {"id": json_text(item.get("id", fields.get("id")))}


def _first(column: str, key: str) -> pl.Expr:
    """The value of the key in the first object of a list in JSON text."""
    return pl.col(column).str.json_path_match(f"$[0].{key}")
