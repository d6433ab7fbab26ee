"""``forewarn watch`` as people use it: files laid in the inbox are collected and assessed, and the runs are shown."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from forewarn.operations import inbox

ROW = "r{n},2024-03-01,XKA,North,-33.5,-15.5,2,,,killing,Something happened"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two looks at a file follow each other at once."""
    monkeypatch.setattr(inbox, "_LOOK_SECONDS", 0.0)


@pytest.fixture
def laid(workspace: Path, table: Any) -> Any:
    """Lay a small table in the inbox, under a name."""

    def lay(name: str, *rows: str, folder: str = "table") -> Path:
        target = workspace / "inbox" / folder
        target.mkdir(parents=True, exist_ok=True)
        return Path(table(*rows, name="laid.csv").replace(target / name))

    return lay


def runs(run: Any) -> list[dict[str, Any]]:
    """The last runs, as JSON."""
    return list(json.loads(run("watch", "--runs", "--json").out))


def test_what_lies_in_the_inbox_is_collected_and_assessed(run: Any, workspace: Path, mapping: Path, laid: Any) -> None:
    """One call collects the file, assesses what is new, moves the file aside and shows both runs."""
    laid("one.csv", ROW.format(n=1))
    mapping.rename(workspace / "inbox" / "table" / "mapping.yml")
    done = run("watch", "--once")
    assert done.code == 0, done.err
    assert not (workspace / "inbox" / "table" / "one.csv").exists()
    assert (workspace / "inbox" / "table" / "collected" / "one.csv").is_file()
    assert [(one["job"], one["state"]) for one in runs(run)] == [("assess", "done"), ("inbox:table", "done")]
    assert runs(run)[1]["counts"]["accepted"] == 1
    assert "Nothing is due" in run("watch", "--once").out
    assert "inbox:table" in run("watch", "--runs").out


def test_several_tables_lie_in_folders_of_their_own(run: Any, workspace: Path, mapping: Path, laid: Any) -> None:
    """A folder below the channel's holds one data set with its mapping; a file's own mapping goes before."""
    laid("one.csv", ROW.format(n=1), folder="table/monitors")
    (workspace / "inbox" / "table" / "monitors" / "one.yml").write_bytes(mapping.read_bytes())
    (workspace / "inbox" / "table" / "monitors" / "mapping.yml").write_text("not: a mapping")
    assert run("watch", "--once").code == 0
    assert (workspace / "inbox" / "table" / "monitors" / "collected" / "one.csv").is_file()


def test_a_file_that_cannot_be_read_is_put_aside_with_the_reason(
    run: Any, workspace: Path, mapping: Path, laid: Any
) -> None:
    """The others are collected all the same, and the run says how many were refused."""
    (laid("bad.csv")).write_bytes(b"\x00\xff\xfe")
    laid("good.csv", ROW.format(n=1))
    mapping.rename(workspace / "inbox" / "table" / "mapping.yml")
    assert run("watch", "--once").code == 0
    refused = workspace / "inbox" / "table" / "refused"
    assert sorted(path.name for path in refused.iterdir()) == ["bad.csv", "bad.csv.why.txt"]
    assert runs(run)[-1]["counts"] | {"accepted": 1, "files": 1, "refused": 1} == runs(run)[-1]["counts"]


def test_a_table_without_its_mapping_stays_and_says_so(run: Any, workspace: Path, laid: Any) -> None:
    """Nothing is guessed: the file waits for its mapping, the run has failed, and it is tried again later."""
    path = laid("one.csv", ROW.format(n=1))
    done = run("watch", "--once")
    assert done.code == 1
    assert "mapping.yml" in done.out
    assert "tried again" in done.out
    assert path.exists()
    assert runs(run)[0]["state"] == "failed"


def test_unfinished_hidden_and_linked_files_are_left_alone(
    run: Any, workspace: Path, laid: Any, tmp_path: Path
) -> None:
    """What is still being written, or is no plain file of this folder, is not collected."""
    for name in (".hidden.csv", "one.csv.part", "two.csv~", "three.tmp"):
        laid(name, ROW.format(n=1))
    (workspace / "inbox" / "table" / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    os.mkfifo(workspace / "inbox" / "table" / "pipe.csv")
    assert "Nothing is due" in run("watch", "--once").out


def test_a_file_that_grows_between_two_looks_is_left_for_later(
    run: Any, workspace: Path, mapping: Path, laid: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose size changes is still being written: it is counted as unfinished and stays."""
    path = laid("one.csv", ROW.format(n=1))
    mapping.rename(workspace / "inbox" / "table" / "mapping.yml")

    def grow(_: float) -> None:
        with path.open("a") as file:
            file.write(ROW.format(n=2) + "\n")

    monkeypatch.setattr(inbox.collect_inbox, "__kwdefaults__", {"pause": grow})
    assert run("watch", "--once").code == 0
    assert path.exists()
    assert runs(run)[0]["counts"] == {"files": 0, "unfinished": 1}


def test_the_same_name_twice_overwrites_nothing(run: Any, workspace: Path, mapping: Path, laid: Any) -> None:
    """A second delivery under the same name is kept beside the first."""
    laid("one.csv", ROW.format(n=1))
    mapping.rename(workspace / "inbox" / "table" / "mapping.yml")
    run("watch", "--once")
    laid("one.csv", ROW.format(n=2))
    assert run("watch", "--once").code == 0
    names = sorted(path.name for path in (workspace / "inbox" / "table" / "collected").iterdir())
    assert names == ["one-2.csv", "one.csv"]


def test_nothing_is_watched_without_a_workspace(run: Any, tmp_path: Path) -> None:
    """A folder that is no workspace is refused, and nothing is made in it."""
    assert run("watch", "--once", "--workspace", tmp_path).code == 11
    assert not list(tmp_path.iterdir())
