"""Pictures and pages without what was masked: written anew from their pixels, so that nothing else comes along.

No metadata, thumbnail, text layer, attachment, layer or trailing bytes survive, nor colours hidden by transparency.
What a sensor leaves in the pixels themselves does: this hides what was marked, not which camera it was.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from forewarn.account.marks import DAMAGED, Box, blank, opened_picture, refuse_outside
from forewarn.errors import InputError, InputFormatError, InputValueError

__all__ = ["DOTS_PER_INCH", "pages_without", "picture_without"]

DOTS_PER_INCH = 144
"""At which pages are drawn, and in whose pixels boxes on them are given."""

_SCALE = DOTS_PER_INCH / 72
_MOST_PIXELS = 100_000_000
_MOST_PIXELS_OF_PAGES = 300_000_000


def picture_without(data: bytes, boxes: Sequence[Box]) -> bytes:
    """A PNG of a picture with boxes masked; of an animation, its first picture.

    Raises:
        InputFormatError: it is damaged.
        InputError: it is too large.
        InputValueError: a box is not within it, or names a page or a time.
    """
    try:
        with opened_picture(io.BytesIO(data), ("PNG", "JPEG")) as opened:
            _refuse_large(*opened.size)
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except DAMAGED:
        raise InputFormatError("is cut off or no picture", where="redact", mend="check the original") from None
    if any(one.page or one.from_s or one.to_s != float("inf") for one in boxes):
        raise InputValueError("a picture has no pages or times", where="--box", mend="give LEFT,TOP,WIDTH,HEIGHT")
    return _as_png(_masked(upright, boxes))


def pages_without(data: bytes, boxes: Sequence[Box], *, each: Callable[[int], object] = abs) -> tuple[bytes, int]:
    """A PDF of pictures of the pages with boxes masked, and their number; see :func:`picture_without`."""
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            count = len(document)
            _refuse_many(document)
            if any(one.page > count or one.from_s or one.to_s != float("inf") for one in boxes):
                raise InputValueError(f"there are {count} pages", where="--box", mend="give PAGE:LEFT,TOP,WIDTH,HEIGHT")
            pages = []
            for number, page in enumerate(document, start=1):
                pages.append(_page(page, [one for one in boxes if one.page in (0, number)]))
                each(number)
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        raise InputFormatError("is damaged or locked", where="redact", mend="check the original") from None
    written = io.BytesIO()
    told = {"title": None, "creationDate": None, "modDate": None}
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_PER_INCH, **told)
    return written.getvalue(), count


def _refuse_many(document: pypdfium2.PdfDocument) -> None:
    """Refuse what would not be held in memory: a page of A4 has two million pixels."""
    if not len(document):
        raise InputFormatError("has no pages", where="redact", mend="check the original")
    total = 0
    for number in range(len(document)):
        width, height = document.get_page_size(number)
        _refuse_large(int(width * _SCALE), int(height * _SCALE))
        total += int(width * _SCALE) * int(height * _SCALE)
        if total > _MOST_PIXELS_OF_PAGES:
            raise InputError(
                f"has {len(document):,} pages, too many at once", where="redact", mend=f"cut out {number} of them"
            )


def _page(page: pypdfium2.PdfPage, boxes: Sequence[Box]) -> Image.Image:
    return _masked(page.render(scale=_SCALE).to_pil().convert("RGBA"), boxes)


def _masked(upright: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """A new picture of what shows on white, with the boxes over it."""
    refuse_outside(boxes, *upright.size)
    pixels = Image.new("RGB", upright.size, "white")
    pixels.paste(upright, mask=upright.getchannel("A"))
    blank(pixels, boxes)
    return pixels


def _as_png(pixels: Image.Image) -> bytes:
    written = io.BytesIO()
    pixels.save(written, "PNG")
    return written.getvalue()


def _refuse_large(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise InputError(f"has more than {_MOST_PIXELS:,} pixels", where="redact", mend="make it smaller")
