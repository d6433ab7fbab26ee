"""Opening a file that may be anything: its format from its first bytes, its text checked before it is parsed.

Owns the opening of plain and gzipped files and the check of their encoding. Refuses text that is not UTF-8, NUL
bytes, a gzip that is cut off, and one that unpacks to more than :data:`LARGEST_RATIO` times its size.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path
from typing import Protocol

from forewarn.errors import InputEncodingError, InputFormatError

__all__ = ["LARGEST_RATIO", "Readable", "format_of", "head_of", "open_text", "require_text_bytes"]

LARGEST_RATIO = 200
"""Real tables shrink to a fifth or a fiftieth; what shrinks further than this was made to harm."""
_SMALL = 50_000_000
_BLOCK = 4 << 20
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Readable(Protocol):
    """What can be read in blocks of bytes and closed."""

    def read(self, size: int, /) -> bytes:
        """At most that many bytes; none at the end."""

    def close(self) -> None:
        """Let go of the file."""


def format_of(path: Path, name: str) -> str:
    """The format told from the first bytes: ``csv``, ``jsonl``, ``xlsx`` or ``parquet``.

    Raises:
        InputFormatError: it is empty, or a format that is known and not read.
        InputEncodingError: it is text in UTF-16.
    """
    head = head_of(path, name)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputFormatError("is in the old Excel format", where=name, mend="save it as XLSX or CSV")
    if head.startswith(b"%PDF"):
        raise InputFormatError("is a PDF, not a table", where=name, mend="give the table as CSV or XLSX")
    if head.startswith(_UTF16):
        raise InputEncodingError("byte 1, line 1: is UTF-16, not UTF-8", where=name, mend="save it as CSV UTF-8")
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise InputFormatError("is empty", where=name, mend="give a file with a header and rows")
    if text.startswith(b"["):
        raise InputFormatError("is one JSON list", where=name, mend="write one object a line (JSON Lines)")
    return "jsonl" if text.startswith(b"{") else "csv"


def open_text(path: Path, name: str) -> Readable:
    """The bytes of a file, unpacked where it is gzipped. The caller closes it."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return _Unpacking(path, name) if packed else path.open("rb")


def require_text_bytes(path: Path, name: str) -> None:
    """The whole file is UTF-8 without NUL bytes, and, where gzipped, whole.

    Raises:
        InputEncodingError: naming the first byte that is not UTF-8 and its line, both counted from 1.
        InputFormatError: at a NUL byte.
    """
    file, decoder = open_text(path, name), codecs.getincrementaldecoder("utf-8")()
    done = lines = 0
    try:
        while True:
            block = file.read(_BLOCK)
            held = decoder.getstate()[0]
            _refuse_nul(block, lines, name)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                spot = done - len(held) + error.start
                line = lines + (held + block)[: error.start].count(b"\n") + 1
                raise _not_utf8(spot, line, name) from None
            if not block:
                return
            done += len(block)
            lines += block.count(b"\n")
    finally:
        file.close()


def _refuse_nul(block: bytes, lines: int, name: str) -> None:
    spot = block.find(b"\0")
    if spot >= 0:
        line = lines + block.count(b"\n", 0, spot) + 1
        raise InputFormatError(
            "holds a NUL byte", where=f"{name}, line {line}", mend="it is no text file, or damaged; get it again"
        )


def _not_utf8(spot: int, line: int, name: str) -> InputEncodingError:
    return InputEncodingError(
        f"byte {spot + 1:,} is not UTF-8", where=f"{name}, line {line}", mend="save the file as UTF-8 (CSV UTF-8)"
    )


def head_of(path: Path, name: str) -> bytes:
    """The first 4,096 bytes, unpacked where gzipped."""
    file = open_text(path, name)
    try:
        return file.read(4096)
    finally:
        file.close()


class _Unpacking:
    """A gzipped file as bytes, refused when it is damaged, cut off, or grows out of proportion."""

    def __init__(self, path: Path, name: str) -> None:
        self._file: Readable = gzip.open(path, "rb")  # noqa: SIM115 - closed by close()
        self._allowed = max(_SMALL, LARGEST_RATIO * path.stat().st_size)
        self._name = name
        self._done = 0

    def read(self, size: int, /) -> bytes:
        """At most that many bytes."""
        try:
            block = self._file.read(size)
        except EOFError:
            raise InputFormatError("is cut off (gzip)", where=self._name, mend="get the file again") from None
        except (OSError, zlib.error):
            raise InputFormatError("is a damaged gzip", where=self._name, mend="get the file again") from None
        self._done += len(block)
        if self._done > self._allowed:
            raise InputFormatError(
                f"unpacks to more than {LARGEST_RATIO} times its size", where=self._name, mend="give it unpacked"
            )
        return block

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
