"""A forest as a weather service of precedents: what followed the months that looked like this one.

Extremely randomised trees on the logarithm of the count put examples that had like outcomes into one leaf; the
outcomes in the leaf a unit-month falls into are its distribution (Meinshausen 2006). Where unit and precedent both
counted more than ten deaths a month, the outcome is scaled to the unit's own level.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor  # type: ignore[import-untyped]

from forewarn.forecast.models.examples import Classroom, Examples, Sampling
from forewarn.forecast.models.forecaster import model_generator

__all__ = ["QuantileForest"]

_LEVEL = "decay_8"
_SCALED_ABOVE = float(np.log(10.0))
_UNKNOWN = -1.0
_BLOCK = 20_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class QuantileForest:
    """A forest whose leaves hold at least ``leaf`` examples; ``trees`` of them share the draws evenly."""

    leaf: int = 20
    trees: int = 40
    sampling: Sampling = field(default_factory=Sampling)

    def quantiles(self, room: Classroom, *, count: int) -> NDArray[np.float32]:
        """``[row asked for, count]`` equally likely outcomes, rising."""
        examples = room.examples(self.sampling, purpose="forest")
        fitted = _Fitted.of(self, room, examples)
        unit, origin, horizon = room.asked()
        rows = np.empty((unit.size, count), dtype=np.float32)
        for start in range(0, unit.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            rows[part] = fitted.outcomes(room, unit[part], origin[part], horizon[part], count)
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    forest: ExtraTreesRegressor
    examples: Examples
    leaves: NDArray[np.int64]
    level: Floats
    random: np.random.Generator

    @classmethod
    def of(cls, plan: QuantileForest, room: Classroom, examples: Examples) -> _Fitted:
        x = _design(room, examples.unit, examples.origin, examples.horizon)
        forest = ExtraTreesRegressor(
            plan.trees,
            min_samples_leaf=plan.leaf,
            max_features=0.4,
            bootstrap=True,
            max_samples=0.5,
            n_jobs=1,
            random_state=room.task.seed % 2**32,
        )
        forest.fit(x, np.log1p(examples.outcome), sample_weight=examples.weight)
        level = room.features.plane(_LEVEL)[examples.unit, examples.origin].astype(np.float64)
        random = model_generator(f"forest {plan.leaf}", last_month=room.history.last_month, seed=room.task.seed)
        return cls(forest, examples, forest.apply(x), level, random)

    def outcomes(
        self,
        room: Classroom,
        unit: NDArray[np.int64],
        origin: NDArray[np.int64],
        horizon: NDArray[np.int64],
        count: int,
    ) -> Floats:
        """Outcomes of one block of rows: from each tree its share, spread evenly over the leaf by weight."""
        leaves = self.forest.apply(_design(room, unit, origin, horizon))
        level = room.features.plane(_LEVEL)[unit, origin].astype(np.float64)
        trees = leaves.shape[1]
        per_tree = count // trees + 1
        drawn = np.empty((unit.size, trees * per_tree))
        for k in range(trees):
            chosen = self._precedents(k, leaves[:, k], per_tree)
            scale = np.exp(level[:, None] - self.level[chosen])
            is_large = np.minimum(level[:, None], self.level[chosen]) > _SCALED_ABOVE
            outcome = self.examples.outcome[chosen]
            drawn[:, k * per_tree : (k + 1) * per_tree] = np.where(is_large, outcome * scale, outcome)
        drawn.sort(axis=1)
        middle = ((np.arange(count) + 0.5) / count * drawn.shape[1]).astype(np.int64)
        kept: Floats = drawn[:, middle]
        return np.asarray(np.round(kept)) if room.is_whole else kept

    def _precedents(self, tree: int, leaf: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        own = self.leaves[:, tree]
        order = np.lexsort((self.examples.outcome, own))
        ordered = own[order]
        weight = np.concatenate([[0.0], np.cumsum(self.examples.weight[order])])
        first = np.searchsorted(ordered, leaf, side="left")
        last = np.searchsorted(ordered, leaf, side="right")
        share = (np.arange(count)[None, :] + self.random.random((leaf.size, 1))) / count
        wanted = weight[first][:, None] + share * (weight[last] - weight[first])[:, None]
        place = np.searchsorted(weight, wanted, side="right") - 1
        # rounding may put the last share just past the leaf
        chosen: NDArray[np.int64] = order[np.clip(place, first[:, None], (last - 1)[:, None])]
        return chosen


def _design(
    room: Classroom, unit: NDArray[np.int64], origin: NDArray[np.int64], horizon: NDArray[np.int64]
) -> NDArray[np.float32]:
    x = np.column_stack([room.features.values[unit, origin], horizon.astype(np.float32)])
    return np.nan_to_num(x, nan=_UNKNOWN)
