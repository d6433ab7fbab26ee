"""A list of phrases with what each stands for, looked up in a narrative word by word.

The longest phrase that begins at a word wins and its words are used up, so that "death threats" is no death. Matching
costs one look-up a word, whatever the size of the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from forewarn.collect.narratives.tokens import Tokens
from forewarn.errors import InputValueError

__all__ = ["Lexicon", "Match"]

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Match(Generic[Entry]):
    """A phrase found: words ``first`` up to, not including, ``last``, and what it stands for."""

    first: int
    last: int
    entries: tuple[Entry, ...]


class Lexicon(Generic[Entry]):
    """Phrases and what they stand for.

    Args:
        phrases: pairs of lower-case words parted by single spaces and the entry; a phrase may stand for several things.

    Raises:
        InputValueError: a phrase is empty.
    """

    def __init__(self, phrases: Iterable[tuple[str, Entry]]) -> None:
        held: dict[tuple[str, ...], list[Entry]] = {}
        for phrase, entry in phrases:
            words = tuple(phrase.split())
            if not words:
                raise InputValueError("a phrase is empty", where="lexicon", mend="take it out")
            held.setdefault(words, []).append(entry)
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]] = {}
        for words in sorted(held, key=len, reverse=True):
            self._by_first.setdefault(words[0], []).append((words, tuple(held[words])))

    def find(self, tokens: Tokens) -> Iterator[Match[Entry]]:
        """The phrases of the text, in order, none inside another."""
        words, position = tokens.words, 0
        for index, word in enumerate(words):
            if index < position or word not in self._by_first:
                continue
            for phrase, entries in self._by_first[word]:
                end = index + len(phrase)
                if len(phrase) == 1 or tuple(words[index:end]) == phrase:
                    yield Match(index, end, entries)
                    position = end
                    break
