"""New versions of issued alerts that wait for a second person: a table of its own, only ever added to.

What waits is the last that was written for the version that holds, unless it was taken back. Taking back is a row of
its own; what somebody agreed with waits no longer, for the alert then has that version.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Index, Table, UniqueConstraint, func, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError
from forewarn.ids import short
from forewarn.model.alert import Alert
from forewarn.model.alert_update import AlertUpdate
from forewarn.store.columns import metadata, sequence, text, whole
from forewarn.store.listing_tables import alert_marks

__all__ = ["add_update", "alert_updates", "alerts_with_update", "take_update_back", "waiting_update"]

_ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)

alert_updates = Table(
    "alert_updates",
    metadata,
    sequence(),
    text("entry_id"),
    text("alert_id"),
    whole("version"),
    *(text(name) for name in ("body", "by", "at", "note", "withdraws")),
    UniqueConstraint("entry_id", name="alert_updates_once"),
    Index("alert_updates_by_alert", "alert_id"),
)


def add_update(connection: Connection, update: AlertUpdate) -> None:
    """Append a version that waits; it takes the place of one that waited."""
    _append(connection, update.update_id, update, _ALERT.dump_json(update.content).decode())


def take_update_back(connection: Connection, update: AlertUpdate, *, by: str, at: datetime, why: str) -> None:
    """Append that a version waits no longer."""
    taken = AlertUpdate(update.content, by, at, why)
    _append(connection, f"{taken.update_id}:back", taken, "", withdraws=update.update_id)


def waiting_update(connection: Connection, alert_id: str) -> AlertUpdate | None:
    """The version that waits for a second person, if any does."""
    return _waiting(connection, alert_id).get(alert_id)


def alerts_with_update(connection: Connection) -> dict[str, AlertUpdate]:
    """The alerts for which a version waits, each with it."""
    return _waiting(connection)


def _waiting(connection: Connection, alert_id: str = "") -> dict[str, AlertUpdate]:
    """By alert, the last row written for the version after the newest, unless it takes one back."""
    table = alert_updates
    newest = select(func.max(alert_marks.c.version)).where(alert_marks.c.alert_id == table.c.alert_id)
    query = select(*table.columns).where(table.c.version == newest.scalar_subquery() + 1).order_by(table.c.sequence)
    query = query.where(table.c.alert_id == alert_id) if alert_id else query
    last = {row["alert_id"]: row for row in connection.execute(query).mappings()}
    return {
        name: AlertUpdate(_ALERT.validate_json(row["body"]), row["by"], instant_from_text(row["at"]), row["note"])
        for name, row in last.items()
        if not row["withdraws"]
    }


def _append(connection: Connection, name: str, update: AlertUpdate, body: str, *, withdraws: str = "") -> None:
    table = alert_updates
    if connection.execute(select(table.c.sequence).where(table.c.entry_id == name)).first():
        where = f"alert {short(update.content.alert_id)}"
        raise LifecycleError("was written before in the same words", where=where, mend="nothing is to be done")
    row = {"entry_id": name, "alert_id": update.content.alert_id, "version": update.content.version, "body": body}
    row |= {"by": update.by, "at": instant_text(update.at), "note": update.note, "withdraws": withdraws}
    connection.execute(table.insert(), row)
