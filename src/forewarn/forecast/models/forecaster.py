"""What a forecaster is given and what it gives back.

A count forecaster turns a :class:`History` into draws, an onset forecaster turns :class:`OnsetRows` into
probabilities; whoever fits one of the two protocols joins. Histories end where the data end: a forecaster
cannot see further. Random numbers come from :func:`unit_generator` or :func:`model_generator`, so a unit
gets the same draws whatever stands beside it and wherever the work runs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError
from forewarn.model.panel import Panel, require_units

__all__ = [
    "Forecaster",
    "History",
    "OnsetForecaster",
    "OnsetRows",
    "Task",
    "model_generator",
    "unit_generator",
]

_MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What happened in each unit up to the last month known.

    Attributes:
        values: ``[unit, month]``, not negative; NaN is missing, never zero.
        units: the id of each unit.
        last_month: month id of the last column.
        covariates: ``[unit, month, feature]`` over the same months, NaN where missing; ``None`` for none.
        covariate_names: the name of each covariate.
    """

    values: NDArray[Any]
    units: tuple[str, ...]
    last_month: int
    covariates: NDArray[Any] | None = None
    covariate_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_units(self.units)
        if self.values.ndim != 2 or self.values.shape[0] != len(self.units):
            raise InputValueError(
                f"has shape {self.values.shape} for {len(self.units)} units",
                where="history",
                mend="give [unit, month]",
            )
        if np.isinf(self.values).any() or (self.values < 0).any():
            raise InputValueError("holds negative or infinite counts", where="history", mend="correct them")
        expected = (*self.values.shape, len(self.covariate_names))
        if self.covariates is not None and self.covariates.shape != expected:
            raise InputValueError(
                f"have shape {self.covariates.shape}, not {expected}", where="covariates", mend="align them"
            )

    @classmethod
    def of_panel(cls, panel: Panel, target: str) -> History:
        """The history of one feature of a panel, with the other features as covariates."""
        others = [k for k, name in enumerate(panel.features) if name != target]
        return cls(
            values=panel.feature(target),
            units=panel.units,
            last_month=panel.last_month,
            covariates=panel.values[:, :, others] if others else None,
            covariate_names=tuple(panel.features[k] for k in others),
        )

    def of_units(self, rows: NDArray[np.int64]) -> History:
        """The history of some units, by position."""
        covariates = None if self.covariates is None else self.covariates[rows]
        units = tuple(self.units[row] for row in rows.tolist())
        return replace(self, values=self.values[rows], units=units, covariates=covariates)


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a count forecaster.

    Attributes:
        horizons: months after the last one known, rising, each at least 1.
        draws: draws per unit and month; ``None`` leaves it to the model (conflictology has as many as
            there are months in its year, the others take 1000).
        seed: what the random numbers come from.
    """

    horizons: tuple[int, ...]
    draws: int | None = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.horizons or self.horizons[0] < 1 or list(self.horizons) != sorted(set(self.horizons)):
            raise InputValueError(
                "are none, below 1 or not in rising order", where="horizons", mend="give for example 1, 2, 3"
            )
        if self.draws is not None and not 1 <= self.draws <= _MOST_DRAWS:
            raise InputValueError(f"{self.draws} is not in 1..{_MOST_DRAWS:,}", where="draws", mend="use 1000")
        if self.seed < 0:
            raise InputValueError("is negative", where="seed", mend="give 0 or more")


class Forecaster(Protocol):
    """A model of counts."""

    @property
    def name(self) -> str:
        """The name it goes by in specs, files and scores."""
        ...

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws ``[unit, horizon, draw]``, not negative; a unit it knows too little about is all NaN."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class OnsetRows:
    """Unit-periods to learn from and unit-periods to forecast, for the chance of an onset.

    The covariates of the rows to forecast are known; their outcome is not given.

    Attributes:
        units: unit id per row, learnt and forecast alike.
        periods: period per row.
        outcome: 0 or 1 for rows to learn from, NaN for rows to forecast.
        covariates: ``[row, covariate]``, NaN where missing; may have no column.
        seed: what random numbers come from.
        derived: ``[row, feature]`` made from the covariates of the same unit, none later than the row; ``None``
            for none. Kept apart so that a published method can be given its own covariates and no more.
        rule: a number per row, the higher the likelier, where the user named a rule of thumb.
    """

    units: NDArray[np.str_]
    periods: NDArray[np.int64]
    outcome: NDArray[np.float64]
    covariates: NDArray[np.float64]
    seed: int = 0
    derived: NDArray[np.float64] | None = None
    rule: NDArray[np.float64] | None = None

    @property
    def learnt(self) -> NDArray[np.bool_]:
        """Which rows have an outcome to learn from."""
        return ~np.isnan(self.outcome)


class OnsetForecaster(Protocol):
    """A model of the chance of an onset."""

    @property
    def name(self) -> str:
        """The name it goes by in specs, files and scores."""
        ...

    def probabilities(self, rows: OnsetRows) -> NDArray[np.float64]:
        """The chance of an onset for each row without an outcome, in 0..1, in the order of rows."""
        ...


def unit_generator(model: str, unit: str, *, last_month: int, seed: int) -> np.random.Generator:
    """Random numbers of one unit: keyed on what they are for, not on when or where they are drawn."""
    return _generator(model, "unit", unit, str(last_month), str(seed))


def model_generator(model: str, *, last_month: int, seed: int) -> np.random.Generator:
    """Random numbers of a model that are shared by all units."""
    return _generator(model, "all", str(last_month), str(seed))


def _generator(*key: str) -> np.random.Generator:
    digest = hashlib.sha256("\x1f".join(key).encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
