"""From a table and a spec to the cases of a back-test.

Cuts each history at ``data_through`` before anything else sees it. Actuals come from the panel or from a
table of their own; what has a forecast but no actual, or an actual but no forecast, is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputFormatError, InputValueError
from forewarn.forecast.backtest import CountCase, OnsetCase, Window
from forewarn.forecast.make import heard_of
from forewarn.forecast.models import History, OnsetRows
from forewarn.forecast.spec import BacktestSpec
from forewarn.forecast.tables import CountTable, key_columns, require_unique

__all__ = ["OnsetTable", "Unmatched", "count_case", "onset_case", "onset_columns", "onset_table"]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Unit-periods of one window that could not be scored, by what they lack."""

    forecasts_without_actual: int
    actuals_without_forecast: int


@dataclass(frozen=True, slots=True, eq=False)
class OnsetTable:
    """Rows of a panel for an onset: ids, outcome (0, 1 or NaN for unknown) and covariates."""

    units: NDArray[np.str_]
    periods: NDArray[np.int64]
    outcome: NDArray[np.float64]
    covariates: NDArray[np.float64]


def count_case(table: CountTable, window: Window, actuals: CountTable | None) -> tuple[CountCase, Unmatched]:
    """The case of one window: units with a known value in the last 12 periods before its origin.

    Raises:
        ForecastError: when the table does not reach the origin, or nothing can be forecast or scored.
    """
    where = f"window {window.label}"
    if not table.first_period <= window.data_through <= table.last_period:
        raise ForecastError(
            f"data_through {window.data_through} is outside the panel's {table.first_period}..{table.last_period}",
            where=where,
            mend="move the window or extend the panel",
        )
    values = table.between(table.first_period, window.data_through)
    history = heard_of(History(values, table.units, window.data_through))
    if not history.units:
        raise ForecastError("no unit has a value in the last 12 periods", where=where, mend="move the window")
    source = table if actuals is None else actuals
    happened = source.between(window.first, window.last)
    actual, left_over = _aligned(happened, source.units, history.units)
    if np.isnan(actual).all():
        raise ForecastError("no unit forecast has an actual", where=where, mend="name an actuals file")
    return CountCase(window, history, actual), Unmatched(int(np.isnan(actual).sum()), left_over)


def onset_columns(frame: pl.DataFrame, spec: BacktestSpec) -> tuple[str, ...]:
    """The covariates of an onset panel: those named, or every other numeric column."""
    if spec.covariates is not None:
        for name in spec.covariates:
            if not frame[name].dtype.is_numeric():
                raise InputFormatError(f"holds {frame[name].dtype}, not numbers", where=f"column {name}")
        return tuple(spec.covariates)
    keys = {spec.unit, spec.period, spec.target}
    return tuple(n for n in frame.columns if n not in keys and frame[n].dtype.is_numeric())


def onset_table(
    frame: pl.DataFrame, spec: BacktestSpec, *, target: str, covariates: Sequence[str], where: str
) -> OnsetTable:
    """The rows of a panel or of actuals for an onset; an outcome that is not 0, 1 or empty is refused."""
    keys = key_columns(frame, unit=spec.unit, period=spec.period, where=where)
    require_unique(keys, where=where)
    if not (frame[target].dtype.is_numeric() or frame[target].dtype == pl.Boolean):
        raise InputFormatError(
            f"holds {frame[target].dtype}, not 0 and 1", where=f"{where}, column {target}", mend="code the onset"
        )
    outcome = frame[target].cast(pl.Float64)
    odd = (outcome.is_not_null() & ~outcome.is_in([0.0, 1.0])).fill_null(value=False)
    if odd.any():
        row = int(odd.arg_max() or 0)
        raise InputValueError(
            f"{outcome[row]} is neither 0 nor 1",
            where=f"{where}, row {row + 1}, column {target}",
            mend="code the onset as 0 or 1, empty where unknown",
        )
    x = frame.select(pl.col(covariates).cast(pl.Float64)).to_numpy() if covariates else np.empty((frame.height, 0))
    return OnsetTable(
        units=keys["unit"].to_numpy().astype(np.str_),
        periods=keys["period"].to_numpy(),
        outcome=outcome.fill_null(float("nan")).to_numpy(),
        covariates=np.where(np.isfinite(x), x, np.nan),
    )


def onset_case(
    table: OnsetTable, window: Window, actuals: OnsetTable | None, *, seed: int
) -> tuple[OnsetCase, Unmatched]:
    """The case of one window: rows with a known outcome up to its origin, and the rows of its periods."""
    learnt = (table.periods <= window.data_through) & ~np.isnan(table.outcome)
    asked = (table.periods >= window.first) & (table.periods <= window.last)
    if not learnt.any() or not asked.any():
        lacks = "to learn from" if not learnt.any() else "to forecast"
        raise ForecastError(f"the panel has no row {lacks}", where=f"window {window.label}", mend="move the window")
    kept = learnt | asked
    rows = OnsetRows(
        units=table.units[kept],
        periods=table.periods[kept],
        outcome=np.where(learnt, table.outcome, np.nan)[kept],
        covariates=table.covariates[kept],
        seed=seed,
    )
    actual, left_over = table.outcome[asked], 0
    if actuals is not None:
        actual, left_over = _looked_up(table, asked, _in_window(actuals, window))
    return OnsetCase(window, rows, actual), Unmatched(int(np.isnan(actual).sum()), left_over)


def _aligned(
    happened: NDArray[np.float64], theirs: Sequence[str], ours: Sequence[str]
) -> tuple[NDArray[np.float64], int]:
    """Actuals in the order of our units, and how many known ones belong to no unit of ours."""
    place = {unit: k for k, unit in enumerate(theirs)}
    rows = np.array([place.get(unit, -1) for unit in ours])
    actual = np.where((rows >= 0)[:, None], happened[rows], np.nan)
    known = int(np.count_nonzero(~np.isnan(happened)))
    return actual, known - int(np.count_nonzero(~np.isnan(actual)))


def _in_window(table: OnsetTable, window: Window) -> Mapping[tuple[str, int], float]:
    inside = (table.periods >= window.first) & (table.periods <= window.last) & ~np.isnan(table.outcome)
    keys = zip(table.units[inside].tolist(), table.periods[inside].tolist(), strict=True)
    return dict(zip(keys, table.outcome[inside].tolist(), strict=True))


def _looked_up(
    table: OnsetTable, asked: NDArray[np.bool_], happened: Mapping[tuple[str, int], float]
) -> tuple[NDArray[np.float64], int]:
    keys = list(zip(table.units[asked].tolist(), table.periods[asked].tolist(), strict=True))
    actual = np.array([happened.get(key, np.nan) for key in keys])
    return actual, len(set(happened) - set(keys))
