"""Erasing what was read from one snapshot: reports, claims, documents, their index, and what was said of them.

Owns the one way round the triggers of append-only tables, for deletion alone and within the caller's transaction. What
a snapshot shares with another (a source, a reading of the same text) stays. Incidents that rested on its claims go, and
the next assessment assembles anew. What was issued since is not touched: :func:`still_said` tells where it repeats the
words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, or_, select, text

from forewarn.store import linkage, schema
from forewarn.store.marks import unmark_incidents

__all__ = ["Erased", "erase_collected", "is_collected", "still_said"]

_OF_CLAIMS = (
    *((table, ("claim_id",)) for table in (
        schema.casualty_records, schema.codings, schema.count_overrulings, schema.case_entries,
    )),
    *((table, ("subject",)) for table in (schema.grades, schema.quarantines, schema.body_findings)),
    *((table, ("left", "right")) for table in (schema.judgements, schema.origin_rulings)),
)  # fmt: skip
_OF_READINGS = (
    schema.speeches, schema.paragraphs, schema.document_references, schema.undertakings, schema.theme_marks,
    schema.passages, schema.document_readings, schema.document_files,
)  # fmt: skip
_OF_DECISIONS = (
    schema.review_confirmations, schema.review_effects, schema.review_changes, schema.review_names,
    schema.review_decisions,
)  # fmt: skip
_ISSUED = (
    (schema.alerts, ("body",)), (schema.release_entries, ("content",)), (schema.packages, ("content", "manifest")),
    (schema.cap_messages, ("body",)), (schema.tracked_items, ("what", "quote")),
)  # fmt: skip
_SHORTEST_WORDS, _LONGEST_WORDS, _MOST_WORDS = 8, 60, 5_000


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: rows by table, files of refused rows, and words by which a repetition can be found."""

    rows: dict[str, int]
    rejects_files: tuple[str, ...]
    words: tuple[str, ...]


def is_collected(connection: Connection, snapshot_id: str) -> bool:
    """Whether there is a snapshot of that id."""
    return connection.execute(_of(schema.snapshots, "snapshot_id", snapshot_id).limit(1)).first() is not None


def erase_collected(connection: Connection, snapshot_id: str) -> Erased:
    """Erase what was read from a snapshot, and its record, in a writing transaction; the bytes are the caller's."""
    claims, reports = schema.claims, schema.reports
    report_ids = select(reports.c.report_id).where(reports.c.snapshot_id == snapshot_id)
    claim_ids = select(claims.c.claim_id).where(claims.c.report_id.in_(report_ids))
    readings, documents = _documents(connection, snapshot_id)
    words = _words(connection, report_ids, readings)
    rejects = connection.execute(_of(schema.collections, "snapshot_id", snapshot_id, "rejects_file")).scalars()
    found = Erased({}, tuple(sorted({one for one in rejects if one})), words)
    with _open_to_deletion(connection):
        _erase_said_of(connection, found, claim_ids)
        _erase_incidents(connection, found, claim_ids)
        _erase_documents(connection, found, readings, documents)
        _erase(connection, found, schema.standings, schema.standings.c.report_id.in_(report_ids))
        _erase(connection, found, claims, claims.c.report_id.in_(report_ids))
        for table in _of_snapshots():
            _erase(connection, found, table, table.c.snapshot_id == snapshot_id)
        unused = schema.sources.c.source_id.not_in(select(reports.c.source_id))
        _erase(connection, found, schema.sources, unused)
    return found


def still_said(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """In how many rows of what was issued the words still stand, by table; tables without are left out."""
    found: dict[str, int] = {}
    for table, names in _ISSUED:
        columns = [table.c[name] for name in names]
        rows = connection.execute(select(*columns).execution_options(yield_per=100))
        count = sum(any(word in str(cell) for cell in row for word in words) for row in rows)
        if count:
            found[table.name] = count
    return found


def _of_snapshots() -> tuple[Table, ...]:
    return (
        schema.reports, schema.standings, schema.collections, schema.fetches, schema.boundaries, schema.cap_messages,
        schema.snapshots,
    )  # fmt: skip


def _documents(connection: Connection, snapshot_id: str) -> tuple[list[str], list[str]]:
    """The readings of this snapshot alone, and the documents of which no other reading is there."""
    files, others = schema.document_files, schema.document_files.alias("others")
    shared = select(others.c.reading_id).where(others.c.snapshot_id != snapshot_id)
    mine = select(files.c.reading_id).where(files.c.snapshot_id == snapshot_id, files.c.reading_id.not_in(shared))
    readings = list(dict.fromkeys(connection.execute(mine).scalars()))
    table = schema.document_readings
    left = select(table.c.document_id).where(table.c.reading_id.not_in(readings))
    gone = select(table.c.document_id).where(table.c.reading_id.in_(readings), table.c.document_id.not_in(left))
    return readings, list(dict.fromkeys(connection.execute(gone).scalars()))


def _words(connection: Connection, report_ids: Select[Any], readings: list[str]) -> tuple[str, ...]:
    """The beginnings of texts, titles and paragraphs, long enough to be told from others."""
    claims, reports, texts = schema.claims, schema.reports, schema.document_readings
    said: list[str | None] = []
    for query in (
        select(claims.c.text).where(claims.c.report_id.in_(report_ids)),
        select(reports.c.title).where(reports.c.report_id.in_(report_ids)),
    ):
        said += connection.execute(query.limit(_MOST_WORDS)).scalars()
    for whole in connection.execute(select(texts.c.text).where(texts.c.reading_id.in_(readings))).scalars():
        said += str(whole).splitlines()
    cut = (line.strip()[:_LONGEST_WORDS] for one in said for line in (one or "").splitlines()[:1])
    return tuple(dict.fromkeys(one for one in cut if len(one) >= _SHORTEST_WORDS))[:_MOST_WORDS]


def _erase_said_of(connection: Connection, found: Erased, claim_ids: Select[Any]) -> None:
    for table, names in _OF_CLAIMS:
        _erase(connection, found, table, or_(*(table.c[name].in_(claim_ids) for name in names)))
    gone = set(connection.execute(claim_ids).scalars())
    assessments, decisions = schema.assessments, schema.review_decisions
    resting = _naming(connection, assessments.c.assessment_id, assessments.c.claim_ids, gone)
    _erase(connection, found, assessments, assessments.c.assessment_id.in_(resting))
    settled = _naming(connection, decisions.c.decision_id, decisions.c.subjects, gone)
    for table in _OF_DECISIONS:
        _erase(connection, found, table, table.c.decision_id.in_(settled))


def _naming(connection: Connection, key: Any, listed: Any, gone: set[str]) -> list[str]:
    """The keys of rows whose JSON list names one of these ids."""
    rows = connection.execute(select(key, listed).execution_options(yield_per=1_000))
    return [str(one) for one, ids in rows if gone & {str(name) for name in json.loads(ids or "[]")}]


def _erase_incidents(connection: Connection, found: Erased, claim_ids: Select[Any]) -> None:
    members = schema.incident_claims
    gone = list(connection.execute(select(members.c.incident_id).where(members.c.claim_id.in_(claim_ids))).scalars())
    if marks := unmark_incidents(connection, gone):
        found.rows[schema.incident_marks.name] = found.rows.get(schema.incident_marks.name, 0) + marks
    for table in (members, schema.incidents):
        _erase(connection, found, table, table.c.incident_id.in_(gone))
    linkage.forget_all(connection)


def _erase_documents(connection: Connection, found: Erased, readings: list[str], documents: list[str]) -> None:
    passages = schema.passages
    if connection.dialect.name == "sqlite" and readings:
        rows = connection.execute(
            select(passages.c.sequence, passages.c.words).where(passages.c.reading_id.in_(readings))
        )
        for sequence, words in list(rows):
            connection.execute(
                text("INSERT INTO passages_search(passages_search, rowid, words) VALUES ('delete', :row, :words)"),
                {"row": sequence, "words": words},
            )
        connection.execute(text("INSERT INTO passages_search(passages_search) VALUES ('optimize')"))
    for table in _OF_READINGS:
        _erase(connection, found, table, table.c.reading_id.in_(readings))
    for table in (schema.document_symbols, schema.documents):
        _erase(connection, found, table, table.c.document_id.in_(documents))


def _erase(connection: Connection, found: Erased, table: Table, condition: ColumnElement[bool]) -> None:
    count = connection.execute(select(func.count()).select_from(table).where(condition)).scalar() or 0
    if count:
        connection.execute(delete(table).where(condition))
        found.rows[table.name] = found.rows.get(table.name, 0) + count


def _of(table: Table, name: str, value: str, wanted: str = "") -> Select[Any]:
    return select(table.c[wanted or name]).where(table.c[name] == value)


@contextmanager
def _open_to_deletion(connection: Connection) -> Iterator[None]:
    """Let rows be deleted until the end, and close the tables again; the transaction holds both."""
    names = [table.name for table in (*_appended(), *_OF_READINGS, *_OF_DECISIONS)]
    if connection.dialect.name == "sqlite":
        triggers = {f"{name}_no_delete" for name in names}
        held = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        closing = [(name, sql) for name, sql in held if name in triggers]
        opening = [f"DROP TRIGGER {name}" for name, _ in closing]
        closed = [sql for _, sql in closing]
    else:
        closing = [(name, f"{name}_append_only") for name in _closed_in_postgresql(connection, names)]
        opening = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in closing]
        closed = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in closing]
    for statement in opening:
        connection.exec_driver_sql(statement)
    yield
    for statement in closed:
        connection.exec_driver_sql(statement)


def _appended() -> Iterable[Table]:
    return (
        *(table for table, _ in _OF_CLAIMS), *_of_snapshots(), schema.claims, schema.sources, schema.assessments,
        schema.document_symbols, schema.documents,
    )  # fmt: skip


def _closed_in_postgresql(connection: Connection, names: list[str]) -> list[str]:
    held = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).scalars()
    triggers = set(held)
    return [name for name in dict.fromkeys(names) if f"{name}_append_only" in triggers]
