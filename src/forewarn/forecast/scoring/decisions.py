"""What a ranked list is worth to somebody who can look at k places only.

Arrays in, figures out; NaN is refused. Ties at the cut are counted as expected under a random order, so
neither the order of rows nor luck can improve a figure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forewarn.errors import InputValueError
from forewarn.forecast.scoring.checks import Floats, require_probabilities

__all__ = ["hits_in_top", "overforecast_ratio", "recall_in_top"]


def hits_in_top(probability: ArrayLike, outcome: ArrayLike, *, top: int) -> float:
    """Number of onsets among the ``top`` highest probabilities; ties at the cut count in proportion."""
    p, y = require_probabilities(probability, outcome)
    if top < 1:
        raise InputValueError(f"{top} is no length of a list", where="top", mend="give 1 or more")
    if top >= p.size:
        return float(y.sum())
    cut = np.partition(p, p.size - top)[p.size - top]
    above, tied = p > cut, p == cut
    share = (top - np.count_nonzero(above)) / np.count_nonzero(tied)
    return float(y[above].sum() + share * y[tied].sum())


def recall_in_top(
    probability: ArrayLike, outcome: ArrayLike, *, top: int, period: ArrayLike | None = None
) -> float | None:
    """Share of all onsets that were among the ``top`` highest probabilities of their period.

    ``period`` tells which list a forecast belongs to (a year, a month); without it there is one list.
    ``None`` when there was no onset.
    """
    p, y = require_probabilities(probability, outcome)
    if y.sum() == 0:
        return None
    return sum(hits_in_top(p[rows], y[rows], top=top) for rows in _lists(period, p)) / float(y.sum())


def overforecast_ratio(probability: ArrayLike, outcome: ArrayLike) -> float | None:
    """Sum of the probabilities over the number of onsets: 1 when right, 2 when twice too many.

    ``None`` when there was no onset.
    """
    p, y = require_probabilities(probability, outcome)
    return float(p.sum() / y.sum()) if y.sum() else None


def _lists(period: ArrayLike | None, p: Floats) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    if period is None:
        return [np.ones(p.size, dtype=bool)]
    which = np.asarray(period).ravel()
    if which.size != p.size:
        raise InputValueError(f"{which.size} for {p.size} forecasts", where="period", mend="give one for each")
    return [which == one for one in np.unique(which)]
