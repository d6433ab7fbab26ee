"""What is tracked, what is on record about incidents, and the self-assessments of States."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = {
    "tracked_items": "item_id kind what owner unit source starts_on due_on undertaking_id document_id quote by at",
    "tracked_entries": "entry_id item_id kind value source on note by at",
    "case_entries": "case_id claim_id status body source on note by at undoes",
    "toolkit_assessments": "assessment_id toolkit version digest unit by at",
    "toolkit_answers": "answer_id assessment_id question answer evidence note on by at",
}
_INDEXES = {
    "tracked_items_by_unit": ("tracked_items", "unit"),
    "tracked_entries_by_item": ("tracked_entries", "item_id"),
    "case_entries_by_claim": ("case_entries", "claim_id"),
    "toolkit_answers_by_assessment": ("toolkit_answers", "assessment_id"),
}


def upgrade() -> None:
    """Make the tables and close them to change."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    for table, names in _TABLES.items():
        op.create_table(
            table,
            sa.Column("sequence", whole, nullable=False, autoincrement=True),
            *(sa.Column(name, sa.Text(), nullable=False) for name in names.split()),
            sa.PrimaryKeyConstraint("sequence"),
            sa.UniqueConstraint(names.partition(" ")[0], name=f"{table}_once"),
        )
        append_only_triggers(op.get_bind(), table)
    for index, (table, column) in _INDEXES.items():
        op.create_index(index, table, [column])
