"""How a model that is more than one rule may be looked into: optional, for whoever explains its forecasts.

A model joins by having the method; one that has none is explained by asking it again with parts of the past left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.models.forecaster import History, Task

__all__ = ["Contributions", "Members", "OpensFeatures", "OpensMembers"]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """What each member of a pool says, and its share: ``weights[unit, member]`` in the order of ``units``, and
    ``quantiles[member]`` as ``[unit, horizon, draw]``."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    weights: NDArray[np.float64]
    quantiles: tuple[NDArray[np.floating], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What each feature added to a quantile of ``log(1 + count)``: ``values[unit, horizon, feature]``, NaN for units
    the trees are not for; ``level`` is the quantile."""

    features: tuple[str, ...]
    units: tuple[str, ...]
    values: NDArray[np.float64]
    level: float


@runtime_checkable
class OpensMembers(Protocol):
    """A pool that shows its members."""

    def members(self, history: History, task: Task) -> Members | None:
        """The members; ``None`` where nothing could be learnt."""
        ...


@runtime_checkable
class OpensFeatures(Protocol):
    """A model of trees that shows what each feature added."""

    def contributions(self, history: History, task: Task) -> Contributions | None:
        """The contributions; ``None`` where nothing could be learnt."""
        ...
