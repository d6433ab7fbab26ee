"""Reading a table of any format: the one entry to the readers beside it.

Tells the format from the bytes where it is not declared, and leaves out a row of HXL hashtags right below the
header, saying so. Refuses a declared format that the bytes contradict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from forewarn.collect.rejects import REJECT_COLUMNS
from forewarn.collect.tabular.chunk import Chunk, TableOptions
from forewarn.collect.tabular.columnar import read_parquet
from forewarn.collect.tabular.delimited import DELIMITERS, read_delimited
from forewarn.collect.tabular.jsonlines import read_json_lines
from forewarn.collect.tabular.opening import format_of, head_of
from forewarn.collect.tabular.workbook import read_workbook
from forewarn.errors import InputFormatError

__all__ = ["FORMATS", "HASHTAGS_SKIPPED", "is_rejects_head", "read_table"]

FORMATS = ("csv", "xlsx", "jsonl", "parquet")
HASHTAGS_SKIPPED = "hashtag row skipped"


def read_table(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The rows of a table in chunks, cells as text, missing ones null.

    Args:
        path: the bytes; the ending of the name does not matter.
        name: what to call the file in messages.
        options: what is declared of it.

    Raises:
        InputEncodingError, InputFormatError: it cannot be read; the message names the row or line and the mend.
    """
    options = options or TableOptions()
    told = format_of(path, name)
    if told == "csv" and is_rejects_head(head_of(path, name)):
        options = TableOptions(format="csv")
    if options.format and options.format != told and not (options.format == "csv" and told == "jsonl"):
        raise InputFormatError(f"is {told}, not {options.format}", where=name, mend="correct the declared format")
    chunks = _chunks(path, name, replace(options, format=options.format or told))
    return _without_hashtags(chunks)


def _chunks(path: Path, name: str, options: TableOptions) -> Iterator[Chunk]:
    match options.format:
        case "xlsx":
            return read_workbook(path, name, options.sheet)
        case "jsonl":
            return read_json_lines(path, name)
        case "parquet":
            return read_parquet(path, name)
        case _:
            return read_delimited(path, name, options)


def is_rejects_head(head: bytes) -> bool:
    """Whether these are rejects coming back, which are CSV whatever the format of the table they came from."""
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b'"', b"")
    return any(text.startswith(delimiter.join(REJECT_COLUMNS).encode()) for delimiter in DELIMITERS)


def _without_hashtags(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks without a first row of hashtags, the other rows numbered as if it were part of the header."""
    skipped, is_first = 0, True
    for chunk in chunks:
        if is_first and _begins_with_hashtags(chunk):
            skipped = 1
            frame, rows = chunk.frame.slice(1), chunk.rows.slice(1)
            chunk = replace(chunk, frame=frame, rows=rows, notes=(*chunk.notes, (HASHTAGS_SKIPPED, 1)))  # noqa: PLW2901
        is_first = False
        if skipped:
            faults = chunk.faults.with_columns(pl.col("row") - skipped)
            yield replace(chunk, rows=chunk.rows - skipped, faults=faults)
        else:
            yield chunk


def _begins_with_hashtags(chunk: Chunk) -> bool:
    """Whether every cell that is filled in the first row begins with ``#``."""
    if not chunk.frame.height or chunk.faults.filter(pl.col("row") == 1).height:
        return False
    filled = [cell for cell in chunk.frame.row(0) if cell]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
