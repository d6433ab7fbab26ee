"""Every page that somebody can reach by following links: readable by everybody, at both widths, light and dark.

The narrow width is that of a wide page at 400 % (WCAG 2.2, 1.4.10).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

MOST_PAGES = 60
LOOKS = (("light", 1440), ("dark", 320))
TURNED = """() => {
  if (!document.querySelector("header.bar")) return 0;
  document.documentElement.dir = "rtl";
  return document.documentElement.scrollWidth - window.innerWidth;
}"""
"""Write a page of ours from right to left, and by how much it is then too wide; a brief is a document in English."""
KINDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def kind_of(path: str) -> str:
    """Pages that differ by an id alone are of one kind."""
    return re.sub(r"/[a-z]{3}_[0-9a-f]{12,}|/[A-Z]{3}(?:/[^/]+)?(?=/|$)|/\d+", "/{}", urlsplit(path).path)


def reachable(page: Page, start: str = "/") -> Iterator[str]:
    """One address of every kind of page that links lead to, from the first page on; each is shown, light and wide."""
    waiting, seen, found = deque([start]), {kind_of(start)}, 0
    while waiting and found < MOST_PAGES:
        path = waiting.popleft()
        looked_at(page, *LOOKS[0])
        answer = page.goto(path)
        assert answer
        if "html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{path} answers {answer.status}"
        found += 1
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
        for link in links:
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
        yield path


def looked_at(page: Page, scheme: str, width: int) -> None:
    """From now on in that scheme and at that width."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})


def grave(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is now."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": KINDS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("role", ["analyst", "administrator"])
def test_pages_are_for_everybody(served: Any, role: str) -> None:
    """Nothing serious by axe-core, nothing wider than the screen from left or right, light, dark, wide, narrow."""
    page = served.person(role)
    if role == "analyst":
        page.get_by_text("are not shown").click()
        page.get_by_label("Why do you need them?").fill("a check of every page")
        page.get_by_role("button", name="Show them").click()
    wrong: list[str] = []
    pages = 0
    for path in reachable(page):
        pages += 1
        for scheme, width in LOOKS:
            if (scheme, width) != LOOKS[0]:
                looked_at(page, scheme, width)
                page.goto(path)
            wrong += [f"{path} {scheme}: {one}" for one in grave(page)]
            wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            wrong += [f"{path}: {wide} pixels wider than {width}"] if wide > 0 else []
            turned = page.evaluate(TURNED)
            wrong += [f"{path}: {turned} pixels wider than {width} from right to left"] if turned > 0 else []
            page.evaluate("document.documentElement.dir = 'ltr'")
            served.picture(page, f"{role}{kind_of(path).replace('/', '-').replace('{}', 'one')}-{width}-{scheme}")
    assert pages > 2
    assert not wrong, "\n".join(wrong)
