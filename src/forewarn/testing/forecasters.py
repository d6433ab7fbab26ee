"""Checks for authors of forecasters: small histories with gaps, silence, and units that come and go.

Each check is a plain function that raises ``AssertionError`` with what is wrong. What passes here is treated like any
other forecaster.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForecastError, ForewarnError
from forewarn.forecast.make import known_enough
from forewarn.forecast.models import Forecaster, History, OnsetForecaster, OnsetRows, Task
from forewarn.testing.requiring import require

_BY_CHANCE = 0.8
_MONTHS = 72


def check_forecaster(model: Forecaster, *, draws: int = 40) -> None:
    """Whether a forecaster of counts keeps the protocol, on two dozen units over six years.

    Draws have the shape asked for, are never negative, and are all there or all missing in a unit; the same seed gives
    the same draws; neither the order of units nor their ids decide; the history is left as it was; gaps are not zeros;
    units that appear, vanish or were never heard of, a world at peace, one month of data and covariates that are
    missing do no harm.

    Raises:
        AssertionError: the first thing that is not as it must be.
    """
    task = Task((1, 3, 14), draws=draws, seed=7)
    history = _history()
    before = history.values.copy()
    made = _forecast(model, history, task, "a history with gaps")
    require(np.array_equal(history.values, before, equal_nan=True), "the history given is changed")
    require(bool(np.isfinite(made[1:]).all()), "a unit with known months gets no number")
    _check_units(model, history, task, made)
    _check_gaps(model, history, task, made)
    for case, values in (("peace", np.zeros((5, 60))), ("one month", np.arange(5.0)[:, None])):
        few = _forecast(model, History(values, tuple("abcde"), 400), task, case)
        require(bool(np.isfinite(few).all()), f"{case} gives no number")
        require(bool(values.any()) or float(few.mean()) < 1.0, "a world at peace is forecast to be at war")


def check_onset_forecaster(forecaster: OnsetForecaster) -> None:
    """A chance in 0..1 for each row asked, the same each time, whatever units are called and whatever is missing.

    It may refuse rows that nothing can be learnt from with a :class:`ForecastError`, and with nothing else. It may
    not change what it is given, nor tell units by their names.
    """
    name = forecaster.name
    rows = _onset_rows()
    first = _chances(forecaster, rows, "well-behaved rows")
    require(
        np.array_equal(rows.covariates, _onset_rows().covariates, equal_nan=True), f"{name}: changed its covariates"
    )
    require(np.array_equal(rows.outcome, _onset_rows().outcome, equal_nan=True), f"{name}: changed the outcomes")
    require(
        np.array_equal(first, _chances(forecaster, rows, "the same rows")),
        f"{name}: says another thing when asked again",
    )
    renamed = replace(rows, units=np.char.add("z", rows.units))
    require(
        np.array_equal(first, _chances(forecaster, renamed, "renamed units")), f"{name}: tells units by their names"
    )
    gaps = rows.covariates.copy()
    gaps[::3, 0], gaps[:, 1], gaps[:, 2] = np.nan, np.nan, 1.0
    _chances(forecaster, replace(rows, covariates=gaps), "missing and constant covariates")
    for what, known in (("none known", np.nan), ("no onset", 0.0), ("nothing but onsets", 1.0)):
        flat = replace(rows, outcome=np.where(np.isnan(rows.outcome), np.nan, known))
        try:
            _chances(forecaster, flat, what)
        except ForecastError as refused:
            require("\n" not in str(refused), f"{name}: refuses {what} in more than one line")


def _check_units(model: Forecaster, history: History, task: Task, made: NDArray[np.float32]) -> None:
    """The same seed, the same draws, in whatever order; and no knowledge of names, with or without covariates."""
    turned = replace(history, values=history.values[::-1], units=history.units[::-1])
    other = _forecast(model, turned, task, "the units in another order")
    require(np.array_equal(made, other[::-1], equal_nan=True), "the same seed or another order gives other draws")
    unknown = np.full((*history.values.shape, 1), np.nan)
    names = tuple(f"z{unit}" for unit in history.units)
    renamed = replace(history, units=names, covariates=unknown, covariate_names=("displaced",))
    other = _forecast(model, renamed, task, "other names, and a covariate that is missing throughout")
    shift = np.abs(np.log1p(other).mean(axis=(1, 2)) - np.log1p(made).mean(axis=(1, 2)))
    # chance moves the mean of a hundred draws a little; another unit's level would move it by far more
    require(bool(np.nanmax(shift[1:]) < _BY_CHANCE), "the names of units change what is forecast")


def _check_gaps(model: Forecaster, history: History, task: Task, made: NDArray[np.float32]) -> None:
    """A war of which every other month is unknown is a war, not half of one."""
    values = history.values.copy()
    values[1, ::2] = np.nan
    gaps = _forecast(model, replace(history, values=values), task, "every other month missing")
    require(gaps[1].mean() >= 0.6 * made[1].mean(), "missing months are taken for zeros")


def _onset_rows() -> OnsetRows:
    random = np.random.default_rng(11)
    units, periods = np.repeat(np.array([f"u{k}" for k in range(12)]), 30), np.tile(np.arange(30), 12)
    x = random.normal(size=(units.size, 3))
    happens = random.random(units.size) < 1 / (1 + np.exp(2.0 - x[:, 0]))
    outcome = np.where(periods < 27, happens.astype(np.float64), np.nan)
    return OnsetRows(units, periods, outcome, x, seed=3, rule=np.maximum(x[:, 0], 0.0))


def _chances(forecaster: OnsetForecaster, rows: OnsetRows, what: str) -> np.ndarray:
    found = np.asarray(forecaster.probabilities(rows))
    asked = int((~rows.learnt).sum())
    require(found.shape == (asked,), f"{forecaster.name}: {found.shape} chances for {asked} rows, from {what}")
    require(bool(((found >= 0) & (found <= 1)).all()), f"{forecaster.name}: a chance that is not in 0..1, from {what}")
    return found


def _history() -> History:
    """Unheard of, war, fading, rising, new, vanished, and eighteen at peace with flares."""
    random = np.random.default_rng(1)
    values = random.poisson(4, (24, _MONTHS)) * (random.random((24, _MONTHS)) < 0.1).astype(float)
    for row, level in enumerate((60.0, np.linspace(80, 1, _MONTHS), np.linspace(0, 40, _MONTHS), 5.0, 8.0), 1):
        values[row] = random.poisson(np.broadcast_to(np.asarray(level, dtype=float), _MONTHS))
    values[0] = np.nan
    values[4, : _MONTHS - 20] = np.nan
    values[5, _MONTHS - 6 :] = np.nan
    return History(values, tuple("abcdefghijklmnopqrstuvwx"), 400)


def _forecast(model: Forecaster, history: History, task: Task, case: str) -> NDArray[np.float32]:
    """Draws, having the shape and the range they must have."""
    try:
        made = model.forecast(history, task)
    except Exception as error:
        raise AssertionError(f"{case} makes the forecaster fail: {type(error).__name__}: {error}") from error
    shape = (len(history.units), len(task.horizons), task.draws)
    require(made.shape == shape and made.dtype == np.float32, f"{case}: draws are not float32 of shape {shape}")
    require(not np.isinf(made).any() and not (made < 0).any(), f"{case}: draws are negative or infinite")
    try:
        known_enough(made, model.name)
    except ForewarnError as error:
        raise AssertionError(f"{case}: {error}") from None
    return made
