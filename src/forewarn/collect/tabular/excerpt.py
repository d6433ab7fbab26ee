"""A few rows of a large CSV without reading what lies between: where its lines begin is found once and remembered.

Owns what makes that safe: no quote in the whole file, so that a line is a row; no blank line and no lone carriage
return, for these are no rows; nothing that is not plain text. For any other file there is no excerpt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import numpy as np

__all__ = ["SMALLEST", "excerpt"]

SMALLEST = 1 << 20
"""Bytes from which an excerpt is worth it."""

_BLOCK = 4 << 20
_STEP = 512


@contextmanager
def excerpt(path: Path, rows: Collection[int]) -> Iterator[tuple[Path, list[int]] | None]:
    """A file of the header and those of the rows that are there, in order, and their numbers; or nothing.

    Rows are numbered from 1 below the header. The file is gone afterwards.
    """
    state = path.stat()
    begins = _begins(path, state.st_size, state.st_mtime_ns) if state.st_size >= SMALLEST else ()
    if not begins:
        yield None
        return
    with path.open("rb") as file, NamedTemporaryFile(prefix="forewarn-rows-") as made:
        header = file.readline().removesuffix(b"\n") + b"\n"
        made.write(header)
        found = []
        for row in sorted(set(rows)):
            line = _line(file, begins, row) if row > 0 else b""
            if line:
                made.write(line if line.endswith(b"\n") else line + b"\n")
                found.append(row)
        made.write(header.removeprefix(b"\xef\xbb\xbf"))  # a last row that fits: else one that does not seems cut off
        made.flush()
        yield Path(made.name), found


def _line(file: BinaryIO, begins: tuple[int, ...], row: int) -> bytes:
    place, rest = divmod(row, _STEP)
    if place >= len(begins):
        return b""
    file.seek(begins[place])
    for _ in range(rest):
        file.readline()
    return file.readline()


@lru_cache(maxsize=32)
def _begins(path: Path, _size: int, _changed: int) -> tuple[int, ...]:
    """Where every 512th line begins, the header the first; empty where lines may not be rows."""
    found, offset, lines, last = [0], 0, 0, b""
    with path.open("rb") as file:
        head = file.readline() + file.readline()
        if b"#" in head or head.startswith((b"\n", b"\r", b"\x1f\x8b")):
            return ()
        file.seek(0)
        while block := file.read(_BLOCK):
            if not _is_plain(last + block):
                return ()
            ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
            first = _STEP - lines % _STEP - 1
            found += (ends[first::_STEP] + (offset + 1)).tolist()
            lines, offset, last = lines + len(ends), offset + len(block), block[-2:]
    return tuple(found) if not last.endswith(b"\r") else ()


def _is_plain(block: bytes) -> bool:
    """Whether each line is a row: no quote, no other end of a line, none that is blank, and no byte of another kind."""
    if b'"' in block or b"\0" in block:
        return False
    if b"\n\n" in block or b"\n\r" in block:
        return False
    return b"\r" not in block or block.count(b"\r") - block.endswith(b"\r") == block.count(b"\r\n")
