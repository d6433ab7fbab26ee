"""Rows that were not taken, with the reason: found, kept beside their original cells, written to a file.

A *fault* is one thing wrong with one cell; a row with any fault is rejected whole. The file can be corrected in
a spreadsheet and collected again: it holds the original columns, and cells that a spreadsheet would run as a
formula are neutralized with an apostrophe, which is taken off again when the file is read.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import polars as pl

from forewarn.errors import StoreError, StoreFullError, shorten
from forewarn.model.cells import FORMULA, NEUTRALIZED

__all__ = [
    "FAULTS",
    "REJECT_COLUMNS",
    "RejectsFile",
    "fault_row",
    "gathered",
    "is_rejects_file",
    "neutralized",
    "no_faults",
    "restored",
    "write_rejects",
]

REJECT_COLUMNS = ("row", "column", "value", "reason", "mend")
"""The first columns of a rejects file; the original columns follow."""

FAULTS: dict[str, type[pl.DataType]] = {
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "mend": pl.String,
}
"""The schema of faults: one row per fault, ``row`` counting data rows from 1."""

_SEPARATOR = " | "


def no_faults() -> pl.DataFrame:
    """No fault at all, as a frame of :data:`FAULTS`."""
    return pl.DataFrame(schema=FAULTS)


def fault_row(row: int, column: str, value: object, reason: str, mend: str) -> tuple[int, str, str, str, str]:
    """One fault as a row of :data:`FAULTS`; the value is cut short."""
    return row, column, shorten(value), reason, mend


def gathered(faults: pl.DataFrame) -> pl.DataFrame:
    """Faults with one row per rejected row, in order of rows; several faults are joined by ``|``, mends once each."""
    joined = [pl.col(name).fill_null("").str.join(_SEPARATOR) for name in ("column", "value", "reason")]
    joined.append(pl.col("mend").unique(maintain_order=True).str.join(_SEPARATOR))
    return faults.group_by("row", maintain_order=True).agg(joined).sort("row")


def is_rejects_file(path: Path) -> bool:
    """Whether these bytes begin as a rejects file does: rows coming back, a part of the file they came from."""
    with path.open("rb") as file:
        head = file.read(200).removeprefix(b"\xef\xbb\xbf").replace(b'"', b"")
    return any(head.startswith(delimiter.join(REJECT_COLUMNS).encode()) for delimiter in (",", ";", "\t", "|"))


def neutralized(cell: pl.Expr) -> pl.Expr:
    """A cell that no spreadsheet runs: behind an apostrophe where it begins with ``= + - @``, tab or return."""
    return cell.str.replace(f"({FORMULA})", "'$1")


def restored(cell: pl.Expr) -> pl.Expr:
    """A cell as it was before :func:`neutralized`."""
    return pl.when(cell.str.contains(NEUTRALIZED)).then(cell.str.slice(1)).otherwise(cell)


def write_rejects(path: Path, rejects: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> int:
    """Write rejected rows to a CSV file, all or nothing; how many. Without any, no file is made.

    Args:
        path: the file; replaced if it is there.
        rejects: pairs of frames of equal height: gathered faults, and the original cells.
    """
    with RejectsFile(path) as file:
        for faults, originals in rejects:
            file.add(faults, originals)
    return file.rows


class RejectsFile:
    """A rejects file in the making: rows are added as they come, and the file appears whole at the end.

    Used as a context manager. Leaving it by an exception leaves no file behind.

    Raises:
        StoreFullError: the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._columns: list[str] = []
        self._spool: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None and self._spool is not None:
                _write_whole(self.path, self._lines())
        finally:
            if self._spool is not None:
                self._spool.close()

    def add(self, faults: pl.DataFrame, originals: pl.DataFrame) -> None:
        """Add rejected rows: gathered faults and, row by row, the original cells. Columns may differ each time."""
        if not faults.height:
            return
        self._columns += [name for name in originals.columns if name not in self._columns]
        cells = originals.select(
            pl.col(name) if name in originals.columns else pl.lit(None, pl.String).alias(name) for name in self._columns
        )
        plain = faults.select(pl.col("row").cast(pl.String), *REJECT_COLUMNS[1:])
        try:
            if self._spool is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._spool = tempfile.TemporaryFile("w+", encoding="utf-8", dir=self.path.parent)  # noqa: SIM115
            for left, right in zip(_cells(plain), _cells(cells), strict=True):
                self._spool.write(json.dumps([*left, *right]) + "\n")
        except OSError as error:
            raise _refused(error) from None
        self.rows += faults.height

    def _lines(self) -> Iterator[Sequence[str]]:
        """Header and rows, short rows from before a column was known filled up."""
        header = [*REJECT_COLUMNS, *_neutralized_names(self._columns)]
        yield header
        if self._spool is not None:
            self._spool.seek(0)
            for line in self._spool:
                row = json.loads(line)
                yield [*row, *[""] * (len(header) - len(row))]


def _neutralized_names(names: Sequence[str]) -> list[str]:
    return pl.DataFrame({"name": names}).select(neutralized(pl.col("name")))["name"].to_list()


def _cells(frame: pl.DataFrame) -> Iterator[tuple[str, ...]]:
    """The rows of a frame of text, neutralized, missing as empty."""
    return frame.select(neutralized(pl.all().fill_null(""))).iter_rows()


def _write_whole(path: Path, lines: Iterable[Sequence[str]]) -> None:
    """Write a CSV file beside its place, flush it, and rename it."""
    aside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".rejects-")
        aside = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise _refused(error) from None
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def _refused(error: OSError) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StoreFullError("no space left for the rejected rows", where="rejects", mend="free some space, try again")
    reason = os.strerror(error.errno or 0)
    return StoreError(f"cannot be written ({reason})", where="rejects", mend="check the folder")
