"""Which units an alert is proposed for: a pure function of what was known and the declared policy.

Owns turning inputs into proposals: levels by rule, hysteresis, quiet time. It proposes and never issues; it lists
units by level and then by name, with no composite score and nothing about persons. A unit without a forecast or
without observation is never dropped as calm: missing reports are a signal of their own.
"""

from __future__ import annotations

from forewarn.clock import month_of
from forewarn.taxonomy import likelihood_term
from forewarn.warn.inputs import Standing, TriggerInputs, UnitForecast
from forewarn.warn.phrases import count_words, number_words, per_cent, plural, target_words
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.proposal import Proposal, Signal
from forewarn.warn.reasons import UnitFacts, confidence_of, sides_of
from forewarn.warn.recent import recent_pictures
from forewarn.warn.signals import forecast_signals, highest, lower_of, missing_signals, rank, recent_signals

__all__ = ["propose"]


def propose(inputs: TriggerInputs, policy: AlertPolicy) -> list[Proposal]:
    """The proposals that the policy makes of the inputs, highest level first, then by the unit's id.

    The same inputs and policy give the same list. Units below the policy's minimum, and units proposed within
    the quiet days at the same level or a higher one, are left out.
    """
    pictures, left_out = recent_pictures(inputs, policy.recent)
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
    by_forecast, by_reports = _signals(facts, inputs, policy)
    level = highest((*by_forecast, *by_reports))
    if held is not None and rank(level) < rank(held.level):
        by_forecast, by_reports = _signals(facts, inputs, policy.held())
        level = lower_of(held.level, max(level, highest((*by_forecast, *by_reports)), key=rank))
    if rank(level) < rank(policy.minimum_level) or _is_quiet(level, held, inputs, policy):
        return None
    chance = facts.forecast.exceedance.get(policy.headline_deaths) if facts.forecast else None
    confidence, because = confidence_of(facts, policy, last_month=month_of(inputs.as_known_at))
    first_month, horizon = _span(facts.forecast, inputs, policy)
    return Proposal(
        unit=facts.unit,
        level=level,
        signals=tuple(sorted((*by_reports, *by_forecast), key=lambda signal: -rank(signal.level))),
        sides=sides_of(facts, by_forecast, by_reports, inputs, policy, left_out=left_out),
        event=f"at least {policy.headline_deaths:,} {_counted(facts.forecast, policy)}",
        horizon_months=horizon,
        first_month=first_month,
        last_month=first_month + horizon - 1,
        probability=chance,
        likelihood_term="" if chance is None else likelihood_term(chance),
        base_rate=facts.forecast.base_rate_exceedance.get(policy.headline_deaths) if facts.forecast else None,
        confidence=confidence,
        confidence_because=because,
        severity=_severity(facts.forecast),
        what_changed=_what_changed(facts, held, level),
        trigger_to_upgrade=_upgrade(level, policy),
        trigger_to_downgrade=_downgrade(level, policy),
        recent=facts.picture,
        forecast_id=facts.forecast.forecast_id if facts.forecast else "",
        policy=f"{policy.name} {policy.version}",
        as_known_at=inputs.as_known_at,
    )


def _signals(
    facts: UnitFacts, inputs: TriggerInputs, policy: AlertPolicy
) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
    missing = missing_signals(facts.coverage, policy, last_month=month_of(inputs.as_known_at))
    return forecast_signals(facts.forecast, policy), (*recent_signals(facts.picture, policy), *missing)


def _is_quiet(level: str, held: Standing | None, inputs: TriggerInputs, policy: AlertPolicy) -> bool:
    if held is None or rank(level) > rank(held.level):
        return False
    return (inputs.as_known_at - held.since).days < policy.quiet_days


def _span(forecast: UnitForecast | None, inputs: TriggerInputs, policy: AlertPolicy) -> tuple[int, int]:
    if forecast is not None:
        return forecast.first_month, forecast.horizon_months
    return month_of(inputs.as_known_at) + 1, policy.recent.months


def _counted(forecast: UnitForecast | None, policy: AlertPolicy) -> str:
    if forecast is not None:
        return target_words(forecast.target)
    kinds = " or ".join(kind.replace("_", "-") for kind in policy.recent.violence)
    counted = policy.recent.count.replace("_", " ")
    return f"{counted} in {kinds} violence" if kinds else counted


def _severity(forecast: UnitForecast | None) -> str:
    if forecast is None:
        return ""
    low, middle, high, mean = (number_words(q) for q in (forecast.q05, forecast.q50, forecast.q95, forecast.mean))
    return (
        f"{low} to {high} {target_words(forecast.target)} over {plural(forecast.horizon_months, 'month')} "
        f"(nine courses in ten; median {middle}, mean {mean})."
    )


def _what_changed(facts: UnitFacts, held: Standing | None, level: str) -> str:
    before = f"The level was {held.level} on {held.since}." if held else "No alert on this unit was held before."
    now = f"The data now reach {level}."
    if facts.picture is None or not facts.picture.recent.incidents:
        return f"{before} {now}"
    picture = facts.picture
    return (
        f"{before} {now} Deaths reported from {picture.recent.first} to {picture.recent.last}: "
        f"{count_words(picture.recent)}; in the same number of months before: {count_words(picture.previous)}."
    )


def _upgrade(level: str, policy: AlertPolicy) -> str:
    forecast = [rule for rule in policy.forecast_rules if rank(rule.level) > rank(level)]
    recent = [rule for rule in policy.recent.rules if rank(rule.level) > rank(level)]
    said = []
    if forecast:
        rule = min(forecast, key=lambda one: (rank(one.level), one.deaths))
        said.append(f"a chance of {per_cent(rule.probability)} of at least {rule.deaths:,} deaths ({rule.level})")
    if recent:
        near = min(recent, key=lambda one: (rank(one.level), one.deaths))
        said.append(
            f"at least {near.deaths:,} deaths in {plural(near.incidents, 'incident')} within "
            f"{plural(policy.recent.months, 'month')} ({near.level})"
        )
    return f"{' or '.join(said).capitalize()}." if said else "There is no higher level."


def _downgrade(level: str, policy: AlertPolicy) -> str:
    return (
        f"Every signal below {per_cent(policy.hold_share)} of the thresholds of {level}, with the months observed; "
        "an absence of reports from unobserved months does not count."
    )
