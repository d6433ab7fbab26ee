"""How firmly a narrative says what it says, and what it denies.

Owns six levels from ``confirmed`` to ``denied``. A word of hearsay counts for the sentence it stands in; a doubt, a
confirmation or a denial of the whole account counts wherever it stands. Words about the accused ("alleged members",
"for allegedly helping") say nothing of the account. The level is the text's own; nothing is graded here.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.collect.narratives.lexicon import Lexicon
from forewarn.collect.narratives.tokens import Tokens, word_set

__all__ = ["CERTAINTY_LEVELS", "CertaintyFound", "find_certainty", "is_attempted", "is_denied"]

CERTAINTY_LEVELS = ("confirmed", "stated", "reported", "alleged", "unconfirmed", "denied")
"""Confirmed by somebody; told plainly; told as hearsay; as an allegation; as not confirmed; as denied or false."""

_REACH = 4
"""Words before an act in which a "no" or "not" denies it: "no one was killed", "was not later shot"."""
_NOT = word_set("no not never without neither nor nobody none didn't wasn't weren't hasn't haven't cannot failed")
_STOPS = word_set("but however although though while when after before because , ; : .")
_NOT_ONLY = word_set("only just known yet clear long")
_TRIED = word_set(
    "attempted attempt attempts attempting tried trying threatened threatening threats threat planned plot"
)
_TRIED_REACH = 3

_WHOLE = ("confirmed", "unconfirmed", "denied")
_PHRASES = {
    "confirmed": (
        "confirmed by, has confirmed, have confirmed, was confirmed, were confirmed, verified by, was verified, "
        "were verified, confirmed that, independently verified"
    ),
    "reported": (
        "reportedly, reports of, reports that, according to, it was reported, was reported, were reported, "
        "as reported, reported that, reports indicate, witnesses said, sources said, residents said, media reported, "
        "is said to, are said to, eyewitnesses said, local sources, local media"
    ),
    "alleged": "allegedly, alleges, it is alleged, was alleged, were alleged, claimed that, claims that",
    "unconfirmed": (
        "unconfirmed, unverified, not confirmed, not been confirmed, could not be confirmed, could not be verified, "
        "not verified, not been verified, not independently verified, not been independently verified, "
        "could not be independently verified, cannot be verified, rumours, rumors, rumoured, rumored"
    ),
    "denied": (
        "denied responsibility, denied involvement, denied any involvement, denied any responsibility, "
        "denied the report, denied the reports, denied the attack, denied the allegation, denied the allegations, "
        "denied the claim, denied the claims, denied that, denies, denied having, denied carrying out, false report, "
        "false reports, "
        "proved false, proved to be false, was false, were false, turned out to be false, did not take place, "
        "did not happen, never took place, never happened, was a hoax"
    ),
}
_LEXICON: Lexicon[str] = Lexicon(
    (" ".join(phrase.split()), level) for level, phrases in _PHRASES.items() for phrase in phrases.split(",")
)
_BEFORE_ACCUSED = word_set("for of by from with against on being")
_BEHIND_ACCUSED = word_set("by due belonging affiliated linked in for because over")
"""Words around "allegedly" that show a doubt about who or why, not about what happened."""


@dataclass(frozen=True, slots=True)
class CertaintyFound:
    """One of :data:`CERTAINTY_LEVELS`, the words that told it (none where it is told plainly), and the rule."""

    level: str
    start: int
    end: int
    rule: str


def find_certainty(tokens: Tokens, at: int = 0) -> CertaintyFound:
    """How firmly the text tells what stands at a character offset; the least firm of what applies."""
    first, last = _sentence_at(tokens, at)
    best = CertaintyFound("stated", at, at, "certainty.plain")
    for match in _LEXICON.find(tokens):
        level = match.entries[0]
        here = first <= match.first < last
        if not (here or level in _WHOLE) or (level == "alleged" and _is_of_the_accused(tokens, match.first)):
            continue
        if best.rule == "certainty.plain" or _weight(level) > _weight(best.level):
            best = CertaintyFound(level, *tokens.span(match.first, match.last), f"certainty.{level}")
    return best


def is_denied(tokens: Tokens, word: int) -> bool:
    """Whether a "no" or "not" shortly before the word, in the same clause, denies it."""
    words = tokens.words
    for index in range(word - 1, max(-1, word - 1 - _REACH), -1):
        if words[index] in _STOPS:
            return False
        if words[index] in _NOT:
            return words[index + 1] not in _NOT_ONLY
    return False


def is_attempted(tokens: Tokens, word: int) -> bool:
    """Whether it was only tried, threatened or planned: "attempted to abduct", "abduction attempt"."""
    words = tokens.words
    before = words[max(0, word - _TRIED_REACH) : word]
    if "to" in before or "of" in before:
        return any(one in _TRIED for one in before)
    return bool(before and before[-1] in ("attempted", "planned")) or words[word + 1 : word + 2] == ["attempt"]


def _weight(level: str) -> int:
    return CERTAINTY_LEVELS.index(level)


def _sentence_at(tokens: Tokens, at: int) -> tuple[int, int]:
    """The sentence that holds the character offset; the first where none does."""
    for first, last in tokens.sentences:
        if at < tokens.ends[last - 1]:
            return first, last
    return 0, len(tokens.words)


def _is_of_the_accused(tokens: Tokens, word: int) -> bool:
    behind = tokens.words[word + 1 : word + 2]
    return (word > 0 and tokens.words[word - 1] in _BEFORE_ACCUSED) or bool(_BEHIND_ACCUSED.intersection(behind))
