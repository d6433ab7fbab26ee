"""Baselines: what they draw from, what missing does to them, and that nothing but the seed moves them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.errors import ForecastError, InputValueError, UnknownNameError
from forewarn.forecast import scoring
from forewarn.forecast.models import History, Task, count_forecaster, forecaster_names

NAN = np.nan
NAMES = forecaster_names("count")


def _history(*rows: list[float]) -> History:
    return History(np.array(rows, dtype=float), tuple("abcdef"[: len(rows)]), 454)


@pytest.mark.parametrize("name", NAMES)
def test_draws_have_the_shape_asked_for(name):
    """[unit, horizon, draw] in float32, not negative, from every model."""
    draws = count_forecaster(name).forecast(_history([0, 1, 2], [5, 0, 0]), Task((3, 4), draws=50, seed=1))
    assert (draws.shape, draws.dtype) == ((2, 2, 50), np.float32)
    assert (draws >= 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_draws_depend_on_the_seed_and_the_unit_only(name):
    """The same seed gives the same draws, whatever the order of units and whoever else is forecast."""
    random = np.random.default_rng(0)
    history = History(random.poisson(3, (5, 40)).astype(float), tuple("abcde"), 454)
    task = Task((3, 4, 5), draws=64, seed=9)
    model = count_forecaster(name)
    draws = model.forecast(history, task)
    np.testing.assert_array_equal(draws, model.forecast(history, task))
    turned = replace(history, values=history.values[::-1], units=history.units[::-1])
    np.testing.assert_array_equal(draws[::-1], model.forecast(turned, task))
    if name != "boot_240":  # which draws from all units
        alone = replace(history, values=history.values[2:3], units=("c",))
        np.testing.assert_array_equal(draws[2:3], model.forecast(alone, task))
    if name != "zero":
        assert (draws != model.forecast(history, replace(task, seed=10))).any()


@pytest.mark.parametrize("name", ["conflictology", "last_poisson", "weighted_history"])
def test_a_unit_without_a_known_month_gets_no_number(name):
    """Missing is not zero: the unit's draws are NaN, the other's are not."""
    draws = count_forecaster(name).forecast(_history([NAN, NAN], [1, 2]), Task((1,), draws=20))
    assert np.isnan(draws[0]).all()
    assert np.isfinite(draws[1]).all()


def test_conflictology_is_the_last_twelve_known_months():
    """Left open, its draws are those months, oldest first; a missing month is skipped, not zero."""
    row = [99.0, *map(float, range(1, 7)), NAN, *map(float, range(7, 13))]
    draws = count_forecaster("conflictology").forecast(_history(row), Task((3, 14), draws=None))
    assert draws.tolist() == [[list(range(1, 13))] * 2]


@settings(max_examples=30)
@given(st.integers(1, 300))
def test_conflictology_resampled_keeps_the_shares(count):
    """Each of the twelve months comes its share of times, to within one."""
    history = _history(list(map(float, range(12))))
    draws = count_forecaster("conflictology").forecast(history, Task((1,), draws=count))
    times = np.bincount(draws.ravel().astype(int), minlength=12)
    assert np.abs(times - count / 12).max() < 1 + 1e-9


def test_conflictology_gives_the_published_draws(shared_data):
    """On the panel's own data it is the challenge's benchmark file of 2020, to every draw."""
    folder = shared_data / "views_cm"
    published = pl.read_parquet(folder / "benchmark_conflictology_2020.parquet").sort("country_id", "month_id", "draw")
    panel = pl.read_parquet(folder / "country_month_ged.parquet", columns=["country_id", "month_id", "ged_sb"])
    units = published["country_id"].unique().sort()
    recent = panel.filter(pl.col("country_id").is_in(units.to_list()) & pl.col("month_id").is_between(467, 478)).sort(
        "country_id", "month_id"
    )
    history = History(recent["ged_sb"].to_numpy().reshape(191, 12), tuple(map(str, units)), 478)
    draws = count_forecaster("conflictology").forecast(history, Task(tuple(range(3, 15)), draws=None))
    np.testing.assert_array_equal(published["outcome"].to_numpy(), draws.ravel())


def test_last_poisson_is_around_the_last_known_value():
    """The latest month that is not missing sets the mean and the variance."""
    draws = count_forecaster("last_poisson").forecast(_history([500, 40, NAN]), Task((1,), draws=20_000))
    assert draws.mean() == pytest.approx(40, abs=0.3)
    assert draws.var() == pytest.approx(40, rel=0.05)


def test_weighted_history_forgets_by_halves():
    """A month a year older weighs half: 2/3 of the draws are from the younger of two."""
    row = [8.0, *[NAN] * 11, 4.0]
    draws = count_forecaster("weighted_history").forecast(_history(row), Task((1,), draws=3000))
    assert (draws == 4).mean() == pytest.approx(2 / 3, abs=1e-3)


def test_boot_240_knows_the_world_not_the_unit():
    """Quiet and violent units get the same distribution, from the last 240 months, missing ones left out."""
    quiet = [1000.0, *[0.0] * 240]
    violent = [1000.0, *[4.0] * 120, *[NAN] * 120]
    draws = count_forecaster("boot_240").forecast(_history(quiet, violent), Task((1,), draws=30_000))
    assert set(np.unique(draws)) == {0.0, 4.0}
    np.testing.assert_allclose((draws == 4).mean(axis=(1, 2)), 1 / 3, atol=0.01)
    with pytest.raises(ForecastError, match="no month"):
        count_forecaster("boot_240").forecast(_history([NAN]), Task((1,)))


def test_resampling_costs_little_against_the_months_themselves():
    """A thousand draws from twelve months score as the twelve, to a thousandth."""
    random = np.random.default_rng(4)
    history = History(random.negative_binomial(0.3, 0.02, (200, 12)).astype(float), tuple(map(str, range(200))), 9)
    actual = random.negative_binomial(0.3, 0.02, (200, 12)).astype(float)
    few, many = (
        scoring.crps(count_forecaster("conflictology").forecast(history, Task(tuple(range(1, 13)), draws=n)), actual)
        for n in (None, 1000)
    )
    assert many.mean() == pytest.approx(few.mean(), rel=1e-3)


def test_unknown_models_are_refused_with_those_known():
    """The names are sorted and complete."""
    assert list(NAMES) == sorted(NAMES)
    with pytest.raises(UnknownNameError, match=f"use one of {', '.join(NAMES)}"):
        count_forecaster("conflictolgy")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Task(()),
        lambda: Task((0,)),
        lambda: Task((2, 1)),
        lambda: Task((1,), draws=0),
        lambda: Task((1,), seed=-1),
        lambda: _history([-1.0]),
        lambda: _history([np.inf]),
        lambda: History(np.zeros((2, 3)), ("a",), 5),
        lambda: History(np.zeros((1, 3)), ("a",), 5, np.zeros((1, 2, 1)), ("x",)),
    ],
)
def test_tasks_and_histories_refuse_to_exist_wrong(make):
    """No horizon, the past, no draws, negative counts and shapes that differ are refused."""
    with pytest.raises(InputValueError):
        make()
