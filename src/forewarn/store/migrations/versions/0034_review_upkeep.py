"""The kept queue of review in an order that takes new items, with the claims of each and what was touched since."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the tables anew; they are derived, and the next look at the queue fills them."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.drop_table("review_items")
    _items(*_texts("place"), sa.PrimaryKeyConstraint("place"), by="place")
    op.create_table(
        "review_item_claims",
        *_texts("item_id claim_id"),
        sa.Column("corrected", sa.BigInteger(), nullable=False, autoincrement=False),
        *_texts("country admin1 sensitivity"),
        sa.PrimaryKeyConstraint("item_id", "claim_id", "corrected"),
    )
    op.create_index("review_item_claims_by_claim", "review_item_claims", ["claim_id"])
    op.create_index("review_item_claims_by_area", "review_item_claims", ["country", "admin1", "item_id"])
    op.create_table(
        "review_touched",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *_texts("claim_id country admin1 month"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.execute("DELETE FROM review_items_state")


def downgrade() -> None:
    """Put the earlier table back, empty."""
    for name in ("review_touched", "review_item_claims", "review_items"):
        op.drop_table(name)
    position = sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False)
    _items(position, sa.PrimaryKeyConstraint("position"), by="position")
    op.execute("DELETE FROM review_items_state")


def _items(*first: sa.schema.SchemaItem, by: str) -> None:
    op.create_table(
        "review_items",
        *first,
        *_texts("item_id kind subject other claims"),
        sa.Column("deaths_high", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(53), nullable=True),
        *_texts("reason"),
        sa.Column("in_alert", sa.BigInteger(), nullable=False),
        *_texts("sensitivity units"),
    )
    op.create_index("review_items_by_id", "review_items", ["item_id"])
    op.create_index("review_items_by_kind", "review_items", ["kind", by])
    op.create_index("review_items_by_class", "review_items", ["sensitivity", "kind"])


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
