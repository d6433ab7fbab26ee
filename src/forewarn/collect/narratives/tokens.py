"""A narrative cut into words, once, for every reader that works on words.

Each word keeps its character offsets; the lower-case form drops a possessive ending but remembers it. Cutting is
linear in the length of the text, and a text is cut off at :data:`LONGEST` words: a description is not a book.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["LONGEST", "Tokens", "cut", "word_set"]

LONGEST = 4_000
"""Words read of one narrative. What comes after is not read, and the readers' findings are the same as without it."""

_WORD = re.compile(r"\d{1,3}(?:[, ]\d{3}){1,3}(?![\d-])|[^\W_]+(?:['’][^\W_]+|-[^\W_]+)*['’]?|[.;:,!?()\[\]/–—&%$€£+-]")
_NAMES_LIKE_WORDS = frozenset(("WHO", "US", "IT"))
_ARTEFACT = re.compile(r"_x[0-9A-Fa-f]{4}_")
_ENDS = frozenset(".!?;")
_SHORT = 40
"""Words below this many characters are remembered; longer ones are rare, and could fill the memory."""


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as one line."""
    return frozenset(words.split())


_ABBREVIATIONS = word_set(
    "dr mr mrs ms st no nos gen col capt lt maj sgt prof approx est dept inc ltd vs jan feb mar apr jun jul aug sep "
    "sept oct nov dec u.s u.n"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, in parallel lists.

    Attributes:
        words: lower case, a possessive ending dropped.
        starts, ends: character offsets of the word as printed.
        possessive: whether the ending was dropped.
        capital: whether the first letter is upper case.
        sentences: (first word, one past the last word) of each sentence.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    possessive: list[bool]
    capital: list[bool]
    sentences: list[tuple[int, int]] = field(default_factory=list)

    def only(self, kept: list[int]) -> Tokens:
        """The same text with only those words."""
        left = Tokens(
            [self.words[at] for at in kept],
            [self.starts[at] for at in kept],
            [self.ends[at] for at in kept],
            [self.possessive[at] for at in kept],
            [self.capital[at] for at in kept],
        )
        left.sentences.extend(_sentences(left))
        return left

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Character offsets from word ``first`` up to, not including, word ``last``."""
        return self.starts[first], self.ends[last - 1]


@lru_cache(maxsize=2)
def cut(text: str) -> Tokens:
    """The words of the text. Spreadsheet artefacts such as ``_x000D_`` are passed over.

    Several readers ask for the words of one text, one after the other; nobody changes them.
    """
    tokens = Tokens([], [], [], [], [])
    if "_x" in text:
        text = _ARTEFACT.sub(lambda m: " " * len(m.group()), text)
    for match in _WORD.finditer(text):
        if len(tokens.words) >= LONGEST:
            break
        printed = match.group()
        word, owns, is_capital = _kept(printed) if len(printed) < _SHORT else _plain(printed)
        tokens.words.append(word)
        tokens.starts.append(match.start())
        tokens.ends.append(match.end())
        tokens.possessive.append(owns)
        tokens.capital.append(is_capital)
    tokens.sentences.extend(_sentences(tokens))
    return tokens


def _plain(printed: str) -> tuple[str, bool, bool]:
    """A word in lower case without a possessive ending, whether it had one, and whether it begins with a capital."""
    word = printed.lower().replace("’", "'")
    owns = False
    if printed in _NAMES_LIKE_WORDS:
        word = ".".join(word)
    if word[-1] == "'":
        word, owns = word[:-1], True
    elif word.endswith("'s"):
        word, owns = word[:-2], True
    return word, owns, printed[0].isupper()


_kept = lru_cache(maxsize=20_000)(_plain)


def _sentences(tokens: Tokens) -> list[tuple[int, int]]:
    """Where sentences begin and end: at ``. ! ? ;``, not after an abbreviation or before a lower-case word."""
    found: list[tuple[int, int]] = []
    first = 0
    words = tokens.words
    count = len(words)
    for index, word in enumerate(words):
        if word not in _ENDS or index == first:
            continue
        if word == "." and index + 1 < count and not _starts_sentence(tokens, index):
            continue
        found.append((first, index))
        first = index + 1
    if first < count:
        found.append((first, count))
    return found


def _starts_sentence(tokens: Tokens, stop: int) -> bool:
    """Whether the full stop at ``stop`` ends a sentence."""
    before, after = tokens.words[stop - 1], tokens.words[stop + 1]
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha() and tokens.capital[stop - 1]):
        return False
    if tokens.starts[stop + 1] == tokens.ends[stop]:
        return not (before[-1].isdigit() and after[0].isdigit())
    return tokens.capital[stop + 1] or not after[0].isalpha()
