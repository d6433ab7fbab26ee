"""The tables of what people say about sources and origins beyond a grade: rulings, quarantine, and sights of grades.

Each is only added to. What holds is read by replay: a withdrawal or a release names the row it ends.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = ["grade_sights", "origin_rulings", "quarantines"]

origin_rulings = Table(
    "origin_rulings",
    metadata,
    sequence(),
    text("ruling_id"),
    text("left"),
    text("right"),
    text("verdict"),
    text("author"),
    text("ruled_at"),
    text("reason"),
    text("withdraws"),
    UniqueConstraint("ruling_id", name="origin_rulings_once"),
    Index("origin_rulings_by_left", "left"),
)
"""Whether two claims go back to one origin, as a person rules; it stands above what the rules find."""

quarantines = Table(
    "quarantines",
    metadata,
    sequence(),
    text("quarantine_id"),
    text("subject"),
    text("kind"),
    text("author"),
    text("decided_at"),
    text("reason"),
    text("releases"),
    UniqueConstraint("quarantine_id", name="quarantines_once"),
    Index("quarantines_by_subject", "subject"),
)
"""A source or claim that is not counted and why, or (``releases`` set) is counted again."""

grade_sights = Table(
    "grade_sights",
    metadata,
    sequence(),
    text("subject"),
    text("person"),
    text("seen_at"),
    Index("grade_sights_by_subject", "subject", "person"),
)
"""Who was shown the grades on a claim or source, and when: they no longer grade it blind."""
