"""Sentences that other rooms made, in the language of a page: errors, skill, what moved a forecast.

Those rooms know nothing of languages: their sentences stand in the catalogues with ``{1}``, ``{2}`` where a value goes.
A sentence is found by what it says around its values; a value is a sentence of its own, a day, a number, or stays. One
that no catalogue holds is shown as it was made.
"""

from __future__ import annotations

import re
from functools import cache

from forewarn.web.languages import strings
from forewarn.web.written import as_written

__all__ = ["said"]

_VALUE = re.compile(r"\{(\d)\}")
_NAMED = ": "
_JOINED = ("; ", _NAMED, ", ")
"""What sentences are joined by; each part is then one of its own."""
_FEW_LETTERS = 5
"""A string of fewer letters around its values holds only for values with a figure in them."""
_LONGEST = 2_000
_DEEPEST = 4


def said(language: str, text: str) -> str:
    """The sentence in that language."""
    translatable = language != "en" and text and len(text) <= _LONGEST
    return _said(language, text, _DEEPEST) if translatable else text


def _said(language: str, text: str, depth: int) -> str:
    if not depth:
        return strings(language).get(text) or as_written(language, text)
    whole = _whole(language, text, depth, apart=True)
    if whole is None and _JOINED[0] in text:
        parts = [_whole(language, part, depth, apart=True) for part in text.split(_JOINED[0])]
        whole = None if None in parts else _joined(language, _JOINED[0], [part or "" for part in parts])
    if whole is None:
        whole = _whole(language, text, depth, apart=False)
    return _in_parts(language, text, depth) if whole is None else whole


def _whole(language: str, text: str, depth: int, *, apart: bool) -> str | None:
    """The translation of a whole sentence, if there is one; ``apart`` where no value of it is a row of sentences."""
    if text in strings(language):
        return strings(language)[text]
    for shape, order, translation in _shapes(language):
        match = shape.fullmatch(text)
        if match and not (apart and any(_JOINED[0] in value for value in match.groups())):
            values = {number: _said(language, match[k + 1], depth - 1) for k, number in enumerate(order)}
            return _VALUE.sub(lambda one, values=values: values.get(one[1], ""), translation)  # type: ignore[misc]
    return None


def _in_parts(language: str, text: str, depth: int) -> str:
    """Sentence by sentence: what names a field or group, then what is said of it; else each of a row."""
    for mark in _JOINED:
        parts = text.split(mark, 1 if mark == _NAMED else -1)
        told = [_said(language, part, depth - 1) for part in parts] if len(parts) > 1 else parts
        if told != parts:
            return _joined(language, mark, told)
    return as_written(language, text)


def _joined(language: str, mark: str, parts: list[str]) -> str:
    return strings(language).get(mark, mark).join(parts)


@cache
def _shapes(language: str) -> tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...]:
    """The strings with values in them as patterns, what says most first; those without a word are none."""
    found = []
    for one, translation in strings(language).items():
        order = tuple(_VALUE.findall(one))
        letters = sum(map(str.isalpha, _VALUE.sub("", one)))
        if order and letters:
            value = "(.+?)" if letters >= _FEW_LETTERS else r"([^\s\d]*\d\S*?)"
            shape = re.compile(value.join(map(re.escape, _VALUE.split(one)[::2])), re.DOTALL)
            found.append((letters, shape, order, translation))
    return tuple(one[1:] for one in sorted(found, key=lambda each: -each[0]))
