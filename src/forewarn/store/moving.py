"""Copying a whole store into another database, of the same engine or the other: all of it, checked, or nothing.

The copy is one transaction on the target, its schema included, and refuses a target that holds anything. Nobody writes
to the source meanwhile, and nothing in it is changed. Each table is read again from the target before it is kept: the
number of its rows and the SHA-256 over them, in order of the key, must be those of the source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    collate,
    func,
    inspect,
    select,
    text,
)

from forewarn.errors import StoreError
from forewarn.store.bulk import insert_frame
from forewarn.store.database import Database, translated
from forewarn.store.migrate import upgrade
from forewarn.store.schema import metadata

__all__ = ["CopiedTable", "copy_store"]

_PART, _PART_OF_FILES = 50_000, 20
_MANY = 100_000
"""From so many rows on, the indexes of a table are made after them: kept up row by row they take several times that."""
_KINDS = ((Text, pl.String), (BigInteger, pl.Int64), (Integer, pl.Int64), (Float, pl.Float64), (LargeBinary, pl.Binary))

Report = Callable[[int, int, str], None]
_Named = tuple[Connection, str]


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that was copied: its name, its rows, and the SHA-256 over their CSV in order of the key, in hex."""

    table: str
    rows: int
    sha256: str


def copy_store(source: Database, target: Database, report: Report) -> list[CopiedTable]:
    """Copy every table; what was copied, by name of the table.

    Args:
        source: with the schema this code knows. Nobody writes to it as long as this runs.
        target: without any table, or with the schema of a store and no row.
        report: is told rows done, rows in all (those written and those read again), and what is going on.

    Raises:
        StoreError: the target holds something, or a table there is not what it is here; nothing of the copy is kept.
        StoreBusyError: somebody else writes to one of the two.
    """
    if _file_of(source) == _file_of(target) != "":
        raise _not_empty("holds this store", target.name)
    with _held_still(source) as out_of, target.writing() as to:
        _require_empty(to, target.name)
        with _checks_of_rows_off(to):
            copied = _all_copied((out_of, source.name), (to, target.name), report)
        _count_on(to, copied)
    target.settle(*(one.table for one in copied if one.rows))
    return copied


def _file_of(database: Database) -> str:
    name = database.engine.url.database if database.is_sqlite else ""
    return str(Path(name).resolve()) if name else ""


def _not_empty(what: str, where: str) -> StoreError:
    return StoreError(what, where=where, mend="name a database that is empty")


def _require_empty(connection: Connection, name: str) -> None:
    """Make the schema where there is none; refuse what holds a table of somebody else's, or a row."""
    there = set(inspect(connection).get_table_names())
    if there and "alembic_version" not in there:
        raise _not_empty("holds tables of something else", name)
    upgrade(connection, name)
    for table in metadata.sorted_tables:
        if connection.execute(select(text("1")).select_from(table).limit(1)).first():
            raise _not_empty("holds a store already", name)


@contextmanager
def _held_still(database: Database) -> Iterator[Connection]:
    """The source, read by us and written by nobody."""
    with database.writing() as connection:
        if not database.is_sqlite:
            quote = connection.dialect.identifier_preparer.quote
            names = ", ".join(quote(table.name) for table in metadata.sorted_tables)
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield connection


def _all_copied(source: _Named, target: _Named, report: Report) -> list[CopiedTable]:
    counts = {table: _count(source[0], table) for table in metadata.sorted_tables}
    told = _Told(report, 2 * sum(counts.values()))
    return [_copied(source, target, table, counts[table], told) for table in sorted(counts, key=lambda one: one.name)]


def _copied(source: _Named, target: _Named, table: Table, count: int, told: _Told) -> CopiedTable:
    late = sorted(table.indexes, key=lambda one: str(one.name)) if count >= _MANY else []
    for index in late:
        index.drop(target[0])
    read, kept = _Digest(), _Digest()
    for part in _parts(*source, table):
        read.add(part)
        _insert(target[0], table, part)
        told.more(part.height, f"copying {table.name}")
    for index in late:
        index.create(target[0])
    for part in _parts(*target, table):
        kept.add(part)
        told.more(part.height, f"checking {table.name}")
    if (read.rows, read.text) != (kept.rows, kept.text):
        raise StoreError(
            f"the copy of {table.name} is not the same ({kept.rows:,} rows of {read.rows:,}); nothing of it is kept",
            where=target[1],
            mend="run 'forewarn doctor', then try again",
        )
    return CopiedTable(table.name, read.rows, read.text)


class _Digest:
    """Rows counted, and a SHA-256 over them."""

    def __init__(self) -> None:
        self.rows = 0
        self._sha = hashlib.sha256()

    def add(self, part: pl.DataFrame) -> None:
        self.rows += part.height
        plain = part.with_columns(pl.col(pl.Binary).bin.encode("hex"))
        self._sha.update(plain.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric").encode())

    @property
    def text(self) -> str:
        return self._sha.hexdigest()


class _Told:
    """How far the work is."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def more(self, rows: int, what: str) -> None:
        self._done += rows
        self._report(self._done, self._total, what)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _parts(connection: Connection, name: str, table: Table) -> Iterator[pl.DataFrame]:
    """The rows in order of the key, texts by their bytes on both engines."""
    kinds = {column.name: _kind_of(column) for column in table.columns}
    query = select(table).order_by(*(_by_bytes(column, connection) for column in table.primary_key))
    at_once = _PART_OF_FILES if pl.Binary in kinds.values() else _PART
    with translated(name), connection.execute(query, execution_options={"yield_per": at_once}) as found:
        for rows in found.partitions():
            try:
                part = pl.DataFrame([tuple(row) for row in rows], schema=kinds, orient="row", strict=True)
            except (TypeError, pl.exceptions.PolarsError) as error:
                what = f"a value in {table.name} is not of the kind of its column"
                raise StoreError(what, where=name, mend="run 'forewarn doctor'") from error
            yield part


def _by_bytes(column: Column[object], connection: Connection) -> ColumnElement[Any]:
    is_text = isinstance(column.type, Text) and connection.dialect.name != "sqlite"
    return collate(column, "C") if is_text else column


def _kind_of(column: Column[object]) -> type[pl.DataType]:
    return next(kind for of, kind in _KINDS if isinstance(column.type, of))


def _insert(connection: Connection, table: Table, part: pl.DataFrame) -> None:
    if pl.Binary in part.dtypes:
        connection.execute(table.insert(), part.to_dicts())
    else:
        insert_frame(connection, table, part)


@contextmanager
def _checks_of_rows_off(connection: Connection) -> Iterator[None]:
    """Without the triggers that judge a new row by those before it: these were judged when they were first written.

    A step of an alert is judged by the newest version, and may be older than it. Triggers that keep the words of
    search go on.
    """
    if connection.dialect.name != "sqlite":
        names = [connection.dialect.identifier_preparer.quote(table.name) for table in metadata.sorted_tables]
        _on_all(connection, [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names])
        yield
        _on_all(connection, [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names])
        return
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE 'CREATE TRIGGER % BEFORE INSERT ON %'"
    ).all()
    _on_all(connection, [f"DROP TRIGGER {name}" for name, _ in found])
    yield
    _on_all(connection, [statement for _, statement in found])


def _on_all(connection: Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)


def _count_on(connection: Connection, copied: list[CopiedTable]) -> None:
    """Let the numbers that rows get go on after the last; SQLite looks for itself."""
    if connection.dialect.name == "sqlite":
        return
    filled = {one.table for one in copied if one.rows}
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if table.name in filled and column is not None:
            last = connection.execute(select(func.max(column))).scalar_one()
            found = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(found, last)))
