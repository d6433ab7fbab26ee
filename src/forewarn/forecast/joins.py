"""Further covariates from tables of other makers, joined by unit and period: how many fled, how many were taken in.

Rows of one unit and period are added up, so a table of flows between countries may be joined by either end. Units are
matched as written or, with ``match = "country"``, as the country they name. What the table does not have is missing,
never zero. Values are people or things, put on ``log(1 + x)``; negative ones are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.errors import InputFormatError, InputValueError, UnknownNameError
from forewarn.forecast.spec import JoinSpec
from forewarn.taxonomy.countries import country

__all__ = ["Joined", "joined_columns"]


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """``values[row, column]`` on ``log(1 + x)``, NaN where the table has none; and the units it has nothing on."""

    values: NDArray[np.float64]
    units_without: tuple[str, ...]


def joined_columns(
    units: NDArray[np.str_], periods: NDArray[np.int64], table: pl.DataFrame, spec: JoinSpec, *, where: str
) -> Joined:
    """The columns of one ``[[join]]`` for each row of a panel."""
    by_country = spec.match == "country"
    keyed = table.select(
        _ids(table[spec.unit], by_country=by_country).alias("unit"),
        _periods(table[spec.period], where).alias("period"),
        *(_amounts(table[name], where) for name in spec.columns),
    ).filter(pl.col("unit").is_not_null() & pl.col("period").is_not_null())
    # a sum over nothing known stays unknown
    sums = [pl.when(pl.col(n).is_not_null().any()).then(pl.col(n).sum()).alias(n) for n in spec.columns]
    added = keyed.group_by("unit", "period").agg(sums)
    rows = pl.DataFrame({"unit": _ids(pl.Series(units.tolist()), by_country=by_country), "period": periods})
    found = rows.join(added, on=["unit", "period"], how="left", maintain_order="left", nulls_equal=False)
    values = found.select(pl.col(spec.columns).log1p().fill_null(float("nan"))).to_numpy().astype(np.float64)
    seen = set(keyed["unit"].to_list())
    without = {name for name, one in zip(units.tolist(), rows["unit"].to_list(), strict=True) if one not in seen}
    if len(without) == len(set(units.tolist())):
        raise InputValueError(
            f"column {spec.unit} has no unit of the panel", where=where, mend='name the column, or match = "country"'
        )
    return Joined(values, tuple(sorted(without)))


def _ids(column: pl.Series, *, by_country: bool) -> pl.Series:
    text = column.cast(pl.String)
    if not by_country:
        return text
    known = dict(_countries(text.drop_nulls().unique().to_list()))
    return pl.Series([known.get(name) for name in text.to_list()], dtype=pl.String)


def _countries(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, country(name).iso3
        except UnknownNameError:
            continue


def _periods(column: pl.Series, where: str) -> pl.Series:
    if not column.dtype.is_numeric():
        raise InputFormatError(
            f"holds {column.dtype}, not whole numbers", where=f"{where}, column {column.name}", mend="use years or ids"
        )
    number = column.cast(pl.Float64)
    odd = (number.is_not_null() & ~((number == number.round()) & (number.abs() < 1e9))).fill_null(value=True)
    if odd.any():
        row = int(odd.arg_max() or 0)
        raise InputValueError(
            f"{column[row]} is no whole number",
            where=f"{where}, row {row + 1}, column {column.name}",
            mend="correct it",
        )
    return number.cast(pl.Int64)


def _amounts(column: pl.Series, where: str) -> pl.Series:
    if not column.dtype.is_numeric():
        raise InputFormatError(f"holds {column.dtype}, not numbers", where=f"{where}, column {column.name}")
    number = column.cast(pl.Float64).fill_nan(None)
    odd = (number.is_not_null() & ~((number >= 0) & (number < 1e15))).fill_null(value=False)
    if odd.any():
        row = int(odd.arg_max() or 0)
        raise InputValueError(
            f"{column[row]} is not a number from 0 on",
            where=f"{where}, row {row + 1}, column {column.name}",
            mend="correct it, or leave the cell empty where it is missing",
        )
    return number
