"""An index by which incidents in a small box are found, however many there are elsewhere."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Add the index."""
    op.create_index("incident_marks_by_cell", "incident_marks", ["cell", "sensitivity", "day", "incident_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("incident_marks_by_cell", "incident_marks")
