"""A claim: one assertion taken from one report. The atom of the system.

What happened, where, when, who was harmed, how many, alleged by whom, with the row or span it came from. A
claim is never edited; people grade it, link it and contradict it beside it. Counts are ranges. Perpetrators
are *alleged* and are bodies or groups, never private persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.errors import InputValueError
from forewarn.model.place import Place
from forewarn.model.provenance import KNOWN_BASES, Sensitivity
from forewarn.model.validation import require_choice, require_count, require_id, require_order, require_text

__all__ = [
    "ACTS",
    "COUNTED",
    "COUNT_FIELDS",
    "COUNT_STATUSES",
    "DATE_PRECISIONS",
    "RECORD_FIELDS",
    "VIOLENCE_TYPES",
    "Claim",
    "CountRange",
    "Origin",
]

ACTS = (
    "killing",
    "clash",
    "attack",
    "bombardment",
    "abduction",
    "detention",
    "torture",
    "sexual_violence",
    "displacement",
    "destruction",
    "denial_of_access",
    "threat",
    "protest",
    "other",
    "unknown",
)
"""What was done, in observable words. Legal qualification is never an act."""

VIOLENCE_TYPES = ("state_based", "non_state", "one_sided", "unknown")
"""UCDP's three kinds of organized violence, and not said."""

DATE_PRECISIONS = ("day", "week", "month", "year", "unknown")
"""How closely the day is known, finest first."""

COUNTED = ("deaths", "civilian_deaths", "injured", "abducted", "detained", "displaced")
"""What is counted, each as low, best and high. A missing count is unknown, never zero."""

COUNT_FIELDS = tuple(f"{name}_{end}" for name in COUNTED for end in ("low", "best", "high"))
"""The ends of every count."""

RECORD_FIELDS = (
    "act",
    "violence",
    "month",
    "started_on",
    "ended_on",
    "date_precision",
    "country",
    "latitude",
    "longitude",
    "degrees",
    "place_precision",
    *COUNT_FIELDS,
)
"""What a claim or incident tells of itself in the formats of others, by name and in this order: ``month`` and
``degrees`` (the side of a block) stand where day and place are told no closer."""

COUNT_STATUSES = ("reported", "corroborated", "verified")
"""Reported by one origin; by two or more independent ones; verified to a named standard of proof."""


@dataclass(frozen=True, slots=True)
class CountRange:
    """How many, as a range of whole numbers. Each end may be unknown (``None``); low <= best <= high.

    ``standard`` names the standard of proof when ``status`` is ``verified``, and only then.
    """

    low: int | None = None
    best: int | None = None
    high: int | None = None
    status: str = "reported"
    standard: str = ""

    def __post_init__(self) -> None:
        for field, value in (("low", self.low), ("best", self.best), ("high", self.high)):
            require_count(value, field)
        known = [v for v in (self.low, self.best, self.high) if v is not None]
        if known != sorted(known):
            raise InputValueError(
                f"low {self.low}, best {self.best}, high {self.high} are out of order",
                where="count",
                mend="reorder",
            )
        require_choice(self.status, "status", COUNT_STATUSES)
        if (self.status == "verified") != bool(self.standard):
            raise InputValueError(
                "verified and a named standard go together", where="status", mend="name the standard of proof"
            )

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the number."""
        return self.low is None and self.best is None and self.high is None

    def __str__(self) -> str:
        """``3 (1–8)``; ``at least 3``; ``unknown``."""
        if self.is_unknown:
            return "unknown"
        if self.best is None:
            return f"at least {self.low}" if self.high is None else f"{self.low or 0}–{self.high}"
        low = self.best if self.low is None else self.low
        high = self.best if self.high is None else self.high
        return str(self.best) if low == high else f"{self.best} ({low}–{high})"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Who a claim goes back to, as far as the report says, and when they said it.

    An agency cited by five newspapers is one origin. ``on`` is missing when the report gives no date.
    """

    name: str
    on: date | None = None

    def __post_init__(self) -> None:
        require_text(self.name, "origin", longest=300)


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion. See the module for what it may and may not say.

    Attributes:
        claim_id: ``clm_`` and the SHA-256 over the report and the position in it.
        report_id: the report it was taken from.
        channel, external_id: copied from the report, so that a claim can be found by its sender's id.
        act: one of :data:`ACTS`; ``violence`` one of :data:`VIOLENCE_TYPES`.
        started_on, ended_on: when it happened, as told; missing means not said.
        known_on, known_basis: when it became known, and how that was settled.
        place: where.
        parties: bodies or groups said to have taken part, alleged perpetrator first where one is alleged.
        alleged_by: the body alleged to be responsible, or empty.
        target: who was harmed, in the source's words, or empty.
        counts: ranges by name, of :data:`COUNTED`; absent means unknown.
        origins: who the report says it comes from.
        text: the words it rests on, verbatim.
        sensitivity: default the highest.
    """

    claim_id: str
    report_id: str
    channel: str
    known_on: date
    known_basis: str
    external_id: str = ""
    act: str = "unknown"
    violence: str = "unknown"
    started_on: date | None = None
    ended_on: date | None = None
    date_precision: str = "unknown"
    place: Place = Place()
    parties: tuple[str, ...] = ()
    alleged_by: str = ""
    target: str = ""
    counts: tuple[tuple[str, CountRange], ...] = ()
    origins: tuple[Origin, ...] = ()
    text: str = ""
    language: str = ""
    sensitivity: Sensitivity = Sensitivity.SEVERE

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim_id", "clm")
        require_id(self.report_id, "report_id", "rpt")
        require_choice(self.act, "act", ACTS)
        require_choice(self.violence, "violence", VIOLENCE_TYPES)
        require_choice(self.date_precision, "date_precision", DATE_PRECISIONS)
        require_choice(self.known_basis, "known_basis", KNOWN_BASES)
        require_order(self.started_on, self.ended_on, "started_on..ended_on")
        for name, _ in self.counts:
            require_choice(name, "counts", COUNTED)

    def count(self, name: str) -> CountRange:
        """The range of that name; all unknown where the claim says nothing of it."""
        require_choice(name, "count", COUNTED)
        return dict(self.counts).get(name, CountRange())
