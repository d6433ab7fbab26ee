"""Listening, on this machine alone, until stopped.

Nothing that is asked is logged: addresses may hold one-time links and ids. Forwarded addresses are not believed.
"""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from forewarn.errors import UsageError

__all__ = ["HOST", "bound", "run"]

HOST = "127.0.0.1"


def bound(port: int) -> socket.socket:
    """A socket of the loopback address, taken; 0 is any free port. Raises :class:`UsageError` for one in use."""
    # The protocol is named so that asyncio sees TCP and sends at once; else each answer waits 40 ms for the one before.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"port {port} cannot be taken ({error.strerror})", where="--port", mend="choose another"
        ) from None
    return made


def run(app: Starlette, listening: socket.socket, *, most: int) -> None:
    """Answer until the process is told to stop, at most so many requests at once."""
    settings = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off", ws="none",
        timeout_keep_alive=15, limit_concurrency=most,
    )  # fmt: skip
    uvicorn.Server(settings).run(sockets=[listening])
