"""Actions and assertions on the gate: appended, and read back as nouns."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError
from forewarn.model.action import Action
from forewarn.model.response import GateAssertion, GateState
from forewarn.store import schema

__all__ = ["add_action", "add_gate_assertion", "read_actions", "read_gate_assertions"]


def add_action(connection: Connection, entry: Action) -> None:
    """Append an entry on an action. Raises :class:`LifecycleError` where the very same was recorded before."""
    row = {name: getattr(entry, name) for name in entry.__slots__}
    row |= {"entry_id": entry.entry_id, "action_id": entry.action_id, "at": instant_text(entry.at)}
    row |= {
        "started_on": entry.started_on.isoformat(),
        "ended_on": entry.ended_on.isoformat() if entry.ended_on else "",
    }
    _append(connection, schema.action_entries, "entry_id", row)


def read_actions(connection: Connection, unit: str = "") -> list[Action]:
    """The entries on actions in a place and below it, or all, in the order recorded."""
    table = schema.action_entries
    query = select(*(table.c[name] for name in Action.__slots__)).order_by(table.c.sequence)
    if unit:
        query = query.where((table.c.unit == unit) | table.c.unit.startswith(f"{unit}/", autoescape=True))
    return [_action(dict(row)) for row in connection.execute(query).mappings()]


def add_gate_assertion(connection: Connection, said: GateAssertion) -> None:
    """Append what a body said of a condition. Raises :class:`LifecycleError` where it was recorded before."""
    row = {name: getattr(said, name) for name in said.__slots__}
    row |= {"assertion_id": said.assertion_id, "state": said.state.value, "at": instant_text(said.at)}
    _append(connection, schema.gate_assertions, "assertion_id", row)


def read_gate_assertions(connection: Connection, subject: str) -> list[GateAssertion]:
    """What bodies said for a subject, in the order recorded."""
    table = schema.gate_assertions
    query = select(*(table.c[name] for name in GateAssertion.__slots__)).where(table.c.subject == subject)
    rows = connection.execute(query.order_by(table.c.sequence)).mappings()
    return [
        GateAssertion(**{**row, "state": GateState(row["state"]), "at": instant_from_text(row["at"])}) for row in rows
    ]


def _append(connection: Connection, table: Table, key: str, row: dict[str, Any]) -> None:
    if connection.execute(select(table.c.sequence).where(table.c[key] == row[key])).first():
        raise LifecycleError("was recorded before in the same words", where=table.name, mend="nothing is to be done")
    connection.execute(table.insert(), row)


def _action(row: dict[str, Any]) -> Action:
    row |= {"at": instant_from_text(row["at"]), "started_on": date.fromisoformat(row["started_on"])}
    row["ended_on"] = date.fromisoformat(row["ended_on"]) if row["ended_on"] else None
    return Action(**row)
