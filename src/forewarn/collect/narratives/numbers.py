"""Number words and digits as ranges.

Owns what a number in prose can be held to: "at least 3" has no upper end, "up to 9" no lower one, "dozens" no single
value. Words of size get the least and the greatest number they can honestly mean; where there is no such number the
end is open. Nothing is read out of dates, years, clock times, percentages or sums of money.
"""

from __future__ import annotations

from dataclasses import dataclass

from forewarn.collect.narratives.found import NumberRange
from forewarn.collect.narratives.tokens import Tokens, cut, word_set
from forewarn.model.validation import LARGEST_COUNT

__all__ = ["NumberSpan", "find_numbers", "scan_numbers"]


def _listed(words: str) -> list[str]:
    """The words of a line, in order."""
    return words.split()


_UNITS = {
    word: value
    for value, word in enumerate(
        _listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
_TENS = {
    word: value * 10
    for value, word in enumerate(_listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
} | {"fourty": 40}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_SINGLE = {
    "single": 1,
    "both": 2,
    "pair": 2,
    "couple": 2,
    "dozen": 12,
    "score": 20,
    "none": 0,
    "nobody": 0,
    "no": 0,
    "duo": 2,
    "trio": 3,
}
_SIZE: dict[str, tuple[int, int | None]] = {
    "dozens": (24, 99),
    "scores": (40, None),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "millions": (2_000_000, None),
    "several": (3, None),
    "few": (2, None),
    "some": (1, None),
    "many": (3, None),
    "numerous": (3, None),
    "multiple": (2, None),
    "various": (2, None),
}
_UNKNOWN_NUMBER = word_set("unspecified unknown undisclosed undetermined unconfirmed uncertain indeterminate")
_AT_LEAST = (
    ("at", "least"),
    ("no", "fewer", "than"),
    ("no", "less", "than"),
    ("not", "less", "than"),
    ("minimum", "of"),
)
_MORE = (("more", "than"), ("over",), ("upwards", "of"), ("in", "excess", "of"), ("above",))
_UP_TO = (("up", "to"), ("at", "most"), ("no", "more", "than"), ("as", "many", "as"), ("maximum", "of"))
_FEWER = (("fewer", "than"), ("less", "than"), ("under",), ("below",))
_ABOUT = (
    ("around",),
    ("about",),
    ("approximately",),
    ("some",),
    ("nearly",),
    ("almost",),
    ("roughly",),
    ("an", "estimated"),
    ("estimated",),
    ("close", "to"),
    ("approx",),
)
_QUALIFIERS = tuple(
    (phrase, rule)
    for rule, phrases in (
        ("at_least", _AT_LEAST),
        ("up_to", _UP_TO),
        ("more_than", _MORE),
        ("fewer_than", _FEWER),
        ("about", _ABOUT),
    )
    for phrase in phrases
)
_QUALIFIER_STARTS = frozenset(phrase[0] for phrase, _ in _QUALIFIERS)
_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
)
_UNCOUNTED_AFTER = word_set(
    "% percent per am pm km kilometres kilometers metres meters hours hour minutes days day weeks week "
    "months month years year year-old ngn usd eur dollars euros million-naira naira miles tons tonnes kg"
)
_UNCOUNTED_BEFORE = frozenset(("$", "€", "£", "age", "aged", "ngn", "usd"))


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number among the words: words ``first`` up to, not including, ``last``, and what it says."""

    first: int
    last: int
    low: int | None
    best: int | None
    high: int | None
    rule: str
    vague: bool = False


def find_numbers(text: str) -> tuple[NumberRange, ...]:
    """The numbers of a text, in order. What dates, money, ages, measures and durations hold is left out."""
    tokens = cut(text)
    found = []
    for number in scan_numbers(tokens):
        start, end = tokens.span(number.first, number.last)
        rule = f"numbers.{number.rule}"
        found.append(NumberRange(number.low, number.best, number.high, start, end, rule, number.vague))
    return tuple(found)


def scan_numbers(tokens: Tokens) -> list[NumberSpan]:
    """The same over words already cut."""
    words, found, index = tokens.words, [], 0
    count = len(words)
    while index < count:
        number = _read(words, index) if _may_start(words[index]) else None
        if number is None:
            index += 1
            continue
        if not _is_uncounted(tokens, number):
            found.append(number)
        index = number.last
    return found


def _may_start(word: str) -> bool:
    """Whether a number can begin with the word."""
    return (
        word[0].isdigit()
        or word in _UNITS
        or word in _TENS
        or word in _SIZE
        or word in _SINGLE
        or word in _QUALIFIER_STARTS
        or word in ("a", "an", "between", "from", "tens", "hundred", "thousand", "another")
        or ("-" in word and word.partition("-")[0] in _TENS)
    )


def _read(words: list[str], index: int) -> NumberSpan | None:
    """The number that begins at the word, qualifiers included."""
    word = words[index]
    if word in ("between", "from"):
        return _between(words, index, "and" if word == "between" else "to")
    if word in _QUALIFIER_STARTS:
        qualified = _qualified(words, index)
        if qualified is not None:
            return qualified
    return _sized(words, index) or _plain_range(words, index)


def _between(words: list[str], index: int, joint: str) -> NumberSpan | None:
    """``between 3 and 5``, ``from 3 to 5``."""
    low, at = _cardinal(words, index + 1)
    if low is None or at >= len(words) or words[at] != joint:
        return None
    high, end = _cardinal(words, at + 1)
    if high is None or high < low:
        return None
    return NumberSpan(index, end, low, None, high, "between")


def _qualified(words: list[str], index: int) -> NumberSpan | None:
    """``at least 3``, ``more than 200``, ``up to nine``, ``about 30``."""
    for phrase, rule in _QUALIFIERS:
        if tuple(words[index : index + len(phrase)]) != phrase:
            continue
        inner = _sized(words, index + len(phrase)) or _plain_range(words, index + len(phrase))
        if inner is not None and inner.rule in ("count", "range", "size"):
            return _qualify(inner, index, rule)
    return None


def _qualify(inner: NumberSpan, index: int, rule: str) -> NumberSpan:
    """The number under its qualifier."""
    least, most = inner.low, inner.high
    if rule == "at_least":
        return NumberSpan(index, inner.last, least, least, None, rule, inner.vague)
    if rule == "more_than":
        more = None if least is None else least + 1
        return NumberSpan(index, inner.last, more, more, None, rule, inner.vague)
    if rule == "up_to":
        return NumberSpan(index, inner.last, None, None, most, rule, inner.vague)
    if rule == "fewer_than":
        return NumberSpan(index, inner.last, None, None, None if not most else most - 1, rule, inner.vague)
    if inner.vague:
        return NumberSpan(index, inner.last, least, None, most, rule, vague=True)
    return NumberSpan(index, inner.last, None, inner.best, None, rule)


def _sized(words: list[str], index: int) -> NumberSpan | None:
    """Words of size: ``dozens``, ``hundreds of thousands``, ``an unspecified number``, ``a few``."""
    if index >= len(words):
        return None
    after = words[index + 1] if index + 1 < len(words) else ""
    if words[index] in ("a", "an", "the"):
        return _sized_with_article(words, index, after)
    third = words[index + 2] if index + 2 < len(words) else ""
    if words[index] in ("tens", "hundreds", "thousands") and after == "of" and third in ("thousands", "millions"):
        least = {"tens": 20, "hundreds": 200, "thousands": 2_000}[words[index]]
        unit = 1_000 if third == "thousands" else 1_000_000
        top = min(least * 5 * unit - 1, LARGEST_COUNT) if third == "thousands" else None
        return NumberSpan(index, index + 3, least * unit, None, top, "size", vague=True)
    if words[index] in _UNKNOWN_NUMBER and after in ("number", "numbers"):
        return NumberSpan(index, index + 2, 1, None, None, "size", vague=True)
    if words[index] in _SIZE:
        least, most = _SIZE[words[index]]
        return NumberSpan(index, index + 1, least, None, most, "size", vague=True)
    return None


def _sized_with_article(words: list[str], index: int, after: str) -> NumberSpan | None:
    """``a few``, ``a number of``, ``an unspecified number``."""
    third = words[index + 2] if index + 2 < len(words) else ""
    if after == "few":
        return NumberSpan(index, index + 2, 2, None, None, "size", vague=True)
    if after == "number" and third == "of":
        return NumberSpan(index, index + 2, 2, None, None, "size", vague=True)
    if third in ("number", "numbers") and (after in _UNKNOWN_NUMBER or after in ("small", "large", "significant")):
        return NumberSpan(index, index + 3, 1 if after in _UNKNOWN_NUMBER else 2, None, None, "size", vague=True)
    return None


def _plain_range(words: list[str], index: int) -> NumberSpan | None:
    """A cardinal, or two of them as a range: ``3``, ``twenty-two``, ``six to eight``, ``3-5``, ``two or three``."""
    if index >= len(words):
        return None
    hyphened = _hyphened(words[index])
    if hyphened is not None:
        return NumberSpan(index, index + 1, hyphened[0], None, hyphened[1], "range")
    low, at = _cardinal(words, index)
    if low is None:
        return None
    if at < len(words) and words[at] in ("to", "or", "-", "–"):
        high, end = _cardinal(words, at + 1)
        if high is not None and low < high <= 20 * max(low, 1) and low > 0:
            return NumberSpan(index, end, low, None, high, "range")
    return NumberSpan(index, at, low, low, low, "count")


def _hyphened(word: str) -> tuple[int, int] | None:
    """``3-5``, ``three-five``, as two numbers."""
    if "-" not in word:
        return None
    left, _, right = word.partition("-")
    low, high = _one(left), _one(right)
    if low is None or high is None or left in _TENS or not 0 < low < high <= 20 * low:
        return None
    return low, high


def _one(word: str) -> int | None:
    """A number that is a single word."""
    if word.isascii() and word.isdigit() and len(word) <= 12:
        return int(word) if int(word) <= LARGEST_COUNT else None
    return _UNITS.get(word, _TENS.get(word))


def _cardinal(words: list[str], index: int) -> tuple[int | None, int]:
    """The cardinal number at the word and the word after it; (None, index) where there is none."""
    if index >= len(words):
        return None, index
    word = words[index]
    if word in ("a", "an", "another"):
        return _with_article(words, index)
    if word in _SINGLE:
        return _SINGLE[word], index + (2 if words[index : index + 2] == ["no", "one"] else 1)
    if word in _SCALES:
        return _scaled(words, index, 1)
    value = _digits(word)
    return _worded(words, index) if value is None else _scaled(words, index + 1, value)


def _with_article(words: list[str], index: int) -> tuple[int | None, int]:
    """``a dozen``, ``a hundred``, ``another two``; a bare article is no number."""
    follow = words[index + 1] if index + 1 < len(words) else ""
    counts = follow in ("hundred", "thousand", "million", "dozen", "couple", "pair", "single", "score")
    if counts or (words[index] == "another" and _one(follow) is not None):
        return _cardinal(words, index + 1)
    return None, index


def _digits(word: str) -> int | None:
    """``1,200`` or ``45`` as a number; years and codes of more than twelve digits are none."""
    bare = word.replace(",", "").replace(" ", "")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 12):
        return None
    return int(bare) if int(bare) <= LARGEST_COUNT else None


def _worded(words: list[str], index: int) -> tuple[int | None, int]:
    """``twenty-two``, ``twenty two``, ``seven hundred and five``."""
    value = _below_hundred(words[index])
    if value is None:
        return None, index
    at = index + 1
    if words[index] in _TENS and at < len(words) and 0 < _UNITS.get(words[at], 0) < 10:
        value, at = value + _UNITS[words[at]], at + 1
    return _scaled(words, at, value)


def _below_hundred(word: str) -> int | None:
    """One word below a hundred."""
    if word in _UNITS:
        return _UNITS[word]
    if word in _TENS:
        return _TENS[word]
    left, _, right = word.partition("-")
    return _TENS[left] + _UNITS[right] if left in _TENS and 0 < _UNITS.get(right, 0) < 10 else None


def _scaled(words: list[str], index: int, value: int) -> tuple[int | None, int]:
    """``value`` times the scale words that follow, and the rest below the scale."""
    last_scale = 0
    while index < len(words) and words[index] in _SCALES and (not last_scale or _SCALES[words[index]] > last_scale):
        last_scale = _SCALES[words[index]]
        value *= last_scale
        index += 1
    if value > LARGEST_COUNT:
        return None, index
    if last_scale:
        skip = 1 if index < len(words) and words[index] == "and" else 0
        rest = _below_hundred(words[index + skip]) if index + skip < len(words) else None
        if rest is not None and rest < last_scale:
            return value + rest, index + skip + 1
    if index < len(words) and words[index] == "dozen":
        return value * 12 if value * 12 <= LARGEST_COUNT else None, index + 1
    return value, index


def _is_uncounted(tokens: Tokens, number: NumberSpan) -> bool:
    """Whether the number belongs to a date, a sum, an age, a measure or a code."""
    words = tokens.words
    before = words[number.first - 1] if number.first else ""
    after = words[number.last] if number.last < len(words) else ""
    digits = words[number.last - 1][0].isdigit()
    if after in _UNCOUNTED_AFTER or before in _UNCOUNTED_BEFORE or (after == "-" and digits):
        return True
    if not digits:
        return False
    is_year = number.best is not None and 1900 <= number.best <= 2100 and words[number.last - 1].isdigit()
    if (
        before in _MONTHS
        or (after in _MONTHS and after != "may")
        or (after == "may" and before in ("on", "of", "from", ".", ":"))
    ):
        return True
    return is_year and (
        before in ("in", "since", "of", "by", "until", "from", ",", "early", "late") or after in (":", ".", ",", "")
    )
