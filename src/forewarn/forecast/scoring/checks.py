"""What every score asks of its arrays before it computes.

Owns the policy on missing values: a score refuses NaN and infinite numbers and says how many there are,
because ``NaN > c`` is silently false and a mean over what is left flatters the forecast. Whoever has gaps
drops the pairs first, and counts them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewarn.errors import InputValueError

__all__ = ["Floats", "finite_array", "require_binary", "require_draws", "require_probabilities"]

Floats = NDArray[np.float64]


def finite_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """The values as a floating-point array; NaN and infinities are refused, with their number."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise InputValueError(f"holds {array.dtype}, not numbers", where=name, mend="give numbers")
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    bad = int(array.size - np.count_nonzero(np.isfinite(array)))
    if bad:
        raise InputValueError(
            f"{bad:,} of {array.size:,} values are not finite",
            where=name,
            mend="leave out the pairs without a value, and say how many",
        )
    return array


def require_draws(draws: ArrayLike, actual: ArrayLike) -> tuple[NDArray[Any], Floats]:
    """Draws ``[..., m]`` and actuals ``[...]``, finite, of agreeing shape, with at least one draw."""
    x, y = finite_array(draws, "draws"), finite_array(actual, "actual").astype(np.float64)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise InputValueError("there are no draws", where="draws", mend="give at least one on the last axis")
    if x.shape[:-1] != y.shape:
        raise InputValueError(
            f"shape {x.shape} does not fit actuals of shape {y.shape}",
            where="draws",
            mend="give one row of draws per actual",
        )
    return x, y


def require_probabilities(probability: ArrayLike, outcome: ArrayLike) -> tuple[Floats, Floats]:
    """Probabilities in 0..1 and outcomes that are 0 or 1, flattened, of equal length, not empty."""
    p = finite_array(probability, "probability").astype(np.float64).ravel()
    y = require_binary(outcome)
    if p.size != y.size or p.size == 0:
        raise InputValueError(
            f"{p.size} probabilities for {y.size} outcomes", where="probability", mend="give one for each"
        )
    outside = int(np.count_nonzero((p < 0) | (p > 1)))
    if outside:
        raise InputValueError(f"{outside:,} are outside 0..1", where="probability", mend="correct them")
    return p, y


def require_binary(outcome: ArrayLike) -> Floats:
    """Outcomes that are 0 or 1, flattened."""
    y = finite_array(outcome, "outcome").astype(np.float64).ravel()
    odd = int(np.count_nonzero((y != 0) & (y != 1)))
    if odd:
        raise InputValueError(f"{odd:,} are neither 0 nor 1", where="outcome", mend="code the onset as 0 or 1")
    return y
