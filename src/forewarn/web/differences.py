"""Two versions of a text beside each other: what was left out and what is new, line by line and word by word.

Lines that both have are left out. A line that took the place of another is compared by words; nothing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

__all__ = ["Piece", "differing"]

Piece = tuple[str, str]
"""``kept``, ``out`` or ``in``, and the text."""

_LONGEST = 4_000
"""Words are compared up to so many characters; a longer line, or a single word, is shown whole."""


def differing(before: Sequence[str], after: Sequence[str]) -> list[list[Piece]]:
    """The lines that differ, each in pieces."""
    found: list[list[Piece]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs = zip_longest(before[a:b], after[c:d])
            found += [list(_pieces(was, now)) for was, now in pairs]
    return found


def _pieces(was: str | None, now: str | None) -> Iterator[Piece]:
    if was is None or now is None or len(was) + len(now) > _LONGEST or " " not in was + now:
        yield from ((kind, text) for kind, text in (("out", was), ("in", now)) if text)
        return
    left, right = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (was, now))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < 0.4:
        yield from (("out", was), ("in", now))
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        parts = (("kept", left[a:b]),) if kind == "equal" else (("out", left[a:b]), ("in", right[c:d]))
        yield from ((name, "".join(words)) for name, words in parts if words)
