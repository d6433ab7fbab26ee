"""All figures of one forecast on one page: scores, calibration, and how well it told quiet from violent.

Takes pairs of forecast and actual in batches, so that a grid of 157 million draws never stands in memory at
once. Probabilities of a count reaching a threshold are scored as an onset would be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.forecast import scoring
from forewarn.forecast.comparison import onset_intervals
from forewarn.forecast.evaluation import (
    CountScores,
    count_scores,
    heaviest_unit,
    mean_interval,
    onset_scores,
)

__all__ = ["CountBatch", "count_batch", "count_card", "onset_card"]

LEVELS = (0.5, 0.9)
THRESHOLDS = (1, 25)
"""At least this many deaths in the month: anything at all, and the field's line for a conflict."""

_BANDS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_HALF_A_DRAW = 0.5e-3  # a share of none in 1000 draws is not impossibility
_SEED = 0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CountBatch:
    """What is kept of a batch of pairs once its draws are gone."""

    scores: CountScores
    actual: Floats
    ign_as_given: Floats
    pit: Floats
    coverage: tuple[scoring.Coverage, ...]
    exceedance: Floats
    draws: int


def count_batch(
    draws: NDArray[np.floating], actual: Floats, *, unit: NDArray[np.str_], period: NDArray[np.int64]
) -> CountBatch:
    """The figures of draws ``[pair, draw]`` against actuals ``[pair]``."""
    return CountBatch(
        scores=count_scores(draws, actual, unit=unit, period=period),
        actual=actual,
        ign_as_given=scoring.ignorance(draws, actual),
        pit=scoring.pit_histogram(draws, actual),
        coverage=tuple(scoring.interval_coverage(draws, actual, level=level) for level in LEVELS),
        exceedance=np.stack([(draws >= k).mean(axis=1, dtype=np.float64) for k in THRESHOLDS]),
        draws=draws.shape[1],
    )


def count_card(batches: Sequence[CountBatch]) -> dict[str, Any]:
    """The page of a forecast of counts; intervals are 95 %, from resampling units."""
    if not batches:
        raise ForecastError("nothing to score: no forecast has an actual", mend="check ids and periods")
    unit = np.concatenate([b.scores.unit for b in batches])
    crps = np.concatenate([b.scores.crps for b in batches])
    sizes = np.array([b.actual.size for b in batches], dtype=np.float64)
    names = ("crps", "ign", "mis", "log1p_crps")
    means = {n: float(np.concatenate([getattr(b.scores, n) for b in batches]).mean()) for n in names}
    return {
        **means,
        "ign_as_given": float(np.concatenate([b.ign_as_given for b in batches]).mean()),
        "draws": {"fewest": min(b.draws for b in batches), "most": max(b.draws for b in batches)},
        "crps_interval": asdict(mean_interval(crps, unit, seed=_SEED)),
        "heaviest_unit": asdict(heaviest_unit(crps, unit)),
        "coverage": [_merged(batches, k, sizes) for k in range(len(LEVELS))],
        "pit_histogram": np.average([b.pit for b in batches], axis=0, weights=sizes).tolist(),
        "at_least": {str(threshold): _threshold(batches, k) for k, threshold in enumerate(THRESHOLDS)},
    }


def onset_card(
    probability: Floats, outcome: Floats, *, unit: NDArray[np.str_], period: NDArray[np.int64]
) -> dict[str, Any]:
    """The page of a forecast of onsets; intervals are 95 %, from resampling units."""
    if outcome.size == 0:
        raise ForecastError("nothing to score: no forecast has an actual", mend="check ids and periods")
    intervals = onset_intervals(probability, outcome, unit, seed=_SEED)
    return {
        **asdict(onset_scores(probability, outcome, period=period)),
        "intervals": {name: asdict(interval) for name, interval in intervals.items()},
        "reliability": [asdict(band) for band in scoring.reliability(probability, outcome, edges=_BANDS)],
    }


def _merged(batches: Sequence[CountBatch], k: int, sizes: Floats) -> dict[str, float]:
    share = np.average([b.coverage[k].share for b in batches], weights=sizes)
    width = np.average([b.coverage[k].mean_width for b in batches], weights=sizes)
    return asdict(scoring.Coverage(LEVELS[k], float(share), float(width)))


def _threshold(batches: Sequence[CountBatch], k: int) -> dict[str, Any]:
    probability = np.concatenate([b.exceedance[k] for b in batches])
    outcome = (np.concatenate([b.actual for b in batches]) >= THRESHOLDS[k]).astype(np.float64)
    bands = scoring.reliability(probability, outcome, edges=_BANDS)
    return {
        "brier": scoring.brier(probability, outcome),
        "log_loss": scoring.log_loss(probability, outcome, floor=_HALF_A_DRAW),
        "auc": scoring.area_under_curve(probability, outcome),
        "average_precision": scoring.average_precision(probability, outcome),
        "overforecast_ratio": scoring.overforecast_ratio(probability, outcome),
        "happened": int(outcome.sum()),
        "reliability": [asdict(band) for band in bands],
    }
