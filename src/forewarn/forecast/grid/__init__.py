"""Forecasts for every cell of the grid, on a small machine.

``looks`` declares features, ``cube`` builds them, ``hurdle`` learns from them and ``blocks`` draws from what was
learnt, block of cells by block, wherever the work runs. Missing is NaN and never zero; nothing here sees the future,
writes a file or holds all draws at once.
"""

from forewarn.forecast.grid.blocks import BlockDraws, BlockTask, block_tasks, forecast_block, forecast_blocks
from forewarn.forecast.grid.cube import GridCube, GridSeries, build_cube
from forewarn.forecast.grid.hurdle import GridHurdle, Training, fit_hurdle
from forewarn.forecast.grid.looks import Look, default_looks, feature_names

__all__ = [
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
]
