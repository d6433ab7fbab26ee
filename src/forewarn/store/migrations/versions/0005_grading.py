"""Rulings on origins, quarantine, sights of grades; what a grade rests on; claims in quarantine of an incident."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, close them to change, and widen grades and incidents."""
    rest = "left right verdict author ruled_at reason withdraws"
    _table("origin_rulings", f"ruling_id {rest}", index=["left"], once="ruling_id")
    rest = "subject kind author decided_at reason releases"
    _table("quarantines", f"quarantine_id {rest}", index=["subject"], once="quarantine_id")
    _table("grade_sights", "subject person seen_at", index=["subject", "person"])
    for name in ("basis", "holds_from", "entered"):
        op.add_column("grades", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("incidents", sa.Column("in_quarantine", sa.BigInteger(), nullable=True))


def _table(name: str, columns: str, *, index: list[str], once: str = "") -> None:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        name,
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        *(sa.Column(column, sa.Text(), nullable=False) for column in columns.split()),
        sa.PrimaryKeyConstraint("sequence"),
        *([sa.UniqueConstraint(once, name=f"{name}_once")] if once else []),
    )
    op.create_index(f"{name}_by_{index[0]}", name, index)
    append_only_triggers(op.get_bind(), name)
