"""Documents as lines of text: what ``forewarn document`` prints when nobody asked for JSON.

Words of documents are quoted as they are, with their lines joined; offsets stay in the JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from forewarn.ids import short
from forewarn.model.document import Document, Speech
from forewarn.operations.document import Hit
from forewarn.operations.positions import Position, Quote

__all__ = ["document_lines", "hit_lines", "parsed_lines", "position_lines", "undertaking_lines"]

_MOST_WORDS = 12
_LONGEST = 400


def parsed_lines(file: str, document: Document) -> Iterator[str]:
    """A document that was taken apart, in short."""
    yield f"{file}: {_named(document)}"
    yield from (f"  {line}" for line in _found(document))
    yield from (f"  {_speech(one)}" for one in document.speeches)
    yield from (f"  note: {note}" for note in document.notes)


def document_lines(document: Document) -> Iterator[str]:
    """A document that is kept: all of the above, and where it is from."""
    yield _named(document)
    yield f"  id: {document.document_id}"
    yield from (f"  {line}" for line in _found(document))
    yield from (f"  file: SHA-256 {one.removeprefix('snp_')}" for one in document.snapshot_ids)
    yield from (f"  note: {note}" for note in document.notes)
    for one in document.speeches:
        yield f"  {_speech(one)}"
    kinds = Counter(one.kind for one in document.undertakings)
    if kinds:
        yield f"  undertakings: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}"
    themes = Counter(one.code for one in document.themes)
    if themes:
        yield f"  themes: {', '.join(f'{code} {count}' for code, count in themes.most_common(_MOST_WORDS))}"
    cited = Counter(one.target for one in _references(document) if one.target)
    if cited:
        yield f"  refers to: {'; '.join(target for target, _ in cited.most_common(_MOST_WORDS))}"
    yield "  --json shows all of it, with offsets."


def hit_lines(hit: Hit) -> Iterator[str]:
    """One passage that was found."""
    speaker = f", {hit.speaker}" if hit.speaker else ""
    yield f"{hit.symbol or short(hit.document_id)}, {_day(hit.dated_on)}, {hit.paragraph_id}{speaker}:"
    yield f"  …{_joined(hit.snippet)}…"


def position_lines(one: Position) -> Iterator[str]:
    """One statement of a State on a theme, and what changed."""
    yield f"{_day(one.dated_on)}, {one.symbol or one.title or short(one.document_id)}:"
    for quote in one.quotes:
        yield f"  {quote.paragraph_id}{_kinds(quote)}: “{_joined(quote.text)}”"
    if one.compared_with:
        for name, added, dropped in (
            ("undertakes", one.kinds_added, one.kinds_dropped),
            ("words", one.words_added, one.words_dropped),
        ):
            yield f"  {name}: new {_some(added)}; gone {_some(dropped)}"


def undertaking_lines(one: dict[str, Any]) -> Iterator[str]:
    """One undertaking and its sentence."""
    denied = "not " if one["negated"] else ""
    reported = " (reported of another)" if one["reported"] else ""
    who = one["actor"] or one["speaker"] or "somebody"
    whom = f" → {_joined(one['addressee'])}" if one["addressee"] else ""
    yield f"{who}: {denied}{one['kind']}{whom}: {_joined(one['what'])}{reported}"
    extras = [f"{name} {one[name]}" for name in ("due", "instrument") if one[name]]
    if extras:
        yield f"  {'; '.join(_joined(extra) for extra in extras)}"
    where = f"{one['symbol'] or short(one['document_id'])}, {one['dated_on'] or 'no date'}, {one['paragraph_id']}"
    yield f"  {where}, {short(one['undertaking_id'])}, confidence {one['confidence']:.2f}"
    yield f"  “{_joined(one['quote'])}”"


def _named(document: Document) -> str:
    names = [*document.symbols, *([document.title] if document.title else [])] or [short(document.document_id)]
    day = document.dated_on or (document.meeting.held_on if document.meeting else None)
    return f"{_joined(', '.join(names))} ({document.cls}, {_day(day)})"


def _found(document: Document) -> Iterator[str]:
    paragraphs = len(document.paragraphs) + sum(len(one.paragraphs) for one in document.speeches)
    yield (
        f"{len(document.speeches):,} speeches, {paragraphs:,} paragraphs, {sum(1 for _ in _references(document)):,} "
        f"references, {len(document.votes):,} votes, {len(document.undertakings):,} undertakings, "
        f"{len(document.themes):,} theme marks"
    )
    if document.flags:
        yield f"flags: {', '.join(document.flags)}"


def _references(document: Document) -> Iterator[Any]:
    for speech in document.speeches:
        for paragraph in speech.paragraphs:
            yield from paragraph.references
    for paragraph in document.paragraphs:
        yield from paragraph.references


def _speech(one: Speech) -> str:
    speaker = one.speaker
    said = _joined(speaker.as_printed)
    code = f" {speaker.iso3}" if speaker.iso3 else ""
    behalf = f", on behalf of {', '.join(speaker.on_behalf_of)}" if speaker.on_behalf_of else ""
    tongue = f", {one.language_spoken}" if one.language_spoken else ""
    return f"{one.speech_id}{code}: {said}{behalf}{tongue}, {len(one.paragraphs)} paragraphs"


def _kinds(quote: Quote) -> str:
    return f" [{', '.join(quote.kinds)}]" if quote.kinds else ""


def _some(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - _MOST_WORDS} more" if len(words) > _MOST_WORDS else ""
    return f"{', '.join(words[:_MOST_WORDS])}{more}" if words else "nothing"


def _day(day: object) -> str:
    return str(day) if day else "no date"


def _joined(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]}…"
