"""What becomes of a hyphen at the end of a line: kept unless the text itself shows that it was put there to break.

Owns the lexicon of a text (words as they stand inside its lines) and the one decision. The default is to keep:
in the records all line-end hyphens we checked were real (``security-/development``, ``Nur-/Sultan``).
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["LINE_END_HYPHEN", "is_broken_word", "lexicon_of"]

LINE_END_HYPHEN = "line_end_hyphen"
"""Flag of a paragraph with a hyphen that was kept though the text does not settle whether it is real."""

_WORD = re.compile(r"\w[\w'’]*(?:[-\u2010\u2011]\w[\w'’]*)*")
_HYPHENS = str.maketrans("\u2010\u2011", "--", "\u00ad")


@lru_cache(maxsize=4)
def lexicon_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, hyphenated ones whole, without those cut at the end of a line."""
    known: set[str] = set()
    for line in text.translate(_HYPHENS).splitlines():
        words = _WORD.findall(line)
        if line.rstrip().endswith("-"):
            words = words[:-1]
        known.update(word.casefold() for word in words)
    return frozenset(known)


def is_broken_word(left: str, right: str, lexicon: frozenset[str]) -> bool | None:
    """Whether the hyphen between the end of one line and the start of the next only broke a word.

    Args:
        left: the word before the hyphen.
        right: the word after it, on the next line.
        lexicon: of the same text, from :func:`lexicon_of`.

    Returns:
        True to join without the hyphen, False to keep it, None to keep it in doubt.
    """
    if right[:1].isupper() or right[:1].isdigit() or left[-1:].isdigit():
        return False
    hyphenated = f"{left}-{right}".casefold()
    if hyphenated in lexicon:
        return False
    return True if f"{left}{right}".casefold() in lexicon else None
