"""Incidents with data: a table of its own, and steps appended to it, read back in the order added."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Index, Table, UniqueConstraint, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.model.breach import BreachEntry
from forewarn.store.columns import metadata, sequence, text

__all__ = ["add_step", "breach_entries", "read_steps"]

breach_entries = Table(
    "breach_entries",
    metadata,
    sequence(),
    *(text(name) for name in ("entry_id", "breach_id", "step", "said", "by", "at")),
    UniqueConstraint("entry_id", name="breach_entries_once"),
    Index("breach_entries_by_breach", "breach_id"),
)


def add_step(connection: Connection, entry: BreachEntry) -> None:
    """Append a step."""
    row = {"entry_id": entry.entry_id, "breach_id": entry.breach_id, "step": entry.step, "said": entry.said_text}
    connection.execute(breach_entries.insert(), {**row, "by": entry.by, "at": instant_text(entry.at)})


def read_steps(connection: Connection, breach_id: str = "") -> list[BreachEntry]:
    """All steps, or those of one breach."""
    query = select(breach_entries).order_by(breach_entries.c.sequence)
    if breach_id:
        query = query.where(breach_entries.c.breach_id == breach_id)
    return [
        BreachEntry(row["step"], row["by"], instant_from_text(row["at"]), json.loads(row["said"]), row["breach_id"])
        for row in connection.execute(query).mappings()
    ]
