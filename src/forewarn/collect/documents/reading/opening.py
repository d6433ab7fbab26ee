"""A file of any kind we read: told by its first bytes and its name, and handed to the reader of its kind.

Owns the choice of the reader and the largest size of a file. Refuses what no reader is for, saying what to save it as.
"""

from __future__ import annotations

from pathlib import Path

from forewarn.collect.documents.reading.encodings import decoded
from forewarn.collect.documents.reading.source import SourceText
from forewarn.errors import InputFormatError, InputNotFoundError

__all__ = ["LARGEST_BYTES", "read_document"]

LARGEST_BYTES = 64_000_000


def read_document(path: Path, name: str) -> SourceText:
    """The text of a document.

    Args:
        path: the file.
        name: what to call it in messages; its ending tells Markdown and HTML from plain text.

    Raises:
        InputNotFoundError: it is not there or may not be read.
        InputFormatError: it is too large, broken, of a kind that is not read, or its text cannot be read for certain.
        InputEncodingError: it is text in an encoding that is not read.
    """
    data = _bytes_of(path, name)
    text, notes = decoded(data, name)
    kind = "markdown" if name.lower().endswith((".md", ".markdown")) else "text"
    return SourceText(text, kind, notes=notes)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where=name, mend="check the path") from None
    if len(data) > LARGEST_BYTES:
        raise InputFormatError(f"is larger than {LARGEST_BYTES:,} bytes", where=name, mend="split it")
    return data
