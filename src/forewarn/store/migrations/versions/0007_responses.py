"""Actions taken, and what bodies have said about conditions on the use of force."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and close them to change."""
    op.create_table(
        "action_entries",
        _sequence(),
        *_texts("entry_id action_id measure_id"),
        sa.Column("coercion", sa.BigInteger(), nullable=False),
        *_texts("unit actor started_on ended_on standing source by at"),
        *_texts("result why_inadequate judged_by authority alert_id"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("entry_id", name="action_entries_once"),
    )
    op.create_index("action_entries_by_unit", "action_entries", ["unit", "measure_id"])
    op.create_table(
        "gate_assertions",
        _sequence(),
        *_texts("assertion_id subject condition_id state body citation by at"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("assertion_id", name="gate_assertions_once"),
    )
    op.create_index("gate_assertions_by_subject", "gate_assertions", ["subject"])
    for table in ("action_entries", "gate_assertions"):
        append_only_triggers(op.get_bind(), table)


def _sequence() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("sequence", number, nullable=False, autoincrement=True)


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
