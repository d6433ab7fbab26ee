"""Small numbers in a table with totals, and what else must be hidden so that nobody can reckon them back.

A cell or total that counts 1 to ``smallest - 1`` of anything is hidden. Each hidden cell is then put on a closed way
through further hidden cells, alternately along a row and a column: the numbers on such a way can be moved against each
other without changing anything that is shown, so none of them can be reckoned. Where it can be, the others on the way
are at least ``smallest``, so that the hidden number could be that much larger. Source: Gusfield (1988), "A graph
theoretic approach to statistical data security", SIAM Journal on Computing 17(3).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

__all__ = ["TOTAL", "Key", "Table", "hidden_keys", "small_changes", "with_totals"]

TOTAL = "all"
"""Stands for a whole row or column."""

Key = tuple[str, str]
Table = dict[Key, tuple[int, ...]]
"""Counts, the same ones in every cell, by row and column."""

_Node = tuple[int, str]


def with_totals(cells: Mapping[Key, tuple[int, ...]]) -> Table:
    """The cells, the totals of their rows and columns, and the total of all."""
    table: dict[Key, list[int]] = {}
    for (row, column), counts in cells.items():
        for key in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            held = table.setdefault(key, [0] * len(counts))
            for position, count in enumerate(counts):
                held[position] += count
    return {key: tuple(counts) for key, counts in table.items()}


def small_changes(table: Table, earlier: Mapping[Key, tuple[int, ...] | None], smallest: int) -> set[Key]:
    """Keys whose number would tell something beside an earlier table: hidden there, or changed by too little."""
    told = set()
    for key, before in earlier.items():
        now = table.get(key)
        if before is None:
            told.add(key)
            continue
        after = now or (0,) * len(before)
        if any(0 < abs(b - a) < smallest for a, b in zip(before, after, strict=True)):
            told.add(key)
    return told


def hidden_keys(table: Table, smallest: int, also: Collection[Key] = ()) -> set[Key]:
    """What must be hidden: the small, those named, and what protects them. Keys named must be in the table."""
    small = {key for key, counts in table.items() if any(0 < count < smallest for count in counts)}
    hidden = small | set(also)
    ways = _Ways(table, hidden, smallest)
    for key in sorted(hidden):
        ways.hidden |= ways.around(key)
    return ways.hidden


class _Ways:
    """Rows and columns as places, cells as roads between them; the totals make a row and a column of their own."""

    def __init__(self, table: Table, hidden: set[Key], smallest: int) -> None:
        self._table, self._smallest = table, smallest
        self.hidden = set(hidden)
        self._roads: dict[_Node, list[Key]] = defaultdict(list)
        for row, column in table:
            self._roads[(0, row)].append((row, column))
            self._roads[(1, column)].append((row, column))

    def around(self, key: Key) -> set[Key]:
        """The cheapest cells that close a way with this one; large ones where that can be."""
        for least in (self._smallest, 1, 0):
            found = self._cheapest(key, least)
            if found is not None:
                return found
        return set()

    def _cheapest(self, key: Key, least: int) -> set[Key] | None:
        start, goal = (0, key[0]), (1, key[1])
        waiting: list[tuple[int, _Node]] = [(0, start)]
        cost, came = {start: 0}, dict[_Node, Key]()
        while waiting:
            spent, node = heapq.heappop(waiting)
            if node == goal:
                return set(self._back(goal, start, came))
            if spent > cost[node]:
                continue
            for road in self._roads[node]:
                if road == key or min(self._table[road]) < least:
                    continue
                there = (1, road[1]) if node[0] == 0 else (0, road[0])
                total = spent + (0 if road in self.hidden else 1 + self._table[road][0])
                if total < cost.get(there, total + 1):
                    cost[there], came[there] = total, road
                    heapq.heappush(waiting, (total, there))
        return None

    @staticmethod
    def _back(goal: _Node, start: _Node, came: Mapping[_Node, Key]) -> Iterator[Key]:
        node = goal
        while node != start:
            road = came[node]
            yield road
            node = (0, road[0]) if node[0] == 1 else (1, road[1])
