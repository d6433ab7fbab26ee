"""An alert: who may suffer what, where, by when; how likely, on which evidence; and who must decide what by when.

Its content is an :class:`Alert`, one version at a time, with the 23 fields of ``taxonomy/alert.yaml``. Its life
is a list of :class:`AlertEvent`, only ever added to; :func:`replay` turns the list into the state it has reached
and refuses any list that breaks the rules: no issue without a reviewer who is not an author, no decision before
it was read, no closing without a recorded decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from forewarn.errors import InputValueError, LifecycleError, SeparationError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "CONFIDENCE_LEVELS",
    "DECISIONS",
    "EVENT_KINDS",
    "LEVELS",
    "NO_ANSWER",
    "Alert",
    "AlertEvent",
    "AlertState",
    "EvidenceLine",
    "Likelihood",
    "RightOfComment",
    "replay",
]

LEVELS = ("W0", "W1", "W2", "W3", "W4")
"""Background, watch, concern, serious risk, imminent or ongoing. Descriptive: no level implies a measure."""

CONFIDENCE_LEVELS = ("low", "moderate", "high")

NO_ANSWER = "no_answer_after_deadline"
DECISIONS = ("act", "watch", "decline_with_reason", "refer", NO_ANSWER)

_MOVES: dict[str, dict[str, str]] = {
    "draft": {"revise": "draft", "review": "reviewed", "cancel": "cancelled"},
    "reviewed": {"revise": "draft", "issue": "issued", "cancel": "cancelled"},
    "issued": {"read": "read", "lapse": "decision_recorded", "update": "updated", "cancel": "cancelled"},
    "updated": {"read": "read", "lapse": "decision_recorded", "update": "updated", "cancel": "cancelled"},
    "read": {
        "read": "read",
        "decide": "decision_recorded",
        "lapse": "decision_recorded",
        "update": "updated",
        "cancel": "cancelled",
    },
    "decision_recorded": {
        "read": "decision_recorded",
        "decide": "decision_recorded",
        "act": "action_recorded",
        "update": "updated",
        "close": "closed",
    },
    "action_recorded": {
        "read": "action_recorded",
        "decide": "decision_recorded",
        "act": "action_recorded",
        "update": "updated",
        "close": "closed",
    },
    "closed": {"after_action": "after_action"},
    "after_action": {},
    "cancelled": {},
}
"""From each status, the steps that may follow and where they lead. ``lapse`` is the clock's, never a person's."""

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

EVENT_KINDS = tuple(sorted({kind for moves in _MOVES.values() for kind in moves} | {"draft", "comment"}))


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
        if not self.authors:
            raise InputValueError("is empty", where="authors", mend="an alert has a named human author")
        if not self.evidence_against and not self.no_evidence_against_because.strip():
            raise InputValueError(
                "is empty without a reason",
                where="evidence_against",
                mend="give counter-evidence or say why there is none",
            )

    def missing(self) -> tuple[str, ...]:
        """The names of required fields that are still empty; review needs none."""
        return tuple(name for name in _REQUIRED_FOR_REVIEW if not getattr(self, name))


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One step in the life of an alert: appended, never changed.

    Attributes:
        alert_id: whose life.
        kind: one of :data:`EVENT_KINDS`.
        by: who acts, a named role or pseudonym; ``clock`` for a lapse.
        at: when, UTC; never before the event it follows.
        version: the version of the content it concerns.
        note: why, or what was done; a decline must give its reason here.
        decision: for ``decide`` and ``lapse``, one of :data:`DECISIONS`.
        second: for ``update``, the reviewer of the new version.
        outcome: for ``after_action``, a class of ``taxonomy/alert.yaml`` ``scoring_after``.
    """

    alert_id: str
    kind: str
    by: str
    at: datetime
    version: int = 1
    note: str = ""
    decision: str = ""
    second: str = ""
    outcome: str = ""

    def __post_init__(self) -> None:
        require_id(self.alert_id, "alert_id", "alr")
        require_choice(self.kind, "kind", EVENT_KINDS)
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if (self.kind in ("decide", "lapse")) != bool(self.decision):
            raise InputValueError("a decision, and only a decision, has a value", where="decision", mend="give it")
        if self.decision:
            require_choice(self.decision, "decision", DECISIONS)
        if (self.kind == "lapse") != (self.decision == NO_ANSWER):
            raise InputValueError("only the clock records that nobody answered", where="decision", mend="decide")
        if self.decision == "decline_with_reason" or self.kind in ("act", "cancel", "close", "comment"):
            require_text(self.note, "note", longest=4_000)

    @property
    def event_id(self) -> str:
        """``evt_`` and the SHA-256 over everything said."""
        said = (
            self.kind,
            self.by,
            self.at.isoformat(),
            self.version,
            self.note,
            self.decision,
            self.second,
            self.outcome,
        )
        return content_id("evt", self.alert_id, *said)


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where an alert stands, as its events tell.

    ``decision_version`` is the version the last decision was about; an update opens the question anew.
    """

    alert_id: str
    status: str
    version: int
    authors: tuple[str, ...]
    reviewer: str = ""
    issued_at: datetime | None = None
    read_at: datetime | None = None
    decided_at: datetime | None = None
    decision: str = ""
    decision_version: int = 0
    last_at: datetime | None = None
    comments: tuple[str, ...] = field(default=())

    def may(self) -> tuple[str, ...]:
        """The steps that may follow, in alphabetical order."""
        moves = set(_MOVES[self.status])
        if "close" in moves and self.decision_version < self.version:
            moves.discard("close")
        return tuple(sorted(moves))


def replay(authors: tuple[str, ...], events: tuple[AlertEvent, ...]) -> AlertState:
    """The state a list of events leads to.

    The first event is ``draft``. Raises :class:`LifecycleError` on a step that may not follow, and
    :class:`SeparationError` where a reviewer is an author. A ``comment`` (the State concerned, or dissent)
    is allowed at any time and changes no status.
    """
    if not events or events[0].kind != "draft":
        raise LifecycleError("the life of an alert begins with its draft", mend="draft it first")
    first = events[0]
    state = AlertState(first.alert_id, "draft", 1, authors, last_at=first.at)
    for event in events[1:]:
        state = _step(state, event)
    return state


def _step(state: AlertState, event: AlertEvent) -> AlertState:
    where = f"alert {state.alert_id[:16]}"
    if event.alert_id != state.alert_id:
        raise LifecycleError("an event of another alert", where=where, mend="name the right alert")
    if state.last_at is not None and event.at < state.last_at:
        raise LifecycleError("an event before the one it follows", where=where, mend="check the clock")
    if event.kind == "comment":
        return _with(state, last_at=event.at, comments=(*state.comments, event.note))
    if event.kind not in state.may():
        allowed = ", ".join(state.may()) or "nothing: its life has ended"
        raise LifecycleError(
            f"'{event.kind}' may not follow '{state.status}'", where=where, mend=f"possible: {allowed}"
        )
    _refuse_same_person(state, event, where)
    status = _MOVES[state.status][event.kind]
    return _with(state, status=status, last_at=event.at, **_effects(state, event))


def _refuse_same_person(state: AlertState, event: AlertEvent, where: str) -> None:
    reviewer = {"review": event.by, "update": event.second}.get(event.kind)
    if reviewer is None:
        return
    if not reviewer:
        raise SeparationError("an update needs a reviewer", where=where, mend="name one who is not an author")
    if reviewer.casefold() in {a.casefold() for a in (*state.authors, *((event.by,) if event.second else ()))}:
        raise SeparationError("an author cannot review", where=where, mend="ask another person to review")


def _effects(state: AlertState, event: AlertEvent) -> dict[str, object]:
    """What an event changes beside the status and the time."""
    effects: dict[str, dict[str, object]] = {
        "revise": {"version": event.version, "reviewer": ""},
        "review": {"reviewer": event.by},
        "issue": {"issued_at": event.at},
        "read": {"read_at": state.read_at or event.at},
        "update": {"version": event.version, "reviewer": event.second, "read_at": None},
    }
    if event.kind in ("decide", "lapse"):
        return {"decided_at": event.at, "decision": event.decision, "decision_version": state.version}
    return effects.get(event.kind, {})


def _with(state: AlertState, **changes: object) -> AlertState:
    return replace(state, **changes)  # type: ignore[arg-type]
