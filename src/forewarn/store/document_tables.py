"""The tables of documents: what was read out of which file, and rows to ask for speakers, themes and undertakings.

A *reading* is what one version of the parser made of one text. It is kept whole, as JSON, beside the verbatim text;
the other tables repeat parts of it so that they can be asked for. Nothing is replaced: a newer reading is added and
becomes the current one, and whatever cites an earlier one still finds it. Offsets are characters of the text.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Table, UniqueConstraint

from forewarn.store.columns import metadata, sequence, text, whole

__all__ = [
    "SEARCH_NAMES",
    "document_files",
    "document_readings",
    "document_references",
    "document_symbols",
    "documents",
    "paragraphs",
    "passages",
    "speeches",
    "theme_marks",
    "undertakings",
]

SEARCH_NAMES = ("passages_search", "passages_by_word")
"""What the engines keep for full-text search, made by migration 0002: the FTS5 table (with tables of its own whose
names begin so) on SQLite, the index on PostgreSQL. Neither can be declared for both."""

documents = Table(
    "documents",
    metadata,
    text("document_id", primary_key=True),
    text("symbol"),
    text("added_at"),
)

document_symbols = Table(
    "document_symbols",
    metadata,
    text("document_id", primary_key=True),
    text("symbol", primary_key=True),
    Index("document_symbols_by_symbol", "symbol"),
)
"""All symbols a document bears; one issued in two organs bears two."""

document_readings = Table(
    "document_readings",
    metadata,
    sequence(),
    text("reading_id"),
    text("document_id"),
    text("parser"),
    text("cls"),
    text("title"),
    text("dated_on"),
    text("language"),
    whole("reissue"),
    text("text_sha256"),
    text("text"),
    text("body"),
    text("read_at"),
    UniqueConstraint("reading_id", name="document_readings_once"),
    Index("document_readings_by_document", "document_id"),
    Index("document_readings_by_day", "dated_on"),
)

document_files = Table(
    "document_files",
    metadata,
    sequence(),
    text("snapshot_id"),
    text("document_id"),
    text("reading_id"),
    text("added_at"),
    UniqueConstraint("snapshot_id", "reading_id", name="document_files_once"),
    Index("document_files_by_document", "document_id"),
)
"""Which bytes were read as what; the last row of a snapshot is what it is read as now."""

speeches = Table(
    "speeches",
    metadata,
    text("reading_id", primary_key=True),
    text("speech_id", primary_key=True),
    whole("position"),
    text("as_printed"),
    text("name"),
    text("role"),
    text("affiliation"),
    text("iso3"),
    text("language_spoken"),
    whole("is_translation"),
    whole("start_offset"),
    whole("end_offset"),
    Index("speeches_by_state", "iso3"),
)

paragraphs = Table(
    "paragraphs",
    metadata,
    text("reading_id", primary_key=True),
    whole("position", primary_key=True),
    text("paragraph_id"),
    text("speech_id"),
    whole("start_offset"),
    whole("end_offset"),
)
"""Paragraphs in the order of the text; ``speech_id`` is empty outside speeches."""

passages = Table(
    "passages",
    metadata,
    sequence(),
    text("reading_id"),
    whole("position"),
    whole("start_offset"),
    whole("end_offset"),
    text("words"),
    Index("passages_by_reading", "reading_id", "position"),
)
"""What search looks through: the folded words of a paragraph, a long one in parts; ``position`` is the paragraph's."""

document_references = Table(
    "document_references",
    metadata,
    text("reading_id", primary_key=True),
    whole("position", primary_key=True),
    text("paragraph_id"),
    text("kind"),
    text("text"),
    text("target"),
    text("pinpoint"),
    whole("editorial"),
    whole("start_offset"),
    whole("end_offset"),
    Index("document_references_by_target", "target"),
)

undertakings = Table(
    "undertakings",
    metadata,
    text("reading_id", primary_key=True),
    whole("position", primary_key=True),
    text("undertaking_id"),
    text("speech_id"),
    text("paragraph_id"),
    text("kind"),
    text("actor"),
    text("addressee"),
    text("what"),
    text("due"),
    text("instrument"),
    whole("negated"),
    whole("reported"),
    Column("confidence", Float, nullable=False),
    text("rule"),
    whole("start_offset"),
    whole("end_offset"),
    whole("trigger_start"),
    whole("trigger_end"),
    Index("undertakings_by_id", "undertaking_id"),
    Index("undertakings_by_kind", "kind"),
)
"""``undertaking_id`` is over the document, the kind and the words of the sentence, so that it outlives the parser's
version and a file in which the same sentence stands elsewhere."""

theme_marks = Table(
    "theme_marks",
    metadata,
    text("reading_id", primary_key=True),
    whole("position", primary_key=True),
    text("speech_id"),
    text("paragraph_id"),
    text("scheme"),
    text("code"),
    text("words"),
    whole("start_offset"),
    whole("end_offset"),
    Index("theme_marks_by_code", "code", "reading_id", "paragraph_id"),
)
