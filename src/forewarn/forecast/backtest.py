"""Rolling-origin evaluation: what a model would have said at each origin, and how good it was.

Pure: cases in, results out; files are somebody else's job. A case holds its history up to ``data_through``
and its actuals apart, so a model cannot see what it is scored on. Results come case by case and model by
model, the same on every backend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputValueError
from forewarn.execution import Backend, run_each
from forewarn.forecast.evaluation import CountScores, count_scores
from forewarn.forecast.make import known_enough
from forewarn.forecast.models import History, OnsetRows, Task, count_forecaster, onset_forecaster

__all__ = [
    "CountCase",
    "CountResult",
    "CountRun",
    "OnsetCase",
    "OnsetResult",
    "Window",
    "run_counts",
    "run_onsets",
]


@dataclass(frozen=True, slots=True)
class Window:
    """The periods to forecast, and the last period whose target is known; all whole numbers."""

    first: int
    last: int
    data_through: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise InputValueError(f"first {self.first} is after last {self.last}", where="window", mend="swap them")
        if self.data_through >= self.first:
            raise InputValueError(
                f"data_through {self.data_through} is not before first {self.first}",
                where="window",
                mend="forecast only what comes after the data",
            )

    @property
    def periods(self) -> range:
        """The periods to forecast."""
        return range(self.first, self.last + 1)

    @property
    def label(self) -> str:
        """The window as files and tables name it."""
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True, eq=False)
class CountCase:
    """One window of a count: the history known at its origin, and ``actual[unit, period]``, NaN unknown."""

    window: Window
    history: History
    actual: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.history.last_month != self.window.data_through:
            raise ForecastError(
                f"the history ends at {self.history.last_month}, not at {self.window.data_through}",
                where=f"window {self.window.label}",
                mend="cut the history at data_through",
            )
        if self.actual.shape != (len(self.history.units), len(self.window.periods)):
            raise ForecastError(
                f"actuals have shape {self.actual.shape}", where=f"window {self.window.label}", mend="align them"
            )


@dataclass(frozen=True, slots=True)
class CountRun:
    """How each case is to be forecast."""

    models: tuple[str, ...]
    draws: int | None = 1000
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class CountResult:
    """What one model said of one window: ``draws[unit, period, draw]`` of the units it knew, and scores.

    ``scores`` has one entry per unit-period with an actual; ``unscored`` counts those without.
    """

    window: Window
    model: str
    units: tuple[str, ...]
    draws: NDArray[np.float32]
    scores: CountScores
    unscored: int


@dataclass(frozen=True, slots=True, eq=False)
class OnsetCase:
    """One window of an onset: rows to learn from and to forecast, and the outcome of the latter."""

    window: Window
    rows: OnsetRows
    actual: NDArray[np.float64]

    def __post_init__(self) -> None:
        learnt = self.rows.learnt
        if learnt.any() and int(self.rows.periods[learnt].max()) > self.window.data_through:
            raise ForecastError(
                "outcomes after data_through are among the rows to learn from",
                where=f"window {self.window.label}",
                mend="hide them",
            )
        if self.actual.shape != (int((~learnt).sum()),):
            raise ForecastError(
                f"actuals have shape {self.actual.shape}", where=f"window {self.window.label}", mend="align them"
            )


@dataclass(frozen=True, slots=True, eq=False)
class OnsetResult:
    """What one model said of one window, per row to forecast; ``actual`` is NaN where unknown."""

    window: Window
    model: str
    units: NDArray[np.str_]
    periods: NDArray[np.int64]
    probability: NDArray[np.float64]
    actual: NDArray[np.float64]


def run_counts(cases: Sequence[CountCase], run: CountRun, *, backend: Backend) -> Iterator[CountResult]:
    """Each case forecast and scored by each model, case by case.

    Raises:
        UnknownNameError: before any work, when a model is not known.
    """
    for name in run.models:
        count_forecaster(name)
    tasks = [(case, name, run.draws, run.seed) for case in cases for name in run.models]
    return run_each(_forecast_counts, tasks, backend=backend)


def run_onsets(cases: Sequence[OnsetCase], models: Sequence[str], *, backend: Backend) -> Iterator[OnsetResult]:
    """Each case forecast by each model, case by case."""
    for name in models:
        onset_forecaster(name)
    tasks = [(case, name) for case in cases for name in models]
    return run_each(_forecast_onsets, tasks, backend=backend)


def _forecast_counts(task: tuple[CountCase, str, int | None, int]) -> CountResult:
    case, name, draws, seed = task
    horizons = tuple(period - case.window.data_through for period in case.window.periods)
    made = count_forecaster(name).forecast(case.history, Task(horizons=horizons, draws=draws, seed=seed))
    known = known_enough(made, name)
    actual = case.actual
    if not known.all():
        made, actual = made[known], actual[known]
    units = tuple(unit for unit, is_known in zip(case.history.units, known, strict=True) if is_known)
    scores = _score_counts(case.window, units, made, actual)
    return CountResult(case.window, name, units, made, scores, unscored=int(np.isnan(actual).sum()))


def _score_counts(
    window: Window, units: tuple[str, ...], draws: NDArray[np.float32], actual: NDArray[np.float64]
) -> CountScores:
    known = ~np.isnan(actual)
    row, column = np.nonzero(known)
    # a full window of a grid is 0.6 GB of draws, which reshaping does not copy
    pairs = draws.reshape(-1, draws.shape[2]) if known.all() else draws[row, column]
    periods = np.asarray(window.periods, dtype=np.int64)[column]
    return count_scores(pairs, actual[row, column], unit=np.array(units)[row], period=periods)


def _forecast_onsets(task: tuple[OnsetCase, str]) -> OnsetResult:
    case, name = task
    asked = ~case.rows.learnt
    probability = onset_forecaster(name).probabilities(case.rows)
    return OnsetResult(case.window, name, case.rows.units[asked], case.rows.periods[asked], probability, case.actual)
