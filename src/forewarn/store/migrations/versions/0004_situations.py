"""Situations and the asking of experts: assessments, questions, steps, estimates and comments."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and close them to change."""
    _table(
        "assessments",
        "assessment_id unit indicator state trend confidence author assessed_at basis claim_ids quotations proposal_id "
        "withdraws",
    )
    op.create_index("assessments_by_unit", "assessments", ["unit", "indicator"])
    _table("elicitations", "elicitation_id question kind noun unit opened_by opened_at")
    op.create_table(
        "elicitation_steps",
        *_text("elicitation_id"),
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        *_text("ends by at"),
        sa.PrimaryKeyConstraint("elicitation_id", "position"),
    )
    append_only_triggers(op.get_bind(), "elicitation_steps")
    _table(
        "estimates",
        "estimate_id elicitation_id expert numbers reason given_at dissent withdraws",
        sa.Column("round", sa.BigInteger(), nullable=False),
    )
    op.create_index("estimates_by_elicitation", "estimates", ["elicitation_id", "round"])
    _table("elicitation_comments", "comment_id elicitation_id expert text said_at")
    op.create_index("elicitation_comments_by_elicitation", "elicitation_comments", ["elicitation_id"])


def _table(name: str, texts: str, *more: sa.Column[int]) -> None:
    """A table of facts: a number as it is added, texts, the first of which stands once, and what else it has."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        name,
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        *_text(texts),
        *more,
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint(texts.partition(" ")[0], name=f"{name}_once"),
    )
    append_only_triggers(op.get_bind(), name)


def _text(names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text(), nullable=False) for name in names.split())
