"""Read the narratives of a table into claims and write them to a file, a part at a time.

Nothing goes into a store and nothing of the narratives goes into the result but codes, numbers, names of places and
listed bodies, and offsets. The file is the user's own working file, whole or not there at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from forewarn.collect.narratives.extract import Source, claims_frame, narratives_of
from forewarn.collect.tabular import Chunk, read_table
from forewarn.errors import (
    InputFormatError,
    InputNotFoundError,
    InputValueError,
    UsageError,
    shorten,
)
from forewarn.exchange import format_of, hand_back, write_releases
from forewarn.operations.workspace import Progress, no_progress

__all__ = ["Extracted", "Source", "extract"]

_PART_ROWS = 2_000
"""Narratives between two reports of progress: about two seconds of work."""


@dataclass(slots=True)
class Extracted:
    """What was read and written.

    Attributes:
        file, format: what was written.
        rows: rows of the table.
        blank: rows without a narrative, which give no claim.
        claims: rows of the result.
        told: how many claims tell each of the main things.
        unread_dates, unread_countries: cells of context that no day or country could be read from.
        faulty: rows that the reader of tables found damaged, left out.
    """

    file: str
    format: str
    rows: int = 0
    blank: int = 0
    claims: int = 0
    told: dict[str, int] = field(default_factory=dict)
    unread_dates: int = 0
    unread_countries: int = 0
    faulty: int = 0


def extract(path: Path, out: Path, source: Source, *, progress: Progress = no_progress) -> Extracted:
    """Write the claims of a table's narratives, one row each, as CSV or parquet.

    Args:
        path: CSV, XLSX, JSON Lines or parquet, told from its bytes.
        out: ending in ``.csv`` or ``.parquet``; replaced when all is done, untouched on any failure.
        source: which columns tell what.
        progress: told of each part.

    Raises:
        InputNotFoundError: there is no such file, or it may not be read.
        InputEncodingError, InputFormatError: it cannot be read, or lacks a column named.
        InputValueError: a cell is far too long for a narrative.
        UsageError: the result has another ending, or would replace the table.
    """
    ending = _ending(out)
    if not path.is_file():
        raise InputNotFoundError("is not there", where=shorten(path), mend="name a table")
    if out.resolve() == path.resolve():
        raise UsageError("the result would replace the table", where="--out", mend="name another file")
    made = Extracted(out.name, ending)
    parts = (hand_back(part) for part in _parts(path, source, made, progress))
    write_releases(parts, out, is_described=False)
    return made


def _ending(out: Path) -> str:
    ending = format_of(out)
    if ending not in ("csv", "parquet"):
        raise UsageError(f"claims of narratives are not written as {ending}", where="--out", mend="use csv or parquet")
    return ending


def _parts(path: Path, source: Source, made: Extracted, progress: Progress) -> Iterator[pl.DataFrame]:
    """The claims, in parts; at least one, so that the result has its columns."""
    try:
        for chunk in read_table(path, path.name):
            frame, rows = _sound(chunk, made)
            _require_columns(frame, source, path.name)
            for offset in range(0, max(frame.height, 1), _PART_ROWS):
                part = rows.slice(offset, _PART_ROWS).to_list()
                yield _part(frame.slice(offset, _PART_ROWS), part, source, made)
                progress(made.rows, 0, f"{made.rows:,} narratives read")
    except InputValueError as error:
        raise InputValueError(error.what, where=f"{path.name}, {error.where}", mend=error.mend) from error
    except OSError as error:
        raise InputNotFoundError(
            f"cannot be read ({error.strerror})", where=path.name, mend="check that the file may be read"
        ) from error


def _sound(chunk: Chunk, made: Extracted) -> tuple[pl.DataFrame, pl.Series]:
    """The rows of a chunk that reading found no fault with, and their numbers."""
    bad = chunk.faults["row"].unique()
    if not bad.len():
        return chunk.frame, chunk.rows
    made.faulty += bad.len()
    keep = ~chunk.rows.is_in(bad.implode())
    return chunk.frame.filter(keep), chunk.rows.filter(keep)


def _require_columns(frame: pl.DataFrame, source: Source, name: str) -> None:
    options = (("--text-column", source.text), ("--date-column", source.date), ("--country-column", source.country))
    for option, column in options:
        if (column or option == "--text-column") and column not in frame.columns:
            known = ", ".join(shorten(one, 40) for one in frame.columns[:12])
            more = ", ..." if len(frame.columns) > 12 else ""
            raise InputFormatError(
                f"has no column '{shorten(column)}'", where=f"{name}, {option}", mend=f"name one of {known}{more}"
            )


def _part(frame: pl.DataFrame, rows: list[int], source: Source, made: Extracted) -> pl.DataFrame:
    """The claims of some rows, counted."""
    filed = narratives_of(frame, source, rows)
    claims = claims_frame(filed.narratives, rows)
    made.rows += frame.height
    made.blank += sum(not one.text.strip() for one in filed.narratives)
    made.claims += claims.height
    made.unread_dates += filed.unread_dates
    made.unread_countries += filed.unread_countries
    for name, told in _TOLD.items():
        made.told[name] = made.told.get(name, 0) + int(claims.select(told.sum()).item() or 0)
    return claims


_TOLD = {
    "act": pl.col("act") != "unknown",
    "actor_class": pl.col("actor_class") != "unknown",
    "weapon": pl.col("weapon") != "unknown",
    "date": pl.col("date_start").is_not_null(),
    "place": pl.col("place_name").is_not_null(),
    "coordinates": pl.col("latitude").is_not_null(),
    "killed": pl.col("killed_best").is_not_null(),
    "injured": pl.col("injured_best").is_not_null(),
    "abducted": pl.col("abducted_best").is_not_null(),
    "negated": pl.col("negated"),
}
"""What a claim may tell, and how that is seen."""
