"""Symbols of United Nations documents: what they are made of, their one normal form, and where a text prints them.

Owns the grammar (series, parts, session or year, brackets, changes, reissue star, joint symbols). A symbol bears no
subject: whether ``S/2018/462`` is a report, a letter or a draft is on its cover page, so its class stays unknown.
Two printings of one symbol have one normal form; reissues of one document have one key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forewarn.collect.documents.characters import matching_form
from forewarn.collect.documents.series import Series, symbol_lists
from forewarn.errors import InputValueError, shorten

__all__ = ["SYMBOL_CLASSES", "Symbol", "changed", "find_symbols", "parse_symbol", "same_document"]

SYMBOL_CLASSES = (
    "verbatim_record",
    "summary_record",
    "resolution",
    "decision",
    "presidential_statement",
    "draft",
    "working_paper",
    "publication",
    "conference",
    "unknown",
)
"""What a symbol alone tells of its document's class."""

_LONGEST = 200
_LISTS = symbol_lists()


def _either_case(words: tuple[str, ...]) -> str:
    return "|".join(sorted({*words, *(word.upper() for word in words)}, key=len, reverse=True))


_SLASH = r"/(?: ?\n ?)?"
_SERIES = "|".join(sorted(_LISTS.series, key=len, reverse=True))
_DOTTED = _either_case((*_LISTS.dotted_bodies, *_LISTS.dotted_natures))
_CHANGE = rf"(?:(?:{_either_case((*_LISTS.changes, 'Resu'))})\.\d{{1,3}}(?:-\d{{1,3}}(?!\d))?|Summary|SUMMARY)"
_PART = (
    rf"(?:(?:{_DOTTED})\.\d{{1,6}}[A-Z]?(?![A-Za-z\d])|(?:ES|S)-\d{{1,2}}(?!\d)|[A-Z]{{1,8}}(?![A-Za-z.\d])"
    r"|\d{1,6}[A-Z]?(?![A-Za-z\d]))"
)
_LETTER = r"[A-Z](?:-[A-Z])?"
_ROMAN = r"(?:ES-|S-)?[IVXLC]{1,8}"
_PAREN = (
    rf"(?:(?:(?:19|20)\d\d|{_ROMAN})(?: {_LETTER})?|Resumption \d{{1,2}}|Part (?:\d{{1,2}}|[IVX]{{1,5}})"
    r"|Vol\. (?:\d{1,2}|[IVX]{1,5})|SUPP)"
)
_LETTER_ENDS = r"(?=\s?\(|\s*[,.;:)\]*]|\s*$|\s(?:of|and|on|to|in|is|was|were|has|by|which|adopted|paras?|entitled)\b)"
_ONE = (
    rf"(?:{_SERIES})(?:{_SLASH}{_PART}){{1,8}}(?:\s{_LETTER}{_LETTER_ENDS})?(?:\s?\({_PAREN}\))?"
    rf"(?:{_SLASH}{_CHANGE}){{0,4}}\*{{0,3}}"
)
_SYMBOL = re.compile(rf"(?<![\w./\\-]){_ONE}(?:[-–—]\n?{_ONE}){{0,3}}(?![\w/])")
_SINGLE = re.compile(
    rf"(?P<body>(?:{_SERIES})(?:/{_PART}){{1,8}})(?: ?(?P<letter>{_LETTER}))?(?: ?\((?P<paren>{_PAREN})\))?"
    rf"(?P<changes>(?:/{_CHANGE}){{0,4}})(?P<star>\*{{0,3}})"
)
_JOINED = re.compile(rf"[-–—](?=(?:{_SERIES})/)")
_RESUMED = re.compile(r"/Resu\.(\d{1,2})$", re.IGNORECASE)
_DOTTED_WORDS = {
    word.casefold(): word for word in (*_LISTS.dotted_bodies, *_LISTS.dotted_natures, *_LISTS.changes, "Resu", "Vol")
}
_PLAIN_WORDS = {"part": "Part", "resumption": "Resumption", "summary": "Summary"}
_WORD = re.compile(r"([A-Za-z]+)(\.?)")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol taken apart.

    Attributes:
        parts: series first, then what stands between the slashes: ``("S", "RES", "2286")``.
        letter: letter of a resolution with parts, ``A`` or ``A-C``; else empty.
        paren: what stands in brackets: a year, a Roman session, ``Resumption 1``, ``Part II``; else empty.
        changes: ``Add.1``, ``Corr.2``, ``Rev.1``, ``Summary``, in order.
        reissue: printed with a star: issued again for technical reasons, the same document.
        also: the other symbols of a document issued jointly under several.
    """

    parts: tuple[str, ...]
    letter: str = ""
    paren: str = ""
    changes: tuple[str, ...] = ()
    reissue: bool = False
    also: tuple[Symbol, ...] = ()

    @property
    def normal(self) -> str:
        """The one printed form: ASCII, one space before a bracket or letter, no star; joint symbols with ``-``."""
        text = "/".join(self.parts) + (f" {self.letter}" if self.letter else "")
        text = "/".join((text + (f" ({self.paren})" if self.paren else ""), *self.changes))
        return "-".join((text, *(other.normal for other in self.also)))

    @property
    def key(self) -> str:
        """What the document is filed under: the normal form of the first symbol, a letter outside its bracket."""
        paren, _, inside = self.paren.partition(" ")
        if re.fullmatch(rf"\d{{4}}|{_ROMAN}", paren) and re.fullmatch(_LETTER, inside):
            return replace(self, letter=inside, paren=paren, also=()).normal
        return replace(self, also=()).normal

    @property
    def each(self) -> tuple[Symbol, ...]:
        """Every symbol of the document singly, this one first."""
        return (replace(self, also=()), *self.also)

    @property
    def series(self) -> Series:
        """The series it belongs to."""
        return _LISTS.series[self.parts[0]]

    @property
    def organ(self) -> str:
        """Name of the organ or body, the nearest that the list knows."""
        for length in range(len(self.parts), 1, -1):
            if name := _LISTS.bodies.get("/".join(self.parts[:length])):
                return name
        return self.series.name

    @property
    def cls(self) -> str:
        """One of :data:`SYMBOL_CLASSES`: only what the symbol itself tells."""
        words = [match[1] for part in self.parts[1:] if (match := _WORD.match(part))]
        return next((_LISTS.natures[word] for word in reversed(words) if word in _LISTS.natures), "unknown")

    @property
    def document_class(self) -> str:
        """The class as documents name it; ``unknown`` until the cover page has been read."""
        return self.cls if self.cls in ("verbatim_record", "resolution") else "unknown"

    @property
    def session(self) -> str:
        """Session as printed: ``63``, ``ES-10``, ``S-17`` or Roman ``XXV``; empty when it bears none."""
        special = next((part for part in self.parts[1:] if part.startswith(("S-", "ES-"))), "")
        if special or (self.paren and re.fullmatch(_ROMAN, self.paren.split(" ")[0])):
            return special or self.paren.split(" ")[0]
        numbers = [part for part in self.parts[1:-1] if part.isdigit() and not _is_year(part)]
        return numbers[0] if numbers and self.parts[0] in ("A", "CAT", "CEDAW", "CRC", "CCPR") else ""

    @property
    def year(self) -> int | None:
        """Year it bears; missing when it bears none."""
        if _is_year(self.paren[:4]) and self.paren[:4].isdigit():
            return int(self.paren[:4])
        return next((int(part) for part in self.parts[1:-1] if _is_year(part)), None)

    @property
    def doubts(self) -> tuple[str, ...]:
        """``before_numbering`` where session or year is earlier than the series has borne one; else nothing."""
        given = self.year if self.series.numbered == "year" else int(self.session) if self.session.isdigit() else None
        plain = len(self.parts) > 2 and self.parts[1].isdigit() and not self.paren
        return ("before_numbering",) if plain and given is not None and given < self.series.first else ()


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit() and "1946" <= text <= "2099"


def parse_symbol(text: str) -> Symbol:
    """The symbol a text is, joint symbols together, case of its letters put right.

    Raises:
        InputValueError: the text is no symbol of a document.
    """
    plain = " ".join(unicodedata.normalize("NFC", matching_form(text[:_LONGEST]).text).split()).rstrip(" .,;:")
    pieces = [_single(_cased(piece)) for piece in _JOINED.split(_cased(plain.replace("/ ", "/")))]
    found = [piece for piece in pieces if piece is not None]
    if len(found) != len(pieces) or not found:
        raise InputValueError(f"'{shorten(text)}' is no document symbol", where="symbol", mend="write it as S/PV.8091")
    return replace(found[0], also=tuple(found[1:]))


def _cased(text: str) -> str:
    """Words the grammar knows in their own case, others in capitals."""
    return _WORD.sub(_in_its_case, text)


def _in_its_case(match: re.Match[str]) -> str:
    word, dot = match.groups()
    known = _DOTTED_WORDS if dot else _PLAIN_WORDS
    return known.get(word.casefold(), word.upper()) + dot


def _single(text: str) -> Symbol | None:
    text = _RESUMED.sub(r" (Resumption \1)", text.replace(" /", "/"))
    match = _SINGLE.fullmatch(text)
    if match is None or not text.isascii():
        return None
    parts = tuple(match["body"].split("/"))
    letter, paren = match["letter"] or "", match["paren"] or ""
    parts, glued = _without_letter(parts)
    made = Symbol(parts, letter or glued, paren, tuple(match["changes"].split("/")[1:]), bool(match["star"]))
    return made if _ends_in_document(made) and _bracket_fits(made) else None


def _without_letter(parts: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """A letter printed right behind the number of a resolution, apart from it."""
    last = parts[-1]
    if len(parts) > 2 and last[:-1].isdigit() and last[-1].isalpha():
        return (*parts[:-1], last[:-1]), last[-1]
    return parts, ""


def _ends_in_document(symbol: Symbol) -> bool:
    """A number or a numbered nature ends a symbol; a body, ``E/CN.4``, does not."""
    word, dot, _ = symbol.parts[-1].partition(".")
    return symbol.parts[-1].isdigit() or (bool(dot) and word in _LISTS.dotted_natures)


def _bracket_fits(symbol: Symbol) -> bool:
    """Years and Roman sessions stand in the brackets of resolutions and decisions only."""
    if not re.match(rf"(?:\d{{4}}|{_ROMAN})(?: |$)", symbol.paren):
        return True
    return symbol.cls in ("resolution", "decision")


def same_document(first: Symbol | str, second: Symbol | str) -> bool:
    """Whether two symbols are of one document: a reissue is, a joint symbol is with each of its own; an addendum,
    a corrigendum or a resumed meeting is not."""
    one, other = (parse_symbol(each) if isinstance(each, str) else each for each in (first, second))
    return bool({each.key for each in one.each} & {each.key for each in other.each})


def changed(symbol: Symbol, change: str) -> Symbol:
    """The addendum, corrigendum or revision of a document; beside another of its sort, not on top of it."""
    kept = symbol.changes
    if kept and kept[-1].partition(".")[0] == change.partition(".")[0]:
        kept = kept[:-1]
    also = tuple(changed(other, change) for other in symbol.also)
    return replace(symbol, changes=(*kept, change), reissue=False, also=also)


def find_symbols(text: str) -> Iterator[tuple[int, int, Symbol]]:
    """Start, end and symbol of each one printed in a text folded for matching, in order.

    Stricter than :func:`parse_symbol`: a lone number behind the series needs three digits, and series that are
    ordinary abbreviations need more than one part. Symbols of one series joined by a dash are two documents.
    """
    for match in _SYMBOL.finditer(text):
        yield from _printed(match.group(), match.start())


def _printed(text: str, start: int) -> Iterator[tuple[int, int, Symbol]]:
    pieces: list[tuple[int, int, Symbol]] = []
    place = 0
    joins = [*((dash.start(), dash.end()) for dash in re.finditer(r"[-–—]\n?(?=[A-Z]{1,6}/)", text)), (len(text),) * 2]
    for dash, after in joins:
        found = _read(text[place:dash])
        if found is not None:
            end, symbol = found
            pieces.append((start + place, start + place + end, symbol))
        place = after
    if len(pieces) > 1 and len({symbol.parts[0] for *_, symbol in pieces}) == len(pieces):
        whole = replace(pieces[0][2], also=tuple(symbol for *_, symbol in pieces[1:]))
        yield pieces[0][0], pieces[-1][1], whole
    else:
        yield from pieces


def _read(printed: str) -> tuple[int, Symbol] | None:
    """Length and symbol of what is printed; a bracket that is none of the symbol's is left outside."""
    for end in (len(printed), printed.rfind("(")):
        symbol = _single(_cased(" ".join(re.sub(r"/\s+", "/", printed[:end]).split()))) if end > 0 else None
        if symbol is not None:
            return (len(printed[:end].rstrip()), symbol) if _stands_out(symbol) else None
    return None


def _stands_out(symbol: Symbol) -> bool:
    if len(symbol.parts) > 2:
        return True
    return not symbol.series.weak and (not symbol.parts[1].isdigit() or len(symbol.parts[1]) >= 3)
