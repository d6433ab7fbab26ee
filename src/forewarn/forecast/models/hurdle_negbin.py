"""A hurdle with a negative binomial behind it, both regressions on a unit's own past, learnt from all units.

The chance of any death is a logistic regression; the mean of the deaths, where there are some, a Poisson regression
with the size of the spread (the negative binomial's shape) found by moments, apart for small and large conflicts.
Draws above the hurdle are of the negative binomial cut at zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import nbinom

from forewarn.forecast.models.examples import Classroom, Examples, Sampling, classroom
from forewarn.forecast.models.forecaster import History, Task

__all__ = ["HurdleNegativeBinomial"]

_LOOKS = ("lag_0", "logdecay_4", "logdecay_16", "mean_3", "mean_12", "mean_60", "share_12", "share_60", "share_ever")
_PENALTY = 1.0
_LARGEST_LOG = 12.0
_SMALLEST_SHAPE, _LARGEST_SHAPE = 0.05, 50.0
_BANDS = (3.0, 30.0)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HurdleNegativeBinomial:
    """The hurdle; with too few examples it is the unit's own weighted past."""

    sampling: Sampling = field(default_factory=Sampling)
    name: str = "hurdle_negbin"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws for every unit."""
        room = classroom(history, task)
        if not room.can_learn:
            return room.too_little(self.name)
        examples = room.examples(self.sampling, purpose=self.name)
        x, scale = _standardised(_looks(room, examples))
        new = _applied(_looks(room, None), scale)
        any_death = expit(new @ _fit_logistic(x, (examples.outcome > 0).astype(np.float64), examples.weight))
        some = examples.outcome > 0
        coefficients = _fit_poisson(x[some], examples.outcome[some], examples.weight[some])
        shapes = _shapes(_mean(x[some], coefficients), examples.outcome[some])
        return room.given_back(_quantiles(any_death, _mean(new, coefficients), shapes, room.draws), self.name)


def _looks(room: Classroom, examples: Examples | None) -> Floats:
    unit, origin, horizon = room.asked() if examples is None else (examples.unit, examples.origin, examples.horizon)
    positions = [room.features.position(name) for name in _LOOKS]
    looks = room.features.values[unit, origin][:, positions].astype(np.float64)
    # further ahead, the latest month says less
    return np.column_stack([looks, np.log(horizon), looks[:, 0] * np.log(horizon)])


def _standardised(looks: Floats) -> tuple[Floats, tuple[Floats, Floats]]:
    mean = np.nanmean(looks, axis=0)
    deviation = np.nanstd(looks, axis=0)
    scale = (mean, np.where(deviation > 0, deviation, np.inf))
    return _applied(looks, scale), scale


def _applied(looks: Floats, scale: tuple[Floats, Floats]) -> Floats:
    """A column of ones, then features in standard deviations; missing ones stand at the mean."""
    return np.column_stack([np.ones(looks.shape[0]), np.nan_to_num((looks - scale[0]) / scale[1])])


def _fit_logistic(x: Floats, y: Floats, weight: Floats) -> Floats:
    def loss(b: Floats) -> tuple[float, Floats]:
        z = x @ b
        value = weight @ (np.logaddexp(0.0, z) - y * z) + _PENALTY / 2 * b[1:] @ b[1:]
        return float(value), x.T @ (weight * (expit(z) - y)) + _PENALTY * np.append(0.0, b[1:])

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x)


def _fit_poisson(x: Floats, y: Floats, weight: Floats) -> Floats:
    """Coefficients of the logarithm of the mean; rows weigh by one over their size, so that wars do not decide all."""
    weight = weight / np.sqrt(1.0 + y)
    start = np.zeros(x.shape[1])
    start[0] = np.log(np.average(y, weights=weight)) if y.size else 0.0

    def loss(b: Floats) -> tuple[float, Floats]:
        mean = _mean(x, b)
        value = weight @ (mean - y * np.log(mean)) + _PENALTY / 2 * b[1:] @ b[1:]
        return float(value), x.T @ (weight * (mean - y)) + _PENALTY * np.append(0.0, b[1:])

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _mean(x: Floats, coefficients: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(x @ coefficients, -_LARGEST_LOG, _LARGEST_LOG)))


def _shapes(mean: Floats, outcome: Floats) -> Floats:
    """The shape of each band of means: the mean squared over the variance beyond Poisson's."""
    band = np.digitize(mean, _BANDS)
    shapes = np.ones(len(_BANDS) + 1)
    for k in range(shapes.size):
        inside = band == k
        relative = outcome[inside] / mean[inside] - 1.0
        extra = float(np.mean(relative**2 - 1.0 / mean[inside])) if inside.any() else 1.0
        shapes[k] = np.clip(1.0 / max(extra, 1e-6), _SMALLEST_SHAPE, _LARGEST_SHAPE)
    return shapes


def _quantiles(any_death: Floats, mean: Floats, shapes: Floats, count: int) -> NDArray[np.float32]:
    """Evenly spaced quantiles: zeros below the hurdle, the negative binomial without its zero above."""
    shape = shapes[np.digitize(mean, _BANDS)]
    at_zero = nbinom.cdf(0, shape, shape / (shape + mean))
    level = (np.arange(count) + 0.5) / count
    rows = np.zeros((mean.size, count), dtype=np.float32)
    for k in range(mean.size):
        above = level > 1.0 - any_death[k]
        share = (level[above] - (1.0 - any_death[k])) / any_death[k]
        odds = at_zero[k] + share * (1.0 - at_zero[k])
        rows[k, above] = np.maximum(nbinom.ppf(odds, shape[k], shape[k] / (shape[k] + mean[k])), 1.0)
    return rows
