"""The two sides of a proposal and its blind spots, in sentences with their numbers and what they rest on.

Owns evidence for, evidence against, gaps, and the rule for confidence. Counter-evidence is looked for in every
proposal, whatever its level; months nobody observed are named as gaps and never counted as calm. Each sentence
keeps the claims or the forecast it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.clock import month_of
from forewarn.model.alert import EvidenceLine
from forewarn.model.place import unit_name
from forewarn.warn.inputs import TriggerInputs, UnitCoverage, UnitForecast
from forewarn.warn.phrases import (
    act_words,
    count_words,
    joined,
    month_runs,
    number_words,
    per_cent,
    plural,
    span_words,
    target_words,
)
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.proposal import Sides, Signal
from forewarn.warn.recent import PrecursorPicture, RecentPicture
from forewarn.warn.signals import evidence, led_by
from forewarn.warn.windows import Reported

__all__ = ["UnitFacts", "confidence_of", "sides_of"]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """All that is known of one unit: each part may be missing."""

    unit: str
    forecast: UnitForecast | None
    picture: RecentPicture | None
    coverage: UnitCoverage | None

    def rests_on(self, signals: tuple[Signal, ...]) -> Reported:
        """The incidents that bear the level: the early signs where these lead, else the recent violence."""
        if self.picture is None:
            return Reported()
        return self.picture.precursors.signs if led_by(signals) == "precursors" else self.picture.violence


def sides_of(
    facts: UnitFacts, signals: tuple[Signal, ...], inputs: TriggerInputs, policy: AlertPolicy, *, left_out: int = 0
) -> Sides:
    """What speaks for and against an alert on the unit, and what cannot be seen."""
    last_month = month_of(inputs.as_known_at)
    return Sides(
        (*_for_signals(signals), *_for_signs_alone(facts, signals, policy), *_for_below_thresholds(facts, signals)),
        (
            *_against_recent(facts, policy, last_month),
            *_against_precursors(facts, signals, policy, last_month),
            *_against_forecast(facts, policy),
        ),
        _gaps(facts, inputs, policy, left_out),
    )


def confidence_of(
    facts: UnitFacts, signals: tuple[Signal, ...], policy: AlertPolicy, *, last_month: int
) -> tuple[str, str]:
    """The confidence and the sentence giving its reasons.

    High asks for the origins and coverage the policy names, a model whose skill was measured, and no
    contradicting claims, and is never given to early signs alone, whose skill nobody has measured; moderate for
    its own origins and coverage; everything else is low.
    """
    months = policy.recent.compared_months
    seen = facts.coverage.share(last_month, months)[0] if facts.coverage else 0
    rests_on = facts.rests_on(signals)
    has_skill = bool(facts.forecast and facts.forecast.may_raise) and led_by(signals) != "precursors"
    share = seen / months
    level = "low"
    if rests_on.independent_origins >= policy.moderate.origins and share >= policy.moderate.coverage:
        level = "moderate"
    if rests_on.independent_origins >= policy.high.origins and share >= policy.high.coverage and has_skill:
        level = "moderate" if rests_on.contested else "high"
    skill = "the model's skill has been measured" if has_skill else "no skill was measured"
    return level, _confidence_words(level, facts, rests_on, f"{seen} of the last {plural(months, 'month')}", skill)


def _confidence_words(level: str, facts: UnitFacts, rests_on: Reported, seen: str, skill: str) -> str:
    origins = plural(rests_on.independent_origins, "independent origin")
    parts = [
        f"the recent incidents go back to at least {origins}"
        if rests_on.independent_origins
        else "no recent incident of the kind counted has an origin",
        f"somebody was looking in {seen}" if facts.coverage else "nobody recorded when somebody was looking",
        skill,
    ]
    if rests_on.contested:
        parts.append(f"{plural(rests_on.contested, 'incident')} with claims that contradict each other")
    return f"Confidence is {level}: {joined(parts)}."


def _for_signals(signals: tuple[Signal, ...]) -> list[EvidenceLine]:
    """The rules met, what was reported before what was forecast; rules met by the same facts are said once."""
    in_order = sorted(signals, key=lambda signal: signal.kind == "forecast")
    return list(dict.fromkeys(signal.line for signal in in_order))


def _for_signs_alone(facts: UnitFacts, signals: tuple[Signal, ...], policy: AlertPolicy) -> list[EvidenceLine]:
    if led_by(signals) != "precursors":
        return []
    blind = "a forecast is made from past deaths and cannot see a first outbreak"
    chance = facts.forecast.exceedance.get(policy.headline_deaths) if facts.forecast else None
    own = "there is none for this unit" if chance is None else f"the {per_cent(chance)} it gives does not answer them"
    text = f"The level rests on early signs and not on a forecast: {blind}, and {own}."
    return [EvidenceLine(text, basis=_policy_basis(policy))]


def _for_below_thresholds(facts: UnitFacts, signals: tuple[Signal, ...]) -> list[EvidenceLine]:
    """What was reported though it meets no rule: a person who weighs the unit has something to start from."""
    if facts.picture is None or any(signal.kind in ("recent", "precursors") for signal in signals):
        return []
    lately, span = facts.picture.everything, span_words(facts.picture.recent)
    if not lately.incidents:
        return []
    text = (
        f"{plural(lately.incidents, 'incident')} ({act_words(lately.acts)}) reported {span}: no rule of the policy is "
        "met by what was reported."
    )
    return [evidence(text, lately)]


def _against_recent(facts: UnitFacts, policy: AlertPolicy, last_month: int) -> list[EvidenceLine]:
    picture, unseen = facts.picture, _unseen_words(facts, policy.recent.months, last_month)
    if picture is None or not picture.violence.incidents:
        text = f"No incident of the kind counted was reported in the recent months{unseen}."
        return [EvidenceLine(text, basis="coverage")]
    found = []
    if picture.recent.best < picture.previous.best:
        found.append(
            f"The deaths reported fell: {count_words(picture.recent)} {span_words(picture.recent)}, after "
            f"{count_words(picture.previous)} in the same number of months before{unseen}."
        )
    if picture.violence.independent_origins < 2:
        found.append(_one_origin_words(picture.recent.incidents, "recent incident"))
    if picture.violence.contested:
        found.append(_contested_words(plural(picture.violence.contested, "recent incident")))
    return [evidence(text, picture.violence) for text in found]


def _against_precursors(
    facts: UnitFacts, signals: tuple[Signal, ...], policy: AlertPolicy, last_month: int
) -> list[EvidenceLine]:
    if facts.picture is None:
        return []
    picture, found = facts.picture.precursors, []
    if picture.recent.incidents < picture.previous.incidents:
        found.append(
            f"Early signs fell: {plural(picture.recent.incidents, 'incident')} {span_words(picture.recent)}, after "
            f"{picture.previous.incidents:,} in the same number of months before"
            f"{_unseen_words(facts, policy.precursors.months, last_month)}."
        )
    if not any(signal.kind == "precursors" for signal in signals):
        return [evidence(text, picture.signs) for text in found]
    found.extend(_doubts_about_signs(picture))
    general = "Early signs can pass without killing; how often they do has not been measured for this policy."
    return [
        *(evidence(text, picture.signs) for text in found),
        *_better_sight(facts, policy, last_month),
        EvidenceLine(general, basis=_policy_basis(policy)),
    ]


def _doubts_about_signs(picture: PrecursorPicture) -> list[str]:
    found = []
    if picture.signs.independent_origins < 2:
        found.append(_one_origin_words(picture.recent.incidents, "early sign"))
    elif not picture.signs.corroborated:
        found.append(
            f"None of the {plural(picture.recent.incidents, 'early sign')} is corroborated: each has one origin only."
        )
    if picture.signs.contested:
        found.append(_contested_words(plural(picture.signs.contested, "early sign")))
    return found


def _better_sight(facts: UnitFacts, policy: AlertPolicy, last_month: int) -> list[EvidenceLine]:
    """More reports can come of more people looking, and not of more happening."""
    if facts.coverage is None:
        return []
    now, months = facts.coverage.share(last_month, policy.precursors.months)
    before, compared = facts.coverage.share(last_month - months, policy.precursors.compared_months)
    if before / compared >= now / months:
        return []
    text = (
        f"Somebody was looking in {now} of the last {months} months, but only in {before} of the {compared} months "
        "before: part of the rise may be better sight."
    )
    return [EvidenceLine(text, basis="coverage")]


def _one_origin_words(number: int, noun: str) -> str:
    those = f"The only {noun}" if number == 1 else f"All {plural(number, noun)}"
    return f"{those} may go back to a single origin; nobody else is known to have said it."


def _contested_words(incidents: str) -> str:
    return f"In {incidents} the claims give ranges that contradict each other."


def _unseen_words(facts: UnitFacts, months: int, last_month: int) -> str:
    """What keeps a fall or an absence from being read as calm; empty where somebody was looking all the time."""
    if facts.coverage is None:
        return ""
    unseen = months - facts.coverage.share(last_month, months)[0]
    return f", but nobody is known to have looked in {unseen} of the last {plural(months, 'month')}" if unseen else ""


def _policy_basis(policy: AlertPolicy) -> str:
    return f"policy:{policy.name} {policy.version}"


def _against_forecast(facts: UnitFacts, policy: AlertPolicy) -> list[EvidenceLine]:
    forecast = facts.forecast
    if forecast is None:
        return []
    number, counted = policy.headline_deaths, target_words(forecast.target)
    chance, base = forecast.exceedance.get(number), forecast.base_rate_exceedance.get(number)
    found = []
    if forecast.q50 == 0:
        found.append(f"The forecast's median is 0 {counted}: in at least half of its courses nobody is killed.")
    if chance is not None:
        found.append(f"The forecast leaves a chance of {per_cent(1 - chance)} of fewer than {number:,} {counted}.")
        found.extend(_base_rate_words(chance, base, policy, counted))
    if not forecast.skill:
        found.append("The model's skill on this target has not been measured: no alert is drawn from its numbers.")
    elif not forecast.may_raise:
        found.append(f"No alert is drawn from the forecast's numbers. {forecast.skill}")
    return [EvidenceLine(text, basis=f"forecast:{forecast.forecast_id}") for text in found]


def _base_rate_words(chance: float, base: float | None, policy: AlertPolicy, counted: str) -> list[str]:
    if base is None:
        number = f"{policy.headline_deaths:,} {counted}"
        return [f"How often the unit saw at least {number} in a span like this before is unknown."]
    compared = "no higher than" if chance <= base else "less than twice" if chance < 2 * base else ""
    if not compared:
        return []
    said = f"chance forecast ({per_cent(chance)}) is {compared} the unit's own past rate ({per_cent(base)})."
    return [f"Violence is usual there: the {said}" if base >= policy.usual_rate else f"The {said}"]


def _gaps(facts: UnitFacts, inputs: TriggerInputs, policy: AlertPolicy, left_out: int) -> tuple[str, ...]:
    months = policy.recent.compared_months
    gaps = list(_coverage_gaps(facts, month_of(inputs.as_known_at), months))
    gaps += inputs.silences.get(facts.unit.partition("/")[0], ())
    picture, forecast = facts.picture, facts.forecast
    if picture and picture.recent.uncounted:
        gaps.append(
            f"{plural(picture.recent.uncounted, 'recent incident')} without any number of deaths: unknown, not 0."
        )
    if picture and picture.other_incidents:
        kinds = joined([kind.replace("_", "-") for kind in policy.recent.violence])
        others = plural(picture.other_incidents, "recent incident")
        gaps.append(f"Only {kinds} violence and early signs are counted; {others} of other kinds.")
    if left_out:
        gaps.append(f"{plural(left_out, 'incident')} anywhere without a day or an area could not be counted.")
    gaps.append(f"Reports become known late: what happened shortly before {inputs.as_known_at} may still be missing.")
    if forecast is None:
        gaps.append("There is no forecast for this unit: the risk ahead is unknown.")
    else:
        high = number_words(forecast.q95)
        gaps.append(f"A forecast from past violence cannot see a first outbreak, nor anything beyond {high} well.")
    return tuple(gaps)


def _coverage_gaps(facts: UnitFacts, last_month: int, months: int) -> tuple[str, ...]:
    coverage = facts.coverage
    if coverage is None:
        name = unit_name(facts.unit)
        return (f"Whether anybody was looking at {name} in any month is not recorded; no report is not calm.",)
    unseen = coverage.unobserved(last_month, months)
    if not unseen:
        return coverage.blind_spots
    said = f"Not observed in {len(unseen)} of the last {months} months ({month_runs(unseen)}); no report is not calm."
    return (said, *coverage.blind_spots)
