"""What can be wrong with input, and what the user is told: one line, an exit code, and a store left as it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from forewarn.store import Database
from forewarn.store import database as database_module

HEADER = b"id,day,country,area,lat,lon,deaths,low,high,what,words\n"


def row(number: int = 1, **changes: str) -> str:
    """A good row, with some cells changed."""
    cells = {
        "id": f"r{number}", "day": "2024-03-01", "country": "XKA", "area": "North", "lat": "-33.5", "lon": "-15.5",
        "deaths": "2", "low": "", "high": "", "what": "killing", "words": "Something happened",
    }  # fmt: skip
    return ",".join((cells | changes).values())


def reports(workspace: Path) -> int:
    """How many reports the store holds."""
    with sqlite3.connect(workspace / "forewarn.db") as connection:
        found = connection.execute("SELECT count(*) FROM reports").fetchone()[0]
    connection.close()
    return int(found)


def rejects(workspace: Path) -> str:
    """What the rejects file says."""
    (file,) = (workspace / "outputs").glob("rejects-*.csv")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"deaths": "-3"}, "negative"),
        ({"deaths": "99999999"}, "10,000,000"),
        ({"deaths": "2.5"}, "whole"),
        ({"deaths": "NaN"}, "deaths"),
        ({"day": "2931-01-01"}, "future"),
        ({"day": "31.12.2020"}, "day"),
        ({"day": "0202-03-01"}, "1800"),
        ({"lat": "123.4"}, "90"),
        ({"lon": ""}, "lon"),
        ({"country": "Atlantis"}, "country"),
        ({"low": "9", "high": "1"}, "low"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(
    run: Any, workspace: Path, mapping: Path, table: Any, changes: dict[str, str], says: str
) -> None:
    """The bad row goes to a file with row, column, value and reason; the good one is taken."""
    path = table(row(1), row(2, **changes))
    done = run("collect", "table", path, "--mapping", mapping)
    assert done.code == 0
    assert "1 rows refused" in done.out
    assert reports(workspace) == 1
    said = rejects(workspace).splitlines()
    assert said[1].startswith("2,")
    assert says in said[1]


def test_corrected_rejects_can_be_fed_back(run: Any, workspace: Path, mapping: Path, table: Any) -> None:
    """The file of refused rows holds the original cells: corrected, it is collected like any other."""
    run("collect", "table", table(row(1), row(2, deaths="-3")), "--mapping", mapping)
    (file,) = (workspace / "outputs").glob("rejects-*.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("'-3", "3")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("collect", "table", file, "--mapping", mapping)
    assert done.code == 0
    assert reports(workspace) == 2


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (None, 21, "no such file"),
        (b"", 23, ""),
        (b"id;day;country\n1;2024-03-01;XKA\n", 23, "column"),
        (
            b"id,day,country,area,lat,lon,deaths,low,high,what,words\nr1,2024-03-01,XKA,N\xf4rd,,,1,,,killing,x\n",
            22,
            "UTF-8",
        ),
        (
            b'id,day,country,area,lat,lon,deaths,low,high,what,words\nr1,2024-03-01,XKA,North,,,1,,,killing,"cut',
            23,
            "cut off",
        ),
    ],
    ids=["missing", "empty", "other columns", "wrong encoding", "cut off"],
)
def test_a_bad_file_is_one_line_and_leaves_nothing(
    run: Any, workspace: Path, mapping: Path, tmp_path: Path, content: bytes | None, code: int, says: str
) -> None:
    """The message names the file and the mend; the store holds nothing of it."""
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    done = run("collect", "table", path, "--mapping", mapping)
    assert done.code == code, done.err
    assert "bad.csv" in done.err
    assert says.lower() in done.err.lower()
    assert done.err.count("\n") == 1
    assert str(tmp_path) not in done.err
    assert reports(workspace) == 0


def test_a_folder_is_no_file(run: Any, workspace: Path, mapping: Path, tmp_path: Path) -> None:
    """A folder, device or pipe is refused before anything is read."""
    assert run("collect", "table", tmp_path, "--mapping", mapping).code == 20


def test_an_unknown_channel_offers_the_nearest(run: Any, workspace: Path, table: Any) -> None:
    """A typing slip is answered with the channel that was probably meant."""
    done = run("collect", "ucdp-gde", table(row()))
    assert done.code == 30
    assert "ucdp-ged" in done.err


def test_a_mapping_is_asked_for_and_its_typos_named(run: Any, workspace: Path, mapping: Path, table: Any) -> None:
    """Without its mapping the table channel says so; a misspelt key is named with the nearest known one."""
    assert run("collect", "table", table(row())).code == 2
    mapping.write_text(mapping.read_text().replace("licence:", "licens:"), encoding="utf-8")
    done = run("collect", "table", table(row()), "--mapping", mapping)
    assert done.code == 10
    assert "licence" in done.err


def test_collecting_twice_changes_nothing(run: Any, workspace: Path, mapping: Path, table: Any) -> None:
    """The same file again is recognized by its bytes; the same rows in another file are duplicates."""
    run("collect", "table", table(row(1), row(2)), "--mapping", mapping)
    assert "nothing changed" in run("collect", "table", table(row(1), row(2)), "--mapping", mapping).out
    again = run("collect", "table", table(row(2), row(1), name="other.csv"), "--mapping", mapping, "--json")
    assert '"duplicates": 2' in again.out
    assert reports(workspace) == 2


def test_a_locked_database_says_so(
    run: Any, workspace: Path, mapping: Path, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process writes, the command waits, then says that the database is busy; nothing is half done."""
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    other = Database.at(workspace / "forewarn.db")
    with other.writing():
        done = run("collect", "table", table(row()), "--mapping", mapping)
    other.close()
    assert done.code == 61
    assert "locked by another process" in done.err
    assert reports(workspace) == 0
    assert run("collect", "table", table(row()), "--mapping", mapping).code == 0


def test_ctrl_c_leaves_the_store_as_it_was(
    run: Any, workspace: Path, mapping: Path, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between reading and keeping, the file is not in the store at all, and running again completes it."""
    path = table(row(1), row(2))

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("forewarn.operations.collect.intake.add_collection", stopped)
        done = run("collect", "table", path, "--mapping", mapping)
    assert done.code == 130
    assert "nothing half-done was kept" in done.err
    assert reports(workspace) == 0
    run("collect", "table", path, "--mapping", mapping)
    assert reports(workspace) == 2


def test_a_real_interrupt_of_a_real_process_is_clean(workspace: Path, mapping: Path, tmp_path: Path) -> None:
    """SIGINT to the running command: exit 130 or done, one line at most, and all or nothing of the file."""
    path = tmp_path / "large.csv"
    lines = (row(number) for number in range(60_000))
    path.write_text("\n".join(["id,day,country,area,lat,lon,deaths,low,high,what,words", *lines]) + "\n")
    command = [sys.executable, "-m", "forewarn", "collect", "table", str(path), "--mapping", str(mapping)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any((workspace / "snapshots").rglob("??/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode in (0, 130), err
    assert "Traceback" not in err
    assert reports(workspace) == (60_000 if process.returncode == 0 else 0)


def test_a_full_disk_says_so_and_keeps_nothing(workspace: Path, mapping: Path, tmp_path: Path) -> None:
    """When files cannot grow any more, the command says what to do and the store is as it was."""
    path = tmp_path / "large.csv"
    lines = (row(number) for number in range(20_000))
    path.write_text("\n".join(["id,day,country,area,lat,lon,deaths,low,high,what,words", *lines]) + "\n")
    limit = path.stat().st_size + 100_000  # enough for the snapshot, not for the database
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from forewarn.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", script, "collect", "table", str(path), "--mapping", str(mapping)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 62, done.stderr
    assert "no space left" in done.stderr
    assert done.stderr.count("\n") == 1
    assert reports(workspace) == 0
