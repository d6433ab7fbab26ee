"""The pieces of text on the pages of a PDF and where they stand; runs as a program of its own.

Reads a PDF from standard input and writes one JSON line a page. It stands alone (standard library and pypdfium2) so
that a file made to harm can only bring down this process, which limits its own memory and time. Nothing in the file
is run, fetched or followed; what cannot be seen on the page is counted and left out.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

try:
    import resource
except ImportError:  # not on Windows: the caller's time limit still holds there
    resource = None  # type: ignore[assignment]

__all__ = ["MOST_CHARACTERS", "MOST_PAGES", "main"]

MOST_PAGES = 2_000
MOST_CHARACTERS = 8_000_000
_MOST_MEMORY = 1_500_000_000
_MOST_SECONDS = 60
_INVISIBLE_MODES = frozenset((3, 7))
_SMALLEST_POINTS = 1.0
_GAP = 0.5
_WHITE = 250
_PASSWORD = 4
_DRAWN = frozenset((2, 3, 4, 5))
_MOST_SHAPES = 2_000
# pdfium tells a hyphen at the end of a line by these, and no line end behind it.
_LINE_END_HYPHENS = frozenset((2, 0xFFFE))
_BLANK = frozenset((0, 9, 10, 13, 32))


class _RefusedError(Exception):
    """Why the file is not read."""


class _Spot(NamedTuple):
    """The box and the origin of a character, in points."""

    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float


class _Look(NamedTuple):
    """How the text of one text object is drawn."""

    invisible: bool
    white: bool
    turned: bool


@dataclass
class _Piece:
    """Words on one line."""

    left: float
    right: float
    base: float
    size: float
    words: str

    def is_apart(self, left: float, base: float, size: float) -> bool:
        """Whether a word cannot belong to this piece: another line, a wide gap, or a step back."""
        scale = max(size, 1.0)
        return abs(base - self.base) > 0.35 * scale or left - self.right > _GAP * scale or left < self.left

    def told(self) -> list[float | str]:
        """The piece as it is written."""
        return [round(self.left, 1), round(self.right, 1), round(self.base, 1), round(self.size, 1), self.words]


class _Page:
    """One page: walks its words once and joins those that stand on one line without a wide gap."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._text = page.get_textpage()
        self.count = raw.FPDFText_CountChars(self._text)
        self.width, self.height = page.get_size()
        self._turn = page.get_rotation()
        self._box = page.get_cropbox()
        self._looks: dict[int, _Look] = {}
        self._drawn: list[tuple[float, float, float, float]] | None = None
        self._pieces: list[_Piece] = []
        self.hidden = self.turned = 0

    def told(self) -> dict[str, Any]:
        """What the page holds: its size, pieces (x0, x1, base, size, text), and how much was not taken."""
        for start, end, breaks in self._words():
            self._add(start, end, breaks)
        return {
            "width": round(self.width, 1),
            "height": round(self.height, 1),
            "pieces": [piece.told() for piece in self._pieces],
            "hidden": self.hidden,
            "turned": self.turned,
        }

    def close(self) -> None:
        """Let go of the page."""
        self._text.close()
        self._page.close()

    def _words(self) -> Iterator[tuple[int, int, bool]]:
        """First and last index of each word, and whether a line ended before it."""
        text = self._text.raw
        self._codes = [raw.FPDFText_GetUnicode(text, at) for at in range(self.count)]
        start, breaks = -1, True
        for at, code in enumerate(self._codes):
            if code in _BLANK:
                if start >= 0:
                    yield start, at, breaks
                    start, breaks = -1, False
                breaks = breaks or code == 10
                continue
            start = at if start < 0 else start
            if code in _LINE_END_HYPHENS:
                yield start, at + 1, breaks
                start, breaks = -1, True
        if start >= 0:
            yield start, self.count, breaks

    def _add(self, start: int, end: int, breaks: bool) -> None:
        first, last = self._spot(start), self._spot(end - 1)
        if not (self._is_seen(start, first, end - start) and self._is_seen(end - 1, last, end - start)):
            return
        left, _, base, size = self._upright(first)
        _, right, _, _ = self._upright(last)
        words = "".join(_letter(code) for code in self._codes[start:end])
        piece = self._pieces[-1] if self._pieces else None
        if piece is None or breaks or piece.is_apart(left, base, size):
            self._pieces.append(_Piece(left, right, base, size, words))
        else:
            piece.right = max(piece.right, right)
            piece.words += f" {words}"

    def _spot(self, at: int) -> _Spot:
        """Where a character stands, in the page's own space."""
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetLooseCharBox(self._text.raw, at, box)
        raw.FPDFText_GetCharOrigin(self._text.raw, at, x, y)
        return _Spot(box.left, box.bottom, box.right, box.top, x.value, y.value)

    def _upright(self, spot: _Spot) -> tuple[float, float, float, float]:
        """Left, right, base and height as the page is shown, whichever way it is turned."""
        low_x, low_y, high_x, high_y = self._box
        if self._turn == 90:
            return spot.bottom - low_y, spot.top - low_y, high_x - spot.x, spot.right - spot.left
        if self._turn == 180:
            return high_x - spot.right, high_x - spot.left, high_y - spot.y, spot.top - spot.bottom
        if self._turn == 270:
            return high_y - spot.top, high_y - spot.bottom, spot.x - low_x, spot.right - spot.left
        return spot.left - low_x, spot.right - low_x, spot.y - low_y, spot.top - spot.bottom

    def _is_seen(self, at: int, spot: _Spot, count: int) -> bool:
        owner = raw.FPDFText_GetTextObject(self._text.raw, at)
        if not owner:
            return True
        key = ctypes.cast(owner, ctypes.c_void_p).value or 0
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._look(owner, at)
        if look.turned and not look.invisible:
            self.turned += count
            return False
        low_x, low_y, high_x, high_y = self._box
        outside = spot.right < low_x or spot.left > high_x or spot.top < low_y or spot.bottom > high_y
        tiny = 0 < spot.top - spot.bottom < _SMALLEST_POINTS
        if look.invisible or outside or tiny or (look.white and not self._is_on_something(spot)):
            self.hidden += count
            return False
        return True

    def _look(self, owner: Any, at: int) -> _Look:
        mode = raw.FPDFTextObj_GetTextRenderMode(owner)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        painted = bool(raw.FPDFPageObj_GetFillColor(owner, red, green, blue, alpha))
        white = painted and min(red.value, green.value, blue.value) >= _WHITE
        angle = raw.FPDFText_GetCharAngle(self._text.raw, at)
        degrees = (round(angle * 57.29578) + self._turn) % 360 if angle >= 0 else 0
        return _Look(
            invisible=mode in _INVISIBLE_MODES or (painted and alpha.value == 0),
            white=white,
            turned=min(degrees, 360 - degrees) > 10,
        )

    def _is_on_something(self, spot: _Spot) -> bool:
        """Whether white text stands on a drawing or image, so that it can be read."""
        if self._drawn is None:
            shapes = (shape for shape in self._page.get_objects(max_depth=1) if shape.type in _DRAWN)
            self._drawn = [shape.get_bounds() for shape in islice(shapes, _MOST_SHAPES)]
        across, along = (spot.left + spot.right) / 2, (spot.bottom + spot.top) / 2
        return any(a <= across <= c and b <= along <= d for a, b, c, d in self._drawn)


def _letter(code: int) -> str:
    if code in _LINE_END_HYPHENS:
        return "-"
    return chr(code) if 0x20 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF else "\ufffd"


def _pages(data: bytes) -> Iterator[dict[str, Any]]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = raw.FPDF_GetLastError()
        locked = code == _PASSWORD or "password" in str(error).lower() or "security" in str(error).lower()
        raise _RefusedError("encrypted" if locked else "broken") from None
    count = len(document)
    if count > MOST_PAGES:
        raise _RefusedError("pages")
    yield {"pages": count}
    characters = 0
    for number in range(count):
        page = _Page(document[number])
        characters += page.count
        if characters > MOST_CHARACTERS:
            raise _RefusedError("characters")
        yield page.told()
        page.close()


def main() -> None:
    """Read the file from standard input, write the pages to standard output; the last line is an error or the end."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    last: dict[str, str | bool] = {"end": True}
    try:
        for told in _pages(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(told) + "\n")
    except _RefusedError as refused:
        last = {"error": str(refused)}
    except MemoryError:
        last = {"error": "memory"}
    except (pdfium.PdfiumError, ValueError, OverflowError, OSError):
        last = {"error": "broken"}
    sys.stdout.write(json.dumps(last) + "\n")


if __name__ == "__main__":
    main()
