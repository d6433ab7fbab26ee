"""Opening the database, one transaction at a time, and telling its failures apart.

``reading`` and ``writing`` are the only ways in. A writing transaction takes the write lock at once, so two
processes never interleave, and is rolled back whole on any failure, a Ctrl-C included. Driver errors leave as
members of our own family.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from forewarn.errors import (
    AppendOnlyError,
    ConfigurationError,
    ForewarnError,
    MissingExtraError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreVersionError,
    shorten,
)
from forewarn.store.schema import REVISION

__all__ = ["ONCE_KEPT", "Database", "came_in", "translated"]

ONCE_KEPT = "forewarn_once_kept"
"""Under this name a connection's ``info`` may hold what is to be done once the transaction is kept, and only then."""

_CAME_IN = "forewarn_came_in"
_COUNTED_FROM = 10_000
"""A table that so many rows came into at once is settled (:meth:`Database.settle`) when they are kept."""

BUSY_SECONDS = 5
"""How long a writer waits for another before it says that the database is busy."""
_AT_ONCE_MILLISECONDS = 50
"""How long one waits on PostgreSQL that is not to wait."""


_SQLITE: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
_POSTGRESQL: dict[str, Any] = {
    "pool_size": 12, "max_overflow": 8, "pool_timeout": 2 * BUSY_SECONDS, "pool_recycle": 1_800, "pool_pre_ping": True,
    "pool_use_lifo": True,
    "connect_args": {"connect_timeout": 2 * BUSY_SECONDS, "application_name": "forewarn"},
}  # fmt: skip
"""Connections of one process: 12 stay open, 20 at most, each asked whether it lives before it is used. Two processes
that serve thus take 40 of the 100 that PostgreSQL allows by default."""

_LONGEST_MS = 120_000
"""How long one statement of a server may take (:meth:`Database.answer_briefly`)."""

_KNOWN_FAILURES = (
    (("unable to open", "readonly"), "cannot be opened for writing", "check the folder and its permissions"),
    (("not a database", "malformed"), "is damaged or no database", "restore it from a copy"),
)


class Database:
    """A SQLite or PostgreSQL database by its SQLAlchemy URL.

    Raises :class:`ConfigurationError` for an unusable URL and :class:`MissingExtraError` where the driver is
    not installed. Making the object opens nothing.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        ways = ((False, False), (True, False), (True, True))
        self._engines = {
            way: self.engine.execution_options(forewarn_writing=way[0], forewarn_at_once=way[1]) for way in ways
        }

    @classmethod
    def at(cls, path: Path) -> Database:
        """The SQLite database in that file."""
        return cls(f"sqlite:///{path}")

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, else PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one consistent view of the store."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self, *, at_once: bool = False) -> Iterator[Connection]:
        """A write transaction: all or nothing. With ``at_once`` it raises rather than wait for another writer."""
        with self._transaction(writing=True, at_once=at_once) as connection:
            yield connection

    def require_current(self) -> None:
        """Raise :class:`StoreVersionError` unless the schema is the one this code knows."""
        with self.reading() as connection:
            found = stored_revision(connection)
        if found != REVISION:
            what = "holds no forewarn store" if found is None else f"has schema {found}, this version needs {REVISION}"
            raise StoreVersionError(what, where=self.name, mend="run 'forewarn init' in the workspace")

    @property
    def name(self) -> str:
        """The database as it may be shown: no password, no folder."""
        url = self.engine.url
        if self.is_sqlite:
            return Path(url.database or "memory").name
        return f"{url.get_backend_name()}://{url.host or 'local'}/{url.database}"

    def scrub(self, *tables: str) -> None:
        """Rewrite what holds the rows, so that nothing put out is left in free pages or in the write-ahead log.

        SQLite rewrites the whole file, which needs its size once more on the disk; PostgreSQL the tables named. Raises
        :class:`StoreBusyError` where somebody else uses the database.
        """
        with translated(self.name):
            if not self.is_sqlite:
                with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                    for table in tables:
                        connection.exec_driver_sql(f"VACUUM (FULL) {table}")
                return
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("VACUUM")
                is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                raw.close()
        if is_busy:
            raise StoreBusyError("is used by somebody else", where=self.name, mend="stop it, and run again")

    def answer_briefly(self) -> None:
        """From now on PostgreSQL gives up a statement of this process after two minutes; no page is worth more.

        And it answers each with one processor: to call others in takes longer than most pages, and others ask too. For
        servers alone: linking a whole store has statements that take longer.
        """
        if not self.is_sqlite:
            event.listen(self.engine, "connect", _limit_statements)

    def settle(self, *tables: str) -> None:
        """After many rows came in: have PostgreSQL count them, and see which pages everybody may read, at once.

        Until it does so by itself it plans questions for the tables as they were. A table that somebody holds is left
        out. SQLite plans without counts, and always alike; it is left alone.
        """
        if self.is_sqlite or not tables:
            return
        quote = self.engine.dialect.identifier_preparer.quote
        settled = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with translated(self.name), settled.connect() as connection:
            connection.exec_driver_sql(f"VACUUM (ANALYZE, SKIP_LOCKED) {', '.join(map(quote, tables))}")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, *, writing: bool, at_once: bool = False) -> Iterator[Connection]:
        with translated(self.name):
            with self._engines[writing, at_once].begin() as connection:
                if at_once and not self.is_sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_AT_ONCE_MILLISECONDS}ms'")
                connection.info.pop(ONCE_KEPT, None)
                connection.info.pop(_CAME_IN, None)
                yield connection
                once_kept: list[Callable[[], None]] = connection.info.pop(ONCE_KEPT, [])
                rows: dict[str, int] = connection.info.pop(_CAME_IN, {})
            for act in once_kept:
                act()
        self.settle(*(name for name, count in sorted(rows.items()) if count >= _COUNTED_FROM))


def came_in(connection: Connection, table: str, rows: int) -> None:
    """Note that rows came into a table in this transaction."""
    counts = connection.info.setdefault(_CAME_IN, {})
    counts[table] = counts.get(table, 0) + rows


def stored_revision(connection: Connection) -> str | None:
    """The revision a database says it has, or ``None`` where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn driver and device errors into the :class:`StoreError` family."""
    try:
        yield
    except ForewarnError:
        raise
    except DBAPIError as error:
        raise _translation(str(error.orig), getattr(error.orig, "sqlstate", None), where) from error
    except PoolTimeoutError as error:
        raise StoreBusyError("has too many questions at once", where=where, mend="ask again in a moment") from error
    except SQLAlchemyError as error:
        said = error.args[0] if error.args else type(error).__name__  # without the statement, which may hold content
        raise StoreError(shorten(said, 200), where=where, mend="run 'forewarn doctor'") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(where) from error
        raise


def _translation(message: str, sqlstate: str | None, where: str) -> StoreError:
    lowered = message.lower()
    if "append-only" in lowered:
        return AppendOnlyError("rows of this table are only ever added", where=where, mend="append a correction")
    if "locked" in lowered or sqlstate in ("55P03", "40001", "40P01"):
        return StoreBusyError(
            "is locked by another process", where=where, mend="wait for it to finish, or stop it, and run again"
        )
    if sqlstate == "57014":
        return StoreBusyError(
            "took too long to answer", where=where, mend="ask for less, or again when less is going on"
        )
    if "full" in lowered or "disk i/o" in lowered or sqlstate == "53100":
        return _full(where)
    for signs, what, mend in _KNOWN_FAILURES:
        if any(sign in lowered for sign in signs):
            return StoreError(what, where=where, mend=mend)
    mend = "take steps with 'forewarn alert'" if "life of an alert" in lowered else "run 'forewarn doctor'"
    return StoreError(shorten(message.splitlines()[0], 200), where=where, mend=mend)


def _full(where: str) -> StoreFullError:
    return StoreFullError(
        "no space left on the device, or it fails; nothing of this step was kept",
        where=where,
        mend="free some space and run again",
    )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise ConfigurationError(
                f"'{shorten(backend)}' is not a database forewarn knows",
                where="database_url",
                mend="use sqlite:/// or postgresql+psycopg://",
            )
        options = _SQLITE if backend == "sqlite" else _POSTGRESQL
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed, **options)
    except (ArgumentError, NoSuchModuleError):
        raise ConfigurationError(
            "is not a database URL", where="database_url", mend="write it as postgresql+psycopg://user@host/name"
        ) from None
    except ModuleNotFoundError:
        raise MissingExtraError(
            "PostgreSQL needs its driver", where="database_url", mend="pip install 'forewarn[postgres]'"
        ) from None
    if backend == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own begin cannot take the lock first
    # Only a new file takes the page size: wide rows and long keys enter larger pages in three quarters of the time.
    for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("forewarn_at_once", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("forewarn_writing", False) else "BEGIN")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000:.0f}")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Once, not with each of many short transactions. To compile a plan takes longer than most of our questions.
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'; SET jit = off")
    connection.commit()


def _limit_statements(connection: Any, _record: object) -> None:
    connection.execute(f"SET statement_timeout = {_LONGEST_MS}; SET max_parallel_workers_per_gather = 0")
    connection.commit()
