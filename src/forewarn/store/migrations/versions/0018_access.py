"""The front door: users, grants, sights of sensitive records; credentials, invitations and sessions."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ADDED_TO = {
    "users": "user_id name by at",
    "grants": "grant_id user_id role areas most by at withdraws",
    "sights": "user_name kind subject reason at",
}
_PASSING = {
    "credentials": "user_id password_hash set_at",
    "invitations": "token_hash role areas most by made_at expires_at",
    "sessions": "token_hash user_id made_at expires_at reason reason_until",
}
_UNIQUE = {"users": (("users_once", "user_id"), ("users_by_name", "name")), "grants": (("grants_once", "grant_id"),)}


def upgrade() -> None:
    """Make the tables, and close those of facts to change."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    for table, names in _ADDED_TO.items():
        op.create_table(
            table,
            sa.Column("sequence", whole, nullable=False, autoincrement=True),
            *(sa.Column(name, sa.Text(), nullable=False) for name in names.split()),
            sa.PrimaryKeyConstraint("sequence"),
            *(sa.UniqueConstraint(column, name=name) for name, column in _UNIQUE.get(table, ())),
        )
        append_only_triggers(op.get_bind(), table)
    for table, names in _PASSING.items():
        columns = [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
        op.create_table(table, *columns, sa.PrimaryKeyConstraint(names.partition(" ")[0]))
    op.create_index("grants_by_user", "grants", ["user_id"])
    op.create_index("sights_by_subject", "sights", ["subject"])
    op.create_index("sessions_by_user", "sessions", ["user_id"])
