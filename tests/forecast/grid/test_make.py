"""From a panel of cells to a forecast: the same wherever it runs, silent about cells gone dark."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from forewarn.errors import ForecastError
from forewarn.execution import Backend
from forewarn.forecast import Order
from forewarn.forecast.grid import make_grid_forecast
from forewarn.model.panel import Panel

ORDER = Order("deaths", 4, "0.1.0", draws=50, seed=2)
CELLS = tuple(str((200 + row) * 720 + 380 + column) for row in range(16) for column in range(16))


def panel(level: str = "cell") -> Panel:
    """Violence in one corner; a cell that nobody has heard of for a year."""
    random = np.random.default_rng(5)
    values = np.zeros((len(CELLS), 60, 2), dtype=np.float32)
    values[:40, :, 0] = random.poisson(random.gamma(0.4, 3.0, (40, 60)))
    values[:, :, 1] = values[:, :, 0] > 0
    values[7, -12:] = np.nan
    return Panel(values, CELLS, 400, ("deaths", "incidents"), level, date(2018, 4, 30))


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster on this machine, of two workers."""
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("needs the extra dask")
    distributed = importlib.import_module("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the cluster's own libraries say of each other is not ours
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0", protocol="tcp"
        ) as cluster:
            yield str(cluster.scheduler_address)


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_elsewhere_changes_nothing(scheduler):
    """Block by block on a cluster named by its address: not a draw differs."""
    here = make_grid_forecast(panel(), order=ORDER)
    there = make_grid_forecast(panel(), order=ORDER, backend=Backend("dask", address=scheduler))
    assert scheduler.startswith("tcp://")
    assert np.array_equal(here.draws, there.draws)
    assert here.draws.shape == (255, 4, 50)
    assert here.draws[:39].mean() > 5 * here.draws[60:].mean()


def test_a_cell_gone_dark_is_named_and_gets_no_number():
    """Unknown, not safe; months follow the panel's last."""
    made = make_grid_forecast(panel(), order=ORDER)
    assert made.unknown_units == (CELLS[7],)
    assert made.months == (460, 461, 462, 463)
    assert (made.model, made.level, made.data_through) == ("grid_hurdle", "cell", 459)


def test_only_cells_are_forecast():
    """Another level is refused, and so is a panel of which nothing was heard."""
    with pytest.raises(ForecastError, match="--level cell"):
        make_grid_forecast(panel("admin1"), order=ORDER)
    dark = Panel(np.full((1, 20, 1), np.nan, dtype=np.float32), CELLS[:1], 400, ("deaths",), "cell", date(2018, 4, 30))
    with pytest.raises(ForecastError, match="no cell has a known value"):
        make_grid_forecast(dark, order=ORDER)
