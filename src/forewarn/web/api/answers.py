"""How the API answers: JSON with a strong ETag, 304 for who has it already, and one form for every error.

The ETag is over the answer *and* whose it is, so that what one person holds says nothing to another; no shared cache
keeps an answer, and one that a reason opened is kept by none at all. Errors are problem details (RFC 9457) with a code
that stays the same between versions.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError
from starlette.requests import Request
from starlette.responses import Response

from forewarn.errors import ForewarnError, shorten
from forewarn.web.guard import TooManyError

__all__ = ["PROBLEM_CODES", "NoTokenError", "answered", "encoded", "problem"]

_JSON: TypeAdapter[Any] = TypeAdapter(Any)
_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_TITLES = {
    400: "The request cannot be used", 401: "No token or session that holds", 403: "Not allowed", 404: "Not found",
    405: "Not with this method", 409: "A rule forbids it", 411: "The length is missing", 413: "Too large",
    415: "Of another kind", 422: "Cannot be worked out", 429: "Too many requests", 500: "The system failed",
    501: "Not installed", 503: "The store is busy", 507: "No space left",
}  # fmt: skip
PROBLEM_CODES = tuple(sorted(_TITLES))
"""The statuses of errors."""


class NoTokenError(ForewarnError):
    """Neither a token nor a session that holds."""

    http_status = 401


def encoded(value: Any) -> bytes:
    """JSON as it is sent: UTF-8, one form for one value; a number that is none is null."""
    with contextlib.suppress(PydanticSerializationError):  # half a character, which UTF-8 has no form for
        return _JSON.dump_json(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def answered(
    request: Request, body: bytes, whose: str, *, media_type: str = "application/json",
    headers: Mapping[str, str] | None = None, keep: bool = True,
) -> Response:  # fmt: skip
    """An answer with its ETag; 304 where the asker holds it; without its body for HEAD."""
    tag = f'"{sha256(whose.encode() + bytes(1) + body).hexdigest()}"'
    kept = "private, no-cache" if keep else "no-store"
    head = {"etag": tag, "cache-control": kept, "vary": "Authorization, Cookie, X-Reason", **(headers or {})}
    if _holds(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=head)
    if request.method == "HEAD":
        return Response(headers={**head, "content-length": str(len(body))}, media_type=media_type)
    return Response(body, media_type=media_type, headers=head)


def problem(
    error: ForewarnError, *, log_code: str = "", headers: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    """An error as problem details; of a failure of the system only a code that is in the log."""
    status = error.http_status if error.http_status in _TITLES else 500
    is_ours = status >= 500 and status not in (501, 503, 507)
    detail = "The system cannot answer now" if is_ours else f"{error.where}: {error.what}".lstrip(": ")
    said: dict[str, Any] = {
        "type": f"urn:forewarn:problem:{_code(error)}",
        "title": _TITLES[status],
        "status": status,
        "code": "failed" if is_ours else _code(error),
        "detail": shorten(detail, 300),
        "mend": "" if is_ours else error.mend,
    }
    if is_ours:
        said |= {"type": "urn:forewarn:problem:failed", "log_code": log_code}
    head = {"cache-control": "no-store", **(headers or {})}
    if isinstance(error, NoTokenError):
        head["www-authenticate"] = "Bearer"
    if isinstance(error, TooManyError):
        head["retry-after"] = "60"
    return Response(encoded(said), status, headers=head, media_type="application/problem+json")


def _code(error: ForewarnError) -> str:
    """``unknown_name`` of ``UnknownNameError``."""
    return _WORD.sub("_", type(error).__name__.removesuffix("Error")).lower()


def _holds(said: str, tag: str) -> bool:
    names = [one.strip().removeprefix("W/") for one in said.split(",")]
    return tag in names or names == ["*"]
