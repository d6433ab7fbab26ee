"""PDF with a text layer: pieces of text by their place on the page, put into the order in which they are read.

Owns the one way to a PDF: in a process of its own with limits on memory, time and size. Refuses files without a text
layer, encrypted or broken ones, and pages whose order of reading is not certain.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from forewarn.collect.documents.reading.columns import (
    Block,
    Gutter,
    Line,
    Piece,
    UncertainLayoutError,
    blocks_of,
    find_gutter,
    rows_of,
)
from forewarn.collect.documents.reading.furniture import edges_of, furniture_of, merged
from forewarn.collect.documents.reading.source import SourceText
from forewarn.errors import InputFormatError
from forewarn.model.document import Span

__all__ = ["read_pdf"]

_PROGRAM = Path(__file__).with_name("pdfpieces.py")
_MOST_SECONDS = 75
_REFUSALS = {
    "encrypted": ("is encrypted", "save it without a password"),
    "broken": ("is no whole PDF", "get it again"),
    "pages": ("has more than 2,000 pages", "split it"),
    "characters": ("holds more text than a document can", "split it"),
    "memory": ("needs too much memory", "it may be made to harm; print it to a new PDF"),
    "time": ("takes too long to read", "it may be made to harm; print it to a new PDF"),
}
# Ended by its processor time limit (SIGXCPU); any other signal is its memory limit, met inside the C library.
_STOPPED = {-24: "time"}
_BULLETS = ("•", "◦", "▪", "●")
_APART = 1.3
_NO_TEXT = "has no text layer"
_ENDS = (".", "?", "!", ":", ";", ".”", '."', ".)", "”")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its rows from the top, how many of them are furniture at head and foot, and what was not taken."""

    width: float
    rows: list[list[Piece]]
    hidden: int
    turned: int

    def body(self, edges: tuple[int, int]) -> list[Piece]:
        above, below = edges
        return [piece for row in self.rows[above : len(self.rows) - below] for piece in row]

    def standing_off(self, edges: tuple[int, int]) -> tuple[int, int]:
        """The edges, without a head or foot that is no further from the body than its lines from each other."""
        above, below = edges
        bases = [row[0].base for row in self.rows]
        steps = [high - low for high, low in pairwise(bases)]
        if not steps or max(above, below) == len(bases):
            return edges
        size = median(row[0].size for row in self.rows)
        least = _APART * max(min(median(steps), 2 * size), size)
        head = above if above and steps[above - 1] >= least else 0
        return head, (below if below and steps[len(bases) - below - 1] >= least else 0)


def read_pdf(data: bytes, name: str) -> SourceText:
    """The text of a PDF, column by column, paragraphs parted by blank lines.

    Raises:
        InputFormatError: it is broken, encrypted, too large, has no text layer, or the order of reading is uncertain.
    """
    pages = [_page(told) for told in _told(data, name)]
    _require_text(pages, name)
    rows = [[[piece.words for piece in row] for row in page.rows] for page in pages]
    edges = [page.standing_off(edge) for page, edge in zip(pages, edges_of(rows), strict=True)]
    gutters = _gutters(pages, edges, name)
    writing = _Writing()
    for number, (page, edge, gutter) in enumerate(zip(pages, edges, gutters, strict=True), 1):
        try:
            blocks = blocks_of(page.body(edge), gutter)
        except UncertainLayoutError as error:
            raise _uncertain(error, number, name) from None
        writing.page(page, edge, blocks)
    return writing.source(pages)


def _told(data: bytes, name: str) -> list[dict[str, Any]]:
    """What the reading program tells of each page."""
    command = [sys.executable, "-I", str(_PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refusal("time", name) from None
    lines = done.stdout.splitlines()
    try:
        told = [json.loads(line) for line in lines]
    except ValueError:
        told = []
    if told and "error" in told[-1]:
        raise _refusal(str(told[-1]["error"]), name)
    if not told or "end" not in told[-1]:
        raise _refusal(_STOPPED.get(done.returncode, "memory" if done.returncode < 0 else "broken"), name)
    return told[1:-1]


def _refusal(code: str, name: str) -> InputFormatError:
    what, mend = _REFUSALS.get(code, _REFUSALS["broken"])
    return InputFormatError(what, where=name, mend=mend)


def _uncertain(error: UncertainLayoutError, number: int, name: str) -> InputFormatError:
    return InputFormatError(
        f"the order of its text is not certain: {error}",
        where=f"{name}, page {number}",
        mend="give the text as docx, HTML or plain text in reading order",
    )


def _page(told: dict[str, Any]) -> _Page:
    rows = rows_of(Piece(*piece) for piece in told["pieces"])
    return _Page(told["width"], rows, told["hidden"], told["turned"])


def _require_text(pages: Sequence[_Page], name: str) -> None:
    with_text = sum(bool(page.rows) for page in pages)
    if with_text * 2 < len(pages) or not with_text:
        raise InputFormatError(_NO_TEXT, where=name, mend="recognise its text (OCR), check it, and give that as text")


def _gutters(pages: Sequence[_Page], edges: Sequence[tuple[int, int]], name: str) -> list[Gutter | None]:
    """The gutter of each page; a page with little text takes that of the others where it has prose on both sides."""
    own: list[Gutter | None] = []
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1):
        try:
            own.append(find_gutter(page.body(edge), page.width))
        except UncertainLayoutError as error:
            raise _uncertain(error, number, name) from None
    known = [gutter for gutter in own if gutter is not None]
    if not known:
        return own
    usual = Gutter(median(gutter.left for gutter in known), median(gutter.right for gutter in known))
    return [
        gutter or (usual if _suits(page.body(edge), usual) else None)
        for gutter, page, edge in zip(own, pages, edges, strict=True)
    ]


def _suits(pieces: Sequence[Piece], gutter: Gutter) -> bool:
    """Whether a page with few lines is set in the columns of the other pages: no line crosses, and both have prose."""
    middle = (gutter.left + gutter.right) / 2
    if any(piece.left < middle < piece.right for piece in pieces):
        return False
    right = [len(piece.words) for piece in pieces if piece.left >= middle]
    return bool(right) and sum(right) / len(right) >= 20


class _Writing:
    """The text as it grows, page by page."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pages: list[int] = []
        self._furniture: list[Span] = []
        self._last: tuple[Line, Block] | None = None

    def page(self, page: _Page, edges: tuple[int, int], blocks: Sequence[Block]) -> None:
        """Write a page: its head, its body in the order of reading, its foot."""
        self._pages.append(self._length)
        above, below = edges
        self._edge(page.rows[:above])
        for block in blocks:
            self._block(block)
        self._edge(page.rows[len(page.rows) - below :])

    def source(self, pages: Sequence[_Page]) -> SourceText:
        """The whole text, with what was left out told in notes."""
        text = "".join(self._parts)
        flags, notes = [], []
        for flag, count, words in (
            ("hidden_text", sum(page.hidden for page in pages), "characters that cannot be seen on the page"),
            ("turned_text", sum(page.turned for page in pages), "characters set sideways"),
        ):
            if count:
                flags.append(flag)
                notes.append(f"{count:,} {words} were left out.")
        blank = [str(number) for number, page in enumerate(pages, 1) if not page.rows]
        if blank:
            flags.append("pages_without_text")
            notes.append(f"Pages without text: {', '.join(blank[:20])}.")
        furniture = merged([*self._furniture, *furniture_of(text)])
        return SourceText(text, "pdf", tuple(self._pages), furniture, tuple(sorted(flags)), tuple(notes))

    def _edge(self, rows: Sequence[Sequence[Piece]]) -> None:
        for row in rows:
            words = "  ".join(piece.words for piece in row)
            self._furniture.append(Span(self._length, self._length + len(words)))
            self._put(words + "\n")

    def _block(self, block: Block) -> None:
        shape = _Shape.of(block)
        for line in block.lines:
            if self._last is not None and self._begins(line, block, shape):
                self._put("\n")
            self._put(line.words + "\n")
            self._last = line, block

    def _begins(self, line: Line, block: Block, shape: _Shape) -> bool:
        """Whether a line begins a paragraph behind the last one written."""
        if self._last is None:
            return False
        last, before = self._last
        if before is block:
            return shape.begins(line, last)
        if before.is_column != block.is_column:
            return True
        ended = last.words.endswith(_ENDS)
        return ended and (shape.is_indented(line) or _Shape.of(before).is_short(last))

    def _put(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The edges of a block and the distance from line to line in it, in points."""

    left: float
    right: float
    leading: float

    @staticmethod
    def of(block: Block) -> _Shape:
        lefts = Counter(round(line.left) for line in block.lines)
        most = max(lefts.values())
        left = min(edge for edge, count in lefts.items() if count * 3 >= most)
        steps = [above.base - below.base for above, below in pairwise(block.lines)]
        return _Shape(left, max(line.right for line in block.lines), median(steps) if steps else 0.0)

    def is_indented(self, line: Line) -> bool:
        return line.left > self.left + 0.6 * line.size

    def is_short(self, line: Line) -> bool:
        return line.right < self.right - 4 * line.size

    def _is_centred(self, line: Line) -> bool:
        before, behind = line.left - self.left, self.right - line.right
        return abs(before - behind) <= max(line.size, 0.1 * before)

    def begins(self, line: Line, last: Line) -> bool:
        """Whether a line begins a paragraph behind another of the same block."""
        if (
            line.words.startswith(_BULLETS)
            or last.base - line.base > 1.35 * self.leading
            or abs(line.size - last.size) > 0.2 * last.size
        ):
            return True
        if self._is_centred(line) and self._is_centred(last) and not last.words.endswith(_ENDS):
            return False
        if self.is_indented(line) and not self.is_indented(last):
            return True
        return self.is_short(last) and last.words.endswith(_ENDS)
