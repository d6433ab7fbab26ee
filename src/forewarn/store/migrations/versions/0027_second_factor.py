"""Second factors of people at the front door, and what was done to their accounts."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what was done to an account is closed to change."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "account_acts",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("act", "user_id", "by", "at")),
        sa.PrimaryKeyConstraint("sequence"),
    )
    append_only_triggers(op.get_bind(), "account_acts")
    op.create_table(
        "second_factors",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("user_id", "secret", "confirmed_at")),
        sa.Column("last_step", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
