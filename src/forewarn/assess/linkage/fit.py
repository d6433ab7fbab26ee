"""Learning the points of a rule book from pairs that people have settled.

Owns the fit: a logistic regression of *same* on the levels found, all rules together so that what two rules both see
is not counted twice, drawn towards points set by hand. A level that the pairs never show keeps its points. The base of
the logarithm is two: the fitted points are match weights as Fellegi and Sunter (1969) reckon them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess.linkage.comparisons import CONDITIONS, UNTAUGHT
from forewarn.assess.linkage.rulebook import Level, RuleBook
from forewarn.errors import InputValueError

__all__ = ["fitted"]

_STRENGTH = 10.0
"""Of the pull towards the points set by hand, in units of the inverse variance of a weight (natural log)."""
_STEPS = 50
_MOST_POINTS = 12.0


def fitted(found: pl.DataFrame, same: pl.Series, start: RuleBook) -> RuleBook:
    """The rule book with its points learnt.

    Args:
        found: levels by name, one column a rule, as :func:`~forewarn.assess.linkage.compare.findings` gives them.
        same: whether each pair speaks of one happening.
        start: its points by hand are what learning begins from and is drawn to; words and thresholds are kept.

    Raises:
        InputValueError: the pairs are all the same or all different, so that nothing can be learnt.
    """
    truth = same.cast(pl.Float64).to_numpy()
    if not 0 < truth.sum() < truth.size:
        raise InputValueError("are all of one kind", where="pairs", mend="give pairs that are the same and others")
    names = [(rule, level) for rule in CONDITIONS for level in CONDITIONS[rule]]
    seen = np.column_stack([(found[rule] == level).to_numpy() for rule, level in names]).astype(np.float64)
    taught = np.array([level not in UNTAUGHT and seen[:, at].any() for at, (_, level) in enumerate(names)])
    by_hand = np.array([start.rules[rule][level].by_hand for rule, level in names]) * math.log(2)
    offset = seen[:, ~taught] @ by_hand[~taught]
    begin = np.append(by_hand[taught], start.start_by_hand * math.log(2))
    design = np.column_stack([seen[:, taught], np.ones(truth.size)])
    weights = by_hand.copy()
    learnt = _drawn(design, truth, offset=offset, towards=begin)
    weights[taught] = learnt[:-1]
    points = dict(zip(names, np.clip(weights / math.log(2), -_MOST_POINTS, _MOST_POINTS).round(2), strict=True))
    return replace(start, start=round(float(learnt[-1]) / math.log(2), 2), rules=_with_points(start, points, taught))


def _with_points(
    start: RuleBook, points: Mapping[tuple[str, str], float], taught: NDArray[np.bool_]
) -> Mapping[str, Mapping[str, Level]]:
    learnt = {name for name, known in zip(points, taught, strict=True) if known}
    return MappingProxyType(
        {
            rule: MappingProxyType(
                {
                    level: replace(old, points=float(points[rule, level]) if (rule, level) in learnt else old.by_hand)
                    for level, old in start.rules[rule].items()
                }
            )
            for rule in CONDITIONS
        }
    )


def _drawn(
    design: NDArray[np.float64],
    truth: NDArray[np.float64],
    *,
    offset: NDArray[np.float64],
    towards: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The weights of greatest posterior probability, normal around ``towards``, by Newton's method.

    The last column, the constant, is free.
    """
    pull = np.full(design.shape[1], _STRENGTH)
    pull[-1] = 1e-6
    weights = towards.copy()
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights + offset, -40, 40)))
        slope = design.T @ (truth - chance) - pull * (weights - towards)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights
