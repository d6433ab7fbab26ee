"""Where paragraphs begin: at blank lines, at indented lines, and after a short last line.

Owns the one decision for every kind of text. Refuses to break inside a sentence that goes on over a page; a text that
is one line is one paragraph. The measure (margin and width of lines) is that of the whole text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from forewarn.collect.documents.reading.joining import lines_of, masked
from forewarn.model.document import Span

__all__ = ["paragraphs_of"]

_ENDS = re.compile(r"""[.?!:;…]["'”’)\]*_]{0,4}$""")
_OPENS = re.compile(r"""["'“‘(\[*_]{0,4}[A-Z0-9À-ÖØ-Þ]""")
_MARKDOWN_BLOCK = re.compile(r" {0,3}(?:#{1,6} |[-*+] |\d{1,3}[.)] |>)")
_MARKDOWN_HEAD = re.compile(r" {0,3}#{1,6} ")
_LONG_LINE = 160
_SHORT = 0.8
_NARROWEST = 30
_WIDEST_BLANK = 400


@dataclass(frozen=True, slots=True)
class _Measure:
    """Margin and width of the lines of a text, in characters; width 0 when its lines have no common width."""

    margin: int
    width: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with words: its span without white space around, how far it is indented, what it says."""

    span: Span
    indent: int
    words: str


@lru_cache(maxsize=4)
def _measure_of(text: str) -> _Measure:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 4:
        return _Measure(0, 0)
    margin = Counter(_indent(line) for line in lines).most_common(1)[0][0]
    lengths = sorted(len(line.strip()) for line in lines)
    width = lengths[len(lengths) * 8 // 10]
    return _Measure(margin, width if _NARROWEST <= width <= _LONG_LINE else 0)


def _indent(line: str) -> int:
    expanded = line[:80].expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def paragraphs_of(text: str, span: Span, *, furniture: Sequence[Span] = (), kind: str = "text") -> list[Span]:
    """The paragraphs of a span of ``text``, in order, trimmed; furniture between two of them belongs to neither."""
    shown = masked(text, span, furniture)
    measure = _measure_of(text)
    found: list[Span] = []
    last: _Line | None = None
    blank = False
    for place in lines_of(shown, Span(0, len(shown))):
        line = _line(shown, place, span.start)
        if line is None:
            blank = blank or _is_blank(text, span.start + place.end)
            continue
        if last is None or _begins(line, last, blank=blank, measure=measure, kind=kind, text=text):
            found.append(line.span)
        else:
            found[-1] = Span(found[-1].start, line.span.end)
        last, blank = line, False
    return found


def _line(shown: str, place: Span, offset: int) -> _Line | None:
    line = shown[place.start : place.end]
    words = line.strip()
    if not words:
        return None
    start = offset + place.start + len(line) - len(line.lstrip())
    return _Line(Span(start, start + len(words)), _indent(line), words)


def _is_blank(text: str, at: int) -> bool:
    """Whether the line that ends at an offset is blank in the text itself: furniture is masked, not blank."""
    start = text.rfind("\n", max(0, at - _WIDEST_BLANK), at) + 1
    return (start > 0 or at <= _WIDEST_BLANK) and not text[start:at].strip() and text[at : at + 1] in ("\n", "")


def _begins(line: _Line, last: _Line, *, blank: bool, measure: _Measure, kind: str, text: str) -> bool:
    """Whether a line begins a paragraph behind ``last``."""
    ended = _ENDS.search(last.words) is not None
    between = text[last.span.end : line.span.start]
    if blank:
        # Behind a page's foot and head a sentence goes on; a PDF's blank lines are ours and say so already.
        return kind == "pdf" or not between.strip() or ended
    if "\n" not in between:
        return False
    if kind == "markdown" and (_MARKDOWN_BLOCK.match(line.words) or _MARKDOWN_HEAD.match(last.words)):
        return True
    if kind == "pdf" or not ended or not _OPENS.match(line.words):
        return False
    if line.indent >= measure.margin + 2 and last.indent <= measure.margin + 1:
        return True
    first_word = len(line.words.split(None, 1)[0])
    fitted = measure.width and len(last.words) + 1 + first_word <= _SHORT * measure.width
    return bool(fitted) or len(last.words) > _LONG_LINE
