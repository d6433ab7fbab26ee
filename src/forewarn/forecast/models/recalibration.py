"""Recalibration: the upper tails of a forecast made as long as what came has shown them to be.

Members of a pool are each a little too sure that wars do not grow, and so is the pool. Draws above the median move
out on the log scale, the more the higher they stand; zeros stay zeros and the median stays where it is. How far is
learnt by proper scores on rolling origins, apart for each status of the conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.forecast.scoring import crps, ignorance, log1p_crps, mean_interval_score

__all__ = ["Forecasts", "learn_lengthening", "lengthened"]

_STEEPNESS = 6
"""Of the shift's rise from the median to the 95 % quantile: half of it comes above the 90 % quantile."""

_TRIED = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
_DRAWS = 1000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """Draws ``[row, draw]``, rising, and what came of each row."""

    rising: NDArray[np.floating]
    actual: Floats


def lengthened(rising: NDArray[np.floating], by: Floats) -> Floats:
    """Draws whose 95 % quantile stands ``by[row]`` higher on the scale of ``log(1 + count)``; others in proportion.

    Args:
        rising: ``[row, draw]``, each row rising.
        by: per row, 0 or more.
    """
    count = rising.shape[1]
    above = np.maximum(((np.arange(count) + 0.5) / count - 0.5) / 0.45, 0.0) ** _STEEPNESS
    moved = np.expm1(np.log1p(rising.astype(np.float64)) + by[:, None] * above)
    return np.asarray(np.where(rising > 0, moved, 0.0))


def learn_lengthening(groups: Sequence[Forecasts]) -> float:
    """How far tails should have reached: CRPS, its log, ignorance and interval score, groups weighing the same.

    Each score counts relative to that of the draws as they are.
    """
    if not any(one.actual.size for one in groups):
        raise ForecastError("no row to learn tails from", where="recalibration", mend="use earlier origins")
    found = [[_scores(one, by) for by in _TRIED] for one in groups if one.actual.size]
    relative = [np.array(part) / np.maximum(part[0], 1e-12) for part in found]
    return _TRIED[int(np.argmin(np.mean(relative, axis=0).sum(axis=1)))]


def _scores(one: Forecasts, by: float) -> Floats:
    draws = lengthened(one.rising, np.full(one.actual.size, by))
    parts = (crps(draws, one.actual), log1p_crps(draws, one.actual), mean_interval_score(draws, one.actual))
    surprise = ignorance(draws, one.actual, as_if_draws=_DRAWS)
    return np.array([float(part.mean()) for part in (*parts, surprise)])
