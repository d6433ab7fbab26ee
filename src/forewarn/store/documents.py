"""Keeping documents, and finding them: each reading whole, and its parts as rows to ask for.

A text read again by the same parser changes nothing. A second file of a document, a reissue for instance, is one more
file of it. A reading that differs, because the file or the parser does, is added and becomes the current one; earlier
ones stay as they were read, so that an undertaking once cited can always be shown. Of several files, a reissue is
current before the first issue, else the file that came last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Subquery, and_, exists, func, select

from forewarn.clock import instant_text
from forewarn.errors import InputFormatError, StoreError, UnknownNameError, UsageError, shorten
from forewarn.ids import content_id, sha256_hex
from forewarn.model.document import Document
from forewarn.model.document_json import document_as_plain, document_of_plain
from forewarn.model.validation import require_id
from forewarn.store import document_tables as tables
from forewarn.store.document_rows import rows_of

__all__ = ["Kept", "add_document", "current_readings", "find_document", "list_documents", "read_document"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a document: its id, the id of the reading, and what of it the store did not have."""

    document_id: str
    reading_id: str
    is_new_document: bool
    is_new_file: bool
    is_new_reading: bool


def add_document(connection: Connection, document: Document, *, parser: str, read_at: datetime) -> Kept:
    """Keep a reading of a document and the files it was read from.

    Args:
        connection: in a writing transaction.
        document: as read; its ``snapshot_ids`` are the files.
        parser: name and version of what read it.
        read_at: when, UTC.

    Raises:
        InputFormatError: the text holds a NUL or half a character, which no database keeps.
    """
    _require_text(document)
    plain = document_as_plain(replace(document, snapshot_ids=()))
    body = _json({**plain, "text": ""})
    digests = (sha256_hex(document.text.encode()), sha256_hex(body.encode()))
    reading_id = content_id("rdg", document.document_id, parser, *digests)
    at = instant_text(read_at)
    is_new_document = _add_once(
        connection,
        tables.documents,
        {"document_id": document.document_id, "symbol": (*document.symbols, "")[0], "added_at": at},
        ("document_id",),
    )
    for symbol in dict.fromkeys(document.symbols):
        row = {"document_id": document.document_id, "symbol": symbol}
        _add_once(connection, tables.document_symbols, row, ("document_id", "symbol"))
    reading = _reading_row(document, digests[0], body)
    reading |= {"reading_id": reading_id, "parser": parser, "read_at": at}
    is_new_reading = _add_once(connection, tables.document_readings, reading, ("reading_id",))
    if is_new_reading:
        for table, rows in rows_of(document, reading_id).items():
            if rows:
                connection.execute(table.insert(), rows)
    is_new_file = False
    for snapshot_id in document.snapshot_ids:
        require_id(snapshot_id, "snapshot_id", "snp")
        is_new_file |= not _has(connection, tables.document_files, {"snapshot_id": snapshot_id})
        row = {"snapshot_id": snapshot_id, "document_id": document.document_id, "reading_id": reading_id}
        _add_once(connection, tables.document_files, {**row, "added_at": at}, ("snapshot_id", "reading_id"))
    return Kept(document.document_id, reading_id, is_new_document, is_new_file, is_new_reading)


def current_readings() -> Subquery:
    """The reading of each document that counts now: ``document_id``, ``reading_id``."""
    files, later, readings = tables.document_files, tables.document_files.alias("later"), tables.document_readings
    arrived = tables.document_files.alias("arrived")
    first = select(func.min(arrived.c.sequence)).where(arrived.c.snapshot_id == files.c.snapshot_id).scalar_subquery()
    newest = ~exists().where(and_(later.c.snapshot_id == files.c.snapshot_id, later.c.sequence > files.c.sequence))
    order = (readings.c.reissue.desc(), first.desc(), files.c.sequence.desc())
    number = func.row_number().over(partition_by=files.c.document_id, order_by=order).label("number")
    joined = files.join(readings, readings.c.reading_id == files.c.reading_id)
    ranked = select(files.c.document_id, files.c.reading_id, number).select_from(joined).where(newest).subquery()
    return select(ranked.c.document_id, ranked.c.reading_id).where(ranked.c.number == 1).subquery("current_readings")


def list_documents(connection: Connection, *, cites: str = "", where: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The documents there are, newest first: what they are, and how much was found in them.

    Args:
        connection: a connection.
        cites: only those that refer to this symbol or instrument, in normal form.
        where: further conditions on ``document_readings``.
    """
    readings, current = tables.document_readings, current_readings()
    joined = readings.join(current, current.c.reading_id == readings.c.reading_id)
    joined = joined.join(tables.documents, tables.documents.c.document_id == readings.c.document_id)
    counted = {
        "files": _count(tables.document_files.c.document_id, readings.c.document_id, distinct=True),
        **{
            name: _count(table.c.reading_id, readings.c.reading_id)
            for name, table in (
                ("speeches", tables.speeches),
                ("paragraphs", tables.paragraphs),
                ("references", tables.document_references),
                ("undertakings", tables.undertakings),
                ("themes", tables.theme_marks),
            )
        },
    }
    query = select(
        readings.c.document_id,
        tables.documents.c.symbol,
        *(readings.c[name] for name in ("cls", "dated_on", "title", "language", "reissue")),
        *(count.label(name) for name, count in counted.items()),
    ).select_from(joined)
    if cites:
        cited = tables.document_references
        where = [*where, exists().where(cited.c.reading_id == readings.c.reading_id, cited.c.target == cites)]
    order = (readings.c.dated_on.desc(), tables.documents.c.symbol, readings.c.document_id)
    return [
        {**row, "reissue": bool(row["reissue"])}
        for row in connection.execute(query.where(*where).order_by(*order)).mappings()
    ]


def find_document(connection: Connection, name: str) -> str:
    """The id of the document with that symbol (in normal form), or whose id begins so.

    Raises:
        UnknownNameError: there is none.
        UsageError: there are several.
    """
    symbols, documents = tables.document_symbols, tables.documents
    found = list(connection.execute(select(symbols.c.document_id).where(symbols.c.symbol == name)).scalars())
    if not found and name.startswith("doc_"):
        query = select(documents.c.document_id).where(documents.c.document_id.startswith(name, autoescape=True))
        found = list(connection.execute(query.limit(2)).scalars())
    if not found:
        raise UnknownNameError(
            f"no document is called '{shorten(name)}'", where="documents", mend="'forewarn document list' lists all"
        )
    if len(found) > 1:
        raise UsageError(f"'{shorten(name)}' is more than one document", mend="give more of its id")
    return str(found[0])


def read_document(connection: Connection, document_id: str) -> Document:
    """The current reading of a document, with all the files it was read from.

    Raises:
        UnknownNameError: there is none.
    """
    readings, files, current = tables.document_readings, tables.document_files, current_readings()
    joined = readings.join(current, current.c.reading_id == readings.c.reading_id)
    query = select(readings.c.text, readings.c.body).select_from(joined).where(readings.c.document_id == document_id)
    row = connection.execute(query).first()
    if row is None:
        raise UnknownNameError("is not in the store", where=shorten(document_id), mend="collect it first")
    ordered = select(files.c.snapshot_id).where(files.c.document_id == document_id).order_by(files.c.sequence)
    snapshots = list(dict.fromkeys(connection.execute(ordered).scalars()))
    try:
        plain = {**json.loads(row.body), "text": row.text, "snapshot_ids": snapshots}
        return document_of_plain(plain, name=shorten(document_id))
    except (ValueError, InputFormatError) as error:
        raise StoreError(
            "its reading cannot be read back", where=shorten(document_id), mend="collect it anew"
        ) from error


def _reading_row(document: Document, text_sha256: str, body: str) -> dict[str, Any]:
    held_on = document.meeting.held_on if document.meeting else None
    dated_on = document.dated_on or held_on
    return {
        "document_id": document.document_id,
        "cls": document.cls,
        "title": document.title,
        "dated_on": dated_on.isoformat() if dated_on else "",
        "language": document.language,
        "reissue": int(document.reissue),
        "text_sha256": text_sha256,
        "text": document.text,
        "body": body,
    }


def _require_text(document: Document) -> None:
    try:
        document.text.encode()
    except UnicodeEncodeError:
        fit = False
    else:
        fit = "\0" not in document.text
    if not fit:
        raise InputFormatError(
            "holds a NUL or half a character", where=shorten(document.title) or "document", mend="correct the file"
        )


def _add_once(connection: Connection, table: Any, row: dict[str, Any], key: Iterable[str]) -> bool:
    """Add a row unless one with its key is there; whether it was added."""
    if _has(connection, table, {name: row[name] for name in key}):
        return False
    connection.execute(table.insert(), row)
    return True


def _has(connection: Connection, table: Any, key: dict[str, Any]) -> bool:
    query = select(table.c[next(iter(key))]).where(*(table.c[name] == value for name, value in key.items())).limit(1)
    return connection.execute(query).first() is not None


def _count(column: Any, owner: Any, *, distinct: bool = False) -> Any:
    table = column.table
    what = func.count(table.c.snapshot_id.distinct()) if distinct else func.count()
    return select(what).select_from(table).where(column == owner).scalar_subquery()


def _json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
