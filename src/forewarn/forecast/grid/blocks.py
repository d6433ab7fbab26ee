"""The grid's draws, block of cells by block: never all of them in memory.

A block comes back as the draws that are not zero, which are few, and is spread out by whoever writes it. Random
numbers are keyed on the cell, so a cell has the same draws in any block, on any machine and under any backend. Draws
of different months are independent of each other: sums over months come out too narrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError
from forewarn.execution import Backend, run_each
from forewarn.forecast.grid.cube import GridCube
from forewarn.forecast.grid.hurdle import NAME, GridHurdle, with_horizon
from forewarn.forecast.models import Task, unit_generator

__all__ = ["BlockDraws", "BlockTask", "block_tasks", "forecast_block", "forecast_blocks"]


@dataclass(frozen=True, slots=True, eq=False)
class BlockTask:
    """All that a worker needs for one block: features ``[cell, feature]`` of the last month known, and the model."""

    cells: NDArray[np.int64]
    features: NDArray[np.float32]
    last_month: int
    model: GridHurdle
    task: Task


@dataclass(frozen=True, slots=True, eq=False)
class BlockDraws:
    """The draws of a block of cells.

    Attributes:
        cells: the cells.
        months: month ids forecast.
        draws: how many there are per cell and month.
        place: where the draws above zero stand in ``[cell, month, draw]``, flat and rising.
        count: those draws, whole numbers from 1.
    """

    cells: NDArray[np.int64]
    months: tuple[int, ...]
    draws: int
    place: NDArray[np.int64]
    count: NDArray[np.int32]

    def month(self, position: int) -> NDArray[np.int32]:
        """All draws of one month by its position, ``[cell, draw]``."""
        cell, rest = np.divmod(self.place, len(self.months) * self.draws)
        month, draw = np.divmod(rest, self.draws)
        here = month == position
        made = np.zeros((self.cells.size, self.draws), dtype=np.int32)
        made[cell[here], draw[here]] = self.count[here]
        return made

    def dense(self) -> NDArray[np.int32]:
        """All draws, ``[cell, month, draw]``: four bytes each."""
        made = np.zeros(self.cells.size * len(self.months) * self.draws, dtype=np.int32)
        made[self.place] = self.count
        return made.reshape(self.cells.size, len(self.months), self.draws)


def block_tasks(cube: GridCube, model: GridHurdle, task: Task, *, block_cells: int = 1000) -> list[BlockTask]:
    """The work of forecasting all cells after the cube's last month, in blocks."""
    if block_cells < 1:
        raise InputValueError(f"{block_cells} is below 1", where="block_cells", mend="give 1 or more")
    features = cube.last_rows()
    last_month = cube.first_month + cube.planes.shape[2] - 1
    return [
        BlockTask(cube.cells[a : a + block_cells], features[a : a + block_cells], last_month, model, task)
        for a in range(0, cube.cells.size, block_cells)
    ]


def forecast_blocks(tasks: list[BlockTask], *, backend: Backend) -> Iterator[BlockDraws]:
    """The draws of each block, in order, as they come in."""
    return run_each(forecast_block, tasks, backend=backend)


def forecast_block(block: BlockTask) -> BlockDraws:
    """The draws of one block."""
    horizons, draws = np.array(block.task.horizons), block.task.draws or 1000
    rows = with_horizon(np.repeat(block.features, horizons.size, axis=0), np.tile(horizons, block.cells.size))
    chance, amount = block.model.predict(rows)
    shape = (block.cells.size, horizons.size)
    chance, amount = chance.reshape(shape), amount.reshape(shape)
    places, quantiles, which = [], [], []
    for k, cell in enumerate(block.cells.tolist()):
        random = unit_generator(NAME, str(cell), last_month=block.last_month, seed=block.task.seed)
        place, quantile, month = _occurrences(chance[k], draws, random)
        places.append(place + k * horizons.size * draws)
        quantiles.append(quantile)
        which.append(month + k * horizons.size)
    place = np.concatenate(places)
    count = block.model.counts(amount.reshape(-1)[np.concatenate(which)], np.concatenate(quantiles))
    order = np.argsort(place)
    months = tuple(block.last_month + h for h in block.task.horizons)
    return BlockDraws(block.cells, months, draws, place[order], count[order].astype(np.int32))


def _occurrences(
    chance: NDArray[np.float64], draws: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Flat places ``[month, draw]`` of the draws above zero, how high each stands among them, and their months.

    Systematic: each month gets its share of draws to within one, at evenly spaced quantiles, in random order.
    """
    start = random.random(chance.size)
    zeros = np.clip(np.ceil((1 - chance) * draws - start), 0, draws).astype(np.int64)
    number = draws - zeros
    month = np.repeat(np.arange(chance.size), number)
    if not month.size:
        return month, np.empty(0), month
    within = np.arange(month.size) - np.repeat(np.cumsum(number) - number, number)
    level = (zeros[month] + within + start[month]) / draws
    quantile = np.clip((level - (1 - chance[month])) / chance[month], 0.0, 1.0)
    hit = np.flatnonzero(number)
    order = random.permuted(np.broadcast_to(np.arange(draws), (hit.size, draws)).copy(), axis=1)
    row = np.searchsorted(hit, month)
    return month * draws + order[row, within], quantile, month
