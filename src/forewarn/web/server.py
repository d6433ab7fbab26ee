"""Answering browsers, on this machine alone, until stopped."""

from __future__ import annotations

import socket

from starlette.applications import Starlette

from forewarn.operations.workspace import Workspace
from forewarn.web.app import make_app
from forewarn.web.asked import make_ready
from forewarn.web.listening import HOST, bound, run

__all__ = ["HOST", "bound", "ready", "serve"]


def serve(workspace: Workspace, listening: socket.socket, *, processes: int = 1) -> None:
    """Answer until the process is told to stop; in several processes where that is wished."""
    run(ready(workspace), listening, most=100, processes=processes)


def ready(workspace: Workspace) -> Starlette:
    """The application, with what the first reader would else wait for: nothing of it reads the store."""
    app = make_app(workspace)
    make_ready()
    workspace.database.answer_briefly()
    workspace.database.close()  # a connection is not for two processes; each opens its own
    return app
