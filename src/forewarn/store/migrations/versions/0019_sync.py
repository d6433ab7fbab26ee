"""Packages as sent, what waits for whom, how far each side is; where partners are asked; why it was passed on."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLES = {
    "package_seals": "package_id",
    "package_queue": "recipient package_id kind subject expires_on",
    "sync_marks": "partner direction package_id at",
    "partner_addresses": "partner address by at",
    "sharing_notes": "package_id benefit risk by at",
}
_INDEXES = (
    ("packages_by_source", "packages", "source_id"),
    ("packages_by_direction", "packages", "direction sequence"),
    ("package_queue_by_recipient", "package_queue", "recipient sequence"),
    ("package_queue_by_package", "package_queue", "package_id"),
    ("package_queue_by_subject", "package_queue", "subject"),
    ("sync_marks_by_partner", "sync_marks", "partner direction sequence"),
    ("partner_addresses_by_partner", "partner_addresses", "partner sequence"),
    ("sharing_notes_by_package", "sharing_notes", "package_id"),
)


def upgrade() -> None:
    """Make the tables and close them to change."""
    for table, names in _TABLES.items():
        is_seals = table == "package_seals"
        sealed = [sa.Column("sealed", sa.LargeBinary(), nullable=False)] if is_seals else []
        once = [sa.UniqueConstraint("package_id", name="package_seals_once")] if is_seals else []
        whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
        op.create_table(
            table,
            sa.Column("sequence", whole, nullable=False, autoincrement=True),
            *(sa.Column(name, sa.Text(), nullable=False) for name in names.split()),
            *sealed,
            sa.PrimaryKeyConstraint("sequence"),
            *once,
        )
        append_only_triggers(op.get_bind(), table)
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns.split())
