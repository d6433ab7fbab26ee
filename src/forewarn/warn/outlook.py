"""What an alert would say of the time ahead: headline, severity, what changed, what would raise or lower it.

Owns sentences only; levels are settled before. Where early signs or missing reports lead, every sentence that
carries a forecast's number says that the number rests on past deaths alone.
"""

from __future__ import annotations

from forewarn.warn.inputs import Standing, UnitForecast
from forewarn.warn.phrases import count_words, number_words, per_cent, plural, span_words, target_words
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.recent import RecentPicture
from forewarn.warn.signals import rank

__all__ = ["counted_words", "downgrade_words", "headline", "severity_words", "upgrade_words", "what_changed"]

_BLIND = "past deaths alone, which cannot show a first outbreak"


def counted_words(forecast: UnitForecast | None, policy: AlertPolicy) -> str:
    """What is counted: ``deaths in one-sided violence``."""
    if forecast is not None:
        return target_words(forecast.target)
    kinds = " or ".join(kind.replace("_", "-") for kind in policy.recent.violence)
    counted = policy.recent.count.replace("_", " ")
    return f"{counted} in {kinds} violence" if kinds else counted


def headline(event: str, led_by: str, picture: RecentPicture | None, forecast: UnitForecast | None) -> str:
    """What could happen, in words that agree with the ground the level rests on."""
    if led_by == "missing":
        return f"Nobody is known to have looked: there could be {event} without any report of them."
    if led_by != "precursors" or picture is None:
        return f"There could be {event}."
    signs = picture.precursors.recent
    said = f"; the likelihood given rests on {_BLIND}" if forecast else ""
    return (
        f"Violence could break out or spread: {plural(signs.incidents, 'early sign')} reported {span_words(signs)}. "
        f"There could be {event}{said}."
    )


def severity_words(forecast: UnitForecast | None, led_by: str) -> str:
    """The range of deaths ahead; empty without a forecast."""
    if forecast is None:
        return ""
    low, middle, high, mean = (number_words(q) for q in (forecast.q05, forecast.q50, forecast.q95, forecast.mean))
    span = low if low == high else f"{low} to {high}"
    said = (
        f"{span} {target_words(forecast.target)} over {plural(forecast.horizon_months, 'month')} "
        f"(nine courses in ten; median {middle}, mean {mean})"
    )
    if led_by in ("precursors", "missing"):
        return f"{said}; this rests on {_BLIND}, so it may be far too low."
    return f"{said}."


def what_changed(picture: RecentPicture | None, held: Standing | None, level: str) -> str:
    """Against the level held and the months before."""
    said = [
        f"The level was {held.level} on {held.since}." if held else "No alert on this unit was held before.",
        f"The data now reach {level}.",
    ]
    if picture and picture.recent.incidents:
        said.append(
            f"Deaths reported {span_words(picture.recent)}: {count_words(picture.recent)}; in the same number of "
            f"months before: {count_words(picture.previous)}."
        )
    if picture and picture.precursors.recent.incidents:
        signs = picture.precursors
        said.append(
            f"Early signs reported {span_words(signs.recent)}: {signs.recent.incidents:,}; in the same number of "
            f"months before: {signs.previous.incidents:,}."
        )
    return " ".join(said)


def upgrade_words(level: str, policy: AlertPolicy) -> str:
    """The nearest thresholds of a higher level."""
    said = [*_higher_forecast(level, policy), *_higher_recent(level, policy), *_higher_precursors(level, policy)]
    text = " or ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else "There is no higher level."


def _higher_forecast(level: str, policy: AlertPolicy) -> list[str]:
    rules = [rule for rule in policy.forecast_rules if rank(rule.level) > rank(level)]
    near = min(rules, key=lambda one: (rank(one.level), one.deaths), default=None)
    return (
        [f"a chance of {per_cent(near.probability)} of at least {near.deaths:,} deaths ({near.level})"] if near else []
    )


def _higher_recent(level: str, policy: AlertPolicy) -> list[str]:
    rules = [rule for rule in policy.recent.rules if rank(rule.level) > rank(level)]
    near = min(rules, key=lambda one: (rank(one.level), one.deaths), default=None)
    span = plural(policy.recent.months, "month")
    return (
        [f"at least {near.deaths:,} deaths in {plural(near.incidents, 'incident')} within {span} ({near.level})"]
        if near
        else []
    )


def _higher_precursors(level: str, policy: AlertPolicy) -> list[str]:
    rules = [rule for rule in policy.precursors.rules if rank(rule.level) > rank(level)]
    near = min(rules, key=lambda one: (rank(one.level), one.incidents), default=None)
    if near is None:
        return []
    signs, kinds = plural(near.incidents, "early sign"), plural(near.kinds, "kind")
    span = plural(policy.precursors.months, "month")
    return [f"at least {signs} of {kinds} within {span}, rising ({near.level})"]


def downgrade_words(level: str, policy: AlertPolicy) -> str:
    """What would have to be seen before the level is lowered."""
    return (
        f"Every signal below {per_cent(policy.hold_share)} of the thresholds of {level}, with the months observed; "
        "an absence of reports from unobserved months does not count."
    )
