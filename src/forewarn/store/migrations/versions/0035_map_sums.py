"""Sums of incidents by cell and period, from which the map is told, and indexes of what they cannot tell."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.map_sums import sum_all

revision = "0035"
down_revision = "0034"

_SUMMED = ("incidents", "contested", "corroborated", "low_said", "high_said", "deaths_low", "deaths_high")
_BY_DAY = ["day", "incident_id", "sensitivity", "country", "admin1", "cell", "spread"]
_BY_DAY_BEFORE = [
    *("day", "sensitivity", "country", "admin1", "cell", "status", "contested", "spread"),
    *("deaths_low", "deaths_high", "incident_id"),
]
_BEYOND, _EMPTIED = sa.text("spread > 0"), sa.text("incidents = 0")


def upgrade() -> None:
    """Make the table and the indexes, and sum what there is."""
    op.create_table(
        "incident_sums",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("period", "sensitivity", "country", "admin1")),
        *(sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False) for name in ("spread", "cell")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMMED),
        sa.PrimaryKeyConstraint("period", "sensitivity", "country", "admin1", "spread", "cell"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "incident_sums_emptied", "incident_sums", ["period"], sqlite_where=_EMPTIED, postgresql_where=_EMPTIED
    )
    op.create_index(
        "incident_marks_beyond",
        "incident_marks",
        ["country", "day", "admin1", "sensitivity", "spread", "incident_id"],
        sqlite_where=_BEYOND,
        postgresql_where=_BEYOND,
    )
    op.drop_index("incident_marks_by_day", "incident_marks")
    op.create_index("incident_marks_by_day", "incident_marks", _BY_DAY)
    op.create_index("incident_marks_by_cell_and_day", "incident_marks", ["cell", "day", "incident_id"])
    sum_all(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    for name in ("incident_marks_beyond", "incident_marks_by_day", "incident_marks_by_cell_and_day"):
        op.drop_index(name, "incident_marks")
    op.create_index("incident_marks_by_day", "incident_marks", _BY_DAY_BEFORE)
    op.drop_table("incident_sums")
