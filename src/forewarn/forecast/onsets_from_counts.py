"""The onset of violence in a series of counts: what it is, and the rows a model learns it from.

An onset is a month with at least so many deaths after so many months that each had fewer. A row to learn from is a
unit, a month and what was known a horizon before it; horizons take turns, so each row stands for one. Rows to forecast
are every unit at each horizon, seen from the last month. Nothing reads a month after the one it is seen from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputValueError
from forewarn.forecast.features import past_features
from forewarn.forecast.models import History, OnsetRows

__all__ = ["ONE_SIDED", "OnsetDefinition", "onset_rows_of_counts", "onsets_of_counts"]

_WARM_UP = 24
_LONGEST_PAST = 120
"""Months to learn from: violence and its recording change."""

_OWN = ("lag_0", "mean_3", "mean_12", "mean_60", "share_12", "share_60", "peak_36", "decay_4", "decay_16", "mean_ever")
_OTHERS = ("mean_3", "mean_12", "mean_60", "decay_4")
_WAITS = ("since_1", "since_25")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OnsetDefinition:
    """A month with ``at_least`` so many, after ``quiet`` months that each had fewer."""

    at_least: float = 25.0
    quiet: int = 12

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= 1e9:
            raise InputValueError(
                f"{self.at_least} is not above 0", where="onset, at_least", mend="give deaths a month"
            )
        if not 1 <= self.quiet <= 600:
            raise InputValueError(f"{self.quiet} is not in 1..600", where="onset, quiet", mend="give months")


ONE_SIDED = OnsetDefinition(at_least=25.0, quiet=12)
"""One-sided violence begins: 25 or more deaths in a month, after a year without such a month."""


def onsets_of_counts(values: NDArray[Any], definition: OnsetDefinition) -> Floats:
    """``[unit, month]`` of 0 and 1; NaN where the month is missing, or a missing month before it could decide."""
    units, months = values.shape
    high = values >= definition.at_least
    blank = np.isnan(values)
    seen, dark = np.zeros((units, months), dtype=bool), np.zeros((units, months), dtype=bool)
    for back in range(1, definition.quiet + 1):
        dark[:, :back] = True
        if back < months:
            seen[:, back:] |= high[:, :-back]
            dark[:, back:] |= blank[:, :-back]
    onset = np.where(high & ~seen, 1.0, 0.0)
    return np.where(blank | (high & ~seen & dark), np.nan, onset)


def onset_rows_of_counts(
    history: History, horizons: Sequence[int], definition: OnsetDefinition, *, seed: int
) -> OnsetRows:
    """Rows learnt from, unit by unit, then the rows to forecast: unit by unit, each at every horizon.

    Raises:
        ForecastError: when the history is too short to hold one row to learn from.
    """
    months = history.values.shape[1]
    onset = onsets_of_counts(history.values, definition)
    first = max(_WARM_UP + max(horizons), definition.quiet, months - _LONGEST_PAST)
    if first >= months:
        raise ForecastError(
            f"{months} months are too few to learn an onset {max(horizons)} months ahead from",
            where="onset",
            mend=f"give {first + 1} or more",
        )
    features = np.concatenate(list(_planes(history)), axis=2)
    column = np.arange(first, months)
    ahead = np.asarray(horizons)[column % len(horizons)]
    learnt = features[:, column - ahead], np.broadcast_to(ahead, (len(history.units), column.size))
    asked = np.broadcast_to(features[:, -1:], (len(history.units), len(horizons), features.shape[2]))
    wanted = np.broadcast_to(np.asarray(horizons), asked.shape[:2])
    outcome = np.concatenate([onset[:, column].reshape(-1), np.full(wanted.size, np.nan)])
    periods = np.concatenate([np.tile(column, len(history.units)) - (months - 1), wanted.reshape(-1)])
    names = np.array(history.units)
    rows = OnsetRows(
        units=np.concatenate([np.repeat(names, column.size), np.repeat(names, len(horizons))]),
        periods=(periods + history.last_month).astype(np.int64),
        outcome=outcome,
        covariates=np.concatenate([_flat(*learnt), _flat(asked, wanted)]),
        seed=seed,
    )
    return _without_unknown(rows, wanted.size)


def _planes(history: History) -> Iterator[Floats]:
    """Features of the series itself, then fewer of each other series; waits on a log scale."""
    yield _some(history.values, _OWN)
    for k in range(0 if history.covariates is None else history.covariates.shape[2]):
        yield _some(history.covariates[:, :, k], _OTHERS)  # type: ignore[index]


def _some(series: NDArray[Any], names: Sequence[str]) -> Floats:
    cube = past_features(series)
    planes = [cube.plane(name) for name in names] + [np.log1p(cube.plane(name)) for name in _WAITS]
    return np.stack(planes, axis=2).astype(np.float64)


def _flat(features: Floats, ahead: NDArray[Any]) -> Floats:
    rows = features.reshape(-1, features.shape[2])
    return np.column_stack([rows, ahead.reshape(-1).astype(np.float64)])


def _without_unknown(rows: OnsetRows, asked: int) -> OnsetRows:
    """Months whose outcome is unknown would pass for months to forecast: they are left out."""
    kept = ~np.isnan(rows.outcome)
    kept[-asked:] = True
    return OnsetRows(rows.units[kept], rows.periods[kept], rows.outcome[kept], rows.covariates[kept], seed=rows.seed)
