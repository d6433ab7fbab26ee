"""Hubverse's files, in and out, and scored like any other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forewarn.errors import InputFormatError, InputValueError
from forewarn.exchange import provenance_of, read_model_output, read_target_data, write_forecast, write_hubverse
from forewarn.forecast import scoring
from forewarn.forecast.tables import open_table
from forewarn.model.forecast import Forecast
from forewarn.operations.score import score

UNITS = ("10", "9")


def forecast(*, onset: bool = False, target: str = "deaths") -> Forecast:
    random = np.random.default_rng(1)
    given = {"probability": random.random((2, 2))} if onset else {"draws": random.poisson(3, (2, 2, 30)).astype("f4")}
    return Forecast(target, "country", UNITS, (532, 534), "m", date(2024, 3, 31), 531, 7, "1.2", **given)


def rows(**changes: object) -> pl.LazyFrame:
    made = {
        "model_id": "m", "target": "deaths", "origin_date": "2024-03-31", "horizon": 1, "target_end_date": "2024-04-30",
        "location": ["9", "9"], "output_type": "sample", "output_type_id": ["0", "1"], "value": [1.0, 2.0],
    }  # fmt: skip
    return pl.DataFrame({k: v for k, v in (made | changes).items() if v is not None}).lazy()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_samples_come_back_as_they_went(tmp_path: Path, ending: str):
    """Every draw under its unit and month; quantiles stand beside them and are counted as left out."""
    made = forecast()
    path = tmp_path / f"f.{ending}"
    assert write_hubverse(made, path) == 2 * 2 * (30 + 5)
    read = read_model_output(open_table(path), where=path.name)
    assert read.left_out == {"quantile": 20}
    table = read.table.with_columns(pl.col("draw").cast(pl.Int64), pl.col("location").cast(pl.String)).collect()
    table = table.sort("location", "month_id", "draw")
    assert table["month_id"].unique().sort().to_list() == [532, 534]
    assert np.array_equal(table["outcome"].to_numpy().reshape(2, 2, 30), made.draws)


def test_a_file_says_where_it_comes_from(tmp_path: Path):
    """In the metadata of parquet and in columns of both."""
    write_hubverse(forecast(), tmp_path / "f.parquet")
    write_hubverse(forecast(), tmp_path / "f.csv")
    assert provenance_of(tmp_path / "f.parquet").seed == 7
    told = pl.read_csv(tmp_path / "f.csv").select("model_id", "data_vintage", "seed", "code_version").unique()
    assert told.rows() == [("m", "2024-03-31", 7, 1.2)]


def test_a_formula_does_not_leave_in_a_csv(tmp_path: Path):
    """A name a spreadsheet would run is kept from it."""
    write_hubverse(forecast(target="=HYPERLINK(1)"), tmp_path / "f.csv")
    assert pl.read_csv(tmp_path / "f.csv")["target"][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_both_shapes_score_the_same(tmp_path: Path, ending: str):
    """The same forecast in VIEWS' and hubverse's columns, against a plain table and hubverse's target data."""
    write_forecast(forecast(), tmp_path / "views.parquet")
    write_hubverse(forecast(), tmp_path / f"hub.{ending}")
    keys = {"country_id": [9, 10, 9], "month_id": [532, 532, 534], "deaths": [2, 0, 7]}
    pl.DataFrame(keys).write_csv(tmp_path / "plain.csv")
    days = ["2024-04-30", "2024-04-30", "2024-06-30"]
    pl.DataFrame({"location": ["9", "10", "9"], "target_end_date": days, "observation": [2, 0, 7]}).write_csv(
        tmp_path / "target.csv"
    )
    found = [
        score(tmp_path / f, tmp_path / a)
        for f in ("views.parquet", f"hub.{ending}")
        for a in ("plain.csv", "target.csv")
    ]
    for one in found:
        assert (one["matched"], one["forecasts_without_actual"], one["crps"]) == (3, 1, found[0]["crps"])
    assert found[0]["provenance"] == {"model": "m", "data_vintage": "2024-03-31", "seed": 7, "code_version": "1.2"}
    assert found[2]["left_out"] == {"quantile": 20}


def test_a_probability_mass_is_scored_as_onsets(tmp_path: Path):
    """The category that says it happens; the other is its complement."""
    made = forecast(onset=True)
    write_hubverse(made, tmp_path / "f.csv")
    read = read_model_output(open_table(tmp_path / "f.csv"), where="f.csv")
    assert np.allclose(read.table.collect()["probability"].to_numpy().reshape(2, 2), made.probability.T)
    pl.DataFrame({"country_id": [9, 10], "month_id": [532, 532], "onset": [1, 0]}).write_csv(tmp_path / "a.csv")
    found = score(tmp_path / "f.csv", tmp_path / "a.csv")
    assert (found["kind"], found["matched"]) == ("onset", 2)


def test_the_month_is_that_of_the_target_or_counted_from_the_origin():
    """Across a year's end; with either, the target's date rules."""
    counted = rows(target_end_date=None, origin_date="2023-11-30", horizon=3)
    assert read_model_output(counted, where="f").table.collect()["month_id"].to_list() == [530, 530]
    both = rows(horizon=9)
    assert read_model_output(both, where="f").table.collect()["month_id"].to_list() == [532, 532]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"location": None}, InputFormatError, "no column location"),
        ({"output_type_id": None}, InputFormatError, "no column output_type_id"),
        ({"output_type": "smaple"}, InputValueError, "no output type"),
        ({"output_type": None, "output_type_x": "sample"}, InputFormatError, "output_type"),
        ({"output_type": "median"}, InputFormatError, "no samples"),
        ({"output_type": ["mean", "median"]}, InputFormatError, "mean and median"),
        ({"output_type": "pmf", "output_type_id": ["no", "never"]}, InputValueError, "no category"),
        ({"model_id": ["a", "b"]}, InputValueError, "model_id: holds several"),
        ({"target": ["a", "b"]}, InputValueError, "target: holds several"),
        ({"origin_date": ["2024-03-31", "2024-02-29"]}, InputValueError, "origin_date: holds several"),
        ({"target_end_date": "30.04.2024"}, InputValueError, "no readable date"),
        ({"target_end_date": ["2024-04-30", None]}, InputValueError, "1 rows"),
        ({"target_end_date": None, "horizon": None}, InputFormatError, "which month"),
        ({"target_end_date": None, "horizon": "soon"}, InputValueError, "no readable date or horizon"),
    ],
)
def test_files_that_do_not_say_what_they_mean_are_refused(changes, error, message):
    """Missing columns, unknown types, nothing to score, several at once, dates nobody can read: one line each."""
    with pytest.raises(error, match=message):
        read_model_output(rows(**changes), where="f.csv")


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), None])
def test_impossible_values_are_refused_when_scored(tmp_path: Path, value):
    """Negative, NaN, infinite, empty."""
    rows(value=[1.0, value]).collect().write_parquet(tmp_path / "f.parquet")
    pl.DataFrame({"country_id": [9], "month_id": [532], "n": [1]}).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputValueError, match=r"f\.parquet"):
        score(tmp_path / "f.parquet", tmp_path / "a.csv")


def test_a_sample_given_twice_is_refused_when_scored(tmp_path: Path):
    """Two rows of one location, month and id."""
    rows(output_type_id=["0", "0"]).collect().write_parquet(tmp_path / "f.parquet")
    pl.DataFrame({"country_id": [9], "month_id": [532], "n": [1]}).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputValueError, match="comes twice"):
        score(tmp_path / "f.parquet", tmp_path / "a.csv")


def test_target_data_must_have_what_happened():
    """A value, a date that can be read, one target."""
    plain = {"location": ["9", "9"], "target_end_date": ["2024-04-30", "2024-05-31"], "observation": [1, 2]}
    assert read_target_data(pl.LazyFrame(plain), where="a").collect()["outcome"].to_list() == [1, 2]
    with pytest.raises(InputFormatError, match="observation"):
        read_target_data(pl.LazyFrame(plain).drop("observation"), where="a")
    with pytest.raises(InputValueError, match="several"):
        read_target_data(pl.LazyFrame(plain | {"target": ["a", "b"]}), where="a")
    with pytest.raises(InputValueError, match="readable"):
        read_target_data(pl.LazyFrame(plain | {"target_end_date": ["x", "y"]}), where="a")


def test_another_ending_is_refused(tmp_path: Path):
    """Neither csv nor parquet; nothing is left."""
    with pytest.raises(InputFormatError, match="neither"):
        write_hubverse(forecast(), tmp_path / "f.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_quantiles_is_scored_as_quantiles(tmp_path: Path):
    """The score is that of the same distribution's draws as levels grow dense; coverage where levels pair up."""
    random = np.random.default_rng(2)
    units, levels = [f"u{k}" for k in range(60)], np.arange(1, 100) / 100
    mean = random.gamma(2, 20, 60)
    draws = random.poisson(mean[:, None], (60, 4000)).astype(float)
    actual = random.poisson(mean).astype(float)
    table = pl.DataFrame(
        {
            "model_id": "other", "target": "deaths", "origin_date": "2024-03-31", "target_end_date": "2024-04-30",
            "location": np.repeat(units, levels.size), "output_type": "quantile",
            "output_type_id": [f"{level:g}" for level in levels] * 60,
            "value": np.quantile(draws, levels, axis=1).T.ravel(), "seed": 3, "code_version": "9", "data_vintage": "x",
        }
    )  # fmt: skip
    table.sample(fraction=1, shuffle=True, seed=1).write_csv(tmp_path / "q.csv")
    truth = pl.DataFrame({"location": units, "target_end_date": "2024-04-30", "observation": actual})
    truth.write_csv(tmp_path / "a.csv")
    found = score(tmp_path / "q.csv", tmp_path / "a.csv")
    expected = float(scoring.crps(draws, actual).mean())
    assert found["kind"] == "quantiles"
    assert found["weighted_interval_score"] == pytest.approx(expected, rel=0.03)
    ninety = next(one for one in found["coverage"] if one["level"] == pytest.approx(0.9))
    assert ninety["share"] == pytest.approx(0.9, abs=0.1)
    assert (found["matched"], found["forecasts_without_actual"]) == (60, 0)
    assert found["provenance"] == {"model": "other", "data_vintage": "x", "seed": 3, "code_version": "9"}
    table.tail(-1).write_csv(tmp_path / "q.csv")
    with pytest.raises(InputValueError, match="lack a level"):
        score(tmp_path / "q.csv", tmp_path / "a.csv")
    table.with_columns(value=1000 - pl.col("value")).write_csv(tmp_path / "q.csv")
    with pytest.raises(InputValueError, match="fall as the level rises"):
        score(tmp_path / "q.csv", tmp_path / "a.csv")
