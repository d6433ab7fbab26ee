"""Which rules of the policy a unit meets: one small function per kind of rule, each returning its reason.

Owns the levels and nothing else. A rule compares one number with one threshold and, where the policy asks, with
the unit's own past; rules are never added up. Incidents of a single origin cannot carry a unit above the cap.
"""

from __future__ import annotations

from forewarn.clock import month_label
from forewarn.model.alert import LEVELS
from forewarn.model.claim import COUNTED
from forewarn.warn.inputs import UnitCoverage, UnitForecast
from forewarn.warn.phrases import count_words, per_cent, plural, target_words, times
from forewarn.warn.policy import AlertPolicy, ForecastRule, RecentRule
from forewarn.warn.proposal import Signal
from forewarn.warn.recent import RecentPicture

__all__ = ["forecast_signals", "highest", "lower_of", "missing_signals", "rank", "recent_signals"]

_COUNT_WORDS = {name: name.replace("_", " ") for name in COUNTED}


def rank(level: str) -> int:
    """0 for W0 to 4 for W4."""
    return LEVELS.index(level)


def highest(signals: tuple[Signal, ...]) -> str:
    """The highest level reached; W0 when none is."""
    return max((signal.level for signal in signals), key=rank, default=LEVELS[0])


def lower_of(first: str, second: str) -> str:
    """The lower of two levels."""
    return min(first, second, key=rank)


def forecast_signals(forecast: UnitForecast | None, policy: AlertPolicy) -> tuple[Signal, ...]:
    """The forecast rules met; thresholds the forecast gives no chance for are not met."""
    if forecast is None:
        return ()
    met = [rule for rule in policy.forecast_rules if _meets_forecast(forecast, rule)]
    return tuple(Signal(rule.level, _forecast_words(forecast, rule)) for rule in met)


def _meets_forecast(forecast: UnitForecast, rule: ForecastRule) -> bool:
    chance = forecast.exceedance.get(rule.deaths)
    if chance is None or chance < rule.probability:
        return False
    base = forecast.base_rate_exceedance.get(rule.deaths)
    return base is None or chance >= rule.ratio * base


def _forecast_words(forecast: UnitForecast, rule: ForecastRule) -> str:
    chance = forecast.exceedance[rule.deaths]
    base = forecast.base_rate_exceedance.get(rule.deaths)
    usual = "how often that happened there before is unknown" if base is None else f"its own past: {per_cent(base)}"
    return (
        f"The forecast ({forecast.model}) puts the chance of at least {rule.deaths:,} {target_words(forecast.target)} "
        f"from {month_label(forecast.first_month)} to {month_label(forecast.last_month)} at {per_cent(chance)} "
        f"({usual})."
    )


def recent_signals(picture: RecentPicture | None, policy: AlertPolicy) -> tuple[Signal, ...]:
    """The rules on recent incidents met, none above the cap where everything goes back to one origin."""
    if picture is None:
        return ()
    met = [rule for rule in policy.recent.rules if _meets_recent(picture, rule, policy)]
    cap = policy.recent.single_origin_cap if picture.independent_origins < 2 else LEVELS[-1]
    return tuple(Signal(lower_of(rule.level, cap), _recent_words(picture, policy)) for rule in met)


def _meets_recent(picture: RecentPicture, rule: RecentRule, policy: AlertPolicy) -> bool:
    if picture.recent.best < rule.deaths or picture.recent.incidents < rule.incidents:
        return False
    ratio = picture.ratio(policy.recent)
    return ratio is None or ratio >= rule.ratio


def _recent_words(picture: RecentPicture, policy: AlertPolicy) -> str:
    now, ratio = picture.recent, picture.ratio(policy.recent)
    before = f"the {plural(policy.recent.compared_months, 'month')} before"
    usual = f"{before} had none" if ratio is None else f"{times(ratio)} the monthly rate of {before}"
    return (
        f"From {now.first} to {now.last}, {plural(now.incidents, 'incident')} with {count_words(now)} "
        f"{_COUNT_WORDS[policy.recent.count]} were reported; {usual}."
    )


def missing_signals(coverage: UnitCoverage | None, policy: AlertPolicy, *, last_month: int) -> tuple[Signal, ...]:
    """The rule on missing reports: a unit that was watched and has gone unseen."""
    rule = policy.missing
    if coverage is None:
        return ()
    seen, _ = coverage.share(last_month, rule.silent_months)
    watched, looked_back = coverage.share(last_month - rule.silent_months, policy.recent.compared_months)
    if seen or watched < rule.watched_months:
        return ()
    return (
        Signal(
            rule.level,
            f"Nobody was looking at {coverage.unit} in the last {plural(rule.silent_months, 'month')}, after "
            f"{watched} of {looked_back} months in which somebody was: what happens there is not known.",
        ),
    )
