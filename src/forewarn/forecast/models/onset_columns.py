"""Which columns of a panel of onsets may be learnt from: those that tell units of one period apart.

A column that has one value for all units of a period says nothing of who is likelier, only which period it is: a
calendar, or a count that was not yet kept and stands as zero. A model that reads it learns how many onsets its
periods had and repeats that later. No column names a unit, and none is judged by outcomes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["telling_columns"]

_LEAST_SHARE = 0.5
"""Of the periods learnt from, in which units have to differ."""


def telling_columns(
    values: NDArray[np.float64], periods: NDArray[np.int64], learnt: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Per column of ``[row, column]``: whether units differ in half or more of the periods learnt from.

    Missing values are left out; a period in which one unit or none has a value does not differ. All columns are kept
    where none tells units apart, as in a panel of one unit.
    """
    known, when = values[learnt], periods[learnt]
    if not known.size:
        return np.ones(values.shape[1], dtype=np.bool_)
    order = np.argsort(when, kind="stable")
    starts = np.flatnonzero(np.diff(when[order], prepend=when[order][0] - 1))
    missing = np.isnan(known)
    lowest = np.minimum.reduceat(np.where(missing, np.inf, known)[order], starts, axis=0)
    highest = np.maximum.reduceat(np.where(missing, -np.inf, known)[order], starts, axis=0)
    telling = (highest > lowest).mean(axis=0) >= _LEAST_SHARE
    return telling if telling.any() else np.ones_like(telling)
