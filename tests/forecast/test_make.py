"""From a panel to a forecast."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn.errors import ForecastError
from forewarn.execution import Backend
from forewarn.forecast import OnsetDefinition, Order, make_forecast, make_onset_forecast
from forewarn.forecast.models import count_forecaster, onset_forecaster
from forewarn.model.panel import Panel

ORDER = Order("deaths", 6, "0.1.0", draws=40, seed=3)


def _panel(values) -> Panel:
    cube = np.asarray(values, dtype=np.float32)[:, :, None]
    return Panel(cube, tuple("abc"[: len(cube)]), 430, ("deaths",), "admin1", date(2017, 7, 31))


def test_a_forecast_carries_where_it_came_from():
    """Months follow the panel's last; model, seed, date and version are those given."""
    made = make_forecast(count_forecaster("weighted_history"), _panel(np.ones((2, 22))), order=ORDER)
    assert made.months == (452, 453, 454, 455, 456, 457)
    assert (made.data_through, made.model, made.seed) == (451, "weighted_history", 3)
    assert (made.as_known_at, made.code_version) == (date(2017, 7, 31), "0.1.0")
    assert made.draws.shape == (2, 6, 40)


@pytest.mark.parametrize("name", ["zero", "boot_240", "conflictology"])
def test_units_gone_dark_are_named_and_get_no_number(name):
    """A unit without a known value in twelve months is unknown, even to a model that needs no past."""
    values = np.ones((3, 22))
    values[1, -12:] = np.nan
    made = make_forecast(count_forecaster(name), _panel(values), order=ORDER)
    assert (made.units, made.unknown_units) == (("a", "c"), ("b",))


@pytest.mark.parametrize("name", ["conflictology", "last_poisson", "weighted_history", "zero"])
def test_blocks_of_units_change_nothing(name, monkeypatch):
    """Models that look at a unit's own past run unit by unit, here in threads; to the last draw."""
    panel = _panel(np.random.default_rng(1).poisson(2.0, (3, 30)))
    whole = make_forecast(count_forecaster(name), panel, order=ORDER)
    monkeypatch.setattr("forewarn.forecast.make._BLOCK_DRAWS", 1)
    monkeypatch.setattr("forewarn.forecast.make._WORTH_PROCESSES", 0)
    apart = make_forecast(count_forecaster(name), panel, order=ORDER, backend=Backend("threading", 2))
    assert np.array_equal(whole.draws, apart.draws)


def test_nothing_known_is_no_forecast():
    """A panel of silence gives an error, not zeros."""
    with pytest.raises(ForecastError, match="no unit has a known value"):
        make_forecast(count_forecaster("zero"), _panel(np.full((1, 22), np.nan)), order=ORDER)
    with pytest.raises(ForecastError, match="horizon"):
        Order("deaths", 0, "0.1.0")


def test_a_forecast_of_an_onset_holds_a_chance_per_unit_and_month():
    """From counts to chances; a unit gone dark is named, and months follow the panel's last."""
    values = np.random.default_rng(2).negative_binomial(0.3, 0.02, size=(3, 60)).astype(float)
    values[2, -12:] = np.nan
    made = make_onset_forecast(
        onset_forecaster("own_history"),
        _panel(values),
        order=ORDER,
        definition=OnsetDefinition(25, 3),
        counted="deaths",
    )
    assert made.probability.shape == (2, 6)
    assert made.months[0] == 430 + 60
    assert made.unknown_units == ("c",)
