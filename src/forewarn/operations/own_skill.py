"""The skill of a model on the panel it forecasts from: rolling origins, each seeing only what was known by then.

Windows of the forecast's own length, one after the other, back from the last month known; what came is scored as known
today. Too short a past gives no window and no word on skill. Links between reports, and figures corrected since, are
today's: the look back is kinder than the day was.
"""

from __future__ import annotations

import numpy as np

from forewarn.execution import backend_from_text
from forewarn.forecast.backtest import CountCase, CountRun, Window, run_counts
from forewarn.forecast.calibration import GroupCalibration
from forewarn.forecast.make import heard_of
from forewarn.forecast.models import History
from forewarn.operations.calibration import Calibrator
from forewarn.operations.panels import PanelMade
from forewarn.operations.workspace import Progress, no_progress
from forewarn.store.forecasts import SkillRow

__all__ = ["own_skill", "skill_rows"]

MOST_WINDOWS = 6
_SHORTEST_PAST = 12
_MOST_DRAWS = 500


def own_skill(
    made: PanelMade, run: CountRun, *, target: str, horizon: int, progress: Progress = no_progress
) -> list[GroupCalibration]:
    """The calibration of the one model of ``run``, the whole first; empty where the past is too short."""
    cases = [case for origin in _origins(made, horizon) if (case := _case(made, target, origin, horizon)) is not None]
    if not cases:
        return []
    plan = CountRun(run.models, min(run.draws or _MOST_DRAWS, _MOST_DRAWS), run.seed)
    calibrator = Calibrator("unit", "month_id", plan.draws, plan.seed)
    by_window = {case.window.label: case for case in cases}
    for done, result in enumerate(run_counts(cases, plan, backend=backend_from_text("sequential")), 1):
        calibrator.add(result, by_window[result.window.label])
        progress(done, len(cases), f"looking back: {result.model} {result.window.label}")
    return calibrator.report()[run.models[0]]


def skill_rows(groups: list[GroupCalibration]) -> list[SkillRow]:
    """What is kept: the whole, and each status."""
    return [
        SkillRow(one.by, one.group, one.units, one.unit_periods, one.verdict, one.sentence)
        for one in groups
        if one.by in ("all", "status")
    ]


def _origins(made: PanelMade, horizon: int) -> list[int]:
    first, last = made.panel.first_month, made.panel.last_month
    origins = [last - horizon * k for k in range(1, MOST_WINDOWS + 1)]
    return sorted(origin for origin in origins if origin - first + 1 >= _SHORTEST_PAST)


def _case(made: PanelMade, target: str, origin: int, horizon: int) -> CountCase | None:
    history = heard_of(History.of_panel(made.source.as_of(origin), target))
    if not history.units:
        return None
    start = origin + 1 - made.panel.first_month
    place = {unit: k for k, unit in enumerate(made.panel.units)}
    happened = made.panel.feature(target)[[place[unit] for unit in history.units], start : start + horizon]
    if np.isnan(happened).all():
        return None
    return CountCase(Window(origin + 1, origin + horizon, origin), history, happened.astype(np.float64))
