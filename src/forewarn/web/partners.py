"""The door for partners' servers: one address, POST alone, no session, no page, no answer to anybody we do not trust.

A head of bounded size is read and checked before a byte of the body; a failure says its status and nothing else.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from forewarn.clock import utc_now
from forewarn.errors import ForewarnError, InputFormatError
from forewarn.logs import get_logger
from forewarn.operations.package_porter import MEDIA_TYPE, PREFIX, Porter, head_size
from forewarn.operations.workspace import Workspace
from forewarn.web.listening import run

__all__ = ["ADDRESS", "make_partners_app", "serve_partners"]

ADDRESS = "/exchange"

_SECONDS = 60
_log = get_logger("web")


def make_partners_app(workspace: Workspace, by: str, *, clock: Callable[[], datetime] = utc_now) -> Starlette:
    """The application over an open workspace; ``by`` is noted as having taken in what comes."""
    porter = Porter(workspace, by, clock())

    async def endpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(_SECONDS):
                data = await _answered(porter, clock, request)
        except ForewarnError as error:
            _log.warning("partner refused", error=type(error).__name__, http_status=error.http_status)
            return Response(status_code=error.http_status)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        except Exception as error:  # the last net: its message may hold content, so only kind and place are logged
            _log.error("partner not answered", http_status=500, exc_info=error)
            return Response(status_code=500)
        return Response(data, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})

    return Starlette(routes=[Route(ADDRESS, endpoint, methods=["POST"])])


def serve_partners(workspace: Workspace, listening: socket.socket, *, by: str) -> None:
    """Answer until the process is told to stop."""
    run(make_partners_app(workspace, by), listening, most=20)


async def _answered(porter: Porter, clock: Callable[[], datetime], request: Request) -> bytes:
    stream = request.stream()
    start = await _read(stream, b"", PREFIX)
    end = PREFIX + head_size(start[:PREFIX])
    start = await _read(stream, start, end)
    heard = await run_in_threadpool(porter.admit, start[PREFIX:end], clock())
    body = await _read(stream, start[end:], heard.body_size)
    if len(body) != heard.body_size or await _read(stream, b"", 1):
        raise InputFormatError("is not as long as announced", where="sync", mend="try again")
    return await run_in_threadpool(porter.answer, heard, body, clock())


async def _read(stream: AsyncIterator[bytes], held: bytes, least: int) -> bytes:
    """So many bytes at least, and what came along with the last of them; fewer where there are no more."""
    parts, size = [held], len(held)
    while size < least:
        part = await anext(stream, None)
        if part is None:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)
