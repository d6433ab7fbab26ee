"""Forecasts for every cell of the grid, on a small machine.

``looks`` declares features, ``looking`` works them out for a few rows and ``cube`` for all; ``hurdle`` learns from
them and ``blocks`` draws from what was learnt, block of cells by block, wherever the work runs; ``make`` does all of it
for a panel. Missing is NaN and never zero; nothing here sees the future or writes a file, and only ``make`` holds all
draws at once.
"""

from forewarn.forecast.grid.blocks import BlockDraws, BlockTask, block_tasks, forecast_block, forecast_blocks
from forewarn.forecast.grid.cube import GridCube, GridSeries, build_cube
from forewarn.forecast.grid.hurdle import GridHurdle, Training, fit_hurdle
from forewarn.forecast.grid.looks import Look, default_looks, feature_names
from forewarn.forecast.grid.make import GRID_MODEL, make_grid_forecast

__all__ = [
    "GRID_MODEL",
    "BlockDraws",
    "BlockTask",
    "GridCube",
    "GridHurdle",
    "GridSeries",
    "Look",
    "Training",
    "block_tasks",
    "build_cube",
    "default_looks",
    "feature_names",
    "fit_hurdle",
    "forecast_block",
    "forecast_blocks",
    "make_grid_forecast",
]
