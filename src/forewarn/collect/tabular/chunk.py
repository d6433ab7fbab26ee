"""The nouns of reading tables: how a table is to be read, and a stretch of its rows.

A chunk holds at most :data:`CHUNK_ROWS` rows, every cell as text, with the number of each row and the faults
that reading alone has found. A faulty row keeps its place, so that numbers always agree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import polars as pl

from forewarn.collect.rejects import no_faults
from forewarn.errors import InputFormatError, shorten

__all__ = ["CHUNK_ROWS", "LARGEST_COLUMNS", "Chunk", "TableOptions", "header_alone", "require_columns", "row_numbers"]

CHUNK_ROWS = 10_000
"""Most rows in one chunk. Larger ones are no faster, and several are in memory at a time."""
LARGEST_COLUMNS = 2_000
"""A table with more columns is refused: it is the wrong delimiter, or an attack."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is to be read; what is empty is told from the bytes.

    Attributes:
        format: csv, xlsx, jsonl or parquet.
        delimiter: one character between the cells of a CSV.
        sheet: name of the sheet of an XLSX; the first when empty.
    """

    format: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table.

    Attributes:
        frame: one String column per column of the table.
        rows: their numbers, counting data rows from 1.
        faults: what is wrong with whole rows, as frame of ``rejects.FAULTS``.
        notes: remarks on the reading, with how many rows each concerns.
    """

    frame: pl.DataFrame
    rows: pl.Series
    faults: pl.DataFrame = field(default_factory=no_faults)
    notes: tuple[tuple[str, int], ...] = ()


def header_alone(columns: Sequence[str]) -> Chunk:
    """The chunk of a table without rows, so that its columns are checked like those of any other."""
    return Chunk(pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), row_numbers(1, 0))


def row_numbers(first: int, count: int) -> pl.Series:
    """Consecutive row numbers."""
    return pl.Series("row", range(first, first + count), dtype=pl.Int64)


def require_columns(names: Sequence[str], name: str) -> None:
    """Column names are there, not too many, and each once.

    Raises:
        InputFormatError: naming the file and the first offending column.
    """
    if not any(names):
        raise InputFormatError("has no column names", where=name, mend="give it a header row")
    if len(names) > LARGEST_COLUMNS:
        raise InputFormatError(
            f"has {len(names):,} columns, {LARGEST_COLUMNS:,} at most", where=name, mend="check the delimiter"
        )
    seen: Collection[str] = set()
    for column in names:
        if column in seen:
            raise InputFormatError(
                f"has the column '{shorten(column)}' twice", where=f"{name}, header", mend="rename one of them"
            )
        seen = {*seen, column}
