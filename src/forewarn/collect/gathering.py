"""From items that are no table (messages, forms, entries of a feed) to chunks of text columns.

Owns the numbering of items and what makes a cell unfit to be kept: a NUL or half a character. An item that cannot
be read keeps its place as a row with a fault. Memory holds one chunk, bounded by rows and by characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from forewarn.collect.rejects import FAULTS, REJECT_COLUMNS, fault_row
from forewarn.collect.tabular import Chunk, read_table
from forewarn.collect.tabular.chunk import require_columns
from forewarn.collect.tabular.opening import format_of, head_of

__all__ = ["Item", "Unread", "chunks_of", "corrected_rejects"]

_ROWS = 20_000
_CHARACTERS = 32_000_000
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Unread:
    """An item that gives no row: what it begins with, what is wrong with it, and what to do."""

    value: str
    reason: str
    mend: str


Item = Mapping[str, str | None] | Unread


def chunks_of(items: Iterable[Item], name: str, *, columns: Iterable[str] = ()) -> Iterator[Chunk]:
    """The items as rows, numbered from 1, in the order in which they come; columns once seen stay.

    Args:
        items: one after the other; they are not kept.
        name: what to call the file in messages.
        columns: those that are always there, whatever the items have.

    Raises:
        InputFormatError: there are too many different columns.
    """
    gathering = _Gathering(name, dict.fromkeys(columns, pl.String))
    for item in items:
        if gathering.add(item):
            yield gathering.chunk()
    if gathering.rows:
        yield gathering.chunk()


def corrected_rejects(path: Path, name: str) -> Iterator[Chunk] | None:
    """The rows of a rejects file coming back, which is CSV whatever it was rejected from; ``None`` for another."""
    head = head_of(path, name).removeprefix(b"\xef\xbb\xbf").replace(b'"', b"")
    is_back = any(head.startswith(mark.join(REJECT_COLUMNS).encode()) for mark in ",;\t|")
    return read_table(path, name) if is_back and format_of(path, name) == "csv" else None


class _Gathering:
    """Rows on their way into a chunk."""

    def __init__(self, name: str, columns: dict[str, type[pl.DataType]]) -> None:
        self.rows: list[Mapping[str, str | None]] = []
        self._name, self._columns = name, columns
        self._faults: list[tuple[int, str, str, str, str]] = []
        self._number = self._characters = 0

    def add(self, item: Item) -> bool:
        """Take one more; whether the chunk is full."""
        self._number += 1
        unread = item if isinstance(item, Unread) else _unfit(item)
        row: Mapping[str, str | None] = {} if isinstance(item, Unread) or unread else item
        if unread:
            self._faults.append(fault_row(self._number, "", unread.value, unread.reason, unread.mend))
        fresh = [column for column in row if column not in self._columns]
        if fresh:
            self._columns.update(dict.fromkeys(fresh, pl.String))
            require_columns(list(self._columns), self._name)
        self.rows.append(row)
        self._characters += sum(len(cell or "") for cell in row.values())
        many = len(self.rows) >= _ROWS or len(self.rows) * len(self._columns) >= _CELLS
        return many or self._characters >= _CHARACTERS

    def chunk(self) -> Chunk:
        """What has been taken since the last."""
        frame = pl.from_dicts([dict(row) for row in self.rows], schema=self._columns or {"column 1": pl.String})
        frame = frame.with_columns(pl.all().replace("", None))
        numbers = range(self._number - len(self.rows) + 1, self._number + 1)
        made = Chunk(
            frame,
            pl.Series("row", numbers, dtype=pl.Int64),
            pl.DataFrame(self._faults, schema=FAULTS, orient="row"),
        )
        self.rows, self._faults, self._characters = [], [], 0
        return made


def _unfit(row: Mapping[str, str | None]) -> Unread | None:
    for column, cell in row.items():
        text = f"{column}{cell or ''}"
        if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
            return Unread(column, "holds a NUL or half a character", "correct the text where it comes from")
    return None
