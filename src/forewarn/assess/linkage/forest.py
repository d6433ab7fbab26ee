"""Disjoint sets of claims that know whom they may not meet.

Owns the bans: what people hold apart, channels that give one row per happening, items of one document, too long a
stretch of days. A ban holds for whole sets and is never lost when sets become one. The root of a set is its least
claim, so the order of joining leaves no trace in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

__all__ = ["LONGEST_GAP_DAYS", "Forest"]

LONGEST_GAP_DAYS = 3
"""The machine brings no two claims together whose periods are more than so many days apart."""

_APART = "people hold claims of the two groups to be different"
_CHANNEL = "both groups have a row of one channel that gives one row per happening"
_LONG = "the two groups together would spread over too many days"
_DOCUMENT = "both groups have an item of one document that lists them separately"


@dataclass(slots=True)
class Forest:
    """Disjoint sets of claims that know whom they may not meet."""

    channels: dict[int, set[Any]]
    documents: dict[int, set[Any]]
    foes: dict[int, set[Any]]
    periods: dict[int, tuple[int, int]]
    parent: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, never: pl.DataFrame, bans: pl.DataFrame) -> Forest:
        """Every claim by itself; claims are numbers, in the order of their ids."""
        foes: dict[int, set[Any]] = defaultdict(set)
        for left, right in bans.select("left", "right").iter_rows():
            foes[left].add(right)
            foes[right].add(left)
        dated = never.filter(pl.col("first").is_not_null()).select("claim_id", "first", "last")
        periods = {claim: (first, last) for claim, first, last in dated.iter_rows()}
        return cls(_keys(never, "channel"), _keys(never, "document"), dict(foes), periods)

    def root(self, claim: int) -> int:
        """The least claim of the set."""
        top = claim
        while (above := self.parent.get(top, top)) != top:
            top = above
        while (above := self.parent.get(claim, claim)) != top:
            self.parent[claim], claim = top, above
        return top

    def linked(self) -> set[int]:
        """The claims that stand in a set with others."""
        return {*self.parent, *self.parent.values()}

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
        if period := self._period(one, other):
            self.periods[one] = period
        return ""

    def forbids(self, left: int, right: int, *, by_machine: bool = True) -> str:
        """Why the sets of two claims may not become one; empty where they may."""
        one, other = self.root(left), self.root(right)
        return self._forbidden(one, other) or (self._forbidden_to_machine(one, other) if by_machine else "")

    def _period(self, one: int, other: int) -> tuple[int, int] | None:
        """Latest first and earliest last day over both sets; no two claims are further apart than these."""
        known = [self.periods[side] for side in (one, other) if side in self.periods]
        return (max(first for first, _ in known), min(last for _, last in known)) if known else None

    def _forbidden(self, one: int, other: int) -> str:
        sides = ((self.foes.get(one, set()), other), (self.foes.get(other, set()), one))
        few, whom = min(sides, key=lambda side: len(side[0]))
        if any(self.root(foe) == whom for foe in few):
            return _APART
        return _CHANNEL if _meet(self.channels, one, other) else ""

    def _forbidden_to_machine(self, one: int, other: int) -> str:
        if _meet(self.documents, one, other):
            return _DOCUMENT
        period = self._period(one, other)
        return _LONG if period and period[0] - period[1] > LONGEST_GAP_DAYS else ""


def _keys(never: pl.DataFrame, kind: str) -> dict[int, set[Any]]:
    said = never.filter(pl.col(kind) != "").select("claim_id", kind)
    return {claim: {key} for claim, key in said.iter_rows()}


def _meet(sets: Mapping[int, set[Any]], one: int, other: int) -> bool:
    return one in sets and other in sets and not sets[one].isdisjoint(sets[other])
