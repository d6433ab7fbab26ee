"""How the text of each CAP element is written: one small function a form, giving a flaw and its mend, or nothing.

Owns the forms that ``taxonomy/cap.yaml`` names. Each runs in time linear in the text. The forms are those of the
standard; what is only our own wish stands in the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from forewarn.errors import shorten
from forewarn.exchange.cap.shapes import circle_flaw, polygon_flaw

__all__ = ["FORMS", "Flaw", "instant_of", "references_of", "token_flaw"]

Flaw = tuple[str, str]
"""What is wrong, and how to mend it."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"[-+]?\d+")
_DIGEST = re.compile(r"[0-9A-Fa-f]{40}")
_MEDIA = re.compile(r"[A-Za-z0-9][\w.+!#$&^-]{0,126}/[A-Za-z0-9*][\w.+!#$&^-]{0,126}(?:;.{0,200})?")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")
_BARRED = re.compile(r"[\s,<&]")
_TIME = "write it as 2024-05-01T16:49:00-00:00, with hours and minutes from UTC"
_LONGEST_TOKEN = 2_000


def instant_of(said: str) -> datetime | None:
    """The instant a CAP time says, aware; ``None`` where it is no such time."""
    said = said.strip()
    if not _INSTANT.fullmatch(said):
        return None
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def references_of(said: str) -> tuple[tuple[str, str, str], ...]:
    """The triples (sender, identifier, sent) of a list of references; what is no triple is left out."""
    found = (tuple(one.split(",")) for one in said.split())
    return tuple((one[0], one[1], one[2]) for one in found if len(one) == 3 and all(one))


def token_flaw(said: str) -> Flaw | None:
    """An identifier or sender: no blanks, no commas, no ``<``, no ``&``."""
    barred = _BARRED.search(said)
    if barred:
        sign = "a blank" if barred[0].isspace() else f"'{barred[0]}'"
        return f"holds {sign}", "leave out blanks, commas, < and &"
    if len(said) > _LONGEST_TOKEN:
        return f"has {len(said):,} characters", "shorten it"
    return None


def _instant_flaw(said: str) -> Flaw | None:
    said = said.strip()
    if instant_of(said) is not None:
        offset = datetime.fromisoformat(said).utcoffset() or timedelta(0)
        return None if abs(offset) <= timedelta(hours=14) else ("is more than 14 hours from UTC", _TIME)
    if said.endswith(("Z", "z")):
        return "ends in 'Z'", "write UTC as -00:00"
    if _INSTANT.fullmatch(said):
        return f"'{shorten(said, 40)}' is no day and time of the calendar", _TIME
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", said):
        return "has no time zone", _TIME
    return f"'{shorten(said, 40)}' is no time of CAP", _TIME


def _language_flaw(said: str) -> Flaw | None:
    return (
        None
        if _LANGUAGE.fullmatch(said.strip())
        else (f"'{shorten(said, 40)}' is no language tag", "write en or fr-CA")
    )


def _references_flaw(said: str) -> Flaw | None:
    for one in said.split():
        parts = one.split(",")
        if len(parts) != 3 or not all(parts):
            return f"'{shorten(one, 60)}' is not sender,identifier,sent", "part the three by commas, messages by blanks"
        flaw = token_flaw(parts[0]) or token_flaw(parts[1])
        if flaw:
            return f"'{shorten(one, 60)}': {flaw[0]}", flaw[1]
        flaw = _instant_flaw(parts[2])
        if flaw:
            return f"the time of '{shorten(parts[1], 60)}' {flaw[0]}", flaw[1]
    return None


def _quoted_flaw(said: str) -> Flaw | None:
    if said.count('"') % 2:
        return "has an odd number of quotation marks", "put what holds a blank between two of them"
    return None


def _address_flaw(said: str) -> Flaw | None:
    """An absolute address."""
    flaw = _reference_flaw(said)
    if flaw:
        return flaw
    parts = urlsplit(said.strip())
    return None if parts.scheme and (parts.netloc or parts.path) else ("is no full address", "write https://...")


def _reference_flaw(said: str) -> Flaw | None:
    try:
        urlsplit(said.strip())
    except ValueError:
        return f"'{shorten(said, 40)}' is no address", "write https://..."
    return ("holds a blank", "write it as %20") if re.search(r"\s", said.strip()) else None


def _matching(pattern: re.Pattern[str], meaning: str, mend: str) -> Callable[[str], Flaw | None]:
    def flaw(said: str) -> Flaw | None:
        return None if pattern.fullmatch(said.strip()) else (f"'{shorten(said, 40)}' is no {meaning}", mend)

    return flaw


def _no_flaw(_said: str) -> Flaw | None:
    return None


FORMS: Mapping[str, Callable[[str], Flaw | None]] = MappingProxyType(
    {
        "address": _address_flaw,
        "base64": _matching(_BASE64, "base64", "encode the content in base64"),
        "circle": circle_flaw,
        "digest": _matching(_DIGEST, "SHA-1 digest", "write 40 hexadecimal digits"),
        "instant": _instant_flaw,
        "language": _language_flaw,
        "media_type": _matching(_MEDIA, "media type", "write type/subtype, such as image/png"),
        "number": _matching(_NUMBER, "number", "write feet above mean sea level, in digits"),
        "polygon": polygon_flaw,
        "quoted": _quoted_flaw,
        "reference": _reference_flaw,
        "references": _references_flaw,
        "text": _no_flaw,
        "token": token_flaw,
        "whole": _matching(_WHOLE, "whole number", "write the bytes in digits"),
    }
)
"""By the name of a form, what is wrong with a text that is not blank. Words have a list instead."""
