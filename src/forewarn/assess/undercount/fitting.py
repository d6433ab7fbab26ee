"""Maximum likelihood of many Poisson log-linear models at once, sparse tables included.

A term that no case supports (its lists share nobody) has its extended estimate at minus infinity: it and the
histories above it leave the fit, as Chan, Silverman and Vincent (2021, doi:10.1080/01621459.2019.1708748) set out
after Fienberg and Rinaldo (2012, doi:10.1214/12-AOS986). A fit that converges with finite steps is its own proof that
the estimate exists; one that does not converge never stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from forewarn.assess.undercount.design import Design, Mask

__all__ = ["Fits", "fit"]

_STEPS = 25
_CLOSE = 1e-8
_FAR = 60.0
_RIDGE = 1e-13
_ROWS = 2048
"""Fits done together: more cost memory and gain nothing."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """What many fits came to, one row each.

    Attributes:
        exists: whether the extended estimate exists and is the only one.
        dark: estimated cases on no list; infinite where no estimate exists.
        bic: -2 log likelihood + terms x log(cases), terms at minus infinity counted; infinite likewise.
        means: fitted cases per history ``[row, history]``, zero above a term at minus infinity.
    """

    exists: Mask
    dark: Reals
    bic: Reals
    means: Reals


def fit(design: Design, counts: Reals, active: Mask) -> Fits:
    """Fit a model to a table, row by row.

    Args:
        design: the terms.
        counts: cases ``[row, history]``.
        active: the terms of each row's model ``[row, term]``.

    Returns:
        One row for each of the input.
    """
    parts = [
        _fit_part(design, counts[first : first + _ROWS], active[first : first + _ROWS])
        for first in range(0, len(counts), _ROWS)
    ]
    names = ("exists", "dark", "bic", "means")
    return Fits(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(slots=True, eq=False)
class _Work:
    """A batch under way: only the columns that some row's model has."""

    x: Reals
    counts: Reals
    kept: Mask
    alive: Reals
    products: Reals

    def information(self, means: Reals, rows: NDArray[np.int64]) -> Reals:
        """``X'WX`` of those rows ``[row, term, term]``; terms left out get an identity row."""
        kept = self.kept[rows].astype(float)
        size = self.x.shape[1]
        made = (means @ self.products).reshape(-1, size, size) * kept[:, :, None] * kept[:, None, :]
        diagonal = np.einsum("rii->ri", made)
        diagonal += (1.0 - kept) + _RIDGE * diagonal + 1e-300
        return np.asarray(made)


def _fit_part(design: Design, counts: Reals, active: Mask) -> Fits:
    columns = np.flatnonzero(active.any(axis=0))
    x = design.matrix[:, columns]
    model = active[:, columns]
    lost = model & (counts @ x == 0)
    alive = (lost.astype(float) @ x.T == 0).astype(float)
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    work = _Work(x, counts, model & ~lost, alive, products)
    beta, means, converged = _iterate(work)
    exists = converged & _identified(work)
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = np.where(counts > 0, counts * np.log(means), 0.0) - means - gammaln(counts + 1)
    cases = np.maximum(counts.sum(axis=1), 1.0)
    bic = -2 * likelihood.sum(axis=1) + model.sum(axis=1) * np.log(cases)
    dark = np.exp(np.clip(beta[:, 0], -_FAR, _FAR))
    return Fits(exists, np.where(exists, dark, np.inf), np.where(exists, bic, np.inf), means)


def _iterate(work: _Work) -> tuple[Reals, Reals, Mask]:
    """Iteratively reweighted least squares; rows leave as they converge.

    It begins at the counts themselves. From the means of another table, Newton's steps overshoot where a count is
    far above its mean, and estimates that exist are lost.
    """
    eta = np.log(work.counts + 0.1)
    means = (work.counts + 0.1) * work.alive
    beta = np.zeros(work.kept.shape)
    converged = np.zeros(len(work.counts), dtype=bool)
    rows = np.arange(len(work.counts))
    for step in range(_STEPS):
        weighted = (means[rows] * eta[rows] + work.counts[rows] - means[rows]) * work.alive[rows]
        right = (weighted @ work.x) * work.kept[rows]
        new = np.linalg.solve(work.information(means[rows], rows), right[:, :, None])[:, :, 0]
        reached = np.clip(new @ work.x.T, -_FAR, _FAR)
        moved = (np.abs(reached - eta[rows]) * work.alive[rows]).max(axis=1)
        beta[rows], eta[rows] = new, reached
        means[rows] = np.exp(reached) * work.alive[rows]
        done = (moved < _CLOSE) & (step > 0)
        converged[rows[done]] = (np.abs(reached[done]) * work.alive[rows[done]]).max(axis=1) < _FAR
        rows = rows[~done]
        if rows.size == 0:
            break
    return beta, means, converged


def _identified(work: _Work) -> Mask:
    """Whether the histories left determine the terms left; without lost histories a hierarchical model always is."""
    right = np.ones(len(work.counts), dtype=bool)
    thin = np.flatnonzero((work.alive == 0).any(axis=1))
    if thin.size:
        patterns = np.hstack([work.alive[thin] > 0, work.kept[thin]])
        unique, place = np.unique(patterns, axis=0, return_inverse=True)
        cells = work.x.shape[0]
        full = [_full_rank(work.x[row[:cells]][:, row[cells:]]) for row in unique]
        right[thin] = np.array(full)[place.ravel()]
    return right


def _full_rank(matrix: Reals) -> bool:
    return bool(np.linalg.matrix_rank(matrix) == matrix.shape[1]) if matrix.size else matrix.shape[1] == 0
