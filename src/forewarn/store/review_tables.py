"""The tables of review: decisions, the judgements and changes each makes once it holds, and confirmations.

Nothing of these is replaced: an undo is a decision of its own. ``person`` is the name as it is compared. The database
itself refuses a confirmation by the person who decided, whoever sends it. The queue is derived, to be read in pages.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = [
    "review_changes",
    "review_confirmations",
    "review_decisions",
    "review_effects",
    "review_item_claims",
    "review_items",
    "review_items_state",
    "review_names",
    "review_touched",
]

review_decisions = Table(
    "review_decisions",
    metadata,
    sequence(),
    text("decision_id"),
    text("act"),
    text("item"),
    text("subjects"),
    text("verdict"),
    text("author"),
    text("person"),
    text("decided_at"),
    text("reason"),
    whole("two"),
    text("undoes"),
    UniqueConstraint("decision_id", name="review_decisions_once"),
    Index("review_decisions_by_item", "item"),
    Index("review_decisions_by_day", "decided_at"),
)

review_names = Table(
    "review_names",
    metadata,
    text("name", primary_key=True),
    text("decision_id", primary_key=True),
    Index("review_names_by_decision", "decision_id"),
)
"""What each decision is about, judges, takes back and answers, by which it is found: derived from the others."""

review_effects = Table(
    "review_effects",
    metadata,
    text("decision_id", primary_key=True),
    whole("position", primary_key=True),
    text("judgement_id"),
    text("left"),
    text("right"),
    text("verdict"),
    text("withdraws"),
    Index("review_effects_by_judgement", "judgement_id"),
)
"""The judgements a decision makes; they are in ``judgements`` from the moment it has all the persons it needs."""

review_changes = Table(
    "review_changes",
    metadata,
    text("decision_id", primary_key=True),
    whole("position", primary_key=True),
    text("changed"),
    text("subject"),
    text("name"),
    text("value"),
    text("rests_on"),
    Index("review_changes_by_subject", "subject"),
)
"""The values a decision puts in place; whether they stand follows from whether it does."""

review_confirmations = Table(
    "review_confirmations",
    metadata,
    sequence(),
    text("confirmation_id"),
    text("decision_id"),
    text("author"),
    text("person"),
    text("confirmed_at"),
    text("reason"),
    UniqueConstraint("confirmation_id", name="review_confirmations_once"),
    Index("review_confirmations_by_decision", "decision_id"),
)

review_items = Table(
    "review_items",
    metadata,
    text("place", primary_key=True),
    text("item_id"),
    text("kind"),
    text("subject"),
    text("other"),
    text("claims"),
    whole("deaths_high", nullable=True),
    Column("score", Float(53)),
    text("reason"),
    whole("in_alert"),
    text("sensitivity"),
    text("units"),
    Index("review_items_by_id", "item_id"),
    Index("review_items_by_kind", "kind", "place"),
    Index("review_items_by_class", "sensitivity", "kind"),
)
"""What waits for a person, in the order of ``place``, as it was when last brought up; claims and units are JSON."""

review_item_claims = Table(
    "review_item_claims",
    metadata,
    text("item_id", primary_key=True),
    text("claim_id", primary_key=True),
    whole("corrected", primary_key=True),
    text("country"),
    text("admin1"),
    text("sensitivity"),
    Index("review_item_claims_by_claim", "claim_id"),
    Index("review_item_claims_by_area", "country", "admin1", "item_id"),
)
"""The claims that items are about, by which it is told who may see them: as received, and as they read now."""

review_touched = Table(
    "review_touched",
    metadata,
    sequence(),
    text("claim_id"),
    text("country"),
    text("admin1"),
    text("month"),
)
"""What incidents were put in place of others since: their claims, and the areas and months they lay in."""

review_items_state = Table("review_items_state", metadata, sequence(), text("stamp"))
"""One row where items are kept: how far each kind of row had got. None once all incidents were put anew."""
