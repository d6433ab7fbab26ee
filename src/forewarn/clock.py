"""Time: instants in UTC, days, and months as whole numbers.

A *month* is VIEWS' month id: 1 is January 1980. An *instant* is an aware UTC datetime, to the second; a
*day* is a date. Rooms never ask what time it is: ``now`` and ``as_known_at`` are passed in, and only
``operations`` and the front doors call :func:`utc_now`.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from forewarn.errors import InputValueError, shorten

__all__ = [
    "EARLIEST",
    "add_days",
    "day_from_text",
    "first_day",
    "instant_from_text",
    "instant_text",
    "last_complete_month",
    "last_day",
    "month_from_text",
    "month_label",
    "month_of",
    "utc_now",
]

EARLIEST = date(1800, 1, 1)
"""Days before this are refused: no channel reaches further back, and such a date is a slip of the pen."""


def utc_now() -> datetime:
    """The present instant in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def instant_text(instant: datetime) -> str:
    """An instant as it is stored and printed: ``2017-07-31T00:00:00Z``. A naive datetime is refused."""
    if instant.tzinfo is None:
        raise InputValueError("an instant without a time zone", where=str(instant), mend="give it in UTC")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_from_text(text: str, *, where: str = "instant") -> datetime:
    """An instant from ISO 8601; a bare day means its midnight, UTC."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputValueError(
            f"'{shorten(text)}' is not an instant", where=where, mend="write it as 2017-07-31T14:00:00Z"
        ) from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).replace(microsecond=0)


def day_from_text(text: str, *, where: str = "date") -> date:
    """A day from ISO 8601 ``YYYY-MM-DD``; a time behind it is dropped. Before 1800 is refused."""
    head = text.strip()[:10]
    try:
        day = date.fromisoformat(head)
    except ValueError:
        raise InputValueError(f"'{shorten(text)}' is not a date", where=where, mend="write it as YYYY-MM-DD") from None
    if day < EARLIEST:
        raise InputValueError(f"{day} is before {EARLIEST}", where=where, mend="check the year")
    return day


def add_days(day: date, days: int) -> date:
    """The day that many days later."""
    return day + timedelta(days=days)


def month_of(day: date) -> int:
    """The month id of a day: 1 is January 1980; earlier months are zero or negative."""
    return (day.year - 1980) * 12 + day.month


def first_day(month: int) -> date:
    """The first day of a month."""
    years, months = divmod(month - 1, 12)
    return date(1980 + years, months + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    start = first_day(month)
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def month_label(month: int) -> str:
    """A month as people write it: ``2017-08``."""
    return first_day(month).strftime("%Y-%m")


def last_complete_month(as_known_at: date) -> int:
    """The last month that was over on a date: July on the 31st of July, June on the 30th."""
    month = month_of(as_known_at)
    return month if as_known_at == last_day(month) else month - 1


def month_from_text(text: str, *, where: str = "month") -> int:
    """A month id from ``2017-08``, a day in that month, or the id itself."""
    stripped = text.strip()
    if stripped.lstrip("-").isdigit() and len(stripped) <= 4:
        return int(stripped)
    return month_of(day_from_text(f"{stripped}-01" if len(stripped) == 7 else stripped, where=where))
