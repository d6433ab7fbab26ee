"""Whether one of two texts goes back to the other, each rule with its reason.

Owns the rules on words: the same, nearly the same, a passage of one in the other, the same numbers in much the same
words, and, as a weaker ground, a translation. A rule looks at two texts and nothing else, so what it finds of two
claims does not depend on which others there are. Unlike words are never taken for independent sight: only for no sign
of the contrary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from forewarn.assess.origins.names import language_told_by
from forewarn.assess.origins.script import name_skeletons, numbers_in, script_of

__all__ = ["COPY_LIKENESS", "Ground", "Words", "grounds"]

COPY_LIKENESS = 90
"""Likeness of two texts (0..100, normalised edit distance) from which one counts as a copy of the other."""

REWORDED_LIKENESS = 75
"""The same where every number is the same too."""

SHORTEST_COPY = 25
"""Texts with fewer characters are too short to tell a copy by."""

PASSAGE_WORDS = 5
"""A passage is told by runs of so many words."""

LEAST_RUNS = 8
"""Runs two texts must share (twelve words on end give eight), and at least half of those of the shorter text."""

TEXTS_COMPARED = 1_000
"""Bounds the work in a cluster of very many different texts: each is compared with so many known before it."""

LEAST_NUMBERS = 3
"""Different numbers a text must hold before its translation can be told by them."""

_CROWDED_RUN = 50


@dataclass(frozen=True, slots=True)
class Ground:
    """Why two texts are held to be dependent: the rule's name, words for people, and whether it is a weaker ground."""

    rule: str
    reason: str
    is_weak: bool = False


@dataclass(frozen=True)
class Words:
    """A text as it is compared.

    Attributes:
        said: in one spelling, cut.
        text: as received.
        language: BCP 47 code as declared, or empty.
        cites: the origins it names beside its own source.
    """

    said: str
    text: str = ""
    language: str = ""
    cites: frozenset[str] = field(default=frozenset())

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Its numbers, in order."""
        return numbers_in(self.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """The skeletons of its names."""
        return name_skeletons(self.text)

    @cached_property
    def script(self) -> str:
        """The writing it is in."""
        return script_of(self.text)

    @cached_property
    def tongue(self) -> str:
        """Its language as declared, else as its small words tell; empty where neither does."""
        return self.language.partition("-")[0].lower() or language_told_by(self.text)

    @cached_property
    def runs(self) -> frozenset[str]:
        """Its runs of :data:`PASSAGE_WORDS` words."""
        words = self.said.split()
        return frozenset(" ".join(words[n : n + PASSAGE_WORDS]) for n in range(len(words) - PASSAGE_WORDS + 1))


def grounds(texts: Sequence[Words]) -> Iterator[tuple[int, int, Ground]]:
    """Pairs (later, earlier) of positions with the ground on which they are held to be dependent; each pair once.

    Of the same words only the pairs with the first are given, which joins them all.
    """
    first: dict[str, int] = {}
    for position, words in enumerate(texts):
        if len(words.said) >= SHORTEST_COPY and first.setdefault(words.said, position) != position:
            yield position, first[words.said], Ground("same_words", "the same words")
    distinct = sorted(first.values())
    passages = _shared_runs(texts, distinct)
    numbered = {n for n in distinct if len(set(texts[n].numbers)) >= LEAST_NUMBERS}
    for rank in range(1, len(distinct)):
        later, before = distinct[rank], distinct[max(0, rank - TEXTS_COMPARED) : rank]
        alike = _alike(texts, later, before)
        worth = alike.keys() | passages[later].keys() | (numbered & set(before) if later in numbered else set())
        for earlier in sorted(worth & set(before)):
            shared = passages[later].get(earlier, 0)
            if found := _ground(texts[later], texts[earlier], alike.get(earlier, 0.0), shared):
                yield later, earlier, found


def _alike(texts: Sequence[Words], later: int, before: Sequence[int]) -> dict[int, float]:
    """Which of the texts before are like it, from :data:`REWORDED_LIKENESS` on, and how much."""
    said, others = texts[later].said, [texts[n].said for n in before]
    found = process.extract_iter(said, others, scorer=fuzz.ratio, score_cutoff=REWORDED_LIKENESS)
    return {before[place]: float(likeness) for _, likeness, place in found}


def _ground(later: Words, earlier: Words, alike: float, shared: int) -> Ground | None:
    if alike >= COPY_LIKENESS:
        return Ground("near_words", f"{alike:.0f} per cent of the words alike")
    if shared >= LEAST_RUNS and 2 * shared >= min(len(later.runs), len(earlier.runs)):
        return Ground("shared_passage", f"a passage in common ({shared} runs of {PASSAGE_WORDS} words)")
    if alike and len(set(later.numbers)) > 1 and sorted(later.numbers) == sorted(earlier.numbers):
        return Ground(
            "same_numbers", f"the same numbers ({_listed(later.numbers)}) in words {alike:.0f} per cent alike"
        )
    return _translation(later, earlier)


def _translation(later: Words, earlier: Words) -> Ground | None:
    """The same numbers in the same order and a name or agency in common, in another language; never a strong ground.

    Texts that name different agencies are not held to be translations of one another.
    """
    if len(set(later.numbers) & set(earlier.numbers)) < LEAST_NUMBERS or not _in_other_languages(later, earlier):
        return None
    if not 0.4 <= len(later.text) / max(1, len(earlier.text)) <= 2.5:
        return None
    if Indel.normalized_similarity(later.numbers, earlier.numbers) < 0.8:
        return None
    cited = later.cites & earlier.cites
    names = later.names & earlier.names
    if (later.cites and earlier.cites and not cited) or not (cited or names):
        return None
    common = f"{len(names)} names in common" if names else "the same agency cited"
    what = f"another language, the same numbers in the same order ({_listed(later.numbers)}) and {common}"
    return Ground("translation", what, is_weak=True)


def _in_other_languages(one: Words, other: Words) -> bool:
    if one.script != other.script:
        return bool(one.script and other.script)
    return bool(one.tongue and other.tongue) and one.tongue != other.tongue


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:6]) + (", ..." if len(numbers) > 6 else "")


def _shared_runs(texts: Sequence[Words], distinct: Sequence[int]) -> dict[int, dict[int, int]]:
    """By later text, how many runs it shares with which earlier; runs that very many texts hold tell nothing."""
    holders: dict[str, list[int]] = defaultdict(list)
    for position in distinct:
        for run in texts[position].runs:
            holders[run].append(position)
    shared: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for found in holders.values():
        if 1 < len(found) <= _CROWDED_RUN:
            for rank, later in enumerate(found):
                for earlier in found[:rank]:
                    shared[later][earlier] += 1
    return shared
