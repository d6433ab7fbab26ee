"""The baselines every model has to beat, none of which learns anything.

``zero``, ``last_poisson``, ``conflictology`` and ``boot_240`` are those of the VIEWS prediction challenge
2023/24; ``weighted_history`` is the unit's own past, recent months weighing more. Missing months are
skipped, never read as zero; a unit without a known month gets NaN from the baselines that need its past.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.forecast.models.forecaster import History, Task, unit_generator

__all__ = ["Bootstrap", "Conflictology", "LastPoisson", "WeightedHistory", "Zero"]

_DEFAULT_DRAWS = 1000
Draws = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Zero:
    """Nothing happens, for certain."""

    name: str = "zero"

    def forecast(self, history: History, task: Task) -> Draws:
        """All draws are zero, for every unit."""
        return _empty(history, task, fill=0.0)


@dataclass(frozen=True, slots=True)
class LastPoisson:
    """Poisson around the last known value of the unit, the same for every horizon."""

    name: str = "last_poisson"

    def forecast(self, history: History, task: Task) -> Draws:
        """Draws around the latest month that is not missing."""
        draws = _empty(history, task)
        for k, unit in enumerate(history.units):
            known = _known(history.values[k])
            if known.size:
                random = unit_generator(self.name, unit, last_month=history.last_month, seed=task.seed)
                draws[k] = random.poisson(known[-1], size=draws.shape[1:])
        return draws


@dataclass(frozen=True, slots=True)
class Conflictology:
    """The unit's own last known months, each as likely: what happened last year may happen again.

    Named and tested by Hegre and others (2024). With ``Task.draws`` left open the months themselves are the
    draws, oldest first, the same for each horizon; a unit with fewer known months repeats them evenly.
    Otherwise each month is drawn in equal shares, in an order of its own for each horizon.
    """

    months: int = 12
    name: str = "conflictology"

    def forecast(self, history: History, task: Task) -> Draws:
        """Draws from the last :attr:`months` known months."""
        draws = _empty(history, task, draws=task.draws or self.months)
        for k, unit in enumerate(history.units):
            known = _known(history.values[k])[-self.months :]
            if known.size and task.draws is None and known.size == self.months:
                draws[k] = known
            elif known.size:
                random = unit_generator(self.name, unit, last_month=history.last_month, seed=task.seed)
                draws[k] = _resample(known, np.ones(known.size), draws.shape[1:], random)
        return draws


@dataclass(frozen=True, slots=True)
class WeightedHistory:
    """The unit's own whole past, a month weighing half as much when it is a half-life older."""

    half_life_months: float = 12.0
    name: str = "weighted_history"

    def forecast(self, history: History, task: Task) -> Draws:
        """Draws from all known months, in shares that fall with their age."""
        draws = _empty(history, task)
        age = np.arange(history.values.shape[1])[::-1]
        weight = np.exp2(-age / self.half_life_months)
        for k, unit in enumerate(history.units):
            present = ~np.isnan(history.values[k])
            if present.any():
                random = unit_generator(self.name, unit, last_month=history.last_month, seed=task.seed)
                draws[k] = _resample(history.values[k][present], weight[present], draws.shape[1:], random)
        return draws


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Months of all units over the last twenty years, drawn at random: the world, not the unit."""

    months: int = 240
    name: str = "boot_240"

    def forecast(self, history: History, task: Task) -> Draws:
        """Draws from the known values of all units in the last :attr:`months` months, for every unit."""
        recent = history.values[:, -self.months :]
        # sorted, so that the order of units cannot change the draws
        pool = np.sort(recent[~np.isnan(recent)])
        if not pool.size:
            raise ForecastError("no month of any unit is known", where=self.name, mend="give a longer history")
        draws = _empty(history, task)
        for k, unit in enumerate(history.units):
            random = unit_generator(self.name, unit, last_month=history.last_month, seed=task.seed)
            draws[k] = pool[random.integers(pool.size, size=draws.shape[1:])]
        return draws


def _known(values: NDArray[np.floating]) -> NDArray[np.floating]:
    known: NDArray[np.floating] = values[~np.isnan(values)]
    return known


def _empty(history: History, task: Task, *, draws: int | None = None, fill: float = np.nan) -> Draws:
    count = draws or task.draws or _DEFAULT_DRAWS
    return np.full((len(history.units), len(task.horizons), count), fill, dtype=np.float32)


def _resample(
    values: NDArray[np.floating],
    weights: NDArray[np.float64],
    shape: tuple[int, ...],
    random: np.random.Generator,
) -> Draws:
    """Systematic resampling: each value gets its share of the draws to within one, then shuffled.

    Independent draws would add their own noise to the score: about 0.7 % of conflictology's CRPS at 1000.
    """
    horizons, count = shape
    upper = np.cumsum(weights / weights.sum())
    upper[-1] = 1.0
    positions = (np.arange(count) + random.random((horizons, 1))) / count
    chosen = values[np.searchsorted(upper, positions, side="right").clip(max=values.size - 1)]
    shuffled: Draws = random.permuted(chosen.astype(np.float32), axis=1)
    return shuffled
