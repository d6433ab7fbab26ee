"""Scores: the published figures, and the laws that make a score a score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from forewarn.errors import InputValueError
from forewarn.forecast import scoring

COUNTS = st.floats(0, 1e6, allow_nan=False, width=32)
ENSEMBLES = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=COUNTS)


def _benchmark(folder: Path, name: str, vintage: str, year: int) -> tuple[np.ndarray, np.ndarray]:
    forecast = pl.read_parquet(folder / "views_cm" / f"{name}_{year}.parquet")
    actual = pl.read_parquet(folder / "views_cm" / f"actuals_{vintage}_{year}.parquet")
    value = next(c for c in actual.columns if c not in ("month_id", "country_id"))
    actual = actual.sort("country_id", "month_id")
    draws = forecast.sort("country_id", "month_id", "draw")["outcome"].to_numpy()
    return draws.reshape(actual.height, -1).astype(np.float64), actual[value].to_numpy().astype(np.float64)


@pytest.mark.parametrize(
    ("name", "vintage", "published"),
    [
        ("benchmark_conflictology", "v2024", (14.483, 9.146, 21.339)),
        ("benchmark_last_poisson", "v2024", (20.173, 9.480, 23.698)),
    ],
)
def test_crps_gives_the_published_rows(shared_data, name, vintage, published):
    """The CRPS of the benchmark files is the published one to three decimals, window by window."""
    found = [scoring.crps(*_benchmark(shared_data, name, vintage, year)).mean() for year in (2018, 2019, 2020)]
    assert published == tuple(round(float(one), 3) for one in found)


def test_zero_forecast_gives_the_published_row(shared_data):
    """Forecasting zero costs the mean of the actuals: 24.130, 23.019, 32.041."""
    found = []
    for year in (2018, 2019, 2020):
        _, actual = _benchmark(shared_data, "benchmark_conflictology", "v2024", year)
        found.append(round(float(scoring.crps(np.zeros((actual.size, 1000)), actual).mean()), 3))
    assert found == [24.130, 23.019, 32.041]


def test_submission_scores_stay_near_the_published_means(shared_data):
    """Three of the four windows behind the negative binomial's published 15.88 / .607 / 210.5 are in range."""
    per_window = []
    for year in (2018, 2019, 2020):
        draws, actual = _benchmark(shared_data, "submission_nbinom", "v2023", year)
        scores = (
            scoring.crps(draws, actual),
            scoring.ignorance(draws, actual),
            scoring.mean_interval_score(draws, actual),
        )
        per_window.append([float(score.mean()) for score in scores])
    crps, ign, mis = np.mean(per_window, axis=0)
    # the fourth window makes up the rest of the mean, and may be neither negative nor absurd
    fourth = np.array([15.88, 0.607, 210.5]) * 4 - np.array([crps, ign, mis]) * 3
    assert 0 < fourth[0] < 60
    assert 0.4 < fourth[1] < 1.0
    assert 0 < fourth[2] < 900


@given(ENSEMBLES, st.randoms(use_true_random=False))
def test_crps_ignores_the_order_of_draws(draws, random):
    """Shuffling draws changes no score."""
    actual = draws[:, 0]
    order = list(range(draws.shape[1]))
    random.shuffle(order)
    np.testing.assert_allclose(scoring.crps(draws, actual), scoring.crps(draws[:, order], actual), atol=1e-6)


@given(hnp.arrays(np.float64, 5, elements=COUNTS), hnp.arrays(np.float64, 5, elements=COUNTS))
def test_crps_of_a_point_is_the_absolute_error(point, actual):
    """One draw, or many equal ones, is scored by its absolute error."""
    np.testing.assert_allclose(scoring.crps(point[:, None], actual), np.abs(point - actual))
    many = np.repeat(point[:, None], 7, axis=1)
    np.testing.assert_allclose(scoring.crps(many, actual), np.abs(point - actual), atol=1e-6)


@given(ENSEMBLES)
def test_crps_agrees_with_scoringrules(draws):
    """The energy form is scoringrules' estimator of that name."""
    actual = draws.mean(axis=1)
    theirs = scoringrules.crps_ensemble(actual, draws, estimator="nrg", backend="numpy")
    np.testing.assert_allclose(scoring.crps(draws, actual), theirs, rtol=1e-6, atol=1e-3)


def test_crps_is_proper():
    """Whoever forecasts the true distribution scores best on average, against sharper, wider and shifted."""
    random = np.random.default_rng(7)
    actual = random.negative_binomial(0.5, 0.05, size=4000).astype(float)
    truth = scoring.crps(random.negative_binomial(0.5, 0.05, size=(4000, 200)), actual).mean()
    for size, chance in ((0.5, 0.1), (0.5, 0.025), (2.0, 0.2)):
        other = scoring.crps(random.negative_binomial(size, chance, size=(4000, 200)), actual).mean()
        assert truth < other


def test_ignorance_by_hand():
    """With 3 of 4 draws in the actual's bin: -log2((3 + 1) / (4 + 11))."""
    draws = np.array([[0.0, 0.2, 0.4, 700.0]])
    assert scoring.ignorance(draws, [0.0])[0] == pytest.approx(-np.log2(4 / 15))
    assert scoring.ignorance(draws, [1e6])[0] == pytest.approx(-np.log2(1 / 15))


def test_ignorance_scales_to_comparable_draws():
    """Repeating each draw a hundred times gives what ``as_if_draws`` gives without repeating."""
    draws = np.array([[0.0, 3.0, 3.0, 30.0, 8.0, 1.0, 0.0, 0.0, 0.0, 2.0]])
    repeated = np.repeat(draws, 100, axis=1)
    assert scoring.ignorance(draws, [1.0], as_if_draws=1000) == pytest.approx(scoring.ignorance(repeated, [1.0]))


@given(st.sampled_from(scoring.IGN_EDGES))
def test_ignorance_bins_hold_their_lower_edge(edge):
    """A value on an edge falls into the bin that starts there."""
    inside = scoring.ignorance(np.full((1, 10), edge), [edge])[0]
    assert inside == pytest.approx(-np.log2(11 / 21))


def test_interval_score_penalises_by_distance():
    """Width alone inside; 20 times the distance outside, at 90 %."""
    scores = scoring.interval_score([10, 10, 10], [20, 20, 20], [15, 7, 21])
    np.testing.assert_allclose(scores, [10, 10 + 60, 10 + 20])


def test_mean_interval_score_uses_linear_quantiles():
    """The interval's ends are numpy's default quantiles."""
    draws = np.arange(21.0)[None, :]
    assert scoring.mean_interval_score(draws, [10.0])[0] == pytest.approx(18.0)


def test_scores_of_a_large_array_go_in_blocks():
    """Scores do not depend on how rows are cut into blocks, nor on the shape they come in."""
    random = np.random.default_rng(3)
    draws = random.poisson(3, size=(30, 20, 10_000)).astype(np.float32)
    actual = random.poisson(3, size=(30, 20)).astype(float)
    whole = scoring.crps(draws, actual)
    assert whole.shape == (30, 20)
    np.testing.assert_allclose(whole[17], scoring.crps(draws[17], actual[17]))


@pytest.mark.parametrize("score", [scoring.crps, scoring.ignorance, scoring.mean_interval_score, scoring.log1p_crps])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_refuse_missing_numbers_and_count_them(score, bad):
    """Two bad draws among eight are refused, and the message says two."""
    draws = np.ones((2, 4))
    draws[0, :2] = bad
    with pytest.raises(InputValueError, match="2 of 8"):
        score(draws, [1.0, 1.0])
    with pytest.raises(InputValueError, match="actual: 1 of 2"):
        score(np.ones((2, 4)), [1.0, bad])


def test_scores_refuse_shapes_that_do_not_fit():
    """Draws and actuals of different length are not broadcast in silence."""
    with pytest.raises(InputValueError, match="does not fit"):
        scoring.crps(np.ones((3, 4)), [1.0])
    with pytest.raises(InputValueError, match="no draws"):
        scoring.crps(np.ones((3, 0)), [1.0, 1.0, 1.0])
    with pytest.raises(InputValueError, match="negative"):
        scoring.ignorance([[-1.0]], [0.0])


def test_probability_scores_by_hand():
    """Brier, log loss, AUC and average precision of four forecasts."""
    p, y = [0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]
    assert scoring.brier(p, y) == pytest.approx((0.01 + 0.16 + 0.4225 + 0.04) / 4)
    assert scoring.log_loss(p, y) == pytest.approx(-np.mean(np.log([0.9, 0.6, 0.35, 0.8])))
    assert scoring.area_under_curve(p, y) == pytest.approx(0.75)
    assert scoring.average_precision(p, y) == pytest.approx(0.5 + 0.5 * 2 / 3)


def test_ranking_scores_treat_ties_alike():
    """A constant forecast has an AUC of one half and the base rate as average precision."""
    y = [1, 0, 0, 0, 1]
    assert scoring.area_under_curve([0.3] * 5, y) == 0.5
    assert scoring.average_precision([0.3] * 5, y) == pytest.approx(0.4)


def test_ranking_scores_are_unknown_without_onsets():
    """No onset, no AUC: the answer is ``None``, not a number."""
    assert scoring.area_under_curve([0.2, 0.3], [0, 0]) is None
    assert scoring.average_precision([0.2, 0.3], [0, 0]) is None


def test_a_certain_forecast_that_was_wrong_costs_much_but_is_finite():
    """Log loss stays finite at 0 and 1."""
    assert 30 < scoring.log_loss([0.0], [1]) < 40


@pytest.mark.parametrize(("p", "y"), [([1.2], [1]), ([0.5], [2]), ([0.5, 0.5], [1]), ([np.nan], [0]), ([], [])])
def test_probability_scores_refuse_what_is_no_probability(p, y):
    """Probabilities outside 0..1, outcomes other than 0 and 1, unequal lengths, NaN and nothing are refused."""
    with pytest.raises(InputValueError):
        scoring.brier(p, y)
