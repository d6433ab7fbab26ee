"""The files of the exercise."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forewarn.errors import StoreFullError, WorkspaceError
from forewarn.learn import EXERCISE_NOTICE, exercise_bytes, exercise_region, write_exercise
from forewarn.learn.exercise import files as module
from forewarn.learn.exercise.arcs import cast
from forewarn.learn.exercise.course import SILENT_FROM, happenings

HASHES = """
import hashlib
from forewarn.learn import exercise_bytes
for name, content in exercise_bytes(11).items():
    print(name, hashlib.sha256(content).hexdigest())
"""


def hashes(seed: int) -> list[str]:
    """The name and SHA-256 of every file of a seed."""
    return [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in exercise_bytes(seed).items()]


def rows_of(name: str, content: bytes) -> list[dict[str, object]]:
    """The rows of a file as a reader without types sees them."""
    text = content.decode("utf-8")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text)))


def test_another_process_writes_the_same_bytes() -> None:
    """Two generations, in two processes with different hash seeds, are equal to the byte."""
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
        out = subprocess.run(
            [sys.executable, "-c", HASHES], env=environment, capture_output=True, check=True, text=True
        )
        assert out.stdout.splitlines() == hashes(11)


def test_another_seed_writes_other_bytes() -> None:
    """Every file depends on the seed."""
    assert not set(hashes(11)) & set(hashes(12))


def test_every_row_says_that_it_is_fictional() -> None:
    """A row cut out of any file still says so."""
    for name, content in exercise_bytes().items():
        rows = rows_of(name, content)
        assert rows
        assert {row["note"] for row in rows} == {EXERCISE_NOTICE}


def test_the_hidden_truth_is_in_no_file(tmp_path: Path) -> None:
    """No id of a happening, no strand of the plot and no word on copying is in any file that is written."""
    write_exercise(tmp_path)
    secrets = re.compile(rb"\bH\d{5}\b|happening|told_as|copied_from|hoax|false alarm|earlier episode", re.I)
    assert re.search(secrets, happenings()[0].happening_id.encode())
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.suffix != ".yml":
            assert not secrets.search(path.read_bytes()), path.name


def test_files_are_readable_as_tables(tmp_path: Path) -> None:
    """Every file opens in polars with the rows it declares, coordinates in the region, dates in order."""
    written = write_exercise(tmp_path)
    for one in written.files:
        frame = pl.read_ndjson(one.path) if one.path.suffix == ".jsonl" else pl.read_csv(one.path)
        assert frame.height == one.rows
        assert one.mapping.is_file()
        assert one.channel == "table"
        if "latitude" in frame.columns:
            assert frame["latitude"].drop_nulls().is_between(-36, -28).all()
            assert frame["longitude"].drop_nulls().is_between(-22, -10).all()
            assert (frame["date_start"] <= frame["date_end"]).all()
    assert len(json.loads(written.boundaries.read_text())["features"]) == 30


def test_the_later_release_repeats_and_revises() -> None:
    """The NGO's second release has the first one's ids; unchanged rows are equal to the byte, some are revised."""
    content = exercise_bytes()
    first = {row["id"]: row for row in rows_of("ngo.csv", content["ngo.csv"])}
    later = rows_of("ngo_release_2.csv", content["ngo_release_2.csv"])
    changed = [row for row in later if row != first[row["id"]]]
    assert all(row["id"] in first for row in later)
    assert 3 <= len(changed) < len(later)
    assert all(row["published"] > first[row["id"]]["published"] for row in changed)
    assert any(row["deaths_best"] != first[row["id"]]["deaths_best"] for row in changed)


def test_forms_carry_identities_that_are_plainly_invented() -> None:
    """Raw forms have the columns that identify a person, so that dropping them can be shown."""
    rows = rows_of("field_forms.jsonl", exercise_bytes()["field_forms.jsonl"])
    assert all(re.fullmatch(r"Fictional Monitor \d\d", str(row["reporter_name"])) for row in rows)
    assert all(re.fullmatch(r"\+000 000 00\d\d", str(row["reporter_phone"])) for row in rows)


def test_silence_is_stated() -> None:
    """From the day access is lost, every statement on the silent area says that nobody could see."""
    rows = rows_of("coverage.csv", exercise_bytes()["coverage.csv"])
    name = exercise_region().area(cast().silent).name
    after = [row for row in rows if row["admin1"] == name and date.fromisoformat(str(row["from"])) >= SILENT_FROM]
    assert len(after) >= 5
    assert {row["could_see"] for row in after} == {"no"}
    assert {row["could_see"] for row in rows} == {"yes", "partly", "no"}
    assert {row["admin1"] for row in rows} == {area.name for area in exercise_region().areas}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    """The exercise can be written over itself and leaves no draft behind."""
    first = write_exercise(tmp_path / "a" / "b", seed=3)
    before = {path.name: path.read_bytes() for path in first.folder.iterdir() if path.is_file()}
    assert write_exercise(first.folder, seed=3) == first
    assert {path.name: path.read_bytes() for path in first.folder.iterdir() if path.is_file()} == before
    assert first.file("wire.csv").rows > 300


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """One line says what is wrong."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(WorkspaceError, match="choose a folder"):
        write_exercise(tmp_path / "taken")


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When space runs out the error says so and no half-written file is left."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fdopen", full)
    with pytest.raises(StoreFullError, match="no space left"):
        write_exercise(tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
