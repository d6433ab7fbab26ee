"""The marks of Markdown: which asterisks and underscores are marks, and which are characters of the text.

Owns the pairing. A mark without a partner is no mark: the star of a reissued symbol (``S/2019/373*``) stays.
"""

from __future__ import annotations

import re

__all__ = ["looks_like_markdown", "paired_marks"]

_TOKEN = re.compile(r"\*{1,3}|_{1,3}|\n[ \t]*\n")
_HEAD = re.compile(r"^ {0,3}#{1,6} \S", re.MULTILINE)
_EMPHASIS = re.compile(
    r"^ {0,3}(\*{1,3}|_{1,3})\S[^\n]{0,2000}\S\1[ \t]*$|^ {0,3}[-*+] \S|^ {0,3}#{2,6} \S", re.MULTILINE
)


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text has heads and emphasis written as Markdown."""
    return _HEAD.search(text) is not None and _EMPHASIS.search(text) is not None


def paired_marks(text: str) -> frozenset[int]:
    """The offsets at which a mark of emphasis begins that has its partner in the same paragraph."""
    paired: set[int] = set()
    opened: dict[str, int] = {}
    for token in _TOKEN.finditer(text):
        mark, start, end = token[0], token.start(), token.end()
        if mark[0] == "\n":
            opened.clear()
            continue
        before, after = text[start - 1 : start], text[end : end + 1]
        if mark in opened and before.strip() and not _is_word(after):
            paired |= {opened.pop(mark), start}
        elif after.strip() and not _is_word(before):
            opened[mark] = start
    return frozenset(paired)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
