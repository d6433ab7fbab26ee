"""Which codes of the shipped lists a document speaks of, and by which words.

Owns the marking of pillars, crimes, risk factors, groups, measure families and themes in the sentences of a document.
A mark says that the text speaks of a matter, in these words; it is no finding that the matter is so, and nothing is
marked without words to point at. Texts in another language than English are left unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from forewarn.collect.documents.phrases import PhraseBook, Word, words_of
from forewarn.collect.documents.sentences import sentences
from forewarn.model.document import Document, Paragraph, Span, ThemeMark
from forewarn.taxonomy.wording import theme_words

__all__ = ["body_paragraphs", "find_themes", "is_english", "themes_in"]

Code = tuple[str, str]


def find_themes(document: Document) -> tuple[ThemeMark, ...]:
    """The marks of a document, by place, then list and code. Empty for a document in another language than English."""
    if not is_english(document):
        return ()
    return tuple(mark for paragraph in body_paragraphs(document) for mark in themes_in(document.text, paragraph.span))


def themes_in(text: str, span: Span) -> tuple[ThemeMark, ...]:
    """The marks in one stretch of text. No phrase reaches from one sentence into the next.

    Of phrases of one code that overlap, the longest is kept; different codes may share words.
    """
    found = [mark for sentence in sentences(text, span) for mark in _marks(text, sentence)]
    return tuple(sorted(found, key=lambda mark: (mark.span, mark.scheme, mark.code)))


def body_paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of the speeches, then those outside them."""
    for speech in document.speeches:
        yield from speech.paragraphs
    yield from document.paragraphs


def is_english(document: Document) -> bool:
    """Whether the text is English, or does not say what it is."""
    return not document.language or document.language.casefold().partition("-")[0] == "en"


def _marks(text: str, sentence: Span) -> Iterator[ThemeMark]:
    words = words_of(text, sentence.start, sentence.end)
    by_code: dict[Code, list[tuple[int, int]]] = {}
    for match in _book().matches(words):
        if _is_opposite(text, words, match.first):
            continue
        by_code.setdefault(match.payload, []).append((match.first, match.last))
    for (scheme, code), places in by_code.items():
        for first, last in _longest(places):
            span = Span(words[first].start, words[last - 1].end)
            yield ThemeMark(scheme, code, " ".join(text[span.start : span.end].split()), span)


def _is_opposite(text: str, words: Sequence[Word], first: int) -> bool:
    """Whether ``non-`` stands right before it: non-indifference is no indifference."""
    if not first or words[first - 1].text != "non":
        return False
    return text[words[first - 1].end : words[first].start] == "-"


def _longest(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """From the left, the longest place that overlaps none before it."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(places, key=lambda place: (place[0], -place[1])):
        if not kept or first >= kept[-1][1]:
            kept.append((first, last))
    return kept


@cache
def _book() -> PhraseBook[Code]:
    return PhraseBook((phrase, (one.scheme, one.code)) for one in theme_words() for phrase in one.phrases)
