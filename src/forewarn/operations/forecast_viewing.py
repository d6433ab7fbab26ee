"""Forecasts for a viewer: the runs, one run unit by unit, and one unit with its past, its fan and what moved it.

A fan is given only where skill was shown for units of that status; elsewhere the chances stand as numbers and the
page says why. The past is of incidents that the viewer may see; the draws rest on all, and count as moderate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forewarn.assess import coverage
from forewarn.clock import day_from_text, first_day, month_label
from forewarn.errors import SeparationError, UnknownNameError
from forewarn.model.access import Viewer
from forewarn.model.place import UnitLevel
from forewarn.operations.brief_pictures import fan_of
from forewarn.operations.explain import Explained, ExplainWish, explain_forecast
from forewarn.operations.forecast_told import ForecastTold, kept_told
from forewarn.operations.knowledge import coverage_statements
from forewarn.operations.panels import TARGETS
from forewarn.operations.workspace import Workspace
from forewarn.respond import Fan, Series, SeriesMonth
from forewarn.store import viewed
from forewarn.store.forecasts import ForecastRun, SkillRow, forecast_run, forecast_runs, read_skill
from forewarn.store.listed import Wanted
from forewarn.store.seen_counts import counted_by_month
from forewarn.store.viewed_readings import incidents_of_claims
from forewarn.taxonomy import is_fictional

__all__ = ["EXPLAIN", "RunListed", "RunShown", "UnitShown", "explained_for", "forecast_for", "forecasts_for",
           "unit_forecast_for"]  # fmt: skip

EXPLAIN = "forecast_explain"
"""The act of asking the model again."""

_PAST_MONTHS = 36
_MOST_ROWS = 30_000


@dataclass(frozen=True, slots=True)
class RunListed:
    """A run as a list has it: its id, itself, and what the look back said of the whole (or that it was not tested)."""

    forecast_id: str
    run: ForecastRun
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run.

    Attributes:
        listed: as in the list.
        rows: by unit name, the summary over the whole horizon, each with ``drawn``: whether skill was shown for it.
        skill: what the look back said, group by group.
        told: what was kept beside the numbers.
        fictional: whether all units are of the exercise.
    """

    listed: RunListed
    rows: list[dict[str, Any]]
    skill: tuple[SkillRow, ...]
    told: ForecastTold
    fictional: bool


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit of a run: its past as a series, the forecast as a fan, whether that may be drawn, and the months."""

    listed: RunListed
    unit: str
    series: Series | None
    fan: Fan
    is_drawn: bool
    status: str
    skill: str
    months: list[dict[str, Any]]
    notes: tuple[str, ...]
    fictional: bool


def forecasts_for(workspace: Workspace, viewer: Viewer) -> list[RunListed]:
    """The runs of which the viewer may be shown a unit, the one made last first."""
    with workspace.database.reading() as connection:
        found = []
        for forecast_id, run in forecast_runs(connection).items():
            if viewed.seen_forecast_units(connection, viewer, forecast_id, Wanted(limit=1), month=0):
                found.append(_listed(forecast_id, run, read_skill(connection, forecast_id)))
    return found


def forecast_for(
    workspace: Workspace, viewer: Viewer, forecast_id: str, *, after: str = "", limit: int = _MOST_ROWS
) -> RunShown:
    """A run unit by unit, by name, at most ``limit`` after a unit; :class:`UnknownNameError` where none may be seen."""
    with workspace.database.reading() as connection:
        wanted = Wanted(limit=limit, after=(after, "0") if after else None)
        rows = viewed.seen_forecast_units(connection, viewer, forecast_id, wanted, month=0)
        if not rows:
            raise UnknownNameError("no such forecast", mend="see the list of forecasts")
        run, skill = forecast_run(connection, forecast_id), read_skill(connection, forecast_id)
    told = _told(workspace, forecast_id, run)
    shown = [{**row, "drawn": told.is_drawn(row["unit"])} for row in rows]
    fictional = all(is_fictional(row["unit"][:3]) for row in rows)
    return RunShown(_listed(forecast_id, run, skill), shown, skill, told, fictional)


def unit_forecast_for(workspace: Workspace, viewer: Viewer, forecast_id: str, unit: str) -> UnitShown:
    """One unit of a run. Raises :class:`UnknownNameError` where the viewer may not see it."""
    with workspace.database.reading() as connection:
        wanted = Wanted(area=unit, limit=_MOST_ROWS)
        rows = viewed.seen_forecast_units(connection, viewer, forecast_id, wanted)
        rows = [row for row in rows if row["unit"] == unit]
        if not rows:
            raise UnknownNameError("no such forecast", mend="see the list of forecasts")
        run, skill = forecast_run(connection, forecast_id), read_skill(connection, forecast_id)
        told = _told(workspace, forecast_id, run)
        fan = fan_of(connection, forecast_id, unit, told.base_rates.get(unit, {}))
        series = _series(connection, viewer, run, unit)
    if fan is None:
        raise UnknownNameError("no such forecast", mend="see the list of forecasts")
    status = told.status.get(unit, "")
    of_status = next((row.sentence for row in skill if (row.kind, row.name) == ("status", status)), "")
    listed = _listed(forecast_id, run, skill)
    months = [row for row in rows if row["month"] > 0]
    return UnitShown(
        listed, unit, series, fan, told.is_drawn(unit), status, of_status or listed.sentence, months, told.notes,
        is_fictional(unit[:3]),
    )  # fmt: skip


def explained_for(
    workspace: Workspace, viewer: Viewer, forecast_id: str, unit: str
) -> tuple[Explained, dict[str, str]]:
    """What moved the forecast of a unit, asked of the model again, and by claim the incident, where it may be seen.

    Raises:
        SeparationError: the viewer's roles do not ask the model.
        UnknownNameError: the viewer may not see that forecast.
    """
    unit_forecast_for(workspace, viewer, forecast_id, unit)
    if EXPLAIN not in viewer.acts:
        raise SeparationError("your roles do not ask the model again", where=EXPLAIN, mend="ask who may")
    explained = explain_forecast(workspace, ExplainWish(unit, forecast_id=forecast_id))
    with workspace.database.reading() as connection:
        claims = sorted({one for names in explained.claims.values() for one in names})
        seen = sorted(viewed.seen_claims(connection, viewer, claims))
        return explained, incidents_of_claims(connection, seen)


def _listed(forecast_id: str, run: ForecastRun, skill: tuple[SkillRow, ...]) -> RunListed:
    whole = next((row for row in skill if row.kind == "all"), None)
    untested = "Skill was not tested on this panel: do not draw alerts from it."
    return RunListed(forecast_id, run, whole.verdict if whole else "not tested", whole.sentence if whole else untested)


def _told(workspace: Workspace, forecast_id: str, run: ForecastRun) -> ForecastTold:
    return kept_told(workspace.paths.root / Path(run.file), forecast_id) if run.file else ForecastTold()


def _series(connection: Any, viewer: Viewer, run: ForecastRun, unit: str) -> Series | None:
    """The last three years before the forecast; ``None`` for a cell, and for what incidents do not count."""
    meant = TARGETS.get(run.target)
    if run.level == UnitLevel.CELL or meant is None or meant.theme:
        return None
    months = range(run.data_through - _PAST_MONTHS + 1, run.data_through + 1)
    counts = counted_by_month(
        connection, viewer, unit, meant.count, violence=meant.violence, since=first_day(months[0]).isoformat(),
        known_by=run.as_known_at,
    )  # fmt: skip
    seen = _observed(connection, unit, months, day_from_text(run.as_known_at))
    noun = run.target.replace("_", " ")
    made = tuple(_month(month, counts, observed=seen.get(month, False)) for month in months)
    return Series(unit, noun, made, "Months nobody is known to have watched are hatched.", ())


def _month(month: int, counts: Mapping[str, tuple[int, int, int]], *, observed: bool) -> SeriesMonth:
    silent = (0, 0, 0) if observed else (None, None, None)
    ends: tuple[int | None, int | None, int | None] = counts.get(month_label(month)) or silent
    return SeriesMonth(month, ends[0], ends[1], ends[2], observed)


def _observed(connection: Any, unit: str, months: range, known: date) -> dict[int, bool]:
    covered = coverage(coverage_statements(connection, known), [unit], months)
    return dict(zip(covered["month"], (covered["state"] == "observed"), strict=True))
