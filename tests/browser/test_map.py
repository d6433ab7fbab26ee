"""The map in Chromium: it is drawn from this machine alone, follows the slider, and leads to incidents and areas."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from forewarn.config import load_settings
from forewarn.ids import content_id
from forewarn.model.grid import cell_at
from forewarn.operations.workspace import opened
from forewarn.store import schema
from forewarn.store.marks import mark_incidents

CROWD, CROWDED = 1_600, (-32.3, -20.3)

WHERE = """([lon, lat]) => {
  const at = map._fullLayout.map._subplot.map.project([lon, lat]), box = map.getBoundingClientRect();
  return [box.x + at.x, box.y + at.y];
}"""


def test_the_map_is_drawn_and_follows_the_slider_by_keyboard(served: Any) -> None:
    """Drawn under a policy without inline style, with no word on the console; months go back by the arrow keys."""
    page = served.person("analyst")
    page.goto("/map?months=12&forecast=none")
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    assert page.locator("#map canvas").count() >= 2
    status = page.locator("#status")
    expect(status).to_contain_text("in these months that you may see")
    before = status.text_content()
    slider = page.locator("#slider")
    slider.focus()
    month = page.locator("#when").text_content()
    for _ in range(6):
        slider.press("ArrowLeft")
    expect(page.locator("#when")).not_to_have_text(str(month))
    expect(status).not_to_have_text(str(before), timeout=30_000)
    served.picture(page, "map-six-months-earlier")
    page.locator("tr.unseen a").first.click()
    expect(page.locator("h1")).to_have_text("Incidents")


def test_a_point_leads_to_its_incident_and_many_are_told_together(served: Any) -> None:
    """Where few are in view each is a point that opens; a crowd is one mark with its number, and opens out nearer."""
    page = served.person("analyst")
    page.goto("/map?months=36&forecast=none")
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    points = page.evaluate("() => fetch('/map/incidents?months=36').then((answer) => answer.json())")["points"]
    assert page.locator("#map").get_attribute("data-marks") == str(len(points["id"]))
    point(page, points["lon"][0], points["lat"][0])
    expect(page.locator("#map .hover")).to_contain_text(":")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/incidents/inc_*")
    crowd(served)
    page.goto("/map?months=36&forecast=none")
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    expect(page.locator("#status")).to_contain_text(f"{CROWD + len(points['id']):,}")
    assert int(page.locator("#map").get_attribute("data-marks") or 0) < len(points["id"])
    served.picture(page, "map-crowded")
    point(page, CROWDED[1] + 0.05, CROWDED[0] - 0.05)
    expect(page.locator("#map .hover")).to_contain_text("Incidents: ")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function(f"() => map._fullLayout.map._subplot.map.getZoom() > {zoom(page)} + 1")


def point(page: Page, longitude: float, latitude: float) -> None:
    """The pointer at a place of the map."""
    page.locator("#map").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(WHERE, [longitude, latitude]))


def zoom(page: Page) -> float:
    """How near the map was drawn when it was shown."""
    return float(page.evaluate("() => map.layout.map.zoom"))


def crowd(served: Any) -> None:
    """Many incidents of one cell, the day before the forecast."""
    latitude, longitude = CROWDED
    row = {"country": "XKA", "admin1": "Fugnildo", "latitude": latitude, "longitude": longitude, "status": "reported"}
    row |= {"cell": cell_at(*CROWDED), "started_on": "2025-08-31", "sensitivity": "low", "deaths_best": 1}
    rows = [
        {**row, "claim_id": content_id("clm", str(k)), "incident_id": content_id("inc", str(k))} for k in range(CROWD)
    ]
    with (
        opened(load_settings({"workspace": served.folder}, environ={})) as workspace,
        workspace.database.writing() as connection,
    ):
        for table in (schema.claims, schema.incidents, schema.incident_claims):
            blank = {one.name: None if one.nullable else "" for one in table.columns}
            told = [{name: one.get(name, empty) for name, empty in blank.items()} for one in rows]
            connection.execute(table.insert(), told)
        mark_incidents(connection)
