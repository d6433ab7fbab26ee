"""The map: what its data hold for whom, that it says where nobody watched, and that it works without a script."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from forewarn.model.grid import cell_at, cell_centre
from forewarn.model.provenance import Sensitivity
from forewarn.operations import map_points
from forewarn.store import schema
from forewarn.store.access_tables import sights
from forewarn.store.marks import mark_incidents, unmark_incidents
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
        mark_incidents(connection)
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
    told, points = answer.json(), client.get("/map/incidents").json()["points"]
    should = {
        placed.name_of("incident", "XKA/North", one)
        for one in placed.classes
        if cell is not None and Sensitivity(one).rank <= Sensitivity(cell).rank
    }
    assert set(points["id"]) == should
    assert {area["unit"] for area in told["areas"]} <= {"XKA/North"}
    where = set(zip(points["lat"], points["lon"], strict=True))
    expected = POINT if role in rights().sees["claim"] else cell_centre(cell_at(*POINT))
    assert where == ({expected} if should else set())
    assert all(points["coarse"]) == (expected != POINT or not should)


def test_sensitive_points_need_a_reason_and_are_kept(placed: Any) -> None:
    """Without one they are not among the data; with one each is kept with who, when and why."""
    client = placed.person("analyst", areas="XKA/North", name="ana")
    assert len(client.get("/map/incidents").json()["points"]["id"]) == 2
    placed.send(client, "/reason", page="/", reason="drawing the month", back="/")
    assert len(client.get("/map/incidents").json()["points"]["id"]) == 4
    with placed.workspace.database.reading() as connection:
        kept = set(connection.execute(select(sights.c.subject).where(sights.c.reason == "drawing the month")).scalars())
    assert kept == {placed.name_of("incident", "XKA/North", one) for one in ("high", "severe")}


def test_many_incidents_are_told_as_groups_no_closer_than_a_cell(placed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for who may see the exact place; of several none is named, and a lone sensitive one is kept as seen."""
    monkeypatch.setattr(map_points, "MOST_POINTS", 1)
    client = placed.person("analyst", areas="XKA/North", name="ana")
    placed.send(client, "/reason", page="/", reason="drawing the month", back="/")
    told = client.get("/map/incidents?step=4").json()
    assert told["points"]["id"] == []
    assert (told["incidents"], told["left"]) == (4, False)
    groups = {name: values[0] for name, values in told["groups"].items()}
    assert (groups["lat"], groups["lon"]) == cell_centre(cell_at(*POINT))
    assert [groups[name] for name in ("incidents", "reported", "low", "high", "unsaid", "id")] == [4, 4, 8, 20, 0, ""]
    near = client.get("/map/incidents?step=0").json()
    assert (near["incidents"], len(near["points"]["id"]), near["left"]) == (4, 1, True)
    lone = placed.name_of("incident", "XKA/North", "severe")
    with placed.workspace.database.writing() as connection:
        others = select(schema.incident_marks.c.incident_id).where(schema.incident_marks.c.incident_id != lone)
        unmark_incidents(connection, list(connection.execute(others).scalars()))
    monkeypatch.setattr(map_points, "MOST_POINTS", 0)
    assert client.get("/map/incidents?step=4").json()["groups"]["id"] == [lone]
    with placed.workspace.database.reading() as connection:
        kept = connection.execute(select(sights.c.subject).where(sights.c.subject == lone)).scalars().all()
    assert kept


@pytest.mark.parametrize("role", ["analyst", "reader"])
def test_a_box_tells_nothing_within_a_cell(placed: Any, role: str) -> None:
    """Ever smaller boxes give what lies in the whole cells they touch, whoever asks, so they narrow nothing down."""
    client = placed.person(role, areas="XKA/North")
    latitude, longitude = cell_centre(cell_at(*POINT))
    boxes = [(POINT[1] - size, POINT[0] - size, POINT[1] + size, POINT[0] + size) for size in (1e-6, 0.01)]
    boxes.append((longitude - 0.2, latitude - 0.2, longitude - 0.1, latitude - 0.1))
    answers = [client.get(f"/map/incidents?step=1&box={','.join(map(str, box))}").json() for box in boxes]
    assert answers[0]["incidents"] > 0
    assert answers[0] == answers[1] == answers[2]
    beside = client.get(f"/map/incidents?step=1&box={longitude + 0.3},{latitude},{longitude + 0.4},{latitude}").json()
    assert beside["incidents"] == 0


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
    for script in ("/map.js", "/map-marks.js"):
        assert client.get(script).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("asked", ["months=0", "months=999999", "months=x", "number=7", "until=soon", "forecast=fct_0"])
def test_what_cannot_be_asked_is_refused_in_words(placed: Any, asked: str) -> None:
    """A wish that makes no sense is no failure of the system."""
    client = placed.person("analyst")
    answer = client.get(f"/map?{asked}")
    assert answer.status_code in ((200,) if asked.startswith("forecast") else (400,)), answer.text
    assert client.get(f"/map/data?{asked}").status_code == answer.status_code


@pytest.mark.parametrize(
    "asked", ["box=1,2,3", "box=a,b,c,d", "box=nan,0,1,1", "box=10,0,9,1", "step=3", "step=-1", "months=0"]
)
def test_a_part_of_the_map_that_makes_no_sense_is_refused(placed: Any, asked: str) -> None:
    """In words, as a mistake of who asks."""
    assert placed.person("analyst").get(f"/map/incidents?{asked}").status_code == 400
