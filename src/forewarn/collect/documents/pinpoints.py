"""Pin-points: the paragraph, article or chapter of a text that is meant, before or behind its mention.

Owns their forms ("paras. 138-140", "article 7 (1) (d)", "Chapters VI, VII and VIII"). Which text is meant is not
settled here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Pinpoint", "find_pinpoints"]

_NUMBER = r"(?:\d{1,4}[a-z]?|[IVXLC]{1,7}|[A-Z])(?![\w/])(?:\s?\([a-z0-9]{1,4}\)){0,3}"
_ITEM = rf"{_NUMBER}(?:\s?[-–]\s?{_NUMBER})?"
_UNIT = (
    r"(?:operative\s+|preambular\s+|common\s+)?"
    r"(?:paragraphs?|paras?\.|articles?|arts?\.|chapters?|chaps?\.|sections?|sects?\.|annex(?:es)?|rules?|parts?"
    r"|recommendations?|principles?)"
)
_PINPOINT = re.compile(
    rf"(?<![\w-])(?P<unit>{_UNIT})\s{{1,3}}{_ITEM}(?:(?:\s?,\s?|\s)(?:and\s|to\s|or\s)?{_ITEM}){{0,11}}", re.IGNORECASE
)
_CASED_NUMBER = re.compile(r"\d|\b[IVXLC]+\b|\b[A-Z]\b")
_BEHIND = re.compile(r"\s?,?\s?\(?$")
_BEFORE = re.compile(
    r"\s(?:of|to|in|under|from)\s(?:the\s|its\s|that\s)?"
    r"(?:(?:report|document|annex|letter|statement|draft|landmark|historic)\s(?:of\s(?:the\s)?)?)?$"
)


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """One pin-point: where it stands in the folded text, and its words with single spaces."""

    start: int
    end: int
    text: str
    unit: str

    def is_behind(self, text: str, end: int) -> bool:
        """Whether it follows right behind a mention that ends there: ``S/2018/462, para. 5``."""
        return 0 <= self.start - end <= 4 and bool(_BEHIND.fullmatch(text[end : self.start]))

    def is_before(self, text: str, start: int) -> bool:
        """Whether it leads up to a mention that starts there: ``paragraph 7 of resolution ...``."""
        return 0 < start - self.end <= 40 and bool(_BEFORE.fullmatch(text[self.end : start]))


def find_pinpoints(text: str) -> list[Pinpoint]:
    """All pin-points of a text folded for matching, in order."""
    return [
        Pinpoint(match.start(), match.end(), " ".join(match.group().split()), match["unit"].casefold().split()[-1])
        for match in _PINPOINT.finditer(text)
        if _CASED_NUMBER.search(match.group(), match.end("unit") - match.start())
    ]
