"""Scores of forecasts given as quantiles alone: the weighted interval score, and coverage where the levels allow it.

Source: Bracher, Ray, Gneiting and Reich (2021), "Evaluating epidemic forecasts in an interval format". The score is
twice the mean pinball loss over the levels given, which nears the CRPS as levels grow dense; it depends on the levels,
so files with different levels are not to be compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forewarn.errors import InputValueError
from forewarn.forecast.scoring.checks import Floats, finite_array

__all__ = ["central_levels", "weighted_interval_score"]


def weighted_interval_score(quantiles: ArrayLike, levels: ArrayLike, actual: ArrayLike) -> Floats:
    """The score of each forecast: ``quantiles[pair, level]``, rising along ``levels`` in 0..1, against ``actual``.

    Raises:
        InputValueError: levels that do not rise inside 0..1, quantiles that fall, shapes that do not fit.
    """
    q, tau, y = finite_array(quantiles, "quantiles"), finite_array(levels, "levels"), finite_array(actual, "actual")
    if tau.ndim != 1 or not tau.size or tau[0] <= 0 or tau[-1] >= 1 or np.any(np.diff(tau) <= 0):
        raise InputValueError("do not rise inside 0..1", where="levels", mend="give for example 0.05, 0.5, 0.95")
    if q.shape != (y.size, tau.size):
        raise InputValueError(f"have shape {q.shape}", where="quantiles", mend=f"give [{y.size}, {tau.size}]")
    if np.any(np.diff(q, axis=1) < 0):
        raise InputValueError("fall as the level rises", where="quantiles", mend="sort them, or correct the model")
    gap = y[:, None] - q
    scores: Floats = 2.0 * np.maximum(tau * gap, (tau - 1.0) * gap).mean(axis=1)
    return scores


def central_levels(levels: ArrayLike) -> list[tuple[float, int, int]]:
    """The central intervals that levels make: their coverage and the positions of both ends, the narrowest first."""
    tau = np.asarray(levels, dtype=np.float64)
    found = []
    for low, level in enumerate(tau):
        high = int(np.argmin(np.abs(tau - (1.0 - level))))
        if level < 0.5 and abs(tau[high] - (1.0 - level)) < 1e-9:
            found.append((float(round(1.0 - 2.0 * level, 9)), low, high))
    return sorted(found)
