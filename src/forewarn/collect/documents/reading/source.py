"""A text as it was read: the verbatim characters, and what a reader would skip.

Owns the noun every later step works on. The verbatim text is the source of truth: reading forms and paragraphs are
views that point back into it, and nothing here changes it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from forewarn.collect.documents.reading.joining import Reading, joined
from forewarn.collect.documents.reading.paragraphs import paragraphs_of
from forewarn.errors import InputValueError
from forewarn.model.document import Span
from forewarn.model.validation import require_choice

__all__ = ["SOURCE_KINDS", "SourceText", "paragraph_spans", "reading_form", "reading_of"]

SOURCE_KINDS = ("text", "markdown", "html", "pdf", "docx")
"""What a text was read from."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text as it was read.

    Attributes:
        text: verbatim, line ends as LF, byte order mark removed; Unicode as it came.
        kind: one of :data:`SOURCE_KINDS`.
        pages: offset where each page starts; empty when the kind has no pages.
        furniture: running heads and feet, job numbers and boilerplate inside the body, sorted, not overlapping.
        flags: what is doubtful or was left out, sorted.
        notes: one line of words for each thing done that changed or left out anything.
    """

    text: str
    kind: str = "text"
    pages: tuple[int, ...] = ()
    furniture: tuple[Span, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", SOURCE_KINDS)
        last = 0
        for span in self.furniture:
            if span.start < last or span.end > len(self.text):
                raise InputValueError(
                    f"{span.start}..{span.end} is out of order or outside", where="furniture", mend="sort the spans"
                )
            last = span.end

    @property
    def whole(self) -> Span:
        """The span of all of it."""
        return Span(0, len(self.text))

    def page_of(self, offset: int) -> int | None:
        """The page a character stands on, from 1; none when the text has no pages."""
        after = bisect_left(self.pages, offset + 1)
        return after or (1 if self.pages else None)


def reading_of(source: SourceText, span: Span) -> Reading:
    """The reading form of a span, with the way back to the verbatim text."""
    return joined(source.text, span, furniture=source.furniture, markdown=source.kind == "markdown")


def reading_form(source: SourceText, span: Span) -> tuple[str, tuple[str, ...]]:
    """The words of a span as one would read them, and what was doubtful in joining them.

    Lines are joined, furniture left out, hyphens at line ends settled (kept by default), soft hyphens and
    invisible characters dropped, other hyphens and spaces made plain; Markdown loses its marks.
    """
    reading = reading_of(source, span)
    return reading.text, reading.flags


def paragraph_spans(source: SourceText, span: Span) -> list[Span]:
    """The paragraphs inside a span, without blank lines and furniture around them; none when it is blank.

    A paragraph that goes on over a page keeps the page's furniture inside its span; its reading form has none.
    """
    return paragraphs_of(source.text, span, furniture=source.furniture, kind=source.kind)
