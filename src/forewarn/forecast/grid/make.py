"""A forecast of grid cells from a panel, by the hurdle learnt from all cells together.

Owns the way from a panel to the noun that others use. Cells not heard of in the last twelve months are learnt from as
far as they are known, and named as unknown. The draws are the same wherever the work runs.
"""

from __future__ import annotations

import numpy as np

from forewarn.errors import ForecastError
from forewarn.execution import HERE, Backend
from forewarn.forecast.grid.blocks import block_tasks, forecast_blocks
from forewarn.forecast.grid.cube import GridCube, GridSeries, build_cube
from forewarn.forecast.grid.hurdle import NAME, Training, fit_hurdle
from forewarn.forecast.grid.looks import default_looks
from forewarn.forecast.make import Order, heard_of
from forewarn.forecast.models import History, Task
from forewarn.model.forecast import Forecast
from forewarn.model.panel import Panel

__all__ = ["GRID_MODEL", "make_grid_forecast"]

GRID_MODEL = NAME
"""The model's name."""


def make_grid_forecast(panel: Panel, *, order: Order, backend: Backend = HERE) -> Forecast:
    """The forecast of the cells of a panel: learnt here, drawn by blocks of cells on ``backend``.

    Raises:
        ForecastError: the panel is of another level, or no cell has a known value in the last 12 months.
    """
    if panel.level != "cell":
        raise ForecastError(f"forecasts cells, not level {panel.level}", where=GRID_MODEL, mend="take --level cell")
    heard = heard_of(History.of_panel(panel, order.target)).units
    if not heard:
        raise ForecastError("no cell has a known value in the last 12 months", where=order.target, mend="collect more")
    cells = np.array([int(unit) for unit in panel.units], dtype=np.int64)
    series = GridSeries({name: panel.feature(name) for name in panel.features}, cells, panel.first_month)
    others = tuple(name for name in panel.features if name != order.target)
    cube = build_cube(series, default_looks(order.target, others), threads=2)
    model = fit_hurdle(
        cube,
        series.values[order.target],
        Training(order.horizon_months, seed=order.seed),
        near=f"{order.target}_ring2_active_60",
    )
    task = Task(tuple(range(1, order.horizon_months + 1)), draws=order.draws, seed=order.seed)
    known = np.isin(np.array(panel.units), heard)
    asked = GridCube(cube.planes[:, known], cube.names, cells[known], cube.first_month)
    blocks = list(forecast_blocks(block_tasks(asked, model, task, block_cells=200), backend=backend))
    return Forecast(
        target=order.target,
        level=panel.level,
        units=heard,
        months=blocks[0].months,
        model=GRID_MODEL,
        as_known_at=panel.as_known_at,
        data_through=panel.last_month,
        seed=order.seed,
        code_version=order.code_version,
        draws=np.concatenate([block.dense().astype(np.float32) for block in blocks]),
        unknown_units=tuple(sorted(set(panel.units) - set(heard))),
    )
