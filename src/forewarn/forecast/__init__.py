"""Incidents and covariates become distributions of what may come, and are scored in the open.

``panel`` counts incidents as known at a date, ``models`` turn histories into draws, ``make`` gives the noun
others use, ``backtest`` asks what would have been said before, ``scoring`` says how good it was. Nothing here
reads a clock, writes a file or sees past ``data_through``; a unit that is not known is never forecast.
"""

from forewarn.forecast.backtest import (
    CountCase,
    CountResult,
    CountRun,
    OnsetCase,
    OnsetResult,
    Window,
    run_counts,
    run_onsets,
)
from forewarn.forecast.cases import count_case, onset_case, onset_columns, onset_table
from forewarn.forecast.comparison import count_differences, count_rows, onset_differences, onset_rows
from forewarn.forecast.evaluation import (
    CountScores,
    Interval,
    OnsetScores,
    count_scores,
    heaviest_unit,
    mean_interval,
    onset_scores,
    paired_interval,
)
from forewarn.forecast.make import Order, make_forecast, make_onset_forecast
from forewarn.forecast.models import (
    Forecaster,
    History,
    OnsetForecaster,
    OnsetRows,
    Task,
    count_forecaster,
    forecaster_names,
    onset_forecaster,
)
from forewarn.forecast.onsets_from_counts import ONE_SIDED, OnsetDefinition
from forewarn.forecast.panel import (
    FeaturePlan,
    Frame,
    build_panel,
    cell_adjacency,
    last_complete_month,
    make_features,
    pair_adjacency,
)
from forewarn.forecast.scorecard import count_batch, count_card, onset_card
from forewarn.forecast.spec import BacktestSpec, backtest_spec
from forewarn.forecast.tables import CountTable, count_table, read_table

__all__ = [
    "ONE_SIDED",
    "BacktestSpec",
    "CountCase",
    "CountResult",
    "CountRun",
    "CountScores",
    "CountTable",
    "FeaturePlan",
    "Forecaster",
    "Frame",
    "History",
    "Interval",
    "OnsetCase",
    "OnsetDefinition",
    "OnsetForecaster",
    "OnsetResult",
    "OnsetRows",
    "OnsetScores",
    "Order",
    "Task",
    "Window",
    "backtest_spec",
    "build_panel",
    "cell_adjacency",
    "count_batch",
    "count_card",
    "count_case",
    "count_differences",
    "count_forecaster",
    "count_rows",
    "count_scores",
    "count_table",
    "forecaster_names",
    "heaviest_unit",
    "last_complete_month",
    "make_features",
    "make_forecast",
    "make_onset_forecast",
    "mean_interval",
    "onset_card",
    "onset_case",
    "onset_columns",
    "onset_differences",
    "onset_forecaster",
    "onset_rows",
    "onset_scores",
    "onset_table",
    "pair_adjacency",
    "paired_interval",
    "read_table",
    "run_counts",
    "run_onsets",
]
