"""The ensemble we stand behind: boosted quantiles, precedents and own histories in one pool, its tails mended.

The weights of the members and the length of the upper tail depend on the status of the conflict over the last year.
They stand near what ``benchmarks/learn_pool.py`` learned by proper scores at past Octobers, each scored on the year
that followed, before the last months were dressed; dressing them with these weights kept did as well as learning anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.models.analogue import Analogue
from forewarn.forecast.models.baselines import WeightedHistory
from forewarn.forecast.models.boosted import Boosted
from forewarn.forecast.models.dressed import DressedHistory
from forewarn.forecast.models.examples import Classroom, classroom
from forewarn.forecast.models.forecaster import History, Task
from forewarn.forecast.models.forest import QuantileForest
from forewarn.forecast.models.opening import Contributions, Members
from forewarn.forecast.models.pooling import pooled, status_of
from forewarn.forecast.models.recalibration import lengthened

__all__ = ["LENGTHENING", "MEMBERS", "WEIGHTS", "Ensemble", "member_quantiles"]

MEMBERS = ("boosted", "forest", "analogue", "dressed_history", "history_12", "history_60")
"""Boosted quantiles; forest of precedents; nearest precedents; last months dressed; weighted histories by half-life."""

WEIGHTS: tuple[tuple[float, ...], ...] = (
    (0.20, 0.15, 0.05, 0.42, 0.10, 0.08),
    (0.45, 0.20, 0.05, 0.10, 0.10, 0.10),
    (0.50, 0.20, 0.10, 0.12, 0.05, 0.03),
    (0.57, 0.05, 0.05, 0.30, 0.03, 0.00),
)
"""Weight of each member, by status: quiet, sporadic, active, war."""

LENGTHENING: tuple[float, ...] = (0.0, 0.1, 0.15, 0.15)
"""How much further the 95 % quantile reaches than that of the pool, on the log scale, by status."""

_HALF_LIVES = (12.0, 60.0)


@dataclass(frozen=True, slots=True)
class Ensemble:
    """A linear pool of :data:`MEMBERS`; with too few examples it is the unit's own weighted past."""

    weights: tuple[tuple[float, ...], ...] = WEIGHTS
    lengthening: tuple[float, ...] = LENGTHENING
    name: str = "ensemble"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws for every unit; NaN for one of which no month is known."""
        room = classroom(history, task)
        if not room.can_learn:
            return room.too_little(self.name)
        status = status_of(np.expm1(room.level("mean_12")))
        pool = pooled(member_quantiles(room), np.array(self.weights)[status], count=room.draws)
        draws = lengthened(np.sort(pool, axis=1), np.array(self.lengthening)[status])
        return room.given_back(np.round(draws) if room.is_whole else draws, self.name)

    def members(self, history: History, task: Task) -> Members | None:
        """What each member says and its share, for whoever explains the pool."""
        room = classroom(history, task)
        if not room.can_learn:
            return None
        shape = (len(room.history.units), len(task.horizons), -1)
        weights = np.array(self.weights)[status_of(np.expm1(room.level("mean_12")))].reshape(shape)[:, 0]
        said = tuple(made.reshape(shape) for made in member_quantiles(room))
        return Members(MEMBERS, room.history.units, weights, said)

    def contributions(self, history: History, task: Task) -> Contributions | None:
        """Those of its boosted member."""
        return Boosted().contributions(history, task)


def member_quantiles(room: Classroom) -> list[NDArray[np.float32]]:
    """What each of :data:`MEMBERS` says: ``[row asked for, draw]``, rising."""
    forest = QuantileForest().quantiles(room, count=room.draws)
    boosted = Boosted().quantiles(room, forest)
    histories = [_weighted(room, half_life) for half_life in _HALF_LIVES]
    return [boosted, forest, Analogue().quantiles(room), DressedHistory().quantiles(room), *histories]


def _weighted(room: Classroom, half_life: float) -> NDArray[np.float32]:
    draws = WeightedHistory(half_life).forecast(room.history, Task(room.task.horizons, room.draws, room.task.seed))
    return np.sort(draws.reshape(-1, room.draws), axis=1)
