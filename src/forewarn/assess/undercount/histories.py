"""Capture histories: how many cases each combination of lists holds, checked once and never again.

A *list* is one body's record of cases; a *history* is the set of lists a case is on. What no list holds cannot
be in the table: a row of zeros is refused. Lists are kept in the order of their names, so that the order in which
a table was written can change no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError, RuleError, shorten

__all__ = [
    "MAX_CASES",
    "MAX_LISTS",
    "Histories",
    "checked_names",
    "checked_row",
    "histories_of_cases",
    "histories_of_rows",
]

MAX_LISTS = 10
"""More lists than this are refused: their histories outnumber any cases there are, and lists can be joined."""

MAX_CASES = 10**9
"""A count above this is taken for a slip of the pen."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """A table of cases by the lists they are on.

    Attributes:
        lists: the names of the lists, sorted.
        counts: cases per history ``[2**lists - 1]``; history ``h`` stands at ``h - 1``, and bit ``i`` of ``h`` says
            whether list ``i`` holds the case. Histories that never occurred count zero.
    """

    lists: tuple[str, ...]
    counts: NDArray[np.int64]

    @property
    def observed(self) -> int:
        """Cases on at least one list."""
        return int(self.counts.sum())

    @property
    def sizes(self) -> dict[str, int]:
        """Cases on each list."""
        return {name: self.shared(1 << i) for i, name in enumerate(self.lists)}

    @property
    def recaptured(self) -> int:
        """Cases on two or more lists."""
        return sum(int(n) for h, n in enumerate(self.counts, 1) if h.bit_count() > 1)

    def shared(self, lists: int) -> int:
        """Cases that are on all of these lists, given as bits, whatever else they are on."""
        histories = np.arange(1, self.counts.size + 1)
        return int(self.counts[(histories & lists) == lists].sum())


def histories_of_rows(
    names: Sequence[str], rows: Iterable[Sequence[object]], *, where: str, lines: Sequence[int] | None = None
) -> Histories:
    """The histories of a written table: one 0 or 1 per list, then the number of cases.

    Args:
        names: the lists, in the order of the columns.
        rows: the cells of each row; numbers, or text that is one.
        where: the file, for messages.
        lines: the line each row stands on; counted from 2, below a header, when not given.

    Raises:
        InputValueError: a mark that is not 0 or 1, a count that is no whole number from zero up, a history given
            twice, a row of zeros, a list without a name or named twice, or a list without a case.
        RuleError: more lists than :data:`MAX_LISTS`.
    """
    order = checked_names(names, where)
    position = {name: place for place, name in enumerate(order)}
    bits = [1 << position[name] for name in names]
    counts = np.zeros(2 ** len(names) - 1, dtype=np.int64)
    seen: dict[int, int] = {}
    for number, row in enumerate(rows):
        line = lines[number] if lines is not None else number + 2
        history, cases = checked_row(row, names, bits, f"{where}, row {line}")
        if history in seen:
            raise InputValueError(
                f"the history of row {seen[history]} comes again", where=f"{where}, row {line}", mend="add them up"
            )
        seen[history] = line
        counts[history - 1] = cases
    return _with_cases(Histories(order, counts), where)


def histories_of_cases(cases: Iterable[Iterable[str]], *, where: str) -> Histories:
    """The histories of cases given one by one, each as the lists it is on; a case on none is left out."""
    held = [frozenset(case) for case in cases]
    names = checked_names(sorted(frozenset[str]().union(*held)), where)
    bit = {name: 1 << place for place, name in enumerate(names)}
    counts = np.zeros(2 ** len(names) - 1, dtype=np.int64)
    for case in held:
        if case:
            counts[sum(bit[name] for name in case) - 1] += 1
    return _with_cases(Histories(names, counts), where)


def checked_names(names: Sequence[str], where: str, *, most: int = MAX_LISTS) -> tuple[str, ...]:
    """The names of lists in order, each given once and none empty, at most so many."""
    if not names:
        raise InputValueError("there is no list", where=where, mend="give at least three")
    if len(names) > most:
        raise RuleError(f"{len(names)} lists are more than {most}", where=where, mend="join those that belong together")
    for name in names:
        if not name.strip():
            raise InputValueError("a list has no name", where=where, mend="name every column")
        if names.count(name) > 1:
            raise InputValueError(f"list {shorten(name)} comes twice", where=where, mend="name each list once")
    return tuple(sorted(names))


def checked_row(row: Sequence[object], names: Sequence[str], bits: Sequence[int], where: str) -> tuple[int, int]:
    """The history, as bits, and the number of cases of a row: one 0 or 1 per list, then the cases."""
    if len(row) != len(names) + 1:
        raise InputValueError(f"has {len(row)} cells, not {len(names) + 1}", where=where, mend="complete the row")
    history = 0
    for name, cell, bit in zip(names, row, bits, strict=False):
        mark = _number(cell)
        if mark not in (0.0, 1.0):
            raise InputValueError(
                f"{shorten(cell) or 'nothing'} is neither 0 nor 1",
                where=f"{where}, column {shorten(name, 40)}",
                mend="say whether the list holds these cases",
            )
        history |= bit if mark else 0
    cases = _number(row[-1])
    if not (0 <= cases <= MAX_CASES and cases == int(cases)):
        raise InputValueError(
            f"{shorten(row[-1]) or 'nothing'} is no number of cases",
            where=f"{where}, number of cases",
            mend="count them",
        )
    if history == 0:
        raise InputValueError("cases on no list cannot have been counted", where=where, mend="take the row out")
    return history, int(cases)


def _number(cell: object) -> float:
    try:
        value = float(str(cell))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _with_cases(histories: Histories, where: str) -> Histories:
    for name, size in histories.sizes.items():
        if size == 0:
            raise InputValueError(f"list {shorten(name)} holds no case", where=where, mend="leave it out")
    return histories
