"""What the watch has run: appended as it begins and as it ends, read back as runs; and the watch's hold on a server.

A run is two rows, for nothing is ever updated: one when it begins, one that says how it ended. A job's last row being
a beginning means that the run is under way, or that its process died; only whoever holds the watch can tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from forewarn.errors import StoreBusyError, StoreError
from forewarn.ids import sha256_hex
from forewarn.store import schema
from forewarn.store.database import Database, translated

__all__ = ["RUN_STATES", "Run", "begin_run", "end_run", "held_by_server", "last_runs", "open_runs", "runs_of"]

RUN_STATES = ("begun", "done", "failed", "stopped", "lost")
"""Under way; finished; refused or broken; stopped by a person; its process died before it could say."""

_KEY = int.from_bytes(bytes.fromhex(sha256_hex(b"forewarn watch")[:16]), "big", signed=True)
_JOB_ROWS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one job.

    Attributes:
        job: its name.
        started_at: instant, UTC, ISO 8601.
        finished_at: the same; empty while it is under way.
        state: one of :data:`RUN_STATES`.
        message: how it failed, in words that hold nothing of what was collected.
        counts: what it did, by what is counted.
    """

    job: str
    started_at: str
    finished_at: str = ""
    state: str = "begun"
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def begin_run(connection: Connection, job: str, started_at: str) -> Run:
    """Append that a job has begun."""
    run = Run(job, started_at)
    connection.execute(schema.runs.insert(), _row(run))
    return run


def end_run(connection: Connection, run: Run) -> None:
    """Append how a run ended."""
    connection.execute(schema.runs.insert(), _row(run))


def last_runs(connection: Connection, limit: int = 20) -> list[Run]:
    """The last runs of all jobs, newest first."""
    table = schema.runs
    # Each run has two rows at most, and at most one of another run lies between them for each job.
    rows = connection.execute(select(*table.columns).order_by(table.c.sequence.desc()).limit(4 * limit + 40)).all()
    return _folded(reversed(rows))[::-1][:limit]


def runs_of(connection: Connection, job: str) -> list[Run]:
    """The last thirty runs or so of a job, oldest first."""
    table = schema.runs
    query = select(*table.columns).where(table.c.job == job).order_by(table.c.sequence.desc()).limit(_JOB_ROWS)
    return _folded(reversed(connection.execute(query).all()))


def open_runs(connection: Connection) -> list[Run]:
    """The runs that have begun and not said how they ended."""
    table = schema.runs
    last = select(func.max(table.c.sequence)).group_by(table.c.job)
    query = select(*table.columns).where(table.c.sequence.in_(last), table.c.state == "begun")
    return [_run(row) for row in connection.execute(query.order_by(table.c.sequence))]


@contextmanager
def held_by_server(database: Database) -> Iterator[Callable[[], None]]:
    """Be the only watch on a PostgreSQL store, wherever else its workspaces lie; what is given checks the hold.

    On SQLite nothing is held: its file is locked by the one who opens the watch.

    Raises:
        StoreBusyError: another watch holds it.
    """
    if database.is_sqlite:
        yield lambda: None
        return
    connection = _connected(database)
    try:
        if not _asked(database, connection, "SELECT pg_try_advisory_lock(:key)"):
            raise StoreBusyError(
                "is being watched by another process", where=database.name, mend="leave the work to it, or stop it"
            )
        yield lambda: _require_hold(database, connection)
    finally:
        connection.invalidate()  # the server lets go when the session ends, whatever state it is in
        connection.close()


def _connected(database: Database) -> Connection:
    with translated(database.name):
        return database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _asked(database: Database, connection: Connection, question: str) -> bool:
    with translated(database.name):
        return bool(connection.execute(text(question), {"key": _KEY}).scalar())


def _require_hold(database: Database, connection: Connection) -> None:
    """Raise where the session that held the store is gone: another watch may hold it by now."""
    try:
        _asked(database, connection, "SELECT :key IS NOT NULL")
    except StoreError:
        raise StoreBusyError(
            "the hold on the store was lost with its connection", where=database.name, mend="start the watch again"
        ) from None


def _row(run: Run) -> dict[str, Any]:
    values = {name: getattr(run, name) for name in Run.__slots__}
    return {**values, "counts": json.dumps(dict(run.counts), sort_keys=True)}


def _run(row: Row[Any]) -> Run:
    return Run(row.job, row.started_at, row.finished_at, row.state, row.message, json.loads(row.counts or "{}"))


def _folded(rows: Iterable[Row[Any]]) -> list[Run]:
    """Rows in the order written as runs in the order begun: an end belongs to its job's last beginning."""
    runs: list[Run] = []
    under_way: dict[str, int] = {}
    for run in map(_run, rows):
        if run.state == "begun":
            under_way[run.job] = len(runs)
            runs.append(run)
        elif run.job in under_way:
            place = under_way.pop(run.job)
            runs[place] = replace(run, started_at=runs[place].started_at)
        else:
            runs.append(run)  # its beginning lies before the rows that were asked for
    return runs
