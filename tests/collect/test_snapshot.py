"""Bytes are kept as received, once, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import datetime
from pathlib import Path

import pytest

from forewarn.collect import Provenance, keep_snapshot, snapshot_path
from forewarn.errors import InputError, InputNotFoundError, StoreFullError


@pytest.fixture
def provenance(now: datetime) -> Provenance:
    """What is known of the bytes."""
    return Provenance("table", "Somebody", "CC BY 4.0", now)


def left_behind(folder: Path) -> list[str]:
    """Names of the files under a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_digest(tmp_path: Path, provenance: Provenance) -> None:
    """The copy is bit for bit, its id is its SHA-256, and its origin is the name alone, never a path."""
    file = tmp_path / "reports.csv"
    file.write_bytes(b"a,b\n1,2\n")
    kept = keep_snapshot(file, tmp_path / "snapshots", provenance=provenance)
    digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert kept.snapshot_id == f"snp_{digest}"
    assert (kept.origin, kept.size_bytes, kept.media_type) == ("file:reports.csv", 8, "text/csv")
    path = snapshot_path(tmp_path / "snapshots", kept)
    assert path == tmp_path / "snapshots" / digest[:2] / digest
    assert path.read_bytes() == b"a,b\n1,2\n"


def test_the_same_bytes_are_kept_once(tmp_path: Path, provenance: Provenance) -> None:
    """Keeping again changes nothing."""
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_bytes(b"a\n1\n")
        keep_snapshot(tmp_path / name, tmp_path / "snapshots", provenance=provenance)
    assert len(left_behind(tmp_path / "snapshots")) == 1


def test_a_large_file_kept_before_is_not_written_again(
    tmp_path: Path, provenance: Provenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are known by their digest, on a disk without room too; others of the same size are kept beside them."""
    monkeypatch.setattr("forewarn.collect.snapshot._LARGE", 1)
    one, other, folder = tmp_path / "one.csv", tmp_path / "other.csv", tmp_path / "snapshots"
    one.write_bytes(b"a\n1\n")
    other.write_bytes(b"a\n2\n")
    kept = [keep_snapshot(file, folder, provenance=provenance) for file in (one, other)]
    assert [snapshot_path(folder, each).read_bytes() for each in kept] == [b"a\n1\n", b"a\n2\n"]

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert keep_snapshot(one, folder, provenance=provenance) == kept[0]
    assert len(left_behind(folder)) == 2


def test_a_torn_copy_is_replaced(tmp_path: Path, provenance: Provenance) -> None:
    """A file of the right name and the wrong size, left by a failing disk, does not stay."""
    file = tmp_path / "one.csv"
    file.write_bytes(b"a\n1\n")
    path = snapshot_path(tmp_path / "s", keep_snapshot(file, tmp_path / "s", provenance=provenance))
    path.write_bytes(b"a")
    keep_snapshot(file, tmp_path / "s", provenance=provenance)
    assert path.read_bytes() == b"a\n1\n"


@pytest.mark.parametrize("name", ["nothing.csv", "no/such/folder.csv", "nul\0byte"])
def test_a_missing_file_is_named_without_its_path(tmp_path: Path, provenance: Provenance, name: str) -> None:
    """The message names the file and the mend, and no path of the machine."""
    with pytest.raises(InputNotFoundError) as caught:
        keep_snapshot(tmp_path / name, tmp_path / "snapshots", provenance=provenance)
    assert str(tmp_path) not in str(caught.value)
    assert "no such file" in str(caught.value)


def test_folders_pipes_and_devices_are_refused(tmp_path: Path, provenance: Provenance) -> None:
    """Only plain files are read; a pipe does not make it wait."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(InputError, match="not a file"):
            keep_snapshot(path, tmp_path / "snapshots", provenance=provenance)


def test_links_may_not_lead_out_of_their_folder(tmp_path: Path, provenance: Provenance) -> None:
    """A link to a neighbour is followed, one to elsewhere is refused, one to itself too."""
    (tmp_path / "given").mkdir()
    (tmp_path / "secret.csv").write_bytes(b"a\n1\n")
    (tmp_path / "given" / "plain.csv").write_bytes(b"a\n1\n")
    (tmp_path / "given" / "inside.csv").symlink_to("plain.csv")
    (tmp_path / "given" / "outside.csv").symlink_to("../secret.csv")
    (tmp_path / "given" / "loop.csv").symlink_to("loop.csv")
    keep_snapshot(tmp_path / "given" / "inside.csv", tmp_path / "snapshots", provenance=provenance)
    for name, words in (("outside.csv", "leads out"), ("loop.csv", "link|read")):
        with pytest.raises(InputError, match=words):
            keep_snapshot(tmp_path / "given" / name, tmp_path / "snapshots", provenance=provenance)


def test_a_file_above_the_limit_leaves_nothing(tmp_path: Path, provenance: Provenance) -> None:
    """The limit is in bytes, and nothing half-copied stays."""
    (tmp_path / "big.csv").write_bytes(b"x" * 1001)
    with pytest.raises(InputError, match="1,000 bytes"):
        keep_snapshot(tmp_path / "big.csv", tmp_path / "snapshots", provenance=provenance, largest_bytes=1000)
    assert left_behind(tmp_path / "snapshots") == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, provenance: Provenance, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """When the disk refuses the flush, it is told as such and no file is left."""

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    (tmp_path / "one.csv").write_bytes(b"a\n1\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFullError, match="no space left"):
        keep_snapshot(tmp_path / "one.csv", tmp_path / "snapshots", provenance=provenance)
    assert left_behind(tmp_path / "snapshots") == []


def test_stopping_leaves_nothing(tmp_path: Path, provenance: Provenance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of the copy leaves no file behind."""

    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "one.csv").write_bytes(b"a\n1\n")
    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        keep_snapshot(tmp_path / "one.csv", tmp_path / "snapshots", provenance=provenance)
    assert left_behind(tmp_path / "snapshots") == []
