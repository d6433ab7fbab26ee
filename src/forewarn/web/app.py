"""The application: which address leads to which page, who must be signed in, and what a failure looks like.

Every address but the few of :data:`forewarn.web.pages.OPEN` asks for a session, so that a new page is closed unless
somebody opens it. A failure nobody foresaw shows an id that is in the log, and nothing else.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from forewarn.clock import utc_now
from forewarn.errors import ForewarnError, InputFormatError
from forewarn.logs import get_logger
from forewarn.operations.accounts import session_of
from forewarn.operations.workspace import Workspace, now_of
from forewarn.web import files
from forewarn.web.api.routes import api
from forewarn.web.asked import Asked, Door, Page, rendered, turn_to
from forewarn.web.guard import (
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    LARGEST_FORM_BYTES,
    SESSION_COOKIE,
    Guarded,
    remember,
    require_own,
    single_fields,
)
from forewarn.web.languages import chosen
from forewarn.web.pages import ENTRIES, FORMS, OPEN, READ, UPLOADS
from forewarn.web.uploads import received

__all__ = ["make_app"]

Sent = tuple[dict[str, str], dict[str, Path]]
"""The fields and files of a form."""

_log = get_logger("web")


def make_app(workspace: Workspace, *, clock: Callable[[], datetime] = utc_now) -> Starlette:
    """The application over an open workspace; ``clock`` gives the instant sessions and links are judged by."""
    door = Door(workspace, clock, entries=ENTRIES)

    async def missing(request: Request, _error: Exception) -> Response:
        status = _error.status_code if isinstance(_error, HTTPException) else 404
        return rendered(None, "error.html", status=status, what="There is no such page", mend="", code="")

    routes: list[BaseRoute] = [api(door), *files.routes()]
    routes += [Route(path, _read(door, path, page), methods=["GET"]) for path, page in READ.items()]
    routes += [Route(path, _sent(door, path, *form), methods=["POST"]) for path, form in FORMS.items()]
    routes += [Route(path, _brought(door, path, *form), methods=["POST"]) for path, form in UPLOADS.items()]
    return Starlette(routes=routes, middleware=[Middleware(Guarded)], exception_handlers={HTTPException: missing})


def _read(door: Door, path: str, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_answer, door, request, path, page, None)

    return endpoint


def _sent(door: Door, path: str, page: Page, known: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_FORM_BYTES:
                break
        return await run_in_threadpool(_answer, door, request, path, page, lambda: _fields(request, body, known))

    return endpoint


def _brought(door: Door, path: str, page: Page, known: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
    """A form with files; who is not signed in is turned away before a byte of it is read."""

    async def endpoint(request: Request) -> Response:
        if (await run_in_threadpool(_asked, door, request)).who is None:
            return turn_to("/sign-in")
        with TemporaryDirectory(prefix="forewarn-") as folder:
            try:
                sent = await received(request, known, Path(folder))
            except ForewarnError as error:
                return await run_in_threadpool(_answer, door, request, path, page, partial(_refused, error))
            return await run_in_threadpool(_answer, door, request, path, page, lambda: sent)

    return endpoint


def _refused(error: ForewarnError) -> Sent:
    raise error


def _fields(request: Request, body: bytes, known: tuple[str, ...]) -> Sent:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise InputFormatError("is of another kind", where="form", mend="send the form as it is")
    return single_fields(body, known), {}


def _answer(door: Door, request: Request, path: str, page: Page, sent: Callable[[], Sent] | None) -> Response:
    """Make the page; whatever goes wrong becomes a page too."""
    asked = None
    try:
        asked = _asked(door, request)
        if path not in OPEN and asked.who is None:
            return turn_to("/sign-in")
        if sent is not None:
            require_own(request)
            form, brought = sent()
            door.key.require(asked.cookie, form.pop("csrf", ""))
            asked = replace(asked, form=form, files=brought)
        response = page(asked)
    except ForewarnError as error:
        response = _failed(asked, error)
    except Exception as error:  # the last net: its message may hold content, so only kind and place are logged
        code = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(12))
        _log.error("page failed", code=code, http_status=500, exc_info=error)
        what = "Something went wrong that nobody foresaw; nothing half-done was kept"
        response = rendered(asked, "error.html", status=500, what=what, mend="", code=code)
    if asked and asked.who is None and FORM_COOKIE not in request.cookies:
        remember(response, FORM_COOKIE, asked.cookie)
    return response


def _asked(door: Door, request: Request) -> Asked:
    at = door.clock()
    workspace = replace(door.workspace, now=now_of(door.workspace.settings))
    token = request.cookies.get(SESSION_COOKIE, "")
    who = session_of(workspace, token, at=at)
    cookie = token if who else request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    language = chosen(request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("accept-language", ""))
    return Asked(request, door, workspace, at, {}, cookie, who, language)


def _failed(asked: Asked | None, error: ForewarnError) -> Response:
    """A failure in its own words; to who is not signed in a failure of the system says only that it is one."""
    is_ours = error.http_status >= 500
    code = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(12)) if is_ours else ""
    if is_ours:
        _log.error("page failed", code=code, http_status=error.http_status, exc_info=error)
    what = "The system cannot answer now" if is_ours else error.what
    return rendered(
        asked,
        "error.html",
        status=error.http_status,
        where="" if is_ours else error.where,
        what=what,
        mend="" if is_ours else error.mend,
        code=code,
    )
