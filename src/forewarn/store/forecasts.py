"""Keeping forecast runs: what was forecast for which units, from what was known when, and the summaries.

The draws are in a parquet file of the workspace, named in the row; the summaries here are what alerts, briefs
and pages read. A run made again from the same input with the same model and seed is the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl
from sqlalchemy import Connection, select

from forewarn.errors import UnknownNameError
from forewarn.ids import content_id, short
from forewarn.store import schema

__all__ = [
    "FORECAST_SUMMARY",
    "ForecastRun",
    "SkillRow",
    "add_forecast",
    "add_skill",
    "forecast_run",
    "forecast_runs",
    "latest_forecast",
    "read_forecast_units",
    "read_skill",
]

FORECAST_SUMMARY = ("mean", "q05", "q25", "q50", "q75", "q95", "p1", "p25", "p100", "p1000")
"""Mean and quantiles of the draws, and the share of draws of at least 1, 25, 100 and 1000."""


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """One run: everything needed to make it again.

    ``data_through`` is the last month whose data it saw; ``file`` is relative to the workspace, or empty.
    """

    target: str
    level: str
    model: str
    as_known_at: str
    data_through: int
    horizon: int
    draws: int
    seed: int
    code_version: str
    input_sha256: str
    file: str
    made_at: str

    @property
    def forecast_id(self) -> str:
        """``fct_`` and the SHA-256 over all but where and when it was written."""
        said = (self.target, self.level, self.model, self.as_known_at, self.data_through, self.horizon)
        return content_id("fct", *said, self.draws, self.seed, self.code_version, self.input_sha256)


@dataclass(frozen=True, slots=True)
class SkillRow:
    """What back-tests of a run's model on its own panel said of one group: ``kind`` ``all`` or ``status``."""

    kind: str
    name: str
    units: int
    unit_periods: int
    verdict: str
    sentence: str


def add_forecast(connection: Connection, run: ForecastRun, units: pl.DataFrame) -> bool:
    """Keep a run and its summaries (``unit``, ``month`` with 0 for the whole horizon, and the summary); if new."""
    table = schema.forecasts
    if connection.execute(select(table.c.target).where(table.c.forecast_id == run.forecast_id)).first():
        return False
    connection.execute(table.insert(), {**asdict(run), "forecast_id": run.forecast_id})
    rows = units.with_columns(pl.lit(run.forecast_id).alias("forecast_id")).to_dicts()
    if rows:
        connection.execute(schema.forecast_units.insert(), rows)
    return True


def latest_forecast(
    connection: Connection, *, level: str | None = None, target: str | None = None, as_known_at: str | None = None
) -> tuple[str, ForecastRun]:
    """The run made last (of that level, target and day), with its id."""
    table = schema.forecasts
    query = select(*table.columns).order_by(table.c.made_at.desc(), table.c.forecast_id)
    for column, value in ((table.c.level, level), (table.c.target, target), (table.c.as_known_at, as_known_at)):
        if value is not None:
            query = query.where(column == value)
    row = connection.execute(query.limit(1)).mappings().first()
    if row is None:
        raise UnknownNameError("there is no such forecast yet", mend="run 'forewarn forecast' first")
    return row["forecast_id"], ForecastRun(**{name: row[name] for name in ForecastRun.__slots__})


def forecast_run(connection: Connection, forecast_id: str) -> ForecastRun:
    """The run of that id."""
    table = schema.forecasts
    row = connection.execute(select(*table.columns).where(table.c.forecast_id == forecast_id)).mappings().first()
    if row is None:
        raise UnknownNameError(f"no forecast '{short(forecast_id)}'", mend="run 'forewarn forecast' first")
    return ForecastRun(**{name: row[name] for name in ForecastRun.__slots__})


def forecast_runs(connection: Connection, *, limit: int = 200) -> dict[str, ForecastRun]:
    """The runs by id, the one made last first, at most ``limit``."""
    table = schema.forecasts
    query = select(*table.columns).order_by(table.c.made_at.desc(), table.c.forecast_id).limit(limit)
    rows = connection.execute(query).mappings()
    return {row["forecast_id"]: ForecastRun(**{name: row[name] for name in ForecastRun.__slots__}) for row in rows}


def read_forecast_units(connection: Connection, forecast_id: str, unit: str = "") -> pl.DataFrame:
    """The summaries of a run, by unit and month (0 is the sum over the horizon); of one unit where it is named."""
    table = schema.forecast_units
    query = select(*table.columns).where(table.c.forecast_id == forecast_id).order_by(table.c.unit, table.c.month)
    if unit:
        query = query.where(table.c.unit == unit)
    shape = {"forecast_id": pl.String, "unit": pl.String, "month": pl.Int64}
    shape |= dict.fromkeys(FORECAST_SUMMARY, pl.Float64)
    rows = connection.execute(query).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=shape, orient="row")


def add_skill(connection: Connection, forecast_id: str, rows: Sequence[SkillRow]) -> None:
    """Keep what back-tests said of a run, once: the same run made again says the same."""
    table = schema.forecast_skill
    if rows and not read_skill(connection, forecast_id):
        connection.execute(table.insert(), [{**asdict(row), "forecast_id": forecast_id} for row in rows])


def read_skill(connection: Connection, forecast_id: str) -> tuple[SkillRow, ...]:
    """What back-tests said of a run, by kind and name; empty where none was made."""
    table = schema.forecast_skill
    query = select(*table.columns).where(table.c.forecast_id == forecast_id).order_by(table.c.kind, table.c.name)
    names = SkillRow.__slots__
    return tuple(SkillRow(**{n: row[n] for n in names}) for row in connection.execute(query).mappings())
