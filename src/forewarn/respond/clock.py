"""The response clock: who owes what by when on an issued alert, and how long reading and deciding took.

A pure function of an alert, its events and the present instant, which is passed in; all instants are UTC, so
moving between time zones or restarting changes nothing. A recorded ``no_answer_after_deadline`` is shown as what
it is and never counts as a decision by anybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from forewarn.clock import instant_text
from forewarn.errors import InputValueError
from forewarn.model.alert import Alert
from forewarn.model.alert_life import NO_ANSWER, AlertEvent, AlertState, replay
from forewarn.model.validation import require_instant

__all__ = [
    "Duty",
    "ResponseClock",
    "ResponseMetrics",
    "due",
    "overdue",
    "response_clock",
    "response_metrics",
    "span_words",
]

_WAITING = ("issued", "updated", "read")


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody owes next. ``by`` is missing where nothing sets a time."""

    who: str
    what: str
    by: datetime | None = None

    def __str__(self) -> str:
        return f"{self.who}: {self.what}" + (f" by {instant_text(self.by)}" if self.by else "")


@dataclass(frozen=True, slots=True)
class ResponseClock:
    """How one alert stands against its deadline.

    Attributes:
        alert_id, version, level, addressee: of the current version.
        status: as the events tell.
        now: the instant it is read at.
        issued_at: first issue; ``None`` before.
        asked_at: when the current version was issued, or put in place of the one before; ``None`` before issue.
        deadline: when the decision on the current version is needed.
        read_at: first reading of the current version.
        first_decided_at: when a person first decided on the current version; later decisions may replace it.
        decided_at, decision: the decision that stands on the current version; empty while there is none.
        lapsed_at: when the clock recorded that nobody answered, on the current version.
        duty: what comes next, or ``None`` when nothing does.
    """

    alert_id: str
    version: int
    level: str
    addressee: str
    status: str
    now: datetime
    issued_at: datetime | None
    asked_at: datetime | None
    deadline: datetime
    read_at: datetime | None
    first_decided_at: datetime | None
    decided_at: datetime | None
    decision: str
    lapsed_at: datetime | None
    duty: Duty | None

    @property
    def waits(self) -> bool:
        """Whether a decision on an issued alert is still asked for."""
        return self.status in _WAITING

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline passed and no person has decided, lapse recorded or not."""
        has_ended = self.status in ("closed", "after_action", "cancelled")
        return self.asked_at is not None and not self.decided_at and not has_ended and self.now > self.deadline

    @property
    def overdue_by(self) -> timedelta | None:
        """How long the decision is overdue; ``None`` when it is not."""
        return self.now - self.deadline if self.is_overdue else None

    @property
    def time_to_read(self) -> timedelta | None:
        """From asking to reading the current version; ``None`` while unread."""
        return self.read_at - self.asked_at if self.read_at and self.asked_at else None

    @property
    def time_to_decision(self) -> timedelta | None:
        """From asking to a person's decision on the current version; ``None`` while there is none."""
        return self.first_decided_at - self.asked_at if self.first_decided_at and self.asked_at else None

    @property
    def words(self) -> str:
        """One sentence: where it stands and, where something is owed, who owes what by when."""
        said = self._standing()
        return f"{said} Next: {self.duty}." if self.duty else said

    def _standing(self) -> str:
        if self.asked_at is None:
            return "Not issued: no clock is running."
        if self.decided_at is not None:
            late = (self.first_decided_at or self.decided_at) - self.deadline
            when = f", {span_words(late)} after the deadline" if late > timedelta(0) else ""
            return f"Decided on {instant_text(self.decided_at)}{when}: {self.decision.replace('_', ' ')}."
        if self.status in ("closed", "after_action", "cancelled"):
            return f"{self.status.replace('_', ' ').capitalize()} without a decision by a person."
        if self.is_overdue:
            return f"No answer: overdue by {span_words(self.now - self.deadline)}."
        return f"A decision is due in {span_words(self.deadline - self.now)}."


@dataclass(frozen=True, slots=True)
class ResponseMetrics:
    """The product's own figures over many alerts. Durations are medians in hours, ``None`` when there are none.

    Attributes:
        issued: alerts ever issued; every share is of these.
        read, decided, lapsed, overdue: how many were read, decided by a person, lapsed, and are overdue now.
        share_with_recorded_decision: decided by a person, 0..1, or ``None`` when none was issued.
        hours_to_read, hours_to_decision: medians over those read, and decided.
        lead_days: median days from issue to the first harm of the kind warned of, where a day is known; alerts
            issued after it count as negative.
        lead_known: over how many alerts.
    """

    issued: int
    read: int
    decided: int
    lapsed: int
    overdue: int
    share_with_recorded_decision: float | None
    hours_to_read: float | None
    hours_to_decision: float | None
    lead_days: float | None
    lead_known: int


def response_clock(
    alert: Alert, events: tuple[AlertEvent, ...], now: datetime, *, authors: tuple[str, ...] = ()
) -> ResponseClock:
    """The clock of an alert.

    Args:
        alert: its current version.
        events: its whole life, in order.
        now: the present instant, UTC, not before the last event.
        authors: the authors of all its versions; by default those of the current one.
    """
    require_instant(now, "now")
    state = replay(authors or alert.authors, events)
    if state.last_at is not None and now < state.last_at:
        raise InputValueError(
            f"{instant_text(now)} is before the last event", where="now", mend="check the clock of this machine"
        )
    since = _since_asked(events)
    asked = since[0].at if since else None
    is_current = state.decision_version == state.version
    by_person = is_current and state.decision not in ("", NO_ANSWER)
    return ResponseClock(
        alert_id=alert.alert_id,
        version=state.version,
        level=alert.level,
        addressee=alert.addressee,
        status=state.status,
        now=now,
        issued_at=state.issued_at,
        asked_at=asked,
        deadline=alert.decision_needed_by,
        read_at=state.read_at,
        first_decided_at=_first(since, "decide") if by_person else None,
        decided_at=state.decided_at if by_person else None,
        decision=state.decision if by_person else "",
        lapsed_at=_first(since, "lapse"),
        duty=_duty(alert, state, is_decided=by_person),
    )


def due(clocks: Iterable[ResponseClock], within: timedelta) -> tuple[ResponseClock, ...]:
    """Alerts that wait for a decision due within that time and not yet overdue, soonest first."""
    soon = [clock for clock in clocks if clock.waits and timedelta(0) <= clock.deadline - clock.now <= within]
    return tuple(sorted(soon, key=lambda clock: (clock.deadline, clock.alert_id)))


def overdue(clocks: Iterable[ResponseClock]) -> tuple[ResponseClock, ...]:
    """Alerts whose decision is overdue, longest overdue first."""
    late = [clock for clock in clocks if clock.is_overdue]
    return tuple(sorted(late, key=lambda clock: (clock.deadline, clock.alert_id)))


def response_metrics(
    clocks: Iterable[ResponseClock], first_harm_on: Mapping[str, date] | None = None
) -> ResponseMetrics:
    """The figures over many alerts; ``first_harm_on`` gives, by alert, the day the harm warned of began."""
    issued = [clock for clock in clocks if clock.issued_at is not None]
    decided = [clock for clock in issued if clock.decided_at is not None]
    leads = _lead_days(issued, first_harm_on or {})
    return ResponseMetrics(
        issued=len(issued),
        read=sum(clock.read_at is not None for clock in issued),
        decided=len(decided),
        lapsed=sum(clock.lapsed_at is not None for clock in issued),
        overdue=sum(clock.is_overdue for clock in issued),
        share_with_recorded_decision=len(decided) / len(issued) if issued else None,
        hours_to_read=_median_hours(clock.time_to_read for clock in issued),
        hours_to_decision=_median_hours(clock.time_to_decision for clock in decided),
        lead_days=median(leads) if leads else None,
        lead_known=len(leads),
    )


def span_words(span: timedelta) -> str:
    """A duration as people say it: ``3 days``, ``5 hours``, ``less than an hour``."""
    hours = math.floor(span.total_seconds() / 3_600)
    if hours < 1:
        return "less than an hour"
    number, noun = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _duty(alert: Alert, state: AlertState, *, is_decided: bool) -> Duty | None:
    addressee = alert.addressee or "the addressee (not yet named)"
    duties = {
        "draft": Duty("a reviewer who is not an author", "review it, once no field is empty"),
        "reviewed": Duty("the authors", "issue it"),
        "issued": Duty(addressee, "read it and decide", alert.decision_needed_by),
        "updated": Duty(addressee, "read the new version and decide", alert.decision_needed_by),
        "read": Duty(addressee, "record a decision, a reasoned decline included", alert.decision_needed_by),
        "action_recorded": Duty("the authors", "update or close it"),
        "closed": Duty("a reviewer", "record what it turned out to be"),
    }
    if state.status == "decision_recorded":
        if not is_decided:
            return Duty(addressee, "record the decision that is missing")
        return Duty(addressee, "record what was done") if state.decision == "act" else Duty("the authors", "close it")
    return duties.get(state.status)


def _since_asked(events: tuple[AlertEvent, ...]) -> tuple[AlertEvent, ...]:
    """The events from the one that asked for the current decision on; none before issue."""
    asking = [position for position, event in enumerate(events) if event.kind in ("issue", "update")]
    return events[asking[-1] :] if asking else ()


def _first(events: tuple[AlertEvent, ...], kind: str) -> datetime | None:
    return next((event.at for event in events if event.kind == kind), None)


def _lead_days(issued: list[ResponseClock], first_harm_on: Mapping[str, date]) -> list[int]:
    return [
        (first_harm_on[clock.alert_id] - clock.issued_at.date()).days
        for clock in issued
        if clock.issued_at is not None and clock.alert_id in first_harm_on
    ]


def _median_hours(spans: Iterable[timedelta | None]) -> float | None:
    hours = [span.total_seconds() / 3_600 for span in spans if span is not None]
    return median(hours) if hours else None
