"""Which items of a channel the store has, asked a million times a minute.

Each item is kept as a 64-bit hash in a few sorted arrays. Two items with one hash cost a look into the store, never a
mistake: only "not there" is taken at its word. Above :data:`MOST_KEYS` items every row is looked up in the store.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from forewarn.store import schema

__all__ = ["MOST_KEYS", "KeysSeen"]

MOST_KEYS = 20_000_000
"""Eight bytes each, twice while they are merged."""

_PART = 50_000


class KeysSeen:
    """The items of a channel: by external id, reports without one by their own id.

    Attributes:
        count: items known of, those of this load included.
        stored: reports the store had at the start.
    """

    def __init__(self, connection: Connection, channel: str) -> None:
        table = schema.reports
        of_channel = table.c.channel == channel
        held = connection.execute(select(func.count()).select_from(table).where(of_channel)).scalar()
        self.stored = int(held or 0)
        self._runs: list[NDArray[np.uint64]] | None = []
        if self.stored > MOST_KEYS:
            self._runs = None
            return
        keys = np.empty(0, dtype=np.uint64)
        # Two questions, as the first is answered by an index alone.
        for column, is_named in ((table.c.external_id, True), (table.c.report_id, False)):
            named = table.c.external_id != "" if is_named else table.c.external_id == ""
            query = select(column).where(of_channel, named).execution_options(yield_per=_PART)
            parts = [
                _hashed(pl.Series(part, dtype=pl.String)) for part in connection.execute(query).scalars().partitions()
            ]
            keys = np.unique(np.concatenate([keys, *parts]))
        self._runs.append(keys)

    @property
    def count(self) -> int:
        """Items known of."""
        return self.stored if self._runs is None else sum(run.size for run in self._runs)

    def add(self, reports: pl.DataFrame) -> pl.Series:
        """Which of the reports are the first of an item that is surely new; all items are known from now on."""
        if self._runs is None:
            return pl.Series([False]).new_from_index(0, reports.height)
        name = pl.when(pl.col("external_id") != "").then("external_id").otherwise("report_id")
        keys = _hashed(reports.select(name).to_series())
        is_known = np.zeros(keys.size, dtype=bool)
        for run in self._runs:
            is_known |= _among(run, keys)
        fresh = pl.Series(keys).is_first_distinct() & ~pl.Series(is_known)
        self._take(np.sort(keys[fresh.to_numpy()]))
        return fresh

    def _take(self, keys: NDArray[np.uint64]) -> None:
        """Add a sorted array; two of much the same size become one, so there are few and each key moves seldom."""
        if self._runs is None or self.count + keys.size > MOST_KEYS:
            self._runs = None
            return
        while self._runs and self._runs[-1].size <= 2 * keys.size:
            keys = np.sort(np.concatenate([self._runs.pop(), keys]), kind="stable")
        self._runs.append(keys)


def _among(known: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of the keys are in the sorted array."""
    at = np.searchsorted(known, keys)
    found = np.zeros(keys.size, dtype=bool)
    inside = at < known.size
    found[inside] = known[at[inside]] == keys[inside]
    return found


def _hashed(names: pl.Series) -> NDArray[np.uint64]:
    return names.hash(seed=1).to_numpy()
