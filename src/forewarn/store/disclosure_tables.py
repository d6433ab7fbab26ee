"""The table of releases to others: what was proposed by whom, and who approved it. Only added to."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = ["release_entries"]

release_entries = Table(
    "release_entries",
    metadata,
    sequence(),
    text("entry_id"),
    *(text(name) for name in ("release_id", "kind", "by", "at", "terms", "digest", "removed", "content")),
    UniqueConstraint("entry_id", name="release_entries_once"),
    Index("release_entries_by_release", "release_id"),
)
"""``kind`` is proposed or approved; ``content`` is what left, as JSON, and empty until it has."""
