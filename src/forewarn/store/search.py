"""Full-text search over the current readings of documents: who said these words, where, in which document.

The engine finds the passages that hold all words, by FTS5 or a GIN index over the same folded words; what stands
next to what is settled here, on the verbatim text, which also gives the offsets. Answers are in order of the day,
newest first, then of the text: nothing is ranked.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Integer, Select, and_, bindparam, cast, func, or_, select, text
from sqlalchemy.sql.elements import ColumnElement

from forewarn.clock import day_from_text
from forewarn.errors import UsageError
from forewarn.store.document_tables import (
    document_readings,
    documents,
    paragraphs,
    passages,
    speeches,
    theme_marks,
)
from forewarn.store.documents import current_readings
from forewarn.store.words import Query, found_in, parse_query, words_of

__all__ = ["EVERYTHING", "DocumentFilter", "Hit", "filtered", "search_documents"]

_AROUND = 120
"""Characters shown before and after the first words found."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What to keep of documents; empty and missing keep all.

    Attributes:
        state: the State whose representatives speak, by its code, or a body or State without one by its name.
        theme: code of a theme in the same paragraph, or ``scheme:code``.
        first, last: days the document may bear; one without a day is then left out.
    """

    state: str = ""
    theme: str = ""
    first: date | None = None
    last: date | None = None


EVERYTHING = DocumentFilter()
"""The filter that keeps all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that holds what was asked for.

    Attributes:
        document_id, symbol, title, cls, dated_on: the document.
        paragraph_id, speech_id: where; the speech is empty outside speeches.
        speaker, affiliation, iso3: who speaks, as printed and as known.
        snippet: verbatim words of the text, from ``start`` to ``end``.
        start, end: offsets of the snippet in the document's text, half-open, in characters.
        found: offsets of the words found, in the document's text; some may lie outside the snippet.
    """

    document_id: str
    symbol: str
    title: str
    cls: str
    dated_on: date | None
    paragraph_id: str
    speech_id: str
    speaker: str
    affiliation: str
    iso3: str
    snippet: str
    start: int
    end: int
    found: tuple[tuple[int, int], ...]


def search_documents(
    connection: Connection, query: str, *, only: DocumentFilter = EVERYTHING, limit: int = 20
) -> list[Hit]:
    """The passages that hold the words of the query, at most ``limit``.

    Raises:
        UsageError: the query holds no word, too many, or is too long; or the limit is below 1.
    """
    if limit < 1:
        raise UsageError(f"{limit} is not above 0", where="limit", mend="give how many passages to show")
    wanted = parse_query(query)
    with closing(_hits(connection, wanted, only)) as hits:
        return list(islice(hits, limit))


def filtered(only: DocumentFilter, paragraph_id: ColumnElement[Any]) -> list[Any]:
    """The conditions that a filter makes on a question over ``document_readings`` joined with ``speeches``.

    Args:
        only: the filter.
        paragraph_id: the column with the paragraph in which a theme is to stand.
    """
    readings = document_readings
    conditions: list[Any] = []
    if only.state:
        conditions.append(or_(speeches.c.iso3 == only.state, speeches.c.affiliation == only.state))
    if only.first is not None or only.last is not None:
        conditions.append(readings.c.dated_on != "")
    if only.first is not None:
        conditions.append(readings.c.dated_on >= only.first.isoformat())
    if only.last is not None:
        conditions.append(readings.c.dated_on <= only.last.isoformat())
    if only.theme:
        scheme, _, code = only.theme.rpartition(":")
        told = theme_marks.alias("told")
        marks = select(told.c.position).where(
            told.c.reading_id == readings.c.reading_id,
            told.c.paragraph_id == paragraph_id,
            told.c.code == code,
        )
        conditions.append((marks.where(told.c.scheme == scheme) if scheme else marks).exists())
    return conditions


def _hits(connection: Connection, wanted: Query, only: DocumentFilter) -> Generator[Hit, None, None]:
    with connection.execute(_question(connection, wanted, only).execution_options(yield_per=50)) as answer:
        for row in answer.mappings():
            spans = found_in(wanted, list(words_of(row["said"], row["start_offset"])))
            if spans:
                yield _hit(row, tuple(spans))


def _question(connection: Connection, wanted: Query, only: DocumentFilter) -> Select[Any]:
    readings, current = document_readings, current_readings()
    joined = (
        passages.join(current, current.c.reading_id == passages.c.reading_id)
        .join(readings, readings.c.reading_id == passages.c.reading_id)
        .join(documents, documents.c.document_id == readings.c.document_id)
        .join(
            paragraphs,
            and_(paragraphs.c.reading_id == passages.c.reading_id, paragraphs.c.position == passages.c.position),
        )
        .outerjoin(
            speeches,
            and_(speeches.c.reading_id == passages.c.reading_id, speeches.c.speech_id == paragraphs.c.speech_id),
        )
    )
    length = cast(passages.c.end_offset - passages.c.start_offset, Integer)
    said = func.substr(readings.c.text, cast(passages.c.start_offset + 1, Integer), length)
    columns = (
        *(documents.c[name] for name in ("document_id", "symbol")),
        *(readings.c[name] for name in ("title", "cls", "dated_on")),
        *(paragraphs.c[name] for name in ("paragraph_id", "speech_id")),
        *(func.coalesce(speeches.c[name], "").label(name) for name in ("as_printed", "affiliation", "iso3")),
        passages.c.start_offset,
        said.label("said"),
    )
    conditions = filtered(only, paragraphs.c.paragraph_id)
    order = (readings.c.dated_on.desc(), documents.c.document_id, passages.c.position, passages.c.start_offset)
    return select(*columns).select_from(joined).where(_holds(connection, wanted), *conditions).order_by(*order)


def _holds(connection: Connection, wanted: Query) -> ColumnElement[bool]:
    """That a passage holds all the words, in the engine's own way. Words are letters and digits and nothing else."""
    if connection.dialect.name == "sqlite":
        said = " ".join(f'"{word}"*' if is_open else f'"{word}"' for word, is_open in wanted.words)
        held = text("passages.sequence IN (SELECT rowid FROM passages_search WHERE passages_search MATCH :words)")
    else:
        said = " & ".join(f"'{word}':*" if is_open else f"'{word}'" for word, is_open in wanted.words)
        held = text("array_to_tsvector(string_to_array(passages.words, ' ')) @@ CAST(:words AS tsquery)")
    bound: Any = held.bindparams(bindparam("words", said))
    return bound  # type: ignore[no-any-return]


def _hit(row: Any, spans: tuple[tuple[int, int], ...]) -> Hit:
    said, offset = row["said"], row["start_offset"]
    start, end = _window(said, spans[0][0] - offset, spans[0][1] - offset)
    return Hit(
        document_id=row["document_id"],
        symbol=row["symbol"],
        title=row["title"],
        cls=row["cls"],
        dated_on=day_from_text(row["dated_on"], where="document") if row["dated_on"] else None,
        paragraph_id=row["paragraph_id"],
        speech_id=row["speech_id"],
        speaker=row["as_printed"],
        affiliation=row["affiliation"],
        iso3=row["iso3"],
        snippet=said[start:end],
        start=offset + start,
        end=offset + end,
        found=spans,
    )


def _window(said: str, first: int, last: int) -> tuple[int, int]:
    """Where the snippet begins and ends: whole words around the words found."""
    start, end = max(0, first - _AROUND), min(len(said), last + _AROUND)
    if start:
        blank = said.find(" ", start, first)
        start = blank + 1 if blank >= 0 else start
    if end < len(said):
        blank = said.rfind(" ", last, end)
        end = blank if blank >= 0 else end
    return start, end
