"""Whether lists hold the same cases more or less often than they would by chance, and whether some cases are easy.

Estimates lean on how lists overlap. Two lists that refer cases to each other make the unrecorded look few; two that
divide the work make them look many. What cases on no list do cannot be seen, so nothing here proves independence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, pdtrc

from forewarn.assess.undercount.design import pairwise_design
from forewarn.assess.undercount.fitting import fit
from forewarn.assess.undercount.histories import Histories
from forewarn.assess.undercount.selection import poisson_p

__all__ = ["Heterogeneity", "PairDependence", "heterogeneity", "pair_dependence"]

_Z = float(ndtri(0.975))


@dataclass(frozen=True, slots=True)
class PairDependence:
    """How two lists overlap.

    Attributes:
        first: a list.
        second: another.
        shared: cases on both.
        expected: cases on both if all lists were independent; NaN where that has no estimate.
        p: the chance of an overlap as far from it, one-sided; NaN likewise.
        odds_ratio: odds of being on one given being on the other, among cases on a third list (Mantel and Haenszel,
            pooled over the third lists); above 1 the two go together. None where no third list tells.
        odds_low: lower 95% limit (Robins, Breslow and Greenland 1986).
        odds_high: upper limit.
        two_list_total: the number of cases in all that these two alone would say (Chapman 1951).
    """

    first: str
    second: str
    shared: int
    expected: float
    p: float
    odds_ratio: float | None
    odds_low: float | None
    odds_high: float | None
    two_list_total: float


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Whether cases on many lists are more than independent lists would give.

    Attributes:
        on_lists: cases on one list, two, and so on.
        thrice: cases on three lists or more.
        expected_thrice: as many if lists were independent; NaN where that has no estimate.
        p: the chance of as many or more; NaN likewise.
    """

    on_lists: tuple[int, ...]
    thrice: int
    expected_thrice: float
    p: float


def pair_dependence(histories: Histories) -> tuple[PairDependence, ...]:
    """Every pair of lists, by name."""
    means = _independent_means(histories)
    found = []
    for i in range(len(histories.lists)):
        for j in range(i + 1, len(histories.lists)):
            both = (1 << i) | (1 << j)
            shared = histories.shared(both)
            sizes = histories.shared(1 << i), histories.shared(1 << j)
            expected = _sum_above(means, both)
            found.append(
                PairDependence(
                    histories.lists[i],
                    histories.lists[j],
                    shared,
                    expected,
                    float(poisson_p(np.array([float(shared)]), np.array([expected]))[0]),
                    *_odds_ratio(histories, i, j),
                    (sizes[0] + 1) * (sizes[1] + 1) / (shared + 1) - 1,
                )
            )
    return tuple(found)


def heterogeneity(histories: Histories) -> Heterogeneity:
    """How many cases are on several lists, beside what independent lists would give."""
    lists = np.array([h.bit_count() for h in range(1, histories.counts.size + 1)])
    on_lists = tuple(int(histories.counts[lists == k].sum()) for k in range(1, len(histories.lists) + 1))
    thrice = sum(on_lists[2:])
    expected = float(_independent_means(histories)[lists >= 3].sum())
    p = 1.0 if thrice == 0 else float(pdtrc(thrice - 1, expected))
    return Heterogeneity(on_lists, thrice, expected, math.nan if math.isnan(expected) else p)


def _independent_means(histories: Histories) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    design = pairwise_design(len(histories.lists))
    made = fit(design, histories.counts[None].astype(float), design.main[None])
    return made.means[0] if made.exists[0] else np.full(histories.counts.size, math.nan)


def _sum_above(means: np.ndarray[tuple[int], np.dtype[np.float64]], lists: int) -> float:
    histories = np.arange(1, means.size + 1)
    return float(means[(histories & lists) == lists].sum())


def _odds_ratio(histories: Histories, i: int, j: int) -> tuple[float | None, float | None, float | None]:
    """The pooled odds ratio within third lists, and its limits."""
    tables = [_within(histories, i, j, k) for k in range(len(histories.lists)) if k not in (i, j)]
    parts = [(a * d / n, b * c / n, (a + d) / n, (b + c) / n) for a, b, c, d in tables if (n := a + b + c + d) > 0]
    same, other = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if same == 0 or other == 0:
        return None, None, None
    first = sum(r * p for r, _, p, _ in parts) / (2 * same**2)
    mixed = sum(s * p + r * q for r, s, p, q in parts) / (2 * same * other)
    last = sum(s * q for _, s, _, q in parts) / (2 * other**2)
    error = math.sqrt(first + mixed + last)
    return same / other, same / other * math.exp(-_Z * error), same / other * math.exp(_Z * error)


def _within(histories: Histories, i: int, j: int, k: int) -> tuple[int, int, int, int]:
    """Among the cases of list ``k``: on both, on the first only, on the second only, on neither."""
    both, first, second = (histories.shared(bits | 1 << k) for bits in ((1 << i) | (1 << j), 1 << i, 1 << j))
    return both, first - both, second - both, histories.shared(1 << k) - first - second + both
