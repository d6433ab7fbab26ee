"""Analogues: the months of any unit that looked most like this one, and what came after them.

Nearness is the distance between a dozen features in standard deviations (level, trend, spells, spread). Outcomes
are scaled to the unit's own level where both counted more than ten deaths a month; a near precedent weighs more
than a far one. Simple enough to show a reader which precedents a forecast rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from forewarn.forecast.models.examples import Classroom, Examples, Sampling, classroom
from forewarn.forecast.models.forecaster import History, Task

__all__ = ["Analogue", "Precedents"]

_LOOKS = ("lag_0", "lag_1", "mean_3", "mean_12", "mean_36", "mean_120", "share_12", "share_60", "peak_12", "spread_12")
_LEVEL = "decay_8"
_SCALED_ABOVE = float(np.log(10.0))
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Precedents:
    """The nearest examples of each row asked for: ``place[row, k]`` into ``examples``, nearest first."""

    examples: Examples
    place: NDArray[np.int64]
    distance: Floats


@dataclass(frozen=True, slots=True)
class Analogue:
    """What followed the ``neighbours`` nearest precedents at about the same horizon."""

    neighbours: int = 150
    sampling: Sampling = field(default_factory=Sampling)
    name: str = "analogue"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws for every unit; with too few examples it is the unit's own weighted past."""
        room = classroom(history, task)
        if not room.can_learn:
            return room.too_little(self.name)
        return room.given_back(self.quantiles(room), self.name)

    def quantiles(self, room: Classroom) -> NDArray[np.float32]:
        """``[row asked for, draw]`` equally likely outcomes, rising."""
        found = self.precedents(room)
        rows = _spread_evenly(self._outcomes(room, found), _nearness(found.distance), room.draws)
        return (np.round(rows) if room.is_whole else rows).astype(np.float32)

    def precedents(self, room: Classroom) -> Precedents:
        """The nearest examples of each row asked for, in looks and horizon."""
        examples = room.examples(self.sampling, purpose=self.name)
        known = _looks(room, examples.unit, examples.origin, examples.horizon)
        scale = np.where(known.std(axis=0) > 0, known.std(axis=0), 1.0)
        tree = KDTree(known / scale)
        count = min(self.neighbours, len(examples))
        distance, place = tree.query(_looks(room, *room.asked()) / scale, k=np.arange(1, count + 1))
        return Precedents(examples, np.asarray(place, dtype=np.int64), np.asarray(distance, dtype=np.float64))

    def _outcomes(self, room: Classroom, found: Precedents) -> Floats:
        examples = found.examples
        theirs = room.features.plane(_LEVEL)[examples.unit, examples.origin][found.place].astype(np.float64)
        ours = room.level(_LEVEL)[:, None]
        outcome = examples.outcome[found.place]
        is_large = np.minimum(ours, theirs) > _SCALED_ABOVE
        return np.asarray(np.where(is_large, outcome * np.exp(ours - theirs), outcome))


def _looks(room: Classroom, unit: NDArray[np.int64], origin: NDArray[np.int64], horizon: NDArray[np.int64]) -> Floats:
    positions = [room.features.position(name) for name in _LOOKS]
    looks = room.features.values[unit, origin][:, positions].astype(np.float64)
    levels = [k for k, place in enumerate(positions) if room.features.features[place].is_level]
    # a month that is missing looks like the unit's level, not like peace
    level = room.features.plane(_LEVEL)[unit, origin][:, None]
    looks[:, levels] = np.where(np.isnan(looks[:, levels]), level, looks[:, levels])
    # a horizon counts little: six months further is like a third of a standard deviation
    return np.column_stack([np.nan_to_num(looks, nan=-1.0), horizon / 3.0])


def _nearness(distance: Floats) -> Floats:
    """Weights that fall with the square of the distance, on the scale of the farthest one."""
    far = np.maximum(distance[:, -1:], 1e-9)
    nearness: Floats = np.maximum(1.0 - (distance / far) ** 2, 0.0) + 0.05
    return nearness


def _spread_evenly(outcome: Floats, weight: Floats, count: int) -> Floats:
    """``count`` evenly spaced quantiles of each row's weighted outcomes."""
    order = np.argsort(outcome, axis=1, kind="stable")
    rising = np.take_along_axis(outcome, order, axis=1)
    upto = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    wanted = (np.arange(count) + 0.5) / count
    rows = np.empty((outcome.shape[0], count))
    for k in range(outcome.shape[0]):
        place = np.searchsorted(upto[k] / upto[k, -1], wanted, side="left")
        rows[k] = rising[k, np.minimum(place, outcome.shape[1] - 1)]
    return rows
