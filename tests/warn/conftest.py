"""Small real things of the warn room: a frame of incidents, a forecast, inputs, a complete alert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from forewarn.ids import content_id
from forewarn.model.alert import Alert
from forewarn.model.place import UnitLevel
from forewarn.model.tables import INCIDENT_COLUMNS
from forewarn.testing import complete_alert
from forewarn.warn.inputs import TriggerInputs, UnitForecast

TYPES = {"text": pl.String, "day": pl.String, "count": pl.Int64, "number": pl.Float64, "list": pl.String}
SCHEMA: dict[str, Any] = {column.name: TYPES[column.kind] for column in INCIDENT_COLUMNS}
SCHEMA["claim_ids"] = pl.List(pl.String)
AS_KNOWN = date(2030, 6, 30)
NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)

Rows = Callable[..., dict[str, Any]]


@pytest.fixture
def incident() -> Rows:
    """A row of the incidents table: five reported deaths in one-sided violence at Ombra, unless said otherwise."""

    def make(number: int, **changes: Any) -> dict[str, Any]:
        row: dict[str, Any] = dict.fromkeys(SCHEMA)
        row |= {
            "incident_id": content_id("inc", number), "claims": 1, "independent_origins": 2, "contested": 0,
            "status": "reported", "act": "killing", "violence": "one_sided", "started_on": "2030-06-10",
            "known_on": "2030-06-12", "country": "XAA", "admin1": "Ombra", "target": "civilians",
            "deaths_low": 4, "deaths_best": 5, "deaths_high": 9, "claim_ids": [content_id("clm", number)],
        }  # fmt: skip
        return row | changes

    return make


@pytest.fixture
def inputs() -> Callable[..., TriggerInputs]:
    """Inputs as known on 30 June 2030 for admin1 areas."""

    def make(rows: list[dict[str, Any]] | None = None, **changes: Any) -> TriggerInputs:
        given: dict[str, Any] = {"as_known_at": AS_KNOWN, "level": UnitLevel.ADMIN1, "forecasts": ()}
        return TriggerInputs(**(given | changes), incidents=pl.DataFrame(rows or [], schema=SCHEMA))

    return make


@pytest.fixture
def forecast() -> UnitForecast:
    """A forecast that raises concern: 31 % for 25 deaths, where 5 % was usual."""
    return UnitForecast(
        unit="XAA/Ombra",
        horizon_months=6,
        first_month=607,
        exceedance={1: 0.8, 25: 0.31, 100: 0.08, 1000: 0.0},
        q05=0,
        q50=6,
        q95=140,
        mean=31.4,
        base_rate_exceedance={1: 0.4, 25: 0.05, 100: 0.0, 1000: 0.0},
        model="boot_240",
        target="one_sided_deaths",
        as_known_at=AS_KNOWN,
        forecast_id="fct-1",
        skill="CRPS 12 % below the own-history baseline in 20 windows.",
        skill_shown=True,
    )


@pytest.fixture
def alert() -> Alert:
    """A complete alert: nothing is missing and no word is refused."""
    return complete_alert()


@pytest.fixture
def next_version() -> Callable[..., Alert]:
    """The next version of an alert, with changes."""

    def make(alert: Alert, **changes: Any) -> Alert:
        return replace(alert, version=alert.version + 1, **changes)

    return make
