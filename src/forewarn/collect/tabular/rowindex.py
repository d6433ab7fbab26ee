"""Keeping where the rows of a snapshot begin, in a file beside it that all processes share.

Owns ``snapshots/<ab>/<sha256>.rows``: the places of every 512th row, no content. It is written aside and renamed, and
may be lost at any time: it is made again at the next look. One that is damaged, of other bytes or of another layout is
not believed. Beside a file that is not called by its digest nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from forewarn.collect.tabular.chunk import TableOptions
from forewarn.collect.tabular.rowstarts import STEP, Layout, layout_of, row_starts

__all__ = ["INDEX_SUFFIX", "SMALLEST", "RowIndex", "row_index"]

INDEX_SUFFIX = ".rows"
"""What the name of the file ends with, behind the digest of the bytes whose rows it tells."""

SMALLEST = 1 << 20
"""Bytes from which an index is worth it."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = 1
_SEAL = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class RowIndex:
    """Where every 512th row begins; ``begins`` is empty where lines may not be rows."""

    layout: Layout
    begins: tuple[int, ...]


def row_index(path: Path, options: TableOptions) -> RowIndex | None:
    """The index of a table: as kept, else made and, beside a snapshot, kept. Nothing for a small file or another kind.

    Raises:
        OSError: the file cannot be read; that the index cannot be kept is no fault.
    """
    state = path.stat()
    found = _index(path, options, state.st_size, state.st_mtime_ns) if state.st_size >= SMALLEST else None
    return found if found and found.begins else None


@lru_cache(maxsize=32)
def _index(path: Path, options: TableOptions, size: int, _changed: int) -> RowIndex | None:
    layout = layout_of(path, options)
    if layout is None:
        return None
    about = _about(path.name, size, layout)
    begins = _kept(path, about)
    if begins is None:
        begins = tuple(row_starts(path, layout) or ())
        _keep(path, about, begins)
    return RowIndex(layout, begins)


def _about(digest: str, size: int, layout: Layout) -> bytes:
    """What the index is of, in the one way in which it is written."""
    told = {"version": _VERSION, "of": digest, "bytes": size, "step": STEP, **asdict(layout)}
    return json.dumps(told, sort_keys=True).encode() + b"\n"


def _kept(path: Path, about: bytes) -> tuple[int, ...] | None:
    """The places as they were kept; nothing where there is no index, or one that is not to be believed."""
    if not _DIGEST.fullmatch(path.name):
        return None
    try:
        data = path.with_name(path.name + INDEX_SUFFIX).read_bytes()
    except OSError:
        return None
    said, seal = data[:-_SEAL], data[-_SEAL:]
    if not said.startswith(about) or hashlib.sha256(said).digest() != seal:
        return None
    return tuple(np.frombuffer(said[len(about) :], dtype="<u8").tolist())


def _keep(path: Path, about: bytes, begins: tuple[int, ...]) -> None:
    """Write the index beside the bytes, whole or not at all; a folder that cannot be written to is left as it is."""
    if not _DIGEST.fullmatch(path.name):
        return
    said = about + np.array(begins, dtype="<u8").tobytes()
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(said + hashlib.sha256(said).digest())
            if path.is_file():  # else it has been purged meanwhile
                Path(name).replace(path.with_name(path.name + INDEX_SUFFIX))
        finally:
            Path(name).unlink(missing_ok=True)
