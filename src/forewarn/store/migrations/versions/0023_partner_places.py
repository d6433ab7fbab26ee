"""For which country or regional arrangement a partner's node, or our own, stands."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it to change."""
    op.create_table(
        "partner_places",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("partner", "place", "by", "at")),
        sa.PrimaryKeyConstraint("sequence"),
    )
    append_only_triggers(op.get_bind(), "partner_places")
    op.create_index("partner_places_by_partner", "partner_places", ["partner", "sequence"])
