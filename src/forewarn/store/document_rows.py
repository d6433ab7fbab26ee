"""A document as rows of the tables that repeat its parts, so that they can be asked for.

Pure: nouns in, rows out. A span belongs to the paragraph it begins in, and through it to a speech; what begins in
none has an empty paragraph. Paragraphs outside speeches come in the order of the text between those of speeches.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table

from forewarn.ids import content_id
from forewarn.model.document import Document, Paragraph, Reference, Span, Speech, ThemeMark, Undertaking
from forewarn.store import document_tables as tables
from forewarn.store.words import words_of

__all__ = ["placed", "rows_of"]

_WORDS_OF_PASSAGE = 2_000
"""An index entry of PostgreSQL holds a million bytes; words have at most a hundred characters."""

Row = dict[str, Any]


def rows_of(document: Document, reading_id: str) -> dict[Table, list[Row]]:
    """The rows of every table, each with the reading's id."""
    order = placed(document)
    where = _Places(order)
    made: dict[Table, list[Row]] = {
        tables.speeches: [_speech(position, one) for position, one in enumerate(document.speeches)],
        tables.paragraphs: [_paragraph(position, one, speech) for position, (one, speech) in enumerate(order)],
        tables.passages: [row for position, (one, _) in enumerate(order) for row in _passages(document, position, one)],
        tables.document_references: [
            row | {"position": position}
            for position, row in enumerate(
                _reference(one, paragraph) for paragraph, _ in order for one in paragraph.references
            )
        ],
        tables.undertakings: _undertakings(document, where),
        tables.theme_marks: [
            _theme(one) | where.of(one.span) | {"position": position} for position, one in enumerate(document.themes)
        ],
    }
    return {table: [{"reading_id": reading_id, **row} for row in rows] for table, rows in made.items()}


def placed(document: Document) -> list[tuple[Paragraph, str]]:
    """All paragraphs in the order of the text, with the id of the speech they are in, or empty."""
    inside = [(paragraph, speech.speech_id) for speech in document.speeches for paragraph in speech.paragraphs]
    return sorted([*inside, *((one, "") for one in document.paragraphs)], key=lambda pair: pair[0].span)


class _Places:
    """Which paragraph a span begins in."""

    def __init__(self, order: list[tuple[Paragraph, str]]) -> None:
        self._order = order
        self._starts = [paragraph.span.start for paragraph, _ in order]

    def of(self, span: Span) -> dict[str, str]:
        """Its ``paragraph_id`` and ``speech_id``."""
        number = bisect_right(self._starts, span.start) - 1
        if number >= 0 and span.start < self._order[number][0].span.end:
            paragraph, speech = self._order[number]
            return {"paragraph_id": paragraph.paragraph_id, "speech_id": speech}
        return {"paragraph_id": "", "speech_id": ""}


def _offsets(span: Span) -> dict[str, int]:
    return {"start_offset": span.start, "end_offset": span.end}


def _speech(position: int, speech: Speech) -> Row:
    speaker = speech.speaker
    return {
        "speech_id": speech.speech_id,
        "position": position,
        "as_printed": speaker.as_printed,
        "name": speaker.name,
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "iso3": speaker.iso3,
        "language_spoken": speech.language_spoken,
        "is_translation": int(speech.is_translation),
        **_offsets(speech.span),
    }


def _paragraph(position: int, paragraph: Paragraph, speech: str) -> Row:
    return {
        "position": position,
        "paragraph_id": paragraph.paragraph_id,
        "speech_id": speech,
        **_offsets(paragraph.span),
    }


def _passages(document: Document, position: int, paragraph: Paragraph) -> Iterator[Row]:
    words = list(words_of(document.quote(paragraph.span), paragraph.span.start))
    for start in range(0, len(words), _WORDS_OF_PASSAGE):
        part = words[start : start + _WORDS_OF_PASSAGE]
        span = Span(part[0].start, max(word.end for word in part))
        if len(words) <= _WORDS_OF_PASSAGE:
            span = paragraph.span
        yield {"position": position, "words": " ".join(word.text for word in part), **_offsets(span)}


def _reference(reference: Reference, paragraph: Paragraph) -> Row:
    return {
        "paragraph_id": paragraph.paragraph_id,
        "kind": reference.kind,
        "text": reference.text,
        "target": reference.target,
        "pinpoint": reference.pinpoint,
        "editorial": int(reference.editorial),
        **_offsets(reference.span),
    }


def _undertakings(document: Document, where: _Places) -> list[Row]:
    rows, seen = [], Counter[tuple[str, str, str]]()
    for position, one in enumerate(document.undertakings):
        said = (one.kind, document.quote(one.span), document.quote(one.trigger))
        seen[said] += 1
        found = content_id("und", document.document_id, *said, seen[said])
        rows.append({"position": position, "undertaking_id": found, **where.of(one.span), **_undertaking(one)})
    return rows


def _undertaking(one: Undertaking) -> Row:
    return {
        **{name: getattr(one, name) for name in ("kind", "actor", "addressee", "what", "due", "instrument", "rule")},
        "negated": int(one.negated),
        "reported": int(one.reported),
        "confidence": one.confidence,
        "trigger_start": one.trigger.start,
        "trigger_end": one.trigger.end,
        **_offsets(one.span),
    }


def _theme(mark: ThemeMark) -> Row:
    return {"scheme": mark.scheme, "code": mark.code, "words": mark.words, **_offsets(mark.span)}
