"""The back-test as a user runs it: from a spec to files, or to one line that says why not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forewarn.errors import (
    ConfigurationError,
    ForecastError,
    InputEncodingError,
    InputNotFoundError,
    InputValueError,
    StoreFullError,
    UnknownNameError,
    UsageError,
)
from forewarn.operations import backtest as module
from forewarn.operations.backtest import backtest
from forewarn.operations.score import score

PUBLISHED = ["zero", "conflictology", "last_poisson"]

SPEC = """
panel = "data/panel.csv"
unit = "land"
period = "month_id"
target = "deaths"
kind = "count"
models = ["zero", "conflictology"]
draws = 24
seed = 7
[[windows]]
first = 40
last = 42
data_through = 37
[[windows]]
first = 43
last = 45
data_through = 40
"""
ONSET = """
panel = "panel.parquet"
unit = "name"
period = "year"
target = "onset"
kind = "onset"
models = ["climatology", "own_history", "ridge_logistic"]
[[windows]]
first = 2001
last = 2001
data_through = 1999
[[windows]]
first = 2002
last = 2002
data_through = 2000
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A small count panel with a gap, and its spec."""
    random = np.random.default_rng(0)
    panel = pl.DataFrame({"land": list("abcd") * 45, "month_id": np.repeat(np.arange(1, 46), 4)})
    panel = panel.with_columns(deaths=pl.Series(random.negative_binomial(0.5, 0.1, 180)))
    (tmp_path / "data").mkdir()
    panel.filter(~((pl.col("land") == "d") & (pl.col("month_id") == 41))).write_csv(tmp_path / "data" / "panel.csv")
    path = tmp_path / "spec.toml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def onset_spec(tmp_path: Path) -> Path:
    """A small onset panel with an unknown outcome and a covariate, and its spec."""
    random = np.random.default_rng(1)
    panel = pl.DataFrame({"name": [f"c{k}" for k in range(30)] * 43, "year": np.repeat(np.arange(1960, 2003), 30)})
    wealth = random.normal(size=panel.height)
    onset = (random.random(panel.height) < 1 / (1 + np.exp(2 + 2 * wealth))).astype(float).tolist()
    onset[-1] = None
    panel.with_columns(wealth=pl.Series(wealth), onset=pl.Series(onset)).write_parquet(tmp_path / "panel.parquet")
    path = tmp_path / "spec.toml"
    path.write_text(ONSET)
    return path


def test_each_window_and_model_gets_a_file_with_the_views_columns(spec, tmp_path):
    """Named by both; month_id, unit, draw and outcome, each draw once, whole numbers where counts are whole."""
    report = backtest(spec, out=tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    draws = {f"{m}_{w}.parquet" for m in ("zero", "conflictology") for w in ("40-42", "43-45")}
    assert names == draws | {"scores.csv", "differences.csv", "scores.json", "calibration.html"}
    assert sorted(report.files) == sorted(str(tmp_path / "out" / name) for name in names)
    table = pl.read_parquet(tmp_path / "out" / "conflictology_43-45.parquet")
    assert table.columns == ["month_id", "land", "draw", "outcome"]
    assert (table.height, table.n_unique(["month_id", "land", "draw"])) == (4 * 3 * 24, 4 * 3 * 24)
    assert table["outcome"].dtype == pl.Int32
    assert table["month_id"].unique().sort().to_list() == [43, 44, 45]


def test_files_score_as_the_report_says(spec, tmp_path):
    """Scoring a written file against the panel gives the row of the report."""
    report = backtest(spec, out=tmp_path / "out")
    row = next(r for r in report.scores if (r["model"], r["window"]) == ("conflictology", "40-42"))
    found = score(tmp_path / "out" / "conflictology_40-42.parquet", tmp_path / "data" / "panel.csv", unit="land")
    assert {k: found[k] for k in ("crps", "ign", "mis", "log1p_crps")} == pytest.approx(
        {k: row[k] for k in ("crps", "ign", "mis", "log1p_crps")}
    )
    assert found["forecasts_without_actual"] == 1
    assert (found["provenance"]["model"], found["provenance"]["seed"]) == ("conflictology", 7)
    assert "panel.csv sha256:" in found["provenance"]["data_vintage"]
    assert found["provenance"]["data_vintage"].endswith("through 37")
    assert report.unmatched["40-42"] == {"forecasts_without_actual": 1, "actuals_without_forecast": 0}


def test_scores_carry_their_provenance(spec, tmp_path):
    """Hash of the data, seed, version and models stand beside the figures."""
    backtest(spec, out=tmp_path / "out")
    kept = json.loads((tmp_path / "out" / "scores.json").read_text())
    assert len(kept["provenance"]["inputs_sha256"]["data/panel.csv"]) == 64
    assert (kept["provenance"]["seed"], kept["provenance"]["models"]) == (7, ["zero", "conflictology"])
    assert kept["provenance"]["code_version"]
    assert [r["window"] for r in kept["scores"]] == ["40-42", "43-45", "mean"] * 2


def test_calibration_is_by_status_and_region_and_says_what_follows(spec, tmp_path):
    """A model that says zero whatever happens is told to have no skill; the page holds no script and no address."""
    report = backtest(spec, out=tmp_path / "out")
    zero = {(one["by"], one["group"]): one for one in report.calibration["zero"]}
    assert {by for by, _ in zero} == {"all", "status", "region"}
    assert zero["all", "all"]["verdict"] == "not tested"
    assert "4 units" in zero["all", "all"]["sentence"]
    assert "do not draw alerts from it" in zero["all", "all"]["sentence"]
    assert zero["region", "no region known"]["unit_periods"] == 23
    assert {one["reference"] for one in zero["all", "all"]["skill"]} == {"boot_240", "own_240", "zero"}
    page = (tmp_path / "out" / "calibration.html").read_text()
    assert page.count("<svg") == 6
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_same_spec_gives_the_same_bytes_on_every_backend(spec, tmp_path):
    """Run again, or in two processes: equal draws and equal scores."""
    backtest(spec, out=tmp_path / "one")
    spec.write_text('backend = "loky:2"\n' + SPEC)
    backtest(spec, out=tmp_path / "two")
    for name in ("conflictology_40-42.parquet", "scores.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_progress_is_told_to_the_end(spec):
    """Each window and model is one step; calibration comes last."""
    steps: list[tuple[int, int]] = []
    backtest(spec, progress=lambda done, total, _text: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4), (4, 4)]


def test_actuals_may_come_from_another_file_or_column(spec, tmp_path):
    """A later vintage of the truth is used for scoring only."""
    before = backtest(spec)
    actuals = pl.read_csv(tmp_path / "data" / "panel.csv").with_columns(outcome=pl.col("deaths") + 5)
    actuals.select("land", "month_id", "outcome").write_parquet(tmp_path / "later.parquet")
    text = SPEC.replace("data_through = 37", 'data_through = 37\nactuals = "later.parquet"')
    spec.write_text(text)
    after = backtest(spec)
    assert before.scores[0]["crps"] + 5 == pytest.approx(after.scores[0]["crps"])
    assert before.scores[1] == after.scores[1]
    assert "later.parquet" in after.provenance["inputs_sha256"]


def test_both_vintages_of_what_happened_are_scored_in_one_row(spec, tmp_path):
    """The first vintage on the pairs both have; a count raised by five later shows as revised."""
    panel = pl.read_csv(tmp_path / "data" / "panel.csv")
    late = panel.with_columns(deaths=pl.col("deaths") + 5 * (pl.col("land") == "a"))
    late.write_csv(tmp_path / "late.csv")
    text = 'data_through = 37\nactuals = "late.csv"\nfirst_actuals_column = "deaths"'
    spec.write_text(SPEC.replace("data_through = 37", text))
    report = backtest(spec, out=tmp_path / "out")
    (zero, other) = report.vintages
    assert (zero["model"], other["model"], zero["window"]) == ("zero", "conflictology", "40-42")
    assert (zero["revised"], zero["unit_periods"]) == (3, 11)
    assert zero["crps_latest"] - zero["crps_first"] == pytest.approx(15 / 11)
    assert zero["crps_difference"] == pytest.approx(15 / 11)
    assert (tmp_path / "out" / "vintages.csv").is_file()


def test_onsets_get_a_probability_each(onset_spec, tmp_path):
    """Files of unit, period and probability; pooled scores; differences against both base rates."""
    report = backtest(onset_spec, out=tmp_path / "out")
    table = pl.read_parquet(tmp_path / "out" / "own_history_2002-2002.parquet")
    assert table.columns == ["name", "year", "probability"]
    assert table.height == 30
    pooled = {row["model"]: row for row in report.scores if row["window"] == "all"}
    assert pooled["ridge_logistic"]["brier"] < pooled["climatology"]["brier"]
    assert pooled["climatology"]["auc"] == pytest.approx(0.5, abs=0.1)
    assert pooled["climatology"]["forecasts"] == 59
    assert report.unmatched["2002-2002"]["forecasts_without_actual"] == 1
    assert report.provenance["covariates"] == ["wealth"]
    assert {row["baseline"] for row in report.differences} == {"climatology", "own_history"}


def test_onset_outcomes_after_the_origin_are_not_learnt_from(onset_spec, tmp_path):
    """Turning every outcome after data_through round changes no probability."""
    backtest(onset_spec, out=tmp_path / "one")
    panel = pl.read_parquet(tmp_path / "panel.parquet")
    turned = pl.when(pl.col("year") > 2000).then(1 - pl.col("onset")).otherwise(pl.col("onset"))
    panel.with_columns(onset=turned).write_parquet(tmp_path / "panel.parquet")
    backtest(onset_spec, out=tmp_path / "two")
    for model in ("climatology", "own_history", "ridge_logistic"):
        one, two = (pl.read_parquet(tmp_path / n / f"{model}_2002-2002.parquet") for n in ("one", "two"))
        assert one.equals(two)


def test_onset_actuals_may_come_from_another_file(onset_spec, tmp_path):
    """As for counts; rows there without a forecast are counted."""
    actuals = pl.DataFrame({"name": ["c0", "zz"], "year": [2001, 2001], "onset": [1, 0]})
    actuals.write_csv(tmp_path / "truth.csv")
    onset_spec.write_text(ONSET.replace("data_through = 1999", 'data_through = 1999\nactuals = "truth.csv"'))
    report = backtest(onset_spec)
    assert report.unmatched["2001-2001"] == {"forecasts_without_actual": 29, "actuals_without_forecast": 1}


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ('unit = "land"', 'unite = "land"', ConfigurationError, "did you mean 'unit'"),
        ('panel = "data/panel.csv"', 'panel = "nowhere.csv"', InputNotFoundError, "nowhere.csv"),
        ('"conflictology"', '"conflict"', UnknownNameError, "no count model 'conflict'"),
        ("data_through = 37", "data_through = 41", InputValueError, "not before first"),
        ("data_through = 37", "data_through = 0", ForecastError, "outside the panel's"),
        ("seed = 7", "seed = ", ConfigurationError, "is not TOML"),
    ],
)
def test_mistakes_in_a_spec_are_one_line(spec, old, new, error, message):
    """Each names the key or the file."""
    spec.write_text(SPEC.replace(old, new))
    with pytest.raises(error, match=message) as caught:
        backtest(spec)
    assert "\n" not in str(caught.value)


def test_bad_rows_leave_nothing_behind(spec, tmp_path):
    """A negative count is refused with its row, and the folder asked for holds nothing."""
    panel = tmp_path / "data" / "panel.csv"
    panel.write_text(panel.read_text() + "a,46,-1\n")
    with pytest.raises(InputValueError, match=r"panel.csv, row 180, column deaths: -1"):
        backtest(spec, out=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_stopped_run_leaves_what_was_there(spec, tmp_path):
    """Ctrl-C in the middle: files of an earlier run stand untouched, half-written ones are gone."""
    backtest(spec, out=tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def stop(done: int, _total: int, _text: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    spec.write_text(SPEC.replace("seed = 7", "seed = 8"))
    with pytest.raises(KeyboardInterrupt):
        backtest(spec, out=tmp_path / "out", progress=stop)
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}


def test_a_full_disk_is_said_and_leaves_nothing(spec, tmp_path, monkeypatch):
    """No space left while writing is exit code 62, not a traceback."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.pl.DataFrame, "write_parquet", full)
    with pytest.raises(StoreFullError, match="no space left"):
        backtest(spec, out=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_output_folder_that_is_a_file_is_refused(spec, tmp_path):
    """The line names it."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="out"):
        backtest(spec, out=tmp_path / "out")


def test_specs_that_are_no_text_are_refused(tmp_path):
    """Absent or in another encoding."""
    with pytest.raises(InputNotFoundError):
        backtest(tmp_path / "spec.toml")
    (tmp_path / "spec.toml").write_bytes(b'panel = "\xff"')
    with pytest.raises(InputEncodingError):
        backtest(tmp_path / "spec.toml")


def test_our_benchmark_gives_the_published_rows(shared_data, tmp_path):
    """Zero to three decimals; models of the panel's own vintage within half a percent of the published rows.

    The spec is the one of ``benchmarks/`` with the published models alone; ours are measured there, not here.
    """
    whole = Path(__file__).parents[2] / "benchmarks" / "views_country_month.toml"
    text, models = re.subn(r"(?s)^models = \[.*?\]", f"models = {json.dumps(PUBLISHED)}", whole.read_text(), flags=re.M)
    assert models == 1
    folder = tmp_path / "project" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / whole.name).write_text(text)
    (tmp_path / "shared").symlink_to(shared_data.parent)
    report = backtest(folder / whole.name)
    found = {model: [row["crps"] for row in report.scores if row["model"] == model][:3] for model in PUBLISHED}
    assert [round(one, 3) for one in found["zero"]] == [24.130, 23.019, 32.041]
    assert found["conflictology"] == pytest.approx([14.483, 9.146, 21.339], rel=0.005)
    assert found["last_poisson"] == pytest.approx([20.173, 9.480, 23.698], rel=0.005)


def test_columns_that_hold_the_outcome_or_name_the_unit_are_no_covariates(onset_spec, tmp_path):
    """Without a list, parts of the outcome and numbers of units are left out; the report names what was used."""
    panel = pl.read_parquet(tmp_path / "panel.parquet")
    ids = pl.col("name").str.slice(1).cast(pl.Int64)
    part = (pl.col("onset") == 1) & (ids % 2 == 0)
    panel.with_columns(number=ids, part=part.cast(pl.Int64)).write_parquet(tmp_path / "panel.parquet")
    assert backtest(onset_spec).provenance["covariates"] == ["wealth"]


def test_our_onset_models_read_changes_and_joined_tables_and_the_published_one_does_not(onset_spec, tmp_path):
    """A joined table moves the forest and leaves the elastic net; its hash is in the provenance."""
    models = 'models = ["climatology", "elastic_net", "random_forest"]\nseed = 4'
    text = ONSET.replace('models = ["climatology", "own_history", "ridge_logistic"]', models)
    panel = pl.read_parquet(tmp_path / "panel.parquet")
    told = panel.select("name", "year", people=pl.col("onset").shift(1).fill_null(0.0) * 1000)
    told.write_csv(tmp_path / "people.csv")
    join = '\n[[join]]\nfile = "people.csv"\nunit = "name"\nperiod = "year"\ncolumns = ["people"]\n'
    onset_spec.write_text(text)
    backtest(onset_spec, out=tmp_path / "one")
    onset_spec.write_text(text + join)
    report = backtest(onset_spec, out=tmp_path / "two")
    assert "people.csv" in report.provenance["inputs_sha256"]
    for model, same in (("elastic_net", True), ("random_forest", False)):
        one, two = (pl.read_parquet(tmp_path / n / f"{model}_2002-2002.parquet") for n in ("one", "two"))
        assert one.equals(two) is same
    gains = {(row["model"], row["baseline"], row["score"]) for row in report.differences}
    assert {("random_forest", "elastic_net", score) for score in ("log_loss", "auc", "recall_top_10")} <= gains
    assert {"brier_skill", "log_loss_skill"} <= set(report.scores[0])


COUNTED = """
panel = "data/panel.csv"
unit = "land"
period = "month_id"
target = "deaths"
kind = "onset"
onset = { at_least = 15, quiet = 1 }
models = ["climatology", "ridge_logistic"]
[[windows]]
first = 42
last = 43
data_through = 40
"""


def test_the_onset_of_a_count_is_forecast_from_the_count(spec, tmp_path):
    """A chance per unit and month, scored on the onsets that the panel holds."""
    spec.write_text(COUNTED)
    report = backtest(spec, out=tmp_path / "out")
    made = pl.read_parquet(tmp_path / "out" / "climatology_42-43.parquet")
    assert made.columns == ["land", "month_id", "probability"]
    assert made["month_id"].to_list() == [42, 43] * 4
    deaths = {(r["land"], r["month_id"]): r["deaths"] for r in pl.read_csv(tmp_path / "data" / "panel.csv").to_dicts()}
    known = [(u, m) for u in "abcd" for m in (42, 43) if (u, m) in deaths]
    onsets = [deaths[u, m] >= 15 and deaths.get((u, m - 1), 99) < 15 for u, m in known if (u, m) != ("d", 42)]
    assert report.scores[0]["onsets"] == sum(onsets)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "onset"', 'kind = "onset"\nrule = ["wealth"]', "model 'rule' and key 'rule'"),
        ('kind = "onset"', 'kind = "onset"\ncovariates = ["welth"]', "no column 'welth'"),
        ('kind = "onset"', 'kind = "onset"\ncovariates = ["wealth", "wealth"]', "column twice"),
        ('kind = "onset"', 'kind = "onset"\nonset = { at_leest = 3 }', "did you mean 'at_least'"),
        ("data_through = 1999", "data_through = 1959", "no row to learn from"),
        ('target = "onset"', 'target = "wealth"', "neither 0 nor 1"),
        ('target = "onset"', 'target = "never"', "no onset to learn from"),
        ('target = "onset"', 'target = "less"', "neither 0 nor 1"),
    ],
)
def test_mistakes_in_a_spec_of_onsets_are_one_line(onset_spec, tmp_path, old, new, message):
    """A misspelt key or column, a target that is no onset, nothing to learn from."""
    panel = pl.read_parquet(tmp_path / "panel.parquet")
    panel.with_columns(never=pl.lit(0), less=-pl.col("onset")).write_parquet(tmp_path / "panel.parquet")
    text = ONSET.replace('"ridge_logistic"', '"ensemble"').replace(old, new)
    onset_spec.write_text(text)
    with pytest.raises((ConfigurationError, InputValueError, ForecastError), match=message) as caught:
        backtest(onset_spec)
    assert "\n" not in str(caught.value)


def test_a_unit_and_year_that_come_twice_are_refused(onset_spec, tmp_path):
    """Which of two rows is right nobody can say."""
    panel = pl.read_parquet(tmp_path / "panel.parquet")
    pl.concat([panel, panel.head(1)]).write_parquet(tmp_path / "panel.parquet")
    with pytest.raises(InputValueError, match="comes twice"):
        backtest(onset_spec)
