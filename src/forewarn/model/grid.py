"""The grid: PRIO-GRID's 720 x 360 half-degree cells, numbered from 1 in the south-west corner, row by row.

The only place where cells are reckoned. Two rules hold everywhere: longitude 180 is longitude -180, so the date line
belongs to the first column; and the north pole belongs to the last row. A point with a missing coordinate lies in
cell 0, which is no cell; coordinates out of range are refused, for they are swapped or damaged.

Source: Tollefsen, Strand and Buhaug (2012), "PRIO-GRID: a unified spatial data structure", Journal of Peace Research
49(2): 363-374.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewarn.errors import InputValueError

__all__ = [
    "CELL_COUNT", "COLUMNS", "NO_CELL", "ROWS", "WORLD", "CellBox", "cell_at", "cell_centre", "cell_centres",
    "cell_neighbours", "cells_of",
]  # fmt: skip

COLUMNS, ROWS = 720, 360
"""Cells from west to east, and from south to north."""
CELL_COUNT = COLUMNS * ROWS
"""Cells of the grid; their ids are 1 to this."""
NO_CELL = 0
"""Stands where there is no cell: a coordinate is missing, or a neighbour would lie beyond a pole."""

_STEPS = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if (row, column) != (0, 0)])


@dataclass(frozen=True, slots=True)
class CellBox:
    """Whole cells between two rows and two columns, all four included, counted from 0 in the south-west corner.

    Raises:
        InputValueError: a row or column that is none of the grid, or a first beyond its last.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def __post_init__(self) -> None:
        rows = 0 <= self.first_row <= self.last_row < ROWS
        if not (rows and 0 <= self.first_column <= self.last_column < COLUMNS):
            raise InputValueError("is no box of cells", where="box", mend="give west, south, east, north in degrees")

    @classmethod
    def around(cls, west: float, south: float, east: float, north: float, step: int = 1) -> CellBox:
        """The least box of squares of ``step`` cells that holds all of a box of degrees; ``step`` is 1 or more."""
        degrees = np.array([south + 90, north + 90, west + 180, east + 180], dtype=np.float64)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise InputValueError("is no box of cells", where="box", mend="give west, south, east, north in degrees")
        first = np.floor(np.minimum(degrees[[0, 2]] * 2, [ROWS - 1, COLUMNS - 1]) / step).astype(int) * step
        last = np.maximum(np.ceil(degrees[[1, 3]] * 2 / step).astype(int) * step - 1, first + step - 1)
        return cls(int(first[0]), int(min(last[0], ROWS - 1)), int(first[1]), int(min(last[1], COLUMNS - 1)))

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the box, in degrees."""
        east, north = (self.last_column + 1) / 2 - 180, (self.last_row + 1) / 2 - 90
        return self.first_column / 2 - 180, self.first_row / 2 - 90, east, north


WORLD = CellBox(0, ROWS - 1, 0, COLUMNS - 1)
"""All cells."""


def cells_of(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.int64]:
    """The cell of each point: ``floor((lat + 90) * 2) * 720 + floor((lon + 180) * 2) + 1``.

    Args:
        latitude, longitude: degrees, WGS 84, of one shape; NaN where missing.

    Returns:
        Cells of that shape, :data:`NO_CELL` where either coordinate is missing.

    Raises:
        InputValueError: a coordinate is infinite, or beyond 90 or 180 degrees.
    """
    lat, lon = np.asarray(latitude, dtype=np.float64), np.asarray(longitude, dtype=np.float64)
    outside = (np.abs(lat) > 90) | (np.abs(lon) > 180)
    if outside.any():
        raise InputValueError(
            f"{np.count_nonzero(outside)} points are out of range",
            where="latitude, longitude",
            mend="check for swapped columns",
        )
    missing = np.isnan(lat) | np.isnan(lon)
    row = np.minimum(np.floor((np.where(missing, 0.0, lat) + 90) * 2), ROWS - 1)
    column = np.floor((np.where(missing, 0.0, lon) + 180) * 2) % COLUMNS
    return np.asarray(np.where(missing, NO_CELL, row * COLUMNS + column + 1), dtype=np.int64)


def cell_at(latitude: float, longitude: float) -> int:
    """The cell of one point; see :func:`cells_of`."""
    return int(cells_of(latitude, longitude))


def cell_centres(cells: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitude and longitude of the middle of each cell, in degrees. What is no cell is refused."""
    row, column = np.divmod(_index(cells), COLUMNS)
    return row / 2 - 89.75, column / 2 - 179.75


def cell_centre(cell: int) -> tuple[float, float]:
    """Latitude and longitude of the middle of one cell; see :func:`cell_centres`."""
    latitude, longitude = cell_centres(cell)
    return float(latitude), float(longitude)


def cell_neighbours(cells: ArrayLike) -> NDArray[np.int64]:
    """The eight cells around each cell, ``[cell, 8]``, across the date line; :data:`NO_CELL` beyond a pole."""
    row, column = np.divmod(_index(cells), COLUMNS)
    rows = row[..., None] + _STEPS[:, 0]
    columns = (column[..., None] + _STEPS[:, 1]) % COLUMNS
    inside = (rows >= 0) & (rows < ROWS)
    return np.asarray(np.where(inside, rows * COLUMNS + columns + 1, NO_CELL), dtype=np.int64)


def _index(cells: ArrayLike) -> NDArray[np.int64]:
    ids = np.asarray(cells)
    if ids.dtype.kind not in "iu" or (ids.size and (ids.min() < 1 or ids.max() > CELL_COUNT)):
        raise InputValueError(f"are not whole numbers from 1 to {CELL_COUNT}", where="cells", mend="check them")
    return ids.astype(np.int64) - 1
