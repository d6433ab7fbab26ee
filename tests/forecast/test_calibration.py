"""Calibration by group: sharp and honest forecasts show skill, blind ones are told they do not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn.errors import InputValueError
from forewarn.forecast.calibration import Labels, calibration
from forewarn.forecast.grouping import NO_REGION, region_of, status_of_history
from forewarn.forecast.models import History, Task
from forewarn.forecast.scorecard import count_batch
from forewarn.forecast.skill import climatology, skill_of, skill_sentence, verdict_of

MONTHS = range(41, 53)


def made(*, knows: bool, units: int = 12, seed: int = 3):
    """Units whose level changes after the origin: a forecaster that knows it, or one that says what came before."""
    random = np.random.default_rng(seed)
    before, after = random.gamma(1, 20, units), random.gamma(1, 20, units)
    values = random.poisson(before[:, None], (units, 40)).astype(float)
    actual = random.poisson(after[:, None], (units, len(MONTHS))).astype(float)
    draws = random.poisson((after if knows else before)[:, None, None], (units, len(MONTHS), 200))
    history = History(values, tuple(f"u{k:02}" for k in range(units)), 40)
    unit = np.repeat(np.array(history.units), len(MONTHS))
    period = np.tile(np.asarray(MONTHS), units)
    batch = count_batch(draws.reshape(-1, 200).astype(float), actual.ravel(), unit=unit, period=period)
    return batch, climatology(history, Task(tuple(range(1, 13)), 200, 0), actual, MONTHS)


def test_a_forecast_that_knows_shows_skill_and_is_calibrated():
    """Skill against both climatologies; 90 % intervals hold about nine in ten; the PIT is near flat."""
    batch, references = made(knows=True)
    empty = np.full(batch.actual.size, "")
    whole = calibration(batch, Labels(empty, empty), references)[0]
    assert whole.verdict == "shown"
    assert whole.coverage[1]["share"] == pytest.approx(0.9, abs=0.08)
    assert max(whole.pit_histogram) < 0.2
    assert "Skill is shown (12 units" in whole.sentence


def test_a_forecast_that_says_the_past_shows_none_and_says_so():
    """No better than the unit's own months: the sentence says not to draw alerts from it."""
    batch, references = made(knows=False)
    found = skill_of(batch, references, scores=("log1p_crps", "brier_25"))
    assert verdict_of(found) == "not shown"
    assert skill_sentence(found).startswith("No skill shown here: do not draw alerts from it")


def test_saying_nothing_where_nothing_happens_is_no_skill():
    """Units in which nothing came, or too few units, are not tested, however good the scores."""
    nothing = np.zeros((240, 100))
    unit, period = np.repeat([f"u{k:02}" for k in range(20)], 12), np.tile(np.asarray(MONTHS), 20)
    batch = count_batch(nothing, np.zeros(240), unit=unit, period=period)
    loud = count_batch(nothing + 5, np.zeros(240), unit=unit, period=period)
    found = skill_of(batch, {"boot_240": loud, "own_240": loud}, scores=("log1p_crps",))
    assert all(one.is_better or one.difference < 0 for one in found)
    assert verdict_of(found) == "not tested"
    assert "do not draw alerts from it" in skill_sentence(found)


def test_saying_that_nothing_happens_never_shows_skill():
    """Where outbreaks are rare it beats what the past says; it foretells none of them all the same."""
    random = np.random.default_rng(8)
    values = (random.random((40, 240)) < 0.05) * 50.0
    actual = (random.random((40, len(MONTHS))) < 0.01) * 3.0
    history = History(values, tuple(f"u{k:02}" for k in range(40)), 40)
    references = climatology(history, Task(tuple(range(1, 13)), 200, 0), actual, MONTHS)
    unit, period = np.repeat(np.array(history.units), len(MONTHS)), np.tile(np.asarray(MONTHS), 40)
    batch = count_batch(np.zeros((480, 50)), actual.ravel(), unit=unit, period=period)
    found = skill_of(batch, references, scores=("log1p_crps",))
    assert {one.reference: one.is_better for one in found} == {"boot_240": True, "own_240": True, "zero": False}
    assert verdict_of(found) == "not shown"


def test_groups_split_the_pairs_without_loss():
    """Status and region each add up to the whole; an empty label makes no group."""
    batch, references = made(knows=True)
    status = np.where(np.arange(batch.actual.size) % 3 == 0, "never", "active")
    groups = calibration(batch, Labels(np.full(batch.actual.size, "Asia"), status), references)
    assert [(g.by, g.group) for g in groups] == [
        ("all", "all"), ("status", "active"), ("status", "never"), ("region", "Asia"),
    ]  # fmt: skip
    assert groups[1].unit_periods + groups[2].unit_periods == groups[0].unit_periods == groups[3].unit_periods


def test_an_unknown_score_is_refused():
    """With those there are."""
    batch, references = made(knows=True)
    with pytest.raises(InputValueError, match="brier_25"):
        skill_of(batch, references, scores=("mis",))


def test_status_is_of_the_history_and_missing_is_not_violence():
    """Some in the last year, some before, none; NaN is neither."""
    values = np.zeros((4, 30))
    values[0, 29], values[1, 3], values[3] = 2, 5, np.nan
    assert status_of_history(values).tolist() == ["active", "quiet lately", "never", "never"]


@pytest.mark.parametrize(
    ("unit", "column", "region"),
    [
        ("KEN", "iso3", "Sub-Saharan Africa"),
        ("KEN/Nairobi", "admin1_id", "Sub-Saharan Africa"),
        ("775", "gwcode", "South-eastern Asia"),
        ("133", "country_id", "Southern Asia"),
        ("XKC", "unit", NO_REGION),
        ("999999", "country_id", NO_REGION),
        ("62356", "priogrid_gid", NO_REGION),
    ],
)
def test_regions_go_by_the_code_of_the_day(unit, column, region):
    """VIEWS', Gleditsch and Ward's and ISO codes; what nobody knows is in no region."""
    assert region_of(unit, column, date(2018, 6, 30)) == region
