"""The reading form: verbatim lines joined into running text, with the way back.

Owns what is dropped or made plain between the verbatim text and what a reader reads. Words are never changed: slips,
lost accents and curly quotes stay as they came. Every character of the reading form maps to the verbatim text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forewarn.collect.documents.reading.hyphens import LINE_END_HYPHEN, is_broken_word, lexicon_of
from forewarn.collect.documents.reading.marks import paired_marks
from forewarn.model.document import Span

__all__ = ["Reading", "has_invisible", "joined", "lines_of", "masked"]

# Characters that print nothing: zero-width spaces, direction marks, tags.
_INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[{_INVISIBLE}]")

_PLAIN = rf"\u00ad(?:[ \t]{{0,8}}\n\s*)?|\s{{2,}}|[^\S ]|[\u2010\u2011]|[{_INVISIBLE}]"
_CHANGES = re.compile(_PLAIN)
_CHANGES_AND_MARKS = re.compile(rf"^[ ]{{0,3}}(?:\#{{1,6}}[ ]+|>[ ]?)|\*{{1,3}}|_{{1,3}}|{_PLAIN}", re.MULTILINE)
_LEFT = re.compile(r"\w[\w'’-]*$")
_RIGHT = re.compile(r"\w[\w'’]*")
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading form.

    Attributes:
        text: as one would read it.
        flags: what was doubtful, sorted.
        pieces: (offset in ``text``, offset in the verbatim text) where a verbatim run starts, rising.
        end: offset in the verbatim text behind the last character.
    """

    text: str
    flags: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]
    end: int

    def verbatim(self, start: int, end: int) -> Span:
        """The span of the verbatim text that characters ``start`` to ``end`` of the reading form came from."""
        if start >= end:
            place = self._offset(start)
            return Span(place, place)
        return Span(self._offset(start), self._offset(end - 1) + 1)

    def _offset(self, at: int) -> int:
        index = bisect_right(self.pieces, (at, 1 << 62)) - 1
        if index < 0:
            return self.end
        here, there = self.pieces[index]
        return min(there + at - here, max(self.end - 1, there))


def has_invisible(text: str) -> bool:
    """Whether a text holds characters that print nothing, soft hyphens aside."""
    return not text.isascii() and _UNSEEN.search(text) is not None


def masked(text: str, span: Span, furniture: Sequence[Span]) -> str:
    """The characters of a span, those of furniture replaced by line ends; offsets stay the same."""
    first = max(bisect_left(furniture, Span(span.start, span.start)) - 1, 0)
    parts, at = [], span.start
    for piece in furniture[first:]:
        if piece.start >= span.end:
            break
        start, end = max(piece.start, at), min(piece.end, span.end)
        if start < end:
            parts += [text[at:start], "\n" * (end - start)]
            at = end
    parts.append(text[at : span.end])
    return "".join(parts)


def joined(text: str, span: Span, *, furniture: Sequence[Span] = (), markdown: bool = False) -> Reading:
    """The reading form of a span of ``text``; the lexicon for hyphens is that of the whole text."""
    run = _Run(text, masked(text, span, furniture), span.start)
    begin, end = len(run.shown) - len(run.shown.lstrip()), len(run.shown.rstrip())
    at = begin
    changes = _CHANGES_AND_MARKS if markdown else _CHANGES
    marks = paired_marks(run.shown) if markdown else frozenset()
    for change in changes.finditer(run.shown, begin, end):
        if change[0][0] in "*_" and change.start() not in marks:
            continue
        run.keep(at, change.start())
        run.settle(change.start(), change.end())
        at = change.end()
    run.keep(at, end)
    return run.reading(span.start + max(end, begin))


class _Run:
    """One pass over a span: what is kept, piece by piece."""

    def __init__(self, text: str, shown: str, offset: int) -> None:
        self.shown = shown
        self._text = text
        self._offset = offset
        self._parts: list[str] = []
        self._pieces: list[tuple[int, int]] = []
        self._length = 0
        self._flags: set[str] = set()

    def keep(self, start: int, end: int) -> None:
        """Take characters as they are."""
        self._put(self.shown[start:end], start)

    def settle(self, start: int, end: int) -> None:
        """Take the place of characters that are not taken as they are."""
        found = self.shown[start:end]
        if found[0].isspace():
            self._space(start, end)
        elif found in "\u2010\u2011":
            self._put("-", start)

    def reading(self, end: int) -> Reading:
        """What has been taken."""
        return Reading("".join(self._parts), tuple(sorted(self._flags)), tuple(self._pieces), end)

    def _put(self, words: str, at: int) -> None:
        if words:
            self._parts.append(words)
            self._pieces.append((self._length, self._offset + at))
            self._length += len(words)

    def _space(self, start: int, end: int) -> None:
        before = self.shown[max(start - 2, 0) : start]
        if "\n" not in self.shown[start:end] or len(before) < 2 or before[0].isspace():
            self._put(" ", start)
        elif before[1] in "-\u2010\u2011" and before[0].isalnum() and self.shown[end : end + 1].isalnum():
            self._hyphen(start, end)
        elif before[1] not in "\u2013\u2014":
            self._put(" ", start)

    def _hyphen(self, start: int, end: int) -> None:
        left = _LEFT.search(self.shown[max(start - 1 - _LONGEST_WORD, 0) : start - 1])
        right = _RIGHT.match(self.shown[end : end + _LONGEST_WORD])
        if left is None or right is None:
            return
        broken = is_broken_word(left[0], right[0], lexicon_of(self._text))
        if broken:
            self._drop_hyphen()
        elif broken is None:
            self._flags.add(LINE_END_HYPHEN)

    def _drop_hyphen(self) -> None:
        last = self._parts.pop()[:-1]
        self._length -= 1
        if last:
            self._parts.append(last)
        else:
            self._pieces.pop()


def lines_of(text: str, span: Span) -> Iterator[Span]:
    """The lines of a span, without their line ends."""
    at = span.start
    while at < span.end:
        stop = text.find("\n", at, span.end)
        stop = span.end if stop < 0 else stop
        yield Span(at, stop)
        at = stop + 1
