"""The forecasters by name.

One table per kind of target; a model joins by one line here. A name that is not in the table is refused
with those that are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from forewarn.errors import UnknownNameError, shorten
from forewarn.forecast.models.analogue import Analogue
from forewarn.forecast.models.baselines import Bootstrap, Conflictology, LastPoisson, WeightedHistory, Zero
from forewarn.forecast.models.boosted import Boosted
from forewarn.forecast.models.dressed import DressedHistory
from forewarn.forecast.models.elastic_net import ElasticNet
from forewarn.forecast.models.ensemble import Ensemble
from forewarn.forecast.models.forecaster import Forecaster, OnsetForecaster
from forewarn.forecast.models.hurdle_negbin import HurdleNegativeBinomial
from forewarn.forecast.models.onset import Climatology, EverBefore, OwnHistory, RidgeLogistic, Rule
from forewarn.forecast.models.onset_ensemble import OnsetEnsemble
from forewarn.forecast.models.onset_trees import BoostedOnset, RandomForest, RandomTrees

__all__ = [
    "BASELINES",
    "COUNT_FORECASTERS",
    "ONSET_FORECASTERS",
    "count_forecaster",
    "forecaster_names",
    "onset_forecaster",
]

COUNT_FORECASTERS: Mapping[str, Callable[[], Forecaster]] = MappingProxyType(
    {
        "analogue": Analogue,
        "boot_240": Bootstrap,
        "boosted": Boosted,
        "conflictology": Conflictology,
        "dressed_history": DressedHistory,
        "ensemble": Ensemble,
        "hurdle_negbin": HurdleNegativeBinomial,
        "last_poisson": LastPoisson,
        "weighted_history": WeightedHistory,
        "zero": Zero,
    }
)

ONSET_FORECASTERS: Mapping[str, Callable[[], OnsetForecaster]] = MappingProxyType(
    {
        "boosted": BoostedOnset,
        "climatology": Climatology,
        "elastic_net": ElasticNet,
        "ensemble": OnsetEnsemble,
        "ever_before": EverBefore,
        "own_history": OwnHistory,
        "random_forest": RandomForest,
        "random_trees": RandomTrees,
        "ridge_logistic": RidgeLogistic,
        "rule": Rule,
    }
)

BASELINES = frozenset(
    {
        "boot_240",
        "climatology",
        "conflictology",
        "elastic_net",
        "ever_before",
        "last_poisson",
        "own_history",
        "rule",
        "weighted_history",
        "zero",
    }
)
"""The models others are compared with."""

_Made = TypeVar("_Made")


def forecaster_names(kind: str) -> tuple[str, ...]:
    """The names known for a kind of target, ``count`` or ``onset``, sorted."""
    return tuple(sorted(ONSET_FORECASTERS if kind == "onset" else COUNT_FORECASTERS))


def count_forecaster(name: str) -> Forecaster:
    """The count forecaster of that name."""
    return _made(name, COUNT_FORECASTERS)


def onset_forecaster(name: str) -> OnsetForecaster:
    """The onset forecaster of that name."""
    return _made(name, ONSET_FORECASTERS)


def _made(name: str, table: Mapping[str, Callable[[], _Made]]) -> _Made:
    if name not in table:
        raise UnknownNameError(
            f"no model '{shorten(name)}'", where="models", mend=f"use one of {', '.join(sorted(table))}"
        )
    return table[name]()
