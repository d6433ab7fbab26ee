"""Which rules of the policy a unit meets: one small function per kind of rule, each returning its reason.

Owns the levels and nothing else. A rule compares one number with one threshold and, where the policy asks, with
the unit's own past; rules are never added up. Incidents of a single origin cannot carry a unit above the cap, and
early signs alone never above the level the policy allows them.
"""

from __future__ import annotations

from forewarn.clock import month_label
from forewarn.model.alert import LEVELS, EvidenceLine
from forewarn.model.claim import COUNTED
from forewarn.model.place import unit_name
from forewarn.taxonomy import risk_factor
from forewarn.warn.inputs import UnitCoverage, UnitForecast
from forewarn.warn.phrases import act_words, count_words, per_cent, plural, span_words, target_words, times
from forewarn.warn.policy import AlertPolicy, ForecastRule, PrecursorRule, RecentRule
from forewarn.warn.proposal import SIGNAL_KINDS, Signal
from forewarn.warn.recent import PrecursorPicture, RecentPicture
from forewarn.warn.windows import Reported

__all__ = [
    "evidence",
    "forecast_signals",
    "highest",
    "led_by",
    "lower_of",
    "missing_signals",
    "precursor_signals",
    "rank",
    "recent_signals",
]

_COUNT_WORDS = {name: name.replace("_", " ") for name in COUNTED}


def rank(level: str) -> int:
    """0 for W0 to 4 for W4."""
    return LEVELS.index(level)


def highest(signals: tuple[Signal, ...]) -> str:
    """The highest level reached; W0 when none is."""
    return max((signal.level for signal in signals), key=rank, default=LEVELS[0])


def led_by(signals: tuple[Signal, ...]) -> str:
    """The strongest kind of ground among the signals of the highest level; empty without any."""
    top = {signal.kind for signal in signals if signal.level == highest(signals)}
    return next((kind for kind in SIGNAL_KINDS if kind in top), "")


def lower_of(first: str, second: str) -> str:
    """The lower of two levels."""
    return min(first, second, key=rank)


def evidence(text: str, rests_on: Reported) -> EvidenceLine:
    """A sentence that rests on incidents, with their claims; on their count alone where there are none."""
    if rests_on.claim_ids:
        return EvidenceLine(text, rests_on.claim_ids, "claims", rests_on.independent_origins)
    return EvidenceLine(text, basis="incidents")


def forecast_signals(forecast: UnitForecast | None, policy: AlertPolicy) -> tuple[Signal, ...]:
    """The forecast rules met; thresholds the forecast gives no chance for are not met.

    A forecast whose skill nobody has shown meets none: its chances are no better than climatology.
    """
    if forecast is None or not forecast.may_raise:
        return ()
    met = [rule for rule in policy.forecast_rules if _meets_forecast(forecast, rule)]
    basis = f"forecast:{forecast.forecast_id}"
    return tuple(
        Signal("forecast", rule.level, EvidenceLine(_forecast_words(forecast, rule), basis=basis)) for rule in met
    )


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
    """The rules on recent violence met, none above the cap where everything goes back to one origin."""
    if picture is None:
        return ()
    met = [rule for rule in policy.recent.rules if _meets_recent(picture, rule, policy)]
    cap = policy.recent.single_origin_cap if picture.violence.independent_origins < 2 else LEVELS[-1]
    line = evidence(_recent_words(picture, policy), picture.violence)
    return tuple(Signal("recent", lower_of(rule.level, cap), line) for rule in met)


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


def precursor_signals(picture: RecentPicture | None, policy: AlertPolicy) -> tuple[Signal, ...]:
    """The rules on early signs met, none above the cap where all signs go back to one origin."""
    if picture is None:
        return ()
    signs, rules = picture.precursors, policy.precursors
    met = [rule for rule in rules.rules if _meets_precursor(signs, rule, policy)]
    cap = rules.single_origin_cap if signs.signs.independent_origins < 2 else LEVELS[-1]
    line = evidence(_precursor_words(signs, policy), signs.signs)
    return tuple(Signal("precursors", lower_of(rule.level, cap), line) for rule in met)


def _meets_precursor(picture: PrecursorPicture, rule: PrecursorRule, policy: AlertPolicy) -> bool:
    if picture.recent.incidents < rule.incidents or picture.kinds < rule.kinds:
        return False
    ratio = picture.ratio(policy.precursors)
    return ratio is None or ratio >= rule.ratio


def _precursor_words(picture: PrecursorPicture, policy: AlertPolicy) -> str:
    now, signs, ratio = picture.recent, picture.signs, picture.ratio(policy.precursors)
    before = f"the {plural(policy.precursors.compared_months, 'month')} before"
    usual = f"{before} had none" if ratio is None else f"{times(ratio)} the monthly rate of {before}"
    factor = risk_factor(policy.precursors.factor)
    return (
        f"{plural(now.incidents, 'early sign')} ({act_words(signs.acts)}) reported {span_words(now)}, after "
        f"{picture.previous.incidents:,} in the same number of months before; {usual}; such signs are listed under "
        f"risk factor {factor.id.removeprefix('RF')} ({factor.name}) of the UN Framework of Analysis; "
        f"at least {plural(signs.independent_origins, 'independent origin')}, {signs.corroborated:,} corroborated."
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
    text = (
        f"Nobody is known to have looked at {unit_name(coverage.unit)} in the last "
        f"{plural(rule.silent_months, 'month')}, after {watched} of {looked_back} months in which somebody did: what "
        "happens there is not known."
    )
    return (Signal("missing", rule.level, EvidenceLine(text, basis="coverage")),)
