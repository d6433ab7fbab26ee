"""References: every mention of another text in a text, with what it points to and what is doubtful about it.

Owns the joining of symbols, resolutions, names and pin-points into references in order of place, the expansion of
"and Add.1", the marking of what reporters put in, and the comparing of a symbol with the words beside it. Relative
mentions ("his previous report") are not references. A reference's text is always the words of its span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from forewarn.collect.documents.characters import Matching, matching_form
from forewarn.collect.documents.instruments import Instrument, find_instruments, instruments
from forewarn.collect.documents.mentions import Mention, not_overlapping
from forewarn.collect.documents.pinpoints import Pinpoint, find_pinpoints
from forewarn.collect.documents.resolutions import find_bare_numbers, find_meetings, find_resolutions
from forewarn.collect.documents.series import organ_prefix
from forewarn.collect.documents.symbols import Symbol, changed, find_symbols, parse_symbol
from forewarn.model.document import Reference

__all__ = ["find_references"]

_CHANGE = r"(?:Add|Corr|Rev|Amend)\.\d{1,3}"
_TAIL = re.compile(
    rf"(?:\s?,\s?(?:and\s)?|\s(?:and|&)\s)(?P<change>/?{_CHANGE}(?:\s?[-–]\s?\d{{1,3}}(?!\d))?(?:/{_CHANGE}){{0,3}}\*?)(?!\w)"
)
_NUMBERS = re.compile(
    r"(?:\s?,\s?(?:and\s)?|\s(?:and|&)\s)(?P<number>\d{1,2})"
    r"(?=\s?[),.;:\]]|\s*$|\s(?:and|on|of|for|to|in|is|are|was|were|which)\b)"
)
_RANGE = re.compile(r"(?P<stem>.*?(?:Add|Corr|Rev|Amend)\.)(?P<first>\d{1,3})\s?[-–]\s?(?P<last>\d{1,3})")
_RECORDS = re.compile(r"\s?[-–]\s?(?P<last>\d{1,6})(?![\w/.])")
_MOST_IN_RANGE = 50
_IBID = re.compile(r"(?<!\w)ibid(?:em)?(?!\w)\.?", re.IGNORECASE)
_THEREOF = re.compile(r"\sthereof\b")
_SEE = re.compile(r"\(\s?(?:see|See)\s")
_LONGEST_ASIDE = 400
_DATED = re.compile(
    r"(?<!\w)(?:[Jj]oint\s)?[Dd]eclaration\sof\s(?:\d{1,2}\s)?(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\s(?:19|20)\d\d(?!\d)"
)
_NOUN = re.compile(
    r"\b(?P<draft>draft\s)?(?P<noun>resolution|verbatim\srecord|presidential\sstatement|report|letter|note\sverbale)\b",
    re.IGNORECASE,
)
_LEADS_TO_SYMBOL = re.compile(
    r"(?:\s(?:of|by|from|on)\s[^.;()]{1,100})?\s?\((?:see\s)?(?:document\s)?|\s(?:document\s)?"
)
_RECORD = {"verbatim_record", "summary_record"}
_FITTING = {
    "resolution": {"resolution"},
    "draft": {"draft", "unknown"},
    "verbatim record": _RECORD,
    "presidential statement": {"presidential_statement"},
    "report": {"unknown", "working_paper", "publication", "conference"},
    "letter": {"unknown"},
    "note verbale": {"unknown"},
}


def find_references(text: str, *, start: int = 0, context: str = "", previous: str = "") -> tuple[Reference, ...]:
    """All references in a text, in order of place.

    Args:
        text: verbatim, line ends and all; of any length.
        start: offset of the text in its document, added to every span.
        context: the organ that speaks, by name or symbol prefix, for numbers that leave it out; empty when unknown.
        previous: target of the last reference before this text, for "ibid." and "thereof".

    Returns:
        References whose span's words are their text. Targets are normal forms, joint symbols joined by ``-``, and empty
        where the text does not settle them. "S/25704 and Add.1 and 2" gives three; a range "Add.1-3" gives one each at
        the same place. Flags: ``ambiguous_organ``, ``bare_number``, ``before_numbering``, ``description_mismatch``,
        ``ibid``, ``joint``, ``reissue``, ``session_missing``, ``symbol_believed``, ``unresolved``, ``year_missing``.
    """
    folded = matching_form(text)
    plain, organ = folded.text, organ_prefix(context)
    mentions = not_overlapping(
        (
            _symbols(plain),
            find_resolutions(plain, organ),
            _named(plain),
            find_bare_numbers(plain, organ),
            find_meetings(plain, organ),
            _ibid(plain),
        ),
        len(plain),
    )
    pinned = _pinned(plain, _described(plain, mentions))
    settled = _pointing_back(pinned, previous)
    return tuple(_references(text, folded, settled, start))


def _symbols(text: str) -> Iterator[Mention]:
    for begin, end, symbol in find_symbols(text):
        cls = symbol.cls
        for mention in (*_expanded(text, begin, end, symbol), *_tail(text, end, symbol)):
            yield replace(mention, cls=cls)


def _expanded(text: str, begin: int, end: int, symbol: Symbol) -> Iterator[Mention]:
    """The symbol, or each of the range it stands for."""
    records = _RECORDS.match(text, end) if symbol.cls in _RECORD and not symbol.changes else None
    if records:
        stem, _, first = symbol.parts[-1].partition(".")
        numbers = _numbers(first, records["last"])
        for number in numbers:
            one = replace(symbol, parts=(*symbol.parts[:-1], f"{stem}.{number}"))
            yield _of_symbol(begin, records.end() if len(numbers) > 1 else end, one)
        return
    changes = list(_changes(symbol.changes[-1])) if symbol.changes else []
    for change in changes[:1] if len(changes) < 2 else changes:
        yield _of_symbol(begin, end, replace(symbol, changes=(*symbol.changes[:-1], change)))
    if not changes:
        yield _of_symbol(begin, end, symbol)


def _numbers(first: str, last: str) -> range:
    """From first to last, or the first alone where that is no range."""
    low, high = int(first), int(last)
    return range(low, high + 1) if low < high <= low + _MOST_IN_RANGE else range(low, low + 1)


def _changes(printed: str) -> Iterator[str]:
    """``Add.1-3`` one by one; anything else as it is."""
    match = _RANGE.fullmatch(printed)
    if match is None:
        yield printed
        return
    for number in _numbers(match["first"], match["last"]):
        yield f"{match['stem']}{number}"


def _tail(text: str, end: int, symbol: Symbol) -> Iterator[Mention]:
    """The further changes that "and Add.1 and 2" names."""
    last = symbol.changes[-1] if symbol.changes else ""
    for _ in range(_MOST_IN_RANGE):
        match = _TAIL.match(text, end) or (_NUMBERS.match(text, end) if last else None)
        if match is None:
            return
        group = "change" if "change" in match.groupdict() else "number"
        printed = match[group].lstrip("/").rstrip("*")
        printed = printed if group == "change" else f"{last.partition('.')[0]}.{printed}"
        head, *further = printed.split("/")
        for change in _changes(head):
            one = changed(symbol, change)
            yield _of_symbol(match.start(group), match.end(), replace(one, changes=(*one.changes, *further)))
        last, end = head, match.end()


def _of_symbol(begin: int, end: int, symbol: Symbol) -> Mention:
    flags = [*symbol.doubts, *(["reissue"] if symbol.reissue else []), *(["joint"] if symbol.also else [])]
    kind = {"verbatim_record": "meeting", "resolution": "resolution"}.get(symbol.cls, "symbol")
    names = tuple(each.key for each in symbol.each)
    return Mention(begin, end, kind, symbol.normal, tuple(flags), names=names)


def _named(text: str) -> Iterator[Mention]:
    for begin, end, one in find_instruments(text):
        names = tuple(each.key for symbol in one.symbols for each in parse_symbol(symbol).each)
        yield Mention(begin, end, _kind(one), one.target, ("symbol_believed",) if one.believed else (), names=names)
    for match in _DATED.finditer(text):
        name = " ".join(match.group().split())
        yield Mention(match.start(), match.end(), "instrument", name[0].upper() + name[1:])


def _kind(one: Instrument) -> str:
    if one.kind != "document":
        return one.kind
    return "resolution" if one.symbols and parse_symbol(one.symbols[0]).cls == "resolution" else "symbol"


def _ibid(text: str) -> Iterator[Mention]:
    for match in _IBID.finditer(text):
        yield Mention(match.start(), match.end(), "unknown", "", ("ibid",))


def _described(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, with a symbol and the words beside it flagged where they cannot be of one document."""
    found = list(mentions)
    for place, mention in enumerate(mentions):
        if not mention.cls:
            continue
        before = mentions[place - 1] if place else None
        if before is not None and _beside(text, before, mention) and not set(before.names) & set(mention.names):
            found[place - 1] = _flagged(found[place - 1], "description_mismatch")
            found[place] = _flagged(found[place], "description_mismatch")
        elif not _noun_fits(text, before.end if before else 0, mention):
            found[place] = _flagged(found[place], "description_mismatch")
    return found


def _beside(text: str, name: Mention, symbol: Mention) -> bool:
    """Whether a title known by its symbol stands right before another symbol, nothing but a bracket between."""
    between = text[name.end : symbol.start]
    return (
        name.target in _known_documents() and not name.cls and bool(re.fullmatch(r'[\s"]{0,3}\(\s?(?:see\s)?', between))
    )


@cache
def _known_documents() -> frozenset[str]:
    return frozenset(one.target for one in instruments() if one.kind == "document")


def _noun_fits(text: str, after: int, mention: Mention) -> bool:
    """Whether the one word for a class of documents that leads up to a symbol fits the class the symbol tells."""
    begin = max(after, mention.start - 140)
    nouns = list(_NOUN.finditer(text, begin, mention.start))
    if len(nouns) != 1 or not _LEADS_TO_SYMBOL.fullmatch(text, nouns[0].end(), mention.start):
        return True
    noun = "draft" if nouns[0]["draft"] else " ".join(nouns[0]["noun"].casefold().split())
    return mention.cls in _FITTING[noun]


def _flagged(mention: Mention, *flags: str) -> Mention:
    return replace(mention, flags=(*mention.flags, *flags))


def _pinned(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions with their pin-points; pin-points of no mention become mentions of their own."""
    found = list(mentions)
    by_end, by_start = _places(mentions, lambda one: one.end), _places(mentions, lambda one: one.start)
    taken = _mask(((one.start, one.end) for one in mentions), len(text))
    for pin in find_pinpoints(text):
        behind = [
            at for gap in range(5) for at in by_end.get(pin.start - gap, ()) if pin.is_behind(text, mentions[at].end)
        ]
        before = [
            at
            for gap in range(1, 41)
            for at in by_start.get(pin.end + gap, ())
            if pin.is_before(text, mentions[at].start)
        ]
        for at in behind or before:
            found[at] = replace(found[at], pinpoint=found[at].pinpoint or pin.text)
        if not (behind or before or any(taken[pin.start : pin.end])):
            found += _standing_alone(text, pin)
    return sorted(found, key=lambda one: (one.start, one.end))


def _places(mentions: Sequence[Mention], end_or_start: Callable[[Mention], int]) -> dict[int, list[int]]:
    """Which mentions end, or start, at each place."""
    found: dict[int, list[int]] = {}
    for at, mention in enumerate(mentions):
        found.setdefault(end_or_start(mention), []).append(at)
    return found


def _mask(stretches: Iterable[tuple[int, int]], length: int) -> bytearray:
    """A byte for each character: whether it lies in one of the stretches."""
    mask = bytearray(length)
    for begin, end in stretches:
        mask[begin:end] = b"\x01" * (end - begin)
    return mask


def _standing_alone(text: str, pin: Pinpoint) -> Iterator[Mention]:
    """A paragraph that is pointed to without its text, or any part "thereof"."""
    if _THEREOF.match(text, pin.end):
        yield Mention(pin.start, pin.end, "paragraph", "", ("thereof",), pin.text)
    elif pin.unit.startswith("para"):
        yield Mention(pin.start, pin.end, "paragraph", "", ("unresolved",), pin.text)


def _pointing_back(mentions: Iterable[Mention], previous: str) -> Iterator[Mention]:
    """ "Ibid." and "thereof" pointing to the text that was mentioned last."""
    last, kind = previous, "symbol"
    for mention in mentions:
        here = mention
        if {"ibid", "thereof"} & set(mention.flags):
            kept = tuple(flag for flag in mention.flags if flag != "thereof")
            kind_here = kind if last and mention.kind != "paragraph" else mention.kind
            here = replace(mention, kind=kind_here, target=last, flags=kept if last else (*kept, "unresolved"))
        if here.kind != "paragraph":
            last, kind = here.target, here.kind
        yield here


def _references(text: str, folded: Matching, mentions: Iterable[Mention], start: int) -> Iterator[Reference]:
    aside = _mask(_asides(folded.text), len(folded.text))
    for one in mentions:
        span = folded.span(one.start, one.end)
        yield Reference(
            one.kind,
            text[span.start : span.end],
            one.target,
            folded.span(one.start, one.end, shift=start),
            editorial=bool(aside[one.start]),
            pinpoint=one.pinpoint,
            flags=tuple(sorted(set(one.flags))),
        )


def _asides(text: str) -> list[tuple[int, int]]:
    """Where reporters put "(see ...)" in, up to the bracket that closes it."""
    return [(match.start(), _closing(text, match.start())) for match in _SEE.finditer(text)]


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, min(len(text), opening + _LONGEST_ASIDE)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place + 1
    return opening
