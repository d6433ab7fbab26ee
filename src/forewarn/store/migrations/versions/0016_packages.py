"""Partners, and the packages made for and received from them."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = {
    "partner_entries": "kind name sign seal by at",
    "packages": "package_id direction manifest content source_id by at",
}


def upgrade() -> None:
    """Make the tables and close them to change."""
    for table, names in _TABLES.items():
        once = [sa.UniqueConstraint("package_id", name="packages_once")] if table == "packages" else []
        whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
        op.create_table(
            table,
            sa.Column("sequence", whole, nullable=False, autoincrement=True),
            *(sa.Column(name, sa.Text(), nullable=False) for name in names.split()),
            sa.PrimaryKeyConstraint("sequence"),
            *once,
        )
        append_only_triggers(op.get_bind(), table)
    op.create_index("partner_entries_by_name", "partner_entries", ["name"])
