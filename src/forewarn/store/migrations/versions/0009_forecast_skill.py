"""What back-tests said of a forecast run, by the status of the conflict."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it to change."""
    op.create_table(
        "forecast_skill",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("forecast_id", "kind", "name")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("units", "unit_periods")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("verdict", "sentence")),
        sa.PrimaryKeyConstraint("forecast_id", "kind", "name"),
    )
    append_only_triggers(op.get_bind(), "forecast_skill")
