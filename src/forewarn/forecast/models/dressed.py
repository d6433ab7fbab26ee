"""The last months, dressed: what a unit counted of late may come again, more or less.

A handful of months is a coarse distribution, and sure that nothing else can happen. Each count of the recent past is
therefore spread by a log-normal factor that widens with the horizon; none stays none. It learns nothing and sees one
unit at a time (dressing: Roulston and Smith 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from forewarn.forecast.models.baselines import WeightedHistory
from forewarn.forecast.models.examples import Classroom, classroom
from forewarn.forecast.models.forecaster import History, Task

__all__ = ["DressedHistory"]


@dataclass(frozen=True, slots=True)
class DressedHistory:
    """The unit's own recent months, each spread on the scale of ``log(1 + count)``.

    Attributes:
        half_life_months: a month weighs half as much when it is that much older.
        spread: standard deviation of the spread at horizon nought.
        widening: what each month of horizon adds to it.
    """

    half_life_months: float = 1.0
    spread: float = 0.35
    widening: float = 0.03
    name: str = "dressed_history"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws for every unit; NaN for one of which no month is known."""
        room = classroom(history, task)
        return room.given_back(self.quantiles(room), self.name)

    def quantiles(self, room: Classroom) -> NDArray[np.float32]:
        """``[row asked for, draw]`` equally likely outcomes, rising."""
        task = Task(room.task.horizons, room.draws, room.task.seed)
        bare = WeightedHistory(self.half_life_months, name=self.name).forecast(room.history, task).astype(np.float64)
        # the draws come in an order of chance, so that any order of the steps will do
        steps = norm.ppf((np.arange(room.draws) + 0.5) / room.draws)
        wide = self.spread + self.widening * np.asarray(task.horizons, dtype=np.float64)
        moved = np.where(bare > 0, np.log1p(bare) + wide[:, None] * steps, 0.0)
        return np.sort(room.counts(moved), axis=-1).reshape(-1, room.draws).astype(np.float32)
