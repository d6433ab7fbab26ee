"""What linkage keeps between two runs: where claims are sought, how often things occur, how far it got."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they are derived, and the next assessment fills them."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "linked_claims",
        *_texts("claim_id"),
        *_wholes("cell"),
        *_texts("country"),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.BigInteger(), nullable=True),
        *_texts("words"),
        *_wholes("waiting"),
        *_texts("again_on"),
        sa.PrimaryKeyConstraint("claim_id"),
    )
    op.create_index("linked_claims_by_cell", "linked_claims", ["cell", "first"])
    op.create_index("linked_claims_by_country", "linked_claims", ["country", "first"])
    op.create_index("linked_claims_by_area", "linked_claims", ["country", "cell", "first"])
    op.create_index("linked_claims_by_words", "linked_claims", ["words"])
    op.create_table("linkage_counts", *_texts("kind key"), *_wholes("count"), sa.PrimaryKeyConstraint("kind", "key"))
    op.create_table(
        "linkage_state",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *_texts("stamp assessed_on"),
        *_wholes("judgements quarantines rulings"),
        sa.PrimaryKeyConstraint("sequence"),
    )


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def _wholes(names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False) for name in names.split()]
