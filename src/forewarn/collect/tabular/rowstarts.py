"""Finding where the rows of a text table begin, in one pass over its bytes and without cutting it into cells.

Owns what makes that safe: quotes only where a CSV has them, around a whole cell, so that a line end outside them ends
a row; no blank line, which is no row; no lone carriage return; no NUL; in JSON Lines an object on every line. Of any
other file nothing is said, and whoever asks reads all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forewarn.collect.tabular.chunk import TableOptions
from forewarn.collect.tabular.delimited import HEAD_BYTES, header_layout
from forewarn.collect.tabular.opening import format_of
from forewarn.collect.tabular.table import is_rejects_head
from forewarn.errors import ForewarnError

__all__ = ["STEP", "Layout", "layout_of", "row_starts"]

STEP = 512
"""Every how many rows a beginning is told."""

_BLOCK = 4 << 20
_NEWLINE, _RETURN, _QUOTE, _BRACE = ord("\n"), ord("\r"), ord('"'), ord("{")
_BOM = b"\xef\xbb\xbf"
_TAG_IN_JSON = re.compile(rb'.*"\s*(?:#|\\u0023)')
Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: ``csv`` or ``jsonl``, what stands between cells, and where its first row begins."""

    kind: str
    delimiter: str
    first: int


def layout_of(path: Path, options: TableOptions) -> Layout | None:
    """The layout of a table as the reader of tables takes it; nothing where it is no plain text or begins otherwise."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        told = format_of(path, "table")
        kind, delimiter = options.format or told, options.delimiter
        if is_rejects_head(head):
            kind, delimiter = "csv", ""
        if head.startswith(b"\x1f\x8b") or kind not in ("csv", "jsonl") or (kind, told) == ("jsonl", "csv"):
            return None
        if kind == "jsonl":
            made = Layout(kind, "", len(_BOM) if head.startswith(_BOM) else 0)
        else:
            made = Layout(kind, *header_layout(head, "table", delimiter))
    except ForewarnError:
        return None
    return made if _is_plain(head, made) else None


def _is_plain(head: bytes, layout: Layout) -> bool:
    """Whether the header ends as rows do, and what follows may be no row of tags (HXL), which would not be counted."""
    rows = head[layout.first :]
    if layout.kind == "jsonl":
        return not _TAG_IN_JSON.match(rows.partition(b"\n")[0])
    is_closed = layout.delimiter.isascii() and head[: layout.first].endswith(b"\n")
    return is_closed and not rows.lstrip(b'"\r\n ' + layout.delimiter.encode()).startswith(b"#")


def row_starts(path: Path, layout: Layout) -> list[int] | None:
    """Where every 512th row begins, the first row first; nothing where lines may not be rows."""
    scan = _Csv(layout.delimiter) if layout.kind == "csv" else _JsonLines()
    found, rows, begins = [layout.first], 0, layout.first
    with path.open("rb") as file:
        file.seek(begins)
        while data := file.read(_BLOCK):
            ends = scan.row_ends(np.frombuffer(data, dtype=np.uint8))
            if ends is None or b"\0" in data:
                return None
            found += (ends[STEP - rows % STEP - 1 :: STEP] + (begins + 1)).tolist()
            rows, begins = rows + len(ends), begins + len(data)
    return found if scan.is_whole else None


class _JsonLines:
    """The ends of lines; what must be remembered from block to block is the last byte."""

    is_whole = True

    def __init__(self) -> None:
        self._last = _NEWLINE

    def row_ends(self, block: Bytes) -> Places | None:
        """The places in a block at which rows end; nothing where a line begins with anything but an object."""
        begins = _shifted(block, self._last) == _NEWLINE
        self._last = int(block[-1])
        return np.flatnonzero(block == _NEWLINE) if (block[begins] == _BRACE).all() else None


class _Csv:
    """The ends of rows; remembered from block to block is the last byte, and whether a quote is open behind it."""

    def __init__(self, delimiter: str) -> None:
        self._may_open = np.array([_NEWLINE, _QUOTE, ord(delimiter)], dtype=np.uint8)
        self._last, self._is_open, self._is_return = _NEWLINE, 0, False

    @property
    def is_whole(self) -> bool:
        """Whether the file ended where a row may."""
        return not (self._is_open or self._is_return)

    def row_ends(self, block: Bytes) -> Places | None:
        """The places in a block at which rows end; nothing where quotes, blank lines or returns are of another kind."""
        before = _shifted(block, self._last)
        is_end, is_return = block == _NEWLINE, block == _RETURN
        is_quote = (block == _QUOTE).view(np.uint8)
        if self._is_open or is_quote.any():
            is_open = np.bitwise_xor.accumulate(is_quote) ^ np.uint8(self._is_open)
            if not np.isin(before[(is_quote & is_open).view(np.bool_)], self._may_open).all():
                return None
            is_outside = (is_open ^ 1).view(np.bool_)
            is_end, is_return = is_end & is_outside, is_return & is_outside
            self._is_open = int(is_open[-1])
        is_blank = (before == _NEWLINE) & (is_end | is_return)
        follows = _shifted(is_return.view(np.uint8), int(self._is_return)).view(np.bool_)
        self._last, self._is_return = int(block[-1]), bool(is_return[-1])
        is_plain = not is_blank.any() and (block[follows] == _NEWLINE).all()
        return np.flatnonzero(is_end) if is_plain else None


def _shifted(block: Bytes, last: int) -> Bytes:
    """For each byte the one before it."""
    return np.concatenate((np.array([last], dtype=np.uint8), block[:-1]))
