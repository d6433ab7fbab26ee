"""Moving a workspace between engines: every row, checked, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from forewarn.config import load_settings
from forewarn.errors import AppendOnlyError, ConfigurationError, StoreBusyError, StoreError, UsageError
from forewarn.operations.doctor import examine
from forewarn.operations.lock import held_alone
from forewarn.operations.move import move
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import Database, metadata

T = metadata.tables
RUN = {"job": "x", "state": "ok", "message": "", "counts": "{}"} | dict.fromkeys(("started_at", "finished_at"), "")
SOURCE = {"source_id": "src_x", "kind": "x", "language": "en"}


def everything(database: Database) -> dict[str, set[str]]:
    """Every row of every table, as text."""
    with database.reading() as connection:
        return {name: {repr(tuple(row)) for row in connection.execute(select(table))} for name, table in T.items()}


def test_a_store_goes_to_the_other_engine_and_back(
    exercise: Workspace, empty_postgresql: Callable[[], str], tmp_path: Path
) -> None:
    """Each table is the same row by row, numbers go on, search and the rules of the store hold, the source stays."""
    with exercise.database.writing() as connection:
        connection.execute(T["package_seals"].insert(), {"package_id": "p", "sealed": bytes(range(256))})
        said = {"reading_id": "r", "position": 1, "start_offset": 0, "end_offset": 3, "words": '\\N "q", u\u0301'}
        connection.execute(T["passages"].insert(), said)
        connection.execute(T["runs"].insert(), [{**RUN, "sequence": number} for number in (3, 70)])
    before, back = everything(exercise.database), f"sqlite:///{tmp_path / 'back.db'}"
    moved = move(exercise, there := empty_postgresql())
    with closing(Database(there)) as database:
        returned = move(replace(exercise, database=database), back)
    assert {one.table: one.rows for one in moved.tables} == {name: len(rows) for name, rows in before.items()}
    assert moved.tables == returned.tables
    for address in (exercise.settings.database_address, there, back):
        settings = load_settings({"workspace": exercise.paths.root, "database_url": address}, environ={})
        assert not [one for one in examine(settings) if one.state == "broken"]
        with opened(settings) as workspace:
            assert everything(workspace.database) == before
            goes_on(workspace.database)
    with closing(Database(back)) as database, database.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT rowid FROM passages_search WHERE passages_search MATCH 'u\u0301'"
        ).all()
        assert found == [(1,)]


def goes_on(database: Database) -> None:
    """The next row gets the next number, and rows are only ever added; the steps of an alert are judged."""
    with database.writing() as connection:
        connection.execute(T["runs"].insert(), RUN)
        assert connection.execute(select(func.max(T["runs"].c.sequence))).scalar() == 71
    with pytest.raises(AppendOnlyError), database.writing() as connection:
        connection.execute(T["runs"].delete())
    with database.reading() as connection:
        last = connection.execute(select(T["alert_events"]).order_by(T["alert_events"].c.sequence.desc())).first()
    assert last is not None
    again = {name: value for name, value in last._asdict().items() if name != "sequence"} | {"event_id": "x"}
    with pytest.raises(StoreError, match="life of an alert"), database.writing() as connection:
        connection.execute(T["alert_events"].insert(), again)


def test_what_holds_something_is_refused(
    exercise: Workspace, empty_postgresql: Callable[[], str], tmp_path: Path
) -> None:
    """A store with rows, itself, and a database of something else are named and left as they are."""
    with pytest.raises(StoreError, match="holds this store"):
        move(exercise, exercise.settings.database_address)
    copy = f"sqlite:///{tmp_path / 'copy.db'}"
    shutil.copy(exercise.paths.database, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="holds a store already"):
        move(exercise, copy)
    stranger = Database(empty_postgresql())
    with stranger.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE users (name text)")
    with pytest.raises(StoreError, match="something else"):
        move(exercise, stranger.engine.url.render_as_string(hide_password=False))
    with stranger.reading() as connection:
        assert inspect(connection).get_table_names() == ["users"]
    stranger.close()


def test_a_copy_that_fails_leaves_nothing(exercise: Workspace, empty_postgresql: Callable[[], str]) -> None:
    """A text that PostgreSQL cannot hold ends it all, after many tables have been copied."""
    with exercise.database.writing() as connection:
        connection.execute(T["sources"].insert(), {**SOURCE, "name": "a\0b"})
    target = Database(empty_postgresql())
    with pytest.raises(StoreError, match="0x00"):
        move(exercise, target.engine.url.render_as_string(hide_password=False))
    with target.reading() as connection:
        assert inspect(connection).get_table_names() == []
    target.close()


def test_a_move_needs_stillness_and_a_discreet_address(exercise: Workspace) -> None:
    """A running watch, a password for all to read, and no address at all are refused before anything is opened."""
    with held_alone(exercise), pytest.raises(StoreBusyError, match="watched"):
        move(exercise, "postgresql://localhost/x")
    with pytest.raises(UsageError, match="password"):
        move(exercise, "postgresql://me:hush@localhost/x", on_command_line=True)
    with pytest.raises(ConfigurationError, match="address"):
        move(exercise, "nonsense")
