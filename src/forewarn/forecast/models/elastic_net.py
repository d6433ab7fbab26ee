"""The Early Warning Project's published method: logistic regression with an elastic net.

Half lasso, half ridge (``alpha`` = 0.5) on standardised covariates, with the penalty that has the least deviance in
ten folds, as ``cv.glmnet`` does (Friedman, Hastie and Tibshirani 2010): Newton steps on the weighted Gram matrix and
cyclic coordinate descent along a falling path. Missing covariates stand at the mean of the rows learnt from. It reads
the covariates as given and nothing made from them, so it stays the published method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from forewarn.forecast.models.forecaster import OnsetRows, model_generator
from forewarn.forecast.models.onset import require_learnable

__all__ = ["ElasticNet", "fit_path"]

_SHORTEST_PATH = 1e-3
"""Least penalty of the path as a share of the one at which every coefficient is zero."""

_NEWTON_STEPS = 25
_SWEEPS = 100
_TOLERANCE = 1e-5
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ElasticNet:
    """The published method; ``mix`` is the share of the lasso, ``penalties`` the length of the path."""

    mix: float = 0.5
    folds: int = 10
    penalties: int = 40
    name: str = "elastic_net"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The fitted chance per row; needs a covariate and outcomes of both kinds."""
        require_learnable(rows, self.name)
        learnt = rows.learnt
        y = rows.outcome[learnt]
        x = _standardised(rows.covariates, learnt)
        # matrices are small: threads would cost more than they bring
        with threadpool_limits(1):
            penalties = self._path(x[learnt], y)
            best = int(np.argmin(self._deviances(x[learnt], y, penalties, rows)))
            coefficients = fit_path(x[learnt], y, penalties[: best + 1], mix=self.mix)[-1]
        return np.asarray(expit(coefficients[0] + x[~learnt] @ coefficients[1:]))

    def _path(self, x: Floats, y: Floats) -> Floats:
        highest = float(np.abs(x.T @ (y - y.mean())).max()) / (y.size * self.mix)
        return np.geomspace(max(highest, 1e-9), max(highest, 1e-9) * _SHORTEST_PATH, self.penalties)

    def _deviances(self, x: Floats, y: Floats, penalties: Floats, rows: OnsetRows) -> Floats:
        last = int(rows.periods[rows.learnt].max())
        random = model_generator(self.name, last_month=last, seed=rows.seed)
        fold = _folds(y, self.folds, random)
        total = np.zeros(penalties.size)
        for k in range(self.folds):
            out = fold == k
            if not out.any() or y[~out].min() == y[~out].max():
                continue
            for j, coefficients in enumerate(fit_path(x[~out], y[~out], penalties, mix=self.mix)):
                z = coefficients[0] + x[out] @ coefficients[1:]
                total[j] += float((np.logaddexp(0.0, z) - y[out] * z).sum())
        return total


def fit_path(x: Floats, y: Floats, penalties: Floats, *, mix: float) -> list[Floats]:
    """Intercept and coefficients at each penalty, from the largest on.

    Minimises ``mean log loss + penalty * (mix * sum |b| + (1 - mix) / 2 * sum b^2)``; the intercept is free.
    """
    coefficients = np.zeros(x.shape[1] + 1)
    share = np.clip(y.mean(), 1e-6, 1 - 1e-6)
    coefficients[0] = np.log(share / (1.0 - share))
    fitted = []
    design = np.column_stack([np.ones(y.size), x])
    for penalty in penalties:
        coefficients = _newton(design, y, coefficients, lasso=penalty * mix, ridge=penalty * (1.0 - mix))
        fitted.append(coefficients)
    return fitted


def _newton(design: Floats, y: Floats, start: Floats, *, lasso: float, ridge: float) -> Floats:
    coefficients = start.copy()
    for _ in range(_NEWTON_STEPS):
        chance = expit(design @ coefficients)
        weight = np.maximum(chance * (1.0 - chance), 1e-5) / y.size
        gram = (design * weight[:, None]).T @ design
        pull = gram @ coefficients + design.T @ (y - chance) / y.size
        moved = _descend(gram, pull, coefficients, lasso=lasso, ridge=ridge)
        change = float(np.abs(moved - coefficients).max())
        coefficients = moved
        if change < _TOLERANCE:
            break
    return coefficients


def _descend(gram: Floats, pull: Floats, start: Floats, *, lasso: float, ridge: float) -> Floats:
    """Coordinate descent on ``b' gram b / 2 - pull' b`` with the penalties; position 0 is free."""
    b = start.copy()
    rest = pull - gram @ b
    diagonal = np.diag(gram)
    for _ in range(_SWEEPS):
        largest = 0.0
        for j in range(b.size):
            if diagonal[j] <= 0:
                continue
            raw = rest[j] + diagonal[j] * b[j]
            new = raw / diagonal[j] if j == 0 else _shrunk(raw, lasso) / (diagonal[j] + ridge)
            step = new - b[j]
            if step:
                rest -= gram[:, j] * step
                b[j] = new
                largest = max(largest, abs(step))
        if largest < _TOLERANCE:
            break
    return b


def _folds(y: Floats, folds: int, random: np.random.Generator) -> NDArray[np.int64]:
    """The fold of each row; onsets are few, so each fold gets its share of them."""
    fold = np.empty(y.size, dtype=np.int64)
    for kind in (0.0, 1.0):
        own = np.flatnonzero(y == kind)
        fold[random.permutation(own)] = np.arange(own.size) % folds
    return fold


def _shrunk(value: float, by: float) -> float:
    return float(np.sign(value) * max(abs(value) - by, 0.0))


def _standardised(covariates: Floats, learnt: NDArray[np.bool_]) -> Floats:
    missing = np.isnan(covariates)
    count = np.maximum((~missing[learnt]).sum(axis=0), 1)
    mean = np.where(missing, 0.0, covariates)[learnt].sum(axis=0) / count
    filled = np.where(missing, mean, covariates)
    deviation = filled[learnt].std(axis=0)
    return np.asarray((filled - mean) / np.where(deviation > 0, deviation, np.inf))
