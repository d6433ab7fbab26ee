"""Which units an alert is proposed for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.model.place import UnitLevel
from forewarn.warn.inputs import Standing, TriggerInputs, UnitCoverage, UnitForecast
from forewarn.warn.policy import AlertPolicy, alert_policy
from forewarn.warn.trigger import propose
from forewarn.warn.wording import check_text, mixed_rows

Make = Callable[..., Any]
POLICY: AlertPolicy = alert_policy()
SEEN = UnitCoverage("XAA/Ombra", 595, (True,) * 12)


def test_a_raised_forecast_is_proposed_with_both_sides(inputs: Make, forecast: UnitForecast) -> None:
    """A chance well above the own past reaches its level, with numbers for, numbers against, and gaps."""
    (one,) = propose(inputs(forecasts=(forecast,)), POLICY)
    assert (one.level, one.likelihood_term, one.base_rate) == ("W2", "unlikely", 0.05)
    assert "31%" in one.sides.reasons_for[0].text
    assert one.sides.reasons_for[0].basis == "forecast:fct-1"
    against = " ".join(line.text for line in one.sides.reasons_against)
    assert "69% of fewer than 25" in against
    assert "No incident of the kind counted" in against
    assert any("not recorded; no report is not calm" in gap for gap in one.sides.gaps)


def test_a_usual_level_of_killing_is_not_calm(inputs: Make, forecast: UnitForecast) -> None:
    """Where violence is usual, a high chance is proposed all the same, and the base rate is said against it."""
    usual = replace(forecast, exceedance={25: 0.6, 100: 0.5}, base_rate_exceedance={25: 0.6, 100: 0.5})
    (one,) = propose(inputs(forecasts=(usual,)), POLICY)
    assert one.level == "W2"
    said = "Violence is usual there: the chance forecast (60%) is no higher than the unit's own past rate (60%)."
    assert said in [line.text for line in one.sides.reasons_against]


def test_violence_is_called_usual_only_where_it_is(inputs: Make, forecast: UnitForecast) -> None:
    """A chance and a past rate that are both small are compared with their numbers, and nothing is called usual."""
    small = replace(forecast, exceedance={25: 0.002}, base_rate_exceedance={25: 0.004})
    (one,) = propose(inputs(forecasts=(small,)), replace(POLICY, minimum_level="W0"))
    against = [line.text for line in one.sides.reasons_against]
    assert "The chance forecast (below 1%) is no higher than the unit's own past rate (below 1%)." in against
    assert not any("usual" in text for text in against)


def test_recent_incidents_carry_their_claims_and_origins(incident: Make, inputs: Make) -> None:
    """A proposal from incidents keeps the claims, the range and the number of independent origins."""
    (one,) = propose(inputs([incident(n, independent_origins=3) for n in range(6)]), POLICY)
    line = one.sides.reasons_for[0]
    assert one.level == "W2"
    assert (len(line.claim_ids), line.independent_origins) == (6, 3)
    assert "at least 24 (best 30, up to 54) deaths" in line.text
    assert one.probability is None
    assert any("no forecast for this unit" in gap for gap in one.sides.gaps)


def test_copies_of_one_origin_cannot_pass_the_cap(incident: Make, inputs: Make) -> None:
    """A hundred reports of one origin reach the cap at most, and the single origin is said against them."""
    rows = [incident(n, independent_origins=1, deaths_best=20, deaths_high=30) for n in range(100)]
    (one,) = propose(inputs(rows), POLICY)
    assert one.level == POLICY.recent.single_origin_cap
    assert any("single origin" in line.text for line in one.sides.reasons_against)
    (many,) = propose(inputs([row | {"independent_origins": 2} for row in rows]), POLICY)
    assert many.level == "W4"


def test_silence_after_watching_is_a_signal_and_a_gap(inputs: Make) -> None:
    """A unit that was watched and went unseen is proposed; its silence is never called calm."""
    silent = UnitCoverage("XAA/Ombra", 592, (True,) * 12 + (False,) * 3)
    (one,) = propose(inputs(coverage=(silent,)), POLICY)
    assert one.level == "W1"
    assert "Nobody is known to have looked at Ombra" in one.sides.reasons_for[0].text
    assert any("2030-04 to 2030-06" in gap for gap in one.sides.gaps)


def test_hysteresis_holds_a_level_until_signals_fall_clearly(inputs: Make, forecast: UnitForecast) -> None:
    """Just below its threshold a level is kept by who held it, and not reached by who did not."""
    near = replace(forecast, exceedance={25: 0.17, 100: 0.0})
    held = Standing("XAA/Ombra", "W2", date(2030, 1, 1))
    assert propose(inputs(forecasts=(near,)), POLICY)[0].level == "W1"
    assert propose(inputs(forecasts=(near,), standing=(held,)), POLICY)[0].level == "W2"


def test_quiet_time_silences_repeats_but_not_a_rise(inputs: Make, forecast: UnitForecast) -> None:
    """Within the quiet days the same level is not proposed again; a higher one is."""
    same = Standing("XAA/Ombra", "W2", date(2030, 6, 20))
    lower = replace(same, level="W1")
    assert propose(inputs(forecasts=(forecast,), standing=(same,)), POLICY) == []
    assert len(propose(inputs(forecasts=(forecast,), standing=(lower,)), POLICY)) == 1


def test_units_are_listed_by_level_then_name(inputs: Make, forecast: UnitForecast) -> None:
    """The order is level and then the unit's id: no composite score."""
    names = ["XAA/Zeta", "XAA/Alfa", "XAA/Mid"]
    forecasts = tuple(replace(forecast, unit=name) for name in names)
    higher = replace(forecast, unit="XAA/Nord", exceedance={25: 0.6, 100: 0.3})
    found = propose(inputs(forecasts=(*forecasts, higher)), POLICY)
    assert [one.unit for one in found] == ["XAA/Nord", "XAA/Alfa", "XAA/Mid", "XAA/Zeta"]


def test_uncounted_and_undated_incidents_are_said(incident: Make, inputs: Make) -> None:
    """An incident without a number adds nothing to the low end and is named; one without a day is left out, said."""
    unknown = {"deaths_low": None, "deaths_best": None, "deaths_high": None}
    rows = [incident(n) for n in range(6)] + [incident(7, **unknown), incident(8, started_on=None)]
    (one,) = propose(inputs(rows), POLICY)
    assert one.recent is not None
    assert (one.recent.recent.low, one.recent.recent.uncounted, one.recent.recent.incidents) == (24, 1, 7)
    gaps = " ".join(one.sides.gaps)
    assert "without any number of deaths" in gaps
    assert "1 incident anywhere without a day" in gaps


def test_confidence_follows_the_stated_rule(incident: Make, inputs: Make, forecast: UnitForecast) -> None:
    """High needs origins, coverage, measured skill and no contradiction; each failing part lowers it."""
    rows = [incident(n, independent_origins=3) for n in range(6)]

    def confidence(rows: list[dict[str, Any]], **changes: Any) -> str:
        given = {"forecasts": (forecast,), "coverage": (SEEN,)} | changes
        return str(propose(inputs(rows, **given), POLICY)[0].confidence)

    assert confidence(rows) == "high"
    assert confidence(rows, forecasts=(replace(forecast, skill=""),)) == "moderate"
    assert confidence([row | {"contested": 1} for row in rows]) == "moderate"
    assert confidence([row | {"independent_origins": 1} for row in rows]) == "low"
    assert confidence(rows, coverage=()) == "low"


@pytest.mark.parametrize(("level", "unit"), [(UnitLevel.COUNTRY, "XAA"), (UnitLevel.CELL, "148000")])
def test_units_of_every_level_are_made_from_the_place(
    incident: Make, inputs: Make, level: UnitLevel, unit: str
) -> None:
    """Countries and cells work as admin1 areas do."""
    rows = [incident(n, cell=148_000) for n in range(6)]
    assert [one.unit for one in propose(inputs(rows, level=level), POLICY)] == [unit]


def test_every_sentence_passes_the_wording_check(incident: Make, inputs: Make, forecast: UnitForecast) -> None:
    """What the software writes obeys the rules it holds people to."""
    rows = [incident(n, independent_origins=1, contested=1) for n in range(6)]
    blind = UnitCoverage("XAA/Ombra", 595, (False,) * 12, ("Phones are cut off.",))
    for ahead in ({"forecasts": (forecast,)}, {"forecasts": (replace(forecast, skill="", q50=0.0),)}, {}):
        for coverage in ((SEEN,), (blind,), ()):
            for one in propose(inputs(rows, coverage=coverage, **ahead), POLICY):
                lines = (*one.sides.reasons_for, *one.sides.reasons_against)
                texts = [line.text for line in lines] + list(one.sides.gaps)
                texts += [one.confidence_because, one.severity, one.what_changed, one.event]
                texts += [one.trigger_to_upgrade, one.trigger_to_downgrade, one.likelihood_term]
                assert [finding for text in texts for finding in check_text("text", text)] == []
                assert list(mixed_rows([("text", text) for text in texts])) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    deaths=st.lists(st.integers(0, 400), max_size=8), more=st.integers(1, 400), origins=st.integers(1, 4),
    chance=st.floats(0, 1),
)  # fmt: skip
def test_one_more_incident_never_lowers_a_level(
    incident: Make, inputs: Make, forecast: UnitForecast, deaths: list[int], more: int, origins: int, chance: float
) -> None:
    """More killing reported recently, all else equal, never leads to a lower level; the result is repeatable."""
    rows = [
        incident(n, deaths_low=d, deaths_best=d, deaths_high=d, independent_origins=origins)
        for n, d in enumerate(deaths)
    ]
    more_row = incident(99, deaths_low=more, deaths_best=more, deaths_high=more, independent_origins=origins)
    given_forecast = replace(forecast, exceedance={25: chance})

    def level(rows: list[dict[str, Any]]) -> str:
        given: TriggerInputs = inputs(rows, forecasts=(given_forecast,))
        found = propose(given, POLICY)
        assert found == propose(given, POLICY)
        return found[0].level if found else "W0"

    assert level([*rows, more_row]) >= level(rows)


def test_no_level_is_reached_by_a_forecast_whose_skill_was_not_shown(inputs: Make, forecast: UnitForecast) -> None:
    """Untested or tested and not shown: the chances stand in the reasons against, and propose nothing by themselves."""
    assert [one.led_by for one in propose(inputs([], forecasts=(forecast,)), POLICY)] == ["forecast"]
    for without in (replace(forecast, skill=""), replace(forecast, skill_shown=False)):
        assert not propose(inputs([], forecasts=(without,)), POLICY)
        shown = propose(inputs([], forecasts=(without,)), replace(POLICY, minimum_level="W0", quiet_days=0))
        assert "lert is drawn from" in " ".join(line.text for line in shown[0].sides.reasons_against)


def test_silences_are_gaps_of_the_areas_of_their_country(
    inputs: Callable[..., TriggerInputs], incident: Callable[..., dict[str, Any]]
) -> None:
    """A source fallen silent is told where it used to report, and raises nothing by itself."""
    rows = [incident(n) for n in range(1, 4)]
    plain, told = (
        propose(inputs(rows, silences=silences), alert_policy())[0] for silences in ({}, {"XAA": ("Fallen silent.",)})
    )
    assert "Fallen silent." in told.sides.gaps
    assert "Fallen silent." not in plain.sides.gaps
    assert plain.level == told.level
