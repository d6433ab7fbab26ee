"""Bad panels and specs at the command line: one clear line and the error's code, or the stated treatment."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

SPEC = """
panel = "panel.csv"
unit = "land"
period = "month_id"
target = "deaths"
models = ["zero", "conflictology", "weighted_history", "boot_240"]
draws = 20
[[windows]]
first = 32
last = 34
data_through = 30
"""


def rows(months: int = 36) -> pl.DataFrame:
    """Three lands with a count in every month."""
    random = np.random.default_rng(0)
    frame = pl.DataFrame({"land": list("abc") * months, "month_id": np.repeat(np.arange(1, months + 1), 3)})
    return frame.with_columns(deaths=pl.Series(random.poisson(5, frame.height)).cast(pl.Float64))


@pytest.fixture
def backtest(tmp_path: Path, run):
    """Run the back-test of a panel, with another spec where given."""

    def go(panel: pl.DataFrame, spec: str = SPEC):
        panel.write_csv(tmp_path / "panel.csv")
        (tmp_path / "spec.toml").write_text(spec)
        return run("backtest", tmp_path / "spec.toml", "--json")

    return go


AT = (pl.col("land") == "b") & (pl.col("month_id") == 20)


@pytest.mark.parametrize(
    ("panel", "code", "words"),
    [
        (pl.concat([rows(), rows().head(2)]), 23, "comes twice"),
        (rows().with_columns(pl.when(AT).then(-3).otherwise("deaths").alias("deaths")), 23, "-3.0 is not a count"),
        (rows().with_columns(pl.when(AT).then(float("nan")).otherwise("deaths").alias("deaths")), 23, "not a count"),
        (rows().with_columns(pl.when(AT).then(float("inf")).otherwise("deaths").alias("deaths")), 23, "not a count"),
        (rows().with_columns(pl.when(AT).then(1e300).otherwise("deaths").alias("deaths")), 23, "not a count"),
        (rows().with_columns(month_id=pl.col("month_id") + 0.5), 23, "no whole number"),
        (rows().head(3), None, "outside the panel's 1..1"),
        (rows().head(0), None, "has no rows"),
    ],
    ids=["twice", "negative", "NaN", "infinite", "huge", "half a month", "one month", "empty"],
)
def test_what_cannot_be_used_is_one_line(backtest, panel, code, words):
    """The file, the row and the mend; no traceback, nothing on standard output."""
    done = backtest(panel)
    assert done.code not in (0, 1)
    assert done.out == ""
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert "Traceback" not in done.err
    if code is not None:
        assert "row" in done.err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('unit = "land"', 'unit = "lend"', "lend"),
        ("draws = 20", "draw = 20", "did you mean 'draws'"),
        ("last = 34", "lst = 34", "did you mean 'last'"),
        ('"boot_240"', '"boot240"', "boot240"),
        ("draws = 20", "draws = 20.5", "draws"),
        ('target = "deaths"', 'target = "land"', "three columns"),
    ],
)
def test_a_spec_with_a_typo_is_one_line(backtest, old, new, words):
    """With the nearest word there is."""
    done = backtest(rows(), SPEC.replace(old, new))
    assert done.code not in (0, 1)
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_gaps_fractions_and_units_that_come_and_go_are_treated_as_said(backtest):
    """A gap is missing and not zero; fractions are kept; a unit that vanished a year ago is not forecast; one that
    appeared is, from what there is of it; one that appears after the origin is counted as without a forecast."""
    panel = rows().filter(~((pl.col("land") == "a") & pl.col("month_id").is_between(5, 9)))
    panel = panel.with_columns(pl.when(AT).then(2.5).otherwise("deaths").alias("deaths"))
    panel = panel.filter(~((pl.col("land") == "c") & (pl.col("month_id") > 12)))
    extra = pl.DataFrame(
        {
            "land": ["new"] * 12 + ["late"] * 3,
            "month_id": [*range(25, 37), 32, 33, 34],
            "deaths": [1.0] * 12 + [2.0] * 3,
        }
    )
    done = backtest(pl.concat([panel, extra]))
    assert done.code == 0
    made = json.loads(done.out)
    assert made["provenance"]["units_forecast"] == {"32-34": 3}
    assert made["unmatched"]["32-34"] == {"forecasts_without_actual": 0, "actuals_without_forecast": 3}
    assert all(row["unit_periods"] == 9 for row in made["scores"])


def test_a_target_that_is_all_zero_is_scored_and_gets_no_skill(backtest):
    """Zero error, no ratio to divide by, and the sentence that nothing was tested."""
    done = backtest(rows().with_columns(deaths=pl.lit(0)))
    assert done.code == 0
    made = json.loads(done.out)
    assert all(row["crps"] == 0 for row in made["scores"])
    for groups in made["calibration"].values():
        assert groups[0]["verdict"] == "not tested"
        assert "do not draw alerts from it" in groups[0]["sentence"]


def test_missing_covariates_of_an_onset_are_missing_and_text_is_refused(tmp_path, run):
    """NaN and empty cells of a covariate leave the row in; a column of words is named."""
    random = np.random.default_rng(1)
    frame = pl.DataFrame({"land": [f"c{k}" for k in range(20)] * 20, "year": np.repeat(np.arange(1980, 2000), 20)})
    onset = pl.Series("onset", (random.random(400) < 0.2).astype(int))
    wealth = pl.Series("wealth", np.where(random.random(400) < 0.3, np.nan, random.normal(size=400)))
    frame.with_columns(onset, wealth, words=pl.lit("x")).write_parquet(tmp_path / "panel.parquet")
    spec = """
panel = "panel.parquet"
unit = "land"
period = "year"
target = "onset"
kind = "onset"
models = ["climatology", "ridge_logistic"]
covariates = ["wealth"]
[[windows]]
first = 1999
last = 1999
data_through = 1998
"""
    (tmp_path / "spec.toml").write_text(spec)
    done = run("backtest", tmp_path / "spec.toml", "--json")
    assert done.code == 0
    assert all(row["forecasts"] == 20 for row in json.loads(done.out)["scores"])
    (tmp_path / "spec.toml").write_text(spec.replace('["wealth"]', '["words"]'))
    done = run("backtest", tmp_path / "spec.toml")
    assert done.code not in (0, 1)
    assert "words" in done.err
    assert len(done.err.strip().splitlines()) == 1
