"""An alert: who may suffer what, where, by when; how likely, on which evidence; and who must decide what by when.

Owns the content of an alert, one :class:`Alert` per version, with the 23 fields of ``taxonomy/alert.yaml``. It
refuses an alert without a named author, and one that neither gives counter-evidence nor says why there is none.
What happens to an alert is in :mod:`forewarn.model.alert_life`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["CONFIDENCE_LEVELS", "LEVELS", "Alert", "EvidenceLine", "Likelihood", "RightOfComment"]

LEVELS = ("W0", "W1", "W2", "W3", "W4")
"""Background, watch, concern, serious risk, imminent or ongoing. Descriptive: no level implies a measure."""

CONFIDENCE_LEVELS = ("low", "moderate", "high")

_REQUIRED_FOR_REVIEW = (
    "what_could_happen",
    "to_whom",
    "where_and_when",
    "by_whom_possibly",
    "confidence_because",
    "severity_range",
    "evidence_for",
    "gaps_and_blind_spots",
    "alternatives_considered",
    "what_changed_since_last",
    "trigger_to_upgrade",
    "trigger_to_downgrade",
    "options",
    "primary_duty_holder",
    "addressee",
    "decision_asked",
    "releasability",
    "source_protection",
    "harm_check",
)
"""Fields software may propose and only people may leave standing; none is empty at review."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely, in one row of the ICD 203 words, always with what, where, how long and the base rate.

    ``low`` and ``high`` are probabilities 0..1 of the half-open band the term stands for; ``base_rate`` is
    how often the same happened in comparable periods, or ``None`` where nobody can say.
    """

    term: str
    low: float
    high: float
    event: str
    area: str
    horizon_months: int
    base_rate: float | None = None

    def __post_init__(self) -> None:
        require_text(self.term, "likelihood.term", longest=60)
        require_text(self.event, "likelihood.event")
        require_text(self.area, "likelihood.area")
        if not 0.0 <= self.low < self.high <= 1.0:
            raise InputValueError(f"{self.low}..{self.high} is no band", where="likelihood", mend="use 0..1")
        if self.base_rate is not None and not 0.0 <= self.base_rate <= 1.0:
            raise InputValueError(f"{self.base_rate} is outside 0..1", where="base_rate", mend="correct it")
        if not 1 <= self.horizon_months <= 60:
            raise InputValueError(f"{self.horizon_months} months", where="horizon_months", mend="use 1..60")


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of evidence, for or against, with what it rests on.

    Attributes:
        text: one sentence.
        claim_ids: the claims it rests on; empty only when ``basis`` says what else it rests on.
        basis: ``claims``, ``forecast:ID``, ``coverage`` or another stated reason.
        independent_origins: how many origins that do not go back to each other.
    """

    text: str
    claim_ids: tuple[str, ...] = ()
    basis: str = "claims"
    independent_origins: int = 0

    def __post_init__(self) -> None:
        require_text(self.text, "evidence.text", longest=2_000)
        for claim in self.claim_ids:
            require_id(claim, "evidence.claim_ids", "clm")
        if self.basis == "claims" and not self.claim_ids:
            raise InputValueError("names no claims", where="evidence", mend="name the claims or another basis")


@dataclass(frozen=True, slots=True)
class RightOfComment:
    """What the State concerned said of the alert, or why it was not asked. It can comment, never suppress."""

    asked: bool
    reason_not_asked: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        if not self.asked:
            require_text(self.reason_not_asked, "right_of_comment.reason_not_asked", longest=1_000)


@dataclass(frozen=True, slots=True)
class Alert:
    """The content of one version of an alert. Field names follow ``taxonomy/alert.yaml``.

    Drafted by software as far as data go and completed by people: fields a person must write are empty in a
    draft, and :meth:`missing` names them; an alert with missing fields cannot be reviewed.
    """

    alert_id: str
    version: int
    unit: str
    level: str
    valid_until: date
    what_could_happen: str
    to_whom: str
    where_and_when: str
    by_whom_possibly: str
    likelihood: Likelihood
    confidence: str
    confidence_because: str
    severity_range: str
    evidence_for: tuple[EvidenceLine, ...]
    evidence_against: tuple[EvidenceLine, ...]
    no_evidence_against_because: str
    gaps_and_blind_spots: tuple[str, ...]
    alternatives_considered: tuple[str, ...]
    what_changed_since_last: str
    trigger_to_upgrade: str
    trigger_to_downgrade: str
    options: tuple[str, ...]
    primary_duty_holder: str
    addressee: str
    decision_asked: str
    decision_needed_by: datetime
    releasability: str
    source_protection: str
    harm_check: str
    right_of_comment: RightOfComment
    authors: tuple[str, ...]
    dissent: str = ""
    fictional: bool = False

    def __post_init__(self) -> None:
        require_id(self.alert_id, "alert_id", "alr")
        if self.version < 1:
            raise InputValueError("is below 1", where="version", mend="versions are counted from 1")
        require_text(self.unit, "unit", longest=300)
        require_choice(self.level, "level", LEVELS)
        require_choice(self.confidence, "confidence", CONFIDENCE_LEVELS)
        require_instant(self.decision_needed_by, "decision_needed_by")
        if not self.authors or not all(author.strip() for author in self.authors):
            raise InputValueError("is empty", where="authors", mend="an alert has a named human author")
        if not self.evidence_against and not self.no_evidence_against_because.strip():
            raise InputValueError(
                "is empty without a reason",
                where="evidence_against",
                mend="give counter-evidence or say why there is none",
            )

    def missing(self) -> tuple[str, ...]:
        """The names of required fields that are still empty; review needs none."""
        return tuple(name for name in _REQUIRED_FOR_REVIEW if _is_empty(getattr(self, name)))


def _is_empty(value: str | tuple[object, ...]) -> bool:
    return not (value.strip() if isinstance(value, str) else value)
