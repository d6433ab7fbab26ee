"""The tables of what is tracked: items, entries about them, and what is on record about incidents. Only added to."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = ["case_entries", "tracked_entries", "tracked_items"]

tracked_items = Table(
    "tracked_items",
    metadata,
    sequence(),
    text("item_id"),
    *(text(name) for name in ("kind", "what", "owner", "unit", "source", "starts_on", "due_on", "undertaking_id")),
    *(text(name) for name in ("document_id", "quote", "by", "at")),
    UniqueConstraint("item_id", name="tracked_items_once"),
    Index("tracked_items_by_unit", "unit"),
)

tracked_entries = Table(
    "tracked_entries",
    metadata,
    sequence(),
    text("entry_id"),
    *(text(name) for name in ("item_id", "kind", "value", "source", "on", "note", "by", "at")),
    UniqueConstraint("entry_id", name="tracked_entries_once"),
    Index("tracked_entries_by_item", "item_id"),
)

case_entries = Table(
    "case_entries",
    metadata,
    sequence(),
    text("case_id"),
    *(text(name) for name in ("claim_id", "status", "body", "source", "on", "note", "by", "at", "undoes")),
    UniqueConstraint("case_id", name="case_entries_once"),
    Index("case_entries_by_claim", "claim_id"),
)
"""A case hangs on a claim, for incidents are assembled anew."""
