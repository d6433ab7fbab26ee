"""Who does what a sentence says: the speaker, a named State, or somebody else as printed.

Owns the finding of the subject before a verb: "we", "my delegation", a State by name, a body by its words. The rules
are of position and word lists, not of grammar: a subject that cannot be found by them is not guessed, and the verb is
then no undertaking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from forewarn.collect.documents.phrases import PhraseBook, Word, listed
from forewarn.taxonomy.countries import countries
from forewarn.taxonomy.naming import folded

__all__ = ["NEGATORS", "Clause", "Prose", "Subject", "clause_before", "prose_of", "subject_before"]

NEGATORS = listed("not never cannot dont doesnt didnt cant wont neither nor no without hardly isnt arent unable")
_BE = listed("am is are was were be been being")
_FILLERS = (
    listed(
        "would like to also therefore once again hence thus do does did have has had can could may might will shall "
        "must should wish wishes want wants take takes this opportunity join joins others in too both continue "
        "continues continued further more always still now already just first then today herein hereby as ever long "
        "very be begin by beginning start here yet nevertheless however indeed so far even well consistently "
        "thereby duly seek seeks reluctantly"
    )
    | NEGATORS
    | _BE
)
_AND = frozenset(("and", "but", "or", "nor"))
_BREAKS = listed("that which who whose while because whereas when if since where unless whether although though as")
_MARK = re.compile(r"[,;:()\u2013\u2014]|\s-\s")
_FIRST_PERSON = (
    "we", "i", "my delegation", "our delegation", "my country", "our country", "my government", "our government",
    "this delegation", "my nation", "our nation", "my own country",
)  # fmt: skip
_BEFORE_OBJECT = listed("in of for to from with between by on into against towards about within across and or")
_FURTHEST = 9
_LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Subject:
    """Words ``first`` to ``last`` (half-open): the speaker (``own``, and no State named) or a State by its name."""

    first: int
    last: int
    name: str = ""

    @property
    def is_first_person(self) -> bool:
        """Whether it is "we" and the like rather than a name."""
        return not self.name


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands before a verb without a known subject: words ``first`` to ``last``, as far as the last break."""

    first: int
    last: int


@dataclass(frozen=True)
class Prose:
    """One sentence as words, with the subjects in it by the word after each."""

    text: str
    start: int
    end: int
    words: Sequence[Word]
    subjects: dict[int, Subject] = field(default_factory=dict)

    def between(self, left: int, right: int) -> str:
        """The text between word ``left`` and word ``right``."""
        return self.text[self.words[left].end : self.words[right].start]

    def has_mark(self, at: int) -> bool:
        """Whether a comma, semicolon, colon, dash or bracket stands before word ``at``."""
        return at > 0 and _MARK.search(self.between(at - 1, at)) is not None

    def quote(self, first: int, last: int) -> str:
        """The words ``first`` to ``last`` as printed, on one line."""
        return " ".join(self.text[self.words[first].start : self.words[last - 1].end].split()) if first < last else ""


def prose_of(text: str, words: Sequence[Word], start: int, end: int) -> Prose:
    """The sentence with its subjects found: of two that end together, the longer."""
    subjects: dict[int, Subject] = {}
    for match in _subject_book().matches(words):
        known = subjects.get(match.last)
        if known is None or known.first > match.first:
            subjects[match.last] = Subject(match.first, match.last, match.payload)
    return Prose(text, start, end, words, subjects)


def subject_before(prose: Prose, at: int) -> tuple[Subject | None, int, tuple[str, ...]]:
    """The subject of a verb at word ``at``, the word where the walk ended, and the words between.

    The walk goes back over auxiliaries, adverbs and the like, nine words at most, and ends at anything else.
    """
    passed: list[str] = []
    place = at - 1
    while place >= 0 and at - place <= _FURTHEST:
        subject = prose.subjects.get(place + 1)
        if subject is not None and not _is_object(prose, subject):
            return subject, subject.first, tuple(passed)
        word = prose.words[place].text
        if word not in _FILLERS and not word.endswith("ly"):
            break
        passed.append(word)
        place -= 1
    return None, place, tuple(passed)


def _is_object(prose: Prose, subject: Subject) -> bool:
    """A State's name after a preposition belongs to something else: "the parties in Libya"."""
    if subject.is_first_person or subject.first == 0 or prose.has_mark(subject.first):
        return False
    before = prose.words[subject.first - 1]
    return before.text in _BEFORE_OBJECT


def clause_before(prose: Prose, last: int) -> Clause:
    """The words up to ``last`` since the last break, over a relative clause between commas."""
    first = _since_break(prose, last)
    while (
        first < last and prose.has_mark(first) and prose.words[first].text in ("which", "who", "whose", "held", "led")
    ):
        last = first
        first = _since_break(prose, last)
    if first > 0 and first < last and prose.words[first - 1].text in ("which", "who") and prose.has_mark(first - 1):
        last = first - 1
        first = _since_break(prose, last)
    return Clause(first, last)


def _since_break(prose: Prose, last: int) -> int:
    first = last
    while first > 0 and last - first < _LONGEST_NAME:
        if first < last and prose.has_mark(first):
            break
        if prose.words[first - 1].text in _BREAKS:
            break
        first -= 1
    return first


@cache
def _subject_book() -> PhraseBook[str]:
    phrases: list[tuple[tuple[str, ...], str]] = [(tuple(text.split()), "") for text in _FIRST_PERSON]
    for one in countries():
        for name in (one.name, *one.aliases):
            plain = tuple(folded(name).split())
            if plain and len(plain[0]) > 2:
                phrases += [(lead + plain, one.name) for lead in ((), ("delegation", "of"), ("government", "of"))]
    return PhraseBook(phrases)
