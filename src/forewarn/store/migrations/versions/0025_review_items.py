"""The queue of review, kept in its order to be read in pages."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they are derived, and the next look at the queue fills them."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "review_items",
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        *_texts("item_id kind subject other claims"),
        sa.Column("deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(53), nullable=True),
        *_texts("reason"),
        sa.Column("in_alert", sa.BigInteger(), nullable=False),
        *_texts("sensitivity units"),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("review_items_by_id", "review_items", ["item_id"])
    op.create_index("review_items_by_kind", "review_items", ["kind", "position"])
    op.create_table(
        "review_items_state",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *_texts("stamp"),
        sa.PrimaryKeyConstraint("sequence"),
    )


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
