"""Bringing a database to the schema of this version, with Alembic, and holding its tables append-only.

Migrations run in one transaction; a failed one leaves the database as it was. A database newer than this code
is refused, never downgraded.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from forewarn.errors import StoreVersionError
from forewarn.store.database import Database, stored_revision
from forewarn.store.schema import REVISION

__all__ = ["append_only_triggers", "migrate", "upgrade"]

_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> tuple[str | None, str]:
    """Bring the database to the newest schema; the revisions before and after."""
    with database.writing() as connection:
        return upgrade(connection, database.name)


def upgrade(connection: Connection, where: str) -> tuple[str | None, str]:
    """The same inside the caller's transaction, on the database of that name."""
    configuration = Config()
    configuration.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    before = stored_revision(connection)
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise StoreVersionError(
            f"has schema {before}, which this version does not know",
            where=where,
            mend="use the forewarn version that made it, or a newer one",
        ) from error
    return before, REVISION


def append_only_triggers(connection: Connection, table: str) -> None:
    """Refuse every update and delete of rows of the table, in the database itself."""
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION forewarn_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only: %%', TG_TABLE_NAME; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION forewarn_append_only()"
    )
