"""Tables of capture histories as people write them: with a count or a row per case, and what was done to read them.

Owns the tolerance: a column of counts wherever it stands, repeated histories, marks as words, lists without a case, a
row for cases on no list that nobody counted. All of it is said in notes. What cannot be meant is refused as
:func:`~forewarn.assess.undercount.histories.histories_of_rows` does; no count is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from forewarn.assess.undercount.histories import Histories, checked_names, checked_row, histories_of_rows
from forewarn.errors import InputFormatError, UnknownNameError, UsageError, shorten

__all__ = ["Table", "histories_of_table"]

_COUNTS = frozenset(
    ("n", "count", "counts", "freq", "frequency", "frequencies", "cases", "total", "number", "nobs", "size", "weight")
)
_NONE = frozenset(("", "na", "nan", "null", "0", "0.0"))
_MARKS = {"0.0": "0", "1.0": "1", "false": "0", "true": "1", "no": "0", "yes": "1", "0": "0", "1": "1"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of histories and how it was read, in sentences."""

    histories: Histories
    notes: tuple[str, ...]


def histories_of_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    where: str,
    lines: Sequence[int] | None = None,
    joins: Mapping[str, Sequence[str]] | None = None,
) -> Table:
    """The histories of a table with a header, and notes on how it was read.

    Args:
        header: the names of the columns: lists, at most one of counts, and perhaps a nameless one of row numbers.
        rows: the cells as text.
        where: the file, for messages.
        lines: the line each row stands on; counted from 2 when not given.
        joins: lists that are to count as one, by the name they get; the others stay as they are.

    The counts are in the column named like a number of cases (``n``, ``count``, ``frequency``, ...), else in the last
    if it holds more than marks; without either every row is a case. Histories given twice are added up. A row on no
    list is left out where it has no count or 0, and where rows are cases; a list without a case is left out.

    Raises:
        InputFormatError: no case, or a row of the wrong length.
        UnknownNameError: a list to be joined is not there.
        UsageError: a list is to be joined twice, or the name it gets is taken.
        InputValueError: a mark or count that cannot be meant, or cases on no list that were counted.
        RuleError: more lists than can be estimated.
    """
    names = [name.strip() for name in header]
    lines = list(lines) if lines is not None else list(range(2, len(rows) + 2))
    cells = [[cell.strip() for cell in row] for row in rows]
    for line, row in zip(lines, cells, strict=True):
        if len(row) != len(names):
            raise InputFormatError(
                f"has {len(row)} cells, not {len(names)}", where=f"{where}, row {line}", mend="complete the row"
            )
    notes: list[str] = []
    if _is_numbered(names, cells):
        names, cells = names[1:], [row[1:] for row in cells]
        notes.append("The first column has no name and numbers the rows; it is left out.")
    at = _count_column(names, cells)
    if at is None:
        notes.append("No column holds counts: every row is taken for one case.")
    elif names[at].casefold() not in _COUNTS or at != len(names) - 1:
        notes.append(f"Column {shorten(names[at], 40)} is taken for the number of cases.")
    lists = [name for place, name in enumerate(names) if place != at]
    checked_names(lists, where, most=len(lists))
    told = [(f"{where}, row {line}", row) for line, row in zip(lines, cells, strict=True)]
    counted = _added_up(names, at, told, notes)
    if joins:
        lists, counted = _joined(lists, counted, joins)
    return Table(_histories(lists, counted, where, notes), tuple(notes))


def _is_numbered(names: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    """Whether the first column is what spreadsheets and R write to number the rows."""
    first = [row[0] for row in cells] if names else []
    is_run = len(first) > 1 and first in ([str(n + start) for n in range(len(first))] for start in (0, 1))
    return bool(names) and names[0] == "" and is_run


def _count_column(names: Sequence[str], cells: Sequence[Sequence[str]]) -> int | None:
    """Where the counts stand, if any column holds them."""
    last = len(names) - 1
    named = [place for place, name in enumerate(names) if name.casefold() in _COUNTS]
    if last in named or any(row[last].casefold() not in _MARKS for row in cells):
        return last
    return next((place for place in named if any(row[place].casefold() not in _MARKS for row in cells)), None)


def _added_up(
    names: Sequence[str], at: int | None, told: Sequence[tuple[str, Sequence[str]]], notes: list[str]
) -> dict[int, int]:
    """Cases by history: those that come twice added up, rows on no list left out where nobody counted them."""
    lists = [name for place, name in enumerate(names) if place != at]
    bits = [1 << place for place in range(len(lists))]
    counted: dict[int, int] = {}
    repeated = empty = 0
    for where, row in told:
        marks = [_MARKS.get(cell.casefold(), cell) for place, cell in enumerate(row) if place != at]
        cases = "1" if at is None else row[at]
        if not any(mark != "0" for mark in marks) and (at is None or cases.casefold() in _NONE):
            empty += 1
            continue
        history, number = checked_row((*marks, cases), lists, bits, where)
        repeated += history in counted
        counted[history] = counted.get(history, 0) + number
    if empty:
        notes.append(f"Rows on no list, left out because that is what is estimated: {empty:,}.")
    if repeated and at is not None:
        notes.append(f"Rows that repeat a combination of lists, their cases added up: {repeated:,}.")
    return counted


def _joined(
    lists: Sequence[str], counted: Mapping[int, int], joins: Mapping[str, Sequence[str]]
) -> tuple[list[str], dict[int, int]]:
    """The lists with some taken as one: a case is on it that is on any of them."""
    name_of = {name: name for name in lists}
    for joined, members in joins.items():
        for member in members:
            if member not in name_of:
                raise UnknownNameError(f"no list {shorten(member, 40)}", where="--list", mend=f"use {', '.join(lists)}")
            if name_of[member] != member or joined in set(lists) - set(members):
                raise UsageError(
                    f"{shorten(joined, 40)} takes what is taken", where="--list", mend="name each list once"
                )
            name_of[member] = joined
    made = list(dict.fromkeys(name_of[name] for name in lists))
    bit = [1 << made.index(name_of[name]) for name in lists]
    found: dict[int, int] = {}
    for history, cases in counted.items():
        whole = reduce(or_, (bit[place] for place in range(len(lists)) if history >> place & 1))
        found[whole] = found.get(whole, 0) + cases
    return made, found


def _histories(lists: Sequence[str], counted: Mapping[int, int], where: str, notes: list[str]) -> Histories:
    seen = reduce(or_, (history for history, cases in counted.items() if cases), 0)
    if not seen:
        raise InputFormatError("holds no case", where=where, mend="a column of 0 and 1 per list, a row per combination")
    held = [place for place in range(len(lists)) if seen >> place & 1]
    for place in sorted(set(range(len(lists))) - set(held)):
        notes.append(f"List {shorten(lists[place], 40)} holds no case and is left out.")
    rows = [(*(history >> place & 1 for place in held), cases) for history, cases in counted.items() if cases]
    return histories_of_rows([lists[place] for place in held], rows, where=where)
