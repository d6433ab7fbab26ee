"""Estimates of experts put together: the median and the linear pool, always beside the members they come from.

Owns the aggregation. Every member has the same weight, and that is said; members stand in the order of their
pseudonyms, and nothing scores, weighs or ranks an expert. Who says nothing in the second round stands by the first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from forewarn.model.elicitation import LEVELS, Estimate, Kind, standing_estimates

__all__ = ["OVERSHOOT", "Member", "Pool", "pool"]

OVERSHOOT = 0.1
"""How far the range of all estimates is widened at both ends for the tails of each, as a share of it (Cooke 1991)."""

_HOW = {
    Kind.PROBABILITY: "median, and linear pool (arithmetic mean); equal weights",
    Kind.QUANTILES: (
        "median of each quantile; linear pool: the mean of the members' distributions, each even between its quantiles "
        "and in tails up to a tenth of the whole range beyond the outermost, not below zero; equal weights"
    ),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One expert's estimate that counts, with the round it was given in and what it was in the first.

    ``values`` are one probability, or the quantiles of :data:`~forewarn.model.elicitation.LEVELS`; ``first`` is the
    same of the first round; ``dissent`` is empty where there is none.
    """

    expert: str
    round: int
    values: tuple[float, ...]
    first: tuple[float, ...]
    reason: str
    dissent: str


@dataclass(frozen=True, slots=True)
class Pool:
    """The estimates of a round together.

    Attributes:
        round: 1 or 2.
        members: by pseudonym.
        median, linear: one number, or one for each level; none without members.
        lowest, highest: least and greatest that any member gives, at each.
        how: how they were put together.
    """

    round: int
    members: tuple[Member, ...]
    median: tuple[float, ...]
    linear: tuple[float, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    how: str


def pool(kind: Kind, estimates: Iterable[Estimate], round: int) -> Pool:
    """The estimates of a round, put together; for the second, those of the first stand for who gave none.

    The order of the estimates does not matter.
    """
    given = list(estimates)
    first = {one.expert: one for one in standing_estimates(given, 1)}
    later = {one.expert: one for one in standing_estimates(given, 2)} if round == 2 else {}
    members = tuple(_member(later.get(expert, one), one) for expert, one in sorted(first.items()))
    columns = list(zip(*(member.values for member in members), strict=True))
    linear = _linear_quantiles if kind == Kind.QUANTILES else _means
    return Pool(
        round=round,
        members=members,
        median=tuple(float(median(column)) for column in columns),
        linear=linear([member.values for member in members]) if members else (),
        lowest=tuple(min(column) for column in columns),
        highest=tuple(max(column) for column in columns),
        how=_HOW[kind],
    )


def _member(held: Estimate, first: Estimate) -> Member:
    return Member(held.expert, held.round, held.values, first.values, held.reason, held.dissent)


def _means(members: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(math.fsum(column) / len(members) for column in zip(*members, strict=True))


def _linear_quantiles(members: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The quantiles of the mixture of the members' distributions, equal weights, at :data:`LEVELS`."""
    low, high = min(min(one) for one in members), max(max(one) for one in members)
    margin = OVERSHOOT * (high - low)
    curves = [_curve(one, max(0.0, low - margin), high + margin) for one in members]

    def mixture(x: float) -> float:
        return math.fsum(curve(x) for curve in curves) / len(curves)

    return tuple(
        _inverse(mixture, level, min(column), max(column))
        for level, column in zip(LEVELS, zip(*members, strict=True), strict=True)
    )


def _curve(quantiles: tuple[float, ...], low: float, high: float) -> Callable[[float], float]:
    """The cumulative distribution of one member: even between its points, continuous from the right."""
    points = [(low, 0.0), *zip(quantiles, LEVELS, strict=True), (high, 1.0)]

    def cumulative(x: float) -> float:
        for (left, below), (right, above) in zip(reversed(points[:-1]), reversed(points[1:]), strict=True):
            if x >= right:
                return above
            if x >= left:
                return below + (above - below) * (x - left) / (right - left)
        return 0.0

    return cumulative


def _inverse(cumulative: Callable[[float], float], level: float, low: float, high: float) -> float:
    """The least x from ``low`` to ``high`` with at least that much below it, by halving to the nearest double."""
    if cumulative(low) >= level:
        return low
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (low, middle) if cumulative(middle) >= level else (middle, high)
    return high
