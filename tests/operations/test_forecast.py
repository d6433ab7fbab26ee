"""Forecasting from the store: draws with their provenance, and what the panel's own past says of the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from forewarn.errors import ConfigurationError, ForecastError, UnknownNameError, UsageError
from forewarn.exchange import provenance_of
from forewarn.execution import Backend
from forewarn.model.place import UnitLevel
from forewarn.operations.boundaries import atlas_of
from forewarn.operations.drafting import trigger_inputs
from forewarn.operations.explain import ExplainWish, explain_forecast
from forewarn.operations.forecast import ForecastWish, backend_named, forecast
from forewarn.operations.forecast_told import kept_told
from forewarn.operations.score import score
from forewarn.store import forecasts, reading

WISH = ForecastWish("one_sided_deaths", UnitLevel.ADMIN1, date(2025, 8, 31), 3, draws=50, seed=4)


def test_a_file_carries_model_vintage_seed_and_code(exercise):
    """As columns and as metadata, in both kinds of columns; the numbers are the same."""
    made = forecast(exercise, replace(WISH, look_back=False))
    assert "months are too few to learn from" in made.model_reason
    views = exercise.paths.root / made.file
    told = provenance_of(views)
    assert told is not None
    page = (exercise.paths.root / made.page).read_text()
    assert page.count("<tr>") == made.units + 1
    assert 1 <= page.count("<svg") <= 12
    assert "EXERCISE: fictional" in page
    assert "no alert is drawn from this forecast" in page
    assert (told.model, told.data_vintage, told.seed) == ("weighted_history", date(2025, 8, 31), 4)
    hub = exercise.paths.root / "hub.csv"
    forecast(exercise, replace(WISH, look_back=False, columns="hubverse"), out=hub)
    table = pl.read_csv(hub, infer_schema_length=None)
    assert table.select("model_id", "seed", "data_vintage").unique().rows() == [("weighted_history", 4, "2025-08-31")]
    samples = table.filter(pl.col("output_type") == "sample")["value"].sum()
    assert samples == pytest.approx(pl.read_parquet(views)["outcome"].sum())
    actuals = exercise.paths.root / "actuals.csv"
    truth = pl.read_parquet(views).select("month_id", "admin1_id").unique().with_columns(deaths=pl.lit(1))
    truth.write_csv(actuals)
    renamed = truth.rename({"admin1_id": "location"})
    renamed.write_csv(exercise.paths.root / "hub_actuals.csv")
    one, other = score(views, actuals), score(hub, exercise.paths.root / "hub_actuals.csv")
    assert one["crps"] == pytest.approx(other["crps"])
    assert one["provenance"] == other["provenance"]
    assert one["provenance"]["seed"] == 4


def test_skill_on_the_own_past_is_kept_and_gates_alerts(exercise):
    """Each unit's forecast carries the sentence on its status; where skill is not shown no alert may be drawn."""
    made = forecast(exercise, WISH)
    assert {row["kind"] for row in made.skill} == {"all", "status"}
    told = kept_told(exercise.paths.root / made.file, made.forecast_id)
    assert [one.sentence for one in told.groups if one.by in ("all", "status")] == [r["sentence"] for r in made.skill]
    assert len(told.status) >= made.units
    assert set(told.base_rates[made.notable[0]["unit"]]) == {1, 25, 100, 1000}
    assert kept_told(exercise.paths.root / made.file, "fct_of_another").groups == ()
    with exercise.database.reading() as connection:
        kept = {row.name: row for row in forecasts.read_skill(connection, made.forecast_id)}
        atlas = atlas_of(exercise, connection)
        inputs, used = trigger_inputs(connection, UnitLevel.ADMIN1, date(2025, 8, 31), atlas=atlas)
    assert used == made.forecast_id
    sentences = {row.sentence for row in kept.values()}
    for one in inputs.forecasts:
        assert one.skill in sentences
        assert one.may_raise == any(row.verdict == "shown" for row in kept.values() if row.sentence == one.skill)


def test_without_a_look_back_no_alert_is_drawn(exercise):
    """Absent skill is no skill."""
    made = forecast(exercise, replace(WISH, look_back=False, seed=5))
    with exercise.database.reading() as connection:
        atlas = atlas_of(exercise, connection)
        inputs, used = trigger_inputs(connection, UnitLevel.ADMIN1, date(2025, 8, 31), atlas=atlas)
    assert made.skill == []
    assert used == made.forecast_id
    assert not any(one.may_raise or one.skill for one in inputs.forecasts)


def test_only_units_of_a_status_with_skill_may_raise_an_alert(exercise):
    """Skill shown for active units says nothing of quiet ones."""
    made = forecast(exercise, replace(WISH, look_back=False, seed=6))
    rows = [
        forecasts.SkillRow("status", "active", 9, 90, "shown", "Skill is shown."),
        forecasts.SkillRow("status", "quiet lately", 9, 90, "not shown", "No skill shown here."),
    ]
    with exercise.database.writing() as connection:
        forecasts.add_skill(connection, made.forecast_id, rows)
    with exercise.database.reading() as connection:
        atlas = atlas_of(exercise, connection)
        inputs, _ = trigger_inputs(connection, UnitLevel.ADMIN1, date(2025, 8, 31), atlas=atlas)
    raised = {one.skill for one in inputs.forecasts if one.may_raise}
    held = {one.skill for one in inputs.forecasts if not one.may_raise}
    assert raised == {"Skill is shown."}
    assert "No skill shown here." in held


def test_a_wish_for_unknown_columns_is_refused():
    """With those there are."""
    with pytest.raises(UsageError, match="views or hubverse"):
        replace(WISH, columns="wide")


def test_an_explanation_leads_to_claims_and_stands_on_a_page(exercise):
    """Words, picture and claims of one unit; the page has no script; the chance is that of the forecast."""
    made = forecast(exercise, replace(WISH, look_back=False, draws=400))
    unit = made.notable[0]["unit"]
    found = explain_forecast(exercise, ExplainWish(str(unit), made.forecast_id))
    assert found.explanation.chance == pytest.approx(float(made.notable[0]["p25"]), abs=0.08)
    assert set(found.exceedance) == {"1", "25", "100", "1000"}
    assert any("One more month" in line for line in found.sentences)
    with exercise.database.reading() as connection:
        known = set(reading.read_claims(connection, as_known_at=date(2025, 8, 31))["claim_id"])
    assert {one for ids in found.claims.values() for one in ids} <= known
    assert found.claims
    page = (exercise.paths.root / found.file).read_text()
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert not any("changed it" in line for line in found.caveats)


def test_a_unit_nobody_forecast_is_refused(exercise):
    """The line says what to name."""
    made = forecast(exercise, replace(WISH, look_back=False))
    with pytest.raises(UnknownNameError, match="COUNTRY/Name"):
        explain_forecast(exercise, ExplainWish("Nowhere", made.forecast_id))
    with pytest.raises(ForecastError, match="was not forecast"):
        explain_forecast(exercise, ExplainWish(made.unknown_units[0], made.forecast_id))


def test_late_reports_are_reckoned_with_only_when_asked(exercise):
    """What is still to come is said either way; the model's name says whether the numbers reckon with it."""
    plain = forecast(exercise, replace(WISH, look_back=False))
    late = forecast(exercise, replace(WISH, look_back=False, late_reports="store"))
    assert plain.late is not None
    assert plain.late.low <= plain.late.mean <= plain.late.high
    assert plain.late.high > plain.late.known
    assert (plain.late.used, late.late.used) == (False, True)
    assert (plain.model, late.model) == ("weighted_history", "weighted_history+late_reports")


def test_where_work_runs_is_named_or_left_to_the_settings():
    """A scheduler belongs to Dask; a backend nobody knows is refused before anything is read."""
    assert backend_named("") is None
    assert backend_named("dask", "tcp://127.0.0.1:8786") == Backend("dask", address="tcp://127.0.0.1:8786")
    with pytest.raises(UsageError, match="--backend dask"):
        backend_named("loky", "tcp://127.0.0.1:8786")
    with pytest.raises(ConfigurationError, match="backend"):
        backend_named("hadoop")


def test_the_grids_own_model_reckons_with_no_late_reports(exercise):
    """Said before anything is learnt; and it forecasts cells alone."""
    cells = replace(WISH, level=UnitLevel.CELL, model="grid_hurdle", look_back=False)
    with pytest.raises(UsageError, match="late reports"):
        forecast(exercise, replace(cells, late_reports="store"))
    with pytest.raises(ForecastError, match="--level cell"):
        forecast(exercise, replace(cells, level=UnitLevel.COUNTRY))


def test_the_chance_of_an_onset_is_written_and_told(exercise):
    """A probability per unit and month with its provenance, not kept for alerts; cells and count models are refused."""
    wish = ForecastWish("one_sided_onset", UnitLevel.ADMIN1, date(2025, 8, 31), 2, model="own_history")
    made = forecast(exercise, wish)
    path = exercise.paths.root / made.file
    table = pl.read_parquet(path)
    assert table.height == 2 * made.units
    assert table["probability"].is_between(0, 1).all()
    assert provenance_of(path).target == "one_sided_onset"
    with pytest.raises(UnknownNameError), exercise.database.reading() as connection:
        forecasts.forecast_run(connection, made.forecast_id)
    with pytest.raises(UsageError, match="not forecast per cell"):
        replace(wish, level=UnitLevel.CELL)
    with pytest.raises(UnknownNameError, match="weighted_history"):
        forecast(exercise, replace(wish, model="weighted_history"))
    assert replace(wish, model="").model == "ensemble"
