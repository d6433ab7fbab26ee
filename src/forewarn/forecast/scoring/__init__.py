"""Scores, calibration and the worth of a ranked list: arrays in, scores out.

A leaf: it knows arrays only, no panel, no file, no model, so anybody can check a figure with it. NaN is
refused everywhere, with the number of them.
"""

from forewarn.forecast.scoring.calibration import (
    Band,
    Coverage,
    held_within,
    interval_coverage,
    pit_bounds,
    pit_histogram,
    pit_shares,
    reliability,
)
from forewarn.forecast.scoring.decisions import hits_in_top, overforecast_ratio, recall_in_top
from forewarn.forecast.scoring.quantiles import central_levels, weighted_interval_score
from forewarn.forecast.scoring.rules import (
    IGN_EDGES,
    area_under_curve,
    average_precision,
    brier,
    crps,
    ignorance,
    interval_score,
    log1p_crps,
    log_loss,
    mean_interval_score,
)

__all__ = [
    "IGN_EDGES",
    "Band",
    "Coverage",
    "area_under_curve",
    "average_precision",
    "brier",
    "central_levels",
    "crps",
    "held_within",
    "hits_in_top",
    "ignorance",
    "interval_coverage",
    "interval_score",
    "log1p_crps",
    "log_loss",
    "mean_interval_score",
    "overforecast_ratio",
    "pit_bounds",
    "pit_histogram",
    "pit_shares",
    "recall_in_top",
    "reliability",
    "weighted_interval_score",
]
