"""An index by which the claims of a country from some day on are found, in place of one by its areas."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Put the one in place of the other."""
    op.create_index("claims_by_day", "claims", ["country", "started_on"])
    op.drop_index("claims_by_area", "claims")


def downgrade() -> None:
    """Put it back."""
    op.create_index("claims_by_area", "claims", ["country", "admin1", "started_on"])
    op.drop_index("claims_by_day", "claims")
