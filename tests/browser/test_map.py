"""The map in Chromium: it is drawn from this machine alone, follows the slider, and leads to an incident's area."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_the_map_is_drawn_and_follows_the_slider_by_keyboard(served: Any) -> None:
    """Drawn under a policy without inline style, with no word on the console; months go back by the arrow keys."""
    page = served.person("analyst")
    page.goto("/map?months=12&forecast=none")
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    assert page.locator("#map canvas").count() >= 2
    status = page.locator("#status")
    expect(status).to_contain_text("Incidents in these months that you may see")
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
