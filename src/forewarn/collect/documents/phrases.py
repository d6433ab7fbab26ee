"""Many phrases looked for at once in the words of a text, compared folded.

Owns the cutting of text into folded words that know where they stand, and a tree of phrases walked from every word.
Refuses nothing: any text is some words. The walk from a word is bounded by the longest phrase and its gaps, never by
the text, so the whole is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from forewarn.taxonomy.wording import GAP

__all__ = ["Match", "PhraseBook", "Word", "listed", "words_of"]

T = TypeVar("T")

_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad]|['\u2019](?=[^\W_])){0,80}+")
_POSSESSIVE = re.compile(r"['\u2019]s\Z|['\u2019]\Z", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_LINE_END_HYPHEN = re.compile(r"[-\u00ad\u2010]\n\s{0,8}+")
_GAP_WORDS = 3
_LONGEST_STEM = 24


@dataclass(frozen=True, slots=True)
class Word:
    """A word: folded, where it stands, and joined with the next where a line-end hyphen parts them."""

    text: str
    start: int
    end: int
    joined: str = ""
    possessive: bool = False


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """Words ``first`` to ``last`` (half-open) are a phrase of ``payload``."""

    first: int
    last: int
    payload: T


@dataclass(slots=True)
class _Node(Generic[T]):
    words: dict[str, _Node[T]] = field(default_factory=dict)
    stems: dict[str, _Node[T]] = field(default_factory=dict)
    gap: _Node[T] | None = None
    payloads: list[T] = field(default_factory=list)


def listed(text: str) -> frozenset[str]:
    """The words of a list written with blanks between them."""
    return frozenset(text.split())


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words of ``text[start:end]``, in order, at their offsets; accents, case and possessive 's are folded."""
    found = list(_TOKEN.finditer(text, start, end))
    words = []
    for number, token in enumerate(found):
        raw = token.group()
        following = found[number + 1] if number + 1 < len(found) else None
        parted = following is not None and _LINE_END_HYPHEN.fullmatch(text, token.end(), following.start())
        joined = _fold(raw + following.group()) if following is not None and parted else ""
        words.append(Word(_fold(raw), token.start(), token.end(), joined, bool(_POSSESSIVE.search(raw))))
    return words


@lru_cache(maxsize=20_000)
def _fold(raw: str) -> str:
    text = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", raw).casefold())
    return _NOT_WORD.sub("", text)


class PhraseBook(Generic[T]):
    """Phrases with a payload each, looked for all at once."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], T]]) -> None:
        self._root: _Node[T] = _Node()
        for phrase, payload in phrases:
            self._add(phrase, payload)

    def _add(self, phrase: Sequence[str], payload: T) -> None:
        node = self._root
        for word in phrase:
            if word == GAP:
                node.gap = node.gap or _Node()
                node = node.gap
            elif word.endswith("*"):
                node = node.stems.setdefault(word[:-1], _Node())
            else:
                node = node.words.setdefault(word, _Node())
        if payload not in node.payloads:
            node.payloads.append(payload)

    def matches(self, words: Sequence[Word]) -> Iterator[Match[T]]:
        """Every phrase found, by first word; of one payload from one word, the shortest way to end each phrase."""
        for first in range(len(words)):
            for last, payload in self._from(words, first).items():
                for one in payload:
                    yield Match(first, last, one)

    def _from(self, words: Sequence[Word], first: int) -> dict[int, list[T]]:
        found: dict[int, list[T]] = {}
        waiting = list(_steps(self._root, words, first))
        while waiting:
            node, at = waiting.pop()
            if node.payloads:
                found.setdefault(at, []).extend(one for one in node.payloads if one not in found.get(at, ()))
            waiting.extend(_steps(node, words, at))
            if node.gap is not None:
                for skipped in range(min(_GAP_WORDS, len(words) - at) + 1):
                    waiting.extend(_steps(node.gap, words, at + skipped))
        return found


def _steps(node: _Node[T], words: Sequence[Word], at: int) -> Iterator[tuple[_Node[T], int]]:
    """The nodes one word further, each with the number of the word that comes next."""
    if at >= len(words):
        return
    for text, after in ((words[at].text, at + 1), (words[at].joined, at + 2)):
        if not text:
            continue
        if (child := node.words.get(text)) is not None:
            yield child, after
        if node.stems:
            for length in range(2, min(len(text), _LONGEST_STEM) + 1):
                if (child := node.stems.get(text[:length])) is not None:
                    yield child, after
