"""What a request asks of a list: filters, a place to go on from, how many, which fields. What is unknown is refused.

A place (*cursor*) is opaque to who asks: the keys of the last row given, sealed together with the address and filters
by a key of this run of the server, so that it is good for the list it came from and cannot be made up.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from forewarn.errors import InputValueError, UnknownNameError, UsageError, shorten
from forewarn.operations.listing import Wanted
from forewarn.web.api.shapes import Field, Parameter, Schema

__all__ = ["LARGEST", "USUAL", "Question", "asked_of", "fields_parameter", "page_parameters", "single"]

USUAL, LARGEST = 50, 200
_KEY, _SEAL = secrets.token_bytes(32), 16
_CURSOR: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,800}$"}


@dataclass(frozen=True, slots=True)
class Question:
    """A list as asked for: what the store is asked, other filters, the fields, and what a cursor is bound to."""

    wanted: Wanted
    others: Mapping[str, Any]
    names: tuple[str, ...]
    bound: str

    def cursor(self, after: tuple[str, ...] | None) -> str | None:
        """The cursor of a place in this list, or nothing at its end."""
        if after is None:
            return None
        plain = json.dumps(after, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_seal(plain, self.bound) + plain).decode().rstrip("=")


def page_parameters() -> tuple[Parameter, ...]:
    """How a list is gone through."""
    limit: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL}
    return (
        Parameter("limit", limit, "most rows of a page", _limit),
        Parameter("cursor", _CURSOR, "go on where the last page ended: its next_cursor"),
    )


def fields_parameter(fields: Iterable[Field]) -> Parameter:
    """Which fields of a record are wanted."""
    names = [field.name for field in fields]
    form = {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1, "maxItems": len(names)}
    return Parameter("fields", form, "only these fields, with commas between", lambda value: _names(value, names))


def single(request: Request, known: Iterable[Parameter]) -> dict[str, Any]:
    """The parameters of a request as read. One that is unknown or given twice is refused."""
    by_name, found = {one.name: one for one in known}, dict[str, Any]()
    for name, value in request.query_params.multi_items():
        if name not in by_name or name in found:
            what = "is given twice" if name in found else "is no parameter here"
            raise UsageError(what, where=shorten(name, 40), mend=f"use {', '.join(by_name) or 'none'}")
        if len(value) > 4_000 or "\0" in value:
            raise InputValueError("is no text for this", where=name, mend="write less")
        try:
            found[name] = by_name[name].read(value)
        except InputValueError as error:
            raise InputValueError(error.what, where=name, mend=error.mend) from None
    return found


def asked_of(said: Mapping[str, Any], fields: Iterable[Field], path: str) -> Question:
    """The list as asked for, from its parameters as read."""
    said = dict(said)
    names = said.pop("fields", ()) or tuple(field.name for field in fields)
    limit, cursor = said.pop("limit", USUAL), said.pop("cursor", "")
    bound = json.dumps([path, sorted(said.items())])
    filters = {name: said.pop(name) for name in ("area", "since", "until", "act", "status") if name in said}
    after = _place(cursor, bound) if cursor else None
    return Question(Wanted(**filters, after=after, limit=limit), said, names, bound)


def _place(cursor: str, bound: str) -> tuple[str, ...]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (ValueError, binascii.Error):
        raw = b""
    if not hmac.compare_digest(raw[:_SEAL], _seal(raw[_SEAL:], bound)):
        raise UnknownNameError("is no place in this list", where="cursor", mend="begin at the first page")
    return tuple(json.loads(raw[_SEAL:]))


def _seal(plain: bytes, bound: str) -> bytes:
    return hmac.digest(_KEY, bound.encode() + bytes(1) + plain, "sha256")[:_SEAL]


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= LARGEST):
        raise InputValueError("is no number of rows", mend=f"give 1 to {LARGEST}")
    return int(value)


def _names(value: str, known: list[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.split(",")))
    for name in names:
        if name not in known:
            raise InputValueError(f"'{shorten(name, 40)}' is no field", mend=f"use of {', '.join(known)}")
    return names
