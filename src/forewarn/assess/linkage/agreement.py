"""Groups by agreement: the two that agree most become one, until none agree enough.

Owns average linkage over the machine's scores (Sokal and Michener 1958): the agreement of two groups is the mean score
of the pairs between them, where a pair that was not listed counts as no agreement. A chain of links is therefore not
enough, and a weak bridge between two strong groups is never crossed. Scores are whole ten-thousandths, so that sums
are exact and the result does not depend on the order of arrival.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from forewarn.assess.linkage.forest import Forest

__all__ = ["REACH", "agreed"]

REACH = 50
"""So many claims of another group a claim is asked to agree with at most: in a crowd not all are compared with all."""

_UNIT = 10_000
_LEVELS = 50


def agreed(forest: Forest, scores: pl.DataFrame, *, silent: Collection[int], least: float) -> None:
    """Join the sets of a forest that agree.

    Args:
        forest: sets and bans; changed in place. A join it forbids is left out.
        scores: ``left``, ``right`` (numbers of claims) and ``score``, 0..1, each pair once.
        silent: claims that tell nothing of their own (copies); they do not count as members.
        least: the mean score from which two groups become one.

    Agreements are ordered by whole fiftieths, then by the least claims of the groups they began with.
    """
    groups = _Groups.of(forest, _lone_joined(forest, scores, least), silent)
    heap = [(-_LEVELS, one, other) for one, links in enumerate(groups.links) for other in links if one < other]
    heapq.heapify(heap)
    asked: set[tuple[int, int, int]] = set()
    while heap:
        before, one, other = heapq.heappop(heap)
        a, b = groups.find(one), groups.find(other)
        mean = groups.agreement(a, b)
        level = int(mean * _LEVELS)
        if mean < least:
            continue
        if level < -before:
            again = (-level, min(a, b), max(a, b))
            if again not in asked:
                asked.add(again)
                heapq.heappush(heap, again)
        elif forest.join(groups.names[a], groups.names[b], by_machine=True):
            groups.part(a, b)
        else:
            groups.unite(a, b)


def _lone_joined(forest: Forest, scores: pl.DataFrame, least: float) -> pl.DataFrame:
    """Join at once the pairs of which neither claim has another score or another set; return the other scores."""
    ends = pl.concat([scores["left"], scores["right"]])
    busy = ends.filter(ends.is_duplicated()).unique()
    is_busy = pl.any_horizontal(pl.col(side).is_in(busy.implode()) for side in ("left", "right"))
    split = scores.with_columns(_busy=is_busy)
    rest, linked = [], forest.linked()
    for left, right, score in split.filter(~pl.col("_busy")).select("left", "right", "score").iter_rows():
        if left in linked or right in linked:
            rest.append((left, right, score))
        elif round(score * _UNIT) / _UNIT >= least:
            forest.join(left, right, by_machine=True)
    others = pl.DataFrame(rest, schema=scores.schema, orient="row")
    return pl.concat([split.filter("_busy").select("left", "right", "score"), others])


@dataclass(slots=True)
class _Groups:
    """Groups by number: a claim of each, how many tell in it, and the sums of scores with others."""

    names: list[int]
    tellers: list[int]
    links: list[dict[int, int]]
    parent: list[int]

    @classmethod
    def of(cls, forest: Forest, scores: pl.DataFrame, silent: Collection[int]) -> _Groups:
        """The sets of the forest that any score touches, in order of their least claims."""
        whole = (pl.col("score") * _UNIT).round(0).cast(pl.Int64)
        rows = [
            (forest.root(left), forest.root(right), score)
            for left, right, score in scores.sort("left", "right").select("left", "right", whole).iter_rows()
        ]
        names = sorted({name for one, other, _ in rows for name in (one, other)})
        number = {name: place for place, name in enumerate(names)}
        links: list[dict[int, int]] = [{} for _ in names]
        for left, right, score in rows:
            one, other = number[left], number[right]
            if one != other and score > 0:
                links[one][other] = links[other][one] = links[one].get(other, 0) + score
        tellers = [0] * len(names)
        for claim in pl.concat([scores["left"], scores["right"]]).unique().to_list():
            tellers[number[forest.root(claim)]] += claim not in silent
        return cls(names, [max(1, count) for count in tellers], links, list(range(len(names))))

    def find(self, group: int) -> int:
        """The group that a group has become part of."""
        while (above := self.parent[group]) != group:
            self.parent[group] = group = self.parent[above]
        return group

    def agreement(self, one: int, other: int) -> float:
        """Mean score, 0..1, over the pairs two groups would have, each teller asked about ``REACH`` at most."""
        total = self.links[one].get(other, 0)
        size, other_size = self.tellers[one], self.tellers[other]
        return total / _UNIT / min(size * other_size, REACH * min(size, other_size))

    def part(self, one: int, other: int) -> None:
        """Forget what speaks for two groups that may not meet."""
        del self.links[one][other], self.links[other][one]

    def unite(self, one: int, other: int) -> None:
        """Make two groups one: the one with fewer links becomes part of the other."""
        gone, keep = sorted((one, other), key=lambda group: (len(self.links[group]), group))
        for third, total in self.links[gone].items():
            del self.links[third][gone]
            if third != keep:
                self.links[keep][third] = self.links[third][keep] = self.links[keep].get(third, 0) + total
        self.links[gone] = {}
        self.parent[gone] = keep
        self.tellers[keep] += self.tellers[gone]
