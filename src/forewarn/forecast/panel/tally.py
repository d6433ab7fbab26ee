"""Incidents in a table of any engine, added up to unit-months there: the one step whose input can outgrow a machine.

Written with narwhals, so the same lines run on polars, DuckDB and PySpark, and only unit-months with an incident come
back. Counts as ``build`` does: what became known after the day is not seen, a missing figure adds nothing and is never
made zero, and a negative or impossible one is refused wherever it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from forewarn.errors import InputFormatError, InputValueError, UnknownNameError, shorten
from forewarn.forecast.panel.build import INCIDENT_COUNT
from forewarn.model.panel import IncidentArrays

__all__ = ["tallied_arrays", "tally"]

_KEYS = ("unit", "month")
_LEAST = "_least"


def tally(table: Any, *, as_known_at: date, counts: Sequence[str] = ()) -> pl.DataFrame:
    """How many incidents, and how many in all by each count, per unit and month.

    Args:
        table: a table of polars, DuckDB or PySpark, or any other that narwhals knows, one row per incident: ``unit``
            (text), ``month`` (a month id), ``known_on`` (a date) and the counts (numbers, null where not told).
        as_known_at: rows known later are not seen.
        counts: the columns to add up.

    Returns:
        ``unit``, ``month``, ``incidents`` and the sums, float64, sorted by unit and month; a sum is null where no
        incident of the unit-month tells the figure.

    Raises:
        InputFormatError: a column is missing.
        InputValueError: a row without unit or month, or a count below zero or not finite.
    """
    frame = nw.from_native(table).lazy()
    present = frame.collect_schema().names()
    for name in (*_KEYS, "known_on", *counts):
        if name not in present:
            raise InputFormatError(f"has no column '{shorten(name)}'", where="incidents", mend="name it so")
    seen = frame.filter(nw.col("known_on") <= nw.lit(as_known_at)).with_columns(
        nw.col(name).cast(nw.Float64) for name in counts
    )
    added = seen.group_by(*_KEYS).agg(
        nw.len().cast(nw.Float64).alias(INCIDENT_COUNT),
        *(nw.col(name).sum().alias(name) for name in counts),
        *(nw.col(name).min().alias(name + _LEAST) for name in counts),
        *(nw.col(name).count().alias(f"{name}_told") for name in counts),
    )
    found: pl.DataFrame = added.collect(backend="polars").to_native().sort(_KEYS)
    _require_possible(found, counts)
    told = [pl.when(pl.col(f"{name}_told") > 0).then(name).alias(name) for name in counts]
    return found.select(pl.col("unit").cast(pl.String), pl.col("month").cast(pl.Int32), INCIDENT_COUNT, *told)


def tallied_arrays(tallied: pl.DataFrame, units: Sequence[str], *, as_known_at: date) -> IncidentArrays:
    """A tally as columns to build a panel from: each row stands for the incidents of its unit-month.

    Raises:
        UnknownNameError: it names a unit that is not among ``units``.
    """
    place = {unit: k for k, unit in enumerate(units)}
    strangers = sorted(set(tallied["unit"]) - set(place))
    if strangers:
        raise UnknownNameError(f"no unit '{shorten(strangers[0])}'", where="tally", mend="name it among the units")
    names = [name for name in tallied.columns if name not in _KEYS]
    return IncidentArrays(
        unit=tallied["unit"].replace_strict(place, return_dtype=pl.Int32).to_numpy(),
        month=tallied["month"].to_numpy(),
        known_on=np.full(tallied.height, np.datetime64(as_known_at, "D")),
        counts={name: tallied[name].fill_null(0.0).to_numpy() for name in names},
    )


def _require_possible(found: pl.DataFrame, counts: Sequence[str]) -> None:
    if any(found[name].null_count() for name in _KEYS):
        raise InputValueError("an incident has no unit or no month", where="incidents", mend="leave it out and say so")
    for name in counts:
        least, total = found[name + _LEAST].fill_null(0.0), found[name].fill_null(0.0)
        if ((least < 0) | ~least.is_finite() | ~total.is_finite()).any():
            raise InputValueError(
                "holds a count below zero or not finite", where=shorten(name), mend="correct it, or leave it empty"
            )
