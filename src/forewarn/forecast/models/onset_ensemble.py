"""The ensemble for onsets: boosted trees, extremely randomised trees and a random forest, a third each.

Their mean is then lowered where it has lately forecast more onsets than came: the members are fitted anew at earlier
origins, asked for the periods after them, and the sum they gave is held against what happened. It is never raised,
because a wave of onsets is followed by fewer, not by more. Members were chosen on base years 1978 to 1992 of the
mass-killing panel; what each of them reads, and how fast the lowering is, with an eye on the years up to 2008 as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from forewarn.forecast.models.forecaster import OnsetForecaster, OnsetRows
from forewarn.forecast.models.onset_trees import BoostedOnset, RandomForest, RandomTrees

__all__ = ["OnsetEnsemble"]

_LEAST = 1e-4
_FEWEST_ROWS, _FEWEST_ONSETS = 200, 5
_LOWEST = -6.0
Floats = NDArray[np.float64]


def _members() -> tuple[OnsetForecaster, ...]:
    return (BoostedOnset(), RandomTrees(), RandomForest())


def _quick_members() -> tuple[OnsetForecaster, ...]:
    # sums over a block of periods need fewer trees than single chances
    return (BoostedOnset(bags=1), RandomTrees(trees=50), RandomForest(trees=50))


@dataclass(frozen=True, slots=True)
class OnsetEnsemble:
    """The mean of its members' chances, lowered where they have lately forecast too many.

    Attributes:
        members: those asked.
        trial_members: those asked at earlier origins, with fewer trees.
        blocks: how many earlier origins; a block of periods is as long as what is asked for, or the gap before it.
        half_life_blocks: a block counts half as much when it is so many blocks older.
        prior_onsets: onsets' worth of doubt that anything is wrong.
    """

    members: tuple[OnsetForecaster, ...] = field(default_factory=_members)
    trial_members: tuple[OnsetForecaster, ...] = field(default_factory=_quick_members)
    blocks: int = 5
    half_life_blocks: float = 1.0
    prior_onsets: float = 5.0
    name: str = "ensemble"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The chance per row without an outcome."""
        said = _pooled(self.members, rows)
        return np.asarray(expit(logit(said) + self._shift(rows)), dtype=np.float64)

    def _shift(self, rows: OnsetRows) -> float:
        """By how much the log odds are too high, never above zero; zero where there is too little to tell."""
        trials = list(self._trials(rows))
        if not trials:
            return 0.0
        said, happened, weight = (np.concatenate(part) for part in zip(*trials, strict=True))
        odds, onsets = logit(said), float(weight @ happened)

        def surplus(shift: float) -> float:
            return float(weight @ expit(odds + shift)) - onsets + self.prior_onsets * shift

        if surplus(0.0) <= 0:
            return 0.0
        return float(brentq(surplus, _LOWEST, 0.0)) if surplus(_LOWEST) < 0 else _LOWEST

    def _trials(self, rows: OnsetRows) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Per block: what was said of it from before it, what happened, and how much the block counts."""
        learnt = rows.learnt
        last, first_asked = int(rows.periods[learnt].max()), int(rows.periods[~learnt].min())
        gap = max(1, first_asked - last)
        length = max(gap, int(rows.periods[~learnt].max()) - first_asked + 1)
        for block in range(self.blocks):
            end = last - block * length
            asked = learnt & (rows.periods > end - length) & (rows.periods <= end)
            before = learnt & (rows.periods <= end - length + 1 - gap)
            if not asked.any() or before.sum() < _FEWEST_ROWS or rows.outcome[before].sum() < _FEWEST_ONSETS:
                return
            if rows.outcome[before].all():
                return
            said = _pooled(self.trial_members, _part(rows, before, asked))
            yield said, rows.outcome[asked], np.full(said.size, np.exp2(-block / self.half_life_blocks))


def _pooled(members: tuple[OnsetForecaster, ...], rows: OnsetRows) -> Floats:
    said = np.mean([member.probabilities(rows) for member in members], axis=0)
    return np.asarray(np.clip(said, _LEAST, 1.0 - _LEAST), dtype=np.float64)


def _part(rows: OnsetRows, before: NDArray[np.bool_], asked: NDArray[np.bool_]) -> OnsetRows:
    """The rows of an earlier origin, in the order they had, with the outcome of those asked for hidden."""
    kept = before | asked
    return replace(
        rows,
        units=rows.units[kept],
        periods=rows.periods[kept],
        outcome=np.where(asked, np.nan, rows.outcome)[kept],
        covariates=rows.covariates[kept],
        derived=None if rows.derived is None else rows.derived[kept],
        rule=None if rows.rule is None else rows.rule[kept],
    )
