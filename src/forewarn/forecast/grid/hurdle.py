"""A pooled hurdle for the grid: will there be any, and if so how many, learnt from all cells together.

Boosted trees give the chance of a count above zero at each horizon; a second set gives its logarithm, and the spread
around that is what the model missed by on cells it had not learnt from. Quiet rows are learnt from in a sample and
weighted back, so that the chances stay those of the world. With fewer than :data:`FEWEST` positive rows nothing is
learnt and every cell has the pooled chance. Same data and seed, same model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputValueError
from forewarn.forecast.grid.cube import GridCube
from forewarn.forecast.models import model_generator

__all__ = ["FEWEST", "GridHurdle", "Training", "fit_hurdle"]

NAME = "grid_hurdle"
FEWEST = 200
"""Positive rows below which there is too little to learn from."""

_BANDS = 4
_RESIDUALS = 501
_COMMON: Mapping[str, Any] = {
    "learning_rate": 0.06,
    "num_leaves": 31,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
Floats = NDArray[np.float64]
_Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Training:
    """How much to learn from.

    Attributes:
        longest_horizon: months ahead, at least 1.
        quiet_rows: how many rows of a later month without a count to sample, half of them near violence.
        positive_rows: how many rows of a later month with one, at most.
        recent_months: months of the target learnt from, the last ones.
        trees: how many trees each of the two sets has.
        seed: what the random numbers come from.
        threads: how many of LightGBM's threads; the model does not depend on it.
    """

    longest_horizon: int
    quiet_rows: int = 300_000
    positive_rows: int = 150_000
    recent_months: int = 240
    trees: int = 150
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        for name in ("longest_horizon", "quiet_rows", "positive_rows", "recent_months", "trees", "threads"):
            if getattr(self, name) < 1:
                raise InputValueError(f"{getattr(self, name)} is below 1", where=name, mend="give 1 or more")
        if self.seed < 0:
            raise InputValueError("is negative", where="seed", mend="give 0 or more")


@dataclass(frozen=True, slots=True, eq=False)
class GridHurdle:
    """What was learnt, as plain values, so that it can be sent to where the work runs.

    Attributes:
        occurs: the trees for the chance of a count above zero, as LightGBM's text; empty where nothing was learnt.
        amount: those for the logarithm of such a count.
        bands: edges between bands of that logarithm.
        spread: ``[band, quantile]``, what to add to it, at evenly spaced quantiles.
        chance: the pooled chance, used where nothing was learnt.
        largest: the largest count ever seen; no draw exceeds it.
    """

    occurs: str
    amount: str
    bands: Floats
    spread: Floats
    chance: float
    largest: float

    def predict(self, rows: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """The chance of a count above zero, and the logarithm expected of it, per row of features and horizon."""
        if not self.occurs:
            return np.full(len(rows), self.chance), np.zeros(len(rows))
        chance = lightgbm.Booster(model_str=self.occurs).predict(rows, num_threads=1)
        amount = lightgbm.Booster(model_str=self.amount).predict(rows, num_threads=1)
        return np.asarray(chance, dtype=np.float64), np.asarray(amount, dtype=np.float64)

    def counts(self, amount: Floats, quantile: Floats) -> Floats:
        """Counts at quantiles of what happens if anything does: whole, from 1 to the largest ever seen."""
        band = np.searchsorted(self.bands, amount)
        place = quantile * (self.spread.shape[1] - 1)
        low = np.minimum(place.astype(np.int64), self.spread.shape[1] - 2)
        left, right = self.spread[band, low], self.spread[band, low + 1]
        counts: Floats = np.rint(np.exp(amount + left + (place - low) * (right - left)))
        return np.clip(counts, 1.0, max(self.largest, 1.0))


def fit_hurdle(cube: GridCube, target: NDArray[Any], training: Training, *, near: str) -> GridHurdle:
    """Learn from a cube and the target ``[cell, month]`` over the same cells and months.

    Features of a month explain the target of a later one; months with a missing target are not learnt from.
    ``near`` is the feature that is above zero where violence is near: half of the quiet rows are sampled there.

    Raises:
        ForecastError: not one later month is known.
    """
    if target.shape != cube.planes.shape[1:]:
        raise InputValueError(f"has shape {target.shape}", where="target", mend=f"give {cube.planes.shape[1:]}")
    random = model_generator(NAME, last_month=cube.first_month + target.shape[1] - 1, seed=training.seed)
    positive, quiet, share = _sampled(target, training, random)
    largest = float(np.nanmax(target))
    if len(positive.cell) < FEWEST:
        known = target[np.isfinite(target) & (target > 0)]
        spread = np.quantile(np.log(known), np.linspace(0, 1, _RESIDUALS)) if known.size else np.zeros(_RESIDUALS)
        return GridHurdle("", "", np.empty(0), spread[None], share, largest)
    quiet = _balanced(quiet, cube.plane(near), training.quiet_rows)
    x = np.concatenate([positive.features(cube), quiet.features(cube)])
    y = np.concatenate([np.ones(len(positive.cell)), np.zeros(len(quiet.cell))])
    weight = np.concatenate([positive.weight, quiet.weight])
    occurs = _boosted(x, y, weight, training, "binary")
    logs = np.log(target[positive.cell, positive.month].astype(np.float64))
    mine = x[: len(positive.cell)]
    amount = _boosted(mine, logs, positive.weight, training, "regression")
    bands, spread = _spread(mine, logs, positive, training)
    return GridHurdle(occurs.model_to_string(), amount.model_to_string(), bands, spread, share, largest)


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Rows to learn from: the cell, the month of the target, how many months before it the features are."""

    cell: _Rows
    month: _Rows
    horizon: _Rows
    weight: Floats

    def features(self, cube: GridCube) -> NDArray[np.float32]:
        """``[row, feature]``, the horizon behind the cube's."""
        return with_horizon(cube.rows(self.cell, self.month - self.horizon), self.horizon)

    def take(self, rows: _Rows, factor: float) -> _Sample:
        """Some of the rows, weighing more."""
        return _Sample(self.cell[rows], self.month[rows], self.horizon[rows], self.weight[rows] * factor)


def with_horizon(features: NDArray[np.float32], horizon: NDArray[Any]) -> NDArray[np.float32]:
    """Features with the months ahead as the last column."""
    return np.column_stack([features, horizon.astype(np.float32)])


def _sampled(target: NDArray[Any], training: Training, random: np.random.Generator) -> tuple[_Sample, _Sample, float]:
    """Positive rows, quiet rows (more than needed), and the share of positive cell-months."""
    months = target.shape[1]
    first = max(1, months - training.recent_months)
    later = target[:, first:]
    hits = np.flatnonzero(later > 0)
    known = int(np.count_nonzero(later >= 0))
    if known == 0:
        raise ForecastError("no later month is known", where=NAME, mend="give at least two months")
    share = (hits.size + 0.5) / (known + 1)
    chosen = hits if hits.size <= training.positive_rows else random.choice(hits, training.positive_rows, replace=False)
    repeats = max(1, min(3, training.positive_rows // max(1, chosen.size)))
    spots = np.repeat(np.sort(chosen), repeats)
    positive = _placed(spots, later.shape[1], first, training, random, hits.size / max(1, spots.size))
    tried = random.integers(later.size, size=3 * training.quiet_rows)
    tried = np.sort(tried[later.reshape(-1)[tried] == 0])
    quiet = _placed(tried, later.shape[1], first, training, random, (known - hits.size) / max(1, tried.size))
    return positive, quiet, share


def _placed(
    spots: _Rows, width: int, first: int, training: Training, random: np.random.Generator, weight: float
) -> _Sample:
    cell, month = np.divmod(spots, width)
    month = month + first
    reach = np.minimum(training.longest_horizon, month)
    horizon = 1 + np.floor(random.random(spots.size) * reach).astype(np.int64)
    return _Sample(cell, month, horizon, np.full(spots.size, weight))


def _balanced(quiet: _Sample, near: NDArray[np.float32], wanted: int) -> _Sample:
    """Half of the rows near violence, half far from it, weighted back.

    Rows come in order of place, so every so many of them is a fair sample.
    """
    is_near = near[quiet.cell, quiet.month - quiet.horizon] > 0
    parts = []
    for rows in (np.flatnonzero(is_near), np.flatnonzero(~is_near)):
        step = max(1, -(-rows.size // max(1, wanted // 2)))
        kept = rows[::step]
        if kept.size:
            parts.append(quiet.take(kept, rows.size / kept.size))
    return _Sample(*(np.concatenate([getattr(p, name) for p in parts]) for name in _Sample.__slots__))


def _boosted(x: NDArray[np.float32], y: Floats, weight: Floats, training: Training, objective: str) -> lightgbm.Booster:
    options = {**_COMMON, "objective": objective, "seed": training.seed % (2**31), "num_threads": training.threads}
    options["min_data_in_leaf"] = 100 if objective == "binary" else 30
    return lightgbm.train(options, lightgbm.Dataset(x, y, weight=weight), num_boost_round=training.trees)


def _spread(x: NDArray[np.float32], logs: Floats, rows: _Sample, training: Training) -> tuple[Floats, Floats]:
    """Bands of the expected logarithm and the misses in each, from two halves of the cells learnt apart."""
    fold = (rows.cell // 8) % 2
    expected = np.zeros(logs.size)
    for side in (0, 1):
        learn, other = fold != side, fold == side
        if learn.any() and other.any():
            apart = _boosted(x[learn], logs[learn], rows.weight[learn], training, "regression")
            expected[other] = np.asarray(apart.predict(x[other], num_threads=training.threads))
        else:
            expected[other] = logs.mean()
    edges = np.quantile(expected, np.linspace(0, 1, _BANDS + 1)[1:-1])
    band = np.searchsorted(edges, expected)
    misses = logs - expected
    levels = np.linspace(0, 1, _RESIDUALS)
    table = [np.quantile(misses[band == k] if (band == k).any() else misses, levels) for k in range(_BANDS)]
    return edges, np.stack(table)
