"""Forecast files in the columns of hubverse, in and out.

One row per location, month, output type and value. Read as VIEWS' columns: samples become draws, a probability mass
becomes the probability of the event, and quantiles stay quantiles: they are never turned into draws. A file of means,
medians or distribution functions alone is refused, and so is one of several models, targets or rounds: which was meant
is not ours to guess. Source of the columns: hubverse documentation, "Model output" and "Target data".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as arrow
import pyarrow.parquet as arrow_parquet

from forewarn.clock import last_day
from forewarn.errors import InputFormatError, InputValueError, shorten
from forewarn.exchange.files import aside
from forewarn.exchange.forecast_files import Provenance
from forewarn.model.cells import FORMULA
from forewarn.model.forecast import Forecast

__all__ = ["HubverseRead", "is_hubverse", "is_target_data", "read_model_output", "read_target_data", "write_hubverse"]

OUTPUT_TYPES = ("cdf", "mean", "median", "pmf", "quantile", "sample")
"""What a value may be."""

_NEEDED = ("location", "output_type", "output_type_id", "value")
_TARGET_DAYS = ("target_end_date", "target_date", "date")
_ORIGINS = ("origin_date", "reference_date", "forecast_date", "round_id", "as_of")
_OBSERVED = ("observation", "oracle_value", "value")
_ONE_OF_EACH = ("model_id", "target", *_ORIGINS)
_HAPPENS = ("1", "onset", "true", "yes")
_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class HubverseRead:
    """A model's output in VIEWS' columns.

    ``table`` has ``month_id``, ``location`` and either ``draw`` and ``outcome``, or ``probability``, or ``level`` (as
    text) and ``outcome``. ``left_out`` is how
    many rows of each other output type there are: they say the same in another way and are not scored.
    """

    table: pl.LazyFrame
    left_out: dict[str, int]


def is_hubverse(columns: Sequence[str]) -> bool:
    """Whether a table's columns are those of a model's output."""
    return {"output_type", "value"} <= set(columns)


def is_target_data(columns: Sequence[str]) -> bool:
    """Whether a table's columns are those of hubverse's target data: what happened."""
    return "location" in columns and any(name in columns for name in _TARGET_DAYS) and "month_id" not in columns


def read_model_output(table: pl.LazyFrame, *, where: str) -> HubverseRead:
    """A model's output as VIEWS' columns; values are checked by whoever scores them.

    The month is that of ``target_end_date``, or else ``horizon`` months after that of ``origin_date``.

    Raises:
        InputFormatError: a column is missing, or there is neither a sample, nor a quantile, nor a probability mass.
        InputValueError: an unknown output type, an unreadable date, several models, targets or rounds.
    """
    columns = table.collect_schema().names()
    _require(columns, _NEEDED, where)
    for name in (name for name in _ONE_OF_EACH if name in columns):
        _require_one(table, name, where)
    numbers = dict(table.group_by("output_type").len().sort("output_type").collect().iter_rows())
    for name in numbers:
        if name not in OUTPUT_TYPES:
            raise InputValueError(
                f"'{shorten(name)}' is no output type",
                where=f"{where}, column output_type",
                mend=f"use {', '.join(OUTPUT_TYPES)}",
            )
    kind = next((kind for kind in ("sample", "pmf", "quantile") if kind in numbers), None)
    if kind is None:
        raise InputFormatError(
            f"holds only {' and '.join(numbers) or 'no rows'}, no samples, no pmf and no quantiles",
            where=where,
            mend="give rows of output_type sample or quantile, or pmf for an event",
        )
    rows = table.filter(pl.col("output_type") == kind).with_columns(month_id=_month(columns, where))
    _require_months(rows, where)
    made = _MADE[kind](rows, where)
    return HubverseRead(made, {name: count for name, count in numbers.items() if name != kind})


def read_target_data(table: pl.LazyFrame, *, where: str) -> pl.LazyFrame:
    """What happened, as ``month_id``, ``location`` and ``outcome``. Raises as :func:`read_model_output` does."""
    columns = table.collect_schema().names()
    value = next((name for name in _OBSERVED if name in columns), None)
    if value is None:
        raise InputFormatError(f"has no column {' or '.join(_OBSERVED)}", where=where, mend="name it observation")
    if "target" in columns:
        _require_one(table, "target", where)
    rows = table.with_columns(month_id=_month(columns, where))
    _require_months(rows, where)
    return rows.select("month_id", "location", pl.col(value).alias("outcome"))


def write_hubverse(forecast: Forecast, path: Path) -> int:
    """Write samples and five quantiles, or a probability mass, with the forecast's provenance; how many rows.

    The ending says which: ``.csv`` or ``.parquet``. Nothing is left behind where it fails.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise InputFormatError(f"'{shorten(kind)}' is neither csv nor parquet", where=path.name, mend="end it with one")
    rows = 0
    with aside(path) as name:
        if kind == ".csv":
            with name.open("wb") as file:
                for part in _parts(forecast):
                    safe = part.with_columns(pl.col(pl.String).str.replace(f"({FORMULA})", "'$1"))
                    safe.write_csv(file, include_header=rows == 0)
                    rows += part.height
        else:
            rows = _write_parquet(forecast, name)
    return rows


def _write_parquet(forecast: Forecast, path: Path) -> int:
    provenance = Provenance.of(forecast)
    told = {**asdict(provenance), "data_vintage": provenance.data_vintage.isoformat()}
    rows, writer = 0, None
    try:
        for part in _parts(forecast):
            table: arrow.Table = part.to_arrow().replace_schema_metadata({"forewarn": json.dumps(told)})
            writer = writer or arrow_parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
            rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _parts(forecast: Forecast) -> Iterator[pl.DataFrame]:
    provenance = Provenance.of(forecast)
    constant = {name: pl.lit(value) for name, value in provenance.columns().items() if name != "model"}
    for k, month in enumerate(forecast.months):
        keys = {
            "model_id": pl.lit(provenance.model),
            "target": pl.lit(forecast.target),
            "origin_date": pl.lit(last_day(forecast.data_through)),
            "target_end_date": pl.lit(last_day(month)),
            "horizon": pl.lit(month - forecast.data_through, dtype=pl.Int32),
        }
        body = _mass(forecast, k) if forecast.is_onset else pl.concat([_samples(forecast, k), _quantiles(forecast, k)])
        yield body.select(**keys, **{name: pl.col(name) for name in _NEEDED}, **constant)


def _samples(forecast: Forecast, k: int) -> pl.DataFrame:
    draws = np.asarray(forecast.draws)[:, k]
    number = draws.shape[1]
    return _body(forecast.units, "sample", [str(d) for d in range(number)], draws)


def _quantiles(forecast: Forecast, k: int) -> pl.DataFrame:
    made = np.quantile(np.asarray(forecast.draws)[:, k], _LEVELS, axis=1).T
    return _body(forecast.units, "quantile", [str(level) for level in _LEVELS], made)


def _mass(forecast: Forecast, k: int) -> pl.DataFrame:
    chance = np.asarray(forecast.probability)[:, k]
    return _body(forecast.units, "pmf", ["onset", "no_onset"], np.stack([chance, 1 - chance], axis=1))


def _body(units: Sequence[str], kind: str, ids: Sequence[str], values: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "location": pl.Series(units, dtype=pl.String).gather(np.repeat(np.arange(len(units)), len(ids))),
            "output_type": kind,
            "output_type_id": list(ids) * len(units),
            "value": values.astype(np.float64).reshape(-1),
        }
    )


def _draws(rows: pl.LazyFrame, _where: str) -> pl.LazyFrame:
    return rows.select("month_id", "location", draw=pl.col("output_type_id"), outcome=pl.col("value"))


def _levels(rows: pl.LazyFrame, _where: str) -> pl.LazyFrame:
    return rows.select("month_id", "location", level=pl.col("output_type_id").cast(pl.String), outcome=pl.col("value"))


def _probabilities(rows: pl.LazyFrame, where: str) -> pl.LazyFrame:
    happens = pl.col("output_type_id").cast(pl.String).str.to_lowercase().is_in(_HAPPENS)
    made = rows.filter(happens).select("month_id", "location", probability=pl.col("value"))
    if made.head(1).collect().is_empty():
        raise InputValueError(
            "no category says that the event happens",
            where=f"{where}, column output_type_id",
            mend=f"name it {' or '.join(_HAPPENS)}",
        )
    return made


_MADE = {"pmf": _probabilities, "quantile": _levels, "sample": _draws}


def _month(columns: Sequence[str], where: str) -> pl.Expr:
    day = next((name for name in _TARGET_DAYS if name in columns), None)
    if day is not None:
        return _month_of(day)
    origin = next((name for name in _ORIGINS if name in columns), None)
    if origin is None or "horizon" not in columns:
        raise InputFormatError(
            "says nowhere which month a row is about",
            where=where,
            mend="give target_end_date, or origin_date and horizon",
        )
    return _month_of(origin) + pl.col("horizon").cast(pl.Int64, strict=False)


def _month_of(column: str) -> pl.Expr:
    day = pl.col(column).cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return (day.dt.year().cast(pl.Int64) - 1980) * 12 + day.dt.month().cast(pl.Int64)


def _require_months(rows: pl.LazyFrame, where: str) -> None:
    try:
        without = rows.select(pl.col("month_id").is_null().sum()).collect().item()
    except pl.exceptions.PolarsError as error:
        raise InputFormatError(
            f"its dates cannot be read ({shorten(str(error).splitlines()[0])})", where=where, mend="write YYYY-MM-DD"
        ) from None
    if without:
        raise InputValueError(
            f"{without:,} rows have no readable date or horizon", where=where, mend="write dates as YYYY-MM-DD"
        )


def _require(columns: Sequence[str], wanted: Sequence[str], where: str) -> None:
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise InputFormatError(
            f"has no column {', '.join(missing)}", where=where, mend="hubverse needs " + ", ".join(wanted)
        )


def _require_one(table: pl.LazyFrame, column: str, where: str) -> None:
    found = table.select(pl.col(column).cast(pl.String).unique().sort()).head(5).collect().to_series().to_list()
    if len(found) > 1:
        raise InputValueError(
            f"holds several, such as {shorten(found[0])} and {shorten(found[1])}",
            where=f"{where}, column {column}",
            mend="give one file for each",
        )
