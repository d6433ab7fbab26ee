"""Which items of a channel the store has, asked a million times a minute.

Each item is kept as a 64-bit hash in one sorted array. Two items with one hash cost a look into the store, never a
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
        self._keys: NDArray[np.uint64] | None = np.empty(0, dtype=np.uint64)
        if self.stored > MOST_KEYS:
            self._keys = None
            return
        # Two questions, as the first is answered by an index alone.
        for column, is_named in ((table.c.external_id, True), (table.c.report_id, False)):
            named = table.c.external_id != "" if is_named else table.c.external_id == ""
            query = select(column).where(of_channel, named).execution_options(yield_per=_PART)
            parts = [
                _hashed(pl.Series(part, dtype=pl.String)) for part in connection.execute(query).scalars().partitions()
            ]
            self._keys = np.unique(np.concatenate([self._keys, *parts]))

    @property
    def count(self) -> int:
        """Items known of."""
        return self.stored if self._keys is None else self._keys.size

    def add(self, reports: pl.DataFrame) -> pl.Series:
        """Which of the reports are the first of an item that is surely new; all items are known from now on."""
        if self._keys is None:
            return pl.Series([False]).new_from_index(0, reports.height)
        name = pl.when(pl.col("external_id") != "").then("external_id").otherwise("report_id")
        keys = _hashed(reports.select(name).to_series())
        at = np.searchsorted(self._keys, keys)
        is_known = np.zeros(keys.size, dtype=bool)
        inside = at < self._keys.size
        is_known[inside] = self._keys[at[inside]] == keys[inside]
        fresh = pl.Series(keys).is_first_distinct() & ~pl.Series(is_known)
        self._keys = np.sort(np.concatenate([self._keys, keys[fresh.to_numpy()]]), kind="stable")
        if self._keys.size > MOST_KEYS:
            self._keys = None
        return fresh


def _hashed(names: pl.Series) -> NDArray[np.uint64]:
    return names.hash(seed=1).to_numpy()
