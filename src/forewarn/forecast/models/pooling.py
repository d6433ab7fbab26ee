"""Linear pools of forecasts, with weights learnt by proper scores.

A pool holds each member's draws in the share of its weight. CRPS of a pool is a quadratic of the weights, so
weights are found from distances between members once and for all; the ignorance score joins in, and a pull
towards equal weights keeps a member that was lucky from taking all. Weights differ by the status of the conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forewarn.errors import ForecastError
from forewarn.forecast.scoring import IGN_EDGES

__all__ = ["STATUSES", "Trial", "learn_weights", "pooled", "status_of"]

STATUSES = ("quiet", "sporadic", "active", "war")
"""Deaths a month over the last year: none, up to 1, up to 30, more."""

_UPPER = (1e-9, 1.0, 30.0)
_POINTS = 60
_PULL = 0.02
Floats = NDArray[np.float64]
_SCALES: tuple[Callable[[Floats], Floats], ...] = (np.asarray, np.log1p)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What members said and what came: ``quantiles[member][row, draw]`` rising, ``actual[row]``."""

    quantiles: tuple[NDArray[np.floating], ...]
    actual: Floats


def status_of(deaths_a_month: NDArray[np.floating]) -> NDArray[np.int64]:
    """Position in :data:`STATUSES`; unknown counts as quiet."""
    status: NDArray[np.int64] = np.digitize(np.nan_to_num(deaths_a_month), _UPPER)
    return status


def pooled(members: Sequence[NDArray[np.floating]], weights: Floats, *, count: int) -> NDArray[np.float32]:
    """``[row, count]`` draws of a pool; ``members`` are ``[row, draw]`` rising, ``weights[row, member]`` sum to 1."""
    result = np.empty((members[0].shape[0], count), dtype=np.float32)
    for shares in np.unique(weights, axis=0):
        rows = np.flatnonzero((weights == shares).all(axis=1))
        start = 0
        for member, number in zip(members, _apportioned(shares, count), strict=True):
            if number:
                result[rows, start : start + number] = _thinned(member[rows], number)
                start += number
    return result


def learn_weights(groups: Sequence[Sequence[Trial]]) -> Floats:
    """Weights of the members that would have scored best over trials, each weighing by its rows.

    Groups are kinds of violence: each weighs the same. The objective is the CRPS, the CRPS of ``log(1 + count)`` and
    the ignorance score, each relative to that of the equal pool.
    """
    parts = [_Part.of(trials) for trials in groups if sum(trial.actual.size for trial in trials)]
    if not parts:
        raise ForecastError("no row to learn weights from", where="pool", mend="use earlier origins")
    members = parts[0].hits.shape[1]
    equal = [np.maximum(part.scores(np.full(members, 1.0 / members)), 1e-12) for part in parts]

    def objective(logit: Floats) -> float:
        weight = _softmax(logit)
        relative = [part.scores(weight) / one for part, one in zip(parts, equal, strict=True)]
        return float(np.mean(relative, axis=0).sum() - _PULL * np.log(weight + 1e-3).mean())

    return _softmax(minimize(objective, np.zeros(members), method="L-BFGS-B").x)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What the scores of any pool follow from: mean errors and distances of members, and hits per row."""

    error: list[Floats]
    between: list[Floats]
    hits: Floats

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> _Part:
        distances = [[_distances(trial, scale) for trial in trials] for scale in _SCALES]
        return cls(
            [np.concatenate([e for e, _ in part]).mean(axis=0) for part in distances],
            [np.concatenate([b for _, b in part]).mean(axis=0) for part in distances],
            np.concatenate([_hits(trial) for trial in trials]),
        )

    def scores(self, weight: Floats) -> Floats:
        """CRPS, CRPS of the logarithm, ignorance."""
        crps = [e @ weight - 0.5 * weight @ b @ weight for e, b in zip(self.error, self.between, strict=True)]
        return np.array([*crps, -np.log2((1000 * self.hits @ weight + 1) / (1000 + len(IGN_EDGES))).mean()])


def _distances(trial: Trial, scale: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """``E|X_i - y|`` as ``[row, member]`` and ``E|X_i - X_j|`` as ``[row, member, member]``."""
    drawn = [scale(_thinned(member, _POINTS).astype(np.float64)) for member in trial.quantiles]
    actual = scale(trial.actual)
    error = np.stack([np.abs(x - actual[:, None]).mean(axis=1) for x in drawn], axis=1)
    between = np.zeros((actual.size, len(drawn), len(drawn)))
    for i, left in enumerate(drawn):
        for j, right in enumerate(drawn[: i + 1]):
            distance = np.abs(left[:, :, None] - right[:, None, :]).mean(axis=(1, 2))
            between[:, i, j] = between[:, j, i] = distance
    return error, between


def _hits(trial: Trial) -> Floats:
    """Share of each member's draws in the bin of the actual."""
    edges = np.array([*IGN_EDGES, np.inf])
    which = np.searchsorted(edges, trial.actual, side="right")
    low, high = edges[which - 1][:, None], edges[which][:, None]
    return np.stack([((x >= low) & (x < high)).mean(axis=1) for x in trial.quantiles], axis=1)


def _thinned(rising: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    place = ((np.arange(count) + 0.5) / count * rising.shape[1]).astype(np.int64)
    thinned: NDArray[np.floating] = rising[:, place]
    return thinned


def _apportioned(shares: Floats, count: int) -> list[int]:
    """Whole numbers near the shares of a count, with that sum."""
    upto = np.round(np.cumsum(shares) / shares.sum() * count).astype(np.int64)
    return [int(k) for k in np.diff(upto, prepend=0)]


def _softmax(logit: Floats) -> Floats:
    grown = np.exp(logit - logit.max())
    weight: Floats = grown / grown.sum()
    return weight
