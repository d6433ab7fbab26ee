"""From a table and a spec to the cases of a back-test.

Cuts each history at ``data_through`` before anything else sees it. Actuals come from the panel or from a
table of their own; what has a forecast but no actual, or an actual but no forecast, is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputFormatError, InputValueError
from forewarn.forecast.backtest import CountCase, OnsetCase, Window
from forewarn.forecast.make import heard_of
from forewarn.forecast.models import History, OnsetRows
from forewarn.forecast.onset_features import changes
from forewarn.forecast.onsets_from_counts import onset_rows_of_counts, onsets_of_counts
from forewarn.forecast.spec import BacktestSpec, OnsetSpec
from forewarn.forecast.tables import CountTable, key_columns, require_unique

__all__ = [
    "OnsetTable",
    "Unmatched",
    "count_case",
    "counted_onset_case",
    "onset_case",
    "onset_columns",
    "onset_table",
    "with_joined",
]


_FEW = 3


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Unit-periods of one window that could not be scored, by what they lack."""

    forecasts_without_actual: int
    actuals_without_forecast: int


@dataclass(frozen=True, slots=True, eq=False)
class OnsetTable:
    """Rows of a panel for an onset: ids, outcome (0, 1 or NaN for unknown), covariates, what is made of them."""

    units: NDArray[np.str_]
    periods: NDArray[np.int64]
    outcome: NDArray[np.float64]
    covariates: NDArray[np.float64]
    derived: NDArray[np.float64]
    rule: NDArray[np.float64] | None = None


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
    """The covariates of an onset panel: those named, or every other numeric column that may be one.

    Where none is named, numbers that name the unit are left out, and columns that are part of the outcome: none
    of their ones, up to the first origin, comes without an onset.
    """
    if spec.covariates is not None:
        for name in spec.covariates:
            if not frame[name].dtype.is_numeric():
                raise InputFormatError(f"holds {frame[name].dtype}, not numbers", where=f"column {name}")
        return tuple(spec.covariates)
    keys = {spec.unit, spec.period, spec.target}
    numeric = [n for n in frame.columns if n not in keys and frame[n].dtype.is_numeric()]
    known = frame.filter(pl.col(spec.period) <= min(window.data_through for window in spec.windows))
    return tuple(n for n in numeric if not _names_units(frame, spec.unit, n) and not _tells_outcome(known, spec, n))


def _names_units(frame: pl.DataFrame, unit: str, name: str) -> bool:
    pairs = frame.select(unit, name).drop_nulls().unique()
    units, values = pairs[unit].n_unique(), pairs[name].n_unique()
    return values > _FEW and units == values == pairs.height


def _tells_outcome(known: pl.DataFrame, spec: BacktestSpec, name: str) -> bool:
    """Whether the column is 0 and 1, and its ones are onsets, every one."""
    both = known.select(pl.col(name, spec.target).cast(pl.Float64)).drop_nulls().drop_nans()
    if not both[name].is_in([0.0, 1.0]).all():
        return False
    ones = both.filter(pl.col(name) == 1)
    return ones.height >= _FEW and bool((ones[spec.target] == 1).all())


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
    units, periods = keys["unit"].to_numpy().astype(np.str_), keys["period"].to_numpy()
    order = np.lexsort((units, periods))  # whatever the order in the file, the same numbers
    known = np.where(np.isfinite(x), x, np.nan)[order]
    return OnsetTable(
        units=units[order],
        periods=periods[order],
        outcome=outcome.fill_null(float("nan")).to_numpy()[order],
        covariates=known,
        derived=changes(units[order], periods[order], known),
        rule=_rule(frame, spec)[order] if spec.rule and set(spec.rule) <= set(frame.columns) else None,
    )


def with_joined(table: OnsetTable, columns: Sequence[NDArray[np.float64]]) -> OnsetTable:
    """The table with further columns, and their changes, among what our models read beside the covariates."""
    if not columns:
        return table
    more = np.hstack(list(columns))
    made = changes(table.units, table.periods, more)
    return replace(table, derived=np.hstack([table.derived, more, made]))


def _rule(frame: pl.DataFrame, spec: BacktestSpec) -> NDArray[np.float64]:
    """The sum of the columns of the rule; what is missing adds nothing."""
    for name in spec.rule:
        if not frame[name].dtype.is_numeric():
            raise InputFormatError(f"holds {frame[name].dtype}, not numbers", where=f"column {name}")
    known = frame.select(pl.col(spec.rule).cast(pl.Float64).fill_nan(0.0).fill_null(0.0)).to_numpy()
    total: NDArray[np.float64] = known.sum(axis=1)
    return total


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
        derived=table.derived[kept],
        rule=None if table.rule is None else table.rule[kept],
    )
    actual, left_over = table.outcome[asked], 0
    if actuals is not None:
        actual, left_over = _looked_up(table, asked, _in_window(actuals, window))
    return OnsetCase(window, rows, actual), Unmatched(int(np.isnan(actual).sum()), left_over)


def counted_onset_case(
    table: CountTable, others: Sequence[CountTable], window: Window, actuals: CountTable | None, spec: BacktestSpec
) -> tuple[OnsetCase, Unmatched]:
    """The case of one window of ``[onset]``: rows made from counts up to the origin, onsets of the table of actuals.

    ``others`` are further series, of which what is known at the origin serves as covariates.
    """
    counts, _ = count_case(table, window, None)
    history = counts.history
    more = [_of_units(other, history.units, table.first_period, window.data_through) for other in others]
    if more:
        names = tuple(str(k) for k in range(len(more)))
        history = replace(history, covariates=np.stack(more, axis=2), covariate_names=names)
    horizons = [period - window.data_through for period in window.periods]
    definition = (spec.onset or OnsetSpec()).definition()
    rows = onset_rows_of_counts(history, horizons, definition, seed=spec.seed)
    source = table if actuals is None else actuals
    onsets = onsets_of_counts(source.between(source.first_period, max(window.last, source.last_period)), definition)
    first = window.first - source.first_period
    happened = onsets[:, first : first + len(window.periods)]
    actual, left_over = _aligned(happened, source.units, history.units)
    return OnsetCase(window, rows, actual.reshape(-1)), Unmatched(int(np.isnan(actual).sum()), left_over)


def _of_units(table: CountTable, units: Sequence[str], first: int, last: int) -> NDArray[np.float64]:
    return _aligned(table.between(first, last), table.units, units)[0]


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
