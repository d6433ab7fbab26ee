"""Forecasting from the store: what was known on a day becomes a panel, a panel becomes draws, both are kept.

Months after the day, and reports known after it, are not seen. Unit-months nobody covered are missing, not zero;
units about which too little is known are named and get no number. The file holds the draws in VIEWS' columns and
carries model, vintage, seed and code version; the store keeps the run and its summaries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

import forewarn
from forewarn.assess import coverage
from forewarn.clock import day_from_text, instant_text, month_label, month_of
from forewarn.errors import ForecastError, UsageError, shorten
from forewarn.forecast import Frame, Order, build_panel, count_forecaster, last_complete_month, make_forecast
from forewarn.model.forecast import Forecast
from forewarn.model.panel import IncidentArrays, Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.knowledge import Knowledge, areas_of_cells, knowledge
from forewarn.operations.workspace import Progress, Workspace, no_progress, relative_to
from forewarn.store import forecasts

__all__ = ["DEFAULT_MODEL", "TARGETS", "ForecastMade", "ForecastWish", "PanelMade", "forecast", "panel_of"]

TARGETS: Mapping[str, tuple[str, str]] = {
    "abducted": ("abducted", ""),
    "civilian_deaths": ("civilian_deaths", ""),
    "deaths": ("deaths", ""),
    "detained": ("detained", ""),
    "displaced": ("displaced", ""),
    "incidents": ("incidents", ""),
    "injured": ("injured", ""),
    "non_state_deaths": ("deaths", "non_state"),
    "one_sided_deaths": ("deaths", "one_sided"),
    "state_based_deaths": ("deaths", "state_based"),
}
"""What can be forecast: which count, of which type of violence (empty for all)."""

DEFAULT_MODEL = "weighted_history"
"""The unit's own months, recent ones weighing more: of the baselines the best on IGN and MIS, and near the best
on CRPS, in ``benchmarks/views_country_month.toml``."""

NOTABLE = 0.05
"""The chance of 25 or more from which a unit is shown in the summary of a forecast."""

_UNIT_COLUMNS = {UnitLevel.COUNTRY: "country_id", UnitLevel.ADMIN1: "admin1_id", UnitLevel.CELL: "priogrid_gid"}
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_THRESHOLDS = (1, 25, 100, 1000)


@dataclass(frozen=True, slots=True)
class ForecastWish:
    """What is wanted: target, level, day of knowledge, months ahead, model, draws and seed."""

    target: str
    level: UnitLevel
    as_known_at: date
    horizon_months: int
    model: str = DEFAULT_MODEL
    draws: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            known = ", ".join(TARGETS)
            raise UsageError(f"'{shorten(self.target)}' is no target", where="--target", mend=f"use one of {known}")
        if not 1 <= self.horizon_months <= 36:
            raise UsageError(f"{self.horizon_months} months", where="--horizon", mend="use 1 to 36")


@dataclass(frozen=True, eq=False)
class PanelMade:
    """A panel from the store, and the incidents that could not enter it.

    ``unplaced`` lie in no unit of the level or have no date; ``uncounted`` give no figure for the target.
    ``coverage_stated`` is false where nobody says who could see what: silence then counts as zero, and the
    reader must be told.
    """

    panel: Panel
    unplaced: int
    uncounted: int
    coverage_stated: bool


@dataclass(frozen=True, slots=True)
class ForecastMade:
    """What was made.

    ``unknown_units`` were not forecast because too little is known of them: unknown, not safe. ``notable`` are the
    units with at least a chance of :data:`NOTABLE` of 25 or more over the horizon, by name: a list, not a ranking.
    """

    forecast_id: str
    file: str
    target: str
    level: str
    model: str
    as_known_at: str
    data_through: str
    months: list[str]
    units: int
    unknown_units: list[str]
    incidents: int
    unplaced: int
    uncounted: int
    coverage_stated: bool
    notable: list[dict[str, float | str]] = field(default_factory=list)


def forecast(
    workspace: Workspace, wish: ForecastWish, *, out: Path | None = None, progress: Progress = no_progress
) -> ForecastMade:
    """Make a forecast, write its draws, keep its run. The same wish on the same knowledge gives the same numbers."""
    with workspace.database.reading() as connection:
        progress(0, 3, "assembling what was known")
        known = knowledge(connection, wish.as_known_at, atlas=atlas_of(workspace, connection))
    progress(1, 3, "building the panel")
    made = panel_of(known, wish.level, wish.target)
    progress(2, 3, f"forecasting with {wish.model}")
    order = Order(wish.target, wish.horizon_months, forewarn.__version__, wish.draws, wish.seed)
    result = make_forecast(count_forecaster(wish.model), made.panel, order=order)
    name = f"forecast-{wish.target}-{wish.level}-{wish.as_known_at}-{wish.model}.parquet"
    target = workspace.output(out, name)
    run = _run(workspace, wish, made.panel, result, relative_to(workspace.paths.root, target))
    _write(result, run, target)
    with workspace.database.writing() as connection:
        forecasts.add_forecast(connection, run, summaries(result))
    return _told(run, made, result)


def panel_of(known: Knowledge, level: UnitLevel, target: str) -> PanelMade:
    """The panel of a target at a level, as known. Raises :class:`ForecastError` where nothing can be placed."""
    count, violence = TARGETS[target]
    incidents = known.incidents(level)
    placed = incidents.filter(pl.col("unit").is_not_null() & pl.col("started_on").is_not_null())
    if placed.is_empty():
        raise ForecastError(
            f"no incident known on {known.as_known_at} lies in a {level}",
            where="panel",
            mend="collect and assess first",
        )
    of_kind = placed.filter(pl.col("violence") == violence) if violence else placed
    counted = of_kind.with_columns(_figure(count).alias("figure")).filter(pl.col("figure").is_not_null())
    units = tuple(sorted({*placed["unit"], *_named_units(known, level)}))
    months = [month_of(day_from_text(day)) for day in placed["started_on"]]
    frame = Frame(units, min(months), max(last_complete_month(known.as_known_at), min(months)), level)
    observed = _observed(known, frame, placed, level)
    arrays = _arrays(counted, units, target)
    panel = build_panel(arrays, frame, as_known_at=known.as_known_at, observed=observed)
    return PanelMade(
        panel, incidents.height - placed.height, of_kind.height - counted.height, coverage_stated=observed is not None
    )


def summaries(result: Forecast) -> pl.DataFrame:
    """Mean, quantiles and exceedance per unit and month; month 0 is the sum over the horizon."""
    return pl.concat([_summary_of_months(result), _summary_of_horizon(result)])


def _figure(count: str) -> pl.Expr:
    """The best figure of an incident, or its lowest where nobody gave a best; 1 when incidents are counted."""
    return pl.lit(1) if count == "incidents" else pl.coalesce(f"{count}_best", f"{count}_low")


def _arrays(counted: pl.DataFrame, units: tuple[str, ...], target: str) -> IncidentArrays:
    position = {unit: number for number, unit in enumerate(units)}
    return IncidentArrays(
        unit=np.array([position[unit] for unit in counted["unit"]], dtype=np.int32),
        month=np.array([month_of(day_from_text(day)) for day in counted["started_on"]], dtype=np.int32),
        known_on=np.array(counted["known_on"].to_list(), dtype="datetime64[D]"),
        counts={} if target == "incidents" else {target: counted["figure"].to_numpy().astype(np.float64)},
    )


def _named_units(known: Knowledge, level: UnitLevel) -> set[str]:
    """Units that somebody says they watch, though nothing was reported from them."""
    if level is UnitLevel.COUNTRY:
        return {statement.country for statement in known.statements}
    if level is UnitLevel.ADMIN1:
        return {statement.area for statement in known.statements if statement.admin1}
    return set()


def _observed(known: Knowledge, frame: Frame, placed: pl.DataFrame, level: UnitLevel) -> np.ndarray | None:
    if not known.statements:
        return None
    months = range(frame.first_month, frame.last_month + 1)
    areas = None
    if level is UnitLevel.CELL:
        area = pl.when(pl.col("admin1") != "").then(pl.format("{}/{}", "country", "admin1")).otherwise("country")
        votes = placed.group_by("unit", area.alias("area")).len().sort("len", "area", descending=[True, False])
        areas = dict(votes.unique("unit", keep="first", maintain_order=True).select("unit", "area").iter_rows())
        areas |= areas_of_cells(known, frame.units)
    covered = coverage(known.statements, frame.units, months, areas=areas)
    states = (covered["state"] == "observed").to_numpy()
    return np.asarray(states.reshape(len(frame.units), len(months)))


def _run(workspace: Workspace, wish: ForecastWish, panel: Panel, result: Forecast, file: str) -> forecasts.ForecastRun:
    digest = hashlib.sha256(np.ascontiguousarray(panel.values).tobytes())
    digest.update(json.dumps([panel.units, panel.first_month, panel.features]).encode())
    return forecasts.ForecastRun(
        target=wish.target,
        level=wish.level,
        model=wish.model,
        as_known_at=wish.as_known_at.isoformat(),
        data_through=result.data_through,
        horizon=wish.horizon_months,
        draws=wish.draws,
        seed=wish.seed,
        code_version=forewarn.__version__,
        input_sha256=digest.hexdigest(),
        file=file,
        made_at=instant_text(workspace.now),
    )


def _write(result: Forecast, run: forecasts.ForecastRun, path: Path) -> None:
    """The draws as ``month_id``, unit, ``draw``, ``outcome``, with the run in the file's metadata."""
    if result.draws is None:
        raise ForecastError("the forecast holds no draws", where=run.model, mend="use a model of counts")
    units, months, draws = result.draws.shape
    column = _UNIT_COLUMNS[UnitLevel(result.level)]
    ids = pl.Series(column, result.units)
    frame = pl.DataFrame(
        {
            "month_id": np.tile(np.repeat(np.array(result.months, dtype=np.int32), draws), units),
            column: ids.gather(np.repeat(np.arange(units), months * draws)),
            "draw": np.tile(np.arange(draws, dtype=np.int32), units * months),
            "outcome": result.draws.reshape(-1),
        }
    )
    provenance = {name: str(getattr(run, name)) for name in run.__slots__}
    aside = path.with_name(f".{path.name}.writing")
    try:
        frame.write_parquet(aside, compression="zstd", metadata=provenance)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _summary_of_months(result: Forecast) -> pl.DataFrame:
    units, months = len(result.units), len(result.months)
    quantiles = result.quantiles(_QUANTILES).reshape(units * months, -1)
    chances = result.exceedance(_THRESHOLDS).reshape(units * months, -1)
    names = np.repeat(np.array(result.units, dtype=object), months)
    return _summary(names.tolist(), list(result.months) * units, result.mean().reshape(-1), quantiles, chances)


def _summary_of_horizon(result: Forecast) -> pl.DataFrame:
    quantiles, chances = result.total_quantiles(_QUANTILES), result.total_exceedance(_THRESHOLDS)
    return _summary(list(result.units), [0] * len(result.units), result.totals().mean(axis=1), quantiles, chances)


def _summary(
    units: list[str], months: list[int], mean: np.ndarray, quantiles: np.ndarray, chances: np.ndarray
) -> pl.DataFrame:
    columns = dict(zip(forecasts.FORECAST_SUMMARY, (mean, *quantiles.T, *chances.T), strict=True))
    return pl.DataFrame({"unit": units, "month": pl.Series(months, dtype=pl.Int64), **columns})


def _told(run: forecasts.ForecastRun, made: PanelMade, result: Forecast) -> ForecastMade:
    totals = summaries(result).filter((pl.col("month") == 0) & (pl.col("p25") >= NOTABLE)).sort("unit")
    return ForecastMade(
        forecast_id=run.forecast_id,
        file=run.file,
        target=run.target,
        level=run.level,
        model=run.model,
        as_known_at=run.as_known_at,
        data_through=month_label(run.data_through),
        months=[month_label(month) for month in result.months],
        units=len(result.units),
        unknown_units=list(result.unknown_units),
        incidents=int(np.nansum(made.panel.feature("incidents"))),
        unplaced=made.unplaced,
        uncounted=made.uncounted,
        coverage_stated=made.coverage_stated,
        notable=totals.select("unit", "mean", "q05", "q50", "q95", "p1", "p25", "p100").to_dicts(),
    )
