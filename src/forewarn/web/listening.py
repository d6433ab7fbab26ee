"""Listening, on this machine alone, until stopped.

Nothing that is asked is logged: addresses may hold one-time links and ids. Forwarded addresses are not believed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from forewarn.errors import UsageError
from forewarn.web.heads import BoundedProtocol

__all__ = ["HOST", "bound", "run"]

HOST = "127.0.0.1"

_DEALS = sys.platform == "linux"


def bound(port: int, *, processes: int = 1) -> socket.socket:
    """A socket of the loopback address, taken; 0 is any free port. Raises :class:`UsageError` for one in use.

    Who calls from now on waits until pages are ready, and is not refused.
    With several ``processes`` the port can be taken again by this user, for the socket of each (:func:`run`).
    """
    if port and processes > 1:
        _taken(port).close()  # a port that somebody shares already would else be shared with them
    made = _taken(port, shared=processes > 1)
    made.listen(128)
    return made


def run(
    app: Starlette, listening: socket.socket, *, most: int, processes: int = 1, begin: Callable[[], None] = lambda: None
) -> None:
    """Answer until told to stop, at most so many requests at once in each of some processes, each of which ``begin``s.

    The others are copies of this one, made before it answers anybody, with the same key of forms; they end with it.
    What is counted in memory (failed sign-ins, the pace of tokens) each counts for itself. Each has a socket of its
    own where the system deals connections out among them (Linux): from one socket, whoever is awake first takes all.
    """
    port = listening.getsockname()[1]
    sockets = [_taken(port, shared=True) if _DEALS else listening for _ in range(processes - 1)]
    others = [_copied(app, own, most, {listening, *sockets} - {own}, begin) for own in sockets]
    for one in set(sockets) - {listening}:
        one.close()
    try:
        begin()
        _answer(app, listening, most)
    finally:
        for pid in others:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)


def _taken(port: int, *, shared: bool = False) -> socket.socket:
    # The protocol is named so that asyncio sees TCP and sends at once; else each answer waits 40 ms for the one before.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared and _DEALS:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"port {port} cannot be taken ({error.strerror})", where="--port", mend="choose another"
        ) from None
    return made


def _copied(
    app: Starlette, listening: socket.socket, most: int, others: set[socket.socket], begin: Callable[[], None]
) -> int:
    """The id of another process that answers at the same address; the sockets of the others are not kept there."""
    pid = os.fork()
    if pid:
        return pid
    for one in others:
        one.close()
    parent = os.getppid()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        begin()
        _answer(app, listening, most)
    except KeyboardInterrupt:
        pass
    finally:
        os._exit(0)  # nothing of the parent's is wound up twice


def _end_with(parent: int) -> None:
    """Stop this process once the one that made it is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _answer(app: Starlette, listening: socket.socket, most: int) -> None:
    settings = uvicorn.Config(
        app, http=BoundedProtocol, loop="asyncio", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, lifespan="off", ws="none", timeout_keep_alive=15, limit_concurrency=most,
    )  # fmt: skip
    uvicorn.Server(settings).run(sockets=[listening])
