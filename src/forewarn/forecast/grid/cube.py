"""The grid's cube: features by cells by months, built block by block into one array.

Most cells of the world never see violence. A row without a value above zero and without a gap has the same features
as any other such row, so those are worked out once a block and copied; the others are computed in blocks that stay in
the processor's cache, and every plane is written once. The numbers do not depend on blocks or threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from forewarn.errors import InputValueError, UnknownNameError, shorten
from forewarn.forecast.grid.looking import look_into
from forewarn.forecast.grid.looks import Look, feature_names, ring_steps

__all__ = ["GridCube", "GridSeries", "build_cube"]

_BLOCK_VALUES = 200_000
"""Cell-months worked on at a time: a plane of them is 0.8 MB; those of quiet cells cost next to nothing."""
_PAGE_VALUES = 1024
"""Values in a page of memory."""

_Values = NDArray[Any]
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


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
    planes = _new(shape, threads) if out is None else _fitting(out, shape)
    sources = _sources(series, looks, threads)
    step = max(1, _BLOCK_VALUES // max(1, series.months))
    blocks = [slice(a, min(a + step, shape[1])) for a in range(0, shape[1], step)]

    def fill(block: slice) -> None:
        start = 0
        for look, source in sources:
            stop = start + len(look.names)
            _fill_look(planes[start:stop, block], source.within(block), look)
            start = stop

    _each(fill, blocks, threads)
    return GridCube(planes, names, series.cells, series.first_month)


def _new(shape: tuple[int, ...], threads: int) -> NDArray[np.float32]:
    """New memory, met once in its own order: met block by block it takes up to three times as long."""
    planes = np.empty(shape, dtype=np.float32)
    flat = planes.reshape(-1)
    parts = np.array_split(flat, max(1, threads))

    def meet(part: NDArray[np.float32]) -> None:
        part[::_PAGE_VALUES] = 0

    _each(meet, parts, threads)
    return planes


def _each(work: Callable[[_Task], _Result], tasks: Iterable[_Task], threads: int) -> list[_Result]:
    if threads == 1:
        return [work(task) for task in tasks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, tasks))


def _fitting(out: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    if out.shape != shape or out.dtype != np.float32 or not out.flags.c_contiguous:
        raise InputValueError(f"is {out.dtype} {out.shape}", where="out", mend=f"give float32 {shape} in C order")
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Busy:
    """What a block has beside quiet cells: ``rows`` inside the block, and ``values[row, month]`` float32."""

    rows: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """The rows of a series that are not all zero: ``rows`` rising, ``values[row, month]`` float32."""

    rows: NDArray[np.int64]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, series: _Values) -> _Own:
        # a gap is NaN, which is not zero either
        rows = np.flatnonzero(series.any(axis=1))
        return cls(rows, np.ascontiguousarray(series[rows], dtype=np.float32))

    def within(self, block: slice) -> _Busy:
        """The rows of a block of cells."""
        low, high = np.searchsorted(self.rows, [block.start, block.stop])
        return _Busy(self.rows[low:high] - block.start, self.values[low:high])


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    """The cells with a row that is not all zero in their ring: ``rows`` rising.

    ``links[row, own]`` is 1 where the row ``own`` of ``values`` lies in the ring; ``missing`` tells gaps likewise, and
    ``members`` how many cells the ring has; both are ``None`` where there is no gap.
    """

    rows: NDArray[np.int64]
    links: csr_array
    values: NDArray[np.float32]
    missing: NDArray[np.float32] | None
    members: NDArray[np.int64] | None

    @classmethod
    def around(cls, own: _Own, cells: NDArray[np.int64], ring: int) -> _Ring:
        links = _linked(ring_steps(cells[own.rows], cells, ring), cells.size)
        rows = np.flatnonzero(np.diff(links.indptr))
        gaps = np.isnan(own.values)
        if not gaps.any():
            return cls(rows, links[rows], own.values, None, None)
        members = np.count_nonzero(ring_steps(cells[rows], cells, ring) >= 0, axis=1)
        return cls(rows, links[rows], np.where(gaps, np.float32(0), own.values), gaps.astype(np.float32), members)

    def within(self, block: slice) -> _Busy:
        """The sums of a block of cells."""
        low, high = np.searchsorted(self.rows, [block.start, block.stop])
        ends = self.links.indptr[low : high + 1]
        parts = self.links.data[ends[0] : ends[-1]], self.links.indices[ends[0] : ends[-1]], ends - ends[0]
        links = csr_array(parts, shape=(high - low, self.values.shape[0]))
        total = links @ self.values
        if self.missing is not None and self.members is not None:
            total[links @ self.missing >= self.members[low:high, None]] = np.nan
        return _Busy(self.rows[low:high] - block.start, total)


_Source = _Own | _Ring


def _linked(reached: NDArray[np.int64], size: int) -> csr_array:
    """``[cell, own]``, 1 where an own row reaches a cell; a step to none is -1."""
    there = reached >= 0
    ends = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    weights = np.ones(ends[-1], dtype=np.float32)
    return csr_array((weights, reached[there], ends), shape=(len(reached), size)).T.tocsr()


def _sources(series: GridSeries, looks: tuple[Look, ...], threads: int) -> list[tuple[Look, _Source]]:
    """What each look looks at, each worked out once."""
    for look in looks:
        if look.series not in series.values:
            raise UnknownNameError(f"no series '{shorten(look.series)}'", where="looks", mend="give it")
    names = list(dict.fromkeys(look.series for look in looks))
    own = dict(zip(names, _each(lambda name: _Own.of(series.values[name]), names, threads), strict=True))

    def around(what: tuple[int, str]) -> _Source:
        ring, name = what
        return _Ring.around(own[name], series.cells, ring) if ring else own[name]

    # the widest ring takes longest and begins first
    wanted = sorted({(look.ring, look.series) for look in looks}, reverse=True)
    found = dict(zip(wanted, _each(around, wanted, threads), strict=True))
    return [(look, found[look.ring, look.series]) for look in looks]


def _fill_look(planes: NDArray[np.float32], busy: _Busy, look: Look) -> None:
    _, cells, months = planes.shape
    if busy.rows.size == cells:
        own = list(planes)
        for plane, made in zip(own, look_into(busy.values, look, iter(own)), strict=True):
            if made is not plane:
                np.copyto(plane, made)
        return
    # a quiet row stands above the others, and every cell takes the row it is of
    values = np.zeros((busy.rows.size + 1, months), dtype=np.float32)
    values[1:] = busy.values
    taken = np.zeros(cells, dtype=np.int64)
    taken[busy.rows] = np.arange(1, busy.rows.size + 1)
    place = np.empty_like(values)
    for plane, made in zip(planes, look_into(values, look, repeat(place)), strict=True):
        np.take(made, taken, axis=0, out=plane, mode="clip")
