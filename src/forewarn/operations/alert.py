"""Alerts from draft to after-action: proposals become drafts, people complete, review, issue, read and decide.

Each act loads the alert's whole life, lets ``warn.lifecycle`` make the event, and lets the store replay it once
more as it appends. Nothing is ever changed or removed; a new version stands beside the old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.alert import Alert
from forewarn.model.alert_life import AlertEvent, AlertState
from forewarn.operations.workspace import Workspace
from forewarn.respond import ResponseClock, response_clock
from forewarn.store import decisions, reading, schema
from forewarn.warn import AlertLife, lifecycle

__all__ = [
    "AlertSummary", "Step", "alert_life", "alert_lives", "changed_alert", "clock_of", "edit", "find_alert", "listed",
    "step", "summary_of", "update",
]  # fmt: skip

_ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)
_FIXED = frozenset({"alert_id", "version", "unit", "authors", "fictional"})
"""What a new version of an alert cannot change by hand."""


@dataclass(frozen=True, slots=True)
class AlertSummary:
    """An alert in a list: where it stands, what may follow, what its clock says, and who wrote any of it."""

    alert_id: str
    unit: str
    level: str
    version: int
    status: str
    what_could_happen: str
    addressee: str
    decision: str
    decision_needed_by: datetime
    overdue: bool
    may: tuple[str, ...]
    obstacles: int
    fictional: bool
    writers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step to take: its kind, who takes it, and what it needs beside."""

    kind: str
    by: str
    note: str = ""
    decision: str = ""
    outcome: str = ""


def listed(workspace: Workspace, *, status: str | None = None) -> list[AlertSummary]:
    """Every alert, in the order drafted."""
    with workspace.database.reading() as connection:
        lives = alert_lives(connection, decisions.alert_ids(connection))
    rows = [summary_of(life, workspace.now) for life in lives]
    return [row for row in rows if status is None or row.status == status]


def find_alert(connection: Connection, name: str) -> str:
    """The full id of an alert from its beginning, with or without ``alr_``; or the only one, from ``latest``."""
    if name == "latest":
        ids = decisions.alert_ids(connection)
        if not ids:
            raise UnknownNameError("there is no alert yet", mend="run 'forewarn alert draft'")
        return ids[-1]
    prefix = name if name.startswith("alr_") else f"alr_{name}"
    return reading.find_id(connection, schema.alerts, "alert_id", prefix, "alert")


def alert_life(connection: Connection, alert_id: str) -> AlertLife:
    """An alert with all its versions and events."""
    found = alert_lives(connection, [alert_id])
    if not found:
        raise UnknownNameError(f"no alert '{short(alert_id)}'", mend="see 'forewarn alert list'")
    return found[0]


def alert_lives(connection: Connection, alert_ids: Sequence[str]) -> list[AlertLife]:
    """Alerts with all their versions and events, in the order named."""
    versions, events = decisions.read_alerts(connection, alert_ids), decisions.events_of(connection, alert_ids)
    return [AlertLife(versions[name], events.get(name, ())) for name in alert_ids if name in versions]


def clock_of(life: AlertLife, now: datetime) -> ResponseClock:
    """The clock of an alert; where a day set for training lies before what was recorded, it stands at the last."""
    latest = max((event.at for event in life.events), default=now)
    return response_clock(life.alert, life.events, max(now, latest), authors=life.authors)


def step(workspace: Workspace, name: str, wanted: Step) -> AlertState:
    """Take a step in an alert's life; where it stands then.

    Raises :class:`LifecycleError`, :class:`SeparationError` or :class:`RuleError` where the rules forbid it.
    """
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        event = _EVENTS[wanted.kind](life, wanted, workspace.now)
        return decisions.append_alert_event(connection, event)


def edit(workspace: Workspace, name: str, changes: Mapping[str, Any], *, by: str, note: str = "") -> AlertState:
    """Write the next version of a draft with some fields changed; it must be reviewed anew."""
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        content = changed_alert(life.alert, changes, by)
        event = lifecycle.revise(life, content, by, workspace.now, note=note)
        decisions.add_alert_version(connection, content, written_at=instant_text(workspace.now))
        return decisions.append_alert_event(connection, event)


def update(workspace: Workspace, name: str, changes: Mapping[str, Any], *, by: str, second: str) -> AlertState:
    """Write the next version of an issued alert, already reviewed by ``second``; its decision is asked for anew."""
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        content = changed_alert(life.alert, changes, by)
        event = lifecycle.update(life, content, by, workspace.now, second=second)
        decisions.add_alert_version(connection, content, written_at=instant_text(workspace.now))
        return decisions.append_alert_event(connection, event)


def changed_alert(alert: Alert, changes: Mapping[str, Any], by: str) -> Alert:
    """The next version with some fields changed and its writer among the authors.

    Raises:
        UsageError: a field that nobody writes.
        InputValueError: a value that its field cannot have.
    """
    known = set(Alert.__dataclass_fields__) - _FIXED
    for field in changes:
        if field not in known:
            raise UsageError(f"'{shorten(field)}' is no field to write", mend=f"use of: {', '.join(sorted(known))}")
    body = _ALERT.dump_python(alert, mode="json") | dict(changes)
    body |= {"version": alert.version + 1, "authors": [*alert.authors, *(() if by in alert.authors else (by,))]}
    try:
        return _ALERT.validate_python(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputValueError(first["msg"], where=where, mend="correct that field") from None


def summary_of(life: AlertLife, now: datetime) -> AlertSummary:
    """An alert as a list shows it."""
    alert, state = life.alert, life.state
    return AlertSummary(
        alert_id=alert.alert_id,
        unit=alert.unit,
        level=alert.level,
        version=alert.version,
        status=state.status,
        what_could_happen=alert.what_could_happen,
        addressee=alert.addressee,
        decision=state.decision,
        decision_needed_by=alert.decision_needed_by,
        overdue=lifecycle.may_lapse(life, now),
        may=state.may(),
        obstacles=len(lifecycle.obstacles(alert)) if state.status == "draft" else 0,
        fictional=alert.fictional,
        writers=state.writers,
    )


_EVENTS: Mapping[str, Callable[[AlertLife, Step, datetime], AlertEvent]] = {
    "act": lambda life, s, now: lifecycle.act(life, s.by, now, s.note),
    "after_action": lambda life, s, now: lifecycle.after_action(life, s.by, now, s.outcome, note=s.note),
    "cancel": lambda life, s, now: lifecycle.cancel(life, s.by, now, s.note),
    "close": lambda life, s, now: lifecycle.close(life, s.by, now, s.note),
    "comment": lambda life, s, now: lifecycle.comment(life, s.by, now, s.note),
    "decide": lambda life, s, now: lifecycle.decide(life, s.by, now, s.decision, note=s.note),
    "issue": lambda life, s, now: lifecycle.issue(life, s.by, now, note=s.note),
    "lapse": lambda life, s, now: lifecycle.lapse(life, now),
    "read": lambda life, s, now: lifecycle.read(life, s.by, now, note=s.note),
    "review": lambda life, s, now: lifecycle.review(life, s.by, now, note=s.note),
}
"""How each kind of step is made."""
