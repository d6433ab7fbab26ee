"""Words of custody entries and records can be erased once their item was purged, and nothing else changed."""

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEPT = {
    "custody_log": ("sequence", "previous", "evidence_id", "act", "by", "at", "digest"),
    "evidence_items": (
        "sequence", "evidence_id", "size_bytes", "sha3_512", "acquired_at", "operator", "sharing", "retention",
        "sensitivity", "derived_from",
    ),
}  # fmt: skip
_WORDS = {
    "custody_log": {"why": "erased", "detail": "{}"},
    "evidence_items": dict.fromkeys(("acquired_where", "method", "tool", "why", "basis", "purpose"), "erased"),
}
_PURGED = {
    "custody_log": (
        "EXISTS (SELECT 1 FROM custody_log p WHERE p.evidence_id = OLD.evidence_id AND p.act = 'purge' "
        "AND p.sequence > OLD.sequence) "
        "AND EXISTS (SELECT 1 FROM custody_erasures e WHERE e.sequence = OLD.sequence)"
    ),
    "evidence_items": (
        "EXISTS (SELECT 1 FROM custody_log p WHERE p.evidence_id = OLD.evidence_id AND p.act = 'purge')"
    ),
}


def upgrade() -> None:
    """Make the table of erasures, and let the two tables lose words in that one way."""
    op.create_table(
        "custody_erasures",
        sa.Column("sequence", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    connection = op.get_bind()
    append_only_triggers(connection, "custody_erasures")
    for table, kept in _KEPT.items():
        same = [f'NEW."{name}" = OLD."{name}"' for name in kept]
        erased = [f"NEW.\"{name}\" = '{word}'" for name, word in _WORDS[table].items()]
        _allow(connection, table, " AND ".join([*same, *erased, _PURGED[table]]))


def _allow(connection: sa.Connection, table: str, condition: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({condition}) "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )
        return
    connection.exec_driver_sql(f"DROP TRIGGER {table}_append_only ON {table}")
    connection.exec_driver_sql(
        f"CREATE FUNCTION {table}_erasable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {condition} THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION 'append-only: %%', TG_TABLE_NAME; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_erasable BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_erasable()"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_append_only BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION forewarn_append_only()"
    )
