"""Forecasting from the store: what was known on a day becomes a panel, a panel becomes draws, both are kept.

Months after the day, and reports known after it, are not seen. Unit-months nobody covered are missing, not zero;
units about which too little is known are named and get no number. The file holds the draws in VIEWS' columns and
carries model, vintage, seed and code version; the store keeps the run and its summaries.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

import forewarn
from forewarn.clock import instant_text, month_label
from forewarn.errors import UsageError, shorten
from forewarn.exchange import write_forecast, write_hubverse
from forewarn.execution import Backend, backend_from_text
from forewarn.forecast import (
    CountRun,
    Order,
    count_forecaster,
    make_forecast,
    make_onset_forecast,
    onset_forecaster,
)
from forewarn.forecast.calibration import GroupCalibration
from forewarn.forecast.delay import RevisionPairs, WithLateReports
from forewarn.forecast.grid import GRID_MODEL, make_grid_forecast
from forewarn.forecast.grouping import status_of_history
from forewarn.forecast.models import AUTO, Choice, History, choose_model
from forewarn.model.forecast import Forecast
from forewarn.model.panel import Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.delay import STORE, StillToCome, late_pairs, still_to_come
from forewarn.operations.drafting import base_rates
from forewarn.operations.forecast_page import forecast_page
from forewarn.operations.forecast_told import ForecastTold, keep_told
from forewarn.operations.knowledge import knowledge
from forewarn.operations.own_skill import own_skill, skill_rows
from forewarn.operations.panels import ONSETS, TARGETS, PanelMade, panel_of
from forewarn.operations.workspace import Progress, Workspace, no_progress, relative_to
from forewarn.store import forecasts

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_ONSET_MODEL",
    "FILE_COLUMNS",
    "ONSETS",
    "TARGETS",
    "ForecastMade",
    "ForecastWish",
    "backend_named",
    "forecast",
    "input_digest",
]

DEFAULT_MODEL = AUTO
"""The ensemble where the panel is long and violent enough to learn from, the units' own weighted past where not."""

FILE_COLUMNS = ("hubverse", "views")
"""Whose columns the file of draws has."""

DEFAULT_ONSET_MODEL = "ensemble"
"""The best on log loss and average precision in ``benchmarks/mass_killing_onset.toml``."""

NOTABLE = 0.05
"""The chance of 25 or more from which a unit is shown in the summary of a forecast."""

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_THRESHOLDS = (1, 25, 100, 1000)


@dataclass(frozen=True, slots=True)
class ForecastWish:
    """What is wanted: target, level, day of knowledge, months ahead, model (empty: the default), draws and seed.

    ``columns`` is one of :data:`FILE_COLUMNS`; ``look_back`` says whether to test the model on the panel's own past;
    ``late_reports`` is empty, ``store``, or a file of pairs: how late reports come, to be reckoned with; ``backend`` is
    where the work runs, by default where the settings say. The numbers do not depend on it.
    """

    target: str
    level: UnitLevel
    as_known_at: date
    horizon_months: int
    model: str = ""
    draws: int = 1000
    seed: int = 0
    columns: str = "views"
    look_back: bool = True
    late_reports: str = ""
    backend: Backend | None = None

    def __post_init__(self) -> None:
        if self.columns not in FILE_COLUMNS:
            raise UsageError(f"no columns '{shorten(self.columns)}'", where="--columns", mend="use views or hubverse")
        if self.target not in TARGETS:
            known = f"use one of {', '.join(sorted(TARGETS))}"
            close = difflib.get_close_matches(self.target, TARGETS, n=1)
            mend = f"did you mean {close[0]}? Else {known}" if close else known
            raise UsageError(f"'{shorten(self.target)}' is no target", where="--target", mend=mend)
        if not 1 <= self.horizon_months <= 36:
            raise UsageError(f"{self.horizon_months} months", where="--horizon", mend="use 1 to 36")
        if self.is_onset and self.late_reports:
            raise UsageError(
                "late reports are reckoned with for counts only", where="--late-reports", mend="leave it out"
            )
        if self.is_onset and self.level is UnitLevel.CELL:
            raise UsageError(f"{self.target} is not forecast per cell", where="--level", mend="use country or admin1")
        if not self.model:
            object.__setattr__(self, "model", DEFAULT_ONSET_MODEL if self.is_onset else DEFAULT_MODEL)

    @property
    def is_onset(self) -> bool:
        """Whether the chance of an onset is wanted, not draws of a count."""
        return self.target in ONSETS


@dataclass(frozen=True, slots=True)
class ForecastMade:
    """What was made.

    ``unknown_units`` were not forecast because too little is known of them: unknown, not safe. ``notable`` are the
    units with at least a chance of :data:`NOTABLE` of 25 or more over the horizon (of an onset, where that is the
    target), by name: a list, not a ranking.
    ``skill`` has what a look back at the panel's own past says, over all and by status; empty where none was made;
    ``late`` what the last months may still become, and whether the forecast reckons with it;
    ``page`` is the file with the fan charts.
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
    skill: list[dict[str, str | int]] = field(default_factory=list)
    late: StillToCome | None = None
    page: str = ""
    model_reason: str = ""


def forecast(
    workspace: Workspace, wish: ForecastWish, *, out: Path | None = None, progress: Progress = no_progress
) -> ForecastMade:
    """Make a forecast, write its draws, keep its run. The same wish on the same knowledge gives the same numbers."""
    with workspace.database.reading() as connection:
        progress(0, 3, "assembling what was known")
        known = knowledge(connection, wish.as_known_at, atlas=atlas_of(workspace, connection))
    progress(1, 3, "building the panel")
    made = panel_of(known, wish.level, wish.target)
    choice = _chosen(wish, made)
    wish = replace(wish, model=choice.model)
    progress(2, 3, f"forecasting with {wish.model}")
    order = Order(wish.target, wish.horizon_months, forewarn.__version__, wish.draws, wish.seed)
    pairs = late_pairs(made, wish.target, wish.late_reports or STORE)
    late = still_to_come(made.panel, wish.target, pairs, used=bool(wish.late_reports), seed=wish.seed)
    result = _made(wish, made.panel, order, pairs, wish.backend or _backend_of(workspace))
    name = f"forecast-{wish.target}-{wish.level}-{wish.as_known_at}-{result.model}.parquet"
    target = workspace.output(out, name)
    run = _run(workspace, wish, made.panel, result, relative_to(workspace.paths.root, target))
    if result.is_onset:
        # alerts and briefs read summaries of counts, of which an onset has none: its file is all there is
        _write(result, target, wish.columns)
        return _told(run, made, result)
    groups = _look_back(wish, made, progress)
    rows = skill_rows(groups)
    _write(result, target, wish.columns)
    summed, notes = summaries(result), _notes(made, rows, late)
    page = _write_page(summed, made, run, notes, target.with_suffix(".html"))
    keep_told(target, run.forecast_id, _beside(made.panel, wish, groups, notes))
    with workspace.database.writing() as connection:
        forecasts.add_forecast(connection, run, summed)
        forecasts.add_skill(connection, run.forecast_id, rows)
    page_name = relative_to(workspace.paths.root, page)
    told = replace(_told(run, made, result), model_reason=choice.reason, late=late, page=page_name)
    return replace(told, skill=[asdict(row) for row in rows])


def _notes(made: PanelMade, rows: list[forecasts.SkillRow], late: StillToCome) -> list[str]:
    """What the reader of the page must know beside the numbers."""
    said = [f"{row.name}: {row.sentence}" for row in rows]
    if not rows:
        said = ["Skill was not tested on this panel: no alert is drawn from this forecast."]
    said.append(late.sentence)
    if not made.coverage_stated:
        said.append("Nobody has stated who could see what: months without reports were counted as zero.")
    return [*said, "It cannot see a first outbreak: it is made from what was reported before."]


def _write_page(
    summed: pl.DataFrame, made: PanelMade, run: forecasts.ForecastRun, notes: list[str], path: Path
) -> Path:
    told = {"model": run.model, "forecast_id": run.forecast_id, "as_known_at": run.as_known_at}
    text = forecast_page(summed, made.panel, told, target=run.target, notable=NOTABLE, notes=notes)
    aside = path.with_name(f".{path.name}.writing")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _backend_of(workspace: Workspace) -> Backend:
    settings = workspace.settings
    address = settings.scheduler if settings.backend == "dask" else ""
    return Backend(settings.backend, settings.workers or None, address or None)


def backend_named(name: str, scheduler: str = "") -> Backend | None:
    """Where the work is to run, by name: ``loky:4`` and ``dask:tcp://HOST:PORT`` too; nowhere said for an empty one."""
    if scheduler and name != "dask":
        raise UsageError("names a scheduler without --backend dask", where="--scheduler", mend="add --backend dask")
    if not name:
        return None
    return backend_from_text(f"{name}:{scheduler}" if scheduler else name)


def _chosen(wish: ForecastWish, made: PanelMade) -> Choice:
    """The model named, or the one that suits the panel."""
    if wish.model != AUTO:
        return Choice(wish.model, "it was asked for")
    return choose_model(History.of_panel(made.panel, wish.target))


def _look_back(wish: ForecastWish, made: PanelMade, progress: Progress) -> list[GroupCalibration]:
    """What the model's own past says of it; nothing where not asked for, the past is too short, or it learns a grid."""
    if not wish.look_back or wish.model == GRID_MODEL:
        return []
    plan = CountRun((wish.model,), wish.draws, wish.seed)
    return own_skill(made, plan, target=wish.target, horizon=wish.horizon_months, progress=progress)


def _beside(panel: Panel, wish: ForecastWish, groups: list[GroupCalibration], notes: list[str]) -> ForecastTold:
    status = dict(zip(panel.units, status_of_history(panel.feature(wish.target)).tolist(), strict=True))
    return ForecastTold(tuple(groups), status, base_rates(panel, wish.target, wish.horizon_months), tuple(notes))


def _made(wish: ForecastWish, panel: Panel, order: Order, late: RevisionPairs, backend: Backend) -> Forecast:
    """The draws, or chances, of the model wished for; those of a count are made where the backend says."""
    if wish.is_onset:
        what, model = ONSETS[wish.target], onset_forecaster(wish.model)
        return make_onset_forecast(model, panel, order=order, definition=what, counted=wish.target)
    if wish.model == GRID_MODEL:
        if wish.late_reports:
            raise UsageError(f"{GRID_MODEL} does not reckon with late reports", where="--late-reports", mend="leave it")
        return make_grid_forecast(panel, order=order, backend=backend)
    forecaster = count_forecaster(wish.model)
    wrapped = WithLateReports(forecaster, late) if wish.late_reports else forecaster
    return make_forecast(wrapped, panel, order=order, backend=backend)


def summaries(result: Forecast) -> pl.DataFrame:
    """Mean, quantiles and exceedance per unit and month; month 0 is the sum over the horizon."""
    return pl.concat([_summary_of_months(result), _summary_of_horizon(result)])


def input_digest(panel: Panel) -> str:
    """The SHA-256 of a panel: its numbers, units, first month and features."""
    digest = hashlib.sha256(np.ascontiguousarray(panel.values).tobytes())
    digest.update(json.dumps([panel.units, panel.first_month, panel.features]).encode())
    return digest.hexdigest()


def _run(workspace: Workspace, wish: ForecastWish, panel: Panel, result: Forecast, file: str) -> forecasts.ForecastRun:
    return forecasts.ForecastRun(
        target=wish.target,
        level=wish.level,
        model=result.model,
        as_known_at=wish.as_known_at.isoformat(),
        data_through=result.data_through,
        horizon=wish.horizon_months,
        draws=wish.draws,
        seed=wish.seed,
        code_version=forewarn.__version__,
        input_sha256=input_digest(panel),
        file=file,
        made_at=instant_text(workspace.now),
    )


def _write(result: Forecast, path: Path, columns: str) -> None:
    """The draws or chances in the columns asked for, with where they come from in every row and in the metadata."""
    if columns == "hubverse":
        write_hubverse(result, path)
    else:
        write_forecast(result, path)


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


def _notable(result: Forecast) -> list[dict[str, float | str]]:
    totals = summaries(result).filter((pl.col("month") == 0) & (pl.col("p25") >= NOTABLE)).sort("unit")
    return totals.select("unit", "mean", "q05", "q50", "q95", "p1", "p25", "p100", "p1000").to_dicts()


def _likely(result: Forecast) -> list[dict[str, float | str]]:
    """Units with a chance of :data:`NOTABLE` of an onset in the horizon; within a year onsets exclude each other."""
    chance = np.minimum(np.asarray(result.probability).sum(axis=1), 1.0)
    pairs = sorted(zip(result.units, chance.tolist(), strict=True))
    return [{"unit": unit, "probability": one} for unit, one in pairs if one >= NOTABLE]


def _told(run: forecasts.ForecastRun, made: PanelMade, result: Forecast) -> ForecastMade:
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
        notable=_likely(result) if result.is_onset else _notable(result),
    )
