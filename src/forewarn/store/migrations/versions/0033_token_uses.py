"""The last day on which each token for programs was used."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "token_uses",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token_id", "used_on")),
        sa.PrimaryKeyConstraint("token_id"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("token_uses")
