"""Which model a forecast gets when nobody names one: the ensemble where there is enough to learn from.

The ensemble did better than every baseline in back-tests on long panels; on a short or quiet panel it has nothing to
learn from, and the units' own weighted past is plainer and says the same. The reason goes with the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forewarn.forecast.models.forecaster import History

__all__ = ["AUTO", "Choice", "choose_model"]

AUTO = "auto"
"""Instead of a model's name: the one that :func:`choose_model` finds fit."""

_MONTHS = 60
_VIOLENT = 300
_MOST_UNIT_MONTHS = 1_500_000
"""Above it the features of every month do not fit into a gigabyte."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model by name, and the reason in a clause that can be shown."""

    model: str
    reason: str


def choose_model(history: History) -> Choice:
    """The ensemble for five years and three hundred violent unit-months or more, up to 1.5 million unit-months in all.

    Missing months are counted neither as months nor as quiet.
    """
    known = ~np.isnan(history.values)
    months = int(known.any(axis=0).sum())
    violent = int((known & (history.values > 0)).sum())
    if months < _MONTHS:
        return Choice("weighted_history", f"{months} months are too few to learn from ({_MONTHS} needed)")
    if violent < _VIOLENT:
        return Choice(
            "weighted_history", f"{violent} violent unit-months are too few to learn from ({_VIOLENT} needed)"
        )
    if history.values.size > _MOST_UNIT_MONTHS:
        size = f"{history.values.size:,} unit-months"
        return Choice("weighted_history", f"{size} are more than the ensemble takes ({_MOST_UNIT_MONTHS:,})")
    return Choice("ensemble", f"there are {months} months and {violent:,} violent unit-months to learn from")
