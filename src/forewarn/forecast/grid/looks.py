"""What the grid's features are: looks at a series, from a cell or from the ring of cells around it.

A look is declared and named here and computed in ``cube``. Every feature of month *t* is made from months up to
*t* only. Cell ids are no feature: the model may not learn a place by heart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError
from forewarn.model.grid import CELL_COUNT, NO_CELL, cell_at, cell_centres, cell_neighbours

__all__ = ["RINGS", "Look", "default_looks", "feature_names", "ring_steps"]

RINGS = (0, 1, 2)
"""0 is the cell itself, 1 the eight cells around it, 2 the twenty-four of the 5 x 5 square around it."""


@dataclass(frozen=True, slots=True)
class Look:
    """Features of one series as seen from one ring.

    Attributes:
        series: the name of the series.
        ring: one of :data:`RINGS`; the series is summed over the ring's cells, those missing left out, and is
            missing where all of them are.
        lags: the value that many months before; 0 is the month itself; missing before the first month.
        sums: the sum over that many months, the month itself included; missing where one of them is.
        active: how many of that many months had a value above zero; missing where one of them is.
        half_lives: ``2^(-k / h)`` for *k* months since the last value above zero and a half life of *h* months; 0
            where there was none, missing before anything is known.
    """

    series: str
    ring: int = 0
    lags: tuple[int, ...] = ()
    sums: tuple[int, ...] = ()
    active: tuple[int, ...] = ()
    half_lives: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.ring not in RINGS:
            raise InputValueError(f"{self.ring} is no ring", where="look", mend="use 0, 1 or 2")
        if any(k < 0 for k in self.lags):
            raise InputValueError("a negative lag looks into the future", where="lags", mend="give 0 or more")
        if any(w < 1 for w in (*self.sums, *self.active)) or any(not 0 < h < np.inf for h in self.half_lives):
            raise InputValueError("must be above zero", where="sums, active, half_lives", mend="give months")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the features, in the order they are made."""
        stem = self.series if self.ring == 0 else f"{self.series}_ring{self.ring}"
        return (
            *(f"{stem}_lag_{k}" for k in self.lags),
            *(f"{stem}_sum_{w}" for w in self.sums),
            *(f"{stem}_active_{w}" for w in self.active),
            *(f"{stem}_decay_{h:g}" for h in self.half_lives),
        )


def default_looks(target: str, others: tuple[str, ...] = ()) -> tuple[Look, ...]:
    """The looks the grid's own model uses: 26 features of the target, 7 of each other series."""
    own = (
        Look(target, 0, (0, 1, 2, 3, 5, 11), (3, 6, 12, 24, 60), (12, 36, 120), (3, 12, 48)),
        Look(target, 1, (0,), (3, 12, 36), (12,), (6, 24)),
        Look(target, 2, (), (12,), (60,)),
    )
    rest = tuple(
        look
        for name in others
        for look in (Look(name, 0, (0,), (3, 12, 36), (), (12,)), Look(name, 1, (), (12,), (), (12,)))
    )
    return (*own, *rest)


def feature_names(looks: tuple[Look, ...]) -> tuple[str, ...]:
    """The names of all features; one asked for twice is refused."""
    names = tuple(name for look in looks for name in look.names)
    if len(set(names)) != len(names) or not names:
        raise InputValueError("name a feature twice, or none", where="looks", mend="name each once")
    return names


def ring_steps(sources: NDArray[np.int64], cells: NDArray[np.int64], ring: int) -> NDArray[np.int64]:
    """Where the cells around each source cell stand among ``cells``, ``[source, step]``; -1 where there is none.

    A ring is symmetric, so this says both whose ring a source lies in and who lies in its ring. It is reckoned on
    the whole grid, across the date line. A step leads to a cell from one source only, and a row holds a cell once.
    """
    place = np.full(CELL_COUNT + 1, -1, dtype=np.int64)
    place[cells] = np.arange(cells.size)
    around = cell_neighbours(sources)
    if ring == 2:
        around = _second_ring(sources, around)
    return place[around]


def _second_ring(cells: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    further = cell_neighbours(np.where(first == NO_CELL, cells[:, None], first))
    further[first == NO_CELL] = NO_CELL
    return np.concatenate([first, further.reshape(cells.size, 64)[:, _PATHS]], axis=1)


def _two_step_paths() -> NDArray[np.int64]:
    """Which of the 64 ways of two steps to take to each of the outer 16 cells, found from a cell far from any edge.

    Of several ways the one whose first step lies between is taken: another could lead over a pole and be lost.
    """
    middle = np.array([cell_at(0.25, 0.25)])
    first = cell_neighbours(middle)[0]
    further = cell_neighbours(first).reshape(-1)
    halfway = (cell_centres(further)[0] + cell_centres(middle)[0]) / 2
    detour = np.abs(np.repeat(cell_centres(first)[0], first.size) - halfway)
    order = np.argsort(detour, kind="stable")
    targets, paths = np.unique(further[order], return_index=True)
    outer = ~np.isin(targets, [*middle, *first])
    return np.asarray(order[paths[outer]], dtype=np.int64)


_PATHS = _two_step_paths()
