"""Collecting as users do: killed at any moment and run again, releases told on the command line, rejects fed back."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from forewarn.__main__ import main
from forewarn.operations import collect as collect_module
from forewarn.store import Database, schema

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
release: complete
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  deaths: deaths
  text: words
"""
IGNORED = {"collected_at", "received_at", "recorded_at", "sequence"}
"""When it was, and numbers that only say what came after what: PostgreSQL leaves gaps where a run was killed."""
KILLS = 6


def write(path: Path, rows: int, *, deaths: int = 0, skip: int = 0, width: int = 200) -> Path:
    """A table of that many rows; every tenth row has other deaths and every ``skip``-th is not there."""
    words = "x" * width
    lines = [
        f"r{n},2020-{n % 12 + 1:02}-{n % 28 + 1:02},Mali,{n % 9 + (0 if n % 10 else deaths)},happening {n} {words}"
        for n in range(rows)
        if not (skip and n % skip == 0)
    ]
    path.write_text("\n".join(["id,day,country,deaths,words", *lines]) + "\n", encoding="utf-8")
    return path


def contents(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of every table, without the instants at which somebody looked, in order."""
    database = Database(address)
    found = {}
    with database.reading() as connection:
        for name, table in schema.metadata.tables.items():
            columns = [column for column in table.columns if column.name not in IGNORED]
            found[name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    database.close()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """The address of a new database by name."""

    def make(name: str) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server = request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://")
        unique = f"c_{name}_{os.getpid()}_{time.time_ns()}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {unique}"))
        engine.dispose()
        return str(server.replace("/postgres?", f"/{unique}?"))

    return make


def started(folder: Path, address: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    environ = {**os.environ, "FOREWARN_WORKSPACE": str(folder), "FOREWARN_DATABASE_URL": address}
    command = [sys.executable, "-m", "forewarn", *map(str, arguments)]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(folder: Path, address: str, *arguments: object) -> float:
    """Run a command to its end; how long it took."""
    begun = time.monotonic()
    process = started(folder, address, *arguments)
    _, said = process.communicate()
    assert process.returncode == 0, said.decode()
    return time.monotonic() - begun


def test_killed_at_any_moment_and_run_again_is_one_clean_run(address: Callable[[str], str], tmp_path: Path) -> None:
    """After kills at random moments in two releases, one run to the end leaves every table as a clean run does."""
    mapping = tmp_path / "small.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    first = write(tmp_path / "first.csv", 20_000)
    second = write(tmp_path / "second.csv", 20_500, deaths=5, skip=7)
    chance = random.Random(20240601)  # noqa: S311
    clean, killed = address("clean"), address("killed")
    of_clean, of_killed = tmp_path / "of-clean", tmp_path / "of-killed"
    finished(of_clean, clean, "init")
    finished(of_killed, killed, "init")
    stopped = 0
    for file in (first, second):
        arguments = ("collect", "table", file, "--mapping", mapping)
        seconds = finished(of_clean, clean, *arguments)
        for _ in range(KILLS):
            process, begun = started(of_killed, killed, *arguments), time.monotonic()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=chance.uniform(0.2, 1.0) * seconds)
                seconds = min(seconds, time.monotonic() - begun)  # it ended first: the clean run was held up by others
            process.send_signal(signal.SIGKILL)
            process.communicate()
            stopped += process.returncode == -signal.SIGKILL
        finished(of_killed, killed, *arguments)
    assert stopped > KILLS, "most runs must have been killed before their end"
    assert contents(killed) == contents(clean)
    withdrawn = [row for row in contents(clean)["standings"] if "withdrawn" in row]
    assert len(withdrawn) == len(range(0, 20_000, 7))


def test_a_large_file_is_as_safe_when_a_second_process_reads_it(tmp_path: Path) -> None:
    """Killed at random moments it leaves neither rows nor a reading process, and runs again as one clean run."""
    mapping = tmp_path / "small.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    file = write(tmp_path / "large.csv", 12_000, width=2_000)
    assert file.stat().st_size > collect_module.LARGE_BYTES
    chance = random.Random(20240602)  # noqa: S311
    clean, killed = (f"sqlite:///{tmp_path / name}.db" for name in ("clean", "killed"))
    of_clean, of_killed = tmp_path / "of-clean", tmp_path / "of-killed"
    finished(of_clean, clean, "init")
    finished(of_killed, killed, "init")
    arguments = ("collect", "table", file, "--mapping", mapping)
    seconds = finished(of_clean, clean, *arguments)
    for _ in range(3):
        process = started(of_killed, killed, *arguments)
        time.sleep(chance.uniform(0.3, 0.9) * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    deadline = time.monotonic() + 30
    while (left := running_in(of_killed)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left
    finished(of_killed, killed, *arguments)
    assert contents(killed) == contents(clean)


def running_in(workspace: Path) -> list[str]:
    """Processes whose workspace that is, where the system lets one look."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"FOREWARN_WORKSPACE={workspace}\0".encode() in environ.read_bytes():
                found.append(environ.parent.name)
    return found


Collect = Callable[..., dict[str, Any]]


@pytest.fixture
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Collect:
    """Collect a file with the small mapping in a fresh workspace: the result, or ``error`` with what was said."""
    monkeypatch.setenv("FOREWARN_WORKSPACE", str(tmp_path / "work"))
    (tmp_path / "small.yml").write_text(MAPPING, encoding="utf-8")
    assert main(["init"]) == 0

    def collect(file: Path, *options: str) -> dict[str, Any]:
        capsys.readouterr()
        code = main(["collect", "table", str(file), "--mapping", str(tmp_path / "small.yml"), *options, "--json"])
        said = capsys.readouterr()
        return {"error": said.err} if code else dict(json.loads(said.out)[0])

    return collect


def test_a_newer_release_says_what_it_withdraws(collected: Collect, tmp_path: Path) -> None:
    """Of a hundred rows, eight are revised and fifteen gone."""
    collected(write(tmp_path / "a.csv", 100))
    made = collected(write(tmp_path / "b.csv", 100, deaths=3, skip=7))
    assert (made["withdrawn"], made["revised"], made["duplicates"]) == (15, 8, 77)


def test_a_part_is_refused_until_somebody_says_it_is_one(collected: Collect, tmp_path: Path) -> None:
    """A file that lacks more than half is an error that leaves nothing; ``--partial`` takes it."""
    collected(write(tmp_path / "a.csv", 100))
    part = write(tmp_path / "part.csv", 30)
    assert "--partial" in collected(part)["error"]
    made = collected(part, "--partial")
    assert (made["withdrawn"], made["duplicates"], made["seen_before"]) == (0, 30, False)
    assert collected(write(tmp_path / "less.csv", 30, deaths=1), "--accept-withdrawals")["withdrawn"] == 70


def test_the_same_bytes_are_the_same_release_unless_declared_later(collected: Collect, tmp_path: Path) -> None:
    """A, B, A again: nothing changes; with a later day of release, the versions of A are current again."""
    first, second = write(tmp_path / "a.csv", 20), write(tmp_path / "b.csv", 20, deaths=4)
    collected(first, "--released", "2024-01-01")
    collected(second, "--released", "2024-02-01")
    assert collected(first)["seen_before"]
    assert collected(first, "--released", "2024-03-01")["reinstated"] == 2
    assert "future" in collected(first, "--released", "2999-01-01")["error"]


def test_rejects_fed_back_withdraw_nothing(collected: Collect, tmp_path: Path) -> None:
    """A refused row is not gone; corrected and collected again it enters, and the rest of its file stays."""
    collected(write(tmp_path / "a.csv", 50))
    bad = write(tmp_path / "b.csv", 50)
    bad.write_text(bad.read_text().replace("r9,2020-10-10", "r9,2020-10-99").replace("r8,", "r8,9"), encoding="utf-8")
    made = collected(bad)
    assert (made["withdrawn"], made["rejected"]) == (0, 2)
    (rejects,) = (tmp_path / "work" / "outputs").glob("rejects-*.csv")
    back = tmp_path / "back.csv"
    back.write_text(rejects.read_text().replace("2020-10-99", "2020-10-11").replace("92020", "2020"), encoding="utf-8")
    made = collected(back)
    assert (made["withdrawn"], made["rejected"], made["revised"], made["duplicates"]) == (0, 0, 1, 1)
