"""The page of a forecast given as quantiles alone: what can be scored of it, and nothing that would need draws."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError
from forewarn.forecast import scoring
from forewarn.forecast.evaluation import heaviest_unit, mean_interval

__all__ = ["quantile_card"]

_SEED = 0
Floats = NDArray[np.float64]


def quantile_card(quantiles: Floats, levels: Floats, actual: Floats, *, unit: NDArray[np.str_]) -> dict[str, Any]:
    """``quantiles[pair, level]`` against ``actual``; intervals are 95 %, from resampling units.

    ``observed_at_or_below`` is, for each level, the share of actuals not above its quantile: near the level when
    calibrated, above it where counts are mostly zero.
    """
    if not actual.size:
        raise ForecastError("nothing to score: no forecast has an actual", mend="check ids and periods")
    scores = scoring.weighted_interval_score(quantiles, levels, actual)
    coverage = [
        asdict(
            scoring.Coverage(
                share_meant,
                float(((actual >= quantiles[:, low]) & (actual <= quantiles[:, high])).mean()),
                float((quantiles[:, high] - quantiles[:, low]).mean()),
            )
        )
        for share_meant, low, high in scoring.central_levels(levels)
    ]
    at_or_below = {f"{level:g}": float((actual <= quantiles[:, k]).mean()) for k, level in enumerate(levels)}
    return {
        "weighted_interval_score": float(scores.mean()),
        "weighted_interval_score_interval": asdict(mean_interval(scores, unit, seed=_SEED)),
        "heaviest_unit": asdict(heaviest_unit(scores, unit)),
        "levels": levels.tolist(),
        "coverage": coverage,
        "observed_at_or_below": at_or_below,
    }
