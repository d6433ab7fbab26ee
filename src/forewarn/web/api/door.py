"""Who asks the API: a token of a person, or their session; how often; and why they need what is sensitive.

A request with a token is never helped by a cookie. Nothing is opened by an address. What is sent in needs a token, so
that no other site can make a browser send it. Each token, and each session, has its own pace.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.requests import Request

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, SeparationError, StoreError
from forewarn.model.access import Viewer
from forewarn.operations.accounts import session_of
from forewarn.operations.tokens import holder_of, note_use
from forewarn.operations.workspace import Workspace, now_of
from forewarn.web.api.answers import NoTokenError
from forewarn.web.asked import Door
from forewarn.web.guard import SESSION_COOKIE, TooManyError

__all__ = ["REASON_FORM", "Call", "Pace", "called"]

REASON_FORM = {"type": "string", "pattern": "^[!-~][ -~]{6,498}[!-~]$"}
_REASON = re.compile(r"[!-~][ -~]{6,498}[!-~]", re.ASCII)
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{20,100})", re.ASCII)


class Pace:
    """How often each may ask: at most :data:`MOST` requests within a minute, counted in memory."""

    MOST, WITHIN = 6_000, timedelta(minutes=1)

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}
        self._since: datetime | None = None
        self._lock = threading.Lock()

    def step(self, who: str, at: datetime) -> None:
        """Count one request. Raises :class:`TooManyError` above the pace."""
        with self._lock:
            if self._since is None or not self._since <= at < self._since + self.WITHIN:
                self._since, self._counted = at, {}
            self._counted[who] = self._counted.get(who, 0) + 1
            if self._counted[who] > self.MOST:
                raise TooManyError("too many requests", where="token", mend="wait a minute, and ask for larger pages")


class Uses:
    """Which tokens were used on which day, so that the store is told once a day, and asked again later where busy."""

    AGAIN = timedelta(minutes=10)

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, datetime]] = {}

    def note(self, workspace: Workspace, token_id: str, at: datetime) -> None:
        """Keep that a token was used on this day."""
        day, until = self._told.get(token_id, ("", at))
        if day == instant_text(at)[:10] or at < until:
            return
        self._told[token_id] = ("", at + self.AGAIN)
        try:
            note_use(workspace, token_id, at=at)
        except StoreError:  # busy or full: what was asked for is answered all the same
            return
        self._told[token_id] = (instant_text(at)[:10], at)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the API.

    Attributes:
        request: as received.
        workspace: with the present of this request.
        at: the real instant, for tokens.
        viewer: how far the asker sees, by the scopes of their token.
        whose: what an answer belongs to: the token or person.
        intake: channels they may hand data in through; empty for a session.
    """

    request: Request
    workspace: Workspace
    at: datetime
    viewer: Viewer
    whose: str
    intake: frozenset[str] = frozenset()

    def require(self, kind: str) -> None:
        """Raise :class:`SeparationError` where nothing of a kind may be seen with this token or session."""
        if kind not in self.viewer.sights:
            raise SeparationError("your roles, or the scopes of this token, do not give this", where=kind,
                                  mend=f"ask with a token whose scopes hold read:{kind}")  # fmt: skip


def called(door: Door, pace: Pace) -> Callable[[Request], Call]:
    """What makes a :class:`Call` of a request, or raises :class:`NoTokenError`."""

    uses = Uses()

    def make(request: Request) -> Call:
        at = door.clock()
        workspace = replace(door.workspace, now=now_of(door.workspace.settings))
        reason = _reason(request)
        if "authorization" in request.headers:
            made = _by_token(request, workspace, reason, at, pace)
            uses.note(workspace, made.whose, at)
            return made
        return _by_session(request, workspace, reason, at, pace)

    return make


def _by_token(request: Request, workspace: Workspace, reason: str, at: datetime, pace: Pace) -> Call:
    found = _BEARER.fullmatch(request.headers["authorization"].strip())
    holder = holder_of(workspace, found[1], reason, at=at) if found else None
    if holder is None:
        raise NoTokenError("this token was taken back, has expired, or never was", mend="make a new one")
    pace.step(holder.token_id, at)
    return Call(request, workspace, at, holder.who.viewer, holder.token_id, holder.intake)


def _by_session(request: Request, workspace: Workspace, reason: str, at: datetime, pace: Pace) -> Call:
    who = session_of(workspace, request.cookies.get(SESSION_COOKIE, ""), at=at)
    if who is None or request.method not in ("GET", "HEAD"):
        raise NoTokenError("needs a token", mend="send 'Authorization: Bearer TOKEN'; see 'forewarn tokens make'")
    pace.step(who.user_id, at)
    viewer = replace(who.viewer, reason=reason or who.viewer.reason)
    return Call(request, workspace, at, viewer, who.user_id)


def _reason(request: Request) -> str:
    said = request.headers.getlist("x-reason")
    if not said:
        return ""
    if len(said) > 1 or not _REASON.fullmatch(said[0].strip()):
        raise InputValueError("is none", where="X-Reason", mend="say in 8 to 500 ASCII characters what you need it for")
    return said[0].strip()
