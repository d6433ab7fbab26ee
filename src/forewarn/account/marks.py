"""Masks as a person marks them: spans of a text; boxes on a picture, on pages, or on a film for some time.

Owns their form and the drawing of boxes. A box covers what it covers with one colour, and nothing under it stays.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageDraw

from forewarn.errors import InputValueError

__all__ = ["DAMAGED", "Box", "Marks", "Span", "blank", "opened_picture", "refuse_outside"]

DAMAGED = (
    OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, SyntaxError, struct.error,
    Image.DecompressionBombError,
)  # fmt: skip
"""What reading a damaged picture can end in."""

Span = tuple[int, int]
"""First character masked, and the first after it that is not."""


@dataclass(frozen=True, slots=True)
class Box:
    """A mask: left, top, width and height in pixels of the upright picture.

    Attributes:
        page: the page of a document, from 1; 0 is every page.
        from_s, to_s: on a film from when to when, in seconds; without an end, to the end.
    """

    left: int
    top: int
    width: int
    height: int
    page: int = 0
    from_s: float = 0.0
    to_s: float = float("inf")

    def __post_init__(self) -> None:
        numbers = (self.left, self.top, self.page, self.from_s)
        if min(numbers) < 0 or min(self.width, self.height) < 1 or not self.from_s < self.to_s:
            raise InputValueError("is no box", where="--box", mend="give LEFT,TOP,WIDTH,HEIGHT in pixels")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person marked: spans of a text, or boxes of what can be seen."""

    spans: tuple[Span, ...] = ()
    boxes: tuple[Box, ...] = ()


@contextmanager
def opened_picture(source: BinaryIO, formats: Sequence[str]) -> Iterator[Image.Image]:
    """A picture of one of the formats, not yet read; what the library would say of damage is withheld."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(source, formats=list(formats)) as picture:
            yield picture


def blank(picture: Image.Image, boxes: Sequence[Box]) -> None:
    """Draw the boxes over a picture."""
    draw = ImageDraw.Draw(picture)
    for one in boxes:
        draw.rectangle((one.left, one.top, one.left + one.width - 1, one.top + one.height - 1), fill="black")


def refuse_outside(boxes: Sequence[Box], width: int, height: int) -> None:
    """Refuse a box that does not lie within: whoever marked it saw another picture."""
    for one in boxes:
        if one.left + one.width > width or one.top + one.height > height:
            named = f"{one.left},{one.top},{one.width},{one.height}"
            raise InputValueError(f"{named} is not within {width}x{height}", where="--box", mend="correct it")
