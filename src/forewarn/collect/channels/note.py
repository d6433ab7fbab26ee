"""A note: one text an analyst wrote down, kept as it is, one report, no claim.

Refuses what is no text, and a text longer than a row may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from forewarn.collect.gathering import chunks_of
from forewarn.collect.tabular import Chunk, TableOptions
from forewarn.collect.tabular.opening import open_text, require_text_bytes
from forewarn.collect.telling import Telling
from forewarn.errors import InputFormatError

__all__ = ["LONGEST_BYTES", "read", "tell"]

LONGEST_BYTES = 1_000_000


def tell(frame: pl.DataFrame) -> Telling:
    """What a note says: its first line as title, all of it as text."""
    return Telling(frame.select("title", "text"), {"title": "title", "text": "text"})


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The note as one row of ``title`` and ``text``.

    Raises:
        InputEncodingError: it is not UTF-8.
        InputFormatError: it is empty, too long, or no text.
    """
    file = open_text(path, name)
    try:
        data = b""
        while len(data) <= LONGEST_BYTES and (block := file.read(LONGEST_BYTES + 1 - len(data))):
            data += block
    finally:
        file.close()
    if len(data) > LONGEST_BYTES:
        raise InputFormatError(f"has more than {LONGEST_BYTES:,} bytes", where=name, mend="split it into notes")
    require_text_bytes(path, name)
    text = data.decode("utf-8-sig").strip()
    if not text:
        raise InputFormatError("is empty", where=name, mend="write something into it")
    return chunks_of([{"title": text.splitlines()[0].strip()[:300], "text": text}], name)
