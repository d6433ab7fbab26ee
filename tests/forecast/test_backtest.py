"""Rolling origins: no look ahead, the same numbers on every backend."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import ForecastError, InputValueError, UnknownNameError
from forewarn.execution import Backend
from forewarn.forecast import (
    CountCase,
    CountRun,
    CountTable,
    OnsetCase,
    OnsetRows,
    Window,
    count_case,
    count_differences,
    count_rows,
    forecaster_names,
    run_counts,
    run_onsets,
)

WINDOW = Window(40, 45, 37)


def _table(values: np.ndarray) -> CountTable:
    return CountTable(values, tuple(f"u{k}" for k in range(len(values))), 1, is_number=False)


def _values() -> np.ndarray:
    return np.random.default_rng(1).negative_binomial(0.4, 0.1, size=(6, 60)).astype(float)


def test_nothing_after_the_origin_reaches_a_model():
    """Changing every value after data_through leaves all draws as they were."""
    values = _values()
    other = values.copy()
    other[:, 37:] = 9_999
    run = CountRun(forecaster_names("count"), draws=30)
    before = list(run_counts([count_case(_table(values), WINDOW, None)[0]], run, backend=Backend()))
    after = list(run_counts([count_case(_table(other), WINDOW, None)[0]], run, backend=Backend()))
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a.draws, b.draws)
        assert a.scores.crps.mean() < b.scores.crps.mean()


@pytest.mark.parametrize("name", ["threading", "loky"])
def test_numbers_do_not_depend_on_the_backend(name):
    """Threads and processes give what one after the other gives, in the same order."""
    cases = [count_case(_table(_values()), window, None)[0] for window in (WINDOW, Window(46, 50, 43))]
    run = CountRun(forecaster_names("count"), draws=25, seed=5)
    alone = list(run_counts(cases, run, backend=Backend()))
    shared = list(run_counts(cases, run, backend=Backend(name, workers=2)))
    assert [(r.model, r.window) for r in alone] == [(r.model, r.window) for r in shared]
    for a, b in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(a.draws, b.draws)
        np.testing.assert_array_equal(a.scores.crps, b.scores.crps)


def test_units_that_vanish_or_appear_are_counted_not_guessed():
    """A unit gone for a year is not forecast; one that appears in the window is an actual without forecast."""
    values = _values()
    values[0, 20:] = np.nan
    values[1, :40] = np.nan
    values[2, 41] = np.nan
    case, unmatched = count_case(_table(values), WINDOW, None)
    assert case.history.units == ("u2", "u3", "u4", "u5")
    assert (unmatched.forecasts_without_actual, unmatched.actuals_without_forecast) == (1, 5)
    (result,) = run_counts([case], CountRun(("zero",)), backend=Backend())
    assert (result.scores.crps.size, result.unscored) == (4 * 6 - 1, 1)


def test_tables_hold_the_mean_of_windows_and_compare_in_pairs():
    """The mean row weighs windows equally; differences are those of the means, with an interval."""
    cases = [count_case(_table(_values()), window, None)[0] for window in (WINDOW, Window(46, 51, 43))]
    scored: dict = {"zero": {}, "conflictology": {}}
    for result in run_counts(cases, CountRun(("zero", "conflictology"), draws=24), backend=Backend()):
        scored[result.model][result.window.label] = result.scores
    rows = {(row["model"], row["window"]): row for row in count_rows(scored)}
    first, second, mean = (rows["zero", label]["crps"] for label in ("40-45", "46-51", "mean"))
    assert mean == pytest.approx((first + second) / 2)
    ours = next(row for row in count_differences(scored, seed=0) if row["model"] == "conflictology")
    assert ours["difference"] == pytest.approx(rows["conflictology", "mean"]["crps"] - mean)
    assert ours["low_95"] <= ours["difference"] <= ours["high_95"]


def test_differences_come_for_each_score_with_and_without_the_heaviest_unit():
    """One country can decide a mean: by default the heaviest is left out, or the units named."""
    case, _ = count_case(_table(_values()), WINDOW, None)
    scored: dict = {"zero": {}, "conflictology": {}}
    for result in run_counts([case], CountRun(("zero", "conflictology"), draws=24), backend=Backend()):
        scored[result.model]["40-45"] = result.scores
    rows = [row for row in count_differences(scored, seed=0) if row["model"] == "conflictology"]
    assert {(row["score"], row["without"] == "") for row in rows} == {
        (score, whole) for score in ("crps", "ign", "mis", "log1p_crps") for whole in (True, False)
    }
    sums = {u: sum(s["40-45"].crps[s["40-45"].unit == u].sum() for s in scored.values()) for u in case.history.units}
    assert {row["without"] for row in rows} == {"", max(sums, key=lambda u: sums[u])}
    named = [r for r in count_differences(scored, seed=0, without=["u1", "u2"]) if r["without"] == "u1, u2"]
    ours, theirs = (scored[name]["40-45"] for name in ("conflictology", "zero"))
    kept = ~np.isin(ours.unit, ["u1", "u2"])
    crps = next(row for row in named if row["score"] == "crps" and row["model"] == "conflictology")
    assert crps["difference"] == pytest.approx((ours.crps - theirs.crps)[kept].mean())
    assert crps["unit_periods"] == kept.sum()


def test_cases_refuse_a_history_that_is_too_long():
    """A history beyond data_through would be looking ahead."""
    case, _ = count_case(_table(_values()), WINDOW, None)
    with pytest.raises(ForecastError, match="ends at 37, not at 36"):
        CountCase(Window(40, 45, 36), case.history, case.actual)
    rows = OnsetRows(np.array(["a", "a"]), np.array([3, 5]), np.array([1.0, np.nan]), np.empty((2, 0)))
    with pytest.raises(ForecastError, match="after data_through"):
        OnsetCase(Window(5, 5, 2), rows, np.array([0.0]))


@pytest.mark.parametrize("bad", [(45, 40, 37), (40, 45, 40)])
def test_windows_refuse_what_is_known(bad):
    """A window that ends before it starts, or starts in the data, is refused."""
    with pytest.raises(InputValueError):
        Window(*bad)


def test_unknown_models_stop_before_any_work():
    """Not after an hour of forecasting."""
    with pytest.raises(UnknownNameError):
        run_counts([], CountRun(("zero", "magic")), backend=Backend())
    with pytest.raises(UnknownNameError):
        run_onsets([], ["magic"], backend=Backend())


def test_an_origin_outside_the_panel_is_refused():
    """There is no history to cut."""
    with pytest.raises(ForecastError, match=r"outside the panel's 1\.\.60"):
        count_case(_table(_values()), Window(70, 75, 65), None)
    with pytest.raises(ForecastError, match="no unit forecast has an actual"):
        count_case(_table(_values()), Window(62, 70, 60), None)
