"""Releases to others: proposals and approvals."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAMES = "entry_id release_id kind by at terms digest removed content"


def upgrade() -> None:
    """Make the table and close it to change."""
    op.create_table(
        "release_entries",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _NAMES.split()),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("entry_id", name="release_entries_once"),
    )
    append_only_triggers(op.get_bind(), "release_entries")
    op.create_index("release_entries_by_release", "release_entries", ["release_id"])
