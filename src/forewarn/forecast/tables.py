"""Tables of anybody's making, as arrays: panels, actuals and forecasts in CSV or parquet.

What cannot be used is refused with the file, the row and the mend; nothing is dropped or guessed. An empty
cell is missing; NaN, infinite and negative counts are errors, because they come from a slip upstream. Rows
are numbered from 1 after the header.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.errors import InputEncodingError, InputFormatError, InputNotFoundError, InputValueError, shorten
from forewarn.model.validation import LARGEST_COUNT

__all__ = [
    "CountTable",
    "count_table",
    "key_columns",
    "open_table",
    "read_table",
    "require_counts",
    "require_unique",
]

_TAIL_BYTES = 65_536
_LONGEST_SPAN = 30_000


@dataclass(frozen=True, slots=True, eq=False)
class CountTable:
    """A count per unit and period: ``values[unit, period]``, NaN where the table has none.

    ``units`` are the ids as text, sorted; ``is_number`` tells whether they were whole numbers.
    """

    values: NDArray[np.float64]
    units: tuple[str, ...]
    first_period: int
    is_number: bool

    @property
    def is_whole(self) -> bool:
        """Whether every count is a whole number as float32 holds it."""
        known = self.values[~np.isnan(self.values)].astype(np.float32)
        return bool((known == np.round(known)).all())

    @property
    def last_period(self) -> int:
        """The last period of any unit."""
        return self.first_period + int(self.values.shape[1]) - 1

    def between(self, first: int, last: int) -> NDArray[np.float64]:
        """``[unit, period]`` for the periods from first to last, NaN outside the table."""
        wanted = np.arange(first, last + 1) - self.first_period
        inside = (wanted >= 0) & (wanted < self.values.shape[1])
        result = np.full((len(self.units), wanted.size), np.nan)
        result[:, inside] = self.values[:, wanted[inside]]
        return result


def open_table(path: Path) -> pl.LazyFrame:
    """A CSV or parquet file, its rows not read yet (of a CSV they are).

    Raises:
        InputNotFoundError: no such file.
        InputEncodingError: a CSV that is not UTF-8.
        InputFormatError: another format, or cut off.
    """
    if not path.is_file():
        raise InputNotFoundError("no such file", where=str(path), mend="check the path")
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet", ".pq"):
        raise InputFormatError(f"'{kind}' is neither csv nor parquet", where=str(path), mend="convert the file")
    try:
        lazy = _read_csv(path).lazy() if kind == ".csv" else pl.scan_parquet(path, glob=False)
        lazy.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _explained(error, path) from None
    return lazy


def read_table(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """A CSV or parquet file, whole or some of its columns; raises as :func:`open_table` does.

    A file without rows, or without a column asked for, is refused with ``InputFormatError``.
    """
    lazy = open_table(path)
    _require_columns(lazy.collect_schema().names(), columns, path)
    try:
        frame = (lazy.select(columns) if columns else lazy).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _explained(error, path) from None
    if frame.height == 0:
        raise InputFormatError("has no rows", where=str(path), mend="check the export")
    return frame


def count_table(frame: pl.DataFrame, *, unit: str, period: str, value: str, where: str) -> CountTable:
    """A table with one row per unit and period as a matrix of counts; gaps and empty cells are NaN.

    Raises:
        InputValueError: a unit-period twice, a missing id, a count that is NaN, negative or absurd.
    """
    keys = key_columns(frame, unit=unit, period=period, where=where)
    require_unique(keys, where=where)
    counts = require_counts(frame[value], where=where)
    units, codes = np.unique(keys["unit"].to_numpy().astype(np.str_), return_inverse=True)
    periods = keys["period"].to_numpy()
    first = int(periods.min())
    span = int(periods.max()) - first + 1
    if span > _LONGEST_SPAN:
        raise InputValueError(
            f"periods run from {first} to {first + span - 1}",
            where=f"{where}, column {period}",
            mend="use month ids or years",
        )
    values = np.full((units.size, span), np.nan)
    values[codes, periods - first] = counts
    return CountTable(values, tuple(str(u) for u in units), first, frame[unit].dtype.is_numeric())


def key_columns(frame: pl.DataFrame, *, unit: str, period: str, where: str) -> pl.DataFrame:
    """Columns ``unit`` (text) and ``period`` (int64) of a table; whole floats count as whole numbers.

    A missing, fractional or non-numeric key is refused, naming its row.
    """
    return pl.DataFrame(
        {"unit": _unit_text(frame[unit], where), "period": _whole(frame[period], where, mend="use ids or years")}
    )


def require_unique(keys: pl.DataFrame, *, where: str) -> None:
    """Each row of keys comes once; the first that comes again is named with its row."""
    again = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    if again.any():
        row = int(again.arg_max() or 0)
        names = ", ".join(f"{name} {shorten(value)}" for name, value in zip(keys.columns, keys.row(row), strict=True))
        raise InputValueError(
            f"{names} comes twice", where=f"{where}, row {row + 1}", mend="keep one row per unit and period"
        )


def require_counts(column: pl.Series, *, where: str, empty_is_missing: bool = True) -> NDArray[np.float64]:
    """A column of counts as numbers, NaN where the cell is empty (or refused, if that may not be).

    NaN, infinite, negative and absurd counts are refused, naming the first row.
    """
    number = column.cast(pl.Float64, strict=False)
    odd = number.is_null() & column.is_not_null()
    _refuse_first(odd, column, where, "is no number", mend="correct it")
    if not empty_is_missing:
        _refuse_first(column.is_null(), column, where, "is missing", mend="give every draw")
    bad = (~((number >= 0) & (number <= LARGEST_COUNT))).fill_null(value=False)
    mend = "correct it, or leave the cell empty where the count is missing"
    _refuse_first(bad, column, where, f"is not a count from 0 to {LARGEST_COUNT:,}", mend=mend)
    return number.fill_null(float("nan")).to_numpy()


def _read_csv(path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema_length=None)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = file.read()
    last_line = tail.rstrip(b"\r\n").rsplit(b"\n", 1)[-1].decode("utf-8", "replace")
    # polars fills the fields a last line lacks with nulls, which would read as missing values
    if not tail.endswith((b"\n", b"\r")) and len(next(csv.reader([last_line]), [])) < frame.width:
        raise InputFormatError("the last row is cut off", where=str(path), mend="fetch the file again")
    return frame


def _require_columns(present: Sequence[str], wanted: Sequence[str] | None, path: Path) -> None:
    missing = [name for name in wanted or () if name not in present]
    if missing:
        shown = ", ".join(shorten(name, 40) for name in list(present)[:30])
        raise InputFormatError(
            f"has no column {', '.join(repr(shorten(name)) for name in missing)}",
            where=str(path),
            mend=f"its columns are {shown}",
        )


def _explained(error: Exception, path: Path) -> InputFormatError | InputEncodingError:
    if "utf-8" in str(error).lower() or "utf8" in str(error).lower():
        return InputEncodingError("is not UTF-8 text", where=str(path), mend="save it as UTF-8")
    return InputFormatError(
        f"cannot be read ({shorten(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)})",
        where=str(path),
        mend="check that it is whole and fetch it again",
    )


def _unit_text(column: pl.Series, where: str) -> pl.Series:
    if column.dtype == pl.String:
        bad = column.is_null() | (column.str.strip_chars() == "")
        _refuse_first(bad, column, where, "is empty", mend="name the unit")
        return column
    return _whole(column, where, mend="name units by text or whole numbers").cast(pl.String)


def _whole(column: pl.Series, where: str, *, mend: str) -> pl.Series:
    if not column.dtype.is_numeric():
        raise InputFormatError(
            f"holds {column.dtype}, not whole numbers", where=f"{where}, column {column.name}", mend=mend
        )
    number = column.cast(pl.Float64)
    bad = (number.is_null() | ~number.is_finite() | (number != number.round())).fill_null(value=True)
    _refuse_first(bad, column, where, "is no whole number", mend=mend)
    return column.cast(pl.Int64)


def _refuse_first(bad: pl.Series, column: pl.Series, where: str, what: str, *, mend: str) -> None:
    if bad.any():
        row = int(bad.arg_max() or 0)
        raise InputValueError(
            f"{shorten(column[row])} {what}", where=f"{where}, row {row + 1}, column {column.name}", mend=mend
        )
