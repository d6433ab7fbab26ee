"""Marks of incidents with deaths, contest and how far their claims are spread, and an index that answers the map."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.marks import put_marks

revision = "0030"
down_revision = "0029"

_INDEX = "day sensitivity country admin1 cell status contested spread deaths_low deaths_high incident_id"


def upgrade() -> None:
    """Add the columns and the index, and mark every incident anew."""
    for name in ("contested", "spread"):
        op.add_column("incident_marks", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("deaths_low", "deaths_high"):
        op.add_column("incident_marks", sa.Column(name, sa.BigInteger(), nullable=True))
    put_marks(op.get_bind())
    op.create_index("incident_marks_by_day", "incident_marks", _INDEX.split())


def downgrade() -> None:
    """Take them away."""
    op.drop_index("incident_marks_by_day", "incident_marks")
    for name in ("contested", "spread", "deaths_low", "deaths_high"):
        op.drop_column("incident_marks", name)
