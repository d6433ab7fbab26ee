"""Onset models: rates by hand, and that none reads the outcome of what it forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError
from forewarn.forecast import scoring
from forewarn.forecast.models import OnsetRows, forecaster_names, onset_forecaster
from forewarn.forecast.models.elastic_net import fit_path
from forewarn.forecast.models.onset_columns import telling_columns
from forewarn.forecast.models.onset_ensemble import OnsetEnsemble
from forewarn.forecast.models.onset_trees import BoostedOnset, RandomForest, RandomTrees
from forewarn.testing import check_onset_forecaster

NAN = np.nan


def _rows(units, periods, outcome, covariates=None) -> OnsetRows:
    x = np.zeros((len(units), 1)) if covariates is None else np.asarray(covariates, dtype=float)
    rule = np.arange(len(units)) % 3.0
    return OnsetRows(np.array(units), np.array(periods), np.array(outcome, dtype=float), x, rule=rule)


SMALL = _rows(["a", "a", "a", "b", "b", "b", "c"], [1, 2, 3, 1, 2, 3, 3], [1, 0, NAN, 0, 0, NAN, NAN])


def test_climatology_is_the_base_rate():
    """One onset in four known rows, everywhere."""
    assert onset_forecaster("climatology").probabilities(SMALL).tolist() == [0.25] * 3


def test_own_history_is_drawn_towards_the_base_rate():
    """The unit with an onset above the base rate, the one without below, a new one on it."""
    a, b, c = onset_forecaster("own_history").probabilities(SMALL)
    assert (a, b, c) == (pytest.approx(6 / 22), pytest.approx(5 / 22), 0.25)


def test_ever_before_tells_units_by_their_past():
    """Units with an onset share one rate, the others another."""
    a, b, c = onset_forecaster("ever_before").probabilities(SMALL)
    assert a == pytest.approx(0.5 / 2)
    assert b == c == pytest.approx(1.5 / 4)


@pytest.mark.parametrize("name", forecaster_names("onset"))
def test_every_onset_model_gives_probabilities_in_row_order(name):
    """One number in 0..1 per row asked for, even with covariates that are constant or missing."""
    random = np.random.default_rng(2)
    x = np.column_stack([random.normal(size=90), np.ones(90), np.full(90, NAN)])
    x[::7, 0] = NAN
    outcome = np.where(np.arange(90) < 60, random.integers(0, 2, 90), NAN)
    found = onset_forecaster(name).probabilities(_rows(["u"] * 90, range(90), outcome, x))
    assert found.shape == (30,)
    assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize("name", forecaster_names("onset"))
def test_nothing_to_learn_from_is_an_error(name):
    """Without one known outcome there is no rate."""
    with pytest.raises(ForecastError, match="no outcome"):
        onset_forecaster(name).probabilities(_rows(["a"], [1], [NAN]))


def test_ridge_logistic_learns_what_covariates_tell():
    """It recovers a signal, stays calibrated on average and beats climatology out of sample."""
    random = np.random.default_rng(8)
    x = random.normal(size=(4000, 3))
    truth = (random.random(4000) < 1 / (1 + np.exp(3 - 1.5 * x[:, 0]))).astype(float)
    rows = _rows(["u"] * 4000, range(4000), np.where(np.arange(4000) < 3000, truth, NAN), x)
    found = onset_forecaster("ridge_logistic").probabilities(rows)
    base = onset_forecaster("climatology").probabilities(rows)
    assert scoring.brier(found, truth[3000:]) < scoring.brier(base, truth[3000:])
    assert scoring.overforecast_ratio(found, truth[3000:]) == pytest.approx(1, abs=0.2)
    assert scoring.area_under_curve(found, truth[3000:]) > 0.75


def test_ridge_logistic_needs_covariates():
    """Without a column it says so instead of giving the base rate another name."""
    with pytest.raises(ForecastError, match="covariate"):
        onset_forecaster("ridge_logistic").probabilities(_rows(["a"], [1], [1], np.empty((1, 0))))


@pytest.mark.parametrize("name", [n for n in forecaster_names("onset") if n != "ensemble"])
def test_onset_models_conform(name):
    """What is shipped passes the check that is offered to authors."""
    check_onset_forecaster(onset_forecaster(name))


def test_the_ensemble_conforms():
    """With fewer trees, so that it is quick."""
    few = (BoostedOnset(bags=1, trees=20), RandomTrees(trees=10))
    check_onset_forecaster(OnsetEnsemble(members=few))


class _Namer:
    """A model that tells units by their names."""

    name = "namer"

    def probabilities(self, rows: OnsetRows) -> np.ndarray:
        """The first letter as a chance."""
        return np.array([ord(unit[0]) / 255 for unit in rows.units[~rows.learnt]])


def test_the_check_finds_a_model_that_knows_names():
    """A model that would carry a country's reputation over is found."""
    with pytest.raises(AssertionError, match="by their names"):
        check_onset_forecaster(_Namer())


def test_elastic_net_is_the_optimum_of_what_it_minimises():
    """At each penalty no small step improves the penalised loss, and the largest penalty leaves no coefficient."""
    random = np.random.default_rng(5)
    x = random.normal(size=(400, 4))
    y = (random.random(400) < 1 / (1 + np.exp(1 - x[:, 0]))).astype(float)
    highest = np.abs(x.T @ (y - y.mean())).max() / (400 * 0.5)
    penalties = np.array([highest, highest / 4, highest / 30])

    def loss(b, penalty):
        z = b[0] + x @ b[1:]
        fit = (np.logaddexp(0, z) - y * z).mean()
        return fit + penalty * (0.5 * np.abs(b[1:]).sum() + 0.25 * (b[1:] ** 2).sum())

    for penalty, b in zip(penalties, fit_path(x, y, penalties, mix=0.5), strict=True):
        around = [loss(b + step, penalty) for step in 0.01 * np.vstack([np.eye(5), -np.eye(5)])]
        assert min(around) >= loss(b, penalty)
    assert np.abs(fit_path(x, y, penalties[:1], mix=0.5)[0][1:]).max() < 1e-3


def test_the_ensemble_is_lowered_after_too_many_and_never_raised():
    """Onsets that stopped ten periods ago lower it; onsets that came lately do not raise it."""
    random = np.random.default_rng(3)
    periods = np.repeat(np.arange(60), 20)
    x = random.normal(size=(1200, 2))
    few = (BoostedOnset(bags=1, trees=20),)
    for calm in (periods >= 46, periods < 46):
        y = np.where(calm, 0.0, random.random(1200) < 0.2)
        rows = _rows(np.tile(np.arange(20), 60).astype(str), periods, np.where(periods < 58, y, NAN), x)
        plain = np.clip(few[0].probabilities(rows), 1e-4, 1)
        said = OnsetEnsemble(members=few).probabilities(rows)
        if calm[-1]:
            assert said.mean() < 0.8 * plain.mean()
        else:
            np.testing.assert_allclose(said, plain)


@pytest.mark.parametrize("model", [BoostedOnset(bags=1, trees=20), RandomTrees(trees=10), RandomForest(trees=10)])
def test_a_column_that_only_tells_the_period_is_not_read(model):
    """A calendar, and a count that stood as zero until lately, leave every chance as it was."""
    random = np.random.default_rng(11)
    periods = np.repeat(np.arange(30), 20)
    x = random.normal(size=(600, 2))
    lately = np.where(periods >= 20, random.random(600), 0.0)
    y = np.where(periods < 28, random.random(600) < 0.02 * periods / 3, NAN)
    units = np.tile(np.arange(20), 30).astype(str)
    calendar = np.column_stack([x, periods.astype(float) ** 2, lately])
    plain = model.probabilities(_rows(units, periods, y, x))
    np.testing.assert_array_equal(model.probabilities(_rows(units, periods, y, calendar)), plain)


def test_columns_that_tell_units_apart_in_half_of_the_periods_are_read():
    """Half is enough and less is not; missing values do not differ; of one unit alone all columns are kept."""
    periods = np.repeat(np.arange(4), 2)
    learnt = periods < 3
    column = np.array([[0, 1], [0, 1], [1, 2], [1, 2], [2, 3], [2, 3], [0, 9], [5, 9]], dtype=float)
    column = np.column_stack([column, [0, 1, 0, 0, 0, 2, 0, 0], [0, 1, NAN, 5, 0, 0, 1, 2]])
    assert telling_columns(column, periods, learnt).tolist() == [False, False, True, False]
    alone = telling_columns(column[::2], periods[::2], learnt[::2])
    assert alone.tolist() == [True] * 4
