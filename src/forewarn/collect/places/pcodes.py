"""P-codes: the codes of administrative areas in OCHA's common operational data sets, and the names that go with them.

Owns the reading of a table of P-codes and the looking up of names and codes, by country and level. A code that is not
in the table is unknown, and a name that fits two codes has none. No table is shipped: users add the one they work by.

Reference: OCHA, Common Operational Datasets, global table of P-codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from forewarn.clock import day_from_text
from forewarn.collect.offers import offer
from forewarn.collect.places.names import Match, NameIndex
from forewarn.collect.tabular import read_table
from forewarn.errors import InputFormatError, InputValueError, UnknownNameError, shorten
from forewarn.taxonomy import country

__all__ = ["LARGEST_TABLE", "Pcode", "PcodeTable", "read_pcodes"]

LARGEST_TABLE = 1_000_000
"""More rows are refused: all countries to the second level have about 33,000."""

_COLUMNS = {
    "country": "Location",
    "level": "Admin Level",
    "code": "P-Code",
    "name": "Name",
    "parent": "Parent P-Code",
    "valid_from": "Valid from date",
}
_NEEDED = ("country", "level", "code", "name")


@dataclass(frozen=True, slots=True)
class Pcode:
    """One area.

    Attributes:
        code: its P-code.
        name: as the table prints it.
        country: ISO 3166 alpha-3.
        level: 1 for the first level below the country, to 4.
        parent: the P-code of the area it lies in, or the country's code; empty when not said.
        valid_from: the day from which the table says it holds, ``YYYY-MM-DD``; empty when not said.
    """

    code: str
    name: str
    country: str
    level: int
    parent: str = ""
    valid_from: str = ""


@dataclass(frozen=True)
class PcodeTable:
    """A table of P-codes, each code once."""

    rows: tuple[Pcode, ...] = ()

    def area(self, code: str) -> Pcode | None:
        """The area of a code, whatever its case; ``None`` where the table has none."""
        return self._by_code.get(code.strip().upper())

    def match(self, name: str, country: str, level: int = 1, *, parent: str = "") -> Match:
        """The P-code that a name means in a country at a level, or why there is none.

        Args:
            name: as printed anywhere.
            country: ISO 3166 alpha-3.
            level: 1 for first-level areas.
            parent: look only below that P-code.
        """
        return self._index(country, level, parent).match(name)

    @cached_property
    def _by_code(self) -> dict[str, Pcode]:
        return {row.code.upper(): row for row in self.rows}

    @cached_property
    def _indexes(self) -> dict[tuple[str, int, str], NameIndex]:
        return {}

    def _index(self, country: str, level: int, parent: str) -> NameIndex:
        key = (country, level, parent)
        if key not in self._indexes:
            self._indexes[key] = NameIndex(
                (row.name, row.code)
                for row in self.rows
                if row.country == country and row.level == level and parent in ("", row.parent)
            )
        return self._indexes[key]


def read_pcodes(path: Path, name: str) -> PcodeTable:
    """The table in a file: CSV, XLSX, JSON Lines or parquet; a row of hashtags (HXL) is passed over.

    Raises:
        InputFormatError: columns are missing, it is no such table, or it is far too long.
        InputValueError: a row lacks its code or name, names no country, or repeats a code.
    """
    rows: list[Pcode] = []
    seen: set[str] = set()
    for number, cells in _cells(path, name):
        if len(rows) >= LARGEST_TABLE:
            raise InputFormatError(f"has more than {LARGEST_TABLE:,} rows", where=name, mend="check the file")
        row = _row(cells, f"{name}, row {number}")
        if row.code.upper() in seen:
            raise InputValueError(f"the P-code {shorten(row.code)} comes twice", where=f"{name}, row {number}")
        seen.add(row.code.upper())
        rows.append(row)
    if not rows:
        raise InputFormatError("has no rows", where=name, mend="give a table of P-codes")
    return PcodeTable(tuple(rows))


def _cells(path: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    for chunk in read_table(path, name, None):
        if not chunk.faults.is_empty():
            first = chunk.faults.row(0, named=True)
            raise InputFormatError(str(first["reason"]), where=f"{name}, row {first['row']}", mend="correct the row")
        columns = _columns(chunk.frame.columns, name)
        frame = chunk.frame.select(**columns)
        for number, cells in zip(chunk.rows, frame.iter_rows(named=True), strict=True):
            yield int(number), {field: (cell or "").strip() for field, cell in cells.items()}


def _columns(there: Iterable[str], name: str) -> dict[str, str]:
    known = {column.strip().lower(): column for column in there}
    found = {field: known[printed.lower()] for field, printed in _COLUMNS.items() if printed.lower() in known}
    for field in _NEEDED:
        if field not in found:
            raise InputFormatError(
                f"has no column '{_COLUMNS[field]}'",
                where=name,
                mend=f"give OCHA's table of P-codes; {offer(_COLUMNS[field], list(known.values()))}",
            )
    return found


def _row(cells: dict[str, str], where: str) -> Pcode:
    for field in _NEEDED:
        if not cells[field]:
            raise InputValueError(f"'{_COLUMNS[field]}' is blank", where=where, mend="fill it in")
    if cells["level"] not in ("1", "2", "3", "4"):
        raise InputValueError(f"'{shorten(cells['level'])}' is no level", where=where, mend="use 1 to 4")
    try:
        iso3 = country(cells["country"]).iso3
    except UnknownNameError as error:
        raise InputValueError(error.what, where=where, mend=error.mend) from None
    since = cells.get("valid_from", "")
    return Pcode(
        code=cells["code"],
        name=cells["name"],
        country=iso3,
        level=int(cells["level"]),
        parent=cells.get("parent", ""),
        valid_from=day_from_text(since, where=where).isoformat() if since else "",
    )
