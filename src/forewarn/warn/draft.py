"""From a proposal to the first version of an alert.

Owns filling what data can fill. It refuses to write what only people can know: who could be hurt by the alert,
who bears the duty, who stands behind the act; those fields stay empty, so that :meth:`Alert.missing` names them
and nobody can review until a person has written them. Authors are persons, named by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forewarn.clock import instant_text, last_day, month_label
from forewarn.errors import RuleError
from forewarn.ids import content_id
from forewarn.model.alert import Alert, Likelihood, RightOfComment
from forewarn.model.validation import require_instant
from forewarn.taxonomy import likelihood_band
from forewarn.warn.policy import AlertPolicy
from forewarn.warn.proposal import Proposal

__all__ = ["DraftRequest", "draft"]


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Who asks for a draft, when, and what they already know.

    Attributes:
        authors: the persons who will stand behind the alert, by role or pseudonym; at least one.
        now: the instant of drafting, UTC.
        options: measures by id and title, least coercive first.
        addressee, decision_asked, primary_duty_holder, releasability: empty where still to be written.
        likelihood: needed only where the proposal has no forecast to take it from.
        fictional: whether the data are an exercise.
    """

    authors: tuple[str, ...]
    now: datetime
    options: tuple[str, ...] = ()
    addressee: str = ""
    decision_asked: str = ""
    primary_duty_holder: str = ""
    likelihood: Likelihood | None = None
    fictional: bool = False
    releasability: str = ""

    def __post_init__(self) -> None:
        require_instant(self.now, "now")


def draft(proposal: Proposal, request: DraftRequest, policy: AlertPolicy) -> Alert:
    """Version 1 of an alert, with the fields that data can fill.

    Raises:
        RuleError: when there is no forecast and no likelihood was given.
        InputValueError: when no author is named.
    """
    against = proposal.sides.reasons_against
    return Alert(
        alert_id=content_id("alr", proposal.unit, proposal.policy, instant_text(request.now)),
        version=1,
        unit=proposal.unit,
        level=proposal.level,
        valid_until=_valid_until(request.now, proposal, policy),
        what_could_happen=proposal.headline,
        to_whom=_to_whom(proposal),
        where_and_when=_where_and_when(proposal),
        by_whom_possibly="",
        likelihood=request.likelihood or _likelihood(proposal),
        confidence=proposal.confidence,
        confidence_because=proposal.confidence_because,
        severity_range=proposal.severity,
        evidence_for=proposal.sides.reasons_for,
        evidence_against=against,
        no_evidence_against_because="" if against else f"The data known on {proposal.as_known_at} hold none.",
        gaps_and_blind_spots=proposal.sides.gaps,
        alternatives_considered=(),
        what_changed_since_last=proposal.what_changed,
        trigger_to_upgrade=proposal.trigger_to_upgrade,
        trigger_to_downgrade=proposal.trigger_to_downgrade,
        options=request.options,
        primary_duty_holder=request.primary_duty_holder,
        addressee=request.addressee,
        decision_asked=request.decision_asked,
        decision_needed_by=request.now + timedelta(days=policy.days_to_decide(proposal.level)),
        releasability=request.releasability,
        source_protection="",
        harm_check="",
        right_of_comment=RightOfComment(False, "A draft: nobody has been asked yet."),
        authors=request.authors,
        fictional=request.fictional,
    )


def _likelihood(proposal: Proposal) -> Likelihood:
    if proposal.probability is None:
        raise RuleError(
            "no forecast gives a likelihood",
            where=f"draft for {proposal.unit}",
            mend="make a forecast for the unit, or give the likelihood people agreed on",
        )
    band = likelihood_band(proposal.likelihood_term)
    return Likelihood(
        term=band.term,
        low=band.low / 100,
        high=band.high / 100,
        event=_likelihood_event(proposal),
        area=proposal.name,
        horizon_months=proposal.horizon_months,
        base_rate=proposal.base_rate,
    )


def _likelihood_event(proposal: Proposal) -> str:
    """The event, saying what its chance is judged from where the level rests on something else."""
    if proposal.led_by in ("precursors", "missing"):
        return f"judged from past deaths alone, {proposal.event}"
    return proposal.event


def _valid_until(now: datetime, proposal: Proposal, policy: AlertPolicy) -> date:
    """The policy's days, but not beyond the months the proposal speaks of."""
    by_policy = now.date() + timedelta(days=policy.days_valid(proposal.level))
    end = last_day(proposal.last_month)
    return min(by_policy, end) if end > now.date() else by_policy


def _where_and_when(proposal: Proposal) -> str:
    first, last = month_label(proposal.first_month), month_label(proposal.last_month)
    return f"{proposal.name} ({proposal.unit}), {first} to {last}, as known on {proposal.as_known_at}."


def _to_whom(proposal: Proposal) -> str:
    """The sources' own words for who was harmed, or nothing: groups are for people to name."""
    targets = proposal.recent.targets if proposal.recent else ()
    return f"People described in the reports as: {'; '.join(targets)}." if targets else ""
