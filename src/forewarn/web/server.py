"""Answering browsers, on this machine alone, until stopped."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.applications import Starlette

from forewarn.clock import utc_now
from forewarn.operations.accounts import session_of
from forewarn.operations.beforehand import look_beforehand, read_beforehand
from forewarn.operations.workspace import Workspace
from forewarn.web.app import make_app
from forewarn.web.asked import make_ready
from forewarn.web.listening import HOST, bound, run

__all__ = ["HOST", "bound", "ready", "serve"]


def serve(workspace: Workspace, listening: socket.socket, *, processes: int = 1) -> None:
    """Answer until the process is told to stop; in several processes where that is wished."""
    with ready(workspace) as app:
        run(app, listening, most=100, processes=processes, begin=lambda: look_beforehand(workspace))


@contextmanager
def ready(workspace: Workspace) -> Iterator[Starlette]:
    """The application, with what the first reader would else wait for. Nothing of it grows with the store.

    What is in memory then stays as long as the server: it is taken out of what the collector of garbage looks through,
    which would else hold a reader up for a fifth of a second now and then, and copy it into each of several processes.
    """
    app = make_app(workspace)
    app.middleware_stack = app.build_middleware_stack()
    make_ready()
    read_beforehand()
    anyio.run(anyio.sleep, 0)  # reads the part of it that serves this event loop
    session_of(workspace, "nobody's", at=utc_now())  # the statement that every page asks first
    workspace.database.close()  # a connection is not for two processes; each opens its own
    gc.collect()
    gc.freeze()
    try:
        yield app
    finally:
        gc.unfreeze()  # else libraries report at the end of the process what was not let go of
