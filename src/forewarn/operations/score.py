"""Score anybody's forecast file against what happened.

Reads the VIEWS columns (period, unit, ``draw``, ``outcome``), a ``probability`` per unit and period, or hubverse's
columns with samples or a probability mass; what happened likewise in a plain table or as hubverse's target data. What
stands in one file and not in the other is counted and reported, never dropped in silence. Draws are read
period by period.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import forewarn
from forewarn.errors import InputFormatError, InputValueError, UsageError, shorten
from forewarn.exchange.forecast_files import stated_provenance
from forewarn.exchange.hubverse import is_hubverse, is_target_data, read_model_output, read_target_data
from forewarn.forecast.calibration import GroupCalibration
from forewarn.forecast.scorecard import CountBatch, count_batch, count_card, joined, onset_card
from forewarn.forecast.tables import key_columns, open_table, read_table, require_counts, require_unique
from forewarn.operations.calibration import Past, calibrated
from forewarn.operations.calibration_page import calibration_page
from forewarn.operations.score_quantiles import score_quantiles

__all__ = ["score"]

_PERIODS = ("month_id", "period", "month", "year", "year_id")
_UNITS = ("country_id", "priogrid_gid", "priogrid_id", "pg_id", "admin1_id", "unit", "unit_id", "gid", "gwcode",
          "isoab", "location")  # fmt: skip
_PROVENANCE = ("model", "data_vintage", "seed", "code_version")
_IGNORED = ("__index_level_0__", "draw", "probability", *_PROVENANCE)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The names of the columns that say which unit and period a row is about."""

    unit: str
    period: str


@dataclass(frozen=True, slots=True, eq=False)
class _Actuals:
    """What happened, by period and unit; empty ones left out, and counted."""

    values: dict[int, dict[str, float]]
    missing: int

    @property
    def count(self) -> int:
        """How many unit-periods have an actual."""
        return sum(len(units) for units in self.values.values())


def score(
    forecast: Path,
    actuals: Path,
    *,
    unit: str | None = None,
    period: str | None = None,
    column: str | None = None,
    past: Past | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The scores of a forecast file, as a mapping ready for JSON.

    Args:
        forecast: csv or parquet with the period, the unit and either ``draw`` and ``outcome`` (any number
            of draws per unit-period) or ``probability``.
        actuals: csv or parquet with the same period and unit columns and one value per unit-period.
        unit: the unit's column; found by its usual names when not given.
        period: the period's column, likewise.
        column: the column of ``actuals`` with the value; ``outcome``, or the only other one, when not given.
        past: where the history before the forecast is: then its status groups the calibration and skill is tested.
        out: an HTML page of the calibration of draws, to be written.
        progress: told of each period done.

    Returns:
        For draws: ``crps``, ``ign`` (as if there were 1000 draws), ``ign_as_given``, ``mis``,
        ``log1p_crps``, interval and heaviest unit of the CRPS, coverage, PIT, and scores of reaching 1 and
        25, and calibration by group. For quantiles: the weighted interval score and coverage. For
        probabilities: Brier, log loss, AUC, average precision, recall in the top 10, 20 and 30 of each period,
        reliability, intervals. For all the counts of what did and did not match.
    """
    given = lazy = open_table(forecast)
    columns = lazy.collect_schema().names()
    left_out: dict[str, int] = {}
    if is_hubverse(columns):
        read = read_model_output(lazy, where=forecast.name)
        lazy, left_out, unit, period = read.table, read.left_out, "location", "month_id"
        columns = lazy.collect_schema().names()
    keys = _Keys(*_find_keys(columns, unit=unit, period=period, where=forecast.name))
    happened = _read_actuals(actuals, keys, column)
    found = _scored(_Draws(lazy, keys, forecast.name), happened, progress, past)
    if out is not None:
        _write_page(found, out, forecast.name)
    return {
        **found,
        "unit_column": keys.unit,
        "period_column": keys.period,
        "left_out": left_out,
        "provenance": _provenance(forecast, given),
        "actuals_missing": happened.missing,
        "inputs_sha256": {forecast.name: _file_sha256(forecast), actuals.name: _file_sha256(actuals)},
        "code_version": forewarn.__version__,
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Draws:
    """A file of draws, read one period at a time."""

    table: pl.LazyFrame
    keys: _Keys
    where: str

    def by_period(self) -> Iterator[tuple[int, int, pl.DataFrame]]:
        """Position, number of periods, and the checked rows of each: ``unit``, ``period``, draw, outcome."""
        column = pl.col(self.keys.period)
        wanted = [self.keys.unit, self.keys.period, "draw", "outcome"]
        periods = self.table.select(column).unique().collect().to_series().sort()
        for k, one in enumerate(periods, 1):
            rows = self.table.select(wanted).filter(column == one if one is not None else column.is_null()).collect()
            yield k, periods.len(), self._checked(rows, f"{self.where}, {self.keys.period} {one}")

    def _checked(self, rows: pl.DataFrame, where: str) -> pl.DataFrame:
        keys = key_columns(rows, unit=self.keys.unit, period=self.keys.period, where=where)
        outcome = require_counts(rows["outcome"], where=where, empty_is_missing=False)
        made = keys.with_columns(draw=rows["draw"], outcome=outcome).sort("unit", "draw")
        twice = made.select(pl.struct("unit", "draw")).to_series().is_duplicated() if _may_repeat(made) else None
        if twice is not None and twice.any():
            first = made.row(int(twice.arg_max() or 0), named=True)
            raise InputValueError(
                f"unit {shorten(first['unit'])}, period {first['period']}, draw {first['draw']} comes twice",
                where=self.where,
                mend="give each draw once",
            )
        return made


def _scored(draws: _Draws, happened: _Actuals, progress: Progress | None, past: Past | None) -> dict[str, Any]:
    """The page of whichever kind of forecast the columns tell."""
    columns = set(draws.table.collect_schema().names())
    if "probability" in columns:
        return _score_onsets(draws.table, draws.keys, happened, draws.where)
    if {"draw", "outcome"} <= columns:
        return _score_counts(draws, happened, progress, past)
    if {"level", "outcome"} <= columns:
        found = score_quantiles(draws.table, happened.values, where=draws.where)
        return found | _matching(found.pop("matched"), found.pop("forecasts"), happened)
    raise InputFormatError(
        "has neither draw and outcome nor probability", where=draws.where, mend="use the VIEWS columns"
    )


def _may_repeat(rows: pl.DataFrame) -> bool:
    """Whether a draw comes twice: rows sorted by unit and draw have an equal neighbour."""
    same = (rows["unit"] == rows["unit"].shift(1)) & (rows["draw"] == rows["draw"].shift(1))
    return bool(same.any())


def _score_counts(draws: _Draws, happened: _Actuals, progress: Progress | None, past: Past | None) -> dict[str, Any]:
    batches: list[CountBatch] = []
    forecasts = 0
    for done, total, rows in draws.by_period():
        period = int(rows["period"][0])
        actual = happened.values.get(period, {})
        for unit, matrix in _matrices(rows):
            forecasts += len(unit)
            known = np.array([name in actual for name in unit])
            if known.any():
                values = np.array([actual[name] for name in unit[known]])
                periods = np.full(values.size, period, dtype=np.int64)
                batches.append(count_batch(matrix[known], values, unit=unit[known], period=periods))
        if progress is not None:
            progress(done, total, f"period {period}")
    whole = joined(batches)
    groups = calibrated(whole, draws.keys.unit, draws.keys.period, past)
    return {
        "kind": "count",
        **count_card(whole),
        "calibration": [one.as_dict() for one in groups],
        **_matching(whole.actual.size, forecasts, happened),
    }


def _write_page(found: dict[str, Any], out: Path, name: str) -> None:
    if "calibration" not in found:
        raise UsageError("holds no draws to make a page of", where=name, mend="leave out --out")
    groups = [GroupCalibration(**one) for one in found["calibration"]]
    text = calibration_page({name: groups}, title="Calibration and skill", meta=f"{found['matched']:,} pairs")
    aside = out.with_name(f".{out.name}.writing")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(out)
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", where=str(out), mend="choose another") from None
    finally:
        aside.unlink(missing_ok=True)


def _matrices(rows: pl.DataFrame) -> Iterator[tuple[NDArray[np.str_], NDArray[np.float64]]]:
    """The units with equally many draws, and their draws ``[unit, draw]``."""
    sizes = rows.group_by("unit", maintain_order=True).len()
    for (count,), group in sizes.group_by("len", maintain_order=True):
        one_size = sizes.height == group.height
        kept = rows if one_size else rows.join(group.select("unit"), on="unit", how="semi", maintain_order="left")
        units = group["unit"].to_numpy().astype(np.str_)
        yield units, kept["outcome"].to_numpy().reshape(units.size, int(str(count)))


def _provenance(path: Path, table: pl.LazyFrame) -> dict[str, str | int] | None:
    """What a file says of its model, vintage, seed and code, in its metadata or else in its columns."""
    told = stated_provenance(path) if path.suffix.lower() in (".parquet", ".pq") else None
    if told is not None:
        return told
    present = table.collect_schema().names()
    named = {"model": next((n for n in ("model", "model_id") if n in present), ""), **{n: n for n in _PROVENANCE[1:]}}
    columns = [pl.col(source).alias(name) for name, source in named.items() if source in present]
    if not columns:
        return None
    row = table.select(columns).head(1).collect().to_dicts()[0]
    return {name: value if name == "seed" and isinstance(value, int) else str(value) for name, value in row.items()}


def _score_onsets(table: pl.LazyFrame, keys: _Keys, happened: _Actuals, where: str) -> dict[str, Any]:
    frame = table.select(keys.unit, keys.period, "probability").collect()
    if frame.is_empty():
        raise InputFormatError("has no rows", where=where, mend="check the export")
    rows = key_columns(frame, unit=keys.unit, period=keys.period, where=where)
    require_unique(rows, where=where)
    probability = frame["probability"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    units, periods = rows["unit"].to_numpy().astype(np.str_), rows["period"].to_numpy()
    actual = np.array(
        [happened.values.get(p, {}).get(u, np.nan) for u, p in zip(units.tolist(), periods.tolist(), strict=True)]
    )
    known = ~np.isnan(actual)
    card = onset_card(probability[known], actual[known], unit=units[known], period=periods[known])
    return {"kind": "onset", **card, **_matching(int(known.sum()), frame.height, happened)}


def _matching(matched: int, forecasts: int, happened: _Actuals) -> dict[str, int]:
    return {
        "matched": matched,
        "forecasts_without_actual": forecasts - matched,
        "actuals_without_forecast": happened.count - matched,
    }


def _read_actuals(path: Path, keys: _Keys, column: str | None) -> _Actuals:
    columns = open_table(path).collect_schema().names()
    if is_target_data(columns):
        frame, name = read_target_data(open_table(path), where=path.name).collect(), "outcome"
        keys = _Keys("location", "month_id")
    else:
        if keys.unit == "location" and "location" not in columns:
            keys = _Keys(*_find_keys(columns, unit=None, period=keys.period, where=path.name))
        name = column or _value_column(columns, keys, path.name)
        frame = read_table(path, [keys.unit, keys.period, name])
    rows = key_columns(frame, unit=keys.unit, period=keys.period, where=path.name)
    require_unique(rows, where=path.name)
    values = require_counts(frame[name], where=path.name)
    known = rows.with_columns(value=values).filter(pl.col("value").is_not_nan())
    table: dict[int, dict[str, float]] = {}
    for unit, period, value in known.iter_rows():
        table.setdefault(period, {})[unit] = value
    return _Actuals(table, frame.height - known.height)


def _find_keys(columns: Sequence[str], *, unit: str | None, period: str | None, where: str) -> tuple[str, str]:
    when = period or next((name for name in _PERIODS if name in columns), None)
    rest = [name for name in columns if name not in (*_IGNORED, "outcome", when)]
    who = unit or next((name for name in _UNITS if name in rest), rest[0] if len(rest) == 1 else None)
    for name, what in ((when, "period"), (who, "unit")):
        if name is None or name not in columns:
            raise InputFormatError(
                f"no column for the {what} among {', '.join(shorten(c, 40) for c in list(columns)[:20])}",
                where=where,
                mend=f"name it with --{what}",
            )
    return str(who), str(when)


def _value_column(columns: Sequence[str], keys: _Keys, where: str) -> str:
    rest = [name for name in columns if name not in (*_IGNORED, keys.unit, keys.period)]
    if "outcome" in rest:
        return "outcome"
    if len(rest) != 1:
        raise InputFormatError(
            f"which column has the value is not clear among {', '.join(shorten(c, 40) for c in rest[:20])}",
            where=where,
            mend="name it with --column",
        )
    return rest[0]


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
