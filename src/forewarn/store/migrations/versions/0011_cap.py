"""Messages in the Common Alerting Protocol, sent and received."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FIRST = (
    "message_id direction sender_digest identifier sent status kind scope event expires refers_to audience alert_id"
)
_LAST = "body snapshot_id by recorded_at"


def upgrade() -> None:
    """Make the table and close it to change."""
    op.create_table(
        "cap_messages",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _FIRST.split()),
        sa.Column("alert_version", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _LAST.split()),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("message_id", "direction", name="cap_messages_once"),
    )
    op.create_index("cap_messages_by_alert", "cap_messages", ["alert_id"])
    append_only_triggers(op.get_bind(), "cap_messages")
