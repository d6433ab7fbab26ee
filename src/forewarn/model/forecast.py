"""A forecast: samples of a distribution per unit and month, or the probability of an onset.

Never a point. A forecast knows the model, seed, code and data it came from, and refuses draws that are
missing, infinite or negative: a NaN draw would silently lower every exceedance probability. Units the model
could not forecast are named in ``unknown_units``; they are unknown, not safe. Draw *d* is one course of
events: sums over months follow the draw index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputValueError
from forewarn.model.panel import LEVELS, require_units
from forewarn.model.validation import require_choice, require_text

__all__ = ["Forecast"]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What may come, per unit and month, from one model on one state of knowledge.

    Exactly one of ``draws`` and ``probability`` is given.

    Attributes:
        target: what is forecast: ``one_sided_deaths``, ``onset``...
        level: one of :data:`~forewarn.model.panel.LEVELS`.
        units: the id of each unit forecast.
        months: month ids forecast, rising, all after ``data_through``.
        model: the forecaster's name.
        as_known_at: the day whose knowledge was used.
        data_through: the last month whose target was used.
        seed: what the random numbers came from; the same seed gives the same draws.
        code_version: the version of the software.
        draws: ``[unit, month, draw]``, float32, finite, not negative.
        probability: ``[unit, month]``, float64 in 0..1.
        unknown_units: units asked for which the model knew too little about.
    """

    target: str
    level: str
    units: tuple[str, ...]
    months: tuple[int, ...]
    model: str
    as_known_at: date
    data_through: int
    seed: int
    code_version: str
    draws: NDArray[np.float32] | None = None
    probability: NDArray[np.float64] | None = None
    unknown_units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.level, "level", LEVELS)
        for name in ("target", "model", "code_version"):
            require_text(getattr(self, name), name, longest=200)
        require_units((*self.units, *self.unknown_units))
        if not self.months or list(self.months) != sorted(set(self.months)):
            raise InputValueError("are none, or not in rising order", where="months", mend="sort them")
        if self.months[0] <= self.data_through:
            raise InputValueError(
                f"start at {self.months[0]}, but data reach {self.data_through}",
                where="months",
                mend="forecast only what comes after the data",
            )
        if (self.draws is None) == (self.probability is None):
            raise InputValueError("needs draws or a probability, one of them", where="forecast", mend="give one")
        name = "draws" if self.draws is not None else "probability"
        object.__setattr__(self, name, self._checked(name))

    @property
    def is_onset(self) -> bool:
        """Whether this is the probability of an onset and not draws of a count."""
        return self.probability is not None

    def mean(self) -> NDArray[np.float64]:
        """The mean of the draws, ``[unit, month]``."""
        return np.asarray(self._draws().mean(axis=2, dtype=np.float64))

    def quantiles(self, levels: Sequence[float]) -> NDArray[np.float64]:
        """Quantiles of the draws at levels in 0..1, ``[unit, month, level]``, linear between draws."""
        return _quantiles(self._draws(), levels)

    def exceedance(self, thresholds: Sequence[float]) -> NDArray[np.float64]:
        """Chance of *at least* each threshold, ``[unit, month, threshold]``; in the target's own unit."""
        return _exceedance(self._draws(), thresholds)

    def totals(self) -> NDArray[np.float64]:
        """Sums over the months along each draw, ``[unit, draw]``."""
        return np.asarray(self._draws().sum(axis=1, dtype=np.float64))

    def total_quantiles(self, levels: Sequence[float]) -> NDArray[np.float64]:
        """Quantiles of the sum over all months, ``[unit, level]``."""
        return _quantiles(self.totals(), levels)

    def total_exceedance(self, thresholds: Sequence[float]) -> NDArray[np.float64]:
        """Chance that the sum over all months is at least each threshold, ``[unit, threshold]``."""
        return _exceedance(self.totals(), thresholds)

    def unit_index(self, unit: str) -> int:
        """Where a unit stands in the arrays; one that was not forecast is refused, with the reason."""
        if unit in self.units:
            return self.units.index(unit)
        reason = "too little is known of it" if unit in self.unknown_units else "it is not in the panel"
        raise ForecastError(f"no forecast for unit '{unit}': {reason}", mend="treat its risk as unknown")

    def _draws(self) -> NDArray[np.float32]:
        if self.draws is None:
            raise ForecastError(
                f"the forecast of {self.target} holds probabilities, not draws", mend="use its probability"
            )
        return self.draws

    def _checked(self, name: str) -> NDArray[Any]:
        kind = np.float32 if name == "draws" else np.float64
        array: NDArray[np.floating[Any]] = np.asarray(getattr(self, name), dtype=kind)
        expected = 3 if name == "draws" else 2
        shape_fits = array.ndim == expected and array.shape[:2] == (len(self.units), len(self.months))
        if not shape_fits or (name == "draws" and array.shape[2] == 0):
            raise InputValueError(
                f"have shape {array.shape} for {len(self.units)} units and {len(self.months)} months",
                where=name,
                mend="give [unit, month, draw] or, for a probability, [unit, month]",
            )
        highest = np.inf if name == "draws" else 1.0
        # the comparison is false for NaN, so NaN counts as bad
        bad = array.size - int(np.count_nonzero((array >= 0) & (array <= highest) & (array < np.inf)))
        if bad:
            raise InputValueError(
                f"{bad:,} values are missing, negative or too large", where=name, mend="name the unit as unknown"
            )
        view = array.view()
        view.setflags(write=False)
        return view


def _quantiles(draws: NDArray[Any], levels: Sequence[float]) -> NDArray[np.float64]:
    if any(not 0 <= level <= 1 for level in levels):
        raise InputValueError("are not all in 0..1", where="quantile levels", mend="give 0.05 for 5 %")
    return np.moveaxis(np.quantile(draws, np.asarray(levels, dtype=np.float64), axis=-1), 0, -1)


def _exceedance(draws: NDArray[Any], thresholds: Sequence[float]) -> NDArray[np.float64]:
    shares = [np.mean(draws >= threshold, axis=-1, dtype=np.float64) for threshold in thresholds]
    return np.stack(shares, axis=-1)
