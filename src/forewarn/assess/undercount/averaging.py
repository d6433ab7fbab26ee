"""Averaging over models instead of choosing one: weights by BIC, within Occam's window.

Each model weighs ``exp(-BIC / 2)``; those more than :data:`WINDOW` behind the best are left out (Madigan and Raftery
1994, doi:10.1080/01621459.1994.10476894). Up to five lists every hierarchical model up to the order asked for is
fitted; beyond, models of pairs are searched downhill from both ends, then outward until no neighbour of a model in
the window is unseen. Averages are of the logarithm of the cases on no list: one wild model must not carry the mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.assess.undercount.design import Design, Mask, hierarchical_models, pairwise_design
from forewarn.assess.undercount.fitting import fit

__all__ = ["ENUMERATED_LISTS", "WINDOW", "Family", "average", "family_of"]

ENUMERATED_LISTS = 5
"""Up to as many lists every hierarchical model is fitted; six lists have 7.8 million."""

WINDOW = 6.0
"""Difference of BIC from the best model, twice the logarithm of odds of 20."""

_KEPT = 60
_SEARCHED = 6_000

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The models that are averaged, best first on the table they were found with.

    Attributes:
        design: the terms.
        models: ``[model, term]``.
        fitted: how many models were fitted to find them.
        existing: how many of those have an estimate.
    """

    design: Design
    models: Mask
    fitted: int
    existing: int


def family_of(lists: int, counts: Reals, *, order: int = 2) -> Family:
    """The models in the window on one table ``[history]``; none where not even independence has an estimate."""
    design, models = _candidates(lists, order) if lists <= ENUMERATED_LISTS else _searched(lists, counts)
    made = fit(design, np.broadcast_to(counts, (len(models), counts.size)), models)
    ranking = np.argsort(made.bic, kind="stable")
    near = ranking[made.exists[ranking] & (made.bic[ranking] <= made.bic.min() + WINDOW)]
    near = near[:_KEPT]
    return Family(design, models[near], len(models), int(made.exists.sum()))


def average(family: Family, counts: Reals, *, told: Callable[[int], None] = lambda _: None) -> tuple[Reals, Reals]:
    """For every table ``[row, history]`` the average cases on no list, and the weights ``[row, model]``.

    Where no model of the family has an estimate the average is infinite. ``told`` hears how many models are done.
    """
    bic = np.full((len(counts), len(family.models)), np.inf)
    log_dark = np.zeros_like(bic)
    for place, model in enumerate(family.models):
        made = fit(family.design, counts, np.broadcast_to(model, (len(counts), model.size)))
        bic[:, place] = made.bic
        log_dark[:, place] = np.where(made.exists, np.log(made.dark), 0.0)
        told(place + 1)
    best = bic.min(axis=1, initial=np.inf)
    known = np.isfinite(best)
    weights = np.exp(-(bic - np.where(known, best, 0.0)[:, None]) / 2)
    weights /= np.where(known, weights.sum(axis=1), 1.0)[:, None]
    return np.where(known, np.exp((weights * log_dark).sum(axis=1)), np.inf), weights


def _candidates(lists: int, order: int) -> tuple[Design, Mask]:
    design, models = hierarchical_models(lists)
    size = np.array([term.bit_count() for term in design.terms])
    within = ~models[:, size > order].any(axis=1)
    if order > 2:
        return design, models[within]
    narrow = pairwise_design(lists)
    return narrow, models[within][:, : len(narrow.terms)]


def _searched(lists: int, counts: Reals) -> tuple[Design, Mask]:
    """Models of pairs: downhill from independence and from all pairs, then outward from all within the window."""
    design = pairwise_design(lists)
    seen: dict[bytes, float] = {}
    for start in (design.main, np.ones_like(design.main)):
        _descend(design, counts, start.tobytes(), seen)
    expanded: set[bytes] = set()
    while len(seen) < _SEARCHED:
        limit = min(seen.values()) + WINDOW
        front = [key for key, value in seen.items() if value <= limit and key not in expanded]
        if not front:
            break
        expanded.update(front)
        _look(design, counts, [near for key in front for near in _neighbours(design, key)], seen)
    return design, np.array([np.frombuffer(key, dtype=bool) for key in seen])


def _descend(design: Design, counts: Reals, start: bytes, seen: dict[bytes, float]) -> None:
    """From a model to its best neighbour, while that is better."""
    _look(design, counts, [start], seen)
    at = start
    while True:
        near = _neighbours(design, at)
        _look(design, counts, near, seen)
        best = min(near, key=lambda key: seen[key])
        if seen[best] >= seen[at]:
            return
        at = best


def _look(design: Design, counts: Reals, keys: Sequence[bytes], seen: dict[bytes, float]) -> None:
    """Fit the models that were not fitted before."""
    new = [key for key in dict.fromkeys(keys) if key not in seen]
    if new:
        models = np.array([np.frombuffer(key, dtype=bool) for key in new])
        made = fit(design, np.broadcast_to(counts, (len(models), counts.size)), models)
        seen |= dict(zip(new, made.bic.tolist(), strict=True))


def _neighbours(design: Design, key: bytes) -> list[bytes]:
    """The models with one pair more or less."""
    made = []
    for pair in design.pairs:
        model = np.frombuffer(key, dtype=bool).copy()
        model[pair] = ~model[pair]
        made.append(model.tobytes())
    return made
