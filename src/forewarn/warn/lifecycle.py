"""The steps of an alert's life, each a verb that makes one event after checking it against the whole life so far.

Owns what :func:`~forewarn.model.alert_life.replay` cannot see: the content and its deadline. Review is refused while
fields are missing or words are not allowed; a version follows the one before and names its writer as author; an
alert is issued before its deadline and lapses only after it. Who may do what, and when, is for the replay to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, LifecycleError, RuleError, SeparationError, shorten
from forewarn.model.alert import Alert
from forewarn.model.alert_life import CLOCK, NO_ANSWER, AlertEvent, AlertState, replay, same_person
from forewarn.warn.wording import DEFAULT_RULES, WordingRules, check_alert

__all__ = [
    "AlertLife",
    "act",
    "after_action",
    "begin",
    "cancel",
    "close",
    "comment",
    "decide",
    "issue",
    "lapse",
    "may_lapse",
    "obstacles",
    "read",
    "require_update",
    "review",
    "revise",
    "update",
]


@dataclass(frozen=True, slots=True)
class AlertLife:
    """An alert and all that happened to it so far: its versions, first to current, and its events.

    Making one replays the events, so a life that breaks the rules does not exist. ``state`` is where the alert stands.
    """

    versions: tuple[Alert, ...]
    events: tuple[AlertEvent, ...]
    state: AlertState = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = [alert.version for alert in self.versions]
        if not numbers or numbers != list(range(1, len(numbers) + 1)):
            raise InputValueError(f"are {numbers}", where="versions", mend="give versions 1, 2, 3... in order")
        if {alert.alert_id for alert in self.versions} != {event.alert_id for event in self.events}:
            raise InputValueError("are of different alerts", where="versions", mend="give the versions of one")
        object.__setattr__(self, "state", replay(self.authors, self.events))
        if self.state.version != numbers[-1]:
            raise InputValueError(
                f"reach {numbers[-1]}, its events {self.state.version}", where="versions", mend="give the missing ones"
            )

    @property
    def alert(self) -> Alert:
        """The current version."""
        return self.versions[-1]

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors of all versions, in the order they joined: none of them may review any."""
        return tuple(dict.fromkeys(author for alert in self.versions for author in alert.authors))

    def then(self, event: AlertEvent, content: Alert | None = None) -> AlertLife:
        """The life with one more event, and the new version where the event brings one."""
        versions = self.versions if content is None else (*self.versions, content)
        return AlertLife(versions, (*self.events, event))


def begin(alert: Alert, by: str, at: datetime) -> AlertEvent:
    """The first event of an alert: its draft, by one of its authors."""
    event = AlertEvent(alert.alert_id, "draft", by, at, version=1)
    replay(alert.authors, (event,))
    return event


def obstacles(alert: Alert, rules: WordingRules = DEFAULT_RULES) -> tuple[str, ...]:
    """What stands between an alert and its review, one line each: fields still empty, words not allowed."""
    empty = [f"{name}: is empty; a person must write it" for name in alert.missing()]
    return (*empty, *(str(finding) for finding in check_alert(alert, rules)))


def review(
    life: AlertLife, by: str, at: datetime, *, note: str = "", rules: WordingRules = DEFAULT_RULES
) -> AlertEvent:
    """Somebody who wrote none of it has read it and stands behind it being issued."""
    _refuse_obstacles(life.alert, rules)
    return _checked(life, AlertEvent(life.alert.alert_id, "review", by, at, life.alert.version, note))


def revise(life: AlertLife, content: Alert, by: str, at: datetime, *, note: str = "") -> AlertEvent:
    """A new version before issue; it must be reviewed anew."""
    _refuse_other_version(life, content, by)
    return _checked(life, AlertEvent(life.alert.alert_id, "revise", by, at, content.version, note), content)


def issue(life: AlertLife, by: str, at: datetime, *, note: str = "") -> AlertEvent:
    """The reviewed alert goes to its addressee, with time left to decide."""
    _refuse_stale(life.alert, at)
    return _checked(life, AlertEvent(life.alert.alert_id, "issue", by, at, life.alert.version, note))


def read(life: AlertLife, by: str, at: datetime, *, note: str = "") -> AlertEvent:
    """The addressee has read the current version."""
    return _checked(life, AlertEvent(life.alert.alert_id, "read", by, at, life.alert.version, note))


def decide(life: AlertLife, by: str, at: datetime, decision: str, *, note: str = "") -> AlertEvent:
    """The decision of the addressee on the current version, ``decline_with_reason`` with its reason included.

    It may come late, after a lapse; then the alert must still have been read first.
    """
    event = AlertEvent(life.alert.alert_id, "decide", by, at, life.alert.version, note, decision=decision)
    return _checked(life, event)


def lapse(life: AlertLife, at: datetime) -> AlertEvent:
    """The clock's record that the deadline passed without a decision."""
    if not may_lapse(life, at):
        deadline = instant_text(life.alert.decision_needed_by)
        raise LifecycleError(
            f"no answer is missing at {instant_text(at)}", where=_where(life), mend=f"the deadline is {deadline}"
        )
    event = AlertEvent(life.alert.alert_id, "lapse", CLOCK, at, life.alert.version, decision=NO_ANSWER)
    return _checked(life, event)


def may_lapse(life: AlertLife, now: datetime) -> bool:
    """Whether the deadline has passed while the current version waits for a decision."""
    return life.state.status in ("issued", "updated", "read") and now > life.alert.decision_needed_by


def act(life: AlertLife, by: str, at: datetime, note: str) -> AlertEvent:
    """What was done on a person's decision."""
    return _checked(life, AlertEvent(life.alert.alert_id, "act", by, at, life.alert.version, note))


def update(
    life: AlertLife, content: Alert, by: str, at: datetime, *, second: str, rules: WordingRules = DEFAULT_RULES
) -> AlertEvent:
    """A new version of an issued alert, already reviewed by ``second``; its decision is asked for anew."""
    require_update(life, content, by, at, rules)
    event = AlertEvent(life.alert.alert_id, "update", by, at, content.version, second=second)
    return _checked(life, event, content)


def require_update(life: AlertLife, content: Alert, by: str, at: datetime, rules: WordingRules = DEFAULT_RULES) -> None:
    """Let a version wait for somebody to agree; raise what :func:`update` would, but for who agrees."""
    _refuse_other_version(life, content, by)
    _refuse_obstacles(content, rules)
    _refuse_stale(content, at)
    if "update" not in life.state.may():
        what = f"'update' may not follow '{life.state.status}'"
        raise LifecycleError(what, where=_where(life), mend="edit a draft; what has ended stays as it is")


def comment(life: AlertLife, by: str, at: datetime, note: str) -> AlertEvent:
    """What the State concerned, or anybody who dissents, says of it. It stands beside and changes nothing."""
    return _checked(life, AlertEvent(life.alert.alert_id, "comment", by, at, life.alert.version, note))


def cancel(life: AlertLife, by: str, at: datetime, note: str) -> AlertEvent:
    """The alert is taken back, with the reason; what was issued stays on record.

    Once issued, only one of its authors or its reviewer may take it back: nobody else can silence it.
    """
    return _checked(life, AlertEvent(life.alert.alert_id, "cancel", by, at, life.alert.version, note))


def close(life: AlertLife, by: str, at: datetime, note: str) -> AlertEvent:
    """The end of an alert whose current version has a recorded decision, ``no_answer_after_deadline`` included."""
    return _checked(life, AlertEvent(life.alert.alert_id, "close", by, at, life.alert.version, note))


def after_action(life: AlertLife, by: str, at: datetime, outcome: str, *, note: str = "") -> AlertEvent:
    """What the alert turned out to be, of ``taxonomy/alert.yaml`` ``scoring_after``."""
    event = AlertEvent(life.alert.alert_id, "after_action", by, at, life.alert.version, note, outcome=outcome)
    return _checked(life, event)


def _checked(life: AlertLife, event: AlertEvent, content: Alert | None = None) -> AlertEvent:
    """The event, if the life may go on with it; ``content`` is the version it brings."""
    replay((*life.authors, *(content.authors if content else ())), (*life.events, event))
    return event


def _where(life: AlertLife) -> str:
    return f"alert {life.alert.alert_id[:16]}"


def _refuse_obstacles(alert: Alert, rules: WordingRules) -> None:
    found = obstacles(alert, rules)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise RuleError(
            f"cannot be reviewed: {shorten(found[0], 200)}{more}",
            where=f"alert {alert.alert_id[:16]}",
            mend="write them with 'forewarn alert edit'; 'forewarn alert show' lists all",
        )


def _refuse_other_version(life: AlertLife, content: Alert, by: str) -> None:
    if content.alert_id != life.alert.alert_id or content.version != life.alert.version + 1:
        raise LifecycleError(
            f"version {content.version} does not follow {life.alert.version}",
            where=_where(life),
            mend=f"make it version {life.alert.version + 1} of the same alert",
        )
    if content.fictional != life.alert.fictional:
        raise LifecycleError("an exercise cannot become real, nor the reverse", where=_where(life), mend="draft anew")
    if not _is_among(by, content.authors):
        raise SeparationError(
            "whoever writes a version is one of its authors", where=_where(life), mend="add them to the authors"
        )
    if any(_is_among(author, _reviewers(life)) for author in content.authors):
        raise SeparationError("who reviewed it cannot write it", where=_where(life), mend="let another person write")


def _reviewers(life: AlertLife) -> tuple[str, ...]:
    """Whoever reviewed any version."""
    reviews = tuple(event.by for event in life.events if event.kind == "review")
    return (*reviews, *(event.second for event in life.events if event.kind == "update"))


def _refuse_stale(alert: Alert, at: datetime) -> None:
    if alert.decision_needed_by <= at:
        raise LifecycleError(
            f"its deadline {instant_text(alert.decision_needed_by)} has passed at {instant_text(at)}",
            where=f"alert {alert.alert_id[:16]}",
            mend="revise it with a deadline ahead",
        )


def _is_among(person: str, people: tuple[str, ...]) -> bool:
    return any(same_person(person, one) for one in people)
