"""Trees for onsets: shallow boosted ones, extremely randomised ones, and a random forest.

The boosted and the randomised ones read the covariates, which more features drown; the forest also reads what is made
of them. Missing covariates stay missing (boosted) or are a value of their own. They find what a regression cannot,
that an onset needs several things at once; all average over many trees because onsets are few. None is told which
unit a row belongs to, nor reads a column that only tells the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier  # type: ignore[import-untyped]

from forewarn.forecast.models.forecaster import OnsetRows
from forewarn.forecast.models.onset import require_learnable
from forewarn.forecast.models.onset_columns import telling_columns

__all__ = ["BoostedOnset", "RandomForest", "RandomTrees"]

_UNKNOWN = -9.0
_SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 3,
    "learning_rate": 0.03,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoostedOnset:
    """Shallow boosted trees on the chance of an onset, averaged over ``bags`` seeds."""

    bags: int = 5
    trees: int = 200
    name: str = "boosted"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The chance per row without an outcome."""
        require_learnable(rows, self.name)
        x, learnt = _telling(rows, rows.covariates), rows.learnt
        data = lightgbm.Dataset(
            x[learnt], rows.outcome[learnt], params={"max_bin": 63, "verbosity": -1}, free_raw_data=False
        )
        total = np.zeros(int((~learnt).sum()))
        for bag in range(self.bags):
            seed = (rows.seed * self.bags + bag) % 2**31
            booster = lightgbm.train({**_SETTINGS, "seed": seed}, data, self.trees)
            total += np.asarray(booster.predict(x[~learnt]), dtype=np.float64)
        return total / self.bags


@dataclass(frozen=True, slots=True)
class RandomTrees:
    """Extremely randomised trees on all rows, at least ``leaf`` of them in a leaf (Geurts and others 2006)."""

    trees: int = 200
    leaf: int = 20
    name: str = "random_trees"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The chance per row without an outcome: the mean share of onsets in its leaves."""
        seed = rows.seed % 2**32
        grown = ExtraTreesClassifier(
            self.trees, min_samples_leaf=self.leaf, max_features=0.3, n_jobs=1, random_state=seed
        )
        return _shares(grown, rows, _telling(rows, rows.covariates), self.name)


@dataclass(frozen=True, slots=True)
class RandomForest:
    """Trees on resampled rows with the best of a few cuts each, at least ``leaf`` rows in a leaf (Breiman 2001)."""

    trees: int = 200
    leaf: int = 15
    name: str = "random_forest"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The chance per row without an outcome: the mean share of onsets in its leaves."""
        seed = rows.seed % 2**32
        grown = RandomForestClassifier(
            self.trees, min_samples_leaf=self.leaf, max_features=0.2, n_jobs=1, random_state=seed
        )
        parts = [part for part in (rows.covariates, rows.derived) if part is not None]
        return _shares(grown, rows, np.hstack([_telling(rows, part) for part in parts]), self.name)


def _telling(rows: OnsetRows, values: Floats) -> Floats:
    return values[:, telling_columns(values, rows.periods, rows.learnt)]


def _shares(trees: ExtraTreesClassifier | RandomForestClassifier, rows: OnsetRows, read: Floats, model: str) -> Floats:
    require_learnable(rows, model)
    x, learnt = np.nan_to_num(read, nan=_UNKNOWN), rows.learnt
    trees.fit(x[learnt], rows.outcome[learnt].astype(np.int64))
    return np.asarray(trees.predict_proba(x[~learnt])[:, 1], dtype=np.float64)
