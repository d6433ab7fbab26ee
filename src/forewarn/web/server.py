"""Listening, on this machine alone, until stopped.

Nothing that is asked is logged: addresses may hold one-time links and ids. Forwarded addresses are not believed.
"""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from forewarn.errors import UsageError
from forewarn.operations.workspace import Workspace
from forewarn.web.app import make_app
from forewarn.web.partners import make_partners_app

__all__ = ["HOST", "bound", "serve", "serve_partners"]

HOST = "127.0.0.1"


def bound(port: int) -> socket.socket:
    """A socket of the loopback address, taken; 0 is any free port. Raises :class:`UsageError` for one in use."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"port {port} cannot be taken ({error.strerror})", where="--port", mend="choose another"
        ) from None
    return made


def serve(workspace: Workspace, listening: socket.socket) -> None:
    """Answer browsers until the process is told to stop."""
    _run(make_app(workspace), listening, most=100)


def serve_partners(workspace: Workspace, listening: socket.socket, *, by: str) -> None:
    """Answer partners' servers until the process is told to stop; ``by`` is noted as taking in what comes."""
    _run(make_partners_app(workspace, by), listening, most=20)


def _run(app: Starlette, listening: socket.socket, *, most: int) -> None:
    settings = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off", ws="none",
        timeout_keep_alive=15, limit_concurrency=most,
    )  # fmt: skip
    uvicorn.Server(settings).run(sockets=[listening])
