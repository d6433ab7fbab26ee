"""Intervals that count the choice of a model in: the whole estimate is made anew on every resampled table.

Tables are drawn from the observed histories (multinomial, the number of cases kept), the seed is passed in, and the
same seed gives the same interval. Bias-corrected and accelerated limits follow DiCiccio and Efron (1996,
doi:10.1214/ss/1032280214), with the jackknife over cases done once per history. A resampled table without an
estimate counts as infinitely many; an upper limit among those is infinite, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

__all__ = ["Interval", "interval", "resampled"]

Reals = NDArray[np.float64]
Estimator = Callable[[Reals], Reals]


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of the cases on no list.

    Attributes:
        low: the lower limit.
        high: the upper limit; infinite where the data set none.
        kind: ``bca``, or ``percentile`` where the correction cannot be made.
        unestimated: the share of resampled tables without an estimate, 0..1.
    """

    low: float
    high: float
    kind: str
    unestimated: float


def resampled(counts: NDArray[np.int64], *, replicates: int, seed: int) -> Reals:
    """Tables drawn from the observed histories ``[replicate, history]``."""
    cases = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(cases, counts / cases, size=replicates)
    return drawn.astype(float)


def interval(counts: NDArray[np.int64], tables: Reals, estimate: Estimator, *, level: float = 0.95) -> Interval:
    """The interval of an estimate of cases on no list.

    Args:
        counts: the observed table ``[history]``.
        tables: resampled tables, from :func:`resampled`.
        estimate: from tables ``[row, history]`` to cases on no list ``[row]``, infinite where there is no estimate.
        level: the share of such intervals that should hold the truth, 0..1.
    """
    point = float(estimate(counts[None].astype(float))[0])
    drawn = np.sort(estimate(tables))
    shares = np.array([(1 - level) / 2, (1 + level) / 2])
    below = (float((drawn < point).sum()) + 0.5 * float((drawn == point).sum())) / drawn.size
    kind = "percentile"
    if 0.0 < below < 1.0:
        kind, shares = "bca", _corrected(shares, float(ndtri(below)), _acceleration(counts, estimate))
    places = np.clip(np.ceil(shares * drawn.size).astype(int) - 1, 0, drawn.size - 1)
    return Interval(float(drawn[places[0]]), float(drawn[places[1]]), kind, float(np.isinf(drawn).mean()))


def _corrected(shares: Reals, bias: float, acceleration: float) -> Reals:
    moved = bias + ndtri(shares)
    return np.asarray(ndtr(bias + moved / (1 - acceleration * moved)))


def _acceleration(counts: NDArray[np.int64], estimate: Estimator) -> float:
    """The skewness of the estimate under leaving out one case; zero where leaving one out leaves no estimate."""
    held = np.flatnonzero(counts)
    without = np.repeat(counts[None].astype(float), held.size, axis=0)
    without[np.arange(held.size), held] -= 1
    values, weights = estimate(without), counts[held].astype(float)
    if not np.isfinite(values).all():
        return 0.0
    apart = np.average(values, weights=weights) - values
    spread = float((weights * apart**2).sum())
    return float((weights * apart**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0
