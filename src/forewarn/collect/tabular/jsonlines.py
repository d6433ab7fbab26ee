"""Reading JSON Lines: one flat object a line, its values as text, numbers exactly as written.

A line that is not an object, is nested deeper than :data:`DEEPEST`, or holds a number that is none, is a fault of
that row; a last line that breaks off means that the file is cut off. Nested values stay JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import polars as pl

from forewarn.collect.rejects import FAULTS, fault_row
from forewarn.collect.tabular.chunk import Chunk, require_columns
from forewarn.collect.tabular.opening import Readable, open_text, require_text_bytes
from forewarn.errors import InputFormatError, shorten

__all__ = ["DEEPEST", "read_json_lines"]

DEEPEST = 32
"""Brackets that may stand inside each other in one line."""
_LONGEST = 32 << 20
_BLOCK = 4 << 20
_ROWS = 50_000


def read_json_lines(path: Path, name: str) -> Iterator[Chunk]:
    """The rows of a JSON Lines file in chunks; blank lines are not counted.

    Raises:
        InputEncodingError: it is not UTF-8.
        InputFormatError: it is cut off, a line is longer than 32 MB, or there are too many different keys.
    """
    require_text_bytes(path, name)
    file = open_text(path, name)
    try:
        yield from _Reading(name).chunks(_lines(file, name))
    finally:
        file.close()


def _lines(file: Readable, name: str) -> Iterator[tuple[str, bool]]:
    """The lines that are not blank, and whether each is closed by a line end."""
    held = b""
    while block := file.read(_BLOCK):
        *whole, held = (held + block).split(b"\n")
        for line in whole:
            if line.strip():
                yield line.decode("utf-8").removeprefix("\ufeff"), True
        if len(held) > _LONGEST:
            raise InputFormatError("a line is longer than 32 MB", where=name, mend="write one object a line")
    if held.strip():
        yield held.decode("utf-8").removeprefix("\ufeff"), False


class _Reading:
    """One pass over the lines; columns once seen stay, in the order in which they came."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._columns: dict[str, type[pl.DataType]] = {}
        self._number = 0

    def chunks(self, lines: Iterator[tuple[str, bool]]) -> Iterator[Chunk]:
        """The rows in chunks."""
        rows: list[dict[str, str | None]] = []
        faults: list[tuple[int, str, str, str, str]] = []
        for line, is_closed in lines:
            self._number += 1
            rows.append(self._row(line, is_closed, faults))
            if len(rows) == _ROWS:
                yield self._chunk(rows, faults)
                rows, faults = [], []
        if rows:
            yield self._chunk(rows, faults)

    def _row(self, line: str, is_closed: bool, faults: list[tuple[int, str, str, str, str]]) -> dict[str, str | None]:
        try:
            return _told(line)
        except _NotToldError as error:
            if not is_closed and error.is_syntax:
                raise InputFormatError(
                    f"is cut off in row {self._number}", where=self._name, mend="get the whole file again"
                ) from None
            faults.append(fault_row(self._number, "", line[:100], str(error), "write one flat JSON object a line"))
            return {}

    def _chunk(self, rows: list[dict[str, str | None]], faults: list[tuple[int, str, str, str, str]]) -> Chunk:
        for row in rows:
            if not row.keys() <= self._columns.keys():
                self._columns.update(dict.fromkeys((k for k in row if k not in self._columns), pl.String))
        if self._columns:
            require_columns(list(self._columns), self._name)
        frame = pl.from_dicts(rows, schema=self._columns or {"column 1": pl.String})
        numbers = range(self._number - len(rows) + 1, self._number + 1)
        found = pl.DataFrame(faults, schema=FAULTS, orient="row")
        return Chunk(frame, pl.Series("row", numbers, dtype=pl.Int64), found)


class _NotToldError(Exception):
    """A line that gives no row, and whether it is JSON at all."""

    def __init__(self, reason: str, *, is_syntax: bool = False) -> None:
        super().__init__(reason)
        self.is_syntax = is_syntax


def _told(line: str) -> dict[str, str | None]:
    """The row of a line."""
    if line.count("{") + line.count("[") > DEEPEST and _depth(line) > DEEPEST:
        raise _NotToldError(f"is nested more than {DEEPEST} deep")
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _NotToldError("is not valid JSON", is_syntax=True) from None
    if not isinstance(value, dict):
        raise _NotToldError("is not a JSON object")
    row = {key.strip(): cell if type(cell) is str else _text(cell) for key, cell in value.items()}
    if "\\u" in line:
        _refuse_broken_text(row)
    return {key or "column 1": cell or None for key, cell in row.items()}


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _refuse_constant(text: str) -> NoReturn:
    raise _NotToldError(f"holds {shorten(text)}, which is no number")


def _refuse_broken_text(row: dict[str, str | None]) -> None:
    """Escapes can spell a NUL or half a character, which no text may hold."""
    for key, cell in row.items():
        text = f"{key}{cell or ''}"
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise _NotToldError("holds a NUL or half a character")


def _depth(line: str) -> int:
    """The deepest nesting of brackets outside strings."""
    deepest = depth = 0
    is_quoted = is_escaped = False
    for char in line:
        if is_escaped:
            is_escaped = False
        elif is_quoted:
            is_escaped, is_quoted = char == "\\", char != '"'
        elif char == '"':
            is_quoted = True
        elif char in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "}]":
            depth -= 1
    return deepest
