"""Days, months, instants, numbers and shares as a language writes them, through Babel.

A day is told in a ``time`` element that keeps it as ISO 8601, so that a page is exact and readable at once; inside
an attribute or an option take ``striptags``. What is no day, month or number is left as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_skeleton, get_month_names
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from forewarn.clock import instant_text, month_label

__all__ = ["FILTERS", "as_written", "chance", "content", "dated", "day", "instant", "month", "month_name", "number"]

FILTERS = ("chance", "dated", "day", "instant", "month", "number")
"""What a template may write with: functions of this module that take a language and a value."""

_LOCALES = {"en": "en_GB"}
"""The country whose way of writing a language follows, where the language alone says another: days before months."""
_DAY, _MONTH = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}")
_WITHIN = re.compile(r"(?<![\w/.-])\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?(?![\w/-])")
_FIGURE = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?( ?%)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SURE, _HARDLY = 0.995, 0.01


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


def day(language: str, value: date | str | None) -> Markup | str:
    """A day, or the day of an instant; from text where it begins with one. Empty where there is none."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    text = value.isoformat() if isinstance(value, date) else (value or "")[:10]
    return _timed(text, _day(language, text)) if _DAY.fullmatch(text) else value or ""  # type: ignore[return-value]


def month(language: str, value: int | str) -> Markup | str:
    """A month, from its id or from ``2025-08``."""
    text = month_label(value) if isinstance(value, int) else value
    return _timed(text, _month(language, text)) if _MONTH.fullmatch(text) else text


def month_name(language: str, english: str) -> str:
    """The short name of a month from its English one, ``Jan``; empty where that is none."""
    if english not in _MONTHS:
        return ""
    names = get_month_names("abbreviated", context="stand-alone", locale=_locale(language))
    return str(names[_MONTHS.index(english) + 1])


def instant(language: str, at: datetime | str) -> Markup:
    """An instant to the minute, in UTC, which is said."""
    text = instant_text(at) if isinstance(at, datetime) else at
    return _timed(text, f"{_day(language, text[:10])}, {text[11:16]} UTC")


def number(language: str, value: float | None) -> str:
    """A whole number with its thousands apart; a dash where nobody has counted."""
    return "–" if value is None else str(format_decimal(round(value), locale=_locale(language)))


def chance(language: str, share: float) -> str:
    """A share of one in whole per cent; below 1 and above 99 only so much is said."""
    locale = _locale(language)
    if share >= _SURE:
        return f">{format_percent(0.99, locale=locale)}"
    return f"<{format_percent(0.01, locale=locale)}" if share < _HARDLY else str(format_percent(share, locale=locale))


def dated(language: str, text: str) -> str:
    """A sentence of ours with its days and months as the language writes them."""
    return _WITHIN.sub(lambda found: as_written(language, found[0]), text)


def content(text: str) -> Markup | str:
    """What a person or source wrote, in whatever language: marked so that no program reads it as the page's."""
    return Markup('<span lang="">{}</span>').format(text) if text else ""


def as_written(language: str, text: str) -> str:
    """A value of a sentence, where it is a day, a month, a number or a percentage; else as it is."""
    if _DAY.fullmatch(text):
        return _day(language, text)
    if _MONTH.fullmatch(text):
        return _month(language, text)
    figure = _FIGURE.fullmatch(text)
    if not figure or text.isdecimal():
        return text
    sign, whole, part, per_cent = figure.groups()
    places = len(part or ".") - 1
    value = float(whole.replace(",", "") + (part or ""))
    shape = f"#,##0.{'0' * places}".rstrip(".")
    told = format_decimal(value, format=shape, locale=_locale(language))
    sample = str(format_percent(0.01, locale=_locale(language)))
    return sign + (sample.replace("1", str(told)) if per_cent else str(told))


def _day(language: str, text: str) -> str:
    try:
        return str(format_skeleton("yMMMd", date.fromisoformat(text), locale=_locale(language)))
    except ValueError:
        return text


def _month(language: str, text: str) -> str:
    try:
        return str(format_skeleton("yMMM", date.fromisoformat(f"{text}-01"), locale=_locale(language)))
    except ValueError:
        return text


def _timed(text: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(text, words)
