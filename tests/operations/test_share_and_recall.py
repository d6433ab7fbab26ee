"""The story of three desks, run as it stands on its page: real processes, three stores, one desk away for a week."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.operations.demo import Demonstration

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "share-and-recall.md"

ZYGOTE = """\
import importlib, os, socket, struct, sys
from forewarn.__main__ import main
for name in ("package", "partners", "release", "evidence", "init"):
    importlib.import_module(f"forewarn.cli.{name}")
with socket.socket(socket.AF_UNIX) as door:
    door.bind(sys.argv[1])
    door.listen(64)
    print("ready", flush=True)
    while True:
        line, _ = door.accept()
        if os.fork():
            line.close()
            continue
        door.close()
        asked, streams, _, _ = socket.recv_fds(line, 65536, 3)
        cwd, environ, argv = eval(asked)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environ)
        if os.fork():
            os._exit(0)
        line.send(struct.pack("i", os.getpid()))
        code = 1
        try:
            code = main(argv)
        finally:
            sys.stdout.flush()
            line.send(struct.pack("i", code or 0))
            os._exit(0)
"""
"""Starts every command as a process of its own, from one that has read the program already."""

STUB = """\
#!/usr/bin/env -S python3 -I -S
import os, signal, socket, struct, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({door!r})
    asked = repr((os.getcwd(), dict(os.environ), sys.argv[1:]))
    socket.send_fds(line, [asked.encode()], [0, 1, 2])
    pid, = struct.unpack("i", line.recv(4))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    got = line.recv(4)
sys.exit(struct.unpack("i", got)[0] if got else 1)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment in which ``forewarn`` can be called."""
    door, folder = tmp_path / "door", tmp_path / "bin"
    folder.mkdir()
    (folder / "forewarn").write_text(STUB.format(door=str(door)))
    (folder / "forewarn").chmod(0o755)
    path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    with subprocess.Popen(
        [sys.executable, "-c", ZYGOTE, str(door)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield environment
        os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_dnh_21_the_page_of_the_three_desks_runs(
    machine: dict[str, str], played: Demonstration, tmp_path: Path
) -> None:
    """DNH-21: recalled at second hand, by a desk that was away, acknowledged, and seen by the sender at every step."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    shutil.copytree(played.workspace, tmp_path / "north")
    script = "".join(f"echo '== {number}'\n{block}" for number, block in enumerate(blocks))
    assert script.count("forewarn demo --workspace north\n") == 1
    script = script.replace("forewarn demo --workspace north\n", "").replace("8401", str(free_port()))
    with (tmp_path / "said.txt").open("w") as file:
        code = subprocess.run(
            ["bash"],
            input=script,
            cwd=tmp_path,
            env=machine,
            stdout=file,
            stderr=file,
            text=True,
            timeout=240,
            check=False,
        ).returncode
    told = (tmp_path / "said.txt").read_text()
    assert code == 0, told
    said = re.split(r"^== \d+\n", told, flags=re.MULTILINE)[1:]
    shared, recalled, later = (one for one in said if "Answers" in one)
    assert "not yet" not in shared
    assert recalled.count("not yet") == 1
    assert "not yet" not in later
    assert json.loads((tmp_path / "sync.json").read_text())[0]["problem"] == ""
    assert not (tmp_path / "wrong.csv").exists()
    item = (tmp_path / "shared.csv").read_text().splitlines()[1].partition(",")[0]
    for name in ("middle.csv", "south.csv"):
        rows = (tmp_path / name).read_text()
        assert item.startswith("clm_")
        assert item not in rows
        assert len(rows.splitlines()) > 30
