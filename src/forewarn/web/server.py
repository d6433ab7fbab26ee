"""Answering browsers, on this machine alone, until stopped."""

from __future__ import annotations

import socket

from forewarn.operations.workspace import Workspace
from forewarn.web.app import make_app
from forewarn.web.listening import HOST, bound, run

__all__ = ["HOST", "bound", "serve"]


def serve(workspace: Workspace, listening: socket.socket) -> None:
    """Answer until the process is told to stop."""
    run(make_app(workspace), listening, most=100)
