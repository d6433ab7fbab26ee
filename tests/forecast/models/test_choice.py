"""Nobody names a model: the ensemble where there is enough to learn from, and the reason in words."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast.models import History, choose_model, forecaster_names


def _history(units: int, months: int, *, every: int = 1) -> History:
    values = np.zeros((units, months))
    values[:, ::every] = 2.0
    return History(values, tuple(f"u{k:05}" for k in range(units)), 400)


@pytest.mark.parametrize(
    ("history", "model", "reason"),
    [
        (_history(10, 60), "ensemble", "60 months and 600 violent"),
        (_history(10, 59), "weighted_history", "59 months are too few"),
        (_history(10, 60, every=3), "weighted_history", "200 violent unit-months are too few"),
        (_history(20_000, 80), "weighted_history", "1,600,000 unit-months are more"),
    ],
)
def test_the_choice_and_its_reason(history, model, reason):
    """By months, by violent unit-months and by size."""
    choice = choose_model(history)
    assert choice.model == model
    assert reason in choice.reason
    assert choice.model in forecaster_names("count")


def test_missing_months_are_no_months():
    """Sixty columns of which ten are known are ten months."""
    history = _history(10, 60)
    history.values[:, :50] = np.nan
    assert "10 months are too few" in choose_model(history).reason
