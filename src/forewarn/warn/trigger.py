"""Which units an alert is proposed for: a pure function of what was known and the declared policy.

Owns turning inputs into proposals: levels by rule, hysteresis, quiet time. It proposes and never issues; it lists
units by level and then by name, with no composite score and nothing about persons. A unit without a forecast or
without observation is never dropped as calm: missing reports are a signal of their own.
"""

from __future__ import annotations

from forewarn.clock import month_of
from forewarn.taxonomy import likelihood_term
from forewarn.warn.inputs import Standing, TriggerInputs, UnitForecast
from forewarn.warn.outlook import (
    counted_words,
    downgrade_words,
    headline,
    severity_words,
    upgrade_words,
    what_changed,
)
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.proposal import Proposal, Signal
from forewarn.warn.reasons import UnitFacts, confidence_of, sides_of
from forewarn.warn.recent import recent_pictures
from forewarn.warn.signals import (
    forecast_signals,
    highest,
    led_by,
    lower_of,
    missing_signals,
    precursor_signals,
    rank,
    recent_signals,
)

__all__ = ["propose"]


def propose(inputs: TriggerInputs, policy: AlertPolicy) -> list[Proposal]:
    """The proposals that the policy makes of the inputs, highest level first, then by the unit's id.

    The same inputs and policy give the same list. Units below the policy's minimum, and units proposed within
    the quiet days at the same level or a higher one, are left out.
    """
    pictures, left_out = recent_pictures(inputs, policy)
    forecasts = {forecast.unit: forecast for forecast in inputs.forecasts}
    coverage = {record.unit: record for record in inputs.coverage}
    standing = {held.unit: held for held in inputs.standing}
    found = []
    for unit in sorted({*pictures, *forecasts, *coverage}):
        facts = UnitFacts(unit, forecasts.get(unit), pictures.get(unit), coverage.get(unit))
        proposal = _proposal(facts, standing.get(unit), inputs, policy, left_out=left_out)
        if proposal is not None:
            found.append(proposal)
    return sorted(found, key=lambda one: (-rank(one.level), one.unit))


def _proposal(
    facts: UnitFacts, held: Standing | None, inputs: TriggerInputs, policy: AlertPolicy, *, left_out: int
) -> Proposal | None:
    signals = _signals(facts, inputs, policy)
    level = highest(signals)
    if held is not None and rank(level) < rank(held.level):
        signals = _signals(facts, inputs, policy.held())
        level = lower_of(held.level, max(level, highest(signals), key=rank))
    if rank(level) < rank(policy.minimum_level) or _is_quiet(level, held, inputs, policy):
        return None
    forecast, leads = facts.forecast, led_by(signals)
    chance = forecast.exceedance.get(policy.headline_deaths) if forecast else None
    confidence, because = confidence_of(facts, signals, policy, last_month=month_of(inputs.as_known_at))
    first_month, horizon = _span(forecast, inputs, policy)
    event = f"at least {policy.headline_deaths:,} {counted_words(forecast, policy)}"
    return Proposal(
        unit=facts.unit,
        level=level,
        signals=tuple(sorted(signals, key=lambda signal: -rank(signal.level))),
        led_by=leads,
        sides=sides_of(facts, signals, inputs, policy, left_out=left_out),
        event=event,
        headline=headline(event, leads, facts.picture, forecast),
        horizon_months=horizon,
        first_month=first_month,
        last_month=first_month + horizon - 1,
        probability=chance,
        likelihood_term="" if chance is None else likelihood_term(chance),
        base_rate=forecast.base_rate_exceedance.get(policy.headline_deaths) if forecast else None,
        confidence=confidence,
        confidence_because=because,
        severity=severity_words(forecast, leads),
        what_changed=what_changed(facts.picture, held, level),
        trigger_to_upgrade=upgrade_words(level, policy),
        trigger_to_downgrade=downgrade_words(level, policy),
        recent=facts.picture,
        forecast_id=forecast.forecast_id if forecast else "",
        policy=f"{policy.name} {policy.version}",
        as_known_at=inputs.as_known_at,
    )


def _signals(facts: UnitFacts, inputs: TriggerInputs, policy: AlertPolicy) -> tuple[Signal, ...]:
    return (
        *recent_signals(facts.picture, policy),
        *precursor_signals(facts.picture, policy),
        *missing_signals(facts.coverage, policy, last_month=month_of(inputs.as_known_at)),
        *forecast_signals(facts.forecast, policy),
    )


def _is_quiet(level: str, held: Standing | None, inputs: TriggerInputs, policy: AlertPolicy) -> bool:
    if held is None or rank(level) > rank(held.level):
        return False
    return (inputs.as_known_at - held.since).days < policy.quiet_days


def _span(forecast: UnitForecast | None, inputs: TriggerInputs, policy: AlertPolicy) -> tuple[int, int]:
    if forecast is not None:
        return forecast.first_month, forecast.horizon_months
    return month_of(inputs.as_known_at) + 1, policy.recent.months
