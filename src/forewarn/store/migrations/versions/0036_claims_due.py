"""An index by which the few linked claims are found whose incident is to be assembled again by a day."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make the index."""
    dated = sa.text("again_on != ''")
    op.create_index("linked_claims_due", "linked_claims", ["again_on"], sqlite_where=dated, postgresql_where=dated)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("linked_claims_due", "linked_claims")
