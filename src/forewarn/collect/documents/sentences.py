"""Where the sentences of a paragraph begin and end in the verbatim text.

Owns the cutting of English prose at full stops that end something: not those of "Mr.", "H.E.", "No. 5", "para. 3",
"U.S." or an initial. Every pattern is linear in the text; nothing between the sentences but white space is lost.
"""

from __future__ import annotations

import re

from forewarn.collect.documents.phrases import listed
from forewarn.model.document import Span

__all__ = ["LONGEST_SENTENCE", "sentences"]

LONGEST_SENTENCE = 2_000
"""Characters; what is longer is cut, after a semicolon where there is one: no later step meets an endless one."""

_END = re.compile(r"(?<![.!?\u2026])[.!?\u2026]++[\"'\u2019\u201d\u00bb)\]]{0,4}+(?=\s)|\n[^\S\n]{0,20}+\n")
_LAST_WORD = re.compile(r"[^\s(\[\"\u201c\u2018]{1,16}\Z")
_NEXT_WORD = re.compile(r"\s{0,40}([\"'\u201c\u2018\u00ab(\[]{0,3})([^\s.,;:!?)\]\"\u201d]{1,24})")
_NEVER = listed(
    "mr mrs ms mme dr prof h.e amb gen lt col maj capt sgt rev hon st messrs sr jr fr e.g i.e cf viz vs v "
    "approx art arts para paras sect sects ch chap chaps vol vols p pp fig figs annex resp ibid"
)
"""Before a full stop, these never end a sentence; titles and the names of parts want what follows them."""
_BEFORE_NUMBER = listed("no nos add corr res doc op sec item")
_SOMETIMES = listed("u.s u.k u.n e.u a.u a.m p.m etc inc ltd co al jan feb mar apr jun jul aug sep sept oct nov dec")
_STARTERS = listed(
    "the we i it in on at this that these those our my he she they there as a an with for to however moreover "
    "furthermore finally first second third secondly thirdly lastly therefore accordingly while when if his her "
    "their no all such let mr mrs ms his today"
)


def sentences(text: str, span: Span) -> list[Span]:
    """The sentences of a stretch of text, in order, without the white space around them.

    A blank line ends a sentence, a single line break does not. Text without a full stop is one sentence.
    """
    found: list[Span] = []
    start = span.start
    for end in _END.finditer(text, span.start, span.end):
        if end.group().startswith("\n") or _ends(text, end.start(), end.end(), span):
            _keep(text, start, end.end(), found)
            start = end.end()
    _keep(text, start, span.end, found)
    return found


def _keep(text: str, start: int, end: int, found: list[Span]) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    while end - start > LONGEST_SENTENCE:
        cut = _cut(text, start, start + LONGEST_SENTENCE)
        found.append(Span(start, cut))
        start = cut
    if end > start:
        found.append(Span(start, end))


def _cut(text: str, start: int, end: int) -> int:
    """After the last semicolon, else the last blank, else anywhere."""
    marks = (text.rfind(mark, start + 1, end) for mark in (";", "\n", " "))
    return next((mark + 1 for mark in marks if mark > start), end)


def _ends(text: str, at: int, after: int, span: Span) -> bool:
    """Whether the mark at ``at`` ends a sentence, by the words before and after it."""
    following = _NEXT_WORD.match(text, after, span.end)
    if following is None:
        return True
    quote, word = following.groups()
    if not quote and (word[0].islower() or word[0] in ",;:"):
        return False
    if text[at] != "." or after - at > 1:
        return True
    before = _LAST_WORD.search(text, max(span.start, at - 16), at)
    return before is None or _may_end(before.group(), word)


def _may_end(before: str, following: str) -> bool:
    last = before.casefold()
    if last in _NEVER or (len(before) == 1 and before.isalpha() and before.isupper() and before != "I"):
        return False
    if last in _BEFORE_NUMBER:
        return not following[0].isdigit()
    if last in _SOMETIMES or (len(last) > 2 and last[1::2].strip(".") == "" and last[0::2].isalpha()):
        return following.casefold() in _STARTERS
    return True
