"""An alert's clock as a picture: from when it was asked to its deadline, with what happened between.

Places along the line are percentages of its width, so that the picture needs neither a script nor a style of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forewarn.operations.alert_text import ShownAlert
from forewarn.web.languages import marked

__all__ = ["Deadline", "Mark", "deadline_of"]

_WIDTH = 96.0
_LEFT = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the line: its class, what it is, when, and how far along, in percent of the width."""

    kind: str
    name: str
    at: datetime
    along: float


@dataclass(frozen=True, slots=True)
class Deadline:
    """The picture.

    Attributes:
        marks: what happened and what is due, in order of time.
        begin, end: how far the line reaches.
        spent: how far time has run, up to the deadline.
        late: how far it has run beyond, where no decision stands; equal to ``spent`` where it has not.
        left: time left to the deadline, in days; below zero when it has passed; missing once a decision stands.
    """

    marks: tuple[Mark, ...]
    begin: float
    end: float
    spent: float
    late: float
    left: float | None


def deadline_of(shown: ShownAlert) -> Deadline:
    """The clock of an alert, from its first draft where it was never issued."""
    clock = shown.clock
    first = clock.asked_at or (shown.events[0].at if shown.events else clock.now)
    named = [
        ("asked", marked("asked") if clock.asked_at else marked("drafted"), first),
        ("read", marked("read"), clock.read_at),
        ("lapsed", marked("no answer by then"), clock.lapsed_at),
        ("decided", marked("decided"), clock.first_decided_at),
        ("due", marked("decision needed by"), clock.deadline),
    ]
    until = clock.first_decided_at or clock.now
    waits = clock.first_decided_at is None and clock.status not in ("closed", "after_action", "cancelled")
    if waits:
        named.append(("now", marked("now"), clock.now))
    told = sorted(((kind, name, at) for kind, name, at in named if at is not None), key=lambda one: one[2])
    start, stop = told[0][2], max(told[-1][2], told[0][2] + timedelta(hours=1))

    def along(at: datetime) -> float:
        return round(_LEFT + _WIDTH * max(0.0, min(1.0, (at - start) / (stop - start))), 2)

    left = (clock.deadline - clock.now) / timedelta(days=1) if waits else None
    spent = along(min(until, clock.deadline))
    late = max(spent, along(until))
    marks = tuple(Mark(kind, name, at, along(at)) for kind, name, at in told)
    return Deadline(marks, along(start), along(stop), spent, late, left)
