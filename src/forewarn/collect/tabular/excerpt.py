"""A few rows of a large CSV or JSON Lines file, without reading what lies between.

Owns the small file that takes the place of the large one: its header, a row that is none of those asked for, those
that are, and one behind them. So no row asked for is taken for a row of hashtags, or for one that is cut off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from forewarn.collect.tabular.chunk import TableOptions
from forewarn.collect.tabular.rowindex import RowIndex, row_index
from forewarn.collect.tabular.rowstarts import STEP

__all__ = ["excerpt"]

_LONGEST = 64 << 20


@contextmanager
def excerpt(path: Path, rows: Collection[int], options: TableOptions) -> Iterator[tuple[Path, dict[int, int]] | None]:
    """A file with those of the rows that are there, and the number each has in it, by its own; or nothing.

    Rows are numbered from 1 below the header. The file is gone afterwards.
    """
    index = row_index(path, options)
    found = _found(path, index, rows) if index else None
    if index is None or found is None:
        yield None
        return
    with path.open("rb") as file:
        header = file.read(index.layout.first)
    other = header.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n") if index.layout.kind == "csv" else b"{}\n"
    with NamedTemporaryFile(prefix="forewarn-rows-") as made:
        made.write(header + other)
        made.writelines(line if line.endswith(b"\n") else line + b"\n" for line in found.values())
        made.write(other)
        made.flush()
        yield Path(made.name), {row: place for place, row in enumerate(found, start=2)}


def _found(path: Path, index: RowIndex, rows: Collection[int]) -> dict[int, bytes] | None:
    """The bytes of the rows that are there, by number and in order; nothing where the index is not of this file."""
    found = {}
    with path.open("rb") as file:
        for row in sorted(number for number in set(rows) if number > 0):
            place, rest = divmod(row - 1, STEP)
            if place >= len(index.begins):
                break
            if place and not _is_line_end(file, index.begins[place] - 1):
                return None
            file.seek(index.begins[place])
            line = next((line for at, line in enumerate(_rows(file, index)) if at == rest), b"")
            if line:
                found[row] = line
    return found


def _is_line_end(file: BinaryIO, place: int) -> bool:
    file.seek(place)
    return file.read(1) == b"\n"


def _rows(file: BinaryIO, index: RowIndex) -> Iterator[bytes]:
    """The rows from where the file stands; one of a CSV goes on over line ends as long as a quote is open."""
    is_csv = index.layout.kind == "csv"
    while line := file.readline(_LONGEST):
        row = line
        while is_csv and row.count(b'"') % 2 and len(row) < _LONGEST and (line := file.readline(_LONGEST)):
            row += line
        yield row
