"""The tables of self-assessments: which checklist for which State, and the answers to it. Only added to."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text

__all__ = ["toolkit_answers", "toolkit_assessments"]

toolkit_assessments = Table(
    "toolkit_assessments",
    metadata,
    sequence(),
    text("assessment_id"),
    *(text(name) for name in ("toolkit", "version", "digest", "unit", "by", "at")),
    UniqueConstraint("assessment_id", name="toolkit_assessments_once"),
)
"""``digest`` is that of the checklist as it stood: a report says when it has changed since."""

toolkit_answers = Table(
    "toolkit_answers",
    metadata,
    sequence(),
    text("answer_id"),
    *(text(name) for name in ("assessment_id", "question", "answer", "evidence", "note", "on", "by", "at")),
    UniqueConstraint("answer_id", name="toolkit_answers_once"),
    Index("toolkit_answers_by_assessment", "assessment_id"),
)
