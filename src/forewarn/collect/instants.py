"""Instants as messages print them (RFC 5322 and ISO 8601), as ISO 8601 text in UTC.

What cannot be read stays as it is, to be rejected with its reason; nothing is guessed. A time without a zone is
taken as UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["instant_as_text"]

_LONGEST = 100


def instant_as_text(printed: str) -> str:
    """``YYYY-MM-DDTHH:MM:SSZ`` of a printed day or instant; what cannot be read, unchanged; empty stays empty."""
    printed = " ".join(printed[: _LONGEST + 1].split())
    if not printed or len(printed) > _LONGEST:
        return printed
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(printed)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year >= 1000 else printed
    return printed
