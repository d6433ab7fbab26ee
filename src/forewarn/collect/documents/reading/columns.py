"""The order in which the lines of a page are read: one column, or two told by a gutter all the way down.

Owns the decision from geometry alone. Two columns are read one after the other, between the full-width lines that
part them; what is neither certainly one column nor certainly two is refused, never guessed. Lengths are in points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Block", "Gutter", "Line", "Piece", "UncertainLayoutError", "blocks_of", "find_gutter", "rows_of"]

_SAME_LINE = 0.3
_NARROWEST_GUTTER = 6
_FEWEST_LINES = 4
_PROSE = 20
_TIGHT = 1.3
_WIDE_GAP = 1.5
_MIDDLE = (0.33, 0.67)


class UncertainLayoutError(Exception):
    """Why the order of reading is not certain."""


class Piece(NamedTuple):
    """Words on one line without a wide gap: left, right, base line from the foot of the page, height of the letters."""

    left: float
    right: float
    base: float
    size: float
    words: str


class Line(NamedTuple):
    """One line of one column."""

    left: float
    right: float
    base: float
    size: float
    words: str


class Gutter(NamedTuple):
    """The empty strip between two columns."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other, of one column or over the whole width."""

    lines: tuple[Line, ...]
    is_column: bool


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces by base line, from the top, each row from the left; text printed twice in one place counts once."""
    rows: list[list[Piece]] = []
    seen: set[tuple[str, int]] = set()
    for piece in sorted(pieces, key=lambda piece: (-piece.base, piece.left)):
        row = rows[-1] if rows else None
        if row is None or row[0].base - piece.base > _SAME_LINE * max(piece.size, row[0].size):
            rows.append([piece])
            seen.clear()
        elif not any((piece.words, round(piece.left / 2) + near) in seen for near in (-1, 0, 1)):
            row.append(piece)
        seen.add((piece.words, round(piece.left / 2)))
    return [sorted(row) for row in rows]


def find_gutter(pieces: Sequence[Piece], width: float) -> Gutter | None:
    """The gutter of a page that certainly has two columns of prose, or None for one column.

    Args:
        pieces: of the page without running heads and feet.
        width: of the page.

    Raises:
        UncertainLayoutError: it looks like two columns, and not certainly.
    """
    gutter = _emptiest(pieces, width)
    if gutter is None or not _has_two_sides(pieces, gutter):
        return None
    left, right = _sides(pieces, gutter)
    if _is_table(left, right):
        raise UncertainLayoutError("its two columns could be the cells of a table")
    for side in (left, right):
        inner = _emptiest(side, 0)
        if inner is not None and _has_two_sides(side, inner):
            raise UncertainLayoutError("it has more than two columns")
    _require_apart(pieces, gutter)
    return gutter


def blocks_of(pieces: Sequence[Piece], gutter: Gutter | None) -> list[Block]:
    """The lines of a page in the order they are read.

    Raises:
        UncertainLayoutError: lines over the whole width stand between those of the columns without a gap.
    """
    if gutter is None:
        return [Block(tuple(_line(row) for row in rows_of(pieces)), is_column=False)] if pieces else []
    _require_apart(pieces, gutter)
    return list(_bands(pieces, gutter))


def _bands(pieces: Sequence[Piece], gutter: Gutter) -> Iterator[Block]:
    full: list[list[Piece]] = []
    sides: list[Piece] = []
    for row in rows_of(pieces):
        if _crosses(row, gutter):
            yield from _columns(sides, gutter)
            sides = []
            full.append(row)
        else:
            if full:
                yield Block(tuple(_line(row) for row in full), is_column=False)
                full = []
            sides += row
    yield from _columns(sides, gutter)
    if full:
        yield Block(tuple(_line(row) for row in full), is_column=False)


def _columns(pieces: Sequence[Piece], gutter: Gutter) -> Iterator[Block]:
    for side in _sides(pieces, gutter):
        if side:
            yield Block(tuple(_line(row) for row in rows_of(side)), is_column=True)


def _line(row: Sequence[Piece]) -> Line:
    words = row[0].words
    for before, piece in pairwise(row):
        words += ("  " if piece.left - before.right > _WIDE_GAP * piece.size else " ") + piece.words
    return Line(row[0].left, max(piece.right for piece in row), row[0].base, max(p.size for p in row), words)


def _emptiest(pieces: Sequence[Piece], width: float) -> Gutter | None:
    """The widest strip in the middle that the fewest lines cross."""
    if len(pieces) < 2 * _FEWEST_LINES:
        return None
    start, end = min(p.left for p in pieces), max(p.right for p in pieces)
    low, high = (0.0, width) if width else (start, end)
    first, last = (int(low + share * (high - low)) for share in _MIDDLE)
    if not 0 < last - first < 10_000:
        return None
    crossing = [0] * (last - first + 2)
    for piece in pieces:
        if piece.right > first and piece.left < last:
            crossing[max(int(piece.left) - first, 0)] += 1
            crossing[min(int(piece.right) + 1 - first, last - first + 1)] -= 1
    at, counts = 0, []
    for step in crossing[:-1]:
        at += step
        counts.append(at)
    return _widest(counts, first)


def _widest(counts: Sequence[int], first: int) -> Gutter | None:
    fewest = min(counts)
    best = run = 0
    end = 0
    for index, count in enumerate(counts):
        run = run + 1 if count == fewest else 0
        if run > best:
            best, end = run, index + 1
    return Gutter(first + end - best, first + end) if best >= _NARROWEST_GUTTER else None


def _sides(pieces: Iterable[Piece], gutter: Gutter) -> tuple[list[Piece], list[Piece]]:
    left, right = [], []
    middle = (gutter.left + gutter.right) / 2
    for piece in pieces:
        if piece.right <= middle:
            left.append(piece)
        elif piece.left >= middle:
            right.append(piece)
    return left, right


def _has_two_sides(pieces: Sequence[Piece], gutter: Gutter) -> bool:
    """Whether prose stands on both sides of a strip, at the same height, with a straight edge on the right."""
    left, right = (rows_of(side) for side in _sides(pieces, gutter))
    top = min(left[0][0].base, right[0][0].base) if left and right else 0
    foot = max(left[-1][0].base, right[-1][0].base) if left and right else 0
    beside = [[row for row in side if foot - 3 <= row[0].base <= top + 3] for side in (left, right)]
    if min(len(side) for side in beside) < _FEWEST_LINES:
        return False
    if min(_mean_length(side) for side in beside) < _PROSE:
        return False
    edges = Counter(round(row[0].left / 3) for row in beside[1])
    edge, _ = edges.most_common(1)[0]
    straight = sum(edges[near] for near in (edge - 1, edge, edge + 1))
    return straight * 2 >= len(beside[1])


def _mean_length(rows: Sequence[Sequence[Piece]]) -> float:
    return sum(len(piece.words) for row in rows for piece in row) / len(rows)


def _is_table(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether both sides leave gaps at the same heights again and again, as the rows of a table do."""
    gaps = [{round(gap / 2) for gap in _gaps(rows_of(side))} for side in (left, right)]
    same = sum(any(gap + near in gaps[1] for near in (-1, 0, 1)) for gap in gaps[0])
    return same >= 3 and same * 10 >= 6 * min(len(side) for side in gaps)


def _gaps(rows: Sequence[Sequence[Piece]]) -> list[float]:
    leading = _leading(rows)
    return [below[0].base for above, below in pairwise(rows) if above[0].base - below[0].base > _TIGHT * leading]


def _leading(rows: Sequence[Sequence[Piece]]) -> float:
    """The usual distance from line to line; 0 for fewer than two lines."""
    steps = sorted(above[0].base - below[0].base for above, below in pairwise(rows))
    return steps[len(steps) // 2] if steps else 0.0


def _crosses(row: Sequence[Piece], gutter: Gutter) -> bool:
    middle = (gutter.left + gutter.right) / 2
    return any(piece.left < middle < piece.right for piece in row)


def _require_apart(pieces: Sequence[Piece], gutter: Gutter) -> None:
    """Lines over the whole width are parted by a gap from those of the columns above and below."""
    rows = rows_of(pieces)
    leading = _leading(rows_of(_sides(pieces, gutter)[0]))
    for above, below in pairwise(rows):
        if _crosses(above, gutter) == _crosses(below, gutter):
            continue
        if above[0].base - below[0].base < _TIGHT * leading:
            raise UncertainLayoutError("lines over the whole width stand close between the two columns")
