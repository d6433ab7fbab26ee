"""What models learn from: unit-months seen from an earlier month, with what followed; and what is asked.

An example is a unit, an origin, a horizon and the count that came; its origin and its outcome both lie within
the history given, so nothing after ``last_month`` is learnt. Units are taken in the order of their ids, so the
order they are given in changes nothing. No id enters the features.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.features import FeatureCube, past_features
from forewarn.forecast.models.baselines import WeightedHistory
from forewarn.forecast.models.forecaster import History, Task, model_generator, unit_generator

__all__ = ["FEWEST", "Classroom", "Examples", "Sampling", "classroom", "shuffled"]

FEWEST = 300
"""Examples below which nothing is learnt."""

_WARM_UP = 24
_MOST = 60_000
_LONG_QUIET = "mean_120"
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many examples: horizons per origin, and the share kept of units quiet for ten years.

    An example weighs half as much when its origin is ``half_life_months`` older: violence and its recording change.
    """

    per_origin: int = 1
    quiet_share: float = 0.12
    half_life_months: float = 144.0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows to learn from: unit, origin (column), horizon, the count that came, and what the row stands for."""

    unit: Ints
    origin: Ints
    horizon: Ints
    outcome: Floats
    weight: Floats

    def __len__(self) -> int:
        """The number of rows."""
        return int(self.unit.size)

    def where(self, kept: NDArray[Any]) -> Examples:
        """Some of the rows."""
        return Examples(*(getattr(self, name)[kept] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Classroom:
    """A history in the order of its ids, its features, and the rows asked for: every unit at each horizon."""

    history: History
    task: Task
    features: FeatureCube
    place: Ints

    @property
    def draws(self) -> int:
        """How many draws are wanted of each row."""
        return self.task.draws or 1000

    @property
    def is_whole(self) -> bool:
        """Whether all counts known are whole numbers, as those forecast must then be."""
        known = self.history.values[~np.isnan(self.history.values)]
        return bool((known == np.round(known)).all())

    @property
    def can_learn(self) -> bool:
        """Whether there are enough examples to learn from."""
        return len(self.examples(Sampling(), purpose="count")) >= FEWEST

    def counts(self, logs: Floats) -> Floats:
        """Counts from ``log(1 + count)``, whole where the history is."""
        counts: Floats = np.maximum(np.expm1(logs), 0.0)
        return np.asarray(np.round(counts)) if self.is_whole else counts

    def too_little(self, model: str) -> NDArray[np.float32]:
        """What a model says that could learn nothing: the unit's own weighted past."""
        task = replace(self.task, draws=self.draws)
        rows = WeightedHistory(name=model).forecast(self.history, task)
        return rows[np.argsort(self.place)]

    def examples(self, sampling: Sampling, *, purpose: str) -> Examples:
        """Examples drawn at random from all origins, weighted so that they stand for all."""
        random = model_generator(purpose, last_month=self.history.last_month, seed=self.task.seed)
        values = self.history.values
        unit, origin = (a.ravel() for a in np.indices(values.shape))
        kept = (origin >= min(_WARM_UP, values.shape[1] // 3)) & ~np.isnan(values).ravel()
        unit, origin = (np.repeat(a[kept], sampling.per_origin) for a in (unit, origin))
        horizon = random.choice(np.array(self.task.horizons), size=unit.size)
        inside = origin + horizon < values.shape[1]
        unit, origin, horizon = unit[inside], origin[inside], horizon[inside]
        outcome = values[unit, origin + horizon].astype(np.float64)
        quiet = ~(self.features.plane(_LONG_QUIET)[unit, origin] > 0)
        chosen = ~np.isnan(outcome) & (~quiet | (random.random(unit.size) < sampling.quiet_share))
        age = values.shape[1] - 1 - origin
        weight = np.where(quiet, 1.0 / sampling.quiet_share, 1.0) * np.exp2(-age / sampling.half_life_months)
        rows = np.flatnonzero(chosen)
        if rows.size > _MOST:
            rows = np.sort(random.choice(rows, size=_MOST, replace=False))
        return Examples(unit[rows], origin[rows], horizon[rows], outcome[rows], weight[rows])

    def asked(self) -> tuple[Ints, Ints, Ints]:
        """Unit, origin and horizon of each row asked for, unit by unit."""
        units, horizons = len(self.history.units), len(self.task.horizons)
        unit = np.repeat(np.arange(units), horizons)
        return unit, np.full(unit.size, self.history.values.shape[1] - 1), np.tile(self.task.horizons, units)

    def level(self, name: str) -> Floats:
        """A feature of each row asked for."""
        unit, origin, _ = self.asked()
        return self.features.plane(name)[unit, origin].astype(np.float64)

    def given_back(self, rows: NDArray[np.floating], model: str) -> NDArray[np.float32]:
        """Draws ``[row, draw]`` as ``[unit, horizon, draw]`` in the order the units were given."""
        draws = rows.reshape(len(self.history.units), len(self.task.horizons), -1)
        return shuffled(draws, self.history, self.task, model=model)[np.argsort(self.place)]


def classroom(history: History, task: Task) -> Classroom:
    """The classroom of a history."""
    place = np.argsort(np.array(history.units), kind="stable")
    ordered = replace(
        history,
        values=history.values[place],
        units=tuple(history.units[k] for k in place),
        covariates=None if history.covariates is None else history.covariates[place],
    )
    return Classroom(ordered, task, past_features(ordered.values), place)


def shuffled(draws: NDArray[np.floating], history: History, task: Task, *, model: str) -> NDArray[np.float32]:
    """Draws in an order of their own for each unit and horizon; NaN for a unit of which no month is known."""
    result = np.empty(draws.shape, dtype=np.float32)
    for k, unit in enumerate(history.units):
        random = unit_generator(model, unit, last_month=history.last_month, seed=task.seed)
        result[k] = random.permuted(draws[k], axis=1)
    result[np.isnan(history.values).all(axis=1)] = np.nan
    return result
