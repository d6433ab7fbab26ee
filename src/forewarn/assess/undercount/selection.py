"""Choosing which lists depend on each other: forward, pair by pair, for many tables at once.

From independence, the pair with the smallest p is added while p is at most a threshold (Chan, Silverman and Vincent
2021, section 3.2; their simulations recommend .02). The p of a pair is the chance, under the model so far, of sharing
at least as many cases as the two lists do, or at most as many, whichever is less likely. A pair whose model has no
estimate is passed over. Every table goes its own way, so a bootstrap repeats the choice and not only the fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrc

from forewarn.assess.undercount.design import Design, Mask
from forewarn.assess.undercount.fitting import Fits, fit

__all__ = ["THRESHOLD", "Chosen", "choose", "poisson_p"]

THRESHOLD = 0.02

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The model each table chose.

    Attributes:
        active: its terms ``[row, term]``.
        dark: its estimate of cases on no list; infinite where even independence has none.
    """

    active: Mask
    dark: Reals


def poisson_p(shared: Reals, expected: Reals) -> Reals:
    """The chance of as many shared cases or more, or as many or fewer, under a Poisson mean: the smaller of the two."""
    more = np.where(shared > 0, pdtrc(np.maximum(shared - 1, 0), expected), 1.0)
    return np.asarray(np.minimum(more, pdtr(shared, expected)))


def choose(design: Design, counts: Reals, *, threshold: float = THRESHOLD) -> Chosen:
    """Choose a model for every table ``[row, history]``."""
    pairs = np.array(design.pairs)
    within = design.matrix[:, pairs]
    shared = counts @ within
    active = np.tile(design.main, (len(counts), 1))
    start = fit(design, counts, active)
    dark, means = start.dark, start.means
    barred = np.zeros(shared.shape, dtype=bool)
    rows = np.flatnonzero(start.exists)
    while rows.size:
        p = poisson_p(shared[rows], means[rows] @ within)
        p[barred[rows] | active[rows][:, pairs]] = np.inf
        best = p.argmin(axis=1)
        wanted = p[np.arange(rows.size), best] <= threshold
        rows, best = rows[wanted], best[wanted]
        if rows.size == 0:
            break
        made = _with_pair(design, counts[rows], active[rows], pairs[best])
        barred[rows, best] = True
        taken = rows[made.exists]
        active[taken, pairs[best[made.exists]]] = True
        dark[taken], means[taken] = made.dark[made.exists], made.means[made.exists]
        barred[taken] = False
    return Chosen(active, dark)


def _with_pair(design: Design, counts: Reals, active: Mask, pairs: NDArray[np.int64]) -> Fits:
    trial = active.copy()
    trial[np.arange(len(trial)), pairs] = True
    return fit(design, counts, trial)
