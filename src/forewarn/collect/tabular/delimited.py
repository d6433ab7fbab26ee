"""Reading CSV: cells between delimiters, in quotes where needed, with the rows that do not fit told by number.

Owns the header, the delimiter, and the proof that the file is whole: a closing mark is put behind its last byte,
and only a file whose quotes are closed gives it back as a row of its own. A row with too few or too many cells is
a fault of that row; when it is the last, the file is cut off and refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from forewarn.collect.rejects import FAULTS, REJECT_COLUMNS, fault_row, no_faults, restored
from forewarn.collect.tabular.chunk import CHUNK_ROWS, Chunk, TableOptions, header_alone, require_columns
from forewarn.collect.tabular.opening import Readable, open_text, require_text_bytes
from forewarn.errors import InputFormatError

__all__ = ["DELIMITERS", "HEAD_BYTES", "header_layout", "read_delimited"]

DELIMITERS = (",", ";", "\t", "|")
"""What may stand between cells; the first wins a tie."""

HEAD_BYTES = 1 << 20
"""A header longer than this is refused."""
_BLOCK = 12 << 20
_AHEAD = 2
_PATIENCE_SECONDS = 0.1
_MARK = "\0"
_BOM = b"\xef\xbb\xbf"
_QUOTE_OR_END = re.compile(rb'"|\r\n|\r|\n')


@dataclass(frozen=True, slots=True)
class _Header:
    """Column names, what stands between them, and where the rows begin."""

    columns: tuple[str, ...]
    delimiter: str
    end: int

    @property
    def is_rejects(self) -> bool:
        """Whether this is a rejects file coming back."""
        return self.columns[: len(REJECT_COLUMNS)] == REJECT_COLUMNS

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns of the table itself: those of a rejects file without its first ones."""
        return self.columns[len(REJECT_COLUMNS) :] if self.is_rejects else self.columns

    @property
    def unique(self) -> tuple[str, ...]:
        """The columns, each once: the first ones of a rejects file may be called like the table's own."""
        added = len(self.columns) - len(self.kept)
        return (*(f"{_MARK}{column}" for column in self.columns[:added]), *self.kept)


def read_delimited(path: Path, name: str, options: TableOptions) -> Iterator[Chunk]:
    """The rows of a CSV in chunks.

    Args:
        path: the file, plain or gzipped.
        name: what to call it in messages.
        options: the delimiter, where declared.

    Raises:
        InputEncodingError: it is not UTF-8.
        InputFormatError: it has no usable header, is cut off, or a quote is never closed.
    """
    require_text_bytes(path, name)
    file = open_text(path, name)
    try:
        head = _read_fully(file, HEAD_BYTES)
        header = _header(head, name, options.delimiter)
        require_columns(header.kept, name)
        reading = _Reading(file, head[header.end :], header, name)
        is_empty = True
        for chunk in reading.chunks():
            is_empty = False
            yield _unrejected(chunk, header.kept) if header.is_rejects else chunk
        if is_empty:
            yield header_alone(header.kept)
    finally:
        file.close()


def _unrejected(chunk: Chunk, kept: tuple[str, ...]) -> Chunk:
    """A chunk of a rejects file without its first columns and apostrophes."""
    positions = chunk.frame.columns[len(REJECT_COLUMNS) :]
    names = pl.DataFrame({"name": kept}).select(restored(pl.col("name")))["name"].to_list()
    frame = chunk.frame.select(restored(pl.col(at)).alias(to) for at, to in zip(positions, names, strict=True))
    return Chunk(frame, chunk.rows, chunk.faults, chunk.notes)


def header_layout(head: bytes, name: str, delimiter: str) -> tuple[str, int]:
    """What stands between the cells of a CSV that begins so, as declared or told, and where its rows begin.

    Raises:
        InputFormatError: the header is longer than a megabyte, or a quote in it is never closed.
    """
    header = _header(head, name, delimiter)
    return header.delimiter, header.end


def _header(head: bytes, name: str, delimiter: str) -> _Header:
    """The first record that is not blank."""
    start = len(_BOM) if head.startswith(_BOM) else 0
    start += len(head[start:]) - len(head[start:].lstrip(b"\r\n"))
    end = _record_end(head, start)
    if end is None:
        raise InputFormatError(
            "the header is longer than a megabyte or a quote in it is never closed", where=name, mend="correct it"
        )
    text = head[start:end].decode("utf-8")
    chosen = delimiter or max(DELIMITERS, key=lambda one: len(_cells(text, one)))
    columns = tuple(cell.strip() or f"column {n}" for n, cell in enumerate(_cells(text, chosen), start=1))
    return _Header(columns, chosen, end)


def _record_end(head: bytes, start: int) -> int | None:
    """Where the record that starts there ends, its line end included; quotes may hold line ends."""
    is_quoted = False
    for found in _QUOTE_OR_END.finditer(head, start):
        if found[0] == b'"':
            is_quoted = not is_quoted
        elif not is_quoted:
            return found.end()
    return len(head) if len(head) < HEAD_BYTES and not is_quoted else None


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _read_fully(file: Readable, size: int) -> bytes:
    """That many bytes, fewer only at the end of the file."""
    parts, missing = [], size
    while missing and (block := file.read(missing)):
        parts.append(block)
        missing -= len(block)
    return b"".join(parts)


class _Marked(io.RawIOBase):
    """The rows of the file followed by the closing mark, in full blocks.

    Short blocks would make a long row seem to span more blocks than the parser allows. The parser reads 32 blocks
    ahead, half a gigabyte, so a block waits until one of the last few has been taken, or for a moment: blocks without
    a row that fits are never taken.
    """

    def __init__(self, file: Readable, head: bytes, mark: bytes) -> None:
        super().__init__()
        self._parts: list[Readable] = [io.BytesIO(head), file, io.BytesIO(mark)]
        self._room = Semaphore(_AHEAD)
        self._is_wanted = True
        self._is_over = False

    def taken(self) -> None:
        """A block has been taken, and nobody waits for the next yet."""
        self._is_wanted = False
        self._room.release()

    def wanted(self) -> None:
        """Somebody waits for the next block, or for the end."""
        self._is_wanted = True

    def end(self) -> None:
        """Nothing more is wanted: whoever still reads ahead finds the end at once."""
        self._is_over = True
        self._room.release()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while not self._is_over and not self._room.acquire(timeout=_PATIENCE_SECONDS) and not self._is_wanted:
            pass
        if self._is_over:
            return b""
        blocks, missing = [], size if size >= 0 else _BLOCK
        while missing and self._parts:
            block = self._parts[0].read(missing)
            if not block:
                self._parts.pop(0)
                continue
            blocks.append(block)
            missing -= len(block)
        return b"".join(blocks)


@dataclass(frozen=True, slots=True)
class _Ragged:
    """A row with too few or too many cells."""

    number: int
    cells: int
    text: str

    def fault(self, width: int) -> tuple[int, str, str, str, str]:
        reason = f"has {self.cells} cells where the header has {width}"
        return fault_row(self.number, "", self.text, reason, "check quotes and delimiters in this row")


class _Reading:
    """One pass over the rows behind a header."""

    def __init__(self, file: Readable, head: bytes, header: _Header, name: str) -> None:
        self._header, self._name = header, name
        self._names = [f"c{n}" for n in range(len(header.columns))]
        self._ragged: deque[_Ragged] = deque()
        self._next = 1
        self._open_row = 0
        self._is_whole = False
        mark = header.delimiter.join([_MARK] * len(header.columns))
        self._input = _Marked(file, head, f"\n{mark}\n".encode())

    def chunks(self) -> Iterator[Chunk]:
        """The rows in chunks; whether the file was whole is known at the end."""
        try:
            with self._opened() as batches:
                for batch in batches:
                    self._input.taken()
                    yield from self._chunks_of(pl.DataFrame(pl.from_arrow(batch)))
                    self._input.wanted()
        except pa.ArrowInvalid as error:
            raise self._refused(error) from None
        if not self._is_whole:
            raise self._cut_off(self._open_row or self._next - 1)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        # Only without threads does the parser tell the number of a row that does not fit.
        reader = arrow_csv.open_csv(
            pa.PythonFile(self._input, mode="r"),
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=self._names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._header.delimiter, newlines_in_values=True, invalid_row_handler=self._on_ragged
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,  # the whole file has been looked at before
            ),
        )
        try:
            yield reader
        finally:
            # Whoever stops early closes it: thrown away unclosed, it would wait for the thread that reads ahead while
            # keeping that thread from ever going on.
            self._input.end()
            reader.close()

    def _on_ragged(self, row: Any) -> str:
        if _MARK in row.text:
            self._open_row = row.number
        self._ragged.append(_Ragged(row.number, row.actual_columns, row.text))
        return "skip"

    def _chunks_of(self, frame: pl.DataFrame) -> Iterator[Chunk]:
        if frame.height:
            frame = self._unmarked(frame)
        for part in frame.iter_slices(CHUNK_ROWS):
            numbers, ragged = self._numbered(part.height)
            if numbers or ragged:
                yield self._chunk(part, numbers, ragged)

    def _unmarked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame without the closing mark; a mark inside a cell means that a quote was left open."""
        last = self._next + frame.height - 1 + len(self._ragged)
        if frame[self._names[0]][-1] == _MARK:
            self._is_whole = True
            if self._ragged and self._ragged[-1].number == last - 1 and self._ragged[-1].cells < len(self._names):
                raise self._cut_off(last - 1)
            return frame.head(-1)
        if any(_MARK in (cell or "") for cell in frame.row(-1)):
            raise self._cut_off(last)
        return frame

    def _numbered(self, count: int) -> tuple[list[int], list[_Ragged]]:
        """The numbers of the next ``count`` rows that fit, and the rows that did not fit among and right after."""
        numbers: list[int] = []
        ragged: list[_Ragged] = []
        while self._ragged and self._ragged[0].number - self._next <= count - len(numbers):
            one = self._ragged.popleft()
            numbers.extend(range(self._next, one.number))
            ragged.append(one)
            self._next = one.number + 1
        rest = count - len(numbers)
        numbers.extend(range(self._next, self._next + rest))
        self._next += rest
        return numbers, ragged

    def _chunk(self, part: pl.DataFrame, numbers: list[int], ragged: list[_Ragged]) -> Chunk:
        """The rows under their names, those that did not fit put back in their places."""
        rows = pl.Series("row", numbers, dtype=pl.Int64)
        faults = no_faults()
        if ragged:
            width = len(self._names)
            faults = pl.DataFrame([one.fault(width) for one in ragged], schema=FAULTS, orient="row")
            cells = [(one.number, *self._padded(one.text, width)) for one in ragged]
            schema = {"row": pl.Int64, **dict.fromkeys(self._names, pl.String)}
            extra = pl.DataFrame(cells, schema=schema, orient="row")
            whole = pl.concat([part.insert_column(0, rows), extra]).sort("row")
            part, rows = whole.drop("row"), whole["row"]
        return Chunk(part.rename(dict(zip(self._names, self._header.unique, strict=True))), rows, faults)

    def _padded(self, text: str, width: int) -> list[str | None]:
        cells = _cells(text, self._header.delimiter)
        return [cell or None for cell in [*cells, *[""] * width][:width]]

    def _cut_off(self, row: int) -> InputFormatError:
        return InputFormatError(
            f"is cut off in row {max(row, 1)}, or a quote opened there is never closed",
            where=self._name,
            mend="get the whole file again",
        )

    def _refused(self, error: pa.ArrowInvalid) -> InputFormatError:
        row = f"{self._name}, row {self._next} or later"
        if "straddl" in str(error):
            return InputFormatError(
                f"a row is longer than {_BLOCK >> 20} MB, or a quote is never closed", where=row, mend="correct it"
            )
        return InputFormatError("cannot be read as CSV", where=row, mend="check its delimiter and quotes")
