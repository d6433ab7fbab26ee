"""UN documents: one file, one document, one report that claims nothing.

A record tells what was said, not what happened: it is read by people, searched, and asked for positions and
undertakings, and no incident is assembled from it. The row holds what the document is; its words stay in the snapshot
and in the store of documents. Refuses what no text can be read from for certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from forewarn.collect.documents.reading import read_document
from forewarn.collect.documents.verbatim import parse_record
from forewarn.collect.gathering import chunks_of, corrected_rejects
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.telling import Telling
from forewarn.ids import sha256_hex
from forewarn.model.document import Document

__all__ = ["COLUMNS", "read", "tell"]

COLUMNS = ("document", "title", "day", "class", "symbols", "meeting", "language", "speakers", "text_sha256")

_FIELDS = {"external_id": "document", "title": "title", "published_on": "day", "language": "language"}
_LONGEST = 300
_MOST_SPEAKERS = 100


def tell(frame: pl.DataFrame) -> Telling:
    """What a document says of itself: a statement under its symbol, on its day."""
    return Telling(frame.select(**{field: pl.col(column) for field, column in _FIELDS.items()}), _FIELDS)


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The document as one row.

    Raises:
        InputFormatError: it is of a kind that is not read, empty, or its text cannot be read for certain.
        InputEncodingError: it is text in an encoding that is not read.
    """
    if (back := corrected_rejects(path, name)) is not None:
        return back
    return chunks_of([_row(parse_record(read_document(path, name)))], name, columns=COLUMNS)


def _row(document: Document) -> dict[str, str | None]:
    meeting = document.meeting
    day = document.dated_on or (meeting.held_on if meeting else None)
    bodies = dict.fromkeys(speech.speaker.affiliation or speech.speaker.role for speech in document.speeches)
    return {
        "document": (*document.symbols, document.document_id)[0],
        "title": " ".join(document.title.split())[:_LONGEST] or None,
        "day": day.isoformat() if day else None,
        "class": document.cls,
        "symbols": ", ".join(document.symbols) or None,
        "meeting": meeting.symbol or None if meeting else None,
        "language": document.language or None,
        "speakers": "; ".join(list(filter(None, bodies))[:_MOST_SPEAKERS]) or None,
        "text_sha256": sha256_hex(document.text.encode("utf-8", "surrogatepass")),
    }
