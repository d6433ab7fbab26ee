"""What stands between a request and the system: hosts, headers, cookies, tokens of forms, a brake on guessing.

Refuses what it does not know: a foreign host (so that no other site can borrow this address), a form from another
origin or without its token, a field that the form does not have, and a body too large to be a form.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewarn.errors import ForewarnError, InputFormatError, RuleError, UsageError, shorten

__all__ = [
    "FORM_COOKIE", "LANGUAGE_COOKIE", "POLICY", "SESSION_COOKIE", "Brake", "FormKey", "Guarded", "TooManyError",
    "forget", "remember", "require_own", "single_fields",
]  # fmt: skip

SESSION_COOKIE = "__Host-forewarn"
FORM_COOKIE = "__Host-forewarn-form"
LANGUAGE_COOKIE = "__Host-forewarn-language"
HOSTS = frozenset({"127.0.0.1", "localhost"})
LARGEST_FORM_BYTES = 65_536

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
    ("x-robots-tag", "noindex, nofollow"),
)
_ENCODED = [(name.encode(), value.encode()) for name, value in _HEADERS]


class TooManyError(ForewarnError):
    """Too many attempts; the door stays shut for a while."""

    http_status = 429


class Guarded:
    """The application with a check of the host before it and the headers of safety on all it answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                message["headers"] += [(name, value) for name, value in _ENCODED if name not in said]
            await send(message)

        answer: ASGIApp = self.app
        if _host_of(Request(scope).headers.get("host", "")) not in HOSTS:
            answer = PlainTextResponse("This address is not served here.", status_code=400)
        await answer(scope, receive, send_with_headers)


class FormKey:
    """Makes and checks the tokens of forms; bound to a cookie, and to this run of the server."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def token(self, cookie: str) -> str:
        """The token that a form shown to the holder of that cookie carries."""
        return hmac.digest(self._key, cookie.encode(), "sha256").hex()

    def require(self, cookie: str, token: str) -> None:
        """Raise :class:`RuleError` unless the token belongs to the cookie."""
        if not cookie or not hmac.compare_digest(self.token(cookie).encode(), token.encode()):
            raise RuleError(
                "this form is no longer good", where="form", mend="go back, load the page anew and try again"
            )


class Brake:
    """Counts failures to sign in, by name and over all, and shuts the door when there are too many."""

    PER_NAME, OVER_ALL, WITHIN = 5, 50, timedelta(minutes=15)

    def __init__(self) -> None:
        self._failures: deque[tuple[datetime, str]] = deque()
        self._lock = threading.Lock()

    def attempt(self, name: str, at: datetime) -> None:
        """Count an attempt as failed until :meth:`succeeded`. Raises :class:`TooManyError`."""
        with self._lock:
            while self._failures and self._failures[0][0] <= at - self.WITHIN:
                self._failures.popleft()
            of_name = sum(one == name for _, one in self._failures)
            if of_name >= self.PER_NAME or len(self._failures) >= self.OVER_ALL:
                raise TooManyError("too many attempts", where="sign-in", mend="wait a quarter of an hour")
            self._failures.append((at, name))

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name that has signed in."""
        with self._lock:
            self._failures = deque(one for one in self._failures if one[1] != name)


def require_own(request: Request) -> None:
    """Raise :class:`RuleError` for a form that another site sent."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise RuleError("this form came from another site", where="form", mend="use the form on this site")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise RuleError("this form came from another site", where="form", mend="use the form on this site")


def single_fields(body: bytes, known: Iterable[str]) -> dict[str, str]:
    """The fields of a form, each at most once and none that the form does not have."""
    if len(body) > LARGEST_FORM_BYTES:
        raise InputFormatError("is too large", where="form", mend="write less")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=40)
    except ValueError:
        raise InputFormatError("cannot be read", where="form", mend="send the form as it is") from None
    allowed, found = {*known, "csrf"}, {}
    for name, value in pairs:
        if name not in allowed or name in found:
            raise UsageError(
                f"'{shorten(name, 30)}' is no field of this form", where="form", mend="send the form as it is"
            )
        found[name] = value.replace("\r\n", "\n").replace("\0", "")
    return found


def remember(response: Response, cookie: str, value: str) -> None:
    """Set a cookie that only this server reads, over this site's own requests, until the browser closes."""
    response.set_cookie(cookie, value, path="/", secure=True, httponly=True, samesite="strict")


def forget(response: Response, cookie: str) -> None:
    """Remove a cookie."""
    response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="strict")


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
