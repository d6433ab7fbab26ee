"""Forecasts in the browser: what a role is shown, what is drawn, and what is said where no skill was shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from forewarn.clock import month_of
from forewarn.forecast.calibration import GroupCalibration
from forewarn.operations import forecast_viewing
from forewarn.operations.forecast_told import ForecastTold, keep_told
from forewarn.store.forecasts import FORECAST_SUMMARY, ForecastRun, SkillRow, add_forecast, add_skill
from forewarn.taxonomy.access import rights

RUN = ForecastRun("deaths", "admin1", "weighted_history", "2026-01-02", 0, 2, 100, 0, "0", "0", "outputs/draws.parquet",
                  "2026-01-02T08:00:00Z")  # fmt: skip
NUMBERS = dict(zip(FORECAST_SUMMARY, (9.0, 0.0, 1.0, 4.0, 9.0, 30.0, 0.6, 0.2, 0.001, 0.0), strict=True))
WHOLE = GroupCalibration(
    "all", "all", 3, 60, {"1": 20, "25": 6}, [{"share": 0.5, "mean_width": 2.0}, {"share": 0.9, "mean_width": 8.0}],
    [0.1] * 10, {"1": [{"forecasts": 60, "mean_probability": 0.5, "observed_share": 0.4}]}, (), "not shown",
    "No skill shown here.",
)  # fmt: skip


@pytest.fixture
def forecast_id(house: Any) -> str:
    """A kept forecast of the three areas; skill was shown for active ones, of which XKA/North is one."""
    run = replace(RUN, data_through=month_of(house.now.date()) - 1)
    months = (0, run.data_through + 1, run.data_through + 2)
    rows = [{"unit": unit, "month": month, **NUMBERS} for unit in house.areas for month in months]
    groups = (WHOLE, replace(WHOLE, by="status", group="active", verdict="shown", sentence="Skill shown."))
    told = ForecastTold(groups, {"XKA/North": "active", "XKA/South": "never"}, {"XKA/North": {25: 0.125}}, ("A note.",))
    with house.workspace.database.writing() as connection:
        add_forecast(connection, run, pl.DataFrame(rows))
        said = [SkillRow(one.by, one.group, 3, 60, one.verdict, one.sentence) for one in groups]
        add_skill(connection, run.forecast_id, said)
    house.workspace.paths.outputs.mkdir(exist_ok=True)
    keep_told(house.workspace.paths.root / run.file, run.forecast_id, told)
    return run.forecast_id


@pytest.mark.parametrize("role", rights().roles)
def test_a_role_is_shown_the_forecasts_of_its_area(house: Any, forecast_id: str, role: str) -> None:
    """All count as moderate; an area outside the grant is no page, and only the act asks the model."""
    client = house.person(role, areas="XKA/North")
    should = role in rights().sees["forecast"]
    assert client.get("/forecasts").status_code == (200 if should else 404)
    page = client.get(f"/forecasts/{forecast_id}")
    assert page.status_code == (200 if should else 404)
    for area in house.areas:
        is_seen = should and area == "XKA/North"
        assert (area in page.text) == is_seen
        assert client.get(f"/forecasts/{forecast_id}/{area}").status_code == (200 if is_seen else 404)
    if role not in rights().may["forecast_explain"]:
        answer = house.send(client, f"/forecasts/{forecast_id}/XKA/North", page="/")
        assert answer.status_code == (403 if should else 404)


def test_narrowed_grants_and_guessed_ids_open_nothing(house: Any, forecast_id: str) -> None:
    """A grant for low records alone shows no forecast; nor does an id that is made up, or one area for another."""
    low = house.person("analyst", most="low")
    assert forecast_id not in low.get("/forecasts").text
    assert low.get(f"/forecasts/{forecast_id}/XKA/North").status_code == 404
    client = house.person("analyst")
    assert client.get("/forecasts/fct_0").status_code == 404
    assert client.get(f"/forecasts/{forecast_id}/XKA").status_code == 404


def test_nothing_is_drawn_where_skill_was_not_shown(house: Any, forecast_id: str) -> None:
    """An area of a status with skill has its range and fan; another has numbers, the reason, and its past alone."""
    client = house.person("analyst")
    run = client.get(f"/forecasts/{forecast_id}").text
    assert run.count('class="range"') == 1
    assert "No skill shown here." in run
    assert run.count('class="drawing wsmall"') == 2
    north, south = (client.get(f"/forecasts/{forecast_id}/XKA/{one}").text for one in ("North", "South"))
    assert "ahead" in north.partition("<figcaption>")[0]
    assert "Forecast for 2 months" in north
    assert "Forecast for" not in south
    assert "No picture of this forecast is drawn" in south
    for page in (north, south):
        assert "60%" in page
        assert "style=" not in page
    assert "12%" in north


def test_what_was_kept_with_another_forecast_tells_nothing(house: Any, forecast_id: str) -> None:
    """The file beside the draws is bound to its forecast; without it nothing is drawn, and that is said."""
    keep_told(house.workspace.paths.root / RUN.file, "fct_of_another", ForecastTold((WHOLE,)))
    page = house.person("analyst").get(f"/forecasts/{forecast_id}").text
    assert 'class="range"' not in page
    assert "Nothing was kept of a look back" in page


def test_the_past_is_of_incidents_that_may_be_seen(house: Any, forecast_id: str) -> None:
    """Incidents of a class that is not shown are in no sum."""
    with house.workspace.database.writing() as connection:
        connection.exec_driver_sql("UPDATE incidents SET started_on='2025-12-05', known_on='2025-12-06', deaths_low=7")
        connection.exec_driver_sql("UPDATE incident_marks SET day='2025-12-05'")
    calm = house.person("analyst")
    path = f"/forecasts/{forecast_id}/XKA/North"
    assert "14 deaths reported" in " ".join(calm.get(path).text.split())
    house.send(calm, "/reason", page="/", reason="checking a figure", back="/")
    assert "28 deaths reported" in " ".join(calm.get(path).text.split())


def test_the_empty_list_is_no_forecast_of_calm(house: Any) -> None:
    """It says so, and how to make one."""
    page = house.person("analyst").get("/forecasts").text
    assert "No forecast is not a forecast of nothing." in page
    assert "forewarn forecast" in page


def test_what_moved_it_leads_to_claims_that_may_be_seen(
    house: Any, forecast_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of the explanation stand on the page; of its claims those that may be seen are links."""
    names = [house.name_of("claim", "XKA/North", one) for one in ("low", "severe")]

    class Found:
        moved = would_change = ()

    class Told:
        explanation, sentences, caveats, skill = Found(), ["It was the past."], ["It is chance."], "No skill."
        claims = {"2025-12": names}  # noqa: RUF012 - of one test

    Told.forecast_id = forecast_id  # type: ignore[attr-defined]
    monkeypatch.setattr(forecast_viewing, "explain_forecast", lambda *_: Told())
    page = house.send(house.person("analyst"), f"/forecasts/{forecast_id}/XKA/North", page="/").text
    assert "It was the past." in page
    assert f"#{names[0]}" in page
    assert names[1] not in page
    assert "1 claim is not shown to your roles." in page
