"""Numbers in words: ordinals of sessions and anniversaries, amounts as ranges.

Owns "seventy-second session", "twentieth anniversary", "Hundreds of thousands". A vague plural is a range from two of
its unit to just below the next larger unit that English has a plural for; a bound that the words leave open is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forewarn.collect.documents.characters import matching_form
from forewarn.model.document import Span

__all__ = ["Amount", "Ordinal", "cardinal", "find_amounts", "find_ordinals", "ordinal"]

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL = {
    **{word: at for at, word in enumerate((*_ONES, *_TEENS))},
    **{word: 20 + 10 * at for at, word in enumerate(_TENS)},
}
_IRREGULAR = {
    "first": "one",
    "second": "two",
    "third": "three",
    "fifth": "five",
    "eighth": "eight",
    "ninth": "nine",
    "twelfth": "twelve",
}
_VAGUE = {
    "tens": (20, 99),
    "dozens": (24, 99),
    "scores": (40, 199),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, 9_999_999),
    "tens of millions": (20_000_000, 99_999_999),
    "hundreds of millions": (200_000_000, 999_999_999),
}
_LARGEST = 10**15

_CARDINAL_WORD = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,9}}(?:\.\d{{1,3}})?)(?:\s(?:{'|'.join(_SCALES)}))?(?![\w/]|-[A-Za-z])"
    rf"|(?:an?\s(?={'|'.join(_SCALES)}))?(?:{_CARDINAL_WORD})(?:(?:\s|-|\sand\s)(?:{_CARDINAL_WORD})(?!\w)){{0,8}}(?![\w]|-[A-Za-z])"
)
_UNITS = "|".join(sorted(_SMALL, key=len, reverse=True))
_STEMS = "|".join(word[:-1] for word in _TENS)
_ORDINAL_WORD = (
    rf"(?:(?:(?:one\s)?hundred(?:\sand)?\s)?(?:(?:{'|'.join(_TENS)})-)?"
    rf"(?:{'|'.join(_IRREGULAR)}|(?:{_UNITS})th|(?:{_STEMS})ieth|(?:hundred|thousand)th))"
)
_ORDINAL = re.compile(
    rf"(?<![\w-])(?P<number>\d{{1,6}}(?:st|nd|rd|th)|{_ORDINAL_WORD})(?:\s|-\n?)"
    r"(?:\(\w{1,12}\)\s|(?:regular|special|emergency|plenary|annual|substantive|resumed|closed)\s){0,2}"
    r"(?P<noun>sessions?|anniversary|year|meetings?|report|summit|congress|conference|round|term|century|edition)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?<![\w/.,$€£-])(?:"
    r"(?P<vague>(?:tens|hundreds)\sof\s(?:thousands|millions)|dozens|scores|tens|hundreds|thousands|millions)(?![\w-])"
    rf"|between\s(?P<low>{_NUMBER})\sand\s(?P<high>{_NUMBER})"
    rf"|(?P<from>{_NUMBER})(?:\sto\s|\s?[-–]\s?)(?P<to>{_NUMBER})"
    rf"|(?P<bound>at\sleast|no\sfewer\sthan|more\sthan|over|up\sto|at\smost|fewer\sthan|less\sthan|no\smore\sthan)\s"
    rf"(?P<edge>{_NUMBER})"
    rf"|(?P<one>{_NUMBER}))",
    re.IGNORECASE,
)
_FROM_BELOW = {"at least": 0, "no fewer than": 0, "more than": 1, "over": 1}
_FROM_ABOVE = {"up to": 0, "at most": 0, "no more than": 0, "fewer than": -1, "less than": -1}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """ "The n-th" of something, such as a session: where it stands, the number, and the noun in the singular."""

    span: Span
    number: int
    noun: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A count as a range, both ends included; an end is missing where the words leave it open."""

    span: Span
    text: str
    low: int | None
    high: int | None


def cardinal(text: str) -> int | None:
    """The whole number that figures or words are: ``1,200``, ``twenty-two``, ``3.5 million``; else missing."""
    words = text[:120].casefold().replace("-", " ").replace(" and ", " ").split()
    if len(words) > 1 and words[0] in ("a", "an") and words[1] in _SCALES:
        del words[0]
    values = [_value(word) for word in words]
    if not values or None in values:
        return None
    total = current = 0.0
    for word, value in zip(words, values, strict=True):
        amount = value or 0.0
        if word not in _SCALES:
            current += amount
        elif word == "hundred":
            current = (current or 1) * amount
        else:
            total, current = total + (current or 1) * amount, 0.0
    whole = total + current
    return int(whole) if whole == int(whole) and whole <= _LARGEST else None


def _value(word: str) -> float | None:
    """What one word adds or multiplies by."""
    if word in _SCALES or word in _SMALL:
        return _SCALES.get(word) or _SMALL[word]
    figures = word.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,3})?", figures):
        return None
    return float(figures)


def ordinal(text: str) -> int | None:
    """The number of an ordinal in figures or words: ``8394th``, ``seventy-second``, ``twentieth``; else missing."""
    word = " ".join(text[:120].casefold().split())
    if match := re.fullmatch(r"([0-9]{1,6})(?:st|nd|rd|th)", word):
        return int(match[1])
    match = re.fullmatch(r"((?:[a-z]+[ -])*)([a-z]+)", word)
    if match is None:
        return None
    head, last = match.groups()
    plain = _IRREGULAR.get(last) or (f"{last[:-4]}y" if last.endswith("ieth") else last.removesuffix("th"))
    return None if plain == last else cardinal(f"{head}{plain}")


def find_ordinals(text: str, *, start: int = 0) -> tuple[Ordinal, ...]:
    """Sessions, anniversaries, meetings, years ... by their ordinals, in order of place; ``start`` moves the spans."""
    folded = matching_form(text)
    found = []
    for match in _ORDINAL.finditer(folded.text):
        number = ordinal(match["number"])
        if number is not None:
            span = folded.span(match.start(), match.end(), shift=start)
            noun = match["noun"].casefold()
            found.append(Ordinal(span, number, noun if noun == "congress" else noun.removesuffix("s")))
    return tuple(found)


def find_amounts(text: str, *, start: int = 0) -> tuple[Amount, ...]:
    """Amounts in figures or words as ranges, in order of place; ``start`` moves the spans.

    Every number is one: years, numbers of paragraphs and parts of symbols are for the caller to leave out.
    """
    folded = matching_form(text)
    found = []
    for match in _AMOUNT.finditer(folded.text):
        low, high = _bounds(match)
        if low is not None or high is not None:
            span = folded.span(match.start(), match.end(), shift=start)
            found.append(Amount(span, text[span.start - start : span.end - start], low, high))
    return tuple(found)


def _bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    if match["vague"]:
        return _VAGUE[" ".join(match["vague"].casefold().split())]
    if match["bound"]:
        edge, bound = cardinal(match["edge"]), " ".join(match["bound"].casefold().split())
        if edge is None:
            return None, None
        if bound in _FROM_BELOW:
            return edge + _FROM_BELOW[bound], None
        return None, max(edge + _FROM_ABOVE[bound], 0)
    if match["one"]:
        return cardinal(match["one"]), cardinal(match["one"])
    low, high = cardinal(match["low"] or match["from"]), cardinal(match["high"] or match["to"])
    return (low, high) if low is None or high is None or low <= high else (high, low)
