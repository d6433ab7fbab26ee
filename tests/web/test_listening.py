"""What the wire is read by: whole requests pass, heads without end do not, and nothing is added behind a body."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from forewarn.errors import UsageError
from forewarn.web.heads import LARGEST_HEAD_BYTES
from forewarn.web.listening import bound

ECHO = """
import json, sys
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from forewarn.web.listening import bound, run

async def told(request):
    size = len(await request.body())
    return JSONResponse({"size": size, "head": request.headers.items()})

with bound(0, processes=2) as listening:
    print(listening.getsockname()[1], flush=True)
    run(Starlette(routes=[Route("/", told, methods=["POST"])]), listening, most=50, processes=2)
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Two processes that say what they were sent."""
    with subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        found, last = int(server.stdout.readline()), time.monotonic() + 60
        while not is_open(found):
            assert time.monotonic() < last
            time.sleep(0.02)
        yield found
        server.terminate()


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_request_is_read_whole_and_kept_apart_from_the_next(port: int) -> None:
    """Two on one connection, the second with a large body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for size in (0, 300_000):
        connection.request("POST", "/", body=b"a" * size, headers={"x-said": str(size)})
        told = json.loads(connection.getresponse().read())
        assert told["size"] == size
        assert ["x-said", str(size)] in told["head"]
    connection.close()


def test_a_head_without_end_is_refused(port: int) -> None:
    """It is not held until memory ends; whether in one field or in many."""
    for part in (b"a" * 1000, b"x-more: a\r\n" * 100):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as one:
            one.sendall(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-first: ")
            sent = 0
            with pytest.raises(OSError, match=r"reset|[Bb]roken"):  # noqa: PT012 - it is the sending that fails
                while sent < 100 * LARGEST_HEAD_BYTES:
                    one.sendall(part)
                    sent += len(part)
            assert sent < 100 * LARGEST_HEAD_BYTES


def test_what_stands_behind_a_body_is_no_part_of_the_head(port: int) -> None:
    """A field after a body in chunks, which a server in front may not have looked at, says nothing here."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as one:
        one.sendall(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n")
        one.sendall(b"3\r\nabc\r\n0\r\nx-late: said\r\n\r\n")
        told = b"".join(iter(lambda: one.recv(65_536), b""))
    assert b'"size":3' in told
    assert b"x-late" not in told


def test_a_port_that_processes_share_is_not_shared_with_another_server(port: int) -> None:
    """Whoever starts a second one is told, however many processes it has."""
    for processes in (1, 2):
        with pytest.raises(UsageError, match="cannot be taken"):
            bound(port, processes=processes)
