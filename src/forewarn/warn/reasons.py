"""The two sides of a proposal and its blind spots, in sentences with their numbers and what they rest on.

Owns evidence for, evidence against, gaps, and the rule for confidence. Counter-evidence is looked for in every
proposal, whatever its level; months nobody observed are named as gaps and never counted as calm. Each sentence
keeps the claims or the forecast it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.clock import month_of
from forewarn.model.alert import EvidenceLine
from forewarn.warn.inputs import TriggerInputs, UnitCoverage, UnitForecast
from forewarn.warn.phrases import count_words, joined, number_words, per_cent, plural, target_words
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.proposal import Sides, Signal
from forewarn.warn.recent import RecentPicture

__all__ = ["UnitFacts", "confidence_of", "sides_of"]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """All that is known of one unit: each part may be missing."""

    unit: str
    forecast: UnitForecast | None
    picture: RecentPicture | None
    coverage: UnitCoverage | None

    @property
    def origins(self) -> int:
        """How many independent origins the recent incidents go back to, at least."""
        return self.picture.independent_origins if self.picture else 0


def sides_of(
    facts: UnitFacts, by_forecast: tuple[Signal, ...], by_reports: tuple[Signal, ...], inputs: TriggerInputs,
    policy: AlertPolicy, *, left_out: int = 0,
) -> Sides:  # fmt: skip
    """What speaks for and against an alert on the unit, and what cannot be seen."""
    return Sides(
        (*_for_recent(facts, by_reports), *_for_forecast(facts, by_forecast)),
        (*_against_recent(facts), *_against_forecast(facts, policy)),
        _gaps(facts, inputs, policy, left_out),
    )


def confidence_of(facts: UnitFacts, policy: AlertPolicy, *, last_month: int) -> tuple[str, str]:
    """The confidence and the sentence giving its reasons.

    High asks for the origins and coverage the policy names, a model whose skill was measured, and no
    contradicting claims; moderate for its own origins and coverage; everything else is low.
    """
    months = policy.recent.compared_months
    seen = facts.coverage.share(last_month, months)[0] if facts.coverage else 0
    contested = facts.picture.contested if facts.picture else 0
    has_skill = bool(facts.forecast and facts.forecast.skill)
    share = seen / months
    level = "low"
    if facts.origins >= policy.moderate.origins and share >= policy.moderate.coverage:
        level = "moderate"
    if facts.origins >= policy.high.origins and share >= policy.high.coverage and has_skill and not contested:
        level = "high"
    return level, _confidence_words(level, facts, f"{seen} of the last {plural(months, 'month')}", contested)


def _confidence_words(level: str, facts: UnitFacts, seen: str, contested: int) -> str:
    origins = plural(facts.origins, "independent origin")
    parts = [
        f"the recent incidents go back to at least {origins}" if facts.origins else "no recent incident has an origin",
        f"somebody was looking in {seen}" if facts.coverage else "nobody recorded when somebody was looking",
        "the model's skill has been measured" if facts.forecast and facts.forecast.skill else "no skill was measured",
    ]
    if contested:
        parts.append(f"{plural(contested, 'incident')} with claims that contradict each other")
    return f"Confidence is {level}: {joined(parts)}."


def _for_recent(facts: UnitFacts, signals: tuple[Signal, ...]) -> list[EvidenceLine]:
    sentences = list(dict.fromkeys(signal.because for signal in signals))
    claims = facts.picture.claim_ids if facts.picture else ()
    if claims:
        return [EvidenceLine(text, claims, "claims", facts.origins) for text in sentences]
    return [EvidenceLine(text, basis="coverage") for text in sentences]


def _for_forecast(facts: UnitFacts, signals: tuple[Signal, ...]) -> list[EvidenceLine]:
    if facts.forecast is None:
        return []
    basis = f"forecast:{facts.forecast.forecast_id}"
    return [EvidenceLine(text, basis=basis) for text in dict.fromkeys(signal.because for signal in signals)]


def _against_recent(facts: UnitFacts) -> list[EvidenceLine]:
    picture = facts.picture
    if picture is None or not picture.claim_ids:
        return [EvidenceLine("No incident of the kind counted was reported in the recent months.", basis="coverage")]
    found = []
    if picture.recent.best < picture.previous.best:
        found.append(
            f"The deaths reported fell: {count_words(picture.recent)} from {picture.recent.first}, after "
            f"{count_words(picture.previous)} in the same number of months before."
        )
    if picture.independent_origins < 2:
        found.append(
            f"All {plural(picture.recent.incidents, 'recent incident')} may go back to a single origin; nobody else "
            "is known to have said it."
        )
    if picture.contested:
        found.append(
            f"In {plural(picture.contested, 'recent incident')} the claims give ranges that contradict each other."
        )
    return [EvidenceLine(text, picture.claim_ids, "claims", picture.independent_origins) for text in found]


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
        found.extend(_base_rate_words(chance, base, number, counted))
    if not forecast.skill:
        found.append("The model's skill on this target has not been measured; its numbers may be far off.")
    return [EvidenceLine(text, basis=f"forecast:{forecast.forecast_id}") for text in found]


def _base_rate_words(chance: float, base: float | None, number: int, counted: str) -> list[str]:
    if base is None:
        return [f"How often the unit saw at least {number:,} {counted} in a span like this before is unknown."]
    compared = "no more than" if chance <= base else "less than twice" if chance < 2 * base else ""
    if not compared:
        return []
    return [f"Violence is usual there: the chance forecast is {compared} its own past rate of {per_cent(base)}."]


def _gaps(facts: UnitFacts, inputs: TriggerInputs, policy: AlertPolicy, left_out: int) -> tuple[str, ...]:
    months = policy.recent.compared_months
    gaps = list(_coverage_gaps(facts, month_of(inputs.as_known_at), months))
    picture, forecast = facts.picture, facts.forecast
    if picture and picture.recent.uncounted:
        gaps.append(
            f"{plural(picture.recent.uncounted, 'recent incident')} without any number of deaths: unknown, not 0."
        )
    if picture and picture.other_incidents:
        kinds = joined([kind.replace("_", "-") for kind in policy.recent.violence])
        gaps.append(
            f"Only {kinds} violence is counted; {plural(picture.other_incidents, 'recent incident')} of other kinds."
        )
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
        return (f"Whether anybody was looking at {facts.unit} in any month is not recorded; no report is not calm.",)
    unseen = coverage.unobserved(last_month, months)
    if not unseen:
        return coverage.blind_spots
    said = f"Not observed in {len(unseen)} of the last {months} months ({', '.join(unseen)}); no report is not calm."
    return (said, *coverage.blind_spots)
