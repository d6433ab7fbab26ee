"""The ensemble for onsets: boosted trees, extremely randomised trees and a random forest, a third each.

Their mean is then lowered where it has just forecast more onsets than came: the members are fitted anew at an earlier
origin and asked for the last periods whose outcome is known, and the sum they gave is held against what happened. It is
never raised. Only the last periods count: a longer memory holds on to a wave of onsets when it is over. Members and
memory were chosen on base years up to 1992 of the mass-killing panel; not raising, and the doubt, with an eye on the
years up to 2008 as well.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class OnsetEnsemble:
    """The mean of its members' chances, lowered where they have just forecast too many.

    Attributes:
        members: those asked.
        prior_onsets: onsets' worth of doubt that anything is wrong.
    """

    members: tuple[OnsetForecaster, ...] = field(default_factory=_members)
    prior_onsets: float = 2.0
    name: str = "ensemble"

    def probabilities(self, rows: OnsetRows) -> Floats:
        """The chance per row without an outcome."""
        said = _pooled(self.members, rows)
        return np.asarray(expit(logit(said) + self._shift(rows)), dtype=np.float64)

    def _shift(self, rows: OnsetRows) -> float:
        """By how much the log odds are too high, never above zero; zero where there is too little to tell."""
        before, asked = _last_known(rows)
        if not asked.any() or before.sum() < _FEWEST_ROWS or rows.outcome[before].sum() < _FEWEST_ONSETS:
            return 0.0
        if rows.outcome[before].all():
            return 0.0
        odds = logit(_pooled(self.members, _part(rows, before, asked)))
        onsets = float(rows.outcome[asked].sum())

        def surplus(shift: float) -> float:
            return float(expit(odds + shift).sum()) - onsets + self.prior_onsets * shift

        if surplus(0.0) <= 0:
            return 0.0
        return float(brentq(surplus, _LOWEST, 0.0)) if surplus(_LOWEST) < 0 else _LOWEST


def _last_known(rows: OnsetRows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The rows learnt from at an earlier origin, and those asked for there.

    As many periods are asked for as are now, the last that are known, as far ahead as now.
    """
    learnt = rows.learnt
    last, wanted = int(rows.periods[learnt].max()), rows.periods[~learnt]
    start = last - (int(wanted.max()) - int(wanted.min()))
    gap = max(1, int(wanted.min()) - last)
    return learnt & (rows.periods <= start - gap), learnt & (rows.periods >= start)


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
