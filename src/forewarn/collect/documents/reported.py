"""Where in a sentence somebody else than the speaker is speaking.

Owns the finding of reported speech: "X said that ...", "according to X, ...", words between quotation marks. It says
who, as printed, and from which word to which; whether anything is undertaken there is settled elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from forewarn.collect.documents.actors import Prose, clause_before, subject_before
from forewarn.collect.documents.phrases import PhraseBook, listed
from forewarn.taxonomy.wording import GAP

__all__ = ["Saying", "sayings_in"]

_SPEECH = listed(
    "said says say stated states noted notes stressed stresses emphasized emphasizes declared declares "
    "announced announces argued argues warned warns told added reported reports reminded affirmed affirms "
    "underlined underlines highlighted believes insisted insists claimed claims proposed proposes recommended "
    "recommends concluded observed suggested suggests maintained maintains indicated indicates explained "
    "asserted informed urged"
)
_QUOTED = re.compile(r"\u201c[^\u201c\u201d]{12,2000}+\u201d|\"[^\"]{12,2000}+\"")
_FEWEST_QUOTED_WORDS = 4
_LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Saying:
    """From word ``first`` to ``last`` (half-open) somebody else is speaking, named ``name`` as printed, or unnamed."""

    first: int
    last: int
    name: str


def sayings_in(prose: Prose) -> list[Saying]:
    """Where somebody else than the speaker is speaking: "X said that ...", "according to X, ...", a quotation."""
    found = []
    for match in _saying_book().matches(prose.words):
        subject, stop, _ = subject_before(prose, match.first)
        if subject is not None and subject.is_first_person:
            continue
        clause = clause_before(prose, stop + 1) if subject is None else subject
        name = prose.quote(clause.first, clause.last)
        found.append(Saying(match.last, _until_semicolon(prose, match.last), name))
    if (according := _according(prose)) is not None:
        found.append(according)
    return found + _quotations(prose)


def _until_semicolon(prose: Prose, first: int) -> int:
    stops = (place for place in range(first + 1, len(prose.words)) if ";" in prose.between(place - 1, place))
    return next(stops, len(prose.words))


def _according(prose: Prose) -> Saying | None:
    words = prose.words
    for place in range(len(words) - 2):
        if words[place].text == "according" and words[place + 1].text == "to":
            end = next((p for p in range(place + 2, len(words)) if prose.has_mark(p)), len(words))
            return Saying(0, len(words), prose.quote(place + 2, min(end, place + 2 + _LONGEST_NAME)))
    return None


def _quotations(prose: Prose) -> list[Saying]:
    found = []
    starts = [word.start for word in prose.words]
    for quoted in _QUOTED.finditer(prose.text, prose.start, prose.end):
        first, last = bisect_left(starts, quoted.start()), bisect_left(starts, quoted.end())
        if last - first >= _FEWEST_QUOTED_WORDS:
            found.append(Saying(first, last, ""))
    return found


@cache
def _saying_book() -> PhraseBook[str]:
    return PhraseBook(((verb, GAP, "that"), verb) for verb in _SPEECH)
