"""The database: all or nothing, append-only, and failures that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from forewarn.errors import (
    AppendOnlyError,
    ConfigurationError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreVersionError,
)
from forewarn.store import APPEND_ONLY, Database, metadata
from forewarn.store import database as database_module
from forewarn.store.bulk import insert_frame
from forewarn.store.document_tables import SEARCH_NAMES
from forewarn.store.migrate import migrate
from forewarn.store.schema import sources

ROW = {"source_id": "src_1", "name": "A", "kind": "ngo", "language": "en"}


@pytest.mark.usefixtures("every_migration")
def test_migrations_lead_to_the_schema(database: Database) -> None:
    """A migrated database has exactly the tables, columns and indexes the code declares, besides the engine's own."""

    def is_declared(name: str | None, _kind: str, _parents: object) -> bool:
        return not (name or "").startswith(SEARCH_NAMES)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_declared})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    """Bringing an up-to-date store up to date is safe."""
    before, after = migrate(database)
    assert before == after


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_rows_are_only_ever_added(database: Database, table: str) -> None:
    """No statement changes or deletes a row of fact or decision, whoever sends it."""
    column = metadata.tables[table].columns.values()[-1].name
    with database.writing() as connection:
        kinds = {int: 1, float: 1, bytes: b"x"}
        values = {c.name: kinds.get(c.type.python_type, "x") for c in metadata.tables[table].columns}
        if table not in ("custody_log", "custody_erasures"):  # their numbers are given: a gap would be a lost entry
            values.pop("sequence", None)
        if table == "alert_events":  # the life of an alert begins with its content and its draft
            values["kind"] = "draft"
            alert = {"alert_id": "x", "version": 1, "unit": "x", "level": "x", "body": "{}", "written_at": "x"}
            connection.execute(metadata.tables["alerts"].insert(), alert)
        connection.execute(metadata.tables[table].insert(), values)
    quoted = database.engine.dialect.identifier_preparer.quote(column)
    for statement in (f"UPDATE {table} SET {quoted} = {quoted}", f"DELETE FROM {table}"):
        with pytest.raises(AppendOnlyError), database.writing() as connection:
            connection.execute(text(statement))
    with database.reading() as connection:
        assert connection.execute(metadata.tables[table].select()).rowcount != 0


def test_a_failed_step_leaves_the_store_as_it_was(database: Database) -> None:
    """An exception inside a writing transaction, a Ctrl-C included, keeps nothing of it."""

    def fails(failure: type[BaseException]) -> None:
        with database.writing() as connection:
            connection.execute(sources.insert(), ROW)
            raise failure

    for failure in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(failure):
            fails(failure)
    with database.reading() as connection:
        assert connection.execute(sources.select()).all() == []


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second writer waits, then hears that the database is busy and what to do."""
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    first, second = Database.at(tmp_path / "f.db"), Database.at(tmp_path / "f.db")
    migrate(first)
    with first.writing(), pytest.raises(StoreBusyError, match="locked by another process"), second.writing():
        pass
    first.close()
    second.close()


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    """When the database cannot grow, the error says that nothing was kept; the store stays readable."""
    database = Database.at(tmp_path / "f.db")
    migrate(database)

    def fill() -> None:
        with database.writing() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            for number in range(2_000):
                connection.execute(sources.insert(), {**ROW, "source_id": f"s{number}", "name": "x" * 500})

    with pytest.raises(StoreFullError, match="no space left"):
        fill()
    with database.reading() as connection:
        assert connection.execute(sources.select()).all() == []
    database.close()


def test_a_newer_schema_is_refused(database: Database) -> None:
    """A store made by a later version is neither read nor migrated down."""
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreVersionError, match="9999"):
        database.require_current()
    with pytest.raises(StoreVersionError):
        migrate(database)


def test_an_empty_database_asks_for_init(tmp_path: Path) -> None:
    """A database without a schema names the command that makes one."""
    database = Database.at(tmp_path / "f.db")
    with pytest.raises(StoreVersionError, match="forewarn init"):
        database.require_current()
    database.close()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """Bytes that are no database are named as such."""
    (tmp_path / "f.db").write_bytes(b"not a database at all, but long enough to be looked at" * 50)
    database = Database.at(tmp_path / "f.db")
    with pytest.raises(StoreError, match="damaged"):
        database.require_current()
    database.close()


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite+nothing:///x"])
def test_an_unusable_address_is_a_configuration_error(address: str) -> None:
    """Only SQLite and PostgreSQL addresses are accepted."""
    with pytest.raises(ConfigurationError, match="database_url"):
        Database(address)


def test_the_name_shows_no_password_and_no_folder() -> None:
    """What messages call the database gives nothing away."""
    assert Database("sqlite:////some/folder/f.db").name == "f.db"
    assert "hush" not in Database("postgresql://me:hush@host/db").name


def test_write_ahead_logging_is_on(tmp_path: Path) -> None:
    """Readers and one writer work side by side on SQLite."""
    database = Database.at(tmp_path / "f.db")
    migrate(database)
    database.close()
    with sqlite3.connect(tmp_path / "f.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_error_before_the_driver_tells_neither_the_statement_nor_its_values(database: Database) -> None:
    """What a statement holds may be content; the line says what is wrong without it."""
    with pytest.raises(StoreError) as caught, database.reading() as connection:
        connection.execute(text("SELECT source_id FROM sources WHERE name = :name"), {"other": "Planted Name"})
    assert "SELECT" not in str(caught.value)
    assert "Planted" not in str(caught.value)
    assert "name" in str(caught.value)


def test_postgresql_counts_what_came_in(empty_postgresql: Callable[[], str]) -> None:
    """Once many rows are kept, questions are planned for them: nobody waits for the server to notice by itself."""
    database = Database(empty_postgresql())
    migrate(database)
    names = pl.DataFrame({"source_id": [f"s{number:06}" for number in range(12_000)]})
    with database.writing() as connection:
        insert_frame(connection, sources, names.with_columns(name=pl.lit("a"), kind=pl.lit(""), language=pl.lit("en")))
    with database.reading() as connection:
        said = "SELECT reltuples FROM pg_class WHERE relname = 'sources'"
        assert connection.execute(text(said)).scalar() == 12_000
    database.close()


def test_a_server_gives_up_a_question_that_takes_too_long(
    empty_postgresql: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What serves pages does not hold a connection for ever; commands may."""
    monkeypatch.setattr(database_module, "_LONGEST_MS", 50)
    database = Database(empty_postgresql())
    with database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(0.1)"))
    database.answer_briefly()
    database.close()
    with pytest.raises(StoreBusyError, match="too long"), database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(5)"))
    database.close()
