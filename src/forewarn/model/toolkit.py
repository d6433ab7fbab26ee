"""A State's self-assessment against a checklist: begun by somebody, answered question by question, never scored.

An answer is an appended fact with author, evidence and day. A question without an answer is not assessed, which is
neither yes nor no. Taking an answer back is one more answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["ANSWERS", "NOT_ASSESSED", "SelfAnswer", "SelfAssessment"]

NOT_ASSESSED = "not_assessed"
ANSWERS = ("yes", "partly", "no", "does_not_apply", NOT_ASSESSED)
"""The last one takes an earlier answer of the same person back."""


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The beginning of one: which checklist, at which version and digest, for which State, by whom, when (UTC)."""

    toolkit: str
    version: str
    digest: str
    unit: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        for field in ("toolkit", "version", "digest", "unit", "by"):
            require_text(getattr(self, field), field, longest=200)
        require_instant(self.at, "at")

    @property
    def assessment_id(self) -> str:
        """``slf_`` and the digest of all of it."""
        return content_id("slf", self.toolkit, self.digest, self.unit, self.by, self.at.isoformat())


@dataclass(frozen=True, slots=True)
class SelfAnswer:
    """One answer.

    Attributes:
        assessment_id: to which assessment.
        question: the question's id in its checklist.
        answer: one of :data:`ANSWERS`.
        evidence: where it can be seen; ``yes`` and ``partly`` need it.
        note: what is missing, or why it does not apply, which needs it.
        on: the day what is said was so; ``None`` where nobody says.
        by, at: who answers, and when, UTC.
    """

    assessment_id: str
    question: str
    answer: str
    by: str
    at: datetime
    evidence: str = ""
    note: str = ""
    on: date | None = None

    def __post_init__(self) -> None:
        require_id(self.assessment_id, "assessment", "slf")
        require_text(self.question, "question", longest=20)
        require_choice(self.answer, "answer", ANSWERS)
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if self.answer in ("yes", "partly") and not self.evidence.strip():
            raise InputValueError(
                f"'{self.answer}' rests on nothing", where="evidence", mend="say where it can be seen"
            )
        if self.answer == "does_not_apply" and not self.note.strip():
            raise InputValueError("does not say why", where="note", mend="say why the question does not apply")
        for field in ("evidence", "note"):
            if len(getattr(self, field)) > 4_000:
                raise InputValueError("is longer than 4,000 characters", where=field, mend="shorten it")

    @property
    def answer_id(self) -> str:
        """``sla_`` and the digest of all of it."""
        said = (self.answer, self.evidence, self.note, self.on.isoformat() if self.on else "", self.by)
        return content_id("sla", self.assessment_id, self.question, *said, self.at.isoformat())
