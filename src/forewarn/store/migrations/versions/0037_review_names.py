"""What each decision of review names, so that those about an id are found by index, and indexes for the latest."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Make the table, filled from what was decided, and the indexes."""
    made = op.create_table(
        "review_names",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "decision_id")),
        sa.PrimaryKeyConstraint("name", "decision_id"),
    )
    op.create_index("review_names_by_decision", "review_names", ["decision_id"])
    rows = [{"name": name, "decision_id": decision} for name, decision in sorted(set(_named())) if name]
    if rows:
        op.bulk_insert(made, rows)
    by_person = sa.text("kind = 'human'")
    op.create_index("review_decisions_by_day", "review_decisions", ["decided_at"])
    op.create_index(
        "judgements_of_people_by_day", "judgements", ["decided_at"],
        sqlite_where=by_person, postgresql_where=by_person,
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    op.drop_index("judgements_of_people_by_day", "judgements")
    op.drop_index("review_decisions_by_day", "review_decisions")
    op.drop_table("review_names")


def _named() -> Iterator[tuple[str, str]]:
    bind = op.get_bind()
    for decision, item, undoes, subjects in bind.execute(
        sa.text("SELECT decision_id, item, undoes, subjects FROM review_decisions")
    ):
        yield from ((name, decision) for name in (item, undoes, *json.loads(subjects)))
    for decision, left, right in bind.execute(sa.text('SELECT decision_id, "left", "right" FROM review_effects')):
        yield from ((left, decision), (right, decision))
