"""The characters of a printed text as patterns want them, and the way back to where they stand.

Owns the folding of hyphens, spaces and quotes that look alike, and the dropping of marks that are not seen (soft
hyphens, zero-width marks). Line ends stay. Every position in the folded text is known in the verbatim one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forewarn.model.document import Span

__all__ = ["Matching", "matching_form"]

_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_DROPPED = re.compile(f"[{_UNSEEN}]+")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t", " "),
        **dict.fromkeys("‘’‛`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("\u2044\u2215\uff0f", "/"),
        "\r": "\n",
    }
)


@dataclass(frozen=True, slots=True)
class Matching:
    """A text folded for matching.

    Attributes:
        text: the folded text.
        offsets: for each of its characters the position in the verbatim text; empty when both run alike.
    """

    text: str
    offsets: tuple[int, ...] = ()

    def span(self, start: int, end: int, *, shift: int = 0) -> Span:
        """The verbatim characters behind ``start`` to ``end`` of the folded text, moved on by ``shift``."""
        if not self.offsets:
            return Span(shift + start, shift + end)
        if start == end:
            here = self.offsets[start] if start < len(self.offsets) else self.offsets[-1] + 1
            return Span(shift + here, shift + here)
        return Span(shift + self.offsets[start], shift + self.offsets[end - 1] + 1)


def matching_form(text: str) -> Matching:
    """The text folded for matching. En and em dashes stay: they join words, hyphens join parts of one."""
    alike = text.translate(_ALIKE)
    if not _DROPPED.search(alike):
        return Matching(alike)
    kept = [place for place, character in enumerate(alike) if character not in _UNSEEN]
    return Matching("".join(alike[place] for place in kept), tuple(kept))
