"""Where a narrative says that somebody was killed, injured, abducted, detained or displaced.

Owns the verbs and nouns of harm and which way they point: whether the people harmed stand before the word ("two nurses
were killed") or after it ("gunmen killed two nurses"). What was only tried, threatened, feared, or is told of somebody
accused, is no harm done; a denial is kept as one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from forewarn.collect.narratives.mentions import BE, load_words
from forewarn.collect.narratives.tokens import Tokens, word_set

__all__ = ["Harm", "find_harms"]

_ADVERBS = word_set(
    "reportedly allegedly also then subsequently severely seriously fatally critically slightly lightly badly brutally "
    "physically verbally later again both all temporarily briefly arbitrarily forcibly violently apparently presumably "
    "almost nearly been being not never initially eventually possibly already repeatedly deliberately and/or "
    "immediately mortally sexually either tragically first currently still"
)
_NOT_DONE = word_set(
    "attempted attempt attempts attempting tried tries trying try threatened threatening threatens threat threats "
    "almost nearly feared fear fearing warned avoid avoided escape escaped escaping planned planning plan prevent "
    "prevented would could might may will should if accused suspected accusing risk want wanted intended intending "
    "protest protesting protested prevents order ordered demanding demanded demand calls called charged survived "
    "search searching"
)
_TAKEN = word_set("taken held took take taking holding hold kept being")
_FOUND = word_set("found discovered recovered retrieved dumped exhumed")
_INJURY = word_set("injuries injury wounds wound burns fractures fracture concussion trauma shrapnel-wounds bruises")
_SUFFER = word_set("sustained sustaining suffered suffering received sustain suffer with incurred")
_DETERMINERS = word_set("the a an this that his her their its some any no of another these those")
_BEFORE_ADJECTIVE = word_set("the of for to with from other some many no treat carry transport their these")
_ADJECTIVAL = word_set("injured wounded detained arrested kidnapped abducted displaced hurt dead tortured evacuated")
_LOOK_BACK = 5


@dataclass(frozen=True, slots=True)
class Harm:
    """One word of harm.

    ``kind`` is a victim kind; ``at`` its word, ``last`` one past the last word that belongs to it; ``points`` is
    ``back`` (the people stand before), ``ahead`` or ``both``; ``weak`` marks words that imply harm only by convention
    (``attacked``); ``auxiliary`` a form of "be" before it; ``negated`` a denial.
    """

    kind: str
    at: int
    last: int
    points: str
    rule: str
    weak: bool = False
    auxiliary: bool = False
    negated: bool = False
    start: int = -1


class _Verbs:
    """The shipped words of harm by form."""

    def __init__(self) -> None:
        listed = load_words("harm")
        self.by_word: dict[str, list[tuple[str, str]]] = {}
        for form in ("participles", "gerunds", "bare", "intransitive", "nouns", "adjectives"):
            for kind, words in listed[form].items():
                for word in words.split():
                    self.by_word.setdefault(word, []).append((form, kind))


@lru_cache(maxsize=1)
def _verbs() -> _Verbs:
    return _Verbs()


def _shorter(word: str) -> list[str]:
    """The word with one letter left out, each in turn."""
    return [word[:at] + word[at + 1 :] for at in range(len(word) - 2)]


@lru_cache(maxsize=1)
def _misspelt() -> dict[str, str]:
    """The kind meant by a participle with a letter left out, doubled or swapped with its neighbour."""
    listed: dict[str, str] = {}
    for kind, words in load_words("harm")["participles"].items():
        for word in words.split():
            if len(word) < 7 or not word.endswith("ed") or kind in ("released", "attacked"):
                continue
            swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 3)]
            listed.update(dict.fromkeys([word, *_shorter(word)[1:-1], *swapped], kind))
    return listed


def find_harms(tokens: Tokens, first: int, last: int, starts_people: Callable[[int], bool]) -> list[Harm]:
    """The words of harm of one sentence, in order.

    ``starts_people(i)`` tells whether people are named from word ``i`` on.
    """
    found: list[Harm] = []
    words, verbs = tokens.words, _verbs().by_word
    for index in range(first, last):
        word = words[index]
        harm: Harm | None = None
        for form, kind in verbs.get(word, ()):
            harm = harm or _READERS[form](tokens, index, (first, last), kind, starts_people)
        if harm is None and len(word) > 5 and word.endswith("ed") and word not in verbs:
            meant = _misspelt().get(word) or next((m for m in map(_misspelt().get, _shorter(word)) if m), None)
            if meant is not None:
                harm = _participle(tokens, index, (first, last), meant, starts_people)
        harm = harm or _phrase(words, index, first, last)
        if harm is not None:
            found.append(harm)
    return found


def _auxiliary(words: list[str], index: int, first: int) -> tuple[bool, bool, bool, int]:
    """Whether a form of "be" governs the word, whether it is only supposed, and whether denied; and where it begins."""
    at, steps, be, negated = index - 1, 0, False, False
    while at >= first and steps < _LOOK_BACK:
        word = words[at]
        if word in BE:
            be = True
        elif word in ("not", "never"):
            negated = True
        elif word in _NOT_DONE:
            return be, True, negated, at
        elif word == "and" and words[at - 1].endswith("ly"):
            pass
        elif word not in _ADVERBS and word not in ("has", "have", "had", ",") and not word.endswith("ly"):
            break
        at, steps = at - 1, steps + 1
    supposed = (at >= first and words[at] in _NOT_DONE) or (
        at >= first and words[at] == "to" and (be or at == index - 1)
    )
    return be, supposed, negated, at + 1


def _participle(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``was killed``, ``killed two``; ``shot dead`` is killing, ``shot`` alone is injury, ``shot at`` neither."""
    words, (first, last) = tokens.words, sentence
    word = words[index]
    if word in ("hostage", "captive"):
        return _held(words, index, first, kind)
    be, supposed, negated, start = _auxiliary(words, index, first)
    after = words[index + 1] if index + 1 < last else ""
    if supposed or _is_no_harm(tokens, index, (start, last), be=be, named=starts_people(index + 1)):
        return None
    if not be and index - 1 >= first and _is_adjective(tokens, index, last, starts_people):
        return None
    if kind in ("attacked", "released"):
        if not be and (after not in _CLOSING or kind == "released"):
            return None
        law = kind == "released" and bool(set(words[first:last]) & _BY_LAW)
        done = "injured" if kind == "attacked" else "detained" if law else "abducted"
        return Harm(done, index, index + 1, "back", kind, weak=True, auxiliary=be, negated=negated, start=start)
    kind, rule = ("injured" if kind == "shot" else kind), word
    if kind == "injured" and (set(words[start:index]) & _FATAL or words[index + 1 : index + 3] == ["to", "death"]):
        kind, rule = "killed", "fatally"
    points = "back" if be else _direction(words, index, last, starts_people)
    return Harm(kind, index, index + 1, points, rule, auxiliary=be, negated=negated, start=start)


def _held(words: list[str], index: int, first: int, kind: str) -> Harm | None:
    """``taken hostage``, ``held captive``."""
    back = next((at for at in range(index - 1, max(first, index - 4) - 1, -1) if words[at] in _TAKEN), None)
    return None if back is None else Harm(kind, index, index + 1, "back", "held", auxiliary=True, start=back)


def _is_no_harm(tokens: Tokens, index: int, reach: tuple[int, int], *, be: bool, named: bool) -> bool:
    """Whether the participle tells of something else: shots at a car, goods taken, sexual violence (its own act)."""
    words, (start, last) = tokens.words, reach
    word = words[index]
    after = words[index + 1] if index + 1 < last else ""
    if word == "shot":
        fired = not be and not named and words[index - 1] in ("had", "who", "and", "they") and index > 0
        return after in ("at", "dead", "up") or (fired and after not in ("and", ",", "by"))
    if word == "taken":
        return not (be and _is_taking(words, index, last))
    return word == "assaulted" and "sexually" in words[start:index]


_CLOSING = word_set(", . by and while when with in at on after for")
_FATAL = word_set("fatally mortally")
_BY_LAW = word_set(
    "arrest arrested arrests police prison court jail detained detention military charged sentenced bail"
)


def _is_taking(words: list[str], index: int, last: int) -> bool:
    """Whether "taken" tells of people led away, not of people brought to a hospital."""
    follow = words[index + 1 : min(last, index + 5)]
    if not follow:
        return False
    if follow[0] == "to":
        return bool(set(follow) & {"unknown", "undisclosed", "bush", "forest"})
    return (
        follow[0] in ("away", "by") or follow[:1] + follow[-1:] == ["from", "home"] or (follow[:2] == ["from", "his"])
    )


def _is_adjective(tokens: Tokens, index: int, last: int, starts_people: Callable[[int], bool]) -> bool:
    """Whether the participle only describes the people after it: "treating wounded protesters"."""
    words = tokens.words
    if words[index] not in _ADJECTIVAL or index + 1 >= last or not starts_people(index + 1):
        return False
    if words[index + 1] in _DETERMINERS | _COUNT_WORDS or words[index + 1][0].isdigit():
        return False
    before = words[index - 1]
    return before in _BEFORE_ADJECTIVE or before.endswith("ing") or before[0].isdigit() or before in _COUNT_WORDS


_COUNT_WORDS = word_set("two three four five six seven eight nine ten several dozens a an one evacuate evacuated")


def _direction(words: list[str], index: int, last: int, starts_people: Callable[[int], bool]) -> str:
    """Without "be": ahead when people are named right after the word, else back."""
    for at in (index + 1, index + 2):
        if at < last and starts_people(at):
            between = words[index + 1 : at]
            if not between or between[0] in _ADVERBS or between[0] in ("a", "another", "dead"):
                return "ahead"
    return "back"


def _gerund(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``killing two``: the people stand after it."""
    words, (first, last) = tokens.words, sentence
    before = words[index - 1] if index > first else ""
    after = words[index + 1] if index + 1 < last else ""
    if (before, words[index - 2] if index - 1 > first else "") == ("to", "addition"):
        before = ""
    if after in ("of", ""):
        return _noun(tokens, index, sentence, "injured" if kind == "shot" else kind, starts_people)
    if before in ("of", "for", "from", "to", "about", "against", "the", "a") or before in _NOT_DONE:
        return None
    if kind == "shot" and after in ("at", "into", "in", "from"):
        return None
    kind = "injured" if kind == "shot" else kind
    if after == "dead":
        return None
    return Harm(kind, index, index + 1, "ahead", words[index], start=index)


def _bare(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``gunmen kill two``: only with people right after; "to kill" is no killing."""
    words, (first, _) = tokens.words, sentence
    before = words[index - 1] if index > first else ""
    if before in ("to", "and", "or") or before in _NOT_DONE or not starts_people(index + 1):
        return None
    return Harm(kind, index, index + 1, "ahead", words[index], start=index)


def _intransitive(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``died``: who stands before it."""
    _, supposed, negated, start = _auxiliary(tokens.words, index, sentence[0])
    if supposed:
        return None
    return Harm(kind, index, index + 1, "back", tokens.words[index], auxiliary=True, negated=negated, start=start)


def _noun(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``the death of two nurses``, ``two deaths``; an attempt, a threat and a demand are not it."""
    words, (first, last) = tokens.words, sentence
    near = set(words[max(first, index - 3) : index])
    if near & _NOT_DONE or near & _EARLIER or set(words[index + 1 : index + 2]) & _NOT_DONE:
        return None
    joint = ("of", "to") if words[index] in _INJURY else ("of",)
    if index + 1 < last and words[index + 1] in joint and starts_people(index + 2):
        return Harm(kind, index, index + 2, "ahead", "noun", start=index)
    if words[index] in ("deaths", "fatalities", "death", "injuries", "fatality") and index > first:
        return Harm(kind, index, index + 1, "number", "noun", start=index)
    return None


def _adjective(
    tokens: Tokens, index: int, sentence: tuple[int, int], kind: str, starts_people: Callable[[int], bool]
) -> Harm | None:
    """``shot dead``, ``left two dead``, ``found dead``."""
    words, (first, last) = tokens.words, sentence
    before = words[index - 1] if index > first else ""
    shot = before in ("shot", "shooting", "gunned", "stabbed", "beaten", "found")
    near = set(words[max(first, index - 6) : index])
    if not shot and not near & (BE | {"left", "leaving", "leave", "found", "with"}):
        return None
    be, supposed, negated, start = _auxiliary(words, index - 1 if shot else index, first)
    if supposed:
        return None
    points = "back" if be or not shot else _direction(words, index, last, starts_people)
    return Harm(kind, index, index + 1, points, "dead", auxiliary=be, negated=negated, start=start)


_EARLIER = word_set("previous recent past similar earlier second third latest")

_READERS = {
    "participles": _participle,
    "gerunds": _gerund,
    "bare": _bare,
    "intransitive": _intransitive,
    "nouns": _noun,
    "adjectives": _adjective,
}


def _phrase(words: list[str], index: int, first: int, last: int) -> Harm | None:
    """Harm told in several words: injuries suffered, lives lost, bodies found, people taken away."""
    word = words[index]
    if word in _SUFFER and index > first:
        return _suffered(words, index, last)
    if word == "lost" and set(words[index + 2 : index + 4]) & {"life", "lives"}:
        return Harm("killed", index, index + 3, "back", "life_lost", auxiliary=True, start=index)
    if word in _FOUND and set(words[first:index]) & {"body", "bodies", "corpse", "corpses"}:
        return Harm("killed", index, index + 1, "body", "body_found", auxiliary=True, start=index)
    return None


def _suffered(words: list[str], index: int, last: int) -> Harm | None:
    """``sustained three gunshot wounds``; "with" counts only before injuries."""
    reach = 4 if words[index] == "with" else 6
    for at in range(index + 1, min(last, index + reach)):
        if words[at] in (".", "and", "when", "while", "to", "from", "no"):
            return None
        if words[at] in _INJURY:
            return Harm("injured", index, at + 1, "back", "injuries", auxiliary=True, start=index)
    return None
