"""The map: what its data hold for whom, that it says where nobody watched, and that it works without a script."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from forewarn.model.grid import cell_at, cell_centre
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.access_tables import sights
from forewarn.taxonomy.access import rights

POINT = (10.1234, 20.4321)


@pytest.fixture
def placed(house: Any) -> Any:
    """The house with its incidents at one point, two months before today; somebody watched XKA/North in one month."""
    latitude, longitude = POINT
    with house.workspace.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE incidents SET latitude={latitude}, longitude={longitude}, cell={cell_at(*POINT)}, "
            "deaths_low=2, deaths_high=5, place_precision='exact', status='reported', started_on='2025-11-03'"
        )
        connection.exec_driver_sql("UPDATE incident_marks SET day='2025-11-03', status='reported'")
        row = {"coverage_id": "x", "channel": "c", "country": "XKA", "admin1": "North", "month_first": 551}
        row |= {"month_last": 551, "kind": "observed", "basis": "they say so", "known_on": "2025-12-01"}
        connection.execute(schema.coverage.insert(), row)
    return house


@pytest.mark.parametrize("role", rights().roles)
def test_points_are_those_of_the_table_of_rights(placed: Any, role: str) -> None:
    """Ids, areas and places of the data are those a role may see; exact only for who may see claims there."""
    client = placed.person(role, areas="XKA/North")
    cell = rights().sees["incident"].get(role)
    if cell in ("high", "severe"):
        placed.send(client, "/reason", page="/", reason="a check of the rights", back="/")
    answer = client.get("/map/data")
    is_open = cell is not None or role in rights().sees["forecast"]
    assert (answer.status_code, client.get("/map").status_code) == ((200, 200) if is_open else (404, 404))
    if not is_open:
        return
    told = answer.json()
    should = {
        placed.name_of("incident", "XKA/North", one)
        for one in placed.classes
        if cell is not None and Sensitivity(one).rank <= Sensitivity(cell).rank
    }
    assert set(told["incidents"]["id"]) == should
    assert {area["unit"] for area in told["areas"]} <= {"XKA/North"}
    where = set(zip(told["incidents"]["lat"], told["incidents"]["lon"], strict=True))
    expected = POINT if role in rights().sees["claim"] else cell_centre(cell_at(*POINT))
    assert where == ({expected} if should else set())
    assert all(told["incidents"]["coarse"]) == (expected != POINT or not should)


def test_sensitive_points_need_a_reason_and_are_kept(placed: Any) -> None:
    """Without one they are not among the data; with one each is kept with who, when and why."""
    client = placed.person("analyst", areas="XKA/North", name="ana")
    assert len(client.get("/map/data").json()["incidents"]["id"]) == 2
    placed.send(client, "/reason", page="/", reason="drawing the month", back="/")
    assert len(client.get("/map/data").json()["incidents"]["id"]) == 4
    with placed.workspace.database.reading() as connection:
        kept = set(connection.execute(select(sights.c.subject).where(sights.c.reason == "drawing the month")).scalars())
    assert kept == {placed.name_of("incident", "XKA/North", one) for one in ("high", "severe")}


def test_silence_is_marked_as_unseen_and_the_table_says_the_same(placed: Any) -> None:
    """An area nobody watched is unknown, not safe, in the table as in the drawing; months outside are not counted."""
    client = placed.person("analyst", name="all")
    page = client.get("/map?months=12").text
    row = page.partition(">XKA/North</a>")[2].partition("</tr>")[0]
    assert "1 of 12" in row
    assert "4–10" in row
    south = page.partition(">XKA/South</a>")[2].partition("</tr>")[0]
    assert "0 of 12" in south
    assert "unknown, not safe" in south
    areas = {area["unit"]: area for area in client.get("/map/data").json()["areas"]}
    assert areas["XKA/North"]["seen"].count("o") == 1
    assert areas["XKA/South"]["seen"].count("o") == 0
    early = client.get("/map?until=2025-10&months=3").text
    assert "–</td>" in early.partition(">XKA/North</a>")[2].partition("</tr>")[0]


def test_only_this_page_may_make_workers_and_no_page_runs_foreign_script(placed: Any) -> None:
    """The policy of the map adds a worker of a blob and images of blobs and data, and nothing else."""
    client = placed.person("analyst")
    plain, loose = (client.get(path).headers["content-security-policy"] for path in ("/incidents", "/map"))
    assert loose == plain.replace("img-src 'self'", "img-src 'self' blob: data:") + "; worker-src blob:"
    assert "unsafe" not in loose
    page = client.get("/map").text
    assert "<noscript>" in page
    assert "https:" not in page
    assert "http:" not in page
    assert client.get("/map.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("asked", ["months=0", "months=999999", "months=x", "number=7", "until=soon", "forecast=fct_0"])
def test_what_cannot_be_asked_is_refused_in_words(placed: Any, asked: str) -> None:
    """A wish that makes no sense is no failure of the system."""
    client = placed.person("analyst")
    answer = client.get(f"/map?{asked}")
    assert answer.status_code in ((200,) if asked.startswith("forecast") else (400,)), answer.text
    assert client.get(f"/map/data?{asked}").status_code == answer.status_code
