"""Bytes that say they are text: decoded, or refused with the byte that is wrong.

Owns the one ladder of encodings: byte order mark, UTF-8, and Windows-1252 with a note, never silently. Refuses NUL
bytes and bytes no encoding of the ladder explains. Line ends become LF.
"""

from __future__ import annotations

import codecs

from forewarn.errors import InputEncodingError

__all__ = ["decoded"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text, and a note where it was not UTF-8.

    Raises:
        InputEncodingError: it holds NUL, or bytes that are neither UTF-8 nor Windows-1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text, notes = _strictly(data[len(mark) :], encoding, name), _note(encoding)
            break
    else:
        text, notes = _unmarked(data, name)
    spot = text.find("\0")
    if spot >= 0:
        line = text.count("\n", 0, spot) + 1
        raise InputEncodingError("holds a NUL", where=f"{name}, line {line}", mend="it is no text; get it again")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _note(encoding: str) -> tuple[str, ...]:
    return () if encoding == "utf-8" else ("The text was in UTF-16.",)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputEncodingError(
            f"byte {error.start + 1:,} is not {encoding.upper()}", where=name, mend="save it as UTF-8"
        ) from None


def _unmarked(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        spot = error.start
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, spot) + 1
        raise InputEncodingError(
            f"byte {spot + 1:,} is not UTF-8", where=f"{name}, line {line}", mend="save it as UTF-8"
        ) from None
    return text, ("The text was not UTF-8 and was read as Windows-1252: accents may be wrong.",)
