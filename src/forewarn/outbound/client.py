"""Fetching into a file, under a policy: the attempts, the redirects, the waits, and what an answer's status means.

Owns the order of steps. One instance serves one thread. What fails in passing is tried again after a growing pause
with jitter, or the pause the publisher asks for; what fails for good is an error at once.
"""

from __future__ import annotations

import email.utils
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import certifi
import httpcore

import forewarn
from forewarn.clock import utc_now
from forewarn.errors import ConfigurationError, ForewarnError, InputFormatError, InputNotFoundError, shorten
from forewarn.outbound.asking import SAFE_HEADERS, Answer, Ask, Policy
from forewarn.outbound.body import CutOffError, Part, forget, write_body
from forewarn.outbound.guard import Guard
from forewarn.outbound.places import Place, public_address

__all__ = ["Outbound"]

_MOST_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_GONE = {404: "is not there (404)", 410: "has been withdrawn for good (410)"}
_LONGEST_PAUSE_S = 60.0


class _PassingError(Exception):
    """A failure that may be over the next time, and how long the publisher asks to wait."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class Outbound:
    """Fetches, under a policy.

    Args:
        policy: see :class:`Policy`.
        sleep, jitter, clock, now: how to wait, a number in 0..1, seconds that only grow, the present instant; for
            tests.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._policy, self._sleep, self._jitter, self._now = policy, sleep, jitter, now
        self._guard = Guard(policy, clock)
        trusted = ssl.create_default_context(cafile=certifi.where())
        self._pool = httpcore.ConnectionPool(ssl_context=trusted, network_backend=self._guard, keepalive_expiry=5.0)

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()

    def fetch(self, ask: Ask, target: Path) -> Answer:
        """Put the body of what is asked for into the file ``target``; nothing is written where nothing has changed.

        Raises:
            ConfigurationError: the host is not allowed, or the publisher refuses the credential (401, 403).
            RuleError: the name leads to an address that is not public, or a redirect leaves https.
            InputNotFoundError: it is not there, or not to be had in time with all attempts.
            InputFormatError: it is of another media type, or packed in a way that is not read.
            InputError: it is too large.
        """
        where, failures, held = public_address(ask.address, ask.credential), 0, _held_bytes(target, ask)
        self._guard.start()
        while True:
            try:
                return self._attempt(ask, target, where)
            except _PassingError as error:
                now_held = _held_bytes(target, ask)
                failures, held = (1 if now_held > held else failures + 1), now_held
                self._pause(error, failures, shorten(where, 200))
            except ForewarnError as error:
                forget(target)
                error.where = error.where or shorten(where, 200)
                raise

    def send(self, ask: Ask) -> Answer:
        """Hand the body of ``ask`` over by POST; what is answered beside the status is not read.

        Redirects are not followed: a body goes to nobody but whom it was meant for. What fails in passing is tried
        again, so the receiver may see one body twice and tells them by ``once_key``.

        Raises:
            ConfigurationError: the host is not allowed, or the receiver refuses the credential (401, 403).
            RuleError: the name leads to an address that is not public.
            InputNotFoundError: nobody takes it, or not in time with all attempts.
        """
        where, failures = shorten(public_address(ask.address, ask.credential), 200), 0
        self._guard.start()
        while True:
            try:
                return self._handed_over(ask)
            except _PassingError as error:
                failures += 1
                self._pause(error, failures, where)
            except ForewarnError as error:
                error.where = error.where or where
                raise

    def _handed_over(self, ask: Ask) -> Answer:
        place = Place.of(ask.address, ask.credential)
        place.require_allowed(self._policy)
        with _passing(), self._opened(place, _headers(ask, place, None), ask) as response:
            told, status = _told(response), response.status
        if status in _PASSING:
            raise _PassingError(f"answered {status}", self._asked_pause(told.get("retry-after", "")))
        if status in (401, 403):
            raise ConfigurationError(f"the receiver refuses access ({status})", mend="check the secret agreed with it")
        if not 200 <= status < 300:
            raise InputNotFoundError(_GONE.get(status, f"answered {status}"), mend="check the address")
        return Answer(public_address(ask.address, ask.credential), status, ())

    def _pause(self, error: _PassingError, failures: int, where: str) -> None:
        """Wait before the next attempt, or give up."""
        wait_s = max(error.wait_s, min(2.0 ** (failures - 1), _LONGEST_PAUSE_S) * (0.5 + self._jitter()))
        left_s, mend = self._guard.left_s(), "try again later"
        if error.wait_s > self._policy.longest_wait_s:
            raise InputNotFoundError(f"{error}, and asks to wait {error.wait_s:,.0f} s", where=where, mend=mend)
        if failures >= self._policy.attempts:
            raise InputNotFoundError(f"{error}, {failures} times in a row", where=where, mend=mend)
        if wait_s > left_s:
            raise InputNotFoundError(f"{error}; no time is left to wait", where=where, mend=mend)
        self._sleep(wait_s)

    def _attempt(self, ask: Ask, target: Path, where: str) -> Answer:
        """One attempt, redirects included."""
        place = Place.of(ask.address, ask.credential)
        part = Part.of(target, ask) if ask.is_resumable else None
        for _ in range(_MOST_REDIRECTS + 1):
            place.require_allowed(self._policy)
            with _passing(), self._opened(place, _headers(ask, place, part), ask) as response:
                told = _told(response)
                if response.status not in _MOVED or ask.form is not None:
                    return self._taken(ask, response, told, target, part)
            place = place.moved(told.get("location", ""))
        raise InputNotFoundError(f"redirects more than {_MOST_REDIRECTS} times", mend="check the address")

    @contextmanager
    def _opened(self, place: Place, headers: list[tuple[str, str]], ask: Ask) -> Iterator[httpcore.Response]:
        patience = dict.fromkeys(("connect", "read", "write", "pool"), self._policy.silence_s)
        content = ask.body if ask.form is None else urlencode(ask.form).encode()
        method, url = "GET" if content is None else "POST", place.request_url()
        with self._pool.stream(
            method, url, headers=headers, content=content, extensions={"timeout": patience}
        ) as response:
            yield response

    def _taken(
        self, ask: Ask, response: httpcore.Response, told: Mapping[str, str], target: Path, part: Part | None
    ) -> Answer:
        """The answer, its body in the file."""
        self._require_answer(response.status, told, ask)
        size = 0
        if response.status == 206 and not (part and part.goes_on(told)):
            forget(target)
            raise _PassingError("answered with another part than was asked for")
        if response.status != 304:
            limit = min(ask.largest_bytes or self._policy.largest_bytes, self._policy.largest_bytes)
            going_on = part if response.status == 206 else None
            size = write_body(ask, told, response.iter_stream(), target, limit=limit, part=going_on)
        secret = ask.credential.value if ask.credential else ""
        kept = tuple((name, shorten(told[name], 300)) for name in SAFE_HEADERS if name in told)
        kept = tuple((name, value) for name, value in kept if not secret or secret not in value)
        return Answer(public_address(ask.address, ask.credential), response.status, kept, size)

    def _require_answer(self, status: int, told: Mapping[str, str], ask: Ask) -> None:
        """Pass what can be taken: 200, a part that was asked for, or that nothing has changed."""
        if status in (401, 403) or (status == 400 and ask.form is not None):
            mend = "check the token or name in the settings, and what the publisher lets it read"
            raise ConfigurationError(f"the publisher refuses access ({status})", mend=mend)
        if status in _PASSING or status == 416:
            raise _PassingError(f"answered {status}", self._asked_pause(told.get("retry-after", "")))
        if status == 304 and (ask.etag or ask.last_modified):
            return
        if status not in (200, 206):
            raise InputNotFoundError(_GONE.get(status, f"answered {status}"), mend="check the address")
        found = told.get("content-type", "").partition(";")[0].strip().lower()
        if ask.media_types and found not in ask.media_types:
            what = f"is '{shorten(found)}', not {' or '.join(ask.media_types)}"
            raise InputFormatError(what, mend="is it a page for people, or an outage? look at the address")

    def _asked_pause(self, text: str) -> float:
        """Seconds of a Retry-After, given as a number or as a date; 0 where it says nothing."""
        if re.fullmatch(r"\d{1,9}", text):
            return float(text)
        try:
            at = email.utils.parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return 0.0
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - self._now()).total_seconds())


@contextmanager
def _passing() -> Iterator[None]:
    """Failures of the connection as ones that may be over the next time; a certificate that is not trusted stays so."""
    try:
        yield
    except httpcore.TimeoutException:
        raise _PassingError("fell silent or took too long") from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if any(isinstance(told, ssl.SSLCertVerificationError) for told in error.args):
            raise InputNotFoundError("shows a certificate that is not trusted", mend="check the address") from None
        is_connecting = isinstance(error, httpcore.ConnectError)
        raise _PassingError("cannot be reached" if is_connecting else "broke off the connection") from None
    except CutOffError as error:
        raise _PassingError(str(error)) from None


def _headers(ask: Ask, place: Place, part: Part | None) -> list[tuple[str, str]]:
    """The headers of a request; a conditional question is not asked for the rest of a part."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    default = {"http": 80, "https": 443}[place.scheme]
    headers = [
        ("Host", host if place.port == default else f"{host}:{place.port}"),
        ("User-Agent", f"forewarn/{forewarn.__version__}"),
        ("Accept", ", ".join(ask.media_types) or "*/*"),
        # A part of a packed body cannot be told from a part of the unpacked one.
        ("Accept-Encoding", "identity" if ask.is_resumable else "gzip"),
    ]
    if place.credential and not place.credential.in_query:
        headers.append((place.credential.name, place.credential.value))
    if ask.form is not None:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    if ask.body is not None:
        headers += [("Content-Type", ask.content_type), *([("Idempotency-Key", ask.once_key)] if ask.once_key else [])]
    if part:
        return [*headers, ("Range", f"bytes={part.size}-"), ("If-Range", part.validator)]
    conditions = [("If-None-Match", ask.etag), ("If-Modified-Since", ask.last_modified)]
    return [*headers, *((name, value) for name, value in conditions if value)]


def _told(response: httpcore.Response) -> dict[str, str]:
    """The headers of an answer by small name; of repeated ones the first counts."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
    return found


def _held_bytes(target: Path, ask: Ask) -> int:
    """How much of the body an attempt can go on from."""
    part = Part.of(target, ask) if ask.is_resumable else None
    return part.size if part else 0
