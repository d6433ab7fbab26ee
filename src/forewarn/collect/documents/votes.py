"""Recorded votes: who voted how as listed, what was counted, and what delegations said afterwards.

Owns the block from "In favour:" to the bracket with corrections. Lists and printed counts stay side by side; where they
disagree the vote says so, and a vote corrected afterwards keeps its place in the list. Lists run on over pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from forewarn.collect.documents.characters import matching_form
from forewarn.collect.documents.delegations import Party, party_named
from forewarn.collect.documents.packs import Pack, spaced
from forewarn.collect.documents.reading.source import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.symbols import find_symbols
from forewarn.model.document import Span, Vote

__all__ = ["COUNT_MISMATCH", "LISTED_TWICE", "UNKNOWN_DELEGATION", "counts_in", "vote_block", "with_counts"]

COUNT_MISMATCH = "count_mismatch"
"""A printed count and the length of its list disagree; both are kept."""
LISTED_TWICE = "listed_twice"
"""A delegation stands in two lists, or twice in one."""
UNKNOWN_DELEGATION = "unknown_delegation"
"""A name of a list is not in our list of States; it is kept as printed."""

CHOICES = ("favour", "against", "abstaining", "absent")

_NONE = frozenset({"none", "nil", "néant", "ninguno", "ninguna"})
_COUNTED = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen")  # fmt: skip
_WORDS = {word: number for number, word in enumerate(_COUNTED)}
_NUMBER = rf"(\d{{1,3}}|{'|'.join(_WORDS)}|no|zero)"
_ADOPTED = re.compile(
    rf"\bby {_NUMBER}(?: votes?)?(?: in favou?r)? to {_NUMBER}(?: against)?(?:,? with {_NUMBER} abst)?", re.IGNORECASE
)
_FAVOUR = re.compile(
    rf"{_NUMBER} votes? in favou?r|\bin favou?r: {_NUMBER}\b|received {_NUMBER} (?:affirmative )?votes", re.IGNORECASE
)
_AGAINST = re.compile(rf"(?:in favou?r|abstentions?)[^.]{{0,40}}?\b{_NUMBER}(?: votes?)? against", re.IGNORECASE)
_ABSTAINING = re.compile(rf"{_NUMBER} abstentions?\b|\b{_NUMBER} (?:countr\w+|members?) abstain", re.IGNORECASE)
_UNANIMOUS = re.compile(r"(\d{1,2}) votes? in favou?r\.|unanimously by (\d{1,3})", re.IGNORECASE)
_LABEL_COUNT = re.compile(r"\((\d{1,3})\)")
_RESULT = spaced(
    r"(?:The |Operative |Preambular )?(?:[Dd]raft|[Pp]aragraph|[Aa]mendment|[Mm]otion|[Pp]roposal|[Oo]ral amendment)\b"
    r"[^\n]{0,300}"
    r"(?:\n[^\n]{1,300}){0,4}?(?:was|were|having) (?:not )?(?:been )?(?:adopted|retained|rejected|received)"
)
_CORRECTION = spaced(r"\[ ?Subsequently,")
_CHANGE = re.compile(
    r"delegations? of (?P<who>.{2,1500}?) (?:had )?(?:informed|advised|notified) the Secretariat that "
    r"(?:it|they|he|she) (?:had )?"
    r"(?:intended|wished|meant) (?P<how>to vote in favou?r|to vote against|to abstain|not to participate)"
    r"|delegations? of (?P<who2>[^;\]]{2,600}?)(?:,? that (?:it|they))? had (?:intended|wished|meant) "
    r"(?P<how2>to vote in favou?r|to vote against|to abstain|not to participate)",
    re.IGNORECASE,
)
_ITEM = spaced(
    r"(?:[Dd]raft (?:resolution|decision|amendment)|[Oo]perative paragraph|[Pp]aragraph|[Aa]mendment)\b[^.;]{0,160}"
)
_LIST_SPLIT = re.compile(r"[,;]\s*")
_LAST_SPLIT = re.compile(r"\s*\b(?:and|et|y)\s+")
_MOST_PARAGRAPHS = 80


@dataclass
class _Tally:
    """A block as it is being read."""

    lists: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    item: str = ""
    end: int = 0


def vote_block(source: SourceText, span: Span, pack: Pack, *, on: date | None = None, before: str = "") -> Vote | None:
    """The recorded vote whose first label stands at the beginning of a span; none when none stands there.

    Args:
        source: the text.
        span: from the first label to the next speaker line, stage line or the end.
        pack: the language of the record.
        on: the day of the meeting.
        before: the words just before, to tell what was voted on when the block does not.
    """
    if _label(source.text[span.start : span.end], 0, pack) is None:
        return None
    tally = _Tally(end=span.start)
    choice = ""
    for piece in _pieces(source, span, pack):
        words = reading_form(source, piece)[0]
        label = _label(words, 0, pack)
        if label is not None:
            choice, behind = label
            _count_label(tally, choice, words[:behind])
            words = words[behind:].strip()
        if not choice or not _take(tally, choice, words, pack, on):
            break
        if _closes(words):
            choice = choice if _CORRECTION.match(words) is None else "done"
        tally.end = piece.end
    return _vote(tally, span.start, before)


def counts_in(words: str) -> dict[str, int]:
    """The counts a sentence tells: "by 112 votes to 17, with 6 abstentions", "14 votes in favour, none against"."""
    adopted = _ADOPTED.search(words)
    if adopted is not None:
        told = {"favour": adopted[1], "against": adopted[2], "abstaining": adopted[3]}
        return {choice: _number(text) for choice, text in told.items() if text}
    found: dict[str, int] = {}
    for choice, pattern in (("favour", _FAVOUR), ("against", _AGAINST), ("abstaining", _ABSTAINING)):
        match = pattern.search(words)
        text = next((group for group in match.groups() if group), "") if match else ""
        if text:
            found[choice] = _number(text)
    return found if "favour" in found else {}


def with_counts(vote: Vote, words: str) -> Vote:
    """The vote with the counts the presidency tells behind it, where the block itself printed none."""
    counts = {} if vote.printed_counts else counts_in(words)
    if not counts:
        return vote
    flags = (
        {*vote.flags, COUNT_MISMATCH} if any(counts[one] != len(getattr(vote, one)) for one in counts) else vote.flags
    )
    printed = tuple((choice, counts[choice]) for choice in CHOICES if choice in counts)
    return replace(vote, printed_counts=printed, flags=tuple(sorted(flags)))


def _pieces(source: SourceText, span: Span, pack: Pack) -> Iterator[Span]:
    """Paragraphs of the block, cut again where a label begins inside one."""
    for paragraph in paragraph_spans(source, span)[:_MOST_PARAGRAPHS]:
        cuts = sorted({paragraph.start, paragraph.end, *_inner(source.text, paragraph, pack)})
        for start, end in pairwise(cuts):
            words = source.text[start:end]
            yield Span(start, start + len(words.rstrip()))


def _inner(text: str, span: Span, pack: Pack) -> Iterator[int]:
    """Where labels, results and corrections begin inside a paragraph."""
    for pattern in (*pack.vote_labels.values(), _RESULT, _CORRECTION):
        for match in pattern.finditer(text, span.start, span.end):
            before = text[max(match.start() - 1, 0)]
            if match.start() > span.start and (before.isspace() or before in ".;*_"):
                yield match.start()


def _label(text: str, at: int, pack: Pack) -> tuple[str, int] | None:
    for choice, pattern in pack.vote_labels.items():
        match = pattern.match(text, at)
        if match is not None:
            return choice, match.end()
    return None


def _count_label(tally: _Tally, choice: str, label: str) -> None:
    match = _LABEL_COUNT.search(label)
    if match is not None:
        tally.counts[choice] = int(match[1])
    tally.lists.setdefault(choice, [])


def _take(tally: _Tally, choice: str, words: str, pack: Pack, on: date | None) -> bool:
    """Take in one piece; false when it is not of the block."""
    if not words:
        return True
    if _CORRECTION.match(words):
        tally.corrections += _corrections(words, pack, on)
        return True
    if _RESULT.match(words) or _ADOPTED.search(words):
        tally.item = tally.item or _item(words)
        tally.counts |= counts_in(words)
        return True
    if choice == "done":
        return False
    return _take_list(tally, choice, words, pack, on)


def _take_list(tally: _Tally, choice: str, words: str, pack: Pack, on: date | None) -> bool:
    parties = list(_parties(words, pack, on))
    known = sum(bool(party.iso3) for party in parties)
    if known * 2 < len(parties):
        return False
    if known < len(parties):
        tally.flags.add(UNKNOWN_DELEGATION)
    tally.lists.setdefault(choice, []).extend(party.name for party in parties)
    return True


def _parties(words: str, pack: Pack, on: date | None) -> Iterator[Party]:
    """The delegations of a list; an "and" parts two of them only where it is not inside a name."""
    for printed in _LIST_SPLIT.split(words):
        name = re.sub(r"^(?:and|the|et|y)\s+", "", printed.strip(" .*_"))
        if not name or name.lower() in _NONE:
            continue
        whole = party_named(name, on=on, language=pack.language)
        halves = [] if whole.is_known else [part for part in _LAST_SPLIT.split(name) if part]
        parts = [party_named(part, on=on, language=pack.language) for part in halves]
        yield from parts if len(parts) > 1 and all(part.is_known for part in parts) else (whole,)


def _closes(words: str) -> bool:
    return bool(_CORRECTION.match(words))


def _corrections(words: str, pack: Pack, on: date | None) -> Iterator[tuple[str, str]]:
    for match in _CHANGE.finditer(words):
        who, how = match["who"] or match["who2"], match["how"] or match["how2"]
        choice = "favour" if "favo" in how else "against" if "against" in how else "abstaining"
        choice = "absent" if how.lower().startswith("not") else choice
        for party in _parties(who, pack, on):
            yield party.name, choice


def _item(words: str) -> str:
    """What was voted on: the symbol of the draft, or the words up to the verb."""
    head = re.split(r"\s(?:was|were|having|has been|received)\s", words, maxsplit=1)[0]
    symbol = next((symbol.normal for _, _, symbol in find_symbols(matching_form(head).text)), "")
    return symbol if symbol and head.lower().startswith("draft") else head[:200].strip(" ,")


def _item_before(before: str) -> str:
    symbols = [symbol.normal for _, _, symbol in find_symbols(matching_form(before[-1500:]).text)]
    return symbols[-1] if symbols else ""


def _vote(tally: _Tally, start: int, before: str) -> Vote:
    lists = {choice: tuple(tally.lists.get(choice, ())) for choice in CHOICES}
    listed = [name for names in lists.values() for name in names]
    if len(set(listed)) < len(listed):
        tally.flags.add(LISTED_TWICE)
    if any(tally.counts[choice] != len(lists[choice]) for choice in CHOICES if choice in tally.counts):
        tally.flags.add(COUNT_MISMATCH)
    return Vote(
        item=tally.item or _item_before(before),
        span=Span(start, max(tally.end, start)),
        favour=lists["favour"],
        against=lists["against"],
        abstaining=lists["abstaining"],
        absent=lists["absent"],
        printed_counts=tuple((choice, tally.counts[choice]) for choice in CHOICES if choice in tally.counts),
        corrections=tuple(tally.corrections),
        flags=tuple(sorted(tally.flags)),
    )


def _number(text: str) -> int:
    low = text.lower()
    return int(low) if low.isdigit() else _WORDS.get(low, 0)
