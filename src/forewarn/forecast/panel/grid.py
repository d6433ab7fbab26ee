"""Which unit lies next to which, as a sparse matrix.

Owns neighbourhood for cells (the eight around each, across the date line) and for any other units from a
list of pairs. A unit is never its own neighbour, and neighbours outside the panel are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from forewarn.errors import InputValueError, UnknownNameError, shorten
from forewarn.model.grid import cell_neighbours

__all__ = ["cell_adjacency", "pair_adjacency"]


def cell_adjacency(cells: Sequence[int]) -> csr_array:
    """``[cell, cell]``, 1 where two of the given cells touch by a side or a corner; float32.

    A cell given twice is refused.
    """
    ids = np.asarray(cells, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    if ids.size and np.any(np.diff(ids[order]) == 0):
        raise InputValueError("a cell comes twice", where="cells", mend="give each once")
    around = cell_neighbours(ids)
    place = np.searchsorted(ids[order], around)
    place = np.minimum(place, max(ids.size - 1, 0))
    inside = ids[order][place] == around if ids.size else np.zeros(around.shape, dtype=bool)
    rows = np.broadcast_to(np.arange(ids.size)[:, None], around.shape)[inside]
    return _matrix(rows, order[place[inside]], ids.size)


def pair_adjacency(units: Sequence[str], pairs: Iterable[tuple[str, str]]) -> csr_array:
    """``[unit, unit]``, 1 where a pair says so, in both directions; float32.

    Pairs of a unit with itself are left out; a pair naming an unknown unit is refused.
    """
    place = {unit: k for k, unit in enumerate(units)}
    links: set[tuple[int, int]] = set()
    for left, right in pairs:
        for unit in (left, right):
            if unit not in place:
                raise UnknownNameError(f"no unit '{shorten(unit)}' in the panel", mend="leave the pair out")
        if left != right:
            links |= {(place[left], place[right]), (place[right], place[left])}
    ordered = np.array(sorted(links), dtype=np.int64).reshape(-1, 2)
    return _matrix(ordered[:, 0], ordered[:, 1], len(units))


def _matrix(rows: NDArray[np.int64], columns: NDArray[np.int64], size: int) -> csr_array:
    matrix = csr_array((np.ones(rows.size, dtype=np.float32), (rows, columns)), shape=(size, size))
    matrix.sort_indices()
    return matrix
