"""An incident: a view over the claims held to be one happening.

Nobody types an incident in. Claims are joined by *judgements*, each an appended fact with an author and a
reason; the clusters are a pure function of the judgements, and the incident's figures a pure function of its
claims. Grades are appended facts too, on two axes that are never merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.claim import CountRange
from forewarn.model.place import Place
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "CREDIBILITY",
    "GRADE_BASES",
    "GRADE_ENTRIES",
    "RELIABILITY",
    "VERDICTS",
    "Grade",
    "Incident",
    "Judgement",
    "JudgementKind",
    "incident_id",
]

RELIABILITY = ("A", "B", "C", "D", "E", "F")
"""Of a source, Admiralty scale; F means cannot be judged and is not worse than E."""

CREDIBILITY = ("1", "2", "3", "4", "5", "6")
"""Of a claim, Admiralty scale; 6 means cannot be judged and is not worse than 5."""

GRADE_BASES = (
    "",
    "track_record",
    "access_to_events",
    "methods_published",
    "interest_in_the_matter",
    "corroboration",
    "contradiction",
    "detail_and_consistency",
    "physical_evidence",
    "other",
)
"""What a grade rests on; empty where it was not said."""

GRADE_ENTRIES = ("", "blind", "own_source", "revised")
"""How a grade was entered: not recorded; without having seen the other axis or anybody's grade; by one who had graded
the source too; by one who had entered a grade before and been shown the others."""

VERDICTS = ("same", "different", "unsure", "withdrawn")
"""What a judgement says of two claims; ``withdrawn`` takes an earlier judgement back."""


class JudgementKind(StrEnum):
    """Who judged: a rule of the software, or a person."""

    MACHINE = "machine"
    HUMAN = "human"


def incident_id(first_claim_id: str) -> str:
    """The id of an incident, from the first claim known of it."""
    return content_id("inc", first_claim_id)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether two claims speak of one happening: who says so, when and why.

    ``left`` sorts before ``right``. ``score`` is the rule's, 0..1, and missing for people. ``withdraws`` is
    the id of the judgement a ``withdrawn`` one takes back.
    """

    left: str
    right: str
    verdict: str
    kind: JudgementKind
    author: str
    decided_at: datetime
    reason: str
    score: float | None = None
    withdraws: str = ""

    def __post_init__(self) -> None:
        require_id(self.left, "left", "clm")
        require_id(self.right, "right", "clm")
        if self.left >= self.right:
            raise InputValueError("left must sort before right", where="judgement", mend="swap the two claims")
        require_choice(self.verdict, "verdict", VERDICTS)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")
        if self.score is not None and not 0.0 <= self.score <= 1.0:
            raise InputValueError(f"{self.score} is outside 0..1", where="score", mend="correct it")
        if (self.verdict == "withdrawn") != bool(self.withdraws):
            raise InputValueError("a withdrawal names what it withdraws", where="withdraws", mend="name it")

    @property
    def judgement_id(self) -> str:
        """``jdg_`` and the SHA-256 over everything said but the score."""
        stamp = self.decided_at.isoformat()
        parts = (
            self.left,
            self.right,
            self.verdict,
            self.kind,
            self.author,
            stamp,
            self.reason,
            self.withdraws,
        )
        return content_id("jdg", *parts)


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade on one axis, by one person, with the reason. The latest on a subject and axis holds.

    ``subject`` is a source id for reliability, a claim id for credibility. ``basis`` is one of :data:`GRADE_BASES`,
    ``entered`` one of :data:`GRADE_ENTRIES`. A grade with ``holds_from`` says nothing of what came before that day.
    """

    subject: str
    axis: str
    value: str
    author: str
    graded_at: datetime
    reason: str
    basis: str = ""
    holds_from: date | None = None
    entered: str = ""

    def __post_init__(self) -> None:
        require_choice(self.axis, "axis", ("reliability", "credibility"))
        is_source = self.axis == "reliability"
        require_id(self.subject, "subject", "src" if is_source else "clm")
        require_choice(self.value, "value", RELIABILITY if is_source else CREDIBILITY)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.graded_at, "graded_at")
        require_choice(self.basis, "basis", GRADE_BASES)
        require_choice(self.entered, "entered", GRADE_ENTRIES)
        if self.holds_from is not None and self.holds_from > self.graded_at.date():
            raise InputValueError("lies ahead of the grade", where="holds_from", mend="grade it when the day has come")

    @property
    def grade_id(self) -> str:
        """``grd_`` and the SHA-256 over everything said."""
        stamp = self.graded_at.isoformat()
        said = (self.subject, self.axis, self.value, self.author, stamp, self.reason)
        if not (self.basis or self.holds_from or self.entered):
            return content_id("grd", *said)
        since = self.holds_from.isoformat() if self.holds_from else ""
        return content_id("grd", *said, self.basis, since, self.entered)


@dataclass(frozen=True, slots=True)
class Incident:
    """What is held to have happened, as far as it was known on a day.

    Attributes:
        incident_id: from the first claim known of it.
        claim_ids: its claims, sorted.
        started_on, ended_on: earliest start and latest end among the claims with the finest date.
        known_on: when the first of its claims became known.
        act, violence, place: as most of its independent origins tell it.
        counts: ranges over the claims: lowest low, median best, highest high.
        independent_origins: number of origins that do not go back to each other.
        contested: whether two claims give ranges that do not overlap.
    """

    incident_id: str
    claim_ids: tuple[str, ...]
    started_on: date | None
    ended_on: date | None
    known_on: date
    act: str
    violence: str
    place: Place
    counts: tuple[tuple[str, CountRange], ...]
    independent_origins: int
    contested: bool = False

    def __post_init__(self) -> None:
        require_id(self.incident_id, "incident_id", "inc")
        if not self.claim_ids:
            raise InputValueError("has no claims", where="incident", mend="an incident is a view over claims")

    def count(self, name: str) -> CountRange:
        """The range of that name; all unknown where no claim speaks of it."""
        return dict(self.counts).get(name, CountRange())
