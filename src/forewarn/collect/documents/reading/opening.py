"""A file of any kind we read: told by its first bytes and its name, and handed to the reader of its kind.

Owns the choice of the reader and the largest size of a file. Refuses what no reader is for, saying what to save it as.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from forewarn.collect.documents.reading.encodings import decoded
from forewarn.collect.documents.reading.furniture import furniture_of
from forewarn.collect.documents.reading.joining import has_invisible
from forewarn.collect.documents.reading.marks import looks_like_markdown
from forewarn.collect.documents.reading.pdf import read_pdf
from forewarn.collect.documents.reading.readacross import require_reading_order
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.reading.webpage import read_html
from forewarn.collect.documents.reading.word import read_docx
from forewarn.errors import InputFormatError, InputNotFoundError

__all__ = ["LARGEST_BYTES", "read_document", "read_text"]

LARGEST_BYTES = 64_000_000
_LARGEST_TEXT_BYTES = 24_000_000
_INVISIBLE_FLAG = "invisible_characters"
_NOT_READ = (
    (b"\xd0\xcf\x11\xe0", "is in the old Word format", "save it as docx"),
    (b"{\\rtf", "is RTF, which is not read", "save it as docx"),
    (b"\x1f\x8b", "is gzipped", "unpack it"),
    (b"\x89PNG", "is an image, it has no text layer", "recognise its text (OCR), check it, and give that as text"),
    (b"\xff\xd8\xff", "is an image, it has no text layer", "recognise its text (OCR), check it, and give that as text"),
    (b"II*\0", "is an image, it has no text layer", "recognise its text (OCR), check it, and give that as text"),
)


def read_document(path: Path, name: str) -> SourceText:
    """The text of a document: PDF with a text layer, docx, HTML, Markdown or plain text, told by its first bytes.

    Args:
        path: the file.
        name: what to call it in messages; its ending tells Markdown and HTML from plain text.

    Raises:
        InputNotFoundError: it is not there or may not be read.
        InputFormatError: it is too large, broken, of a kind that is not read, or its text cannot be read for certain.
        InputEncodingError: it is text in an encoding that is not read.
    """
    data = _bytes_of(path, name)
    source = _read(data, name)
    require_reading_order(source.text, name)
    if not has_invisible(source.text):
        return source
    note = "Characters that print nothing were kept in the text and left out of its reading form."
    flags = tuple(sorted({*source.flags, _INVISIBLE_FLAG}))
    return replace(source, flags=flags, notes=(*source.notes, note))


def _read(data: bytes, name: str) -> SourceText:
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return read_docx(data, name)
    for head, what, mend in _NOT_READ:
        if data.startswith(head):
            raise InputFormatError(what, where=name, mend=mend)
    if len(data) > _LARGEST_TEXT_BYTES:
        raise InputFormatError(f"is larger than {_LARGEST_TEXT_BYTES:,} bytes of text", where=name, mend="split it")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if name.lower().endswith((".html", ".htm", ".xhtml")) or start.startswith((b"<!doctype html", b"<html")):
        return read_html(data, name)
    return read_text(data, name)


def read_text(data: bytes, name: str) -> SourceText:
    """Plain text or Markdown: the first by default, the second by its name's ending or by the marks in it."""
    text, notes = decoded(data, name)
    flags = ("encoding_assumed",) if notes and "Windows-1252" in notes[0] else ()
    marked = name.lower().endswith((".md", ".markdown"))
    if not marked and looks_like_markdown(text):
        marked, notes = True, (*notes, "Read as Markdown: it has heads and emphasis written so.")
    pages = (0, *(match.end() for match in re.finditer("\f", text))) if "\f" in text else ()
    return SourceText(text, "markdown" if marked else "text", pages, furniture_of(text), flags, notes)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where=name, mend="check the path") from None
    if len(data) > LARGEST_BYTES:
        raise InputFormatError(f"is larger than {LARGEST_BYTES:,} bytes", where=name, mend="split it")
    return data
