"""Forecasters: from a history to draws, or from covariates to the chance of an onset.

Each is one small object behind a protocol, found by name. They see nothing after the history's end and are
deterministic from a seed.
"""

from forewarn.forecast.models.choice import AUTO, Choice, choose_model
from forewarn.forecast.models.forecaster import (
    Forecaster,
    History,
    OnsetForecaster,
    OnsetRows,
    Task,
    model_generator,
    unit_generator,
)
from forewarn.forecast.models.registry import (
    BASELINES,
    count_forecaster,
    forecaster_names,
    onset_forecaster,
)

__all__ = [
    "AUTO",
    "BASELINES",
    "Choice",
    "Forecaster",
    "History",
    "OnsetForecaster",
    "OnsetRows",
    "Task",
    "choose_model",
    "count_forecaster",
    "forecaster_names",
    "model_generator",
    "onset_forecaster",
    "unit_generator",
]
