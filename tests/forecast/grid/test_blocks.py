"""Draws of the grid: the same numbers in any block and anywhere, fair to the chances learnt."""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
import pytest

from forewarn.errors import ForecastError, InputValueError
from forewarn.execution import Backend
from forewarn.forecast.grid import (
    GridHurdle,
    GridSeries,
    Look,
    Training,
    block_tasks,
    build_cube,
    fit_hurdle,
    forecast_blocks,
)
from forewarn.forecast.models import Task

CELLS = np.array([(200 + r) * 720 + 380 + c + 1 for r in range(12) for c in range(10)], dtype=np.int64)
LOOKS = (Look("a", 0, (0, 1), (6, 12), (), (6.0,)), Look("a", 1, (), (12,), (12,)))
TASK = Task((1, 2, 6), draws=200, seed=4)


def world(scale: float = 1.0) -> GridSeries:
    """Violence in one corner, in spells."""
    random = np.random.default_rng(7)
    values = np.zeros((CELLS.size, 90), dtype=np.float32)
    heat = random.gamma(0.4, 3.0, (25, 90)) * scale
    values[:25] = random.poisson(heat)
    return GridSeries({"a": values}, CELLS, 100)


@pytest.fixture(scope="module")
def learnt():
    """A cube and a model of it."""
    series = world()
    cube = build_cube(series, LOOKS)
    training = Training(6, quiet_rows=3000, trees=20, seed=1)
    return cube, fit_hurdle(cube, series.values["a"], training, near="a_ring1_active_12")


def drawn(learnt, *, block_cells: int, backend: Backend | None = None) -> np.ndarray:
    tasks = block_tasks(*learnt, TASK, block_cells=block_cells)
    blocks = list(forecast_blocks(tasks, backend=backend or Backend()))
    return np.concatenate([block.dense() for block in blocks])


def test_the_size_of_blocks_changes_nothing(learnt):
    """Not a draw: random numbers belong to the cell."""
    assert np.array_equal(drawn(learnt, block_cells=120), drawn(learnt, block_cells=7))


@pytest.mark.parametrize("name", ["threading", "loky"])
def test_workers_change_nothing(learnt, name):
    """Two of them, threads or processes, give what one gives."""
    assert np.array_equal(drawn(learnt, block_cells=30), drawn(learnt, block_cells=30, backend=Backend(name, 2)))


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="needs the extra dask")
def test_a_dask_cluster_changes_nothing(learnt):
    """A cluster of two workers on this machine, ended with the work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the cluster's own libraries say of each other is not ours
        there = drawn(learnt, block_cells=30, backend=Backend("dask", 2))
    assert np.array_equal(drawn(learnt, block_cells=30), there)


def test_learning_again_gives_the_same_model(learnt):
    """Same data, same seed: the same trees to the last digit; another seed gives others."""
    series, cube = world(), learnt[0]
    again = fit_hurdle(
        cube, series.values["a"], Training(6, quiet_rows=3000, trees=20, seed=1), near="a_ring1_active_12"
    )
    other = fit_hurdle(
        cube, series.values["a"], Training(6, quiet_rows=3000, trees=20, seed=2), near="a_ring1_active_12"
    )
    assert (again.occurs, again.amount) == (learnt[1].occurs, learnt[1].amount)
    assert other.occurs != again.occurs


def test_draws_keep_to_the_chance(learnt):
    """Each cell-month has its chance's share of draws above zero, to within one draw; whole, at most the largest."""
    cube, model = learnt
    draws = drawn(learnt, block_cells=50)
    rows = np.repeat(cube.last_rows(), 3, axis=0)
    chance, _ = model.predict(np.column_stack([rows, np.tile(TASK.horizons, CELLS.size).astype(np.float32)]))
    above = (draws > 0).sum(axis=2).reshape(-1)
    assert np.abs(above - chance * 200).max() <= 1
    assert draws.max() <= model.largest


def test_violence_is_expected_where_it_was(learnt):
    """The corner that has it, not the one that never did; chances weighted back to the world's."""
    draws = drawn(learnt, block_cells=120)
    share = (draws > 0).mean(axis=(1, 2))
    assert share[:25].mean() > 10 * share[60:].mean()
    happened = (world().values["a"] > 0).mean()
    assert 0.5 < share.mean() / happened < 2


def test_months_can_be_taken_one_by_one(learnt):
    """As the whole block gives them."""
    (block,) = forecast_blocks(block_tasks(*learnt, TASK), backend=Backend())
    assert block.months == (190, 191, 195)
    assert np.array_equal(np.stack([block.month(k) for k in range(3)], axis=1), block.dense())


def test_with_too_little_to_learn_from_every_cell_has_the_pooled_chance():
    """All zero: a small chance of one, never certainty; nothing known after the first month: refused."""
    series = GridSeries({"a": np.zeros((CELLS.size, 20))}, CELLS, 1)
    cube = build_cube(series, LOOKS)
    model = fit_hurdle(cube, series.values["a"], Training(3), near="a_ring1_active_12")
    assert not model.occurs
    assert 0 < model.chance < 0.001
    (block,) = forecast_blocks(block_tasks(cube, model, Task((1,), draws=1000)), backend=Backend())
    assert set(block.count.tolist()) <= {1}
    unknown = np.full((CELLS.size, 20), np.nan)
    unknown[:, 0] = 0
    with pytest.raises(ForecastError, match="no later month"):
        fit_hurdle(cube, unknown, Training(3), near="a_ring1_active_12")


@pytest.mark.parametrize("wrong", [{"trees": 0}, {"seed": -1}, {"quiet_rows": 0}])
def test_impossible_wishes_are_refused(wrong):
    """With the name of the setting."""
    with pytest.raises(InputValueError, match=next(iter(wrong))):
        Training(3, **wrong)


def test_counts_never_exceed_what_was_seen():
    """However far the tail of the misses reaches; and never fall below one."""
    model = GridHurdle("", "", np.empty(0), np.array([[-50.0, 50.0]]), 0.5, 30.0)
    assert model.counts(np.zeros(3), np.array([0.0, 0.5, 1.0])).tolist() == [1.0, 1.0, 30.0]
