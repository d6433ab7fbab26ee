"""Words as search sees them: folded, with where they stand; and a query taken apart into them.

Case, accents and hyphens at line ends do not matter. The same code folds what is stored and what is asked for, so both
engines find the same. A query is never handed to an engine's own query language; whatever it holds, it is words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from forewarn.errors import UsageError

__all__ = ["LONGEST_QUERY", "MOST_WORDS", "Query", "Word", "found_in", "parse_query", "words_of"]

LONGEST_QUERY = 1_000
"""Characters of a query."""

MOST_WORDS = 32
"""Words of a query."""

_LONGEST_WORD = 100
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u00ad\u0300-\u036f\u064b-\u065f\u0670"
# A character of a script without spaces is a word of its own; a phrase of them is what others call a word.
_WORD = re.compile(rf"[{_SINGLE}]|(?:(?![{_SINGLE}])[^\W_])(?:(?![{_SINGLE}])[^\W_]|[{_MARKS}])*")
_JOINT = re.compile("[-\u00ad\u2010]\n[ \t]{0,40}")
_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and the characters it stands on; one broken at a line end stands there whole as well."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What a passage must hold: all of the phrases.

    Attributes:
        phrases: words that follow one another; a phrase of one word is a word.
        open_ended: for each phrase, whether its last word is the beginning of one.
    """

    phrases: tuple[tuple[str, ...], ...]
    open_ended: tuple[bool, ...]

    @property
    def words(self) -> tuple[tuple[str, bool], ...]:
        """All words, each once, and whether they are beginnings."""
        pairs = [
            (word, is_open and position == len(phrase) - 1)
            for phrase, is_open in zip(self.phrases, self.open_ended, strict=True)
            for position, word in enumerate(phrase)
        ]
        return tuple(dict.fromkeys(pairs))


def words_of(text: str, offset: int = 0) -> Iterator[Word]:
    """The words of a text in order, with ``offset`` added to where they stand."""
    before: Word | None = None
    for match in _WORD.finditer(text):
        folded = _folded(match[0])
        if not folded:
            continue
        word = Word(folded, match.start() + offset, match.end() + offset)
        if before is not None and _JOINT.fullmatch(text, before.end - offset, word.start - offset):
            yield Word((before.text + folded)[:_LONGEST_WORD], before.start, word.end)
        yield word
        before = word


def parse_query(text: str) -> Query:
    """The query that a person wrote: words, all of which must stand there; "words in quotes" one after the other; a
    word that ends in ``*`` begins so. What is not parted by a space, such as a symbol, is taken as in quotes.

    Raises:
        UsageError: it holds no word, or too many.
    """
    if len(text) > LONGEST_QUERY:
        raise _refused(f"has more than {LONGEST_QUERY:,} characters")
    phrases, open_ended = [], []
    for match in _CHUNK.finditer(text):
        said = match[1] if match[1] is not None else match[2]
        phrase = tuple(word.text for word in words_of(said))
        if phrase:
            phrases.append(phrase)
            open_ended.append(said.rstrip().endswith("*"))
    if not phrases:
        raise _refused("holds no word")
    if sum(map(len, phrases)) > MOST_WORDS:
        raise _refused(f"has more than {MOST_WORDS} words")
    return Query(tuple(phrases), tuple(open_ended))


def found_in(query: Query, words: list[Word]) -> list[tuple[int, int]]:
    """Where the phrases of the query stand, in order of the text; empty unless all of them do."""
    starts = sorted({word.start for word in words})
    standing: dict[int, list[Word]] = {}
    for word in words:
        standing.setdefault(word.start, []).append(word)
    found: set[tuple[int, int]] = set()
    for phrase, is_open in zip(query.phrases, query.open_ended, strict=True):
        wanted = [(text, is_open and position == len(phrase) - 1) for position, text in enumerate(phrase)]
        ends = ((word.start, _end_of(wanted, word, starts, standing)) for word in words if _is(word, *wanted[0]))
        spans = [(start, end) for start, end in ends if end]
        if not spans:
            return []
        found.update(spans)
    return sorted(found)


def _end_of(wanted: list[tuple[str, bool]], first: Word, starts: list[int], standing: dict[int, list[Word]]) -> int:
    """Where a phrase ends whose first word stands there; 0 where the next word is another."""
    end = first.end
    for text, is_open in wanted[1:]:
        position = bisect_left(starts, end)
        here = standing[starts[position]] if position < len(starts) else []
        ends = [word.end for word in here if _is(word, text, is_open)]
        if not ends:
            return 0
        end = ends[0]
    return end


def _is(word: Word, wanted: str, is_open: bool) -> bool:
    return word.text.startswith(wanted) if is_open else word.text == wanted


def _folded(printed: str) -> str:
    """The word without case, accents and signs."""
    if printed.isascii():
        return printed.lower()[:_LONGEST_WORD]
    plain = unicodedata.normalize("NFKD", printed).casefold()
    return "".join(c for c in plain if c.isalnum())[:_LONGEST_WORD]


def _refused(what: str) -> UsageError:
    return UsageError(what, where="query", mend="give a few words, as they stand in the text")
