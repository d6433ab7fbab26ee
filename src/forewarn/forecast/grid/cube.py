"""The grid's cube: features by cells by months, built block by block into one array.

Most cells of the world never see violence. A row without a value above zero and without a gap has the same features
as any other such row, so those are worked out once and copied; the others are computed in blocks that stay in the
processor's cache. The numbers do not depend on blocks or threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError, UnknownNameError, shorten
from forewarn.forecast.grid.looks import Look, feature_names, ring_steps

__all__ = ["GridCube", "GridSeries", "build_cube"]

_BLOCK_VALUES = 200_000
"""Cell-months worked on at a time; those of quiet cells cost next to nothing."""

_Values = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class GridSeries:
    """What happened in each cell and month.

    Attributes:
        values: by name, ``[cell, month]``, not negative, finite; NaN is missing, never zero.
        cells: the PRIO-GRID cell of each row, once each.
        first_month: month id of the first column.
    """

    values: Mapping[str, _Values]
    cells: NDArray[np.int64]
    first_month: int

    def __post_init__(self) -> None:
        shapes = {series.shape for series in self.values.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 2 or next(iter(shapes))[0] != self.cells.size:
            raise InputValueError(
                f"have shapes {sorted(map(str, shapes))} for {self.cells.size} cells",
                where="grid series",
                mend="give [cell, month], all alike",
            )
        if np.unique(self.cells).size != self.cells.size:
            raise InputValueError("hold a cell twice", where="cells", mend="give each once")
        for name, series in self.values.items():
            # the largest is NaN where one is missing; both comparisons are then false
            if series.size and (
                np.fmin.reduce(series, axis=None) < 0 or np.isposinf(np.fmax.reduce(series, axis=None))
            ):
                raise InputValueError("holds negative or infinite counts", where=shorten(name), mend="correct them")

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(next(iter(self.values.values())).shape[1])

    @property
    def last_month(self) -> int:
        """Month id of the last column."""
        return self.first_month + self.months - 1

    def until(self, month: int) -> GridSeries:
        """The series without the months after one, without copying."""
        keep = max(0, month - self.first_month + 1)
        return GridSeries({k: v[:, :keep] for k, v in self.values.items()}, self.cells, self.first_month)


@dataclass(frozen=True, slots=True, eq=False)
class GridCube:
    """``planes[feature, cell, month]``, float32, NaN where missing; cells and months as in the series."""

    planes: NDArray[np.float32]
    names: tuple[str, ...]
    cells: NDArray[np.int64]
    first_month: int

    def rows(self, cell: NDArray[np.int64], month: NDArray[np.int64]) -> NDArray[np.float32]:
        """The features ``[row, feature]`` of cells, by position, in months, by position."""
        flat = self.planes.reshape(len(self.names), -1)
        chosen: NDArray[np.float32] = np.ascontiguousarray(flat[:, cell * self.planes.shape[2] + month].T)
        return chosen

    def last_rows(self) -> NDArray[np.float32]:
        """The features ``[cell, feature]`` of the last month."""
        return np.ascontiguousarray(self.planes[:, :, -1].T)

    def plane(self, name: str) -> NDArray[np.float32]:
        """One feature, ``[cell, month]``, without copying."""
        if name not in self.names:
            raise UnknownNameError(f"no feature '{shorten(name)}'", where="cube", mend="use one of its names")
        plane: NDArray[np.float32] = self.planes[self.names.index(name)]
        return plane


def build_cube(
    series: GridSeries, looks: tuple[Look, ...], *, out: NDArray[np.float32] | None = None, threads: int = 1
) -> GridCube:
    """Every feature of every cell and month.

    Args:
        series: what happened.
        looks: which features.
        out: where to write, ``[feature, cell, month]``, C order; made when not given.
        threads: how many blocks are worked on at once.

    Raises:
        UnknownNameError: a look names a series that is not there.
        InputValueError: ``out`` has another shape.
    """
    names = feature_names(looks)
    shape = (len(names), series.cells.size, series.months)
    # filled first: new memory met block by block by two threads took up to three times as long
    planes = np.empty(shape, dtype=np.float32) if out is None else _fitting(out, shape)
    if out is None:
        planes.fill(0)
    sources = _sources(series, looks)
    step = max(1, _BLOCK_VALUES // max(1, series.months))
    blocks = [slice(a, min(a + step, shape[1])) for a in range(0, shape[1], step)]

    def fill(block: slice) -> None:
        start = 0
        for look, source in sources:
            stop = start + len(look.names)
            _fill_look(planes[start:stop, block], source, look, block)
            start = stop

    _each(fill, blocks, threads)
    return GridCube(planes, names, series.cells, series.first_month)


def _each(work: Any, tasks: Iterable[Any], threads: int) -> None:
    if threads == 1:
        for task in tasks:
            work(task)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, tasks):
            pass


def _fitting(out: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    if out.shape != shape or out.dtype != np.float32 or not out.flags.c_contiguous:
        raise InputValueError(f"is {out.dtype} {out.shape}", where="out", mend=f"give float32 {shape} in C order")
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """The rows of a series that are not all zero: ``rows`` rising, ``values[row, month]`` float32."""

    rows: NDArray[np.int64]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, series: _Values) -> _Own:
        # a NaN is true, so rows with a gap are kept
        rows = np.flatnonzero(series.any(axis=1))
        return cls(rows, np.ascontiguousarray(series[rows], dtype=np.float32))

    def within(self, block: slice) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Positions inside a block of cells, and the values there."""
        low, high = np.searchsorted(self.rows, [block.start, block.stop])
        return self.rows[low:high] - block.start, self.values[low:high]


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    """The cells with a row that is not all zero in their ring: ``rows`` rising.

    ``links[row, step]`` is the row of ``values`` there, the last of which is all zero and stands for any quiet cell;
    ``missing`` likewise tells gaps, and is ``None`` without one; ``members`` is how many cells the ring has.
    """

    rows: NDArray[np.int64]
    links: NDArray[np.int64]
    values: NDArray[np.float32]
    missing: NDArray[np.float32] | None
    members: NDArray[np.int64]

    @classmethod
    def around(cls, own: _Own, cells: NDArray[np.int64], ring: int) -> _Ring:
        reached = ring_steps(cells[own.rows], cells, ring)
        rows = np.flatnonzero(np.bincount(reached[reached >= 0], minlength=cells.size))
        place = np.full(cells.size + 1, own.rows.size, dtype=np.int64)
        place[own.rows] = np.arange(own.rows.size)
        steps = ring_steps(cells[rows], cells, ring)  # no cell is -1, which is the last place
        gaps = np.isnan(own.values)
        missing = _zero_below(gaps.astype(np.float32)) if gaps.any() else None
        values = own.values if missing is None else np.where(gaps, np.float32(0), own.values)
        return cls(rows, place[steps], _zero_below(values), missing, np.count_nonzero(steps >= 0, axis=1))

    def within(self, block: slice) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Positions inside a block of cells, and the sums there."""
        low, high = np.searchsorted(self.rows, [block.start, block.stop])
        total = _linked(self.values, self.links[low:high])
        if self.missing is not None:
            gone = _linked(self.missing, self.links[low:high])
            total[gone >= self.members[low:high, None]] = np.nan
        return self.rows[low:high] - block.start, total


_Source = _Own | _Ring


def _zero_below(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([values, np.zeros((1, values.shape[1]), dtype=np.float32)])


def _linked(values: NDArray[np.float32], links: NDArray[np.int64]) -> NDArray[np.float32]:
    """The sum of the linked rows, ``[row, month]``."""
    total = np.zeros((links.shape[0], values.shape[1]), dtype=np.float32)
    for step in links.T:
        near = np.flatnonzero(step < values.shape[0] - 1)
        total[near] += values[step[near]]
    return total


def _sources(series: GridSeries, looks: tuple[Look, ...]) -> list[tuple[Look, _Source]]:
    own: dict[str, _Own] = {}
    rings: dict[tuple[str, int], _Source] = {}
    for look in looks:
        if look.series not in series.values:
            raise UnknownNameError(f"no series '{shorten(look.series)}'", where="looks", mend="give it")
        if look.series not in own:
            own[look.series] = _Own.of(series.values[look.series])
        if (look.series, look.ring) not in rings:
            near = own[look.series]
            rings[look.series, look.ring] = near if look.ring == 0 else _Ring.around(near, series.cells, look.ring)
    return [(look, rings[look.series, look.ring]) for look in looks]


def _fill_look(planes: NDArray[np.float32], source: _Source, look: Look, block: slice) -> None:
    rows, values = source.within(block)
    if rows.size == planes.shape[1]:
        _compute(planes, values, look)
        return
    quiet = np.empty((planes.shape[0], 1, planes.shape[2]), dtype=np.float32)
    _compute(quiet, np.zeros(quiet.shape[1:], dtype=np.float32), look)
    np.copyto(planes, quiet)
    if rows.size:
        made = np.empty((planes.shape[0], rows.size, planes.shape[2]), dtype=np.float32)
        _compute(made, values, look)
        for plane, filled in zip(planes, made, strict=True):
            plane[rows] = filled


def _compute(planes: NDArray[np.float32], values: NDArray[np.float32], look: Look) -> None:
    plane = iter(planes)
    for months in look.lags:
        _lag_into(next(plane), values, months)
    missing = np.isnan(values)
    gaps = _leading_zero(missing, np.int32) if missing.any() else None
    if look.sums:
        # float64: a float32 running total would lose single deaths beyond 16 million
        total = _leading_zero(values if gaps is None else np.where(missing, np.float32(0), values), np.float64)
        for window in look.sums:
            _window_into(next(plane), total, gaps, window)
    if look.active:
        total = _leading_zero(values > 0, np.int32)
        for window in look.active:
            _window_into(next(plane), total, gaps, window)
    if look.half_lives:
        waited = _months_since(values, None if gaps is None else missing)
        for half_life in look.half_lives:
            faded = np.multiply(waited, np.float32(-np.log(2) / half_life), out=next(plane))
            np.exp(faded, out=faded)


def _lag_into(plane: _Values, values: _Values, months: int) -> None:
    cut = min(months, values.shape[1])
    plane[:, :cut] = np.nan
    plane[:, cut:] = values[:, : values.shape[1] - cut]


def _leading_zero(values: _Values, kind: type[Any]) -> _Values:
    running = np.zeros((values.shape[0], values.shape[1] + 1), dtype=kind)
    np.cumsum(values, axis=1, dtype=kind, out=running[:, 1:])
    return running


def _window_into(plane: _Values, total: _Values, gaps: _Values | None, window: int) -> None:
    first = min(window - 1, plane.shape[1])
    plane[:, :first] = np.nan
    if first == plane.shape[1]:
        return
    whole = plane[:, first:]
    np.subtract(total[:, window:], total[:, :-window], out=whole, casting="unsafe")
    if gaps is not None:
        whole[gaps[:, window:] > gaps[:, :-window]] = np.nan


def _months_since(values: _Values, missing: _Values | None) -> NDArray[np.float32]:
    """Months since the last value above zero; infinite when there was none, NaN before anything is known."""
    month = np.arange(values.shape[1], dtype=np.float32)
    last = np.where(values > 0, month, np.float32(-np.inf))
    np.maximum.accumulate(last, axis=1, out=last)
    waited: NDArray[np.float32] = month - last
    if missing is not None:
        waited[np.logical_and.accumulate(missing, axis=1)] = np.nan
    return waited
