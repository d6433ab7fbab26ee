"""Writing frames to tables at the speed of the engine: a million rows as easily as one.

SQLite gets rows in the order of their key, with what is the same in all rows in the statement itself, and the
indexes of :data:`SCATTERED` made at the end of a large load; PostgreSQL gets ``COPY``. The caller's transaction holds
all of it, dropped indexes included: a stopped load leaves nothing behind.
"""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Index, MetaData, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import DropTable
from sqlalchemy.types import TypeEngine

from forewarn.store import schema
from forewarn.store.database import came_in

__all__ = ["DeferredIndexes", "indexed", "insert_frame", "temporary"]

_PART = 10_000
_AT_ONCE = 50
"""Rows in one statement: it opens the table and each of its indexes once for all of them."""
_NULL = "\\N"
_PLAIN = re.compile(r"[A-Za-z0-9_:.-]{0,200}", re.ASCII)

SCATTERED = ("claims_by_class", "claims_by_day", "claims_by_known", "claims_by_place", "claims_by_report")
"""Indexes of claims that each row enters at another place. Made at the end, each takes two seconds a million rows;
kept up row by row, several times that."""


def insert_frame(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """Add the rows of a frame that has all columns of the table; the order of the rows is not kept."""
    if not frame.height:
        return
    names = [column.name for column in table.columns if column.name in frame.columns]
    ordered = frame.select(names)
    if connection.dialect.name == "sqlite":
        _insert_sqlite(connection, table, ordered)
    else:
        _copy(connection, table, ordered)
    if table.metadata is schema.metadata:
        came_in(connection, table.name, frame.height)


@contextmanager
def temporary(connection: Connection, name: str, **kinds: type[TypeEngine[Any]]) -> Iterator[Table]:
    """An empty table of this connection alone, gone at the end; its columns by name and type."""
    columns = (Column(column, kind) for column, kind in kinds.items())
    made = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])
    connection.execute(DropTable(made, if_exists=True))
    made.create(connection)
    yield made
    made.drop(connection)


def indexed(connection: Connection, table: Table, *columns: str) -> None:
    """Make an index on a filled :func:`temporary` table; without it, each look into the table reads all of it."""
    Index(f"{table.name}_by_{columns[0]}", *(table.c[name] for name in columns)).create(connection)
    connection.exec_driver_sql(f"ANALYZE {connection.dialect.identifier_preparer.quote(table.name)}")


_LOAD_PRAGMAS = {"cache_size": -160_000, "threads": 1}
"""Of a large load: a cache that holds the indexes each row enters, else their pages are written time and again; and
a second thread to sort with."""


class DeferredIndexes:
    """The scattered indexes, taken away while a large load lasts and made again at its end.

    Only on SQLite, where nobody else writes meanwhile and readers still see the table as it was.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dropped: list[Index] = []
        self._before: dict[str, int] = {}

    def drop(self) -> None:
        """Take them away, once."""
        if self._dropped or self._connection.dialect.name != "sqlite":
            return
        self._dropped = [index for index in schema.claims.indexes if index.name in SCATTERED]
        for index in self._dropped:
            index.drop(self._connection)
        self._before = {name: self._pragma(name) for name in _LOAD_PRAGMAS}
        self._set(_LOAD_PRAGMAS)

    def restore(self) -> None:
        """Make those that were taken away."""
        for index in sorted(self._dropped, key=lambda one: str(one.name)):
            index.create(self._connection)
        self._dropped = []
        self._set(self._before)

    def _pragma(self, name: str) -> int:
        return int(self._connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())

    def _set(self, pragmas: Mapping[str, int]) -> None:
        for name, value in pragmas.items():
            self._connection.exec_driver_sql(f"PRAGMA {name} = {value}")


def _insert_sqlite(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """In order of the key, whose index is the dearest part; what is the same in all rows stands in the statement.

    Converting and binding cells takes half the time, and half of the cells are the same in all rows of a file.
    """
    key = [column.name for column in table.primary_key if column.name in frame.columns]
    frame = frame.sort(key) if key else frame
    values = [_literal(column) or "?" for column in frame.get_columns()]
    if "?" not in values:
        values[0] = "?"
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in frame.columns)
    # A row that is refused ends the transaction: to take back the others of its statement first would be work for none.
    statement, row = f"INSERT OR FAIL INTO {quote(table.name)} ({names}) VALUES ", f"({', '.join(values)})"
    changing = frame.select(name for name, value in zip(frame.columns, values, strict=True) if value == "?")
    driver: Any = connection.connection.driver_connection
    at_once = min(_AT_ONCE, driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // changing.width)
    try:
        for part in changing.iter_slices(_PART):
            cells = chain.from_iterable(zip(*(column.to_list() for column in part.get_columns()), strict=True))
            whole, left = divmod(part.height, at_once)
            driver.executemany(statement + ", ".join([row] * at_once), _runs(cells, whole, at_once * part.width))
            driver.executemany(statement + row, _runs(cells, left, part.width))
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement + row, None, error) from error


def _runs(cells: Iterator[object], count: int, length: int) -> Iterator[tuple[object, ...]]:
    """The next cells in that many runs of one length."""
    return (tuple(islice(cells, length)) for _ in range(count))


def _literal(column: pl.Series) -> str | None:
    """The value of a column that has only one, as SQL, if it is missing or a text of plain characters."""
    if column.null_count() == column.len():
        return "NULL"
    if column.dtype != pl.String or column.null_count() or column[0] != column[-1] or (column != column[0]).any():
        return None
    return f"'{column[0]}'" if _PLAIN.fullmatch(column[0]) else None


def _copy(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """By COPY of CSV, in which only a bare mark is null; a text that reads like the mark stands in quotes."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in frame.columns)
    statement = f"COPY {quote(table.name)} ({names}) FROM STDIN (FORMAT csv, NULL '{_NULL}')"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for part in frame.iter_slices(_PART):
                text = io.BytesIO()
                part.write_csv(text, include_header=False, null_value=_NULL, quote_style="non_numeric")
                copy.write(text.getbuffer())
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error
