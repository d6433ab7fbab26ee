"""New versions of issued alerts that wait for a second person."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TEXTS = ("body", "by", "at", "note", "withdraws")


def upgrade() -> None:
    """Make the table and close it to change."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "alert_updates",
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("entry_id", name="alert_updates_once"),
    )
    op.create_index("alert_updates_by_alert", "alert_updates", ["alert_id"])
    append_only_triggers(op.get_bind(), "alert_updates")
