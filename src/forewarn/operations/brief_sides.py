"""The two sides and the gaps of a brief of an area, as the policy's rules see it, from what the brief stands on.

Owns the reading of one area alone: its forecast, the skill and own past kept with that, its incidents of the months the
policy looks at, and who could see it. What is said of the whole world, how many incidents say no day, is counted in the
store. Where nothing is kept beside the draws of a forecast all that is known is read: its past must be counted anew.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import coverage
from forewarn.clock import day_from_text, last_complete_month, month_of
from forewarn.operations.brief_known import Ground
from forewarn.operations.drafting import everything_of, trigger_inputs, unit_forecast
from forewarn.operations.drafting_sides import silences
from forewarn.operations.forecast_told import ForecastTold, told_of
from forewarn.operations.workspace import Workspace
from forewarn.store import area_marks
from forewarn.store.forecasts import ForecastRun, forecast_run, read_forecast_units, read_skill
from forewarn.warn import TriggerInputs, UnitCoverage, UnitForecast
from forewarn.warn.proposal import Sides

__all__ = ["sides_of_area"]


def sides_of_area(workspace: Workspace, connection: Connection, ground: Ground, forecast_id: str) -> Sides:
    """What speaks for and against an alert there; nothing without a forecast of that kind of area."""
    run = forecast_run(connection, forecast_id) if forecast_id else None
    if run is None or run.level != ground.level.value:
        return Sides((), (), ())
    told = told_of(workspace, forecast_id, run)
    if ground.since is None or (run.file and not told.status):
        inputs, _ = trigger_inputs(connection, ground.level, ground.known.as_known_at, atlas=ground.known.atlas)
    else:
        inputs = _inputs(connection, ground, run, told)
    inputs = replace(inputs, silences=silences(workspace, inputs.as_known_at))
    return next((one.sides for one in everything_of(inputs) if one.unit == ground.unit), Sides((), (), ()))


def _inputs(connection: Connection, ground: Ground, run: ForecastRun, told: ForecastTold) -> TriggerInputs:
    """What the policy looks at, of one unit."""
    day, level = ground.known.as_known_at, ground.level
    own = ground.known.incidents(level).filter((pl.col("unit") == ground.unit) & pl.col("started_on").is_not_null())
    return TriggerInputs(
        as_known_at=day,
        level=level,
        forecasts=_forecast(connection, ground.unit, run, told),
        incidents=own,
        coverage=_coverage(connection, ground),
        undated=area_marks.without_a_day(connection, level, day.isoformat()),
    )


def _forecast(connection: Connection, unit: str, run: ForecastRun, told: ForecastTold) -> tuple[UnitForecast, ...]:
    rows = read_forecast_units(connection, run.forecast_id, unit).filter(pl.col("month") == 0)
    said = {row.name: row for row in read_skill(connection, run.forecast_id) if row.kind == "status"}
    skill, rates = said.get(told.status.get(unit, "")), told.base_rates.get(unit, {})
    return tuple(unit_forecast(row, run, run.forecast_id, rates, skill) for row in rows.iter_rows(named=True))


def _coverage(connection: Connection, ground: Ground) -> tuple[UnitCoverage, ...]:
    """Sight of the unit in the months the brief stands on; before the first month anything is known of, none."""
    known, since = ground.known, ground.since
    begun = area_marks.first_day_told(connection, ground.level, known.as_known_at.isoformat())
    if not known.statements or since is None or not begun:
        return ()
    first = max(month_of(day_from_text(begun)), month_of(since))
    months = range(first, max(last_complete_month(known.as_known_at), first) + 1)
    seen = coverage(known.statements, [ground.unit], months)["state"] == "observed"
    return (UnitCoverage(ground.unit, first, tuple(seen)),)
