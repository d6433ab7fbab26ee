"""Features of a panel: what each unit-month looked like from the months up to it.

Every feature of month *t* is made from months up to *t* only, so a panel cut at *t* gives the same row.
Missing stays missing: a lag before the first month, and a sum over a window with a gap, are NaN. Vectorised
over blocks of units; memory is the result plus one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from forewarn.errors import InputValueError
from forewarn.model.panel import Panel

__all__ = ["FeaturePlan", "make_features"]

_BLOCK_VALUES = 250_000
"""Unit-months worked on at a time: 2 MB as float64, so a block stays in the cache."""

_Series = NDArray[Any]


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """Which features to make of one series.

    Attributes:
        lags: the value that many months before; 0 is the month itself.
        rolling: the sum over that many months, the month itself included.
        half_lives: ``2^(-k / h)`` for *k* months since the last month with a value above zero and a half
            life of *h* months; 0 when there was none. Months that are missing leave the clock running.
        neighbour_lags: the sum over neighbouring units that many months before; those missing are left
            out, and it is NaN where all of them are missing.
    """

    lags: tuple[int, ...] = ()
    rolling: tuple[int, ...] = ()
    half_lives: tuple[float, ...] = ()
    neighbour_lags: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(k < 0 for k in (*self.lags, *self.neighbour_lags)):
            raise InputValueError("a negative lag looks into the future", where="lags", mend="give 0 or more")
        if any(w < 1 for w in self.rolling) or any(not 0 < h < np.inf for h in self.half_lives):
            raise InputValueError("must be above zero", where="rolling, half_lives", mend="give months")

    def names(self, target: str) -> tuple[str, ...]:
        """The names of the features, in the order they are made."""
        return (
            *(f"{target}_lag_{k}" for k in self.lags),
            *(f"{target}_sum_{w}" for w in self.rolling),
            *(f"{target}_decay_{h:g}" for h in self.half_lives),
            *(f"{target}_neighbours_lag_{k}" for k in self.neighbour_lags),
        )


def make_features(panel: Panel, plan: FeaturePlan, *, target: str, neighbours: csr_array | None = None) -> Panel:
    """The features of one series of a panel, as a float32 panel of the same units and months.

    Args:
        panel: the cube; ``target`` is one of its features.
        plan: which features.
        target: the series they are made of.
        neighbours: ``[unit, unit]`` weights, needed for ``neighbour_lags``.

    Each feature is one contiguous ``[unit, month]`` plane in memory, so a matrix of rows by features for
    training is a view in column order.
    """
    series = np.ascontiguousarray(panel.feature(target))
    names = plan.names(target)
    planes = np.empty((len(names), *series.shape), dtype=np.float32)
    own = len(names) - len(plan.neighbour_lags)
    for rows in _blocks(series):
        _fill_own(planes[:own, rows], series[rows], plan)
    if plan.neighbour_lags:
        _fill_neighbours(planes[own:], series, _require_neighbours(neighbours, series), plan.neighbour_lags)
    return Panel(
        values=planes.transpose(1, 2, 0),
        units=panel.units,
        first_month=panel.first_month,
        features=names,
        level=panel.level,
        as_known_at=panel.as_known_at,
        observed=panel.observed,
    )


def _fill_own(planes: _Series, block: _Series, plan: FeaturePlan) -> None:
    plane = iter(planes)
    for k in plan.lags:
        _lag_into(next(plane), block, k)
    if plan.rolling:
        running = _Running.of(block)
        for window in plan.rolling:
            running.sum_into(next(plane), window)
    if plan.half_lives:
        waited = _months_since_violence(block)
        for half_life in plan.half_lives:
            np.exp2(waited / -half_life, out=next(plane), casting="same_kind")


def _lag_into(plane: _Series, series: _Series, months: int) -> None:
    cut = min(months, series.shape[1])
    plane[:, :cut] = np.nan
    plane[:, cut:] = series[:, : series.shape[1] - cut]


@dataclass(frozen=True, slots=True)
class _Running:
    """Running totals of a block, with a leading zero column; ``gaps`` counts the missing months."""

    total: NDArray[np.float64]
    gaps: NDArray[np.int32] | None

    @classmethod
    def of(cls, block: _Series) -> _Running:
        missing = np.isnan(block)
        has_gaps = bool(missing.any())
        # float64: a float32 running total would lose single deaths beyond 16 million
        total = _leading_zero(np.where(missing, 0.0, block) if has_gaps else block, np.float64)
        return cls(total, _leading_zero(missing, np.int32) if has_gaps else None)

    def sum_into(self, plane: _Series, window: int) -> None:
        first = min(window - 1, plane.shape[1])
        plane[:, :first] = np.nan
        if first == plane.shape[1]:
            return
        whole = plane[:, first:]
        np.subtract(self.total[:, window:], self.total[:, :-window], out=whole, casting="same_kind")
        if self.gaps is not None:
            whole[self.gaps[:, window:] > self.gaps[:, :-window]] = np.nan


def _leading_zero(block: _Series, kind: type[Any]) -> _Series:
    running = np.zeros((block.shape[0], block.shape[1] + 1), dtype=kind)
    np.cumsum(block, axis=1, out=running[:, 1:])
    return running


def _months_since_violence(block: _Series) -> NDArray[np.float32]:
    """Months since the last value above zero; infinite when there was none, NaN before anything is known."""
    month = np.arange(block.shape[1], dtype=np.int32)
    last = np.maximum.accumulate(np.where(block > 0, month, -1), axis=1)
    waited = np.where(last >= 0, month - last, np.inf).astype(np.float32)
    waited[np.logical_and.accumulate(np.isnan(block), axis=1)] = np.nan
    return waited


def _fill_neighbours(planes: _Series, series: _Series, neighbours: csr_array, lags: tuple[int, ...]) -> None:
    missing = np.isnan(series)
    if missing.any():
        around = neighbours @ np.where(missing, 0, series)
        known = neighbours @ (~missing).astype(np.float32)
        around[(known == 0) & (neighbours.sum(axis=1) > 0)[:, None]] = np.nan
    else:
        around = neighbours @ series
    for plane, months in zip(planes, lags, strict=True):
        _lag_into(plane, around, months)


def _require_neighbours(neighbours: csr_array | None, series: _Series) -> csr_array:
    size = series.shape[0]
    if neighbours is None or neighbours.shape != (size, size):
        raise InputValueError(
            f"neighbour_lags need a matrix of {size} x {size} units", where="neighbours", mend="give it"
        )
    return neighbours


def _blocks(series: _Series) -> Iterator[slice]:
    step = max(1, _BLOCK_VALUES // max(1, series.shape[1]))
    for start in range(0, series.shape[0], step):
        yield slice(start, start + step)
