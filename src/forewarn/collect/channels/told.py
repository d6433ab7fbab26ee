"""Small expressions that several channels share: cells as numbers, days, words and sums, absent columns as null.

Every one leaves what it cannot read as it is or as null, as its docstring says; none guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from forewarn.model.validation import LARGEST_COUNT

__all__ = [
    "at_most_counted",
    "compact_day",
    "figures",
    "number",
    "others_than",
    "positive_sum",
    "whole_id",
    "with_absent",
]


def with_absent(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with these columns, absent ones null."""
    absent = dict.fromkeys(name for name in columns if name not in frame.columns)
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def number(column: str) -> pl.Expr:
    """The cell as a finite number; anything else, ``-`` for example, is null."""
    value = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def whole_id(column: str) -> pl.Expr:
    """An id that a spreadsheet has turned into a number, ``42677.0``, as it was."""
    return pl.col(column).str.strip_chars().str.replace(r"^(\d+)\.0+$", "$1")


def others_than(column: str, words: Sequence[str]) -> pl.Expr:
    """The cell, null where it is one of the words (case does not matter)."""
    cell = pl.col(column).str.strip_chars()
    return pl.when(~cell.str.to_lowercase().is_in([word.lower() for word in words])).then(cell)


def compact_day(column: str) -> pl.Expr:
    """``YYYYMMDD`` with or without a time behind it as ISO 8601; anything else as it is."""
    return pl.col(column).str.strip_chars().str.replace(r"^(\d{4})(\d{2})(\d{2})(\d{6})?$", "$1-$2-$3")


def positive_sum(columns: Sequence[str]) -> pl.Expr:
    """The sum of the numbers above zero; null where there is none."""
    if not columns:
        return pl.lit(None, pl.Float64)
    values = [pl.when(number(column) > 0).then(number(column)) for column in columns]
    total = pl.sum_horizontal(values, ignore_nulls=True)
    return pl.when(total > 0).then(total)


def at_most_counted(name: str, value: pl.Expr) -> dict[str, pl.Expr]:
    """A count as ``low`` and ``best``; above the largest that a claim may hold it is told as at least that many."""
    return {
        f"{name}_low": pl.when(value > LARGEST_COUNT).then(pl.lit(str(LARGEST_COUNT))),
        f"{name}_best": pl.when(value <= LARGEST_COUNT).then(value.cast(pl.String)),
    }


def figures(columns: Mapping[str, str]) -> pl.Expr:
    """The numbers above zero in words: ``refugees 1200, asylum-seekers 30``; empty where there is none.

    Args:
        columns: column by column, what to call it.
    """
    parts = [
        pl.when(number(column) > 0).then(
            pl.lit(f"{word} ") + number(column).round(0).cast(pl.Int64, strict=False).cast(pl.String)
        )
        for column, word in columns.items()
    ]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True) if parts else pl.lit("")
