"""What decisions of review change: readings of claims, elements, indicators; counts that people overruled."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, close it to change, and widen the incidents."""
    op.create_table(
        "review_changes",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("changed", "subject", "name", "value", "rests_on")),
        sa.PrimaryKeyConstraint("decision_id", "position"),
    )
    op.create_index("review_changes_by_subject", "review_changes", ["subject"])
    append_only_triggers(op.get_bind(), "review_changes")
    op.add_column("incidents", sa.Column("overruled", sa.Text(), nullable=False, server_default=""))
