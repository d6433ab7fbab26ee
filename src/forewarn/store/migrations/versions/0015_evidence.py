"""Records of evidence, the custody chain, and the timestamps of its head."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ITEM = "sha3_512 acquired_where acquired_at method tool why operator basis purpose sharing retention sensitivity"
_CUSTODY = "previous evidence_id act by at why detail digest"


def upgrade() -> None:
    """Make the tables and close them to change."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "evidence_items",
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        sa.Column("evidence_id", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in [*_ITEM.split(), "derived_from"]),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("evidence_id", name="evidence_items_once"),
    )
    op.create_index("evidence_items_by_where", "evidence_items", ["acquired_where"])
    op.create_table(
        "custody_log",
        sa.Column("sequence", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _CUSTODY.split()),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("digest", name="custody_log_once"),
    )
    op.create_index("custody_log_by_item", "custody_log", ["evidence_id"])
    op.create_table(
        "custody_anchors",
        sa.Column("sequence", whole, nullable=False, autoincrement=True),
        sa.Column("anchor_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("head", "authority", "token", "at")),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("anchor_id", name="custody_anchors_once"),
    )
    for table in ("evidence_items", "custody_log", "custody_anchors"):
        append_only_triggers(op.get_bind(), table)
