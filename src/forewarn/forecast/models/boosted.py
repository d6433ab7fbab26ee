"""Gradient-boosted quantiles of how a conflict goes on, over a forest of precedents for the quiet.

Where there was violence within the year, boosted trees learn the quantiles of ``log(1 + count)`` less the recent
level, from all units together and with the horizon as a feature; three such sets that differ in their anchor and in
how much large conflicts weigh are averaged quantile by quantile. Elsewhere a :class:`QuantileForest` says how likely
an outbreak is and how large outbreaks were. The tails beyond the outermost quantiles go on at the pooled slope.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.features import year_before
from forewarn.forecast.models.examples import FEWEST, Classroom, Examples, Sampling, classroom
from forewarn.forecast.models.forecaster import History, Task
from forewarn.forecast.models.forest import QuantileForest
from forewarn.forecast.models.opening import Contributions

__all__ = ["Boosted", "QuantileBooster"]

_LEVELS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975)
_OUTERMOST = 0.002
_YEAR = "mean_12"
_LARGE = 300.0
"""Deaths a month above which conflicts count as equally large: beyond it there are too few to learn from."""

_SETTINGS: dict[str, Any] = {
    "objective": "quantile",
    "num_leaves": 8,
    "learning_rate": 0.05,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class QuantileBooster:
    """One set of boosted quantiles.

    Attributes:
        anchor: the feature outcomes are measured from.
        size_power: a row weighs its anchor's deaths to that power; 0 weighs all alike.
        active_above: deaths a month over the year above which units are learnt from and forecast.
        trees: per quantile.
    """

    anchor: str = "decay_4"
    size_power: float = 0.5
    active_above: float = 1.0
    trees: int = 100

    def is_active(self, level: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which rows it is for, by ``log(1 + deaths a month)`` over the year."""
        active: NDArray[np.bool_] = level > np.log1p(self.active_above)
        return active

    def log_quantiles(self, room: Classroom, examples: Examples, *, count: int) -> tuple[NDArray[np.bool_], Floats]:
        """Which rows asked for it is for, and for those ``[row, count]`` equally likely ``log(1 + count)``."""
        active = self.is_active(room.features.plane(_YEAR)[examples.unit, examples.origin])
        learnt = examples.where(active)
        unit, origin, horizon = room.asked()
        asked = self.is_active(room.level(_YEAR))
        if len(learnt) < FEWEST:
            return np.zeros(unit.size, dtype=bool), np.empty((0, count))
        x, anchor = self._design(room, learnt.unit, learnt.origin, learnt.horizon)
        weight = learnt.weight * np.exp(self.size_power * anchor)
        data = lightgbm.Dataset(
            x,
            np.log1p(learnt.outcome) - anchor,
            weight=weight / weight.mean(),
            params={"max_bin": _SETTINGS["max_bin"], "verbosity": -1},
            free_raw_data=False,
        )
        new, anchor = self._design(room, unit[asked], origin[asked], horizon[asked])
        if not asked.any():
            return asked, np.empty((0, count))
        made = np.stack([self._boost(data, level, room.task.seed).predict(new) for level in _LEVELS], axis=1)
        return asked, _spread(np.sort(made, axis=1), count) + anchor[:, None]

    def contributions(self, room: Classroom, examples: Examples, *, level: float) -> NDArray[np.float64]:
        """What each feature, then the horizon and the season, added to one quantile: ``[row asked for, feature]``.

        NaN for rows it is not for. Exact for the trees (``pred_contrib``); the anchor itself counts as given.
        """
        learnt = examples.where(self.is_active(room.features.plane(_YEAR)[examples.unit, examples.origin]))
        unit, origin, horizon = room.asked()
        asked = self.is_active(room.level(_YEAR))
        made = np.full((unit.size, len(room.features.features) + 2), np.nan)
        if len(learnt) >= FEWEST and asked.any():
            x, anchor = self._design(room, learnt.unit, learnt.origin, learnt.horizon)
            weight = learnt.weight * np.exp(self.size_power * anchor)
            data = lightgbm.Dataset(x, np.log1p(learnt.outcome) - anchor, weight=weight / weight.mean())
            new, _ = self._design(room, unit[asked], origin[asked], horizon[asked])
            booster = self._boost(data, level, room.task.seed)
            told = np.asarray(booster.predict(new, pred_contrib=True))
            made[asked] = np.column_stack([told[:, :-3], told[:, -3:-1].sum(axis=1)])
        return made

    def _boost(self, data: lightgbm.Dataset, level: float, seed: int) -> lightgbm.Booster:
        return lightgbm.train({**_SETTINGS, "alpha": level, "seed": seed % 2**31}, data, self.trees)

    def _design(
        self, room: Classroom, unit: NDArray[np.int64], origin: NDArray[np.int64], horizon: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], Floats]:
        """Levels less the anchor, the other features as they are, the anchor up to :data:`_LARGE`, the horizon.

        The season's level of the year before stands less the anchor, and less the year's.
        """
        season = year_before(room.history.values, unit, origin, horizon).astype(np.float32)
        beside = (horizon, season - room.features.plane(self.anchor)[unit, origin])
        more = (*beside, season - room.features.plane(_YEAR)[unit, origin])
        x = np.column_stack([room.features.values[unit, origin], *(k.astype(np.float32) for k in more)])
        place = room.features.position(self.anchor)
        anchor = x[:, place].astype(np.float64)
        levels = [k for k, feature in enumerate(room.features.features) if feature.is_level and k != place]
        x[:, levels] -= x[:, [place]]
        x[:, place] = np.minimum(x[:, place], np.float32(np.log1p(_LARGE)))
        return x, anchor


@dataclass(frozen=True, slots=True)
class Boosted:
    """The boosted model; with fewer than :data:`FEWEST` examples it is the unit's own weighted past."""

    sets: tuple[QuantileBooster, ...] = (
        QuantileBooster(anchor="decay_4", size_power=0.5),
        QuantileBooster(anchor="decay_8", size_power=0.0),
        QuantileBooster(anchor="decay_4", size_power=0.3, active_above=0.15),
    )
    forest: QuantileForest = field(default_factory=QuantileForest)
    sampling: Sampling = field(default_factory=lambda: Sampling(per_origin=2, quiet_share=0.02))
    name: str = "boosted"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws for every unit."""
        room = classroom(history, task)
        if not room.can_learn:
            return room.too_little(self.name)
        return room.given_back(self.quantiles(room, self.forest.quantiles(room, count=room.draws)), self.name)

    def contributions(self, history: History, task: Task) -> Contributions | None:
        """What moved the upper tenth, by the first of its sets; for whoever explains it."""
        room = classroom(history, task)
        if not room.can_learn:
            return None
        level = 0.9
        made = self.sets[0].contributions(room, room.examples(self.sampling, purpose=self.name), level=level)
        names = (*(feature.name for feature in room.features.features), "horizon", "season")
        shape = (len(room.history.units), len(task.horizons), len(names))
        return Contributions(names, room.history.units, made.reshape(shape), level)

    def quantiles(self, room: Classroom, quiet: NDArray[np.float32]) -> NDArray[np.float32]:
        """``[row asked for, count]`` equally likely outcomes, rising, over what the forest says of the quiet."""
        examples = room.examples(self.sampling, purpose=self.name)
        count = quiet.shape[1]
        total = np.zeros(quiet.shape)
        quiet_log = np.log1p(quiet.astype(np.float64))
        for one in self.sets:
            part = quiet_log.copy()
            rows, made = one.log_quantiles(room, examples, count=count)
            part[rows] = np.log1p(room.counts(made))
            total += part
        return room.counts(total / len(self.sets)).astype(np.float32)


def _spread(quantiles: Floats, count: int) -> Floats:
    """``count`` evenly spaced quantiles from those learnt, the tails going on at the slope before them."""
    low = quantiles[:, :1] - 1.2 * (quantiles[:, 3:4] - quantiles[:, :1])
    high = quantiles[:, -1:] + (quantiles[:, -1:] - quantiles[:, -3:-2])
    known = np.concatenate([low, quantiles, high], axis=1)
    levels = np.array([_OUTERMOST, *_LEVELS, 1.0 - _OUTERMOST])
    wanted = (np.arange(count) + 0.5) / count
    place = np.clip(np.searchsorted(levels, wanted, side="right") - 1, 0, levels.size - 2)
    along = np.clip((wanted - levels[place]) / (levels[place + 1] - levels[place]), 0.0, 1.0)
    spread: Floats = known[:, place] * (1.0 - along) + known[:, place + 1] * along
    return spread
