"""The life of an alert: a list of events, only ever added to, and the state they lead to.

:func:`replay` owns every rule that events alone can show and refuses any list that breaks one: no step on another
version than the current one, no issue without a reviewer who wrote none of it, no decision before the version was
read, no closing without a decision on it. Silence is recorded by the clock alone, and nobody's act rests on it.
What only the content or its deadline can show is refused where both are at hand.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from forewarn.errors import InputValueError, LifecycleError, SeparationError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "CLOCK",
    "DECISIONS",
    "EVENT_KINDS",
    "NO_ANSWER",
    "OUTCOMES",
    "AlertEvent",
    "AlertState",
    "replay",
    "same_person",
]

CLOCK = "clock"
"""Who records that nobody answered. No person may use this name."""

OUTCOMES = ("hit", "false_alarm", "miss", "correct_quiet", "prevented_or_unknown")
"""What an alert turned out to be; prevention is rarely provable, so it keeps a joint class."""

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

EVENT_KINDS = tuple(sorted({kind for moves in _MOVES.values() for kind in moves} | {"draft", "comment"}))


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
        if not _same_form(self.by):
            raise InputValueError("shows no name", where="by", mend="name the person who acts")
        require_instant(self.at, "at")
        if (self.kind in ("decide", "lapse")) != bool(self.decision):
            raise InputValueError("a decision, and only a decision, has a value", where="decision", mend="give it")
        if self.decision:
            require_choice(self.decision, "decision", DECISIONS)
        if (self.kind == "lapse") != (self.decision == NO_ANSWER):
            raise InputValueError("only the clock records that nobody answered", where="decision", mend="decide")
        if (self.kind == "after_action") != bool(self.outcome):
            raise InputValueError("an outcome belongs to after-action, and only there", where="outcome", mend="give it")
        if self.outcome:
            require_choice(self.outcome, "outcome", OUTCOMES)
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

    ``writers`` are the authors and whoever drafted, revised or updated it: none of them may review.
    ``read_at`` is the first reading of the current version. ``decision_version`` is the version the last decision
    was about: an update opens the question anew.
    """

    alert_id: str
    status: str
    version: int
    authors: tuple[str, ...]
    writers: tuple[str, ...] = ()
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
        if self.decision_version < self.version:
            moves.discard("close")
        if self.decision == NO_ANSWER:
            moves.discard("act")
        if self.read_at is None:
            moves.discard("decide")
        return tuple(sorted(moves))


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are spaced, cased or composed, unseen characters included."""
    return _same_form(one) == _same_form(other)


def replay(authors: tuple[str, ...], events: tuple[AlertEvent, ...]) -> AlertState:
    """The state a list of events leads to.

    The first event is ``draft``, by one of the authors, who are those of all versions together. Raises
    :class:`LifecycleError` on a step that may not follow or concerns another version, and
    :class:`SeparationError` where one person does what two must. A ``comment`` (the State concerned, or dissent)
    is allowed at any time and changes no status.
    """
    if not events or events[0].kind != "draft" or events[0].version != 1:
        raise LifecycleError("the life of an alert begins with its draft, version 1", mend="draft it first")
    first = events[0]
    if _is_among(CLOCK, (first.by, *authors)):
        raise SeparationError("'clock' is no person", where="draft", mend="name the people who write it")
    if not _is_among(first.by, authors):
        raise SeparationError("only an author drafts", where="draft", mend="name the drafter among the authors")
    state = AlertState(first.alert_id, "draft", 1, authors, writers=(*authors, first.by), last_at=first.at)
    for event in events[1:]:
        state = _step(state, event)
    return state


def _step(state: AlertState, event: AlertEvent) -> AlertState:
    where = f"alert {state.alert_id[:16]}"
    if event.alert_id != state.alert_id:
        raise LifecycleError("an event of another alert", where=where, mend="name the right alert")
    if state.last_at is not None and event.at < state.last_at:
        raise LifecycleError("an event before the one it follows", where=where, mend="check the clock")
    _refuse_other_version(state, event, where)
    _refuse_wrong_person(state, event, where)
    if event.kind == "comment":
        return replace(state, last_at=event.at, comments=(*state.comments, event.note))
    if event.kind not in state.may():
        allowed = ", ".join(state.may()) or "nothing: its life has ended"
        reached = state.decision if state.status == "decision_recorded" else state.status
        what = f"'{event.kind}' may not follow '{reached}'"
        raise LifecycleError(what, where=where, mend=f"possible: {allowed}")
    status = _MOVES[state.status][event.kind]
    return _with(state, status=status, last_at=event.at, **_effects(state, event))


def _refuse_other_version(state: AlertState, event: AlertEvent, where: str) -> None:
    expected = state.version + (event.kind in ("revise", "update"))
    if event.version != expected:
        raise LifecycleError(
            f"concerns version {event.version}, not {expected}", where=where, mend="read the alert again"
        )


def _refuse_wrong_person(state: AlertState, event: AlertEvent, where: str) -> None:
    """Who may take the step: reviewers wrote none of it, only the clock lapses, not anybody may cancel."""
    if same_person(event.by, CLOCK) != (event.kind == "lapse"):
        what = "only the clock records that nobody answered" if event.kind == "lapse" else "'clock' is no person"
        raise SeparationError(what, where=where, mend="name the person who acts")
    if event.kind == "review" and _is_among(event.by, state.writers):
        raise SeparationError("an author cannot review", where=where, mend="ask another person to review")
    if event.kind == "update" and (not _same_form(event.second) or _is_among(event.second, (*state.writers, event.by))):
        raise SeparationError(
            "an update needs a reviewer who wrote none of it", where=where, mend="ask another person to review"
        )
    has_gone_out = state.issued_at is not None
    if event.kind == "cancel" and has_gone_out and not _is_among(event.by, (*state.writers, state.reviewer)):
        raise SeparationError(
            "only an author or the reviewer may cancel what was issued", where=where, mend="comment instead"
        )


def _effects(state: AlertState, event: AlertEvent) -> dict[str, object]:
    """What an event changes beside the status and the time."""
    writers = (*state.writers, event.by)
    effects: dict[str, dict[str, object]] = {
        "revise": {"version": event.version, "reviewer": "", "writers": writers},
        "review": {"reviewer": event.by},
        "issue": {"issued_at": event.at},
        "read": {"read_at": state.read_at or event.at},
        "update": {"version": event.version, "reviewer": event.second, "read_at": None, "writers": writers},
    }
    if event.kind in ("decide", "lapse"):
        return {"decided_at": event.at, "decision": event.decision, "decision_version": state.version}
    return effects.get(event.kind, {})


def _is_among(person: str, people: tuple[str, ...]) -> bool:
    return any(same_person(person, one) for one in people)


@lru_cache(maxsize=1024)
def _same_form(person: str) -> str:
    """The name for compatibility caseless matching (Unicode standard, D146), without spaces and unseen characters."""
    plain = _shown(person)
    for form in ("NFD", "NFKD"):
        plain = unicodedata.normalize(form, plain).casefold()
    return unicodedata.normalize("NFKD", _shown(unicodedata.normalize("NFKD", plain)))


def _shown(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf"))


def _with(state: AlertState, **changes: object) -> AlertState:
    return replace(state, **changes)  # type: ignore[arg-type]
