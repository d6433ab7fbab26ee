"""Whether a text can be in the language it is declared to be in: yes, no, or nobody here can tell.

Owns one small stated detector: by writing where few languages use it, else by the share of small words of the
languages in ``taxonomy/languages.yaml``. A text with few words, or in a language not on the list, is ``unsure``, which
is never held against anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from forewarn.taxonomy.languages import language_signs

__all__ = ["LanguageSeen", "language_of", "matches_declared"]

_READ = 20_000
"""Characters that are read."""
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_LETTERS = 20
_FEWEST_SIGNS = 4
_CLEAR_SHARE = 0.12
_AHEAD = 1.8
"""Signs of the language found, against those of the next."""


@dataclass(frozen=True, slots=True)
class LanguageSeen:
    """What a text shows: the codes it can be in (empty where nothing shows), by what, and its writing where clear."""

    codes: tuple[str, ...]
    by: str
    script: str = ""


def language_of(text: str) -> LanguageSeen:
    """The languages a text can be in."""
    signs = language_signs()
    read = unicodedata.normalize("NFC", text[:_READ])
    letters = Counter(unicodedata.name(one, "").partition(" ")[0] for one in read if one.isalpha())
    if sum(letters.values()) < _FEWEST_LETTERS:
        return LanguageSeen((), "too few letters")
    script, count = letters.most_common(1)[0]
    if count < 0.6 * sum(letters.values()):
        return LanguageSeen((), "several writings")
    if script in signs.by_script:
        kana = letters["HIRAGANA"] + letters["KATAKANA"]
        codes = ("ja",) if script == "CJK" and kana else signs.by_script[script]
        return LanguageSeen(codes, f"written in {script.lower()}", script)
    return _by_words(_WORD.findall(read.casefold()), script)


def matches_declared(declared: str, text: str) -> tuple[bool | None, LanguageSeen]:
    """Whether a text can be in the language of a tag such as ``fr-CA``: ``None`` where it cannot be told.

    It cannot for any language not on our lists, whose small words may be those of another.
    """
    seen = language_of(text)
    code = declared.strip().partition("-")[0].casefold()
    written = _writing_of(code)
    if seen.codes:
        return code in seen.codes if written else None, seen
    return (False if seen.script and written and seen.script not in written else None), seen


def _by_words(words: list[str], script: str) -> LanguageSeen:
    signs = language_signs()
    hits = {c: sum(w in known for w in words) for c, known in signs.words.items() if signs.scripts[c] == script}
    ranked = sorted(hits.items(), key=lambda one: (-one[1], one[0]))
    if not ranked:
        return LanguageSeen((), f"{script.lower()} letters alone do not tell", script)
    best, most = ranked[0]
    following = ranked[1][1] if len(ranked) > 1 else 0
    if most < _FEWEST_SIGNS or most < _CLEAR_SHARE * len(words) or most < _AHEAD * following:
        return LanguageSeen((), "too few small words of one language we know", script)
    return LanguageSeen((best,), f"{most} small words", script)


def _writing_of(code: str) -> frozenset[str]:
    """The writings a language on our lists is in; empty for others."""
    signs = language_signs()
    found = {script for script, codes in signs.by_script.items() if code in codes}
    return frozenset(found | ({signs.scripts[code]} if code in signs.scripts else set()))
