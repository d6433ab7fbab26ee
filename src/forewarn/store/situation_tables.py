"""The tables of situations and of asking experts. Every row is a fact with an author; none is ever changed.

What holds is worked out from the rows: an assessment, or an estimate, that only takes another back names it in
``withdraws``. Lists (claims, quotations, values) are JSON text.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = ["assessments", "elicitation_comments", "elicitation_steps", "elicitations", "estimates"]

assessments = Table(
    "assessments",
    metadata,
    sequence(),
    text("assessment_id"),
    text("unit"),
    text("indicator"),
    text("state"),
    text("trend"),
    text("confidence"),
    text("author"),
    text("assessed_at"),
    text("basis"),
    text("claim_ids"),
    text("quotations"),
    text("proposal_id"),
    text("withdraws"),
    UniqueConstraint("assessment_id", name="assessments_once"),
    Index("assessments_by_unit", "unit", "indicator"),
)

elicitations = Table(
    "elicitations",
    metadata,
    sequence(),
    text("elicitation_id"),
    text("question"),
    text("kind"),
    text("noun"),
    text("unit"),
    text("opened_by"),
    text("opened_at"),
    UniqueConstraint("elicitation_id", name="elicitations_once"),
)

elicitation_steps = Table(
    "elicitation_steps",
    metadata,
    text("elicitation_id", primary_key=True),
    whole("position", primary_key=True),
    text("ends"),
    text("by"),
    text("at"),
)
"""The ends of phases; the key lets two people not both end one."""

estimates = Table(
    "estimates",
    metadata,
    sequence(),
    text("estimate_id"),
    text("elicitation_id"),
    whole("round"),
    text("expert"),
    text("numbers"),
    text("reason"),
    text("given_at"),
    text("dissent"),
    text("withdraws"),
    UniqueConstraint("estimate_id", name="estimates_once"),
    Index("estimates_by_elicitation", "elicitation_id", "round"),
)

elicitation_comments = Table(
    "elicitation_comments",
    metadata,
    sequence(),
    text("comment_id"),
    text("elicitation_id"),
    text("expert"),
    text("text"),
    text("said_at"),
    UniqueConstraint("comment_id", name="elicitation_comments_once"),
    Index("elicitation_comments_by_elicitation", "elicitation_id"),
)
