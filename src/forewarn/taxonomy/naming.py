"""Names as people write them: one spelling to compare by, and the nearest known name to offer.

Owns the folding of case, accents, dots, quotes and brackets used wherever a printed name is looked up.
Folding never guesses: two names are the same only when they fold to the same text.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

__all__ = ["LONGEST_NAME", "folded", "nearest", "suggestion"]

LONGEST_NAME = 200
"""Longer input is no name; it is cut before folding, so that a hostile text costs nothing."""

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_SAINT = re.compile(r"\bst\b\.?(?=\s)")
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b|\s|$)")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def folded(name: str) -> str:
    """The name in lower case without accents, dots, quotes or brackets; "St." is "saint", a leading "the" goes.

    A name without any Latin letter or digit folds to the empty text.
    """
    text = unicodedata.normalize("NFKD", name[:LONGEST_NAME].casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _APOSTROPHES.sub("", text.replace("&", " and ").replace("ı", "i"))
    text = _INITIALS.sub("", _SAINT.sub("saint ", text))
    return _NOT_WORD.sub(" ", text).strip().removeprefix("the ")


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name most like the given one; the empty text when none is alike."""
    return next(iter(difflib.get_close_matches(name[:LONGEST_NAME], known, n=1, cutoff=0.5)), "")


def suggestion(name: str, known: Sequence[str]) -> str:
    """What to do about an unknown name: the nearest known one, or the first few of them."""
    alike = nearest(name, known)
    if alike:
        return f"did you mean {alike}?"
    return f"use one of {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}"
