"""Redacting: a safe derivative of an original, masked where a person marked it, without what it says of itself.

Owns which kinds can be redacted and how a text is: what was under a mask is gone, not covered, and every mask is as
long as any other. Pictures, pages and films are in ``redaction_pictures`` and ``redaction_film``. What cannot be
redacted safely is refused: a mask that can be lifted is worse than none. Nobody but a person says what is masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forewarn.account.marks import Box, Marks, Span
from forewarn.account.redaction_film import film_without
from forewarn.account.redaction_pictures import pages_without, picture_without
from forewarn.errors import InputEncodingError, InputFormatError, InputValueError

__all__ = ["LARGEST_BYTES", "Redacted", "redacted"]

LARGEST_BYTES = 500_000_000
"""A larger original is not redacted: it is held in memory."""

_MASK = "█████"
_TEXTS = ("text/plain", "application/octet-stream")
_JOINERS = "\u200c\u200d"  # scripts such as Persian and Hindi are not read without them
_SHOWN_PLACES = 20


@dataclass(frozen=True, slots=True)
class Redacted:
    """A derivative.

    Attributes:
        data: its bytes.
        media_type: of what kind they are.
        done: what was done, in words.
        still_at: spans of the original text that say what was masked, and are not masked.
    """

    data: bytes
    media_type: str
    done: str
    still_at: tuple[Span, ...] = ()


def redacted(
    data: bytes, kind: str, marked: Marks, *, each: Callable[[int], object] = abs
) -> Redacted:  # fmt: skip
    """A derivative of an original.

    Args:
        data: the original.
        kind: its media type.
        marked: spans of a text; boxes of a picture, of the pages of a PDF or of a film, without which only what the
            file says of itself goes, and the sound of a film.
        each: told how many pages or frames are done.

    Raises:
        InputFormatError: there is no safe way to redact that kind here, or it is damaged.
        InputValueError: a mask is not within the original, or of the other kind.
        MissingExtraError: a film, and the library for films is not installed.
    """
    spans, boxes = marked.spans, marked.boxes
    if kind in _TEXTS:
        _refuse(boxes or not spans, "a text is masked by --span", "give --span FROM:TO")
        return _text(data, spans)
    if kind in ("image/png", "image/jpeg", "application/pdf", "video/mp4"):
        _refuse(spans, "pictures, pages and films are masked by --box", "give --box LEFT,TOP,WIDTH,HEIGHT")
        return _seen(data, kind, boxes, each)
    raise InputFormatError(
        f"{kind} cannot be redacted safely here", where="redact", mend="make a text or picture of the part to be shared"
    )


def _seen(data: bytes, kind: str, boxes: Sequence[Box], each: Callable[[int], object]) -> Redacted:
    told = f"{len(boxes)} boxes masked, what the file says of itself stripped"
    if kind == "application/pdf":
        made, pages = pages_without(data, boxes, each=each)
        return Redacted(made, kind, f"{told}; {pages} pages as pictures, without text or attachments")
    if kind == "video/mp4":
        return Redacted(film_without(data, boxes, each=each), kind, f"{told}; drawn anew without sound and subtitles")
    return Redacted(picture_without(data, boxes), "image/png", told)


def _text(data: bytes, spans: Sequence[Span]) -> Redacted:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputEncodingError("is not UTF-8", where="redact", mend="only UTF-8 texts are masked by span") from None
    parts, end = [], 0
    for start, stop in _joined(spans, len(text)):
        parts += [text[end:start], _MASK]
        end = stop
    whole = "".join([*parts, text[end:]])
    clean = "".join(letter for letter in whole if letter in "\n\t" + _JOINERS or unicodedata.category(letter)[0] != "C")
    done = f"{len(spans)} spans masked, characters that do not show stripped"
    return Redacted(clean.encode(), "text/plain", done, _elsewhere(text, spans))


def _joined(spans: Sequence[Span], length: int) -> list[Span]:
    """The spans in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= length:
            raise InputValueError(f"{start}:{end} is not within 0:{length}", where="--span", mend="correct it")
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _elsewhere(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Where what was masked stands unmasked, in whatever case."""
    found = set()
    for start, end in spans:
        words = text[start:end].strip()
        for one in re.finditer(re.escape(words), text, re.IGNORECASE) if words else ():
            if not any(low < one.end() and one.start() < high for low, high in spans):
                found.add(one.span())
    return tuple(sorted(found)[:_SHOWN_PLACES])


def _refuse(when: object, what: str, mend: str) -> None:
    if when:
        raise InputValueError(what, where="redact", mend=mend)
