"""The forecast noun: a distribution or nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn.errors import ForecastError, InputValueError
from forewarn.model.forecast import Forecast

DRAWS = np.array([[[0, 0, 1, 9], [0, 2, 3, 5]]], dtype=np.float32)


def _forecast(**changes: object) -> Forecast:
    given = {
        "target": "one_sided_deaths",
        "level": "admin1",
        "units": ("MM-16",),
        "months": (452, 453),
        "model": "conflictology",
        "as_known_at": date(2017, 7, 31),
        "data_through": 451,
        "seed": 0,
        "code_version": "0.1.0",
        "draws": DRAWS,
    }
    return Forecast(**{**given, **changes})


def test_exceedance_is_at_least():
    """The chance of at least k counts the draws equal to k."""
    np.testing.assert_allclose(_forecast().exceedance([1, 9, 10]), [[[0.5, 0.25, 0.0], [0.75, 0.0, 0.0]]])


def test_totals_follow_the_draw():
    """The sum over months adds the same draw of each month."""
    forecast = _forecast()
    assert forecast.totals().tolist() == [[0, 2, 4, 14]]
    assert forecast.total_quantiles([0.5]).tolist() == [[3]]
    assert forecast.total_exceedance([4]).tolist() == [[0.5]]


def test_mean_and_quantiles():
    """Per unit and month, linear between draws."""
    assert _forecast().mean().tolist() == [[2.5, 2.5]]
    assert _forecast().quantiles([0, 0.5, 1]).tolist() == [[[0, 0.5, 9], [0, 2.5, 5]]]


@pytest.mark.parametrize("bad", [np.nan, -1.0, np.inf])
def test_draws_that_are_no_counts_are_refused(bad):
    """A missing draw would lower every chance in silence, so it cannot enter."""
    draws = DRAWS.copy()
    draws[0, 1, 2] = bad
    with pytest.raises(InputValueError, match="1 values"):
        _forecast(draws=draws)


@pytest.mark.parametrize(
    "changes",
    [
        {"draws": DRAWS[0]},
        {"draws": DRAWS[:, :, :0]},
        {"draws": None},
        {"probability": np.zeros((1, 2))},
        {"months": (453, 452)},
        {"months": ()},
        {"data_through": 452},
        {"units": ("MM-16", "MM-17")},
        {"unknown_units": ("MM-16",)},
        {"level": "cells"},
        {"model": ""},
    ],
)
def test_forecast_refuses_to_exist_wrong(changes):
    """Shapes, months that are known already, double units and missing provenance are refused."""
    with pytest.raises(InputValueError):
        _forecast(**changes)


def test_onset_forecast_is_a_probability():
    """A probability is kept to 0..1, and asking it for draws is an error that says so."""
    onset = _forecast(draws=None, probability=np.array([[0.1, 0.2]]))
    assert onset.is_onset
    with pytest.raises(ForecastError, match="probabilities, not draws"):
        onset.mean()
    with pytest.raises(InputValueError):
        _forecast(draws=None, probability=np.array([[0.1, 1.2]]))


def test_unknown_units_are_unknown_not_safe():
    """Asking for a unit nothing is known of says that its risk is unknown."""
    forecast = _forecast(unknown_units=("MM-17",))
    assert forecast.unit_index("MM-16") == 0
    with pytest.raises(ForecastError, match=r"too little is known.*unknown"):
        forecast.unit_index("MM-17")
