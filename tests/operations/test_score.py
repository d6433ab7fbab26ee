"""Scoring anybody's files: the published rows, and nothing dropped in silence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forewarn.errors import ForecastError, InputFormatError, InputNotFoundError, InputValueError, UsageError
from forewarn.forecast import scoring
from forewarn.operations.calibration import Past
from forewarn.operations.score import score


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A forecast of two units and two months with ten draws, and what happened."""
    random = np.random.default_rng(0)
    rows = [(m, c, d, int(random.poisson(4))) for m in (457, 458) for c in (10, 9) for d in range(10)]
    schema = ["month_id", "country_id", "draw", "outcome"]
    pl.DataFrame(rows, schema=schema, orient="row").sample(fraction=1, shuffle=True, seed=1).write_parquet(
        tmp_path / "forecast.parquet"
    )
    pl.DataFrame({"month_id": [457, 457, 458, 459], "country_id": [9, 10, 9, 9], "ged_sb": [3, 5, None, 1]}).write_csv(
        tmp_path / "actuals.csv"
    )
    return tmp_path / "forecast.parquet", tmp_path / "actuals.csv"


@pytest.mark.parametrize(
    ("name", "vintage", "published"),
    [("benchmark_conflictology", "v2024", 14.483), ("benchmark_last_poisson", "v2024", 20.173)],
)
def test_published_files_give_the_published_crps(shared_data, name, vintage, published):
    """The challenge's files of 2018 as they are, to three decimals, every unit-month matched."""
    folder = shared_data / "views_cm"
    found = score(folder / f"{name}_2018.parquet", folder / f"actuals_{vintage}_2018.parquet")
    assert round(found["crps"], 3) == published
    assert (found["matched"], found["forecasts_without_actual"], found["actuals_without_forecast"]) == (2292, 0, 0)


def test_a_submission_with_another_number_of_draws_is_scored(shared_data):
    """999 draws and a column of another name are no obstacle."""
    folder = shared_data / "views_cm"
    found = score(folder / "submission_nbinom_2019.parquet", folder / "actuals_v2023_2019.parquet")
    assert found["draws"] == {"fewest": 999, "most": 999}
    assert found["ign"] == pytest.approx(found["ign_as_given"], abs=1e-4)


def test_what_does_not_match_is_counted(files):
    """Of four forecasts two have an actual; one actual is empty and one has no forecast."""
    found = score(*files)
    counts = {
        k: found[k] for k in ("matched", "forecasts_without_actual", "actuals_without_forecast", "actuals_missing")
    }
    assert counts == {
        "matched": 2,
        "forecasts_without_actual": 2,
        "actuals_without_forecast": 1,
        "actuals_missing": 1,
    }


def test_rows_are_matched_by_id_whatever_their_order(files):
    """Shuffled draws and units score as sorted ones."""
    table = pl.read_parquet(files[0]).filter(pl.col("month_id") == 457).sort("country_id", "draw")
    expected = scoring.crps(table["outcome"].to_numpy().reshape(2, 10), [3.0, 5.0]).mean()
    assert score(*files)["crps"] == pytest.approx(expected)


def test_units_with_different_numbers_of_draws_are_scored(files, tmp_path):
    """An ensemble may be ragged: each unit-month is scored with the draws it has."""
    table = pl.read_parquet(files[0]).filter((pl.col("country_id") == 9) | (pl.col("draw") < 4))
    table.write_csv(tmp_path / "ragged.csv")
    found = score(tmp_path / "ragged.csv", files[1])
    assert found["draws"] == {"fewest": 4, "most": 10}
    assert found["matched"] == 2


def test_the_page_is_json(files):
    """Everything on it can be printed as JSON, without NaN."""
    found = json.loads(json.dumps(score(*files), allow_nan=False))
    assert found["kind"] == "count"
    assert {level["level"] for level in found["coverage"]} == {0.5, 0.9}
    assert sum(found["pit_histogram"]) == pytest.approx(1)
    assert set(found["at_least"]) == {"1", "25"}
    assert all(len(digest) == 64 for digest in found["inputs_sha256"].values())


def test_probabilities_are_scored_as_such(tmp_path):
    """A perfect ranking has an AUC of one; intervals are given; unmatched rows counted."""
    random = np.random.default_rng(3)
    p = random.random(200)
    frame = pl.DataFrame({"name": [f"c{k}" for k in range(200)], "year": [2001] * 200, "probability": p})
    frame.write_parquet(tmp_path / "f.parquet")
    onset = pl.Series("onset", (p > 0.9).astype(int))
    frame.select("name", "year", onset).head(190).write_csv(tmp_path / "a.csv")
    found = score(tmp_path / "f.parquet", tmp_path / "a.csv")
    assert (found["kind"], found["auc"], found["average_precision"]) == ("onset", 1.0, 1.0)
    assert found["forecasts_without_actual"] == 10
    assert found["intervals"]["brier"]["low"] < found["brier"] < found["intervals"]["brier"]["high"]
    assert found["recall_top_30"] == 1.0
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pl.col("outcome") * -1, "is not a count"),
        (pl.lit(None, dtype=pl.Int64).alias("outcome"), "is missing"),
        (pl.lit(float("nan")).alias("outcome"), "nan is not a count"),
        (pl.lit(0).alias("draw"), "draw 0 comes twice"),
        (pl.lit(1.5).alias("country_id"), "no whole number"),
    ],
)
def test_draws_that_cannot_be_scored_are_refused(files, change, message):
    """Negative, missing or NaN draws, one draw twice, broken ids: one line with file and period."""
    pl.read_parquet(files[0]).with_columns(change).write_parquet(files[0])
    with pytest.raises(InputValueError, match=rf"forecast.parquet.*{message}"):
        score(*files)


def test_files_without_the_columns_say_what_is_missing(files, tmp_path):
    """Neither draws nor a probability, no unit, no value: the line says what to name."""
    table = pl.read_parquet(files[0])
    table.drop("draw").write_parquet(tmp_path / "f.parquet")
    with pytest.raises(InputFormatError, match="neither draw and outcome nor probability"):
        score(tmp_path / "f.parquet", files[1])
    table.rename({"country_id": "x"}).with_columns(y=1).write_parquet(tmp_path / "g.parquet")
    with pytest.raises(InputFormatError, match="name it with --unit"):
        score(tmp_path / "g.parquet", files[1])
    pl.read_csv(files[1]).with_columns(other=1).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputFormatError, match="name it with --column"):
        score(files[0], tmp_path / "a.csv")
    assert score(files[0], tmp_path / "a.csv", column="ged_sb")["matched"] == 2


def test_files_with_nothing_in_common_are_not_scored(files, tmp_path):
    """No pair is no score."""
    pl.DataFrame({"month_id": [1], "country_id": [9], "ged_sb": [0]}).write_csv(tmp_path / "a.csv")
    with pytest.raises(ForecastError, match="nothing to score"):
        score(files[0], tmp_path / "a.csv")
    with pytest.raises(InputNotFoundError):
        score(files[0], tmp_path / "nowhere.csv")


def test_actuals_given_twice_are_refused(files, tmp_path):
    """Which of the two happened is not for us to choose."""
    pl.DataFrame({"month_id": [457] * 2, "country_id": [9] * 2, "ged_sb": [0, 1]}).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputValueError, match=r"a\.csv, row 2: unit 9, period 457 comes twice"):
        score(files[0], tmp_path / "a.csv")


def test_with_a_past_skill_is_tested_by_status_and_a_page_is_written(files, tmp_path):
    """Status is of the past given; without one skill is not tested; a past that reaches the forecast is refused."""
    random = np.random.default_rng(4)
    rows = [(m, c, int(random.poisson(4)) if c == 9 else 0) for m in range(400, 457) for c in (9, 10)]
    past = tmp_path / "past.csv"
    pl.DataFrame(rows, schema=["month_id", "country_id", "deaths"], orient="row").write_csv(past)
    found = score(*files, past=Past(past, "deaths"), out=tmp_path / "page.html")
    groups = {(one["by"], one["group"]): one for one in found["calibration"]}
    assert groups["status", "active"]["unit_periods"] == 1
    assert groups["status", "never"]["unit_periods"] == 1
    assert {one["reference"] for one in groups["all", "all"]["skill"]} == {"boot_240", "own_240", "zero"}
    assert "<svg" in (tmp_path / "page.html").read_text()
    plain = {(one["by"], one["group"]): one for one in score(*files)["calibration"]}
    assert plain["all", "all"]["sentence"] == "Skill was not tested: nothing to compare with."
    assert not any(by == "status" for by, _ in plain)
    with pytest.raises(UsageError, match="not before"):
        score(*files, past=Past(past, "deaths", data_through=457))
