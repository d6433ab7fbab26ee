"""Early signs: what is done to people before many are killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.warn.draft import DraftRequest, draft
from forewarn.warn.inputs import Standing, UnitCoverage, UnitForecast
from forewarn.warn.policy import AlertPolicy, alert_policy
from forewarn.warn.proposal import Proposal
from forewarn.warn.trigger import propose
from forewarn.warn.wording import check_alert, check_text, mixed_rows

Make = Callable[..., Any]
POLICY: AlertPolicy = alert_policy()
EVERYTHING = replace(POLICY, minimum_level="W0", quiet_days=0)
SIGNS = ("threat", "denial_of_access", "displacement", "detention")
NO_DEATHS = {"deaths_low": None, "deaths_best": None, "deaths_high": None}


@pytest.fixture
def signs(incident: Make) -> Callable[..., list[dict[str, Any]]]:
    """So many early signs at Ombra, the acts in turn, without any number of deaths."""

    def make(number: int, *, first: int = 0, acts: tuple[str, ...] = SIGNS, **changes: Any) -> list[dict[str, Any]]:
        return [
            incident(first + n, act=acts[n % len(acts)], **(NO_DEATHS | {"violence": "unknown"} | changes))
            for n in range(number)
        ]

    return make


@pytest.fixture
def blind_forecast(forecast: UnitForecast) -> UnitForecast:
    """A forecast from a past without killing."""
    return replace(forecast, exceedance={25: 0.0}, base_rate_exceedance={25: 0.0}, q05=0.0, q50=0.0, q95=0.0, mean=0.1)


def against(proposal: Proposal) -> str:
    return " ".join(line.text for line in proposal.sides.reasons_against)


def test_early_signs_are_proposed_where_the_forecast_sees_nothing(
    signs: Make, inputs: Make, blind_forecast: UnitForecast
) -> None:
    """Twelve signs of four kinds reach W2; the line counts them, names the risk factor and keeps every claim."""
    rows = [*signs(12), *signs(2, first=50, started_on="2030-02-01")]
    (one,) = propose(inputs(rows, forecasts=(blind_forecast,)), POLICY)
    assert (one.level, one.led_by) == ("W2", "precursors")
    line, why = one.sides.reasons_for
    assert "12 early signs (3 of denial of access, 3 of detention, 3 of displacement and 3 of threat)" in line.text
    assert "after 2 in the same number of months before; 24 times the monthly rate" in line.text
    assert "risk factor 7 (Enabling circumstances or preparatory action) of the UN Framework of Analysis" in line.text
    assert "at least 2 independent origins, 12 corroborated" in line.text
    assert (len(line.claim_ids), line.basis, line.independent_origins) == (12, "claims", 2)
    assert "cannot see a first outbreak" in why.text
    assert "Early signs can pass without killing" in against(one)


def test_signs_alone_never_reach_more_than_a_watch(signs: Make, inputs: Make) -> None:
    """Any number of signs from any number of origins stays at W2: they do not show that killing follows."""
    (one,) = propose(inputs(signs(300, independent_origins=9)), POLICY)
    assert one.level == "W2"


@pytest.mark.parametrize(
    ("number", "acts", "before", "level"),
    [
        (5, SIGNS, 0, ""),  # too few
        (6, SIGNS, 0, "W1"),
        (30, ("threat",), 0, ""),  # one kind only
        (30, ("threat", "detention"), 0, "W1"),  # two kinds
        (12, SIGNS, 25, "W1"),  # 1.9 times as many as usual
        (12, SIGNS, 40, ""),  # 1.2 times
    ],
)
def test_number_kinds_and_rise_are_all_asked_for(
    signs: Make, inputs: Make, number: int, acts: tuple[str, ...], before: int, level: str
) -> None:
    """A rule is met only by enough signs, of enough kinds, above the unit's own past."""
    rows = [*signs(number, acts=acts), *signs(before, first=500, started_on="2029-12-01")]
    assert [one.level for one in propose(inputs(rows), POLICY)] == ([level] if level else [])


def test_a_single_origin_is_capped_and_said_against(signs: Make, inputs: Make) -> None:
    """A rumour told twelve times is one voice: W1, and the reader is told."""
    (one,) = propose(inputs(signs(12, independent_origins=1)), POLICY)
    assert one.level == POLICY.precursors.single_origin_cap == "W1"
    assert "All 12 early signs may go back to a single origin" in against(one)


def test_signs_without_corroboration_are_said_so(signs: Make, inputs: Make) -> None:
    """Two voices that never speak of the same incident confirm nothing."""
    known = inputs(signs(12, independent_origins=1))
    names = pl.Series([["Radio Ombra"], ["Shore Monitors"]] * 6)
    (one,) = propose(replace(known, incidents=known.incidents.with_columns(origins=names)), POLICY)
    assert (one.level, one.confidence) == ("W2", "low")
    assert "None of the 12 early signs is corroborated" in against(one)


def test_a_fall_is_counter_evidence_but_not_where_nobody_looked(signs: Make, inputs: Make) -> None:
    """Fewer signs than before are said against an alert, and unseen months keep that from reading as calm."""
    rows = [*signs(6), *signs(9, first=50, started_on="2030-02-01")]
    (one,) = propose(inputs(rows), POLICY)
    assert "Early signs fell: 6 incidents from 2030-03-31 to 2030-06-30, after 9" in against(one)
    blind = UnitCoverage("XAA/Ombra", 595, (True,) * 10 + (False,) * 2)
    (unseen,) = propose(inputs(rows, coverage=(blind,)), POLICY)
    assert "before, but nobody is known to have looked in 2 of the last 3 months." in against(unseen)


def test_more_eyes_can_be_why_more_is_seen(signs: Make, inputs: Make) -> None:
    """A rise that comes with better coverage is doubted."""
    sighted = UnitCoverage("XAA/Ombra", 595, (False,) * 9 + (True,) * 3)
    assert "part of the rise may be better sight" in against(propose(inputs(signs(12), coverage=(sighted,)), POLICY)[0])
    always = UnitCoverage("XAA/Ombra", 580, (True,) * 27)
    assert "better sight" not in against(propose(inputs(signs(12), coverage=(always,)), POLICY)[0])


def test_a_sign_without_a_number_is_not_killing_of_unknown_extent(incident: Make, signs: Make, inputs: Make) -> None:
    """A one-sided threat adds no violent incident; a destruction with deaths counts on both sides."""
    rows = [incident(90), incident(91, act="destruction"), *signs(6, violence="one_sided")]
    (one,) = propose(inputs(rows), EVERYTHING)
    assert one.recent is not None
    assert (one.recent.recent.incidents, one.recent.recent.uncounted, one.recent.recent.best) == (2, 0, 10)
    assert one.recent.precursors.recent.incidents == 7
    assert not any("without any number" in gap for gap in one.sides.gaps)


def test_what_meets_no_rule_is_still_told_with_its_claims(incident: Make, signs: Make, inputs: Make) -> None:
    """Who asks about a quiet area gets what was reported there to start from, and is told that no rule is met."""
    rows = [
        incident(1, deaths_low=0, deaths_best=1, deaths_high=1),
        *signs(1, first=5),
        incident(7, act="protest", deaths_best=0),
    ]
    assert propose(inputs(rows), POLICY) == []
    (one,) = propose(inputs(rows), EVERYTHING)
    (line,) = one.sides.reasons_for
    assert line.text.startswith("3 incidents (1 of killing, 1 of protest and 1 of threat) reported from 2030-03-31")
    assert "no rule of the policy is met" in line.text
    assert len(line.claim_ids) == 3


def test_a_draft_led_by_signs_reads_as_sense(signs: Make, inputs: Make, blind_forecast: UnitForecast) -> None:
    """The headline names the signs, and every number of the forecast says that it rests on past deaths alone."""
    (one,) = propose(inputs(signs(12), forecasts=(blind_forecast,)), POLICY)
    alert = draft(one, DraftRequest(("analyst-1",), datetime(2030, 7, 1, tzinfo=UTC), fictional=True), POLICY)
    assert alert.what_could_happen.startswith("Violence could break out or spread: 12 early signs reported")
    assert "past deaths alone" in alert.what_could_happen
    assert alert.likelihood.event.startswith("judged from past deaths alone, at least 25")
    assert alert.severity_range.startswith("0 deaths in one-sided violence")
    assert "may be far too low" in alert.severity_range
    assert "Early signs reported" in alert.what_changed_since_last
    assert "(W3)" in alert.trigger_to_upgrade
    assert alert.to_whom == "People described in the reports as: civilians."
    assert check_alert(alert) == ()


def test_deaths_and_a_raised_forecast_lead_over_signs(
    incident: Make, signs: Make, inputs: Make, forecast: UnitForecast
) -> None:
    """Where killing already reaches the same level, the alert speaks of that, and the signs stand beside it."""
    rows = [*signs(12), *(incident(n) for n in range(50, 56))]
    (one,) = propose(inputs(rows, forecasts=(forecast,)), POLICY)
    assert (one.level, one.led_by) == ("W2", "forecast")
    assert one.headline == "There could be at least 25 deaths in one-sided violence."
    assert any("12 early signs" in line.text for line in one.sides.reasons_for)


def test_signs_never_earn_high_confidence(signs: Make, inputs: Make, blind_forecast: UnitForecast) -> None:
    """The model's skill says nothing of signs it does not use."""
    seen = UnitCoverage("XAA/Ombra", 580, (True,) * 27)
    rows = signs(12, independent_origins=4)
    (one,) = propose(inputs(rows, forecasts=(blind_forecast,), coverage=(seen,)), POLICY)
    assert one.confidence == "moderate"
    assert "no skill was measured" in one.confidence_because


def test_a_watch_once_held_is_kept_until_signs_clearly_fall(signs: Make, inputs: Make) -> None:
    """Ten signs do not reach W2, and do not end it either."""
    held = Standing("XAA/Ombra", "W2", date(2030, 1, 1))
    assert [one.level for one in propose(inputs(signs(10)), POLICY)] == ["W1"]
    assert [one.level for one in propose(inputs(signs(10), standing=(held,)), POLICY)] == ["W2"]


def test_every_sentence_about_signs_passes_the_wording_check(
    signs: Make, inputs: Make, blind_forecast: UnitForecast
) -> None:
    """What the software writes obeys the rules it holds people to."""
    rows = [*signs(12, independent_origins=1, contested=1), *signs(20, first=50, started_on="2030-03-01")]
    blind = UnitCoverage("XAA/Ombra", 595, (False,) * 11 + (True,))
    for ahead in ({"forecasts": (blind_forecast,)}, {}):
        for coverage in ((blind,), ()):
            for one in propose(inputs(rows, coverage=coverage, **ahead), EVERYTHING):
                texts = [line.text for line in (*one.sides.reasons_for, *one.sides.reasons_against)]
                texts += [*one.sides.gaps, one.headline, one.severity, one.what_changed, one.confidence_because]
                texts += [one.trigger_to_upgrade]
                assert [finding for text in texts for finding in check_text("text", text)] == []
                assert list(mixed_rows([("text", text) for text in texts])) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(acts=st.lists(st.sampled_from(SIGNS), max_size=16), more=st.sampled_from(SIGNS), origins=st.integers(1, 3))
def test_one_more_sign_never_lowers_a_level(
    signs: Make, inputs: Make, acts: list[str], more: str, origins: int
) -> None:
    """More signs reported recently, all else equal, never lead to a lower level, nor past W2."""

    def level(acts: list[str]) -> str:
        rows = [
            row for n, act in enumerate(acts) for row in signs(1, first=n, acts=(act,), independent_origins=origins)
        ]
        found = propose(inputs(rows), POLICY)
        return found[0].level if found else "W0"

    assert level(acts) <= level([*acts, more]) <= "W2"
