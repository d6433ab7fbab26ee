"""CAP messages, sent and received: appended once each, and read back in the order they were recorded."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.model.cap import CapKept, CapKnown
from forewarn.store.cap_tables import cap_messages

__all__ = ["add_cap_message", "read_cap_messages"]


def add_cap_message(connection: Connection, kept: CapKept) -> CapKept | None:
    """Append a message, unless it is known in that direction already; the one known before, or ``None``."""
    table = cap_messages
    same = (table.c.message_id == kept.known.message_id) & (table.c.direction == kept.known.direction)
    row = connection.execute(select(*table.columns).where(same)).mappings().first()
    if row is not None:
        return _kept(row)
    connection.execute(table.insert(), _row(kept))
    return None


def read_cap_messages(connection: Connection, *, alert_id: str = "") -> list[CapKept]:
    """All messages, or those that tell of one alert, in the order they were recorded."""
    query = select(*cap_messages.columns).order_by(cap_messages.c.sequence)
    if alert_id:
        query = query.where(cap_messages.c.alert_id == alert_id)
    return [_kept(row) for row in connection.execute(query).mappings()]


def _row(kept: CapKept) -> dict[str, Any]:
    known = kept.known
    return {
        **{name: getattr(known, name) for name in known.__slots__},
        "sent": instant_text(known.sent),
        "expires": instant_text(known.expires) if known.expires else "",
        "refers_to": json.dumps(known.refers_to, ensure_ascii=False),
        **{name: getattr(kept, name) for name in kept.__slots__ if name != "known"},
        "recorded_at": instant_text(kept.recorded_at),
    }


def _kept(row: Any) -> CapKept:
    known = {name: row[name] for name in CapKnown.__slots__}
    known["sent"] = instant_from_text(row["sent"])
    known["expires"] = instant_from_text(row["expires"]) if row["expires"] else None
    known["refers_to"] = tuple((one, identifier) for one, identifier in json.loads(row["refers_to"]))
    more = {name: row[name] for name in CapKept.__slots__ if name != "known"}
    more["recorded_at"] = instant_from_text(row["recorded_at"])
    return CapKept(CapKnown(**known), **more)
