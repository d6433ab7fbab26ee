"""The addresses of the API, made from the table, and what becomes of a failure there: problem details, never a page.

Every address asks for a token or a session, the OpenAPI document alone excepted: it tells the form of things and holds
nothing of them.
"""

from __future__ import annotations

import secrets
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from forewarn.errors import ForewarnError, UnknownNameError, UsageError
from forewarn.logs import get_logger
from forewarn.web.api import features, openapi
from forewarn.web.api.answers import answered, problem
from forewarn.web.api.door import Call, Pace, called
from forewarn.web.api.feeds import feed
from forewarn.web.api.intake import body_of, intake
from forewarn.web.api.records import list_of, one_of
from forewarn.web.api.table import RESOURCES, Resource
from forewarn.web.asked import Door

__all__ = ["ROOT", "MethodError", "api"]

ROOT = "/api/v1"

_Answer = Callable[[Call], Response]
_log = get_logger("api")
_AT_ONCE = 2
_limiters: WeakKeyDictionary[AbstractEventLoop, CapacityLimiter] = WeakKeyDictionary()


class MethodError(UsageError):
    """The address is not for that method."""

    http_status = 405


def api(door: Door) -> Mount:
    """All of the API, to be mounted in the application."""
    call = called(door, Pace())
    get = partial(_route, call)
    routes = [Route("/openapi.json", _document, methods=["GET"])]
    for one in RESOURCES:
        path = f"/{one.parent}/{{parent}}/{one.path}" if one.parent else f"/{one.path}"
        routes.append(get(path, partial(list_of, resource=one)))
    routes += [get(f"/{one.path}/{{name{_reach(one)}}}", partial(one_of, resource=one)) for one in RESOURCES if one.one]
    routes.insert(1, Route("/channels/{name}/intake", _handed_in(call), methods=["POST"]))
    base, items = features.BASE, f"{features.BASE}/collections/{{collection}}/items"
    ogc: dict[str, _Answer] = {
        base: features.landing,
        f"{base}/conformance": features.conformance,
        f"{base}/collections": features.collections,
        f"{base}/collections/{{collection}}": features.collection,
        items: features.items,
        f"{items}/{{name}}": features.item,
        "/feeds/{name}": feed,
    }
    routes += [get(path, answer) for path, answer in ogc.items()]
    made = Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: _unforeseen})
    made.router.redirect_slashes = False
    return Mount(ROOT, app=made)


async def _in_turn(answer: Callable[..., Response], *given: Any) -> Response:
    """In one of few threads: more would fight for the interpreter and for connections, and be slower together."""
    limiter = _limiters.setdefault(get_running_loop(), CapacityLimiter(_AT_ONCE))
    return await to_thread.run_sync(partial(answer, *given), limiter=limiter)


def _reach(one: Resource) -> str:
    """The name of an area may hold a stroke."""
    return ":path" if one.path == "situations" else ""


def _route(call: Callable[[Request], Call], path: str, answer: _Answer) -> Route:
    async def endpoint(request: Request) -> Response:
        return await _in_turn(_answer, request, lambda: answer(call(request)))

    return Route(path, endpoint, methods=["GET"])


def _handed_in(call: Callable[[Request], Call]) -> Callable[[Request], Awaitable[Response]]:
    """The token first: nobody without one makes the system read a body."""

    async def endpoint(request: Request) -> Response:
        asker: Call | None = None

        def ask() -> Response:
            nonlocal asker
            asker = call(request)
            return Response()

        refused = await _in_turn(_answer, request, ask)
        if asker is None:
            return refused
        body: bytes | ForewarnError
        try:
            body = await body_of(request)
        except ForewarnError as error:
            body = error
        return await _in_turn(_answer, request, partial(intake, asker, body))

    return endpoint


def _answer(_request: Request, answer: Callable[[], Response]) -> Response:
    try:
        return answer()
    except ForewarnError as error:
        return _failed(error) if error.http_status >= 500 else problem(error)
    except Exception as error:  # the last net: its message may hold content, so only kind and place are logged
        return _failed(error)


def _failed(error: Exception) -> Response:
    code = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(12))
    _log.error("request failed", code=code, http_status=500, exc_info=error)
    return problem(error if isinstance(error, ForewarnError) else ForewarnError("failed"), log_code=code)


async def _document(request: Request) -> Response:
    if request.query_params:
        return problem(UsageError("takes no parameter", where="openapi.json", mend="leave them out"))
    return answered(request, openapi.document(), "", media_type="application/vnd.oai.openapi+json;version=3.1")


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 405 and isinstance(error, HTTPException):
        allowed = dict(error.headers or {})
        said = MethodError("is not for this method", where="address", mend=f"use {allowed.get('Allow', 'GET')}")
        return problem(said, headers=allowed)
    return problem(UnknownNameError("there is no such address", mend=f"see {ROOT}/openapi.json"))


async def _unforeseen(_request: Request, error: Exception) -> Response:
    return _failed(error)
