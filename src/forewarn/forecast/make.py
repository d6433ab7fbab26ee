"""One forecast made from one panel: what came of a forecaster, as the noun others use.

Units the forecaster could not forecast, and units not heard of in the last twelve months, are named as
unknown and never given a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.execution import HERE, Backend, run_each
from forewarn.forecast.models import Forecaster, History, OnsetForecaster, Task
from forewarn.forecast.onsets_from_counts import OnsetDefinition, onset_rows_of_counts
from forewarn.model.forecast import Forecast
from forewarn.model.panel import Panel

__all__ = ["Order", "heard_of", "known_enough", "make_forecast", "make_onset_forecast"]

_RECENT_MONTHS = 12
_BY_UNIT = frozenset({"conflictology", "last_poisson", "weighted_history", "zero"})
"""Models that look at a unit's own past alone."""
_BLOCK_DRAWS = 2_000_000
"""Draws of one block: 8 MB to be sent."""
_WORTH_PROCESSES = 8
_Part = tuple[Forecaster, History, Task]


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: the target, how many months ahead, draws, seed; and the version that makes it."""

    target: str
    horizon_months: int
    code_version: str
    draws: int | None = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.horizon_months < 1:
            raise ForecastError(f"a horizon of {self.horizon_months} months", mend="ask for 1 or more")


def make_forecast(forecaster: Forecaster, panel: Panel, *, order: Order, backend: Backend = HERE) -> Forecast:
    """The forecast of the months after the panel's last, from a forecaster.

    On ``backend`` a model that looks at each unit's own past alone runs by blocks of units, any other as a whole; the
    numbers are the same wherever it runs.

    Raises:
        ForecastError: when not one unit is known well enough.
    """
    history = heard_of(History.of_panel(panel, order.target))
    if not history.units:
        raise ForecastError(
            f"no unit has a known value in the last {_RECENT_MONTHS} months", where=order.target, mend="collect more"
        )
    task = Task(horizons=tuple(range(1, order.horizon_months + 1)), draws=order.draws, seed=order.seed)
    parts = _parts(forecaster, history, task)
    # processes of this machine take longer to start than a few parts to forecast
    is_small = backend.name in ("loky", "threading") and len(parts) < _WORTH_PROCESSES
    made = list(run_each(_forecast_part, parts, backend=HERE if is_small else backend))
    draws = np.concatenate(made) if len(made) > 1 else made[0]
    known = known_enough(draws, forecaster.name)
    if not known.any():
        raise ForecastError("not one unit is known well enough", where=forecaster.name, mend="collect more")
    units = tuple(unit for unit, is_known in zip(history.units, known, strict=True) if is_known)
    return Forecast(
        target=order.target,
        level=panel.level,
        units=units,
        months=tuple(panel.last_month + h for h in task.horizons),
        model=forecaster.name,
        as_known_at=panel.as_known_at,
        data_through=panel.last_month,
        seed=order.seed,
        code_version=order.code_version,
        draws=draws if known.all() else draws[known],
        unknown_units=tuple(sorted(set(panel.units) - set(units))),
    )


def make_onset_forecast(
    forecaster: OnsetForecaster, panel: Panel, *, order: Order, definition: OnsetDefinition, counted: str
) -> Forecast:
    """The chance of an onset in each month after the panel's last, from the counts of its feature ``counted``.

    Raises:
        ForecastError: when not one unit is known well enough, or the past holds too little to learn from.
    """
    history = heard_of(History.of_panel(panel, counted))
    if not history.units:
        raise ForecastError(
            f"no unit has a known value in the last {_RECENT_MONTHS} months", where=order.target, mend="collect more"
        )
    horizons = tuple(range(1, order.horizon_months + 1))
    rows = onset_rows_of_counts(history, horizons, definition, seed=order.seed)
    chances = forecaster.probabilities(rows).reshape(len(history.units), len(horizons))
    return Forecast(
        target=order.target,
        level=panel.level,
        units=history.units,
        months=tuple(panel.last_month + h for h in horizons),
        model=forecaster.name,
        as_known_at=panel.as_known_at,
        data_through=panel.last_month,
        seed=order.seed,
        code_version=order.code_version,
        probability=chances,
        unknown_units=tuple(sorted(set(panel.units) - set(history.units))),
    )


def _parts(forecaster: Forecaster, history: History, task: Task) -> list[_Part]:
    step = len(history.units)
    if forecaster.name in _BY_UNIT:
        step = max(1, _BLOCK_DRAWS // (len(task.horizons) * (task.draws or 1000)))
    return [
        (forecaster, history.of_units(np.arange(a, min(a + step, len(history.units)))), task)
        for a in range(0, len(history.units), step)
    ]


def _forecast_part(part: _Part) -> NDArray[np.float32]:
    forecaster, history, task = part
    return forecaster.forecast(history, task)


def heard_of(history: History, months: int = _RECENT_MONTHS) -> History:
    """The history of the units with a known value in its last months; the others have vanished or are dark."""
    recent = ~np.isnan(history.values[:, -months:]).all(axis=1)
    if recent.all():
        return history
    return history.of_units(np.flatnonzero(recent))


def known_enough(draws: NDArray[np.float32], model: str) -> NDArray[np.bool_]:
    """Which units a forecaster could forecast; draws that are missing in part are refused."""
    missing = np.isnan(draws)
    any_missing, all_missing = missing.any(axis=(1, 2)), missing.all(axis=(1, 2))
    if (any_missing != all_missing).any():
        raise ForecastError(
            f"draws of {np.count_nonzero(any_missing != all_missing)} units are missing in part",
            where=model,
            mend="give all draws of a unit or none",
        )
    return np.logical_not(any_missing)
