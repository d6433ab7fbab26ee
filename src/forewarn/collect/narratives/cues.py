"""The shipped words for means and for actors, as lists to look up.

Owns how the two files are read. A name in them is a body or a group, never a person; whether it acted is not said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from forewarn.collect.narratives.lexicon import Lexicon
from forewarn.collect.narratives.mentions import load_words

__all__ = ["ActorEntry", "actor_lexicon", "means_lexicon"]

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
