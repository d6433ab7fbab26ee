"""The shipped words for means and actors, and what a narrative shows of them.

Turns a narrative into named features, each with the words it stands on: cues of the lists, and single words and pairs
of words. A trained model weighs exactly these, so that whatever it decides can be pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from forewarn.collect.narratives.lexicon import Lexicon
from forewarn.collect.narratives.mentions import load_words
from forewarn.collect.narratives.tokens import Tokens

__all__ = ["ActorEntry", "actor_lexicon", "means_features", "means_lexicon"]

ActorEntry = tuple[str, str, str, str]
"""Class, finer code, name (empty for a generic word) and, where the class changed, ``month class`` of an actor."""


@lru_cache(maxsize=1)
def means_lexicon() -> Lexicon[tuple[str, str]]:
    """Words for means: class and finer code."""
    cues = load_words("means")["cues"]
    return Lexicon(
        (phrase, (group, fine))
        for group, listed in cues.items()
        for fine, words in listed.items()
        for phrase in words.split("|")
    )


@lru_cache(maxsize=1)
def actor_lexicon() -> Lexicon[ActorEntry]:
    """Words for actors."""
    return Lexicon(_actor_entries())


def _actor_entries() -> Iterator[tuple[str, ActorEntry]]:
    """The listed names and generic words."""
    listed = load_words("actors")
    for name, (code, words) in listed["named"].items():
        group, _, fine = code.partition(".")
        yield from ((phrase, (group, fine, name, "")) for phrase in words.split("|"))
    for name, (words, before, month, after) in listed["changed"].items():
        yield from ((phrase, (before, "", name, f"{month} {after}")) for phrase in words.split("|"))
    for code, words in listed["generic"].items():
        group, _, fine = code.partition(".")
        yield from ((phrase, (group, fine, "", "")) for phrase in words.split("|"))


def means_features(tokens: Tokens) -> dict[str, tuple[int, int]]:
    """What a narrative shows of means: feature name to its first words (first, one past the last).

    ``@class`` and ``@class.fine`` are listed cues, ``a b`` words as they stand. Numbers are left out.
    """
    found: dict[str, tuple[int, int]] = {}
    for match in means_lexicon().find(tokens):
        for group, fine in match.entries:
            found.setdefault(f"@{group}", (match.first, match.last))
            found.setdefault(f"@{group}.{fine}", (match.first, match.last))
    words = tokens.words
    count = len(words)
    for index, word in enumerate(words):
        if not word.isalpha():
            continue
        found.setdefault(word, (index, index + 1))
        if index + 1 < count and words[index + 1].isalpha():
            found.setdefault(f"{word} {words[index + 1]}", (index, index + 2))
    return found
