"""Disjoint sets of claims that know whom they may not meet.

Owns the bans: what people hold apart, channels that give one row per happening, items of one document, too long a
stretch of days. A ban holds for whole sets and is never lost when sets become one. The root of a set is its least
claim, so the order of joining leaves no trace in it. Claims are numbers, in the order of their ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["LONGEST_GAP_DAYS", "Forest"]

LONGEST_GAP_DAYS = 3
"""The machine brings no two claims together whose periods are more than so many days apart."""

_APART = "people hold claims of the two groups to be different"
_CHANNEL = "both groups have a row of one channel that gives one row per happening"
_LONG = "the two groups together would spread over too many days"
_DOCUMENT = "both groups have an item of one document that lists them separately"
_ALWAYS = (-(2**31), 2**31 - 1)
"""The period of a claim that has none: it is far from nobody."""


@dataclass(slots=True)
class Forest:
    """Disjoint sets of claims that know whom they may not meet.

    Attributes:
        channels, documents, foes: by root, the channels and documents a set has rows of, and whom people keep from it.
        firsts, lasts: at a root the latest first and the earliest last day of its set; no two of its claims are further
            apart than these.
        parent: of each claim; a root is its own.
    """

    channels: dict[int, set[Any]]
    documents: dict[int, set[Any]]
    foes: dict[int, set[Any]]
    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]
    parent: NDArray[np.int64]

    @classmethod
    def of(cls, size: int, never: pl.DataFrame, bans: pl.DataFrame) -> Forest:
        """So many claims, each by itself."""
        foes: dict[int, set[Any]] = defaultdict(set)
        for left, right in bans.select("left", "right").iter_rows():
            foes[left].add(right)
            foes[right].add(left)
        dated = never.filter(pl.col("first").is_not_null()).select("claim_id", "first", "last")
        firsts, lasts = (np.full(size, day, dtype=np.int64) for day in _ALWAYS)
        firsts[dated["claim_id"].to_numpy()] = dated["first"].to_numpy()
        lasts[dated["claim_id"].to_numpy()] = dated["last"].to_numpy()
        return cls(_keys(never, "channel"), _keys(never, "document"), dict(foes), firsts, lasts, np.arange(size))

    def root(self, claim: int) -> int:
        """The least claim of the set."""
        above = self.parent.item
        top = claim
        while (higher := above(top)) != top:
            top = higher
        while (higher := above(claim)) != top:
            self.parent[claim], claim = top, higher
        return top

    def roots(self) -> NDArray[np.int64]:
        """The root of every claim."""
        found = self.parent
        while not np.array_equal(higher := found[found], found):
            found = higher
        return found.copy()

    def bound(self) -> NDArray[np.int64]:
        """The roots of sets that share a channel or document with others, or that people keep from others."""
        return np.array(sorted({*self.channels, *self.documents, *self.foes}), dtype=np.int64)

    def join(self, left: int, right: int, *, by_machine: bool) -> str:
        """Make the two sets one; the reason where that is not allowed, else the empty text."""
        one, other = sorted((self.root(left), self.root(right)))
        if one == other:
            return ""
        if reason := self.forbids(one, other, by_machine=by_machine):
            return reason
        self.parent[other] = one
        for sets in (self.channels, self.documents, self.foes):
            if other in sets:
                small, large = sorted((sets.pop(other), sets.get(one, set())), key=len)
                large.update(small)
                sets[one] = large
        self.firsts[one], self.lasts[one] = self._period(one, other)
        return ""

    def join_free(self, roots: NDArray[np.int64], labels: NDArray[np.int64]) -> None:
        """Make one of all roots of a label, of which none is bound and which lie near in time: nothing is asked."""
        least = np.full(int(labels.max(initial=-1)) + 1, self.parent.size)
        np.minimum.at(least, labels, roots)
        into = least[labels]
        self.parent[roots] = into
        np.maximum.at(self.firsts, into, self.firsts[roots])
        np.minimum.at(self.lasts, into, self.lasts[roots])

    def forbids(self, left: int, right: int, *, by_machine: bool = True) -> str:
        """Why the sets of two claims may not become one; empty where they may."""
        one, other = self.root(left), self.root(right)
        return self._forbidden(one, other) or (self._forbidden_to_machine(one, other) if by_machine else "")

    def _period(self, one: int, other: int) -> tuple[int, int]:
        firsts, lasts = self.firsts.item, self.lasts.item
        return max(firsts(one), firsts(other)), min(lasts(one), lasts(other))

    def _forbidden(self, one: int, other: int) -> str:
        sides = ((self.foes.get(one, set()), other), (self.foes.get(other, set()), one))
        few, whom = min(sides, key=lambda side: len(side[0]))
        if any(self.root(foe) == whom for foe in few):
            return _APART
        return _CHANNEL if _meet(self.channels, one, other) else ""

    def _forbidden_to_machine(self, one: int, other: int) -> str:
        if _meet(self.documents, one, other):
            return _DOCUMENT
        first, last = self._period(one, other)
        return _LONG if first - last > LONGEST_GAP_DAYS else ""


def _keys(never: pl.DataFrame, kind: str) -> dict[int, set[Any]]:
    """What claims have of that kind, where more than one of them has it."""
    said = never.filter(pl.col(kind) != "").select("claim_id", kind)
    shared = said.filter(pl.col(kind).is_duplicated())
    return {claim: {key} for claim, key in shared.iter_rows()}


def _meet(sets: Mapping[int, set[Any]], one: int, other: int) -> bool:
    return one in sets and other in sets and not sets[one].isdisjoint(sets[other])
