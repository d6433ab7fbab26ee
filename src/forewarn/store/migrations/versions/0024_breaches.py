"""Incidents with data, and the steps taken."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it to change."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "breach_entries",
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("entry_id", "breach_id", "step", "said", "by", "at")),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("entry_id", name="breach_entries_once"),
    )
    op.create_index("breach_entries_by_breach", "breach_entries", ["breach_id"])
    append_only_triggers(op.get_bind(), "breach_entries")
