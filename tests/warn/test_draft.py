"""From a proposal to a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forewarn.errors import InputValueError, RuleError
from forewarn.model.alert import Likelihood
from forewarn.warn.draft import DraftRequest, draft
from forewarn.warn.inputs import UnitForecast
from forewarn.warn.policy import alert_policy
from forewarn.warn.trigger import propose
from forewarn.warn.wording import check_alert

Make = Callable[..., Any]
POLICY = alert_policy()
NOW = datetime(2030, 7, 1, 8, tzinfo=UTC)
REQUEST = DraftRequest(("analyst-1",), NOW, options=("M202 Good offices",), fictional=True)


def test_a_draft_fills_facts_and_leaves_judgement_to_people(
    incident: Make, inputs: Make, forecast: UnitForecast
) -> None:
    """Evidence, likelihood, ranges and gaps are filled; who may be harmed by it, and who must act, are asked for."""
    (one,) = propose(inputs([incident(n) for n in range(6)], forecasts=(forecast,)), POLICY)
    alert = draft(one, REQUEST, POLICY)
    assert alert.missing() == (
        "by_whom_possibly", "alternatives_considered", "primary_duty_holder", "addressee", "decision_asked",
        "releasability", "source_protection", "harm_check",
    )  # fmt: skip
    assert (alert.likelihood.term, alert.likelihood.low, alert.likelihood.high) == ("unlikely", 0.2, 0.45)
    assert alert.likelihood.base_rate == 0.05
    assert alert.fictional
    assert alert.decision_needed_by == datetime(2030, 7, 15, 8, tzinfo=UTC)
    assert alert.valid_until == date(2030, 8, 30)
    assert check_alert(alert) == ()


def test_no_likelihood_is_made_up(incident: Make, inputs: Make) -> None:
    """Without a forecast the draft asks for the likelihood people agreed on; given one, it uses it."""
    (one,) = propose(inputs([incident(n) for n in range(6)]), POLICY)
    with pytest.raises(RuleError, match="no forecast gives a likelihood"):
        draft(one, REQUEST, POLICY)
    agreed = Likelihood("likely", 0.55, 0.8, one.event, "Ombra", 3)
    assert draft(one, DraftRequest(("analyst-1",), NOW, likelihood=agreed), POLICY).likelihood == agreed


def test_a_draft_without_a_human_author_does_not_exist(inputs: Make, forecast: UnitForecast) -> None:
    """Software alone cannot draft."""
    (one,) = propose(inputs(forecasts=(forecast,)), POLICY)
    with pytest.raises(InputValueError, match="is empty"):
        draft(one, DraftRequest((), NOW), POLICY)


def test_the_same_proposal_and_instant_give_the_same_alert(inputs: Make, forecast: UnitForecast) -> None:
    """Drafting is deterministic, its id included."""
    (one,) = propose(inputs(forecasts=(forecast,)), POLICY)
    assert draft(one, REQUEST, POLICY) == draft(one, REQUEST, POLICY)
