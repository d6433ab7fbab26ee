"""The cube of units by months by features: counted as known at a date, never from the future.

``grid`` says which unit lies next to which, ``build`` counts incidents, ``tally`` adds them up where a table is too
large for that, ``features`` looks back from each month. Missing is NaN throughout.
"""

from forewarn.forecast.panel.build import Frame, build_panel, last_complete_month
from forewarn.forecast.panel.features import FeaturePlan, make_features
from forewarn.forecast.panel.grid import cell_adjacency, pair_adjacency
from forewarn.forecast.panel.tally import tallied_arrays, tally

__all__ = [
    "FeaturePlan",
    "Frame",
    "build_panel",
    "cell_adjacency",
    "last_complete_month",
    "make_features",
    "pair_adjacency",
    "tallied_arrays",
    "tally",
]
