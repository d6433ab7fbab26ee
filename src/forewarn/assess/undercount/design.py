"""The terms of log-linear models over lists, and which models there are.

Histories and terms are sets of lists, written as bits. ``log mean(history)`` is the sum of the terms that lie within
it, so the term of no list is the logarithm of the cases that no list holds. Every model here has that term and one
for each list, and is hierarchical: with a term come the terms within it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Design", "Mask", "hierarchical_models", "pairwise_design"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Which terms lie within which histories.

    Attributes:
        lists: how many lists there are.
        terms: the terms as bits; the term of no list first, then those of one list, of two, and so on.
        matrix: ``[history, term]``, 1 where the term lies within the history.
    """

    lists: int
    terms: tuple[int, ...]
    matrix: NDArray[np.float64]

    @property
    def main(self) -> Mask:
        """The model in which lists are independent."""
        return np.array([term.bit_count() < 2 for term in self.terms])

    @property
    def pairs(self) -> tuple[int, ...]:
        """The positions of the terms of two lists."""
        return tuple(place for place, term in enumerate(self.terms) if term.bit_count() == 2)


def _design(lists: int, order: int) -> Design:
    terms = sorted((t for t in range(2**lists) if t.bit_count() <= order), key=lambda t: (t.bit_count(), t))
    histories = np.arange(1, 2**lists)
    array = np.array(terms)
    return Design(lists, tuple(terms), ((histories[:, None] & array) == array).astype(float))


@cache
def pairwise_design(lists: int) -> Design:
    """The terms of at most two lists."""
    return _design(lists, 2)


@cache
def hierarchical_models(lists: int) -> tuple[Design, Mask]:
    """Every hierarchical model but the saturated one, ``[model, term]``: 1, 8, 113 and 6,893 for two to five lists."""
    design = _design(lists, lists - 1)
    models = [_closed_below(lists)]
    for order in range(2, lists):
        models = [model | more for model in models for more in _extensions(model, lists, order)]
    place = {term: k for k, term in enumerate(design.terms)}
    mask = np.zeros((len(models), len(design.terms)), dtype=bool)
    for row, model in enumerate(models):
        mask[row, [place[term] for term in model]] = True
    return design, mask


def _closed_below(lists: int) -> frozenset[int]:
    return frozenset([0, *(1 << i for i in range(lists))])


def _extensions(model: frozenset[int], lists: int, order: int) -> list[frozenset[int]]:
    """Every set of terms of that order that may be added to the model."""
    allowed = [
        term
        for term in (sum(1 << i for i in chosen) for chosen in combinations(range(lists), order))
        if all(term ^ (1 << i) in model for i in range(lists) if term >> i & 1)
    ]
    return [frozenset(chosen) for size in range(len(allowed) + 1) for chosen in combinations(allowed, size)]
