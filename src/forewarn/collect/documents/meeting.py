"""The front page of a record: which meeting, when, where, who presided, who sat, what was on the agenda.

Owns everything before the meeting is called to order. What the page does not say stays empty; an agenda that spills
over to the second page is read on. The symbol counts as it stands here, not as running heads repeat it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile

from forewarn.collect.documents.characters import matching_form
from forewarn.collect.documents.moments import day_in, time_in
from forewarn.collect.documents.packs import Pack, spaced
from forewarn.collect.documents.reading.joining import masked
from forewarn.collect.documents.reading.source import SourceText, paragraph_spans, reading_form
from forewarn.collect.documents.roster import members_in, presidents_in
from forewarn.collect.documents.symbols import Symbol, find_symbols
from forewarn.model.document import Meeting, Span, StageDirection

__all__ = ["FrontPage", "front_page", "job_number_in", "with_times"]

_LONGEST = 12_000
_NUMBER = spaced(
    r"\b(\d{1,2},?\d{3}|\d{1,4})(?:st|nd|rd|th|er|re|e|ème|ª|a\.)"
    r" (?:\((?:closed|private|privée|privada)\) )?(?:(?:plenary|closed|private|formal|open|resumed) )?"
    r"(?:meeting|séance(?: plénière)?|sesión(?: plenaria)?)"
)
_CLOSED = spaced(r"\((?:closed|private)\) meeting|\b(?:closed|private) meeting|Official communiqué")
_PRESIDENT = spaced(r"(?:^|(?<=\s))(?:Presidents?|Chair(?:man|person|woman)?|Présidente?s?|President[ea]s?) ?:")
_MEMBERS = spaced(r"(?:^|(?<=\s))(?:Members|Membres|Miembros) ?:")
_AGENDA = re.compile(r"^[ \t*#]*(?:Agenda|Ordre du jour|Orden del día)[ \t*:]*$|\bAgenda\s(?=[A-Z])", re.MULTILINE)
_BOILERPLATE = re.compile(
    r"(?:This record contains|Le présent procès-verbal|La presente acta)[\s\S]{0,1500}?"
    r"(?:\(?https?://[\w./]{3,40}\)?\.?|\bcorrigendum\.|\bcorrigendum unique[^.]{0,40}\.|(?=\n[ \t]*\n)|\Z)"
)
_JOB = re.compile(r"(?<![\w-])(\d{2}-\d{5}(?:\s?\([A-Z]\))?)(?![\w-])")
_BAR_CODE = re.compile(r"\*\d{7}\*|Please recycle")
_PLACE = re.compile(r"[\s.,]*([^\W\d_][\w'’.]*(?:[ -](?:of|de|[^\W\d_][\w'’.]*)){0,3})")
_NO_PLACE = re.compile(r"President|Présid|Member|Agenda|Official|Provisional|The$|Security|General", re.IGNORECASE)
_ITEM = re.compile(r"(?=\bAgenda items? \d)")
_ORGANS = (
    ("Security Council", "Security Council|Conseil de sécurité|Consejo de Seguridad"),
    ("General Assembly", "General Assembly|Assemblée générale|Asamblea General"),
    ("Human Rights Council", "Human Rights Council|Conseil des droits de l['’]homme|Consejo de Derechos Humanos"),
    ("Economic and Social Council",
     "Economic and Social Council|Conseil économique et social|Consejo Económico y Social"),
    ("Trusteeship Council", "Trusteeship Council"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a front page holds: the meeting, its own symbol, the span it fills, its heading line and its job number."""

    meeting: Meeting
    span: Span
    symbol: Symbol | None = None
    title: str = ""
    job_number: str = ""


def front_page(source: SourceText, end: int, pack: Pack) -> FrontPage | None:
    """The front page that fills a text up to ``end``; none when what stands there is no front page.

    A front page names the number of a meeting, or a president and members.
    """
    shown = masked(source.text, Span(0, end), source.furniture)[:_LONGEST]
    plain = _BAR_CODE.sub(_blanks, _BOILERPLATE.sub(_blanks, _JOB.sub(_blanks, shown)))
    number = _NUMBER.search(plain)
    if number is None and not (_PRESIDENT.search(plain) and _MEMBERS.search(plain)):
        return None
    symbol = _own_symbol(source.text[: min(end, _LONGEST)])
    day, opened, place = _when_and_where(plain, number.end() if number else 0)
    marks = _marks(plain)
    meeting = Meeting(
        body=organ_of(plain, symbol),
        number=int(number[1].replace(",", "")) if number else None,
        place=place,
        opened_at=opened,
        held_on=day,
        presidents=presidents_in(_between(plain, marks, "president"), pack, on=day),
        members=members_in(_between(plain, marks, "members"), pack, on=day) if "members" in marks else (),
        agenda=_agenda(source, plain, marks),
        closed=_CLOSED.search(plain) is not None,
    )
    title = " ".join(number[0].split()) if number else ""
    return FrontPage(_with_symbol(meeting, symbol), Span(0, end), symbol, title, job_number_in(source.text[:_LONGEST]))


def job_number_in(text: str) -> str:
    """The job number as printed, ``18-36821 (E)``; empty when there is none."""
    match = _JOB.search(text)
    return " ".join(match[1].split()) if match else ""


def with_times(meeting: Meeting, stages: tuple[StageDirection, ...]) -> Meeting:
    """The meeting with the times its stage lines tell: called to order, and the last time it rose."""
    opened = next((stage.at for stage in stages if stage.kind in ("called_to_order", "resumed") and stage.at), None)
    rose = next((stage.at for stage in reversed(stages) if stage.kind == "rose" and stage.at), None)
    return replace(meeting, opened_at=opened or meeting.opened_at, rose_at=rose)


def organ_of(text: str, symbol: Symbol | None) -> str:
    """The organ a symbol tells, or else the first one the text names."""
    if symbol is not None:
        return symbol.organ
    found = [(match.start(), name) for name, words in _ORGANS if (match := re.search(words, text))]
    return min(found)[1] if found else ""


def _blanks(match: re.Match[str]) -> str:
    """As many characters that print nothing, so that offsets stay."""
    return "\n" * len(match[0])


def _own_symbol(text: str) -> Symbol | None:
    """The first symbol of a record on the page."""
    symbols = [symbol for _, _, symbol in find_symbols(matching_form(text).text)]
    return next((symbol for symbol in symbols if symbol.cls in ("verbatim_record", "summary_record")), None)


def _with_symbol(meeting: Meeting, symbol: Symbol | None) -> Meeting:
    if symbol is None:
        return meeting
    word, _, rest = symbol.paren.partition(" ")
    return replace(
        meeting,
        symbol=symbol.normal,
        resumption=rest if word == "Resumption" else "",
        part=rest if word == "Part" else "",
    )


def _when_and_where(text: str, at: int) -> tuple[date | None, datetime | None, str]:
    """Day, opening and place from the lines behind the number of the meeting."""
    lines = [line for line in text[at : at + 600].split("\n") if line.strip()]
    for index, line in enumerate(lines):
        day = day_in(line)
        if day is None:
            continue
        told = time_in(line)
        rest = _behind_time(line)
        place = _place(rest) or (_place(lines[index + 1]) if not rest.strip(" .,") and index + 1 < len(lines) else "")
        return day, datetime.combine(day, told) if told else None, place
    return None, None, ""


def _behind_time(line: str) -> str:
    match = re.search(
        r"(?:[ap]\.?\s?m\.?|noon|heures?(?:\s\d+)?|horas|\d{4},?)(?!.*(?:[ap]\.?\s?m\b|noon|heures|horas))", line
    )
    return line[match.end() :] if match else ""


def _place(text: str) -> str:
    match = _PLACE.match(text)
    if match is None or not match[1][0].isupper():
        return ""
    words = list(takewhile(lambda word: not _NO_PLACE.match(word), match[1].split()))
    return " ".join(words).rstrip(".")


def _marks(text: str) -> dict[str, tuple[int, int]]:
    """Where the parts of the page begin: (start, end) of their headings, in order of the page."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for name, pattern in (("president", _PRESIDENT), ("members", _MEMBERS), ("agenda", _AGENDA)):
        match = pattern.search(text, at)
        if match is not None:
            found[name] = match.span()
            at = match.end()
    return found


def _between(text: str, marks: dict[str, tuple[int, int]], name: str) -> str:
    if name not in marks:
        return ""
    start = marks[name][1]
    return text[start : min((first for first, _ in marks.values() if first >= start), default=len(text))]


def _agenda(source: SourceText, plain: str, marks: dict[str, tuple[int, int]]) -> tuple[str, ...]:
    """The items, one a paragraph of the page; boilerplate and job number are none."""
    if "agenda" not in marks:
        return ()
    blanked = replace(source, text=plain, furniture=(), pages=())
    start = marks["agenda"][1]
    items: list[str] = []
    for span in paragraph_spans(blanked, Span(start, len(plain))):
        words = reading_form(blanked, span)[0]
        items += [item.strip() for item in _ITEM.split(words) if item.strip()]
    return tuple(items)
