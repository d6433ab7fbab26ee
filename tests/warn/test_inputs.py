"""What proposals are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from forewarn.errors import InputFormatError, InputValueError
from forewarn.model.place import UnitLevel
from forewarn.warn.inputs import TriggerInputs, UnitCoverage, UnitForecast


def test_an_incident_known_later_is_refused(incident: Callable[..., Any], inputs: Callable[..., Any]) -> None:
    """Proposals as known at a day cannot see what became known after it."""
    with pytest.raises(InputValueError, match="became known after"):
        inputs([incident(1, known_on="2030-07-01")])


def test_a_forecast_that_knows_more_is_refused(inputs: Callable[..., Any], forecast: UnitForecast) -> None:
    """Nor can a forecast made on later knowledge slip in."""
    with pytest.raises(InputValueError, match="after 2030-06-30"):
        inputs(forecasts=(replace(forecast, as_known_at=date(2030, 7, 1)),))


def test_missing_columns_are_named() -> None:
    """A frame that is not the incidents table says which columns it lacks."""
    with pytest.raises(InputFormatError, match="claim_ids"):
        TriggerInputs(date(2030, 6, 30), UnitLevel.ADMIN1, (), pl.DataFrame({"incident_id": ["x"]}))


@pytest.mark.parametrize(
    "changes",
    [
        {"exceedance": {1: 0.2, 25: 0.3}},
        {"exceedance": {1: float("nan")}},
        {"exceedance": {0: 1.0}},
        {"base_rate_exceedance": {25: 1.2}},
        {"q50": 200.0},
        {"mean": float("inf")},
        {"horizon_months": 0},
    ],
)
def test_impossible_forecasts_do_not_exist(forecast: UnitForecast, changes: dict[str, Any]) -> None:
    """Rising exceedance, NaN, quantiles out of order and empty horizons are refused."""
    with pytest.raises(InputValueError):
        replace(forecast, **changes)


def test_months_outside_the_record_count_as_unobserved() -> None:
    """Coverage that ends early does not make the rest calm."""
    record = UnitCoverage("XAA/Ombra", 600, (True, False, True))
    assert record.share(604, 5) == (2, 5)
    assert record.unobserved(604, 5) == ("2030-01", "2030-03", "2030-04")
