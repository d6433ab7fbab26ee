"""Reading GDELT's files: tab-separated without a header and without quotes, plain, gzipped or in an export zip.

Owns the column names of GDELT 1 and 2 events and of mentions, told apart by how many cells the first row has. Refuses
archives of more than one file or out of proportion, and files that end within a row. Samples with a header go to the
table reader, whatever the case of their names.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from forewarn.collect.rejects import FAULTS, REJECT_COLUMNS, fault_row
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.tabular.chunk import row_numbers
from forewarn.collect.tabular.opening import head_of, open_text, require_text_bytes
from forewarn.errors import InputFormatError

__all__ = ["EVENTS_1", "EVENTS_2", "LARGEST_UNPACKED", "MENTIONS", "read"]

LARGEST_UNPACKED = 2_000_000_000
"""Bytes an export zip may unpack to."""
LARGEST_RATIO = 200
_SMALL = 20_000_000
_BLOCK = 4 << 20
_LONGEST = 8 << 20
_ROWS = 50_000


def _actor(n: int) -> tuple[str, ...]:
    parts = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code")
    return tuple(f"Actor{n}{part}" for part in (*parts, "Type1Code", "Type2Code", "Type3Code"))


def _place(who: str, *, has_admin2: bool) -> tuple[str, ...]:
    parts = ["Type", "FullName", "CountryCode", "ADM1Code", *(["ADM2Code"] if has_admin2 else [])]
    return tuple(f"{who}Geo_{part}" for part in (*parts, "Lat", "Long", "FeatureID"))


def _events(*, has_admin2: bool) -> tuple[str, ...]:
    places = [_place(who, has_admin2=has_admin2) for who in ("Actor1", "Actor2", "Action")]
    head = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")
    codes = ("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale")
    counts = ("NumMentions", "NumSources", "NumArticles", "AvgTone")
    return (*head, *_actor(1), *_actor(2), *codes, *counts, *(c for p in places for c in p), "DATEADDED", "SOURCEURL")


EVENTS_1 = _events(has_admin2=False)
"""58 columns; files before April 2013 lack the last."""
EVENTS_2 = _events(has_admin2=True)
"""61 columns."""
MENTIONS: tuple[str, ...] = ("GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName")
MENTIONS += ("MentionIdentifier", "SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText")
MENTIONS += ("Confidence", "MentionDocLen", "MentionDocTone", "MentionDocTranslationInfo", "Extras")

_BY_WIDTH = {len(columns): columns for columns in (EVENTS_1, EVENTS_1[:-1], EVENTS_2, MENTIONS)}
_OWN = {column.lower(): column for column in (*EVENTS_2, *MENTIONS)}


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The rows of a GDELT file in chunks, under GDELT's names.

    Raises:
        InputEncodingError: it is not UTF-8.
        InputFormatError: it is no such file, cut off, or an archive that is damaged or out of proportion.
    """
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip:
        yield from _table(path, name, options)
        return
    with tempfile.TemporaryDirectory(prefix="forewarn-gdelt-") as folder:
        unpacked = Path(folder) / "rows"
        _unpack(path, unpacked, name)
        yield from _table(unpacked, name, options)


def _table(path: Path, name: str, options: TableOptions | None) -> Iterator[Chunk]:
    first = head_of(path, name).decode("utf-8", "replace").lstrip("\ufeff\r\n").lower()
    has_header = any(first.startswith(start) for start in ("globaleventid", '"globaleventid', REJECT_COLUMNS[0] + ","))
    return _under_own_names(read_table(path, name, options)) if has_header else _headerless(path, name)


def _under_own_names(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    for chunk in chunks:
        renamed = {column: _OWN[column.lower()] for column in chunk.frame.columns if column.lower() in _OWN}
        is_clear = len(set(renamed.values())) == len(renamed)
        yield replace(chunk, frame=chunk.frame.rename(renamed)) if is_clear else chunk


def _unpack(path: Path, target: Path, name: str) -> None:
    """The one file of an archive; what the archive says of its size is not believed."""
    allowed = min(LARGEST_UNPACKED, max(_SMALL, LARGEST_RATIO * path.stat().st_size))
    try:
        with zipfile.ZipFile(path) as archive:
            files = [part for part in archive.infolist() if not part.is_dir()]
            if len(files) != 1:
                raise InputFormatError(
                    f"holds {len(files)} files where an export holds one", where=name, mend="unpack it"
                )
            with archive.open(files[0]) as packed, target.open("wb") as out:
                done = 0
                while block := packed.read(_BLOCK):
                    done += len(block)
                    if done > allowed:
                        raise InputFormatError(f"unpacks to more than {allowed:,} bytes", where=name, mend="unpack it")
                    out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise InputFormatError("is a damaged or cut-off zip", where=name, mend="get the file again") from None


def _headerless(path: Path, name: str) -> Iterator[Chunk]:
    """Rows by tabs; quotes mean nothing. A row of another width is a fault, at the end without a line end a cut."""
    require_text_bytes(path, name)
    columns: tuple[str, ...] = ()
    number, has_end = 1, True
    for lines, has_end in _lines(path, name):
        columns = columns or _columns_of(lines[0], name)
        for start in range(0, len(lines), _ROWS):
            chunk = _chunk(lines[start : start + _ROWS], columns, number)
            number += chunk.frame.height
            yield chunk
        if not has_end and lines[-1].count("\t") + 1 < len(columns):
            raise InputFormatError(f"is cut off in row {number - 1}", where=name, mend="get the whole file again")
    if not columns:
        raise InputFormatError("is empty", where=name, mend="give a GDELT export")


def _lines(path: Path, name: str) -> Iterator[tuple[list[str], bool]]:
    """Lines that are not blank, a block at a time, and whether the last of them has its line end."""
    file, held = open_text(path, name), b""
    try:
        while block := file.read(_BLOCK):
            *whole, held = (held + block).split(b"\n")
            if lines := _texts(whole):
                yield lines, True
            if len(held) > _LONGEST:
                raise InputFormatError("a row is longer than 8 MB", where=name, mend="give a GDELT export")
        if lines := _texts([held]):
            yield lines, False
    finally:
        file.close()


def _texts(lines: list[bytes]) -> list[str]:
    texts = (line.removesuffix(b"\r").decode("utf-8").removeprefix("\ufeff") for line in lines)
    return [text for text in texts if text.strip()]


def _columns_of(line: str, name: str) -> tuple[str, ...]:
    width = line.count("\t") + 1
    if width not in _BY_WIDTH:
        widths = ", ".join(str(one) for one in sorted(_BY_WIDTH))
        raise InputFormatError(
            f"has {width} cells in row 1, where GDELT's events and mentions have {widths}",
            where=name,
            mend="give an export of events or mentions, tab-separated",
        )
    return _BY_WIDTH[width]


def _chunk(lines: list[str], columns: tuple[str, ...], first: int) -> Chunk:
    width = len(columns)
    told = pl.Series("line", lines, dtype=pl.String)
    cells = told.str.split_exact("\t", width - 1).struct.unnest()
    frame = cells.select(pl.col(f"field_{n}").replace("", None).alias(column) for n, column in enumerate(columns))
    wrong = (told.str.count_matches("\t", literal=True) != width - 1).arg_true().to_list()
    mend = "get the file again, or correct the row"
    faults = [
        fault_row(first + n, "", lines[n][:100], f"has {lines[n].count(chr(9)) + 1} cells, not {width}", mend)
        for n in wrong
    ]
    return Chunk(frame, row_numbers(first, len(lines)), pl.DataFrame(faults, schema=FAULTS, orient="row"))
