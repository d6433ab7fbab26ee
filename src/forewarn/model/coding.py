"""Codings: whether an observable element, act or norm of the lists was found in an incident, by whom, on what basis.

Two axes that are never merged: the *state* (coded, not coded, unknown) and the *confidence* in the evidence base.
Inferential elements are locked: a coding of one cannot be made. Of those a person may only record what a named body
has found, as a quotation with symbol, day and standard of proof. A norm is one that conduct *may engage*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError, RuleError, shorten
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "CODING_CONFIDENCES",
    "CODING_SCHEMES",
    "CODING_STATES",
    "LOCKED_ELEMENTS",
    "BodyFinding",
    "Coding",
    "Withdrawal",
    "refuse_locked",
    "withdrawn",
]

CODING_SCHEMES = ("element", "act", "norm")
CODING_STATES = ("coded", "not_coded", "unknown")
"""Found; looked for and not found; nobody can tell, which is what holds while nobody has coded."""
CODING_CONFIDENCES = ("unknown", "low", "moderate", "high")
"""In the evidence base, not in the state."""
LOCKED_ELEMENTS = frozenset({"G3", "G4", "G5", "C2", "C3", "C4", "C5", "W1", "W2", "W4", "E3"})
"""The inferential elements of the lists: intent, policy, scale, nexus, knowledge, kind of conflict."""


def refuse_locked(code: str) -> None:
    """Raise :class:`RuleError` where the code is an inferential element."""
    if code in LOCKED_ELEMENTS:
        raise RuleError(
            f"{code} is inferential and is not coded here",
            where="element",
            mend="record what a named body has found, with its citation",
        )


@dataclass(frozen=True, slots=True)
class Coding:
    """One person's coding of one element, act or norm for the incident that holds a claim.

    ``coded`` names the claims it rests on. Raises :class:`RuleError` for an inferential element.
    """

    claim_id: str
    scheme: str
    code: str
    state: str
    author: str
    decided_at: datetime
    reason: str
    confidence: str = "unknown"
    basis_claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim_id", "clm")
        require_choice(self.scheme, "scheme", CODING_SCHEMES)
        require_text(self.code, "code", longest=60)
        refuse_locked(self.code)
        require_choice(self.state, "state", CODING_STATES)
        require_choice(self.confidence, "confidence", CODING_CONFIDENCES)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")
        for claim in self.basis_claims:
            require_id(claim, "basis_claims", "clm")
        if self.state == "coded" and not self.basis_claims:
            raise InputValueError("coded without evidence", where="basis_claims", mend="name the claims it rests on")

    @property
    def coding_id(self) -> str:
        """``cod_`` and the SHA-256 over everything said."""
        said = (self.claim_id, self.scheme, self.code, self.state, self.confidence, list(self.basis_claims))
        return content_id("cod", *said, self.author, self.decided_at.isoformat(), self.reason)


@dataclass(frozen=True, slots=True)
class BodyFinding:
    """What a named body has found on an element, as a quotation.

    Attributes:
        subject: a claim, for the incident that holds it, or a unit.
        element: an element of the lists.
        body: the court, commission or treaty body.
        citation: symbol or case with paragraph.
        found_on: the day of the finding.
        standard: the standard of proof it used, ``P1`` to ``P5`` or ``PX``.
        quote: its words.
        author, decided_at: who recorded it, and when.
    """

    subject: str
    element: str
    body: str
    citation: str
    found_on: date
    standard: str
    quote: str
    author: str
    decided_at: datetime

    def __post_init__(self) -> None:
        for name, longest in (
            ("subject", 300), ("element", 10), ("body", 300), ("citation", 500), ("quote", 4_000), ("author", 200),
        ):  # fmt: skip
            require_text(getattr(self, name), name, longest=longest)
        require_choice(self.standard, "standard", ("P1", "P2", "P3", "P4", "P5", "PX"))
        require_instant(self.decided_at, "decided_at")
        if self.found_on > self.decided_at.date():
            raise InputValueError(f"{self.found_on} is still to come", where="found_on", mend="check the day")

    @property
    def finding_id(self) -> str:
        """``fnd_`` and the SHA-256 over everything said."""
        said = (self.subject, self.element, self.body, self.citation, self.found_on.isoformat(), self.standard)
        return content_id("fnd", *said, self.quote, self.author, self.decided_at.isoformat())


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A decision taken back: its id, by whom, when, why. A withdrawal can itself be withdrawn."""

    withdraws: str
    author: str
    decided_at: datetime
    reason: str

    def __post_init__(self) -> None:
        kind = self.withdraws.partition("_")[0]
        if kind not in ("csr", "ovr", "cod", "fnd", "wdr"):
            raise InputValueError(
                f"'{shorten(self.withdraws)}' cannot be withdrawn", where="withdraws", mend="check it"
            )
        require_id(self.withdraws, "withdraws", kind)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")

    @property
    def withdrawal_id(self) -> str:
        """``wdr_`` and the SHA-256 over everything said."""
        return content_id("wdr", self.withdraws, self.author, self.decided_at.isoformat(), self.reason)


def withdrawn(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """The ids taken back, from withdrawals in the order made: one that was itself taken back takes nothing back."""
    gone: set[str] = set()
    for one in reversed(list(withdrawals)):
        if one.withdrawal_id not in gone:
            gone.add(one.withdraws)
    return frozenset(gone)
