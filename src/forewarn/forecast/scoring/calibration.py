"""Calibration: whether what was forecast with 90 % happened nine times in ten, and how sharp it was.

Arrays in, figures out, as in :mod:`forewarn.forecast.scoring.rules`; NaN is refused. Sharpness says nothing
without calibration, so the functions that use both return both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewarn.errors import InputValueError
from forewarn.forecast.scoring.checks import Floats, finite_array, require_draws, require_probabilities

__all__ = [
    "Band",
    "Coverage",
    "held_within",
    "interval_coverage",
    "pit_bounds",
    "pit_histogram",
    "pit_shares",
    "reliability",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the central interval of a level held the actual, and how wide it was.

    ``share`` is in 0..1, ``mean_width`` (sharpness) in the unit of the actual. For counts that are
    mostly zero a calibrated share lies above the level, because the interval [0, 0] cannot be cut.
    """

    level: float
    share: float
    mean_width: float


@dataclass(frozen=True, slots=True)
class Band:
    """One band of forecast probability: its bounds, its forecasts, what was said and what happened.

    ``mean_probability`` and ``observed_share`` are ``None`` where the band holds no forecast.
    """

    low: float
    high: float
    forecasts: int
    mean_probability: float | None
    observed_share: float | None


def interval_coverage(draws: ArrayLike, actual: ArrayLike, *, level: float) -> Coverage:
    """Coverage and width of the central interval of the draws ``[..., m]`` at a level in 0..1."""
    held, width = held_within(draws, actual, level=level)
    return Coverage(level, float(held.mean()), float(width.mean()))


def held_within(draws: ArrayLike, actual: ArrayLike, *, level: float) -> tuple[NDArray[np.bool_], Floats]:
    """Of each forecast whether its central interval at a level in 0..1 held the actual, and how wide it was."""
    if not 0 < level < 1:
        raise InputValueError(f"{level} is not between 0 and 1", where="level", mend="give 0.9 for 90 %")
    x, y = require_draws(draws, actual)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(x, [tail, 1.0 - tail], axis=-1)
    return (y >= low) & (y <= high), np.asarray(high - low, dtype=np.float64)


def pit_histogram(draws: ArrayLike, actual: ArrayLike, *, bins: int = 10) -> Floats:
    """Probability integral transform for counts, as the share of forecasts per bin; flat when calibrated.

    The non-randomised form of Czado, Gneiting and Held (2009): an actual that ties with draws is spread
    evenly over the jump of the distribution function, so no random number is needed. It is the mean over all
    randomised ones. Sums to 1.
    """
    below, upto = pit_bounds(draws, actual)
    return pit_shares(below, upto, bins=bins)


def pit_bounds(draws: ArrayLike, actual: ArrayLike) -> tuple[Floats, Floats]:
    """Of each forecast the share of draws below the actual, and the share up to it, both in 0..1."""
    x, y = require_draws(draws, actual)
    below = np.asarray((x < y[..., None]).mean(axis=-1), dtype=np.float64)
    return below, np.asarray((x <= y[..., None]).mean(axis=-1), dtype=np.float64)


def pit_shares(below: ArrayLike, upto: ArrayLike, *, bins: int = 10) -> Floats:
    """The histogram of :func:`pit_histogram` from the bounds of each forecast."""
    low = finite_array(below, "below").ravel()[:, None]
    jump = finite_array(upto, "upto").ravel()[:, None] - low
    edges = np.linspace(0.0, 1.0, bins + 1)
    ramp = np.clip((edges - low) / np.where(jump > 0, jump, 1.0), 0.0, 1.0)
    # without a jump all the mass sits at one point; the last bin holds its upper edge
    step = (edges > low) | (edges == 1.0)
    distribution = np.where(jump > 0, ramp, step)
    distribution[:, 0] = 0.0
    shares: Floats = np.diff(distribution.mean(axis=0))
    return shares


def reliability(probability: ArrayLike, outcome: ArrayLike, *, edges: ArrayLike) -> tuple[Band, ...]:
    """Forecasts by band of probability; ``edges`` rise from 0 to 1, a band holds its lower edge.

    The last band holds 1 as well.
    """
    p, y = require_probabilities(probability, outcome)
    bounds = np.asarray(edges, dtype=np.float64)
    if bounds.size < 2 or bounds[0] != 0 or bounds[-1] != 1 or np.any(np.diff(bounds) <= 0):
        raise InputValueError("do not rise from 0 to 1", where="edges", mend="give for example 0, .1, 1")
    which = np.clip(np.searchsorted(bounds, p, side="right") - 1, 0, bounds.size - 2)
    return tuple(_band(bounds, k, p[which == k], y[which == k]) for k in range(bounds.size - 1))


def _band(bounds: Floats, k: int, p: Floats, y: Floats) -> Band:
    said = float(p.mean()) if p.size else None
    happened = float(y.mean()) if y.size else None
    return Band(float(bounds[k]), float(bounds[k + 1]), int(p.size), said, happened)
