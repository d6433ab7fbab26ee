"""Panels as they come: each has a stated treatment or a clear error, with every model of counts."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from forewarn.errors import ForecastError, InputValueError
from forewarn.forecast import Order, count_forecaster, forecaster_names, make_forecast
from forewarn.forecast.models import History
from forewarn.forecast.tables import count_table
from forewarn.model.forecast import Forecast
from forewarn.model.panel import Panel

ORDER = Order("deaths", 3, "0.1.0", draws=20, seed=1)


def panel(values: np.ndarray, more: np.ndarray | None = None) -> Panel:
    cube = np.stack([values] if more is None else [values, more], axis=2).astype(np.float32)
    units = tuple(f"u{k}" for k in range(len(values)))
    return Panel(cube, units, 420, ("deaths", "rain")[: cube.shape[2]], "country", date(2020, 12, 31))


def lively(months: int = 40) -> np.ndarray:
    return np.random.default_rng(8).poisson(1.5, (4, months)).astype(np.float64)


def with_gaps() -> np.ndarray:
    values = lively()
    values[0, 5:9] = np.nan
    values[1, -2:] = np.nan
    return values


def appearing_and_vanishing() -> np.ndarray:
    values = lively()
    values[0, :25] = np.nan  # there only since last year
    values[1, -15:] = np.nan  # gone for more than a year
    return values


TREATED = {
    "gaps": panel(with_gaps()),
    "fractional": panel(lively() / 3),
    "all zero": panel(np.zeros((4, 40))),
    "one month": panel(lively(1)),
    "appearing and vanishing": panel(appearing_and_vanishing()),
    "covariate missing": panel(lively(), np.full((4, 40), np.nan)),
}


def forecast_or_error(name: str, given: Panel) -> Forecast | ForecastError:
    try:
        return make_forecast(count_forecaster(name), given, order=ORDER)
    except ForecastError as error:
        return error


@pytest.mark.parametrize("kind", sorted(TREATED))
@pytest.mark.parametrize("name", forecaster_names("count"))
def test_a_panel_has_a_forecast_or_a_clear_error(kind, name):
    """Draws are finite and not negative; a unit that cannot be forecast is named; an error says what to do."""
    given = TREATED[kind]
    made = forecast_or_error(name, given)
    if isinstance(made, ForecastError):
        assert kind == "one month"
        assert made.mend
        return
    assert np.isfinite(made.draws).all()
    assert made.draws.min() >= 0
    assert {*made.units, *made.unknown_units} == set(given.units)
    assert ("u1" in made.unknown_units) == (kind == "appearing and vanishing")


def test_negative_counts_and_unit_months_twice_are_refused():
    """With the row, before any model sees them; fractional counts are taken as they are."""
    table = pl.DataFrame({"unit": ["a", "a", "b"], "month": [1, 2, 1], "deaths": [0.5, 2.0, 1.0]})
    words = {"unit": "unit", "period": "month", "value": "deaths", "where": "panel.csv"}
    assert count_table(table, **words).values[0].tolist() == [0.5, 2.0]
    with pytest.raises(InputValueError, match=r"row 2.*column deaths"):
        count_table(table.with_columns(deaths=pl.Series([0.0, -2.0, 1.0])), **words)
    with pytest.raises(InputValueError, match="comes twice"):
        count_table(table.with_columns(unit=pl.lit("a")), **words)
    with pytest.raises(InputValueError, match="negative"):
        History(np.array([[1.0, -1.0]]), ("a",), 2)
