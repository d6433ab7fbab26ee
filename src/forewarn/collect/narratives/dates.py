"""Dates in prose: every mention as a first and a last day with a precision, and the one that dates the incident.

Owns the grammar of English dates, with the names of months in French, Spanish and Portuguese. A date without a year
takes the year of the nearest dated mention, else of the base date; relative words ("last week") need the base date,
and without one they are no date. A day that no calendar has, and a numeric date that could be read two ways, keep
only what is sure. The precision is never finer than the words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rapidfuzz.distance import DamerauLevenshtein

from forewarn.collect.narratives.found import Narrative

__all__ = ["DateFound", "find_dates", "incident_date"]


@dataclass(frozen=True, slots=True)
class DateFound:
    """A mention of a time.

    Attributes:
        first, last: the days it spans, inclusive.
        precision: ``day``, ``week``, ``month`` or ``year``.
        start, end: the words, as half-open offsets.
        rule: the rule that read them.
    """

    first: date
    last: date
    precision: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """A mention whose year may still be open; ``days`` are (month, day or 0) of its first and last day."""

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    first_year: int | None
    part: str
    start: int
    end: int
    rule: str


_MONTH_NAMES = (
    "january jan janvier enero janeiro", "february feb février fevrier febrero fevereiro", "march mar mars marzo março",
    "april apr avril abril", "may mai mayo maio", "june jun juin junio junho", "july jul juillet julio julho",
    "august aug août aout agosto", "september sept sep septembre septiembre setembro",
    "october oct octobre octubre outubro", "november nov novembre noviembre novembro",
    "december dec décembre decembre diciembre dezembro",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_ENGLISH = tuple(names.split()[0] for names in _MONTH_NAMES)
_SMALL = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_PARTS = {
    "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid", "late": "late",
    "end": "late",
}  # fmt: skip

_MON = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:st|nd|rd|th)?"
# "â€“" is a dash that was decoded with the wrong code page, frequent in published files.
_TO = r"\s{0,2}(?:[-–—/&]|â€[“”\"]|to|and|until|till|through|et|y)\s{0,2}(?:the\s)?"


def _then_year(group: str) -> str:
    return rf"(?:,?\s{{0,2}}(?:of\s)?(?P<{group}>{_YEAR}))?"


_FORMS = (
    rf"(?P<iso>{_YEAR}[-/](?:1[0-2]|0?[1-9])[-/](?:3[01]|[12]\d|0?[1-9])(?!\d))",
    rf"(?P<num>\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR})",
    rf"(?P<s_d1>{_DAY})(?:\s{{0,2}}(?P<s_m1>{_MON})(?:,?\s(?P<s_y1>{_YEAR}))?)?{_TO}"
    rf"(?P<s_d2>{_DAY})\s{{0,2}}(?:of\s)?(?P<s_m2>{_MON}){_then_year('s_y2')}",
    rf"(?P<d_d>{_DAY})[\s-]{{0,2}}(?:of\s)?(?P<d_m>{_MON})(?:[,\s-]{{0,2}}(?:of\s)?(?P<d_y>{_YEAR}))?",
    rf"(?P<p_part>early|mid|late|beginning|start|middle|end)(?:[\s-]|\sof\s){{1,2}}(?P<p_m>{_MON}){_then_year('p_y')}",
    rf"(?P<r_m1>{_MON})(?:\s(?P<r_y1>{_YEAR}))?{_TO}(?P<r_m2>{_MON})\s(?P<r_y2>{_YEAR})",
    rf"(?P<m_m>{_MON})\s{{0,2}}[:,]?\s{{0,2}}(?P<m_y>{_YEAR})",
    rf"(?P<u_m>{_MON})\s(?P<u_d1>{_DAY})(?:{_TO}(?P<u_d2>{_DAY}))?(?:,?\s(?P<u_y>{_YEAR}))?",
    rf"(?P<y_y>{_YEAR})\s(?P<y_m>{_MON})",
    rf"(?:in|during|throughout|since|of)\s(?P<year>{_YEAR})",
    r"(?P<rel>yesterday|today|last\snight|(?:last|this)\s(?:week|month|year)"
    r"|(?:(?:last|on)\s)(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|(?:\d{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten)\s(?:day|week|month)s?\sago)\b",
)
_DATE = re.compile(r"(?<![\w./])(?:" + "|".join(_FORMS) + ")", re.IGNORECASE)
_MISSPELT = re.compile(rf"\s{{0,5}}([a-z]{{5,10}})\s({_YEAR})\s{{0,2}}[:.,]", re.IGNORECASE)
_HEADING = re.compile(
    r"\s{0,9}(?:(?:as\s)?reported\s(?:on|in)[,:]?\s|(?:on|in|between|from|around|during|by)\s(?:the\s)?){0,2}",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:since|until|till|before|after|prior to|following|released|rescued|freed|later|due|born|as of)"
    r"(?:\s(?:on|in|by|the|around)){0,2}\s$",
    re.IGNORECASE,
)


def find_dates(narrative: Narrative) -> tuple[DateFound, ...]:
    """Every time the text mentions, in order. What cannot be settled to at least a year is left out."""
    text, base = narrative.text, narrative.base_date
    open_ones: list[_Mention | DateFound] = []
    for match in _DATE.finditer(text):
        made = _READERS[_form_of(match)](match, base)
        if made is not None:
            open_ones.append(made)
    if misspelt := _misspelt(text):
        open_ones.insert(0, misspelt)
    years = _years_in_text(open_ones)
    settled = (_settled(one, year, base) for one, year in zip(open_ones, years, strict=True))
    return tuple(one for one in settled if one is not None)


def incident_date(narrative: Narrative, dates: tuple[DateFound, ...]) -> DateFound | None:
    """The mention that says when it happened: the one the text opens with, else the first that is no aside.

    An aside says when something else happened: "since", "until", "released on", "after". A text of asides alone dates
    nothing.
    """
    if not dates:
        return None
    opening = _HEADING.match(narrative.text)
    if opening is not None and dates[0].start <= opening.end():
        return dates[0]
    for one in dates:
        if not _ASIDE.search(narrative.text, max(0, one.start - 30), one.start):
            return one
    return None


def _form_of(match: re.Match[str]) -> str:
    """The form that matched, by the first of its groups that is never optional."""
    return next(form for form in _READERS if match[form] is not None)


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".").lower()]


def _day(text: str) -> int:
    return int(text.rstrip("stndrhSTNDRH"))


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _iso(match: re.Match[str], _base: date | None) -> _Mention:
    year, month, day = (int(part) for part in re.split("[-/]", match["iso"]))
    return _one_day(match, (month, day), year, "dates.iso")


def _numeric(match: re.Match[str], _base: date | None) -> _Mention | DateFound | None:
    one, two, year = (int(part) for part in re.split("[./-]", match["num"]))
    if one == two or one > 12 >= two:
        return _one_day(match, (two, one), year, "dates.numeric") if 0 < two <= 12 else None
    if two > 12 >= one > 0:
        return _one_day(match, (one, two), year, "dates.numeric")
    sure = 0 < one <= 12 and 0 < two <= 12
    return _found(match, date(year, 1, 1), date(year, 12, 31), "year", "dates.numeric_either_way") if sure else None


def _day_span(match: re.Match[str], _base: date | None) -> _Mention:
    last = (_month(match["s_m2"]), _day(match["s_d2"]))
    first = (_month(match["s_m1"]) if match["s_m1"] else last[0], _day(match["s_d1"]))
    year = _int(match["s_y2"])
    return _Mention(first, last, year, _int(match["s_y1"]), "", match.start(), match.end(), "dates.day_span")


def _day_month(match: re.Match[str], _base: date | None) -> _Mention:
    return _one_day(match, (_month(match["d_m"]), _day(match["d_d"])), _int(match["d_y"]), "dates.day")


def _month_day(match: re.Match[str], _base: date | None) -> _Mention:
    month, year = _month(match["u_m"]), _int(match["u_y"])
    first = (month, _day(match["u_d1"]))
    last = (month, _day(match["u_d2"])) if match["u_d2"] else first
    return _Mention(first, last, year, None, "", match.start(), match.end(), "dates.month_day")


def _part_of_month(match: re.Match[str], _base: date | None) -> _Mention:
    month, part = _month(match["p_m"]), _PARTS[match["p_part"].lower()]
    both, year = (month, 0), _int(match["p_y"])
    return _Mention(both, both, year, None, part, match.start(), match.end(), "dates.part_of_month")


def _month_span(match: re.Match[str], _base: date | None) -> _Mention:
    first, last = (_month(match["r_m1"]), 0), (_month(match["r_m2"]), 0)
    first_year, year = _int(match["r_y1"]), _int(match["r_y2"])
    return _Mention(first, last, year, first_year, "", match.start(), match.end(), "dates.month_span")


def _month_year(match: re.Match[str], _base: date | None) -> _Mention:
    return _one_day(match, (_month(match["m_m"]), 0), int(match["m_y"]), "dates.month")


def _year_month(match: re.Match[str], _base: date | None) -> _Mention:
    return _one_day(match, (_month(match["y_m"]), 0), int(match["y_y"]), "dates.month")


def _year(match: re.Match[str], _base: date | None) -> DateFound:
    year, start = int(match["year"]), match.start("year")
    return DateFound(date(year, 1, 1), date(year, 12, 31), "year", start, match.end(), "dates.year")


def _relative(match: re.Match[str], base: date | None) -> DateFound | None:
    """Words that count from the base date; ``None`` without one, or where they leave the calendar."""
    if base is None:
        return None
    words = match["rel"].lower().split()
    try:
        first, last, precision = _counted_from(base, words)
    except OverflowError:
        return None
    return _found(match, first, last, precision, "dates.relative")


def _counted_from(base: date, words: list[str]) -> tuple[date, date, str]:
    unit = words[-1]
    if unit in ("today", "yesterday", "night"):
        day = base if unit == "today" else base - timedelta(days=1)
        return day, day, "day"
    if unit == "ago":
        return _ago(base, int(words[0]) if words[0].isdecimal() else _SMALL[words[0]], words[1].rstrip("s"))
    if unit in _WEEKDAYS:
        back = (base.weekday() - _WEEKDAYS[unit]) % 7 or 7
        day = base - timedelta(days=back if words[0] == "last" or back != 7 else 0)
        return day, day, "day"
    return _unit_around(base, unit, 1 if words[0] == "last" else 0)


def _ago(base: date, count: int, unit: str) -> tuple[date, date, str]:
    if unit == "day":
        day = base - timedelta(days=count)
        return day, day, "day"
    return _unit_around(base, unit, count)


def _unit_around(base: date, unit: str, back: int) -> tuple[date, date, str]:
    """The calendar week (from Monday), month or year, so many before that of the base date."""
    if unit == "week":
        monday = base - timedelta(days=base.weekday() + 7 * back)
        return monday, monday + timedelta(days=6), "week"
    if unit == "month":
        year, month = divmod(base.year * 12 + base.month - 1 - back, 12)
        if year < 1:
            raise OverflowError
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]), "month"
    return date(base.year - back, 1, 1), date(base.year - back, 12, 31), "year"


_READERS: dict[str, Callable[[re.Match[str], date | None], _Mention | DateFound | None]] = {
    "iso": _iso,
    "num": _numeric,
    "s_d1": _day_span,
    "d_d": _day_month,
    "p_part": _part_of_month,
    "r_m1": _month_span,
    "m_m": _month_year,
    "u_m": _month_day,
    "y_y": _year_month,
    "year": _year,
    "rel": _relative,
}


def _found(match: re.Match[str], first: date, last: date, precision: str, rule: str) -> DateFound:
    return DateFound(first, last, precision, match.start(), match.end(), rule)


def _one_day(match: re.Match[str], day: tuple[int, int], year: int | None, rule: str) -> _Mention:
    return _Mention(day, day, year, None, "", match.start(), match.end(), rule)


def _misspelt(text: str) -> _Mention | None:
    """A heading such as ``Januray 2016:``: one month within two slips of the pen, and only one."""
    match = _MISSPELT.match(text)
    if match is None or match[1].lower() in _MONTHS:
        return None
    near = [n for n, name in enumerate(_ENGLISH, 1) if DamerauLevenshtein.distance(match[1].lower(), name) <= 2]
    if len(near) != 1:
        return None
    month = (near[0], 0)
    return _Mention(month, month, int(match[2]), None, "", match.start(1), match.end(2), "dates.misspelt_month")


def _years_in_text(found: list[_Mention | DateFound]) -> list[int | None]:
    """The year of each mention: its own, else that of the nearest dated one before it, else of the first dated one."""
    own = [one.year if isinstance(one, _Mention) else one.first.year for one in found]
    last = next((year for year in own if year is not None), None)
    years = []
    for year in own:
        last = last if year is None else year
        years.append(last)
    return years


def _settled(one: _Mention | DateFound, year: int | None, base: date | None) -> DateFound | None:
    """The mention as days; ``None`` where its year cannot be told."""
    if isinstance(one, DateFound):
        return one
    if year is not None:
        made = _days(one, year)
        return made if one.year is not None else replace(made, rule=f"{made.rule}.year_from_text")
    if base is None:
        return None
    made = _days(one, base.year)
    if made.first > base and base.year > 1:
        made = _days(one, base.year - 1)
    return replace(made, rule=f"{made.rule}.year_from_base")


def _days(one: _Mention, year: int) -> DateFound:
    """First and last day; a day the month does not have leaves the month."""
    first_year = one.first_year or (year - 1 if one.first[0] > one.last[0] and year > 1 else year)
    months = monthrange(first_year, one.first[0])[1], monthrange(year, one.last[0])[1]
    is_day = 0 < one.first[1] <= months[0] and 0 < one.last[1] <= months[1]
    days = (one.first[1], one.last[1]) if is_day else (1, months[1])
    if one.part:
        days = _THIRDS[one.part][0], min(_THIRDS[one.part][1], months[1])
    first, last = date(first_year, one.first[0], days[0]), date(year, one.last[0], days[1])
    if first > last:
        first, last = last, first
    precision = "day" if is_day else "month" if (last - first).days < 31 else "year"
    return DateFound(first, last, precision, one.start, one.end, one.rule)
