"""Reading XLSX: one sheet as text, after its archive has been unpacked once to prove its size.

Refuses archives that unpack to more than they say or than is allowed, and files that are not workbooks. The first
row gives the column names; dates are read as ``YYYY-MM-DD HH:MM:SS``, numbers without a trailing ``.0``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from forewarn.collect.offers import offer
from forewarn.collect.tabular.chunk import CHUNK_ROWS, Chunk, header_alone, require_columns, row_numbers
from forewarn.errors import InputFormatError, UnknownNameError, shorten

__all__ = ["LARGEST_UNPACKED", "read_workbook"]

LARGEST_UNPACKED = 1_000_000_000
"""Bytes an XLSX may unpack to."""
LARGEST_RATIO = 200
_SMALL = 20_000_000
_BLOCK = 1 << 20


def read_workbook(path: Path, name: str, sheet: str) -> Iterator[Chunk]:
    """The rows of one sheet in chunks; rows without any cell are not counted.

    Args:
        path: the file.
        name: what to call it in messages.
        sheet: the sheet's name; the first sheet when empty.

    Raises:
        InputFormatError: it is no workbook, damaged, or unpacks out of proportion.
        UnknownNameError: it has no sheet of that name.
    """
    _require_proportion(path, name)
    try:
        book = fastexcel.read_excel(path.read_bytes())
        chosen = _sheet(book.sheet_names, sheet, name)
        frame = book.load_sheet(chosen, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        raise InputFormatError(
            "cannot be read as an XLSX workbook", where=name, mend="open and save it again, or give it as CSV"
        ) from None
    names = [column.strip() for column in frame.columns]
    require_columns(names, name)
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    filled = pl.any_horizontal(pl.all().is_not_null() & (pl.all() != ""))
    frame = frame.with_columns(pl.all().cast(pl.String).replace("", None)).filter(filled)
    if not frame.height:
        yield header_alone(names)
    first = 1
    for part in frame.iter_slices(CHUNK_ROWS):
        if part.height:
            yield Chunk(part, row_numbers(first, part.height))
            first += part.height


def _sheet(names: list[str], wanted: str, name: str) -> str:
    if not names:
        raise InputFormatError("has no sheet", where=name, mend="give a workbook with a table")
    if not wanted:
        return names[0]
    if wanted not in names:
        raise UnknownNameError(f"has no sheet '{shorten(wanted)}'", where=name, mend=offer(wanted, names))
    return wanted


def _require_proportion(path: Path, name: str) -> None:
    """Unpack every part once, counting; what an archive says of its own size is not believed."""
    allowed = min(LARGEST_UNPACKED, max(_SMALL, LARGEST_RATIO * path.stat().st_size))
    done = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                with archive.open(part) as packed:
                    while block := packed.read(_BLOCK):
                        done += len(block)
                        if done > allowed:
                            raise InputFormatError(
                                f"unpacks to more than {allowed:,} bytes", where=name, mend="give it as CSV"
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise InputFormatError("is a damaged or cut-off workbook", where=name, mend="get the file again") from None
