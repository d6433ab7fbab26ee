"""A released alert as a CAP message: what each word of the standard stands for here.

Owns the mapping. Urgency and response follow the level's plain meaning, certainty the band of likelihood by the
standard's own borders; severity is ``Unknown`` unless a person says otherwise, for a level is no severity. An exercise
is sent as Exercise and says so in every text. The words are English and declared so; texts that are not are refused.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import DisclosureError, InputValueError, shorten
from forewarn.exchange.alert_release import ReleasedAlert
from forewarn.exchange.cap.language import matches_declared
from forewarn.model.cap import CapArea, CapInfo, CapMessage, CapReference
from forewarn.taxonomy.cap import cap_schema

__all__ = ["LANGUAGE", "CapTerms", "acknowledgement", "compose_message", "identifier_of"]

LANGUAGE = "en"
_NAMESPACE = uuid.UUID("6f9b1c1e-54d2-5a0e-9b57-3d1a1b0c2f10")
"""Under which the identifiers of our messages are derived, so that the same message always has the same."""
_HEADING = "Early warning: violence against civilians"
_EXERCISE = "EXERCISE, fictional throughout. "
_LONGEST_HEADLINE = 160


@dataclass(frozen=True, slots=True)
class CapTerms:
    """How a message is to be sent.

    Attributes:
        sender: who sends, as CAP wants it: an address or name without blanks, unique for good.
        scope: Public, Restricted or Private.
        restriction: who may have it, where restricted.
        addresses: the receivers, where private.
        sender_name: the body's name as people read it.
        severity: a word of the standard, where a person gives one.
        oid_root: an OID of the sender's under which identifiers are formed; ``urn:uuid:`` without one.
    """

    sender: str
    scope: str
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    sender_name: str = ""
    severity: str = "Unknown"
    oid_root: str = ""

    def __post_init__(self) -> None:
        for field, name in ((self.scope, "scope"), (self.severity, "severity")):
            if field not in cap_schema().words[name]:
                known = ", ".join(cap_schema().words[name])
                raise InputValueError(f"'{shorten(field)}' is none of {known}", where=name, mend="use one of them")
        if self.oid_root and not all(part.isdigit() for part in self.oid_root.split(".")):
            raise InputValueError(f"'{shorten(self.oid_root)}' is no OID", where="oid", mend="write 2.49.0.0.398")

    @property
    def audience(self) -> str:
        """For whom, in one text: messages of one alert to one audience form a chain."""
        return "|".join((self.scope, self.restriction, *sorted(self.addresses)))


def identifier_of(terms: CapTerms, *parts: object) -> str:
    """The identifier of a message from what makes it that message: a UUID as a URN, or an OID under the root."""
    made = uuid.uuid5(_NAMESPACE, "|".join(str(part) for part in (terms.sender, terms.audience, *parts)))
    return f"urn:oid:{terms.oid_root}.{made.int}" if terms.oid_root else f"urn:uuid:{made}"


def compose_message(
    released: ReleasedAlert,
    terms: CapTerms,
    area: CapArea,
    *,
    sent: datetime,
    references: tuple[CapReference, ...] = (),
) -> CapMessage:
    """The message for a released alert: an Alert, an Update of those referred to, or their Cancel.

    Raises:
        DisclosureError: its words are in another language than declared, or it was released to another scope.
        InputValueError: the terms do not fit together, such as a private message without receivers.
    """
    if released.scope != terms.scope:
        raise DisclosureError(f"was released to {released.scope}, not {terms.scope}", mend="release it anew")
    kind = "Cancel" if released.is_cancelled else "Update" if references else "Alert"
    info = _cancelling(released, terms, area, sent) if released.is_cancelled else _warning(released, terms, area, sent)
    _refuse_other_language(info)
    return CapMessage(
        reference=CapReference(terms.sender, identifier_of(terms, released.alert_id, released.version, kind), sent),
        status="Exercise" if released.fictional else "Actual",
        kind=kind,
        scope=terms.scope,
        restriction=_restriction(released, terms),
        addresses=terms.addresses,
        note=_EXERCISE.strip() if released.fictional else "",
        references=references,
        infos=(info,),
    )


def acknowledgement(terms: CapTerms, of: CapReference, *, sent: datetime, status: str, note: str = "") -> CapMessage:
    """An Ack: the message has been received and accepted; it says nothing of what is thought of it."""
    return CapMessage(
        reference=CapReference(terms.sender, identifier_of(terms, "Ack", of.message_id), sent),
        status=status,
        kind="Ack",
        scope=terms.scope,
        restriction=terms.restriction,
        addresses=terms.addresses or ((of.sender,) if terms.scope == "Private" else ()),
        note=note,
        references=(of,),
    )


def _restriction(released: ReleasedAlert, terms: CapTerms) -> str:
    if terms.scope != "Restricted":
        return terms.restriction
    return f"{released.label}. {terms.restriction}".strip()


def _warning(released: ReleasedAlert, terms: CapTerms, area: CapArea, sent: datetime) -> CapInfo:
    likelihood = released.likelihood
    mark = _EXERCISE if released.fictional else ""
    return CapInfo(
        language=LANGUAGE,
        category="Security",
        event=f"{mark}{_HEADING}",
        urgency="Immediate" if released.level == "W4" else "Future",
        severity=terms.severity,
        certainty=_certainty(likelihood.low, likelihood.high),
        expires=released.ends_at,
        response="Monitor" if released.scope == "Public" else "Assess",
        effective=sent,
        sender_name=terms.sender_name,
        headline=shorten(f"{mark}{_HEADING}: {area.words}", _LONGEST_HEADLINE),
        description="\n".join((f"{mark}{released.what}", *_description(released))),
        instruction=released.asked,
        parameters=_parameters(released),
        areas=(area,),
    )


def _cancelling(released: ReleasedAlert, terms: CapTerms, area: CapArea, sent: datetime) -> CapInfo:
    mark = _EXERCISE if released.fictional else ""
    return CapInfo(
        language=LANGUAGE,
        category="Security",
        event=f"{mark}{_HEADING}",
        urgency="Past",
        severity="Unknown",
        certainty="Unknown",
        expires=released.ends_at,
        effective=sent,
        sender_name=terms.sender_name,
        headline=shorten(f"{mark}Taken back: {_HEADING.lower()}: {area.words}", _LONGEST_HEADLINE),
        description=f"{mark}The body that issued this warning has taken it back. That is not a finding of safety.",
        areas=(area,),
    )


def _description(released: ReleasedAlert) -> list[str]:
    likelihood = released.likelihood
    base = "unknown" if likelihood.base_rate is None else f"{max(likelihood.base_rate, 0.01):.0%}"
    below = likelihood.base_rate is not None and likelihood.base_rate < 0.01
    said = [
        released.where,
        f"Likelihood of {likelihood.event} within {likelihood.horizon_months} months: {likelihood.term} "
        f"({likelihood.low:.0%} to {likelihood.high:.0%}; base rate {'below ' if below else ''}{base}).",
        f"Confidence: {released.confidence}.",
    ]
    for heading, lines in released.lines:
        said += [f"{heading}: {line}" for line in lines]
    return [*said, "No report from an area is not a sign of calm."]


def _parameters(released: ReleasedAlert) -> tuple[tuple[str, str], ...]:
    likelihood = released.likelihood
    return (
        ("forewarn:level", released.level),
        ("forewarn:version", str(released.version)),
        ("forewarn:tlp", released.label),
        ("forewarn:likelihood", likelihood.term),
        ("forewarn:likelihood-low", f"{likelihood.low:g}"),
        ("forewarn:likelihood-high", f"{likelihood.high:g}"),
        ("forewarn:horizon-months", str(likelihood.horizon_months)),
        ("forewarn:confidence", released.confidence),
    )


def _certainty(low: float, high: float) -> str:
    """By the standard: Likely above about one half, Unlikely near none, else Possible. Never Observed."""
    if low >= 0.5:
        return "Likely"
    return "Unlikely" if high <= 0.05 else "Possible"


def _refuse_other_language(info: CapInfo) -> None:
    for name in ("description", "instruction"):
        matches, seen = matches_declared(LANGUAGE, getattr(info, name))
        if matches is False:
            raise DisclosureError(
                f"is not in English but in {' or '.join(seen.codes) or 'other writing'}",
                where=name,
                mend="write the fields of the alert in English, in which our messages are declared",
            )
