"""From a text to its structure: what sort of document it is, and who said what in it.

Owns the choice of class and the assembly of the noun, without undertakings and themes. A text that is no record keeps
all its words as paragraphs; a language without a pack is left unparsed and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from forewarn.collect.documents.body import paragraphs_in, read_body
from forewarn.collect.documents.characters import matching_form
from forewarn.collect.documents.meeting import FrontPage, front_page, job_number_in, with_times
from forewarn.collect.documents.moments import day_in
from forewarn.collect.documents.packs import Pack, guess_language, pack_for
from forewarn.collect.documents.prepared import is_prepared, read_prepared
from forewarn.collect.documents.reading.source import SourceText
from forewarn.collect.documents.symbols import Symbol, find_symbols
from forewarn.collect.documents.turns import Turn, turns_in
from forewarn.ids import content_id
from forewarn.model.document import Document, Meeting

__all__ = ["UNPARSED_LANGUAGE", "document_id_of", "parse_record"]

UNPARSED_LANGUAGE = "unparsed_language"
"""The text is in a language without a pack: it was kept as paragraphs, nothing else was read out of it."""

_HEAD = 3000
_SYMBOL_REACH = 700
_EXCERPT_REACH = 1500
_COVERS = (
    ("communique", re.compile(r"^[ \t*#]*(?:Official\s+)?[Cc]ommuniqué\b", re.MULTILINE)),
    ("letter", re.compile(r"^[ \t*#]*(?:(?:Identical\s+)?[Ll]etters?|Notes?\s+verbales?)\s+dated\b", re.MULTILINE)),
    ("resolution", re.compile(r"^[ \t*#]*(?:Resolution\s+\d{1,4}\s*\(\d{4}\)|Resolution\s+adopted\s+by\b)", re.M)),
    ("report", re.compile(r"^[ \t*#]*(?:\w+\s+){0,3}?[Rr]eport\s+of\s+the\b", re.MULTILINE)),
)  # fmt: skip


def parse_record(source: SourceText) -> Document:
    """The document a text is: class, meeting, speeches, stage directions, votes and paragraphs, with references.

    Undertakings and themes are left empty. Never raises over what a text says: what cannot be settled is flagged.
    """
    language = guess_language(source.text)
    pack = pack_for(language)
    if pack is None:
        return _unparsed(source, language)
    turns = turns_in(source, pack)
    first = next((turn for turn in turns if turn.kind in ("speaker", "stage")), None)
    page = front_page(source, first.span.start if first else len(source.text), pack)
    if page is not None and page.meeting.closed and not _speaks(turns):
        return _communique(source, page, turns, pack, language)
    if page is not None or _is_excerpt(source, turns):
        return _record(source, page, turns, pack, language)
    if pack.language == "en" and is_prepared(source):
        return _prepared(source, language)
    return _other(source, language, _cover(source.text))


def document_id_of(symbols: Sequence[str], text: str) -> str:
    """The id of a document: by its first symbol, or by its text when it bears none."""
    return content_id("doc", symbols[0]) if symbols else content_id("doc", text)


def _record(source: SourceText, page: FrontPage | None, turns: list[Turn], pack: Pack, language: str) -> Document:
    start = page.span.end if page else 0
    meeting = page.meeting if page else None
    body = read_body(source, [turn for turn in turns if turn.span.start >= start], start, meeting, pack)
    symbols = _normal_forms(page.symbol if page else None)
    return Document(
        document_id=document_id_of(symbols, source.text),
        text=source.text,
        cls="verbatim_record",
        symbols=symbols,
        title=page.title if page else "",
        dated_on=meeting.held_on if meeting else None,
        language=language,
        reissue=bool(page and page.symbol and page.symbol.reissue),
        job_number=page.job_number if page else "",
        meeting=with_times(meeting, body.stages) if meeting else None,
        speeches=body.speeches,
        stage_directions=body.stages,
        votes=body.votes,
        paragraphs=body.paragraphs,
        flags=source.flags,
        notes=source.notes,
    )


def _communique(source: SourceText, page: FrontPage, turns: list[Turn], pack: Pack, language: str) -> Document:
    """A private meeting: no speeches, and that is no error. All words stay as paragraphs."""
    body = read_body(source, turns, 0, page.meeting, pack)
    symbol = page.symbol or _own_symbol(source.text)
    symbols = _normal_forms(symbol)
    return Document(
        document_id=document_id_of(symbols, source.text),
        text=source.text,
        cls="communique",
        symbols=symbols,
        title=page.title,
        dated_on=page.meeting.held_on,
        language=language,
        reissue=bool(symbol and symbol.reissue),
        job_number=page.job_number,
        meeting=with_times(page.meeting, body.stages),
        stage_directions=body.stages,
        paragraphs=body.paragraphs,
        flags=source.flags,
        notes=source.notes,
    )


def _prepared(source: SourceText, language: str) -> Document:
    found = read_prepared(source)
    return Document(
        document_id=document_id_of((), source.text),
        text=source.text,
        cls="prepared_statement",
        title=found.title,
        dated_on=found.dated_on,
        language=language,
        meeting=found.meeting,
        speeches=(found.speech,) if found.speech else (),
        paragraphs=found.paragraphs,
        flags=tuple(sorted({*source.flags, *found.flags})),
        notes=source.notes,
    )


def _unparsed(source: SourceText, language: str) -> Document:
    symbol = _own_symbol(source.text)
    cls = symbol.document_class if symbol else "unknown"
    note = f"the text is in {language}, for which there is no language pack: it was not parsed"
    return _plain_document(source, language, cls, symbol, (UNPARSED_LANGUAGE,), (note,))


def _other(source: SourceText, language: str, cls: str) -> Document:
    symbol = _own_symbol(source.text)
    if symbol and symbol.document_class == "resolution":
        cls = "resolution"
    return _plain_document(source, language, cls, symbol, (), ())


def _plain_document(
    source: SourceText,
    language: str,
    cls: str,
    symbol: Symbol | None,
    flags: tuple[str, ...],
    notes: tuple[str, ...],
) -> Document:
    symbols = _normal_forms(symbol)
    return Document(
        document_id=document_id_of(symbols, source.text),
        text=source.text,
        cls=cls,
        symbols=symbols,
        dated_on=_dated(source.text),
        language=language,
        reissue=bool(symbol and symbol.reissue),
        job_number=job_number_in(source.text[:_HEAD]),
        meeting=_bare_meeting(symbol) if cls == "verbatim_record" else None,
        paragraphs=paragraphs_in(source, [source.whole], "p", organ=symbol.organ if symbol else ""),
        flags=tuple(sorted({*source.flags, *flags})),
        notes=(*source.notes, *notes),
    )


def _bare_meeting(symbol: Symbol | None) -> Meeting | None:
    return Meeting(symbol=symbol.normal, body=symbol.organ) if symbol else None


def _speaks(turns: list[Turn]) -> bool:
    return any(turn.kind == "speaker" for turn in turns)


def _is_excerpt(source: SourceText, turns: list[Turn]) -> bool:
    """Whether a text without a front page is a piece of a record: somebody takes the floor near its beginning."""
    first = next((turn for turn in turns if turn.kind == "speaker" and turn.speaker and turn.speaker.is_strong), None)
    if first is None or first.span.start > _EXCERPT_REACH:
        return False
    before = source.text[: first.span.start]
    return not before.strip() or not (_cover(before) != "unknown" or is_prepared(source))


def _cover(text: str) -> str:
    """The class a cover page tells by its heading."""
    return next((cls for cls, pattern in _COVERS if pattern.search(text[:_HEAD])), "unknown")


def _own_symbol(text: str) -> Symbol | None:
    """The symbol at the head of a document: the first, where it stands at the end of a line."""
    head = matching_form(text[:_SYMBOL_REACH]).text
    for _, end, symbol in find_symbols(head):
        behind = head[end:].split("\n", 1)[0].strip(" *")
        if not behind:
            return symbol
    return None


def _normal_forms(symbol: Symbol | None) -> tuple[str, ...]:
    return tuple(one.normal for one in symbol.each) if symbol else ()


def _dated(text: str) -> date | None:
    return day_in(text[:_HEAD])
