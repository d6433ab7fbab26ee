"""The tables of response: actions taken, and what bodies have said about conditions on the use of force.

Every row is a fact with an author and is only ever added. How an action stands is its latest entry; the standing of a
condition follows from the latest word of each body. Neither is stored.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["action_entries", "gate_assertions"]

action_entries = Table(
    "action_entries",
    metadata,
    sequence(),
    text("entry_id"),
    text("action_id"),
    text("measure_id"),
    whole("coercion"),
    *(text(name) for name in ("unit", "actor", "started_on", "ended_on", "standing", "source", "by", "at")),
    *(text(name) for name in ("result", "why_inadequate", "judged_by", "authority", "alert_id")),
    UniqueConstraint("entry_id", name="action_entries_once"),
    Index("action_entries_by_unit", "unit", "measure_id"),
)

gate_assertions = Table(
    "gate_assertions",
    metadata,
    sequence(),
    *(text(name) for name in ("assertion_id", "subject", "condition_id", "state", "body", "citation", "by", "at")),
    UniqueConstraint("assertion_id", name="gate_assertions_once"),
    Index("gate_assertions_by_subject", "subject"),
)
