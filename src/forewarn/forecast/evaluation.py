"""Scores of one forecast, and whether one model is better than another.

Works on pairs only: the caller has already matched forecasts with what happened, and counted what did not
match. Every comparison is paired and carries an interval from resampling units, because the months of a unit
resemble each other and one country can decide a mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.forecast import scoring

__all__ = [
    "COMPARABLE_DRAWS",
    "CountScores",
    "Interval",
    "OnsetScores",
    "Weight",
    "count_scores",
    "heaviest_unit",
    "joined_scores",
    "mean_interval",
    "onset_scores",
    "paired_interval",
    "resampled",
]

COMPARABLE_DRAWS = 1000
"""The ignorance score is computed as if there were this many draws, so that forecasts can be compared."""

RESAMPLES = 1000
_AT_ONCE = 500_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the 95 % interval from resampling units; bounds are ``None`` with fewer than two units."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class CountScores:
    """Scores of each pair of draws and actual, one-dimensional, with the unit and period of each pair."""

    unit: NDArray[np.str_]
    period: NDArray[np.int64]
    crps: Floats
    ign: Floats
    mis: Floats
    log1p_crps: Floats

    def means(self) -> dict[str, float]:
        """The mean of each score over all pairs."""
        names = ("crps", "ign", "mis", "log1p_crps")
        return {name: float(np.mean(getattr(self, name))) for name in names}

    def where(self, rows: NDArray[Any]) -> CountScores:
        """Some of the pairs."""
        return CountScores(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Weight:
    """The unit that weighs most in a mean: its share of the sum, and the mean without it."""

    unit: str
    share: float
    mean_without: float | None


@dataclass(frozen=True, slots=True)
class OnsetScores:
    """Scores of probabilities of an onset; those that need an onset are ``None`` without one."""

    brier: float
    log_loss: float
    auc: float | None
    average_precision: float | None
    overforecast_ratio: float | None
    recall_top_10: float | None
    recall_top_20: float | None
    recall_top_30: float | None
    onsets: int
    forecasts: int


def count_scores(
    draws: NDArray[np.floating], actual: Floats, *, unit: NDArray[np.str_], period: NDArray[np.int64]
) -> CountScores:
    """Scores of draws ``[pair, draw]`` against actuals ``[pair]``."""
    if actual.size == 0:
        raise ForecastError("nothing to score: no forecast has an actual", mend="check ids and periods")
    return CountScores(
        unit=unit,
        period=period,
        crps=scoring.crps(draws, actual),
        ign=scoring.ignorance(draws, actual, as_if_draws=COMPARABLE_DRAWS),
        mis=scoring.mean_interval_score(draws, actual),
        log1p_crps=scoring.log1p_crps(draws, actual),
    )


def joined_scores(parts: Sequence[CountScores]) -> CountScores:
    """All pairs of several, in their order."""
    return CountScores(*(np.concatenate([getattr(p, name) for p in parts]) for name in CountScores.__slots__))


def onset_scores(probability: Floats, outcome: Floats, *, period: NDArray[np.int64]) -> OnsetScores:
    """Scores of probabilities against outcomes; recall is in the top of each period's list."""
    recall = [scoring.recall_in_top(probability, outcome, top=top, period=period) for top in (10, 20, 30)]
    return OnsetScores(
        brier=scoring.brier(probability, outcome),
        log_loss=scoring.log_loss(probability, outcome),
        auc=scoring.area_under_curve(probability, outcome),
        average_precision=scoring.average_precision(probability, outcome),
        overforecast_ratio=scoring.overforecast_ratio(probability, outcome),
        recall_top_10=recall[0],
        recall_top_20=recall[1],
        recall_top_30=recall[2],
        onsets=int(outcome.sum()),
        forecasts=int(outcome.size),
    )


def heaviest_unit(scores: Floats, unit: NDArray[np.str_]) -> Weight:
    """The unit with the largest share of the summed scores."""
    names, codes = np.unique(unit, return_inverse=True)
    sums = np.bincount(codes, weights=scores)
    most = int(np.argmax(sums))
    rest = scores[codes != most]
    share = float(sums[most] / sums.sum()) if sums.sum() else 0.0
    return Weight(str(names[most]), share, float(rest.mean()) if rest.size else None)


def mean_interval(scores: Floats, unit: NDArray[np.str_], *, seed: int) -> Interval:
    """The mean of scores with its interval over units."""
    names, codes = np.unique(unit, return_inverse=True)
    sums = np.bincount(codes, weights=scores)
    counts = np.bincount(codes).astype(np.float64)
    value = float(scores.mean())
    if names.size < 2:
        return Interval(value, None, None)
    random = np.random.default_rng([seed, names.size])
    at_once = max(1, _AT_ONCE // names.size)
    parts = (
        random.integers(names.size, size=(min(at_once, RESAMPLES - k), names.size))
        for k in range(0, RESAMPLES, at_once)
    )
    means = np.concatenate([sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1) for chosen in parts])
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def paired_interval(ours: Floats, theirs: Floats, unit: NDArray[np.str_], *, seed: int) -> Interval:
    """The mean difference of two models' scores on the same pairs, ours less theirs; below zero is better."""
    return mean_interval(ours - theirs, unit, seed=seed)


def resampled(unit: NDArray[np.str_], *, seed: int, times: int) -> Sequence[NDArray[np.int64]]:
    """Rows of ``times`` samples of units with replacement: each unit comes with all its rows."""
    names, codes = np.unique(unit, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    random = np.random.default_rng([seed, names.size])
    chosen = random.integers(names.size, size=(times, names.size))
    return [np.concatenate([groups[k] for k in row]) for row in chosen]
