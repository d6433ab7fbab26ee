"""Bytes to text: plain text, Markdown, HTML, PDF with a text layer, docx.

Owns what becomes of a file before anything in it is understood. What cannot be read for certain is refused.
"""

from __future__ import annotations

from forewarn.collect.documents.reading.joining import Reading
from forewarn.collect.documents.reading.opening import read_document
from forewarn.collect.documents.reading.source import (
    SOURCE_KINDS,
    SourceText,
    paragraph_spans,
    reading_form,
    reading_of,
)

__all__ = [
    "SOURCE_KINDS",
    "Reading",
    "SourceText",
    "paragraph_spans",
    "read_document",
    "reading_form",
    "reading_of",
]
