"""Keeping bytes before anything reads them: a local file is copied into the content-addressed snapshots.

Owns the folder ``snapshots/<ab>/<sha256>``. Refuses what is not a plain file (folders, devices, pipes), links
that lead out of their folder, and files above a stated size. A snapshot is there whole or not at all: it is
written aside, flushed to the disk and renamed; the same bytes are kept once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from forewarn.errors import InputError, InputNotFoundError, StoreError, StoreFullError, shorten
from forewarn.model.provenance import Snapshot

__all__ = ["LARGEST_BYTES", "Provenance", "keep_snapshot", "origin_name", "snapshot_path"]

LARGEST_BYTES = 8_000_000_000
"""A larger file is refused unless the caller allows more."""

_BLOCK = 1 << 20
_LARGE = 20_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of the bytes besides themselves: channel, publisher, licence, and when they were received."""

    channel: str
    publisher: str
    licence: str
    received_at: datetime


def keep_snapshot(path: Path, folder: Path, *, provenance: Provenance, largest_bytes: int = LARGEST_BYTES) -> Snapshot:
    """Copy a local file into the snapshots and say what was kept. The same bytes twice change nothing.

    Args:
        path: the file.
        folder: the snapshots folder of the workspace; made if it is not there.
        provenance: what is known of the bytes.
        largest_bytes: a larger file is refused.

    Raises:
        InputNotFoundError: it is not there or may not be read.
        InputError: it is a folder, device, pipe, too large, or a link that leads out of its folder.
        StoreFullError: the disk is full; nothing is left behind.
    """
    name = _name_of(path)
    with _opened(path, name) as source:
        found = _kept_before(source, folder, name, largest_bytes)
        digest, size = found or _copy(source, folder, name, largest_bytes)
    return Snapshot(
        snapshot_id=f"snp_{digest}",
        size_bytes=size,
        channel=provenance.channel,
        origin=f"file:{name}",
        received_at=provenance.received_at,
        media_type=_MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream"),
        publisher=provenance.publisher,
        licence=provenance.licence,
    )


def snapshot_path(folder: Path, snapshot: Snapshot) -> Path:
    """Where the bytes of a snapshot are kept."""
    return folder / snapshot.sha256[:2] / snapshot.sha256


def origin_name(snapshot: Snapshot) -> str:
    """The name of what a snapshot was made from, for messages: a file's name, or the address."""
    return snapshot.origin.removeprefix("file:")


def _name_of(path: Path) -> str:
    """The name alone, printable and short enough to be stored; never the path."""
    return shorten(os.fsencode(path.name).decode("utf-8", "replace"), 255) or "file"


@contextmanager
def _opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """The file, open for reading, after it has proved to be a plain one."""
    try:
        target = _followed(path, name)
        # Without O_NONBLOCK, opening a pipe would wait for a writer for ever.
        descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, ValueError):
        raise InputNotFoundError("no such file", where=name, mend="check the path") from None
    except RuntimeError:
        raise InputNotFoundError("is a link to itself", where=name, mend="name the file it stands for") from None
    except OSError as error:
        raise InputNotFoundError(
            f"cannot be read ({os.strerror(error.errno or 0)})", where=name, mend="check the path and its permissions"
        ) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe, socket or device"
        raise InputError(f"is {kind}, not a file", where=name, mend="name a file")
    with os.fdopen(descriptor, "rb") as source:
        yield source


def _followed(path: Path, name: str) -> Path:
    """The path with links resolved; the last link must stay in its own folder."""
    target = path.resolve(strict=True)
    if path.is_symlink() and not target.is_relative_to(path.parent.resolve()):
        raise InputError("is a link that leads out of its folder", where=name, mend="name the file it points to")
    return target


def _kept_before(source: BinaryIO, folder: Path, name: str, largest_bytes: int) -> tuple[str, int] | None:
    """The digest and size of a large file whose bytes are kept; reading them once more is less than writing them."""
    size = os.fstat(source.fileno()).st_size
    if size < _LARGE or not any(one.stat().st_size == size for one in folder.glob("??/*")):
        return None
    digest, size = _stream(source, None, name, largest_bytes)
    source.seek(0)
    kept = folder / digest[:2] / digest
    return (digest, size) if kept.is_file() and kept.stat().st_size == size else None


def _copy(source: BinaryIO, folder: Path, name: str, largest_bytes: int) -> tuple[str, int]:
    """Copy into the folder under the digest of what was copied; the digest and the size in bytes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _aside(folder) as (copy, aside):
            digest, size = _stream(source, copy, name, largest_bytes)
            copy.flush()
            os.fsync(copy.fileno())
            target = folder / digest[:2] / digest
            target.parent.mkdir(exist_ok=True)
            if not (target.is_file() and target.stat().st_size == size):
                aside.replace(target)
                _flush_folder(target.parent)
    except OSError as error:
        raise _refused(error) from None
    return digest, size


def _stream(source: BinaryIO, copy: BinaryIO | None, name: str, largest_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > largest_bytes:
            raise InputError(
                f"is larger than {largest_bytes:,} bytes", where=name, mend="split it, or allow a larger size"
            )
        digest.update(block)
        if copy is not None:
            copy.write(block)
    return digest.hexdigest(), size


@contextmanager
def _aside(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside the snapshots that is gone afterwards unless it was renamed, whatever happens."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as copy:
            yield copy, aside
    finally:
        aside.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: OSError) -> StoreError:
    if error.errno in _FULL:
        return StoreFullError(
            "no space left for the snapshot", where="snapshots", mend="free some space and run it again"
        )
    reason = os.strerror(error.errno or 0)
    return StoreError(f"cannot be written ({reason})", where="snapshots", mend="check the folder's permissions")
