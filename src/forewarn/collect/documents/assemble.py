"""From a file to a document with everything that was found in it: read, take apart, mark.

Owns the order of the steps and the version under which their results are kept. Nothing here decides what a text means;
each step points into the verbatim text that the first one read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from forewarn.collect.documents.reading import SourceText, read_document
from forewarn.collect.documents.themes import find_themes
from forewarn.collect.documents.undertakings import find_undertakings
from forewarn.collect.documents.verbatim import parse_record
from forewarn.model.document import Document

__all__ = ["PARSER", "document_of", "parse_document"]

PARSER = "documents/1"
"""Name and version of the steps: raised when they come to make something else of a text that was read before."""


def parse_document(path: Path, name: str) -> Document:
    """The document in a file.

    Args:
        path: the file.
        name: what to call it in messages; its ending helps to tell its kind.

    Raises:
        InputNotFoundError: it is not there or may not be read.
        InputFormatError: it is of a kind that is not read, or its text cannot be read for certain.
        InputEncodingError: it is text in an encoding that is not read.
    """
    return document_of(read_document(path, name))


def document_of(source: SourceText) -> Document:
    """The document in a text that has been read, with its undertakings and themes."""
    document = parse_record(source)
    return replace(document, undertakings=find_undertakings(document), themes=find_themes(document))
