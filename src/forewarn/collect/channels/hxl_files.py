"""Reading tables with a row of hashtags: finds it, and gives the rows below it under their hashtags.

Owns where the hashtags are and which columns are left out: those without a tag, and those of contacts and
enumerators. Refuses a table without hashtags in its first 25 rows. What stands above the hashtags is not read.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from forewarn.collect.rejects import REJECT_COLUMNS
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.tabular.delimited import DELIMITERS
from forewarn.collect.tabular.opening import Readable, format_of, head_of, open_text, require_text_bytes
from forewarn.collect.tabular.workbook import read_workbook
from forewarn.errors import InputFormatError

__all__ = ["MOST_ROWS", "TAG", "read"]

MOST_ROWS = 25
"""The hashtags stand in one of the first rows, as the standard has it."""

TAG = re.compile(r"\s*#[A-Za-z][A-Za-z0-9_]*(?:\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*\s*")

_HEAD = 1 << 20
_QUOTE_OR_END = re.compile(rb'"|\n')
_BLOCK = 1 << 20
_PERSONAL_TAGS = {"contact"}
_PERSONAL = {"contact", "phone", "email", "enumerator", "reporter", "respondent", "informant"}


def read(path: Path, name: str, options: TableOptions | None = None) -> Iterator[Chunk]:
    """The rows below the hashtags in chunks, columns called by their tags; the second of two alike ends in ``~2``.

    Raises:
        InputFormatError: there is no row of hashtags, or the table cannot be read.
    """
    kind = format_of(path, name)
    if kind == "csv" and not _is_rejects(path, name):
        yield from _delimited(path, name)
    elif kind == "xlsx":
        # The table reader would leave out hashtags right below the header.
        yield from _tagged(read_workbook(path, name, options.sheet if options else ""), name)
    else:
        yield from _tagged(read_table(path, name, options), name)


def _is_rejects(path: Path, name: str) -> bool:
    text = head_of(path, name).removeprefix(b"\xef\xbb\xbf").replace(b'"', b"")
    return text.startswith(",".join(REJECT_COLUMNS).encode())


def _delimited(path: Path, name: str) -> Iterator[Chunk]:
    """A CSV from its hashtags on: they become its header, and the table reader does the rest."""
    require_text_bytes(path, name)
    file = open_text(path, name)
    try:
        head = _fully(file)
        tags, delimiter, end = _hashtags(head, name)
        with tempfile.TemporaryDirectory(prefix="forewarn-hxl-") as folder:
            below = Path(folder) / "rows.csv"
            with below.open("wb") as out:
                out.write(_header(tags, delimiter))
                out.write(head[end:])
                while block := file.read(_BLOCK):
                    out.write(block)
            for chunk in read_table(below, name, TableOptions("csv", delimiter)):
                yield _kept(chunk)
    finally:
        file.close()


def _fully(file: Readable) -> bytes:
    parts, missing = [], _HEAD
    while missing and (block := file.read(missing)):
        parts.append(block)
        missing -= len(block)
    return b"".join(parts)


def _hashtags(head: bytes, name: str) -> tuple[list[str], str, int]:
    """The tags, what stands between them, and where the row ends."""
    start = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    for _ in range(MOST_ROWS):
        end = _record_end(head, start)
        if end is None:
            break
        text = head[start:end].decode("utf-8", "replace")
        for delimiter in DELIMITERS if "#" in text else ():
            cells = _cells(text, delimiter)
            if _is_tagged(cells):
                return cells, delimiter, end
        if end >= len(head):
            break
        start = end
    raise _untagged(name)


def _record_end(head: bytes, start: int) -> int | None:
    """Where the record ends that starts there; quotes may hold line ends, and one that is never closed has no end."""
    is_quoted = False
    for found in _QUOTE_OR_END.finditer(head, start):
        if found[0] == b'"':
            is_quoted = not is_quoted
        elif not is_quoted:
            return found.end()
    return None if is_quoted else len(head)


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _is_tagged(cells: Sequence[str | None]) -> bool:
    """Whether every cell that is filled is a hashtag, and one is."""
    filled = [cell for cell in cells if cell and cell.strip()]
    return bool(filled) and all(TAG.fullmatch(cell) for cell in filled)


def _header(tags: Sequence[str], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(_names(tags))
    return text.getvalue().encode()


def _names(tags: Sequence[str | None]) -> list[str]:
    """Each tag once; columns without one are numbered, to be left out."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for n, tag in enumerate(tags, start=1):
        plain = re.sub(r"\s+", "", tag or "").lower()
        seen[plain] = seen.get(plain, 0) + 1
        again = f"~{seen[plain]}" if seen[plain] > 1 else ""
        names.append(f"{plain}{again}" if plain else f"untagged {n}")
    return names


def _tagged(chunks: Iterator[Chunk], name: str) -> Iterator[Chunk]:
    """Rows of a workbook or of objects: the hashtags are the names of the columns or among the first rows."""
    names: list[str] = []
    skipped = 0
    for chunk in chunks:
        frame, rows = chunk.frame, chunk.rows
        if not names:
            names, skipped = _found(frame, name)
            frame, rows = frame.slice(skipped), rows.slice(skipped)
        if frame.width != len(names):
            names = _names(frame.columns)
        frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
        faults = chunk.faults.filter(pl.col("row") > skipped).with_columns(pl.col("row") - skipped)
        yield _kept(Chunk(frame, rows - skipped, faults, chunk.notes))


def _found(frame: pl.DataFrame, name: str) -> tuple[list[str], int]:
    """The names of the columns, and how many rows are above the data."""
    tags = [column for column in frame.columns if TAG.match(column)]
    if tags:
        return _names([column if TAG.match(column) else "" for column in frame.columns]), 0
    for n, row in enumerate(frame.head(MOST_ROWS - 1).rows()):
        if _is_tagged(row):
            return _names(row), n + 1
    raise _untagged(name)


def _kept(chunk: Chunk) -> Chunk:
    """Without columns that have no tag or tell of persons."""
    kept = [name for name in chunk.frame.columns if name.startswith("#") and not _is_personal(name)]
    return Chunk(chunk.frame.select(kept), chunk.rows, chunk.faults, chunk.notes)


def _is_personal(name: str) -> bool:
    tag, *attributes = name.partition("~")[0].lstrip("#").split("+")
    return tag in _PERSONAL_TAGS or bool(_PERSONAL & set(attributes))


def _untagged(name: str) -> InputFormatError:
    return InputFormatError(
        f"has no row of hashtags in its first {MOST_ROWS} rows",
        where=name,
        mend="give a table with HXL hashtags, or collect it through the channel table",
    )
