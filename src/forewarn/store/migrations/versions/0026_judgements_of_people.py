"""The judgements of people by index: few among the many of the rule."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    people = sa.text("kind = 'human'")
    op.create_index("judgements_of_people", "judgements", ["sequence"], sqlite_where=people, postgresql_where=people)
