"""Several processes at one address: the same key of forms, and none left behind."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from forewarn.config import load_settings
from forewarn.operations.init import init


def test_all_end_with_the_first_however_it_ends(tmp_path: Path) -> None:
    """Two processes answer; once the first was killed outright, nobody listens any more."""
    init(load_settings({"workspace": tmp_path / "w"}, environ={}))
    command = [sys.executable, "-m", "forewarn", "serve", "--port", "0", "--processes", "2", "--json"]
    with subprocess.Popen([*command, "--workspace", str(tmp_path / "w")], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        said = "".join(iter(first.stdout.readline, "}\n"))
        found = re.search(r"127\.0\.0\.1:(\d+)", said)
        assert found
        port = int(found[1])
        wait_until(lambda: is_open(port))
        for _ in range(6):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/api/v1/openapi.json")
            assert connection.getresponse().status == 200
            connection.close()
        first.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_open(port))


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds: object, seconds: float = 60) -> None:
    """Until it holds; an error where it never does."""
    last = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < last
        time.sleep(0.05)
