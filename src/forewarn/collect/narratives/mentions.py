"""Who a narrative speaks of: groups of people as they are named, with how many the words allow.

Owns the reading of noun phrases that name people ("two INGO health workers", "his driver", "12 others"). Knows nothing
of what happened to them. A word that only says "staff" is health staff or aid staff by the words beside it, then by
what the narrative is about; persons' names are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from forewarn.collect.narratives.numbers import NumberSpan
from forewarn.collect.narratives.tokens import Tokens, word_set

__all__ = ["BE", "LINKS", "SMALL_WORDS", "Mention", "find_mentions", "load_words"]

BE = word_set("was were is are been being be got get gets getting wer wre")
LINKS = word_set(", and or & / as well along with together including also plus alongside accompanied by both")
_PREPOSITIONS = (
    "of by from to at for in near on towards toward against inside outside after behind between amid into during "
    "through before over under via within upon onto about like despite without per"
)
SMALL_WORDS = frozenset(
    (
        _PREPOSITIONS
        + " with and or but when while whilst as where that who whom which because if than then so since until "
        "although though including not never also reportedly allegedly "
        "was were is are be been being has have had do did does can could will would may might must should "
        "he she they it we i him them who whom there this these those . , ; : ! ? ( ) [ ] / – — + & "
        "leaving killing injuring wounding left leave leaves"
    ).split()
)
_ARTICLES = word_set("a an one")
_DEFINITE = word_set("the his her their its this that these those both all our each every any")
_PRONOUNS = {
    "he": False, "she": False, "him": False, "they": True, "them": True, "victim": False, "victims": True,
    "both": True, "whom": True, "all": True,
}  # fmt: skip
_ELLIPTIC = word_set("others another more other")
_GROUP_NOUNS = word_set(
    "group team members member number crew staff bodies body corpses corpse dozens hundreds thousands "
    "convoy pair couple some one many several most majority remains"
)
_BODY = word_set("body bodies corpse corpses remains")
_LOW_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SIZED = {f"{word}-{noun}": n for n, word in enumerate(_LOW_NUMBERS, start=2)
          for noun in ("person", "member", "man", "people", "strong")}  # fmt: skip
_FAR = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """People named at words ``first`` up to, not including, ``last``; ``head`` is the noun.

    ``form`` is ``indefinite``, ``definite`` (may point back), ``pronoun`` (points back) or ``elliptic`` ("two others").
    ``attacker`` marks heads that name those who attack; ``body`` that their bodies were meant.
    """

    first: int
    last: int
    head: int
    group: str
    low: int | None
    best: int | None
    high: int | None
    form: str = "indefinite"
    plural: bool = False
    attacker: bool = False
    body: bool = False
    vague: bool = False
    staff: bool = False


@lru_cache(maxsize=4)
def load_words(name: str) -> dict[str, Any]:
    """A word list shipped beside this module, as plain data."""
    file = resources.files("forewarn.collect.narratives").joinpath(f"{name}.yaml")
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


class _Words:
    """The word list of people, as sets."""

    def __init__(self) -> None:
        listed = load_words("people")
        self.heads: dict[str, tuple[str, bool]] = {}
        for group, forms in listed["heads"].items():
            for number, words in forms.items():
                self.heads.update(dict.fromkeys(words.split(), (group, number == "plural")))
        self.staff = {word: number == "plural" for number, words in listed["staff"].items() for word in words.split()}
        names = ("health_words", "aid_words", "combatant_words", "civilian_words", "child_words")
        self.health, self.aid, self.combatant, self.civilian, self.child = (word_set(listed[name]) for name in names)
        self.not_after = frozenset(listed["not_people_after"].split())
        self.not_before = frozenset(listed["not_a_head_before"].split())

    def noun(self, word: str) -> str:
        """The listed noun a word is, or ends in after a hyphen; the word itself where it is none."""
        if word in self.heads or word in self.staff or "-" not in word:
            return word
        return word.rpartition("-")[2]

    def names_people(self, word: str) -> bool:
        """Whether the word can be the noun of people."""
        noun = self.noun(word)
        return noun in self.heads or noun in self.staff


@lru_cache(maxsize=1)
def _people() -> _Words:
    return _Words()


def find_mentions(tokens: Tokens, numbers: list[NumberSpan]) -> list[Mention]:
    """All the people named, in order of their heads."""
    words, people = tokens.words, _people()
    by_end = {number.last: number for number in numbers}
    context = _context(words, people)
    found: list[Mention] = []
    used: set[int] = set()
    for index, word in enumerate(words):
        if word in _PRONOUNS and (mention := _pronoun(tokens, index)) is not None:
            found.append(mention)
        elif people.names_people(word) and _is_head(tokens, index, people):
            mention = _noun_phrase(tokens, index, by_end, context)
            found.append(mention)
            used.update(range(mention.first, mention.last))
    found.extend(_elliptic(tokens, numbers, used))
    found.sort(key=lambda mention: mention.head)
    return found


def _context(words: list[str], people: _Words) -> str:
    """What bare "staff" means in this narrative."""
    if any(word in people.health for word in words):
        return "health_worker"
    return "aid_worker" if any(word in people.aid for word in words) else "unknown"


def _pronoun(tokens: Tokens, index: int) -> Mention | None:
    """``he``, ``they``, ``the victims``: somebody named before."""
    word = tokens.words[index]
    after = tokens.words[index + 1] if index + 1 < len(tokens.words) else ""
    if word in ("both", "all") and after not in BE and after not in ("of", "have", "had"):
        return None
    if tokens.possessive[index]:
        return None
    first = index
    if word in ("victim", "victims"):
        before = tokens.words[index - 1] if index else ""
        if before not in ("the", "all", "both"):
            return None
        first = index - 1
    plural = _PRONOUNS[word]
    return Mention(first, index + 1, index, "unknown", 2 if plural else 1, 2 if plural else 1, None, "pronoun", plural)


def _is_head(tokens: Tokens, index: int, people: _Words) -> bool:
    """Whether the word is the noun of a phrase that names people, not a part of another name or an owner."""
    words = tokens.words
    word = words[index]
    after = words[index + 1] if index + 1 < len(words) else ""
    before = words[index - 1] if index else ""
    if tokens.possessive[index] or after in people.not_after or before in people.not_before:
        return False
    if word in ("sick", "wounded"):
        return before == "the" and (not after or after in SMALL_WORDS)
    if word in ("head", "heads", "leader", "chief") and before in ("the", "his", "her", "their", "") and after != "of":
        return word in ("leader", "chief") and after in BE
    if word in _COLLECTIVE and after.isalpha() and after not in SMALL_WORDS and not _looks_like_verb(after):
        return False
    if people.names_people(after) and after not in ("sick", "wounded"):
        return False
    return not (word == "team" and after == "of")


_COLLECTIVE = word_set("military police army militia militias taliban rebel security")
_IRREGULAR = word_set(
    "shot took broke stole beat set blew struck hit fought began held gave burnt drove sent made forces"
)


def _looks_like_verb(word: str) -> bool:
    """Whether the word after a collective noun is what the body did, not a noun it describes."""
    return word.endswith(("ed", "ly", "ing")) or word in _IRREGULAR


def _noun_phrase(tokens: Tokens, head: int, by_end: dict[int, NumberSpan], context: str) -> Mention:
    """The phrase around a head: leftwards to its number or article."""
    words = tokens.words
    first, number, form = _reach_left(tokens, head, by_end)
    body = False
    if first > 1 and words[first - 1] == "of":
        outer = by_end.get(first - 1)
        body = words[first - 2] in _BODY
        if outer is not None and number is None:
            first, number, form = outer.first, outer, "number"
        elif words[first - 2] in _GROUP_NOUNS and not body and form == "bare":
            first, form = first - 2, "group"
    group, attacker = _group(tokens, first, head, context)
    plural = _is_plural(words, head, form)
    if words[head] in ("family", "team", "crew", "group") and words[head + 1 : head + 2] == ["of"] and number is None:
        number = next(
            (by_end[end] for end in (head + 3, head + 4) if end in by_end and by_end[end].first == head + 2), None
        )
    low, best, high, vague = _how_many(words, (first, head), (form, plural), number)
    outer_form = "definite" if form in ("definite", "definite_number") else "indefinite"
    listed = _people().noun(words[head]) in _people().staff
    return Mention(first, head + 1, head, group, low, best, high, outer_form, plural, attacker, body, vague, listed)


def _reach_left(tokens: Tokens, head: int, by_end: dict[int, NumberSpan]) -> tuple[int, NumberSpan | None, str]:
    """Where the phrase begins, its number, and how it is introduced."""
    words, people = tokens.words, _people()
    first = head
    while first > 0 and head - first < _FAR:
        if first in by_end:
            number = by_end[first]
            before = words[number.first - 1] if number.first else ""
            is_definite = before in _DEFINITE
            return number.first - is_definite, number, "definite_number" if is_definite else "number"
        before = words[first - 1]
        if before in _ARTICLES or before == "another":
            return first - 1, None, "article"
        if before in _DEFINITE:
            return first - 1, None, "definite"
        if tokens.possessive[first - 1]:
            return _owner(words, first - 1), None, "owned"
        if before == "of" and first > 1 and tokens.capital[first] and _is_name(tokens, first - 2, people):
            first -= 2
            continue
        if (before in SMALL_WORDS and not _joins_modifiers(words, first, people)) or (
            before in _VERBS and not _describing(words, first - 1)
        ):
            break
        first -= 1
    return first, None, "bare"


_VERBS = word_set(
    "attacked killed injured wounded abducted kidnapped arrested detained shot beaten assaulted ambushed stopped "
    "raided threatened accused entered stormed hit struck targeted looted searched intercepted evacuated treated "
    "released seized robbed murdered executed stabbed tortured"
)


def _owner(words: list[str], first: int) -> int:
    """Where the owner's name before a possessive begins: "the old hospital's"."""
    at = first
    while at > 0 and first - at < _FAR and words[at - 1] not in SMALL_WORDS and words[at - 1] not in _VERBS:
        at -= 1
        if words[at] in _DEFINITE or words[at] in _ARTICLES:
            break
    return at


_HURT = word_set("injured wounded")


def _describing(words: list[str], index: int) -> bool:
    """Whether a participle describes: "a kidnapped doctor", "treating wounded protesters"."""
    before = words[index - 1] if index else ""
    return before in _DEFINITE or before in _ARTICLES or (before.endswith("ing") and words[index] in _HURT)


def _is_name(tokens: Tokens, index: int, people: _Words) -> bool:
    """Whether the word is the first of a name with "of", such as a ministry's."""
    word = tokens.words[index]
    return tokens.capital[index] and word not in people.heads and word not in people.staff and word not in SMALL_WORDS


def _joins_modifiers(words: list[str], first: int, people: _Words) -> bool:
    """Whether the small word before ``first`` joins two describing words: "health and aid workers"."""
    if words[first - 1] not in ("and", "or", "/") or first < 2:
        return False
    return words[first - 2] in people.health | people.aid | _DESCRIBING and words[first - 2] not in people.heads


_DESCRIBING = word_set("administrative male female local national international social technical logistics")


def _group(tokens: Tokens, first: int, head: int, context: str) -> tuple[str, bool]:
    """The group a phrase names, and whether it names attackers."""
    words, people = tokens.words, _people()
    beside = set(words[first:head]) | set(words[head].split("-")[:-1])
    word = people.noun(words[head])
    if word not in people.heads:
        return _staff_group(beside | _describing_words(words, head), word, context), False
    group = people.heads[word][0]
    if group in ("civilian", "teacher", "unknown") and beside & people.health - {"patient", "patients"}:
        return "health_worker", False
    if group == "attacker" or (group in ("unknown", "civilian") and beside & {"armed", "unidentified", "masked"}):
        return "combatant", True
    if group == "unknown":
        return _plain_people(beside, words, head), False
    return group, group == "combatant" and word.startswith(("gun", "bandit"))


def _staff_group(beside: set[str], word: str, context: str) -> str:
    """Which staff a word like "driver" or "member" means: by the words beside it, else by the narrative."""
    people = _people()
    is_health, is_aid = bool(beside & people.health), bool(beside & people.aid)
    if beside & {"student", "students", "teaching", "school", "teacher", "teachers"} and not is_health:
        return "teacher"
    if beside & people.civilian and not is_health and not is_aid:
        return "civilian"
    if is_health:
        return "health_worker"
    if is_aid:
        return "aid_worker"
    if beside & people.combatant and not (word in ("guard", "guards") and "security" in beside):
        return "combatant"
    return context


def _describing_words(words: list[str], head: int) -> set[str]:
    """What follows the head and describes it: "member of ...", "driver at ..."."""
    if head + 1 < len(words) and words[head + 1] in ("of", "at", "for", "from", "with", "working"):
        return {word for word in words[head + 1 : head + 6] if word not in SMALL_WORDS}
    return set()


def _plain_people(beside: set[str], words: list[str], head: int) -> str:
    """Which group "people", "men" or "individuals" are, by the words beside them."""
    people = _people()
    if beside & {"displaced", "refugee"}:
        return "displaced_person"
    after = set(words[head + 1 : head + 4])
    if "armed" in after or "guns" in after:
        return "combatant"
    return "child" if beside & people.child else "unknown"


def _is_plural(words: list[str], head: int, form: str) -> bool:
    """Whether the head stands for more than one."""
    people = _people()
    word = people.noun(words[head])
    plural = people.heads[word][1] if word in people.heads else people.staff[word]
    is_one = form == "article" or words[head + 1 : head + 2] == ["was"]
    return plural and not (is_one and word in ("staff", "personnel"))


def _how_many(
    words: list[str], where: tuple[int, int], shape: tuple[str, bool], number: NumberSpan | None
) -> tuple[int | None, int | None, int | None, bool]:
    """Low, best, high, and whether only words of size were used."""
    form, plural = shape
    if number is not None:
        low = 2 if number.low == 1 and number.best is None and number.vague and plural else number.low
        return low, number.best, number.high, number.vague
    for word in words[where[0] : where[1]]:
        if word in _SIZED:
            return _SIZED[word], _SIZED[word], _SIZED[word], False
    if words[where[1]] in ("team", "crew", "family", "forces") or form == "group" or plural:
        return 2, None, None, True
    return 1, 1, 1, False


def _elliptic(tokens: Tokens, numbers: list[NumberSpan], used: set[int]) -> list[Mention]:
    """Numbers and "others" that stand for people without naming them."""
    words, found = tokens.words, []
    count = len(words)
    for number in numbers:
        if number.first in used or (number.rule == "between" and number.low is None):
            continue
        last = number.last
        while last < count and words[last] in _ELLIPTIC:
            last += 1
        if last < count and words[last] == "of" and last + 1 < count and words[last + 1] in ("them", "whom", "those"):
            last += 2
        if last < count and not _may_follow(words[last]):
            continue
        size = (number.low, number.best, number.high)
        several = number.best != 1
        found.append(Mention(number.first, last, last - 1, "unknown", *size, "elliptic", several, vague=number.vague))
        used.update(range(number.first, last))
    for index, word in enumerate(words):
        if word not in ("another", "others", "more", "some") or index in used:
            continue
        after = words[index + 1] if index + 1 < count else ""
        if word != "others" and after not in BE and after not in _VERBS and after not in _AFTER:
            continue
        plural = word != "another"
        least = 2 if plural else 1
        only = None if plural else 1
        found.append(Mention(index, index + 1, index, "unknown", least, only, only, "elliptic", plural, vague=plural))
    return found


def _may_follow(word: str) -> bool:
    """Whether the word can come after a number that stands alone for people."""
    return word in SMALL_WORDS or word.endswith(("ed", "ly")) or word in _AFTER


_AFTER = word_set("dead death deaths shot hurt died beaten taken casualties injuries fatalities seriously when in")
