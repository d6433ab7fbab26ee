"""What was said on a matter and undertaken, by whom and when: rows over the current readings of documents.

Answers are in order of the day, oldest first, documents without a day at the end. An undertaking comes with its words
and where they stand; it is what a sentence says, and no finding that anybody kept it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, and_, case, cast, func, select

from forewarn.store.document_tables import document_readings, documents, speeches, theme_marks, undertakings
from forewarn.store.documents import current_readings
from forewarn.store.search import EVERYTHING, DocumentFilter, filtered

__all__ = ["documents_on", "list_undertakings"]


def documents_on(connection: Connection, only: DocumentFilter) -> list[str]:
    """The ids of documents in which a speech passes the filter; with a theme, in a paragraph that bears it."""
    readings, current = document_readings, current_readings()
    joined = (
        readings.join(current, current.c.reading_id == readings.c.reading_id)
        .join(theme_marks, theme_marks.c.reading_id == readings.c.reading_id)
        .join(speeches, _same_speech(theme_marks))
    )
    query = select(readings.c.document_id, readings.c.dated_on).select_from(joined).distinct()
    found = connection.execute(query.where(*filtered(only, theme_marks.c.paragraph_id))).all()
    return [row.document_id for row in sorted(found, key=lambda row: (row.dated_on or "9999", row.document_id))]


def list_undertakings(
    connection: Connection,
    *,
    only: DocumentFilter = EVERYTHING,
    kinds: Sequence[str] = (),
    document_id: str = "",
    limit: int = 1_000,
) -> list[dict[str, Any]]:
    """Undertakings that pass the filter, each with its document, its speaker and the sentence, verbatim.

    Args:
        connection: a connection.
        only: whose, on what, when.
        kinds: only these; all when empty.
        document_id: only of this document; of all when empty.
        limit: how many at most.
    """
    readings, current, table = document_readings, current_readings(), undertakings
    joined = (
        table.join(current, current.c.reading_id == table.c.reading_id)
        .join(readings, readings.c.reading_id == table.c.reading_id)
        .join(documents, documents.c.document_id == readings.c.document_id)
        .outerjoin(speeches, _same_speech(table))
    )
    length = cast(table.c.end_offset - table.c.start_offset, Integer)
    quote = func.substr(readings.c.text, cast(table.c.start_offset + 1, Integer), length)
    own = [column for column in table.columns if column.name not in ("reading_id", "position")]
    query = select(
        *own,
        documents.c.document_id,
        documents.c.symbol,
        readings.c.dated_on,
        func.coalesce(speeches.c.as_printed, "").label("speaker"),
        func.coalesce(speeches.c.iso3, "").label("iso3"),
        quote.label("quote"),
    ).select_from(joined)
    conditions = filtered(only, table.c.paragraph_id)
    if kinds:
        conditions.append(table.c.kind.in_(list(kinds)))
    if document_id:
        conditions.append(documents.c.document_id == document_id)
    undated = case((readings.c.dated_on == "", 1), else_=0)
    order = (undated, readings.c.dated_on, documents.c.document_id, table.c.position)
    rows = connection.execute(query.where(*conditions).order_by(*order).limit(limit)).mappings()
    return [{**row, "negated": bool(row["negated"]), "reported": bool(row["reported"])} for row in rows]


def _same_speech(table: Any) -> Any:
    return and_(speeches.c.reading_id == table.c.reading_id, speeches.c.speech_id == table.c.speech_id)
