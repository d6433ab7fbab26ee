"""Days and times as records print them, and what relative words mean on the day they are said.

Owns "8 November 2018", "08/11/2018" (day first), "10.15 a.m.", "noon", "midnight", "last week", "tomorrow". A day that
the words do not settle (a month without a year, "last Friday") is left open; no year or order is ever guessed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from forewarn.clock import EARLIEST
from forewarn.collect.documents.characters import matching_form
from forewarn.model.document import Span

__all__ = ["PRECISIONS", "DateMention", "day_in", "find_dates", "time_in", "time_on"]

PRECISIONS = ("day", "week", "month", "year", "decade", "range")
"""How exactly a date is told."""

_MONTHS = {name: at for at, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(_MONTHS)
_WEEKDAYS = {name: at for at, name in enumerate(calendar.day_name)}
_WEEKDAY = "|".join(_WEEKDAYS)
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"[0-3]?\d"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    rf"(?:(?P<weekday>{_WEEKDAY}),?\s)?(?:(?P<from>{_DAY})(?:\s(?P<from_month>{_MONTH})(?:\s(?P<from_year>{_YEAR}))?)?"
    rf"(?:\sto\s|\s?[-–]\s?))?(?P<day>{_DAY})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH}),?(?:\s(?P<year>{_YEAR}))?(?!\w)"
    rf"|(?P<us_month>{_MONTH})\s(?P<us_day>{_DAY})(?:st|nd|rd|th)?,\s(?P<us_year>{_YEAR})(?!\w)"
    rf"|(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/(?P<y>{_YEAR})(?![\w/])"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)(?![\w-])"
    rf"|(?P<alone>{_MONTH})(?:,?\s(?:of\s)?(?P<alone_year>{_YEAR}))(?!\w)"
    rf"|(?P<y1>{_YEAR})\s?[-–]\s?(?P<y2>{_YEAR}|\d\d)(?![\w/–-])"
    r"|(?P<decade>(?:1[89]|20)\d0)s(?!\w)"
    rf"|(?:in|since|by|until|during|from|before|after)\s(?P<only_year>{_YEAR})(?![\w/–-]|,\d)"
    rf"|(?P<open>(?:(?:in|since|last|next|this|early|late)\s)(?:{_MONTH})|(?:on|last|next|this)\s(?:{_WEEKDAY}))(?!\w|,?\s(?:of\s)?{_YEAR}|,?\s\d)"
    r")"
)
_RELATIVE = re.compile(
    r"(?<![\w-])(?:(?P<other>the\sday\s(?:before\syesterday|after\stomorrow))|(?P<day>today|yesterday|tomorrow)"
    r"|this\s(?P<part>morning|afternoon|evening)|(?P<which>last|this|next)\s(?P<unit>week|month|year)"
    r"|(?P<ago>\w{1,12}\s(?:days?|weeks?|months?|years?|decades?)\sago))(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\w.:])(?:(?P<hour>1[0-2]|0?[1-9])(?:[.:](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m(?:\.|\b)"
    r"|(?:12\s)?(?P<word>noon|midnight)\b|(?P<hour24>[01]?\d|2[0-3])[:.](?P<minute24>[0-5]\d)(?:\s?(?:hours|hrs|h)\b))",
    re.IGNORECASE,
)
_MOST_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateMention:
    """One date as told.

    Attributes:
        span: where it stands; ``text`` its words.
        first, last: the days it covers, both included; missing where the words do not settle them.
        precision: one of :data:`PRECISIONS`.
        relative: told from the day of speaking.
        flags: ``unresolved``, ``impossible_day``, ``not_day_first``, ``weekday_mismatch``.
    """

    span: Span
    text: str
    first: date | None
    last: date | None
    precision: str
    relative: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    first: date | None
    last: date | None
    precision: str
    flags: tuple[str, ...] = ()


_OPEN = ("unresolved",)


def find_dates(text: str, *, start: int = 0, said_on: date | None = None) -> tuple[DateMention, ...]:
    """All dates of a text, in order of place; ``start`` moves the spans.

    Relative words are told from ``said_on`` and left open without it. A week runs from Monday to Sunday. Left open as
    well: a day or month without a year, a weekday, and "three weeks ago", which nobody means to the day.
    """
    folded = matching_form(text)
    told = [(match, _absolute(match), False) for match in _DATE.finditer(folded.text)]
    told += [(match, _relative(match, said_on), True) for match in _RELATIVE.finditer(folded.text)]
    found = []
    for match, one, relative in sorted(told, key=lambda row: row[0].start()):
        span = folded.span(match.start(), match.end(), shift=start)
        words = text[span.start - start : span.end - start]
        found.append(DateMention(span, words, one.first, one.last, one.precision, relative, one.flags))
    return tuple(found)


def _absolute(match: re.Match[str]) -> _Told:
    readers: tuple[tuple[str, Callable[[re.Match[str]], _Told]], ...] = (
        ("month", _day_and_month),
        ("us_month", lambda told: _day(told["us_year"], _MONTHS[told["us_month"]], told["us_day"])),
        ("y", _with_slashes),
        ("iso", lambda told: _day(*told["iso"].split("-"))),
        ("alone", lambda told: _month(int(told["alone_year"]), _MONTHS[told["alone"]])),
        ("y1", _years),
        ("decade", lambda told: _whole_years(int(told["decade"]), int(told["decade"]) + 9, "decade")),
        ("only_year", lambda told: _whole_years(int(told["only_year"]), int(told["only_year"]), "year")),
    )
    for group, read in readers:
        if match[group]:
            return read(match)
    return _Told(None, None, "day" if match["open"].endswith("day") else "month", _OPEN)


def _day(year: str, month: int | str, day: str) -> _Told:
    try:
        one = date(int(year), int(month), int(day))
    except ValueError:
        return _Told(None, None, "day", ("impossible_day",))
    return _Told(one, one, "day") if one >= EARLIEST else _Told(None, None, "day", _OPEN)


def _day_and_month(match: re.Match[str]) -> _Told:
    if not match["year"]:
        return _Told(None, None, "range" if match["from"] else "day", _OPEN)
    last = _day(match["year"], _MONTHS[match["month"]], match["day"])
    if match["from"]:
        first = _day(match["from_year"] or match["year"], _MONTHS[match["from_month"] or match["month"]], match["from"])
        if first.first is None or last.first is None or first.first > last.first:
            return _Told(None, None, "range", ("impossible_day",))
        return _Told(first.first, last.first, "range")
    if last.first and match["weekday"] and _WEEKDAYS[match["weekday"]] != last.first.weekday():
        return _Told(last.first, last.last, "day", ("weekday_mismatch",))
    return last


def _with_slashes(match: re.Match[str]) -> _Told:
    told = _day(match["y"], match["m"], match["d"])
    return _Told(None, None, "day", ("not_day_first",)) if told.first is None and int(match["m"]) > 12 else told


def _month(year: int, month: int) -> _Told:
    return _Told(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")


def _years(match: re.Match[str]) -> _Told:
    first = int(match["y1"])
    last = int(match["y2"] if len(match["y2"]) == 4 else match["y1"][:2] + match["y2"])
    return _whole_years(first, last, "range") if first < last else _Told(None, None, "range", _OPEN)


def _whole_years(first: int, last: int, precision: str) -> _Told:
    return _Told(date(first, 1, 1), date(last, 12, 31), precision)


def _relative(match: re.Match[str], said_on: date | None) -> _Told:
    unit = match["unit"].casefold() if match["unit"] else "day"
    precision = "day" if match["ago"] else unit
    if said_on is None or match["ago"]:
        return _Told(None, None, precision, _OPEN)
    try:
        return _told_from(match, said_on, unit)
    except (OverflowError, ValueError):
        return _Told(None, None, precision, _OPEN)


def _told_from(match: re.Match[str], said_on: date, unit: str) -> _Told:
    if unit == "day":
        word = " ".join((match["other"] or match["day"] or "today").casefold().split())
        shift = {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}.get(
            word, 0
        )
        one = said_on + timedelta(days=shift)
        return _Told(one, one, "day")
    step = {"last": -1, "this": 0, "next": 1}[match["which"].casefold()]
    if unit == "week":
        monday = said_on + timedelta(days=7 * step - said_on.weekday())
        return _Told(monday, monday + timedelta(days=6), "week")
    if unit == "year":
        return _whole_years(said_on.year + step, said_on.year + step, "year")
    years, months = divmod(said_on.year * 12 + said_on.month - 1 + step, 12)
    return _month(years, months + 1)


def day_in(text: str) -> date | None:
    """The first whole date a text tells with its year, as on a front page; missing when there is none."""
    return next((one.first for one in find_dates(text) if one.precision == "day" and one.first), None)


def time_in(text: str) -> time | None:
    """The first time of day a text tells; midnight is 0.00. Missing when there is none."""
    match = _TIME.search(matching_form(text).text)
    return _time(match) if match else None


def _time(match: re.Match[str]) -> time:
    if match["word"]:
        return time(12 if match["word"].casefold() == "noon" else 0)
    if match["hour24"]:
        return time(int(match["hour24"]), int(match["minute24"]))
    hours = int(match["hour"]) % 12 + (12 if match["half"] in "pP" else 0)
    return time(hours, int(match["minute"] or 0))


def time_on(day: date, text: str, *, after: datetime | None = None) -> datetime | None:
    """When something happened in a meeting held on that day, in the meeting's own time, without a zone.

    What is told to be earlier than ``after``, which came before it, was past midnight and on the day after. Midnight
    itself ends the day of the meeting. Missing when the text tells no time.
    """
    match = _TIME.search(matching_form(text).text)
    if match is None:
        return None
    told = datetime.combine(day, _time(match))
    midnight = bool(match["word"]) and match["word"].casefold() == "midnight"
    try:
        if after is None:
            return told + _MOST_AHEAD if midnight else told
        told = datetime.combine(max(day, after.date()), told.time())
        return told + _MOST_AHEAD if told < after else told
    except OverflowError:
        return None
