"""Addresses for roles, notices on alerts, and the receipts of handing them over."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and close them to change."""
    op.create_table(
        "recipients",
        _sequence(),
        *_texts("recipient_id role means address by at"),
        _whole("removed"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("recipients_by_id", "recipients", ["recipient_id"])
    op.create_table(
        "notices",
        _sequence(),
        *_texts("notice_id alert_id"),
        _whole("version"),
        *_texts("kind mark role level country deadline"),
        _whole("fictional"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("notice_id", name="notices_once"),
    )
    op.create_index("notices_by_alert", "notices", ["alert_id"])
    op.create_table(
        "receipts",
        _sequence(),
        *_texts("notice_id recipient_id"),
        _whole("handed_over"),
        *_texts("detail at"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("receipts_by_notice", "receipts", ["notice_id"])
    for table in ("recipients", "notices", "receipts"):
        append_only_triggers(op.get_bind(), table)


def _sequence() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("sequence", number, nullable=False, autoincrement=True)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
