"""The checks that nouns run on themselves when they are made.

Each check returns nothing or raises :class:`~forewarn.errors.InputValueError` naming the field and what was
got. A noun that exists has passed them, so nobody checks again. No I/O, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date, datetime, timedelta

from forewarn.errors import InputValueError, shorten
from forewarn.ids import is_id

__all__ = [
    "LARGEST_COUNT",
    "require_choice",
    "require_coordinates",
    "require_count",
    "require_id",
    "require_instant",
    "require_order",
    "require_text",
]

LARGEST_COUNT = 10_000_000
"""No single claim counts more people than this: more is a slip (a telephone number, a population)."""


def require_text(value: str, field: str, *, longest: int = 1_000) -> None:
    """The text is not blank, has no NUL and is at most ``longest`` characters."""
    if not value.strip():
        raise InputValueError("is empty", where=field, mend="give it")
    if len(value) > longest:
        raise InputValueError(f"has {len(value)} characters, {longest} at most", where=field, mend="cut it")
    if "\x00" in value:
        raise InputValueError("holds a NUL byte", where=field, mend="remove it")


def require_choice(value: object, field: str, choices: Collection[str]) -> None:
    """The value is one of the choices."""
    if value not in choices:
        known = ", ".join(sorted(choices))
        raise InputValueError(f"'{shorten(value)}' is not one of {known}", where=field, mend="use one of them")


def require_id(value: str, field: str, kind: str) -> None:
    """The value is a full content id of that kind."""
    if not is_id(value, kind):
        raise InputValueError(f"'{shorten(value)}' is not a {kind} id", where=field, mend="give the full id")


def require_count(value: float | None, field: str) -> None:
    """The count is missing (``None``), or a whole number from 0 to :data:`LARGEST_COUNT`."""
    if value is None:
        return
    if isinstance(value, bool) or not math.isfinite(value) or value != int(value):
        raise InputValueError(f"{shorten(value)} is not a whole number", where=field, mend="correct the count")
    if value < 0:
        raise InputValueError(f"{shorten(value)} is negative", where=field, mend="correct the count")
    if value > LARGEST_COUNT:
        raise InputValueError(f"{shorten(value)} is above {LARGEST_COUNT:,}", where=field, mend="check for a slip")


def require_coordinates(latitude: float | None, longitude: float | None) -> None:
    """Both coordinates are missing, or both are in range: latitude -90..90, longitude -180..180."""
    if latitude is None and longitude is None:
        return
    for field, value, bound in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if value is None:
            raise InputValueError("is missing while the other is given", where=field, mend="give both or none")
        if not math.isfinite(value) or abs(value) > bound:
            raise InputValueError(
                f"{shorten(value)} is outside -{bound}..{bound}",
                where=field,
                mend="check for swapped columns",
            )


def require_order(first: date | None, last: date | None, field: str) -> None:
    """The first day is not after the last, where both are known."""
    if first is not None and last is not None and first > last:
        raise InputValueError(f"{first} is after {last}", where=field, mend="check the two dates")


def require_instant(value: datetime, field: str) -> None:
    """The instant is aware and in UTC."""
    if value.tzinfo is None or value.utcoffset() != timedelta(0):
        raise InputValueError("is not in UTC", where=field, mend="give an aware UTC instant")
