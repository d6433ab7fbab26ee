"""Answering browsers, on this machine alone, until stopped."""

from __future__ import annotations

import socket

from forewarn.operations.workspace import Workspace
from forewarn.web.app import make_app
from forewarn.web.asked import make_ready
from forewarn.web.listening import HOST, bound, run

__all__ = ["HOST", "bound", "serve"]


def serve(workspace: Workspace, listening: socket.socket, *, processes: int = 1) -> None:
    """Answer until the process is told to stop; in several processes where that is wished."""
    app = make_app(workspace)
    make_ready()
    workspace.database.answer_briefly()
    workspace.database.close()  # a connection is not for two processes; each opens its own
    run(app, listening, most=100, processes=processes)
