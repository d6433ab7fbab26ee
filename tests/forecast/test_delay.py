"""Late reports: learnt from two states of knowledge, drawn as samples, and handed to any forecaster."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from forewarn.clock import last_day
from forewarn.errors import ForecastError, InputFormatError, InputValueError
from forewarn.forecast.delay import (
    RevisionPairs,
    WithLateReports,
    completed,
    delay_rows,
    pairs_of_arrays,
    pairs_of_table,
    pairs_of_vintages,
)
from forewarn.forecast.models import History, Task
from forewarn.forecast.models.baselines import LastPoisson
from forewarn.forecast.panel.build import Frame, build_panel
from forewarn.forecast.tables import CountTable
from forewarn.model.panel import IncidentArrays

SHARE = np.array([0.5, 0.75, 0.9] + [1.0] * 21)[::-1]


def vintages(seed: int = 0, units: int = 40):
    """A table of which the last three months are known to a half, three quarters and nine tenths."""
    random = np.random.default_rng(seed)
    final = random.poisson(random.gamma(2, 20, units)[:, None], (units, 24)).astype(float)
    final[: units // 4] = 0
    early = random.binomial(final.astype(int), SHARE).astype(float)
    names = tuple(f"u{k:02}" for k in range(units))
    return CountTable(early, names, 101, False), CountTable(final, names, 101, False)


def test_the_share_known_is_found_with_its_interval():
    """A half of the last month, three quarters of the one before; all of a month a year back."""
    rows = {row["age_months"]: row for row in delay_rows(pairs_of_vintages(*vintages(), through=124))}
    for age, share in ((0, 0.5), (1, 0.75), (2, 0.9), (8, 1.0)):
        assert rows[age]["share_known"] == pytest.approx(share, abs=0.04)
        assert rows[age]["low_95"] <= rows[age]["share_known"] <= rows[age]["high_95"]


def test_completed_months_are_samples_around_what_came():
    """On data of the same kind not learnt from: the sum is near the final one, quiet units stay quiet, draws differ."""
    pairs = pairs_of_vintages(*vintages(), through=124)
    early, final = vintages(seed=9)
    ways = np.stack([completed(early.values, pairs, np.random.default_rng(k)) for k in range(40)])
    assert ways[:, :, -1].sum(axis=1).mean() == pytest.approx(final.values[:, -1].sum(), rel=0.1)
    assert (ways[:, :10] == 0).all()
    assert ways[:, 20:, -1].std(axis=0).min() > 0
    assert (ways[:, :, :12] == early.values[:, :12]).all()


def test_missing_months_stay_missing():
    """What nobody could see is not filled in."""
    early, late = vintages()
    values = early.values.copy()
    values[3, -1] = np.nan
    made = completed(values, pairs_of_vintages(early, late, through=124), np.random.default_rng(1))
    assert np.isnan(made[3, -1])
    assert np.isnan(made).sum() == 1


def test_a_forecaster_is_given_what_may_still_come():
    """Draws around the completed month and not the one reported; as many as asked; the same for the same seed."""
    early, late = vintages()
    pairs = pairs_of_vintages(early, late, through=124)
    history, task = History(early.values, early.units, 124), Task((1, 2), 103, 5)
    model = WithLateReports(LastPoisson(), pairs)
    draws = model.forecast(history, task)
    plain = LastPoisson().forecast(history, task)
    assert draws.shape == plain.shape == (40, 2, 103)
    assert draws[10:].mean() == pytest.approx(2 * plain[10:].mean(), rel=0.15)
    assert np.array_equal(draws, model.forecast(history, task))
    assert model.name == "last_poisson+late_reports"


def test_the_store_s_own_past_gives_pairs():
    """Incidents known a month late are missing at age 0 and there at age 1."""
    months = np.repeat(np.arange(200, 260), 2)
    known = [last_day(int(m) + late) for m, late in zip(months, [0, 1] * 60, strict=True)]
    arrays = IncidentArrays(
        unit=np.zeros(120, dtype=np.int32), month=months.astype(np.int32),
        known_on=np.array(known, dtype="datetime64[D]"), counts={"deaths": np.full(120, 3.0)},
    )  # fmt: skip
    panel = build_panel(arrays, Frame(("a",), 200, 259, "country"), as_known_at=date(2030, 1, 1))
    pairs = pairs_of_arrays(arrays, panel, "deaths")
    rows = {row["age_months"]: row["share_known"] for row in delay_rows(pairs)}
    assert (rows[0], rows[1], rows[11]) == (0.5, 1.0, 1.0)


def test_pairs_go_to_a_file_and_come_back(tmp_path):
    """As written; a negative count or a missing column is one line."""
    pairs = pairs_of_vintages(*vintages(), through=124)
    pairs.table().write_csv(tmp_path / "p.csv")
    back = pairs_of_table(pl.read_csv(tmp_path / "p.csv"), where="p.csv")
    assert delay_rows(back) == delay_rows(pairs)
    with pytest.raises(InputFormatError, match="no column 'late'"):
        pairs_of_table(pl.DataFrame({"age": [1], "early": [2]}), where="p.csv")
    with pytest.raises(InputValueError, match="row 1"):
        pairs_of_table(pl.DataFrame({"age": [1], "early": [-2], "late": [1]}), where="p.csv")


def test_too_little_is_refused():
    """A handful of pairs carries no forecast."""
    few = RevisionPairs(np.array([0]), np.array([1.0]), np.array([2.0]), np.array([1.0]), np.array(["a"]))
    with pytest.raises(ForecastError, match="too few revisions"):
        WithLateReports(LastPoisson(), few).forecast(History(np.ones((1, 20)), ("a",), 20), Task((1,)))
