"""Reading parquet: its columns as text, a stretch of rows at a time.

Days and instants become ISO 8601, lists and structs JSON text, bytes are refused as nobody can read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from forewarn.collect.tabular.chunk import Chunk, header_alone, require_columns, row_numbers
from forewarn.errors import InputFormatError

__all__ = ["read_parquet"]

_ROWS = 50_000


def read_parquet(path: Path, name: str) -> Iterator[Chunk]:
    """The rows of a parquet file in chunks.

    Raises:
        InputFormatError: it is damaged or cut off, or a column holds bytes.
    """
    try:
        with parquet.ParquetFile(path) as file:
            names = [column.strip() for column in file.schema_arrow.names]
            require_columns(names, name)
            first = 1
            for batch in file.iter_batches(batch_size=_ROWS):
                frame = pl.DataFrame(pl.from_arrow(batch))
                yield Chunk(_as_text(frame, name), row_numbers(first, frame.height))
                first += frame.height
            if first == 1:
                yield header_alone(names)
    except (pa.ArrowException, OSError):
        raise InputFormatError("cannot be read as parquet", where=name, mend="get the whole file again") from None


def _as_text(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    texts = [_column_text(frame[column], name).alias(column.strip()) for column in frame.columns]
    return pl.DataFrame(texts).with_columns(pl.all().replace("", None))


def _column_text(column: pl.Series, name: str) -> pl.Series:
    kind = column.dtype
    if kind in (pl.Date, pl.Time, pl.Duration) or isinstance(kind, pl.Datetime):
        return column.dt.to_string("iso" if kind != pl.Datetime else "%Y-%m-%d %H:%M:%S")
    if kind.is_nested():
        texts = [None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in column.to_list()]
        return pl.Series(column.name, texts, dtype=pl.String)
    if kind in (pl.Binary, pl.Object):
        raise InputFormatError("holds bytes", where=f"{name}, column {column.name}", mend="leave the column out")
    return column.cast(pl.String)
