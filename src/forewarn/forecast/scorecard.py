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
    joined_scores,
    mean_interval,
    onset_scores,
)

__all__ = [
    "LEVELS",
    "THRESHOLDS",
    "CountBatch",
    "calibration_card",
    "count_batch",
    "count_card",
    "joined",
    "onset_card",
    "reliability_bands",
]

LEVELS = (0.5, 0.9)
THRESHOLDS = (1, 25)
"""At least this many deaths in the month: anything at all, and the field's line for a conflict."""

_BANDS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_HALF_A_DRAW = 0.5e-3  # a share of none in 1000 draws is not impossibility
_SEED = 0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CountBatch:
    """What is kept of pairs once their draws are gone.

    ``below`` and ``upto`` bound the PIT of each pair, ``held`` and ``width`` are ``[level, pair]`` over
    :data:`LEVELS`, ``exceedance`` is ``[threshold, pair]`` over :data:`THRESHOLDS`; ``draws`` are fewest and most.
    """

    scores: CountScores
    actual: Floats
    ign_as_given: Floats
    below: Floats
    upto: Floats
    held: NDArray[np.bool_]
    width: Floats
    exceedance: Floats
    draws: tuple[int, int]

    @property
    def happened(self) -> Floats:
        """Whether each threshold was reached, ``[threshold, pair]``, 0 or 1."""
        return (self.actual >= np.array(THRESHOLDS)[:, None]).astype(np.float64)

    def where(self, rows: NDArray[Any]) -> CountBatch:
        """Some of the pairs."""
        return CountBatch(
            self.scores.where(rows), self.actual[rows], self.ign_as_given[rows], self.below[rows], self.upto[rows],
            self.held[:, rows], self.width[:, rows], self.exceedance[:, rows], self.draws,
        )  # fmt: skip


def count_batch(
    draws: NDArray[np.floating], actual: Floats, *, unit: NDArray[np.str_], period: NDArray[np.int64]
) -> CountBatch:
    """The figures of draws ``[pair, draw]`` against actuals ``[pair]``."""
    within = [scoring.held_within(draws, actual, level=level) for level in LEVELS]
    below, upto = scoring.pit_bounds(draws, actual)
    return CountBatch(
        scores=count_scores(draws, actual, unit=unit, period=period),
        actual=actual,
        ign_as_given=scoring.ignorance(draws, actual),
        below=below,
        upto=upto,
        held=np.stack([held for held, _ in within]),
        width=np.stack([width for _, width in within]),
        exceedance=np.stack([(draws >= k).mean(axis=1, dtype=np.float64) for k in THRESHOLDS]),
        draws=(draws.shape[1], draws.shape[1]),
    )


def joined(batches: Sequence[CountBatch]) -> CountBatch:
    """All pairs of several batches, in their order."""
    if not batches:
        raise ForecastError("nothing to score: no forecast has an actual", mend="check ids and periods")
    named = {
        name: np.concatenate([getattr(batch, name) for batch in batches], axis=-1)
        for name in ("actual", "ign_as_given", "below", "upto", "held", "width", "exceedance")
    }
    draws = (min(batch.draws[0] for batch in batches), max(batch.draws[1] for batch in batches))
    return CountBatch(scores=joined_scores([batch.scores for batch in batches]), draws=draws, **named)


def count_card(batch: CountBatch) -> dict[str, Any]:
    """The page of a forecast of counts; intervals are 95 %, from resampling units."""
    scores = batch.scores
    return {
        **scores.means(),
        "ign_as_given": float(batch.ign_as_given.mean()),
        "draws": {"fewest": batch.draws[0], "most": batch.draws[1]},
        "crps_interval": asdict(mean_interval(scores.crps, scores.unit, seed=_SEED)),
        "heaviest_unit": asdict(heaviest_unit(scores.crps, scores.unit)),
        **calibration_card(batch),
        "at_least": {str(threshold): _threshold(batch, k) for k, threshold in enumerate(THRESHOLDS)},
    }


def calibration_card(batch: CountBatch) -> dict[str, Any]:
    """Coverage with sharpness at :data:`LEVELS`, and the PIT in ten bins."""
    coverage = [
        asdict(scoring.Coverage(level, float(batch.held[k].mean()), float(batch.width[k].mean())))
        for k, level in enumerate(LEVELS)
    ]
    return {"coverage": coverage, "pit_histogram": scoring.pit_shares(batch.below, batch.upto).tolist()}


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


def reliability_bands(batch: CountBatch, k: int) -> list[dict[str, Any]]:
    """Said and happened by band of the chance of reaching the ``k``-th of :data:`THRESHOLDS`."""
    return [asdict(b) for b in scoring.reliability(batch.exceedance[k], batch.happened[k], edges=_BANDS)]


def _threshold(batch: CountBatch, k: int) -> dict[str, Any]:
    probability, outcome = batch.exceedance[k], batch.happened[k]
    return {
        "brier": scoring.brier(probability, outcome),
        "log_loss": scoring.log_loss(probability, outcome, floor=_HALF_A_DRAW),
        "auc": scoring.area_under_curve(probability, outcome),
        "average_precision": scoring.average_precision(probability, outcome),
        "overforecast_ratio": scoring.overforecast_ratio(probability, outcome),
        "happened": int(outcome.sum()),
        "reliability": reliability_bands(batch, k),
    }
