"""An index by which the items of review that a viewer may see are counted."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the index."""
    op.create_index("review_items_by_class", "review_items", ["sensitivity", "kind"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("review_items_by_class", "review_items")
