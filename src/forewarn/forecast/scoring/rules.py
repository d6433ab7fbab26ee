"""Proper scores: how good a forecast was, given what happened. Lower is better but for AUC and precision.

Arrays in, scores out: draws ``[..., m]`` with their draws on the last axis, actuals ``[...]``, scores
``[...]``. Knows nothing of files, units or models. NaN is refused everywhere (see
:mod:`forewarn.forecast.scoring.checks`). Work goes in blocks, so a million rows of a thousand draws need no
second copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from forewarn.errors import InputValueError
from forewarn.forecast.scoring.checks import Floats, require_draws, require_probabilities

__all__ = [
    "IGN_EDGES",
    "area_under_curve",
    "average_precision",
    "brier",
    "crps",
    "ignorance",
    "interval_score",
    "log1p_crps",
    "log_loss",
    "mean_interval_score",
]

IGN_EDGES = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower edges of the eleven bins of the VIEWS prediction challenge; the last bin is open."""

_BLOCK = 4_000_000
"""Draws worked on at a time: 32 MB as float64."""

_Kernel = Callable[[Floats, Floats], Floats]


def crps(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """Continuous ranked probability score of an ensemble, in the unit of the actual.

    The energy form ``mean|x - y| - 1/(2 m^2) sum_i sum_j |x_i - x_j|`` (Gneiting and Raftery 2007, eq. 21),
    with ``m^2`` and not ``m (m - 1)``: the score of the draws as a distribution, not an estimate for a
    larger ensemble. Computed from sorted draws in O(m log m). For one draw it is the absolute error.
    """
    return _by_block(_crps_rows, draws, actual)


def log1p_crps(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """CRPS on ``log(1 + x)`` of draws and actual: relative errors, so one extreme month does not decide.

    Bosse and others (2023), "Scoring epidemiological forecasts on transformed scales". Negative values are
    refused.
    """
    x, y = require_draws(draws, actual)
    if (x.size and x.min() < 0) or (y.size and y.min() < 0):
        raise InputValueError("negative values have no log1p score", where="draws", mend="give counts")
    return _by_block(lambda a, b: _crps_rows(np.log1p(a), np.log1p(b)), x, y)


def ignorance(draws: ArrayLike, actual: ArrayLike, *, as_if_draws: int | None = None) -> Floats:
    """Ignorance score in bits, by the definition of the VIEWS prediction challenge 2023/24.

    Draws and actual are put into the bins of :data:`IGN_EDGES`; one pseudo-draw per bin makes every bin
    possible: ``p = (count + 1) / (m + 11)``, score ``-log2 p``. It depends on the number of draws, so
    forecasts are comparable only at the same m. ``as_if_draws`` scales the counts to that many draws
    (the expectation of resampling, without its noise); ``None`` takes the draws as they are. Values below
    zero are refused.
    """
    x, y = require_draws(draws, actual)
    if (x.size and x.min() < 0) or (y.size and y.min() < 0):
        raise InputValueError("negative values fall into no bin", where="draws", mend="give counts")
    m = x.shape[-1]
    scale = 1.0 if as_if_draws is None else as_if_draws / m
    bins = len(IGN_EDGES)
    edges = np.asarray([*IGN_EDGES, np.inf])

    def rows(a: Floats, b: Floats) -> Floats:
        which = np.searchsorted(edges, b, side="right")
        low, high = edges[which - 1][:, None], edges[which][:, None]
        count = np.count_nonzero((a >= low) & (a < high), axis=1)
        result: Floats = -np.log2((count * scale + 1.0) / (m * scale + bins))
        return result

    return _by_block(rows, x, y)


def interval_score(low: ArrayLike, high: ArrayLike, actual: ArrayLike, *, level: float = 0.9) -> Floats:
    """Score of a central prediction interval: its width, and a penalty of ``2/alpha`` per unit missed by.

    Gneiting and Raftery (2007), eq. 43, with ``alpha = 1 - level``.
    """
    if not 0 < level < 1:
        raise InputValueError(f"{level} is not between 0 and 1", where="level", mend="give 0.9 for 90 %")
    lower, y = require_draws(np.asarray(low)[..., None], actual)
    upper, _ = require_draws(np.asarray(high)[..., None], actual)
    a, b = lower[..., 0].astype(np.float64), upper[..., 0].astype(np.float64)
    if np.any(a > b):
        raise InputValueError("an interval ends before it starts", where="low, high", mend="swap them")
    penalty = 2.0 / (1.0 - level)
    result: Floats = (b - a) + penalty * np.maximum(a - y, 0.0) + penalty * np.maximum(y - b, 0.0)
    return result


def mean_interval_score(draws: ArrayLike, actual: ArrayLike, *, level: float = 0.9) -> Floats:
    """Interval score of the central interval of the draws, per unit (VIEWS' MIS is the mean of it).

    Quantiles by linear interpolation between order statistics (``numpy.quantile``'s default).
    """
    tail = (1.0 - level) / 2.0

    def rows(x: Floats, y: Floats) -> Floats:
        low, high = np.quantile(x, [tail, 1.0 - tail], axis=1)
        return interval_score(low, high, y, level=level)

    return _by_block(rows, draws, actual)


def brier(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Mean squared difference between probability and outcome (0 or 1)."""
    p, y = require_probabilities(probability, outcome)
    return float(np.mean((p - y) ** 2))


def log_loss(probability: ArrayLike, outcome: ArrayLike, *, floor: float = 1e-15) -> float:
    """Mean negative natural log of the probability given to what happened.

    Probabilities are kept ``floor`` away from 0 and 1, so a certain forecast that was wrong costs 34.5
    instead of infinity.
    """
    p, y = require_probabilities(probability, outcome)
    p = np.clip(p, floor, 1.0 - floor)
    return float(-np.mean(y * np.log(p) + (1.0 - y) * np.log1p(-p)))


def area_under_curve(probability: ArrayLike, outcome: ArrayLike) -> float | None:
    """Chance that an onset was ranked above a non-onset, ties half; ``None`` when one kind is absent."""
    p, y = require_probabilities(probability, outcome)
    positives = float(y.sum())
    negatives = y.size - positives
    if positives == 0 or negatives == 0:
        return None
    ranks = rankdata(p)
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(probability: ArrayLike, outcome: ArrayLike) -> float | None:
    """Precision averaged over the ranks at which recall rises, without interpolation; ties move together.

    ``sum (R_k - R_{k-1}) P_k`` over distinct thresholds; ``None`` when there is no onset.
    """
    p, y = require_probabilities(probability, outcome)
    positives = y.sum()
    if positives == 0:
        return None
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(y[order])
    last_of_tie = np.append(np.flatnonzero(np.diff(p[order])), p.size - 1)
    precision = hits[last_of_tie] / (last_of_tie + 1.0)
    gained = np.diff(hits[last_of_tie], prepend=0.0) / positives
    return float(np.sum(precision * gained))


def _crps_rows(x: Floats, y: Floats) -> Floats:
    m = x.shape[1]
    error = np.abs(x - y[:, None]).mean(axis=1)
    # sum_ij |x_i - x_j| = 2 sum_k (2k - m - 1) x_(k) over sorted draws, k = 1..m
    weight = (2.0 * np.arange(1, m + 1) - m - 1.0) / (m * m)
    spread = np.sort(x, axis=1) @ weight
    result: Floats = error - spread
    return result


def _by_block(kernel: _Kernel, draws: ArrayLike, actual: ArrayLike) -> Floats:
    x, y = require_draws(draws, actual)
    flat, target = x.reshape(-1, x.shape[-1]), y.ravel()
    scores = np.empty(target.shape, dtype=np.float64)
    for rows in _blocks(flat):
        scores[rows] = kernel(flat[rows].astype(np.float64), target[rows])
    return scores.reshape(y.shape)


def _blocks(flat: NDArray[np.floating]) -> Iterator[slice]:
    step = max(1, _BLOCK // flat.shape[1])
    for start in range(0, flat.shape[0], step):
        yield slice(start, start + step)
