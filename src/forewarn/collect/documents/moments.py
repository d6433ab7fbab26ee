"""Days and times of day as records print them, day first, in English, French and Spanish.

Owns the few forms a front page and a stage line use. A day that does not exist, or a time that is none, gives nothing.
Times have no zone: they are those of the clock in the room.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache

__all__ = ["after", "day_in", "time_in"]

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_NUMERIC_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_NAMED_TIMES = {"noon": time(12, 0), "midnight": time(0, 0), "midi": time(12, 0), "minuit": time(0, 0)}
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:\s?[.:h]\s?(\d{2}))?\s{0,9}"
    r"(?:([ap])\.?\s?m\b\.?|(h)eures?\b|(h)oras\b|(h)ours\b|(h)(?:\s?(\d{1,2}))?\b)"
    r"|\b(noon|midnight|midi|minuit)\b",
    re.IGNORECASE,
)
_PLAIN_TIME = re.compile(r"(?<![\d.:/])(\d{1,2})[.:h](\d{2})(?![\d.:/])")


def day_in(text: str) -> date | None:
    """The first day named in a short text; none when it names none or one that does not exist."""
    match = _day_pattern().search(text)
    if match is not None:
        return _day(int(match[3]), _month_numbers()[match[2].lower()], int(match[1]))
    numeric = _NUMERIC_DAY.search(text)
    return _day(int(numeric[3]), int(numeric[2]), int(numeric[1])) if numeric else None


def time_in(text: str) -> time | None:
    """The first time of day named in a short text, to the minute; none when it names none."""
    match = _TIME.search(text)
    if match is None:
        plain = _PLAIN_TIME.search(text)
        return _time(int(plain[1]), int(plain[2]), "") if plain else None
    if match[9]:
        return _NAMED_TIMES[match[9].lower()]
    return _time(int(match[1]), int(match[2] or match[8] or 0), (match[3] or "").lower())


def after(earlier: datetime | None, told: time, day: date) -> datetime:
    """The moment of a time told without its day: on the day, or the next one when it lies before ``earlier``.

    A meeting called to order at 3 p.m. that rose at 1.15 a.m. rose on the next day.
    """
    found = datetime.combine(day, told)
    if earlier is not None and found < earlier:
        found = datetime.combine(earlier.date(), told)
        if found < earlier and earlier.date() < date.max:
            found += timedelta(days=1)
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(hour: int, minute: int, half: str) -> time | None:
    if minute > 59 or hour > 24 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour % 24, minute)


@cache
def _month_numbers() -> dict[str, int]:
    return {name: number for names in _MONTHS.values() for number, name in enumerate(names.split(), start=1)}


@cache
def _day_pattern() -> re.Pattern[str]:
    names = "|".join(_month_numbers())
    return re.compile(
        rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:de\s+|of\s+)?({names})\s+(?:de\s+)?(\d{{4}})(?!\d)", re.IGNORECASE
    )
