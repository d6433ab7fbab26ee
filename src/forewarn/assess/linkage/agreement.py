"""Groups by agreement: the two that agree most become one, until none agree enough.

Owns average linkage over the machine's scores (Sokal and Michener 1958): the agreement of two groups is the mean score
of the pairs between them, where a pair that was not listed counts as no agreement. A chain of links is therefore not
enough, and a weak bridge between two strong groups is never crossed. Scores are whole ten-thousandths, so that sums
are exact and the result does not depend on the order of arrival. Webs in which all agree are joined at once; only the
others are gone through step by step.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from forewarn.assess.linkage.forest import LONGEST_GAP_DAYS, Forest

__all__ = ["COPY", "REACH", "UNIT", "Open", "could_grow_large", "webs"]

REACH = 50
"""So many claims of another group a claim is asked to agree with at most: in a crowd not all are compared with all."""

UNIT = 10_000
"""Scores are whole parts of one by so many."""

COPY = 9_990
"""The machine's score, in ten-thousandths, from which one claim is a copy of the other and no telling of its own."""

_LEVELS = 50
Whole = NDArray[np.int64]
_Asked = tuple[int, int, int]
"""A level, the highest the least, and two groups that agree by it."""


@dataclass(frozen=True, eq=False, slots=True)
class Open:
    """Sets of a forest that may yet become one, and the webs they hang in.

    Attributes:
        forest: sets and bans; :meth:`join` changes it in place.
        labels: a number for each root; groups of different numbers are clustered without each other.
        least: the mean score from which two groups become one.
    """

    forest: Forest
    edges: _Edges
    labels: Whole
    least: float

    @classmethod
    def of(cls, forest: Forest, scores: pl.DataFrame, *, silent: Whole, least: float) -> Open:
        """The sets of a forest with what speaks for joining them.

        Args:
            forest: sets and bans.
            scores: ``left``, ``right`` (numbers of claims) and ``whole``, the score in ``UNIT``s, each pair once.
            silent: claims that tell nothing of their own (copies); they do not count as members.
            least: the mean score from which two groups become one.
        """
        edges = _Edges.of(forest, scores, silent)
        return cls(forest, edges, edges.apart(least), least)

    def join(self) -> None:
        """Join the sets that agree, but for what the forest forbids.

        Agreements are ordered by whole fiftieths, then by the least claims of the groups they began with.
        """
        labels = self.labels
        edges = self.edges.only(labels[self.edges.one] == labels[self.edges.other])
        alike = _all_alike(self.forest, edges, labels, self.least)
        rest = edges.only(~alike[labels[edges.one]])
        nodes = np.unique(np.concatenate([edges.one, edges.other]))
        nodes = nodes[alike[labels[nodes]]]
        self.forest.join_free(nodes, labels[nodes])
        _one_by_one(self.forest, rest, self.least)


def webs(size: int, left: Whole, right: Whole) -> Whole:
    """For each of so many nodes the number of the web of edges it hangs in."""
    edges = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


def could_grow_large(web: Whole, scores: tuple[Whole, Whole, Whole], joined: Whole, least: float) -> NDArray[np.bool_]:
    """For each claim whether a group of more than ``REACH`` tellers could come about in its web.

    A cautious answer, from the claims alone: where it is no, what the web has weak links to need not be known.

    Args:
        web: of each claim the number of its web, below how many claims there are.
        scores: two claims and their score in ``UNIT``s, of every pair, those that leave the web too.
        joined: claims that people joined to others; those of a web with copies are found here.
        least: the mean score from which two groups become one.
    """
    left, right, whole = scores
    size = web.size
    sums = np.bincount(left, weights=whole, minlength=size) + np.bincount(right, weights=whole, minlength=size)
    most = np.zeros(size)
    np.maximum.at(most, web, sums)
    is_copy = whole >= COPY
    most[web[np.concatenate([joined, left[is_copy], right[is_copy]])]] = np.inf
    is_large = (np.bincount(web, minlength=size) > REACH) & (most >= least * REACH * UNIT * (1 - 1e-9))
    return np.asarray(is_large[web], dtype=bool)


@dataclass(frozen=True, eq=False, slots=True)
class _Edges:
    """Sums of scores between groups, ``one < other`` (roots), and how many tell in each group, by root."""

    one: Whole
    other: Whole
    total: Whole
    tellers: Whole

    @classmethod
    def of(cls, forest: Forest, scores: pl.DataFrame, silent: Whole) -> _Edges:
        roots = forest.roots()
        sides = [scores[side].to_numpy() for side in ("left", "right")]
        telling = np.ones(roots.size, dtype=bool)
        telling[silent] = False
        tellers = np.maximum(1, np.bincount(roots[telling], minlength=roots.size))
        left, right = roots[sides[0]], roots[sides[1]]
        whole = scores["whole"].to_numpy().astype(np.int64)
        is_between = (left != right) & (whole > 0)
        one, other, whole = (each[is_between] for each in (np.minimum(left, right), np.maximum(left, right), whole))
        if np.array_equal(roots, np.arange(roots.size)):
            return cls(one, other, whole, tellers)
        summed = pl.DataFrame({"one": one, "other": other, "whole": whole}).group_by("one", "other").sum()
        one, other, whole = (summed[name].to_numpy() for name in ("one", "other", "whole"))
        return cls(one, other, whole, tellers)

    def only(self, keep: NDArray[np.bool_]) -> _Edges:
        return _Edges(self.one[keep], self.other[keep], self.total[keep], self.tellers)

    def agreement(self) -> NDArray[np.float64]:
        return _agreement(self.total, self.tellers[self.one], self.tellers[self.other])

    def apart(self, least: float) -> Whole:
        """The web of each group; groups of different webs never become one.

        While no group has more than ``REACH`` tellers, the agreement of two is at most the mean of those of their
        parts: only edges that agree by ``least`` can start a join. Where a group could grow larger, every edge counts,
        of its web and of whatever those lead to.
        """
        size = self.tellers.size
        holds = self.agreement() >= least
        labels = webs(size, self.one[holds], self.other[holds])
        is_large = self._may_grow_large(labels, least)
        if not is_large.any():
            return labels
        wide = webs(size, self.one, self.other)
        is_wide = np.zeros(size, dtype=bool)
        is_wide[wide[is_large[labels]]] = True
        return np.unique(np.where(is_wide[wide], wide + size, labels), return_inverse=True)[1]

    def _may_grow_large(self, labels: Whole, least: float) -> NDArray[np.bool_]:
        """By label, whether a group of more than ``REACH`` tellers can come about.

        The parts of a group whose joins all agreed by ``least`` agree by that on the mean over all its pairs. So one of
        its tellers has scores that add up to ``least`` times the tellers of the other parts, or there is no such group.
        """
        size = self.tellers.size
        nodes = np.unique(np.concatenate([self.one, self.other]))
        where = labels[nodes]
        tellers = np.bincount(where, weights=self.tellers[nodes], minlength=size)
        largest, most = np.zeros(size, dtype=np.int64), np.zeros(size)
        np.maximum.at(largest, where, self.tellers[nodes])
        sums = np.bincount(self.one, weights=self.total, minlength=size)
        sums += np.bincount(self.other, weights=self.total, minlength=size)
        np.maximum.at(most, where, sums[nodes] / UNIT / self.tellers[nodes])
        return (tellers > REACH) & (most >= least * (REACH + 1 - largest) * (1 - 1e-9))


def _agreement(total: Whole, size: Whole, other_size: Whole) -> NDArray[np.float64]:
    """Mean score, 0..1, over the pairs two groups would have, each teller asked about ``REACH`` at most."""
    asked = np.minimum(size * other_size, REACH * np.minimum(size, other_size))
    return np.asarray(total / UNIT / asked, dtype=np.float64)


def _all_alike(forest: Forest, edges: _Edges, labels: Whole, least: float) -> NDArray[np.bool_]:
    """By label, whether all groups of the web agree with all, nothing keeps any apart and none is large."""
    size = labels.size
    nodes = np.unique(np.concatenate([edges.one, edges.other]))
    where = labels[nodes]
    count = np.bincount(where, minlength=size)
    held = np.bincount(labels[edges.one], weights=edges.agreement() >= least, minlength=size)
    tellers = np.bincount(where, weights=edges.tellers[nodes], minlength=size)
    firsts, lasts = np.full(size, -(2**40)), np.full(size, 2**40)
    np.maximum.at(firsts, where, forest.firsts[nodes])
    np.minimum.at(lasts, where, forest.lasts[nodes])
    alike = (count > 1) & (held == count * (count - 1) // 2) & (tellers <= REACH)
    alike &= firsts - lasts <= LONGEST_GAP_DAYS
    alike[labels[forest.bound()]] = False
    return np.asarray(alike, dtype=bool)


def _one_by_one(forest: Forest, edges: _Edges, least: float) -> None:
    """Join the two groups that agree most, again and again."""
    groups = _Groups.of(edges)
    first = groups.ranked(edges, least)
    again: list[_Asked] = []
    asked: set[_Asked] = set()
    at, end = 0, len(first)
    while at < end or again:
        if again and (at == end or again[0] < first[at]):
            before, one, other = heapq.heappop(again)
        else:
            before, one, other = first[at]
            at += 1
        a, b = groups.find(one), groups.find(other)
        if a == b or b not in groups.links[a] or (mean := groups.agreement(a, b)) < least:
            continue
        level = int(mean * _LEVELS)
        if level < -before:
            later = (-level, min(a, b), max(a, b))
            if later not in asked:
                asked.add(later)
                heapq.heappush(again, later)
        elif forest.join(groups.names[a], groups.names[b], by_machine=True):
            groups.part(a, b)
        else:
            groups.unite(a, b)


@dataclass(slots=True)
class _Groups:
    """Groups by number: a claim of each, how many tell in it, and the sums of scores with others."""

    names: list[int]
    tellers: list[int]
    links: list[dict[int, int]]
    parent: list[int]

    @classmethod
    def of(cls, edges: _Edges) -> _Groups:
        """The groups that any edge touches, in order of their least claims."""
        names = np.unique(np.concatenate([edges.one, edges.other]))
        links: list[dict[int, int]] = [{} for _ in range(names.size)]
        ends = (np.searchsorted(names, side).tolist() for side in (edges.one, edges.other))
        for one, other, total in zip(*ends, edges.total.tolist(), strict=True):
            links[one][other] = links[other][one] = total
        return cls(names.tolist(), edges.tellers[names].tolist(), links, list(range(names.size)))

    def ranked(self, edges: _Edges, least: float) -> list[_Asked]:
        """The edges that agree enough, each with its level, the highest the least, in order."""
        means = edges.agreement()
        enough = means >= least
        names = np.array(self.names, dtype=np.int64)
        one, other = (np.searchsorted(names, side[enough]) for side in (edges.one, edges.other))
        levels = -(means[enough] * _LEVELS).astype(np.int64)
        order = np.lexsort((other, one, levels))
        return list(zip(*(part[order].tolist() for part in (levels, one, other)), strict=True))

    def find(self, group: int) -> int:
        """The group that a group has become part of."""
        while (above := self.parent[group]) != group:
            self.parent[group] = group = self.parent[above]
        return group

    def agreement(self, one: int, other: int) -> float:
        """As :func:`_agreement`, of two groups."""
        size, other_size = self.tellers[one], self.tellers[other]
        return self.links[one][other] / UNIT / min(size * other_size, REACH * min(size, other_size))

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
