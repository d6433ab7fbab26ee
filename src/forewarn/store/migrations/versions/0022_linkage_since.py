"""How far every kind of decision had been read when incidents were last assembled."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew; it is derived, and the next assessment fills it."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    wholes = "judgements quarantines rulings records overrulings withdrawals decisions confirmations"
    op.drop_table("linkage_state")
    op.create_table(
        "linkage_state",
        sa.Column("sequence", number, nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("stamp", "assessed_on")),
        *(sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False) for name in wholes.split()),
        sa.PrimaryKeyConstraint("sequence"),
    )
