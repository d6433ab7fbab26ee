"""How smooth the map stays with many incidents, and how fast it is told: frames in Chromium, and the server's answers.

Invented incidents lie in the areas of the exercise, spread over three years, every area watched for a part of them.
``forewarn serve`` gives the map, Chromium draws it without a graphics card, and a script moves it: it is dragged, drawn
near and far, and the slider is moved month by month. What counts is the time from one frame to the next. The limit is
of the same run, by turns: the same movements on the same page for months in which nothing happened. What must hold:
frames with the incidents take at most half as long again as frames with none, in the middle and at the 95th percentile.
What the page asks is also asked by itself, one after the other, of all incidents at once: at most 100 ms in the middle.

    python benchmarks/map_points.py [--points 50000] [--months 36] [--postgresql] [--only answers] [--keep FOLDER]
                                    [--picture FILE] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Table

from assess import run
from forewarn.clock import month_label, month_of
from forewarn.learn import exercise_region
from forewarn.model.grid import cells_of
from forewarn.operations.workspace import opened
from forewarn.store import schema
from forewarn.store.marks import mark_incidents
from web import people, serving, used
from web_asking import ask_each
from web_store import moved as moved_to
from web_store import postgresql, settings_of

ALLOWED, ALLOWED_MS = 1.5, 100.0
MONTHS, ROUNDS = 36, 2
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
ACTS = ("killing", "attack", "clash", "bombardment", "abduction")
WATCH = """() => {
  window.framed = []; let last = 0;
  const tick = (now) => {
    if (last) window.framed.push(now - last);
    last = now; window.ticking = requestAnimationFrame(tick);
  };
  window.ticking = requestAnimationFrame(tick);
}"""

MIDDLE = """() => {
  const box = document.getElementById("map").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def main() -> None:
    """Build, serve, move, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=50_000)
    parser.add_argument("--months", type=int, default=MONTHS, choices=(1, 3, 12, 36), help="shown at once")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, started for this run")
    parser.add_argument("--only", choices=("answers",), help="no browser is started, and no promise of frames told")
    parser.add_argument("--keep", type=Path, help="a folder for the workspace; one that is there is used again")
    parser.add_argument("--picture", type=Path, help="a file for what was seen with the incidents")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    kept = options.keep / "server" if options.keep else None
    database = postgresql(kept) if options.postgresql else nullcontext("")
    with tempfile.TemporaryDirectory(prefix="forewarn-map-") as made, database as address:
        folder = options.keep or Path(made)
        if not (folder / "forewarn.toml").is_file():
            build(folder, options.points)
        if address:
            moved_to(folder, address)
        found = measured(folder, options.months, options.picture, with_frames=options.only is None)
    found |= {"points": options.points, "months": options.months, "load": os.getloadavg()[0]}
    found["store"] = "postgresql" if address else "sqlite"
    print(json.dumps(found, indent=1) if options.json else told(found))
    sys.exit(not all(found["holds"].values()))


def build(folder: Path, count: int) -> None:
    """A workspace with that many incidents of one claim each, in the three years until today."""
    folder.mkdir(parents=True, exist_ok=True)
    run(str(folder), "init")
    claims = invented_claims(count, datetime.now(UTC).date())
    with opened(settings_of(folder)) as workspace, workspace.database.writing() as connection:
        while some := list(islice(claims, 5_000)):
            connection.execute(schema.claims.insert(), [_row(schema.claims, one) for one in some])
            linked = [{"claim_id": one["claim_id"], "incident_id": one["incident_id"]} for one in some]
            connection.execute(schema.incident_claims.insert(), linked)
            connection.execute(schema.incidents.insert(), [_row(schema.incidents, one) for one in some])
        mark_incidents(connection)
        last = month_of(datetime.now(UTC).date())
        for number, area in enumerate(exercise_region().areas):
            country, _, admin1 = area.area_id.partition("/")
            row: dict[str, Any] = {"coverage_id": f"c{number}", "channel": "c", "country": country, "admin1": admin1}
            row |= {
                "kind": "observed",
                "month_first": last - 60 - number,
                "month_last": last - number,
                "basis": "told",
                "known_on": "2020-01-01",
            }
            connection.execute(schema.coverage.insert(), row)


def invented_claims(count: int, today: date) -> Iterator[dict[str, Any]]:
    """Rows that are both a claim and its incident, at random places of the exercise's areas."""
    chance, areas = np.random.default_rng(7), exercise_region().areas
    boxes = np.array([(*np.min(one.outline, axis=0), *np.max(one.outline, axis=0)) for one in areas])
    where = chance.integers(0, len(areas), count)
    west, south, east, north = boxes[where].T
    longitude = west + (east - west) * chance.random(count)
    latitude = south + (north - south) * chance.random(count)
    cells, low = cells_of(latitude, longitude), np.minimum(chance.zipf(2.1, count) - 1, 400)
    most = low + chance.integers(0, 6, count) * (chance.random(count) < 0.4)
    ago = chance.integers(0, 30 * MONTHS, count)
    for k in range(count):
        day, (country, _, admin1) = str(today - timedelta(days=int(ago[k]))), areas[where[k]].area_id.partition("/")
        yield {
            "claim_id": f"clm_{k:064x}", "incident_id": f"inc_{k:064x}", "act": ACTS[k % 5], "country": country,
            "admin1": admin1, "latitude": float(latitude[k]), "longitude": float(longitude[k]), "cell": int(cells[k]),
            "place_precision": "exact" if k % 3 else "area", "started_on": day, "ended_on": day, "known_on": day,
            "deaths_low": int(low[k]), "deaths_best": int(low[k]), "deaths_high": int(most[k]), "sensitivity": "low",
            "contested": int(k % 17 == 0), "status": "corroborated" if k % 4 == 0 else "reported", "claims": 1,
            "independent_origins": 1, "in_quarantine": 0, "date_precision": "day",
        }  # fmt: skip


def _row(table: Table, said: dict[str, Any]) -> dict[str, Any]:
    return {one.name: said.get(one.name, None if one.nullable else "") for one in table.columns}


def measured(folder: Path, months: int, picture: Path | None, *, with_frames: bool) -> dict[str, Any]:
    """What the server took to tell the map, and what frames took with no incident and with all of them."""
    with opened(settings_of(folder)) as workspace:
        session, _ = people(workspace)
    with serving(folder) as (port, pid):
        told: dict[str, dict[str, Any]] = {}
        for name, addresses in asked_of(months).items():
            before = used(pid)
            told |= ask_each(port, {name: addresses}, {"cookie": f"__Host-forewarn={session}"})
            told[name]["processor_ms"] = 1000 * (used(pid) - before) / told[name]["asked"]
        holds = {f"{name} is answered in {ALLOWED_MS:.0f} ms": one["median_ms"] <= ALLOWED_MS and not one["failed"]
                 for name, one in told.items()}  # fmt: skip
        found: dict[str, Any] = {"answers": told, "holds": holds}
        if with_frames:
            shown = framed(port, session, months, picture)
            found |= shown | {"holds": holds | shown["holds"]}
    return found


def asked_of(months: int) -> dict[str, list[str]]:
    """What the page asks: itself, what lies below, and incidents in squares of all sizes over all and over a part."""
    all_of_it = f"/map/incidents?months={months}"
    west, south, east, north = np.array(
        [(*np.min(one.outline, axis=0), *np.max(one.outline, axis=0)) for one in exercise_region().areas]
    ).T
    middle = ((west.min() + east.max()) / 2, (south.min() + north.max()) / 2)
    near = f"&step=0&box={middle[0] - 1},{middle[1] - 1},{middle[0] + 1},{middle[1] + 1}"
    return {
        "the page": [f"/map?forecast=none&months={months}"], "what lies below": ["/map/data?forecast=none"],
        **{f"all in squares of {step}": [f"{all_of_it}&step={step}"] for step in (16, 4, 1)},
        "near": [all_of_it + near],
    }  # fmt: skip


def framed(port: int, session: str, months: int, picture: Path | None) -> dict[str, Any]:
    """Frames with no incident and with all of them, by turns, so that what else the machine does slows both."""
    before = month_label(month_of(datetime.now(UTC).date()) - MONTHS - 70)
    full = f"/map?forecast=none&months={months}"
    addresses = {"empty": f"{full}&until={before}", "full": full}
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in addresses}
    with chromium(session, port) as page:
        for _ in range(ROUNDS):
            for name, address in addresses.items():
                rounds[name].append(moved(page, address))
        if picture:
            page.screenshot(path=picture)
    found: dict[str, Any] = {name: pooled(ones) for name, ones in rounds.items()}
    ratio = {name: found["full"][name] / found["empty"][name] for name in ("median_ms", "p95_ms")}
    holds = {f"{name} at most {ALLOWED} times that of the empty map": one <= ALLOWED for name, one in ratio.items()}
    return {**found, "ratio": ratio, "holds": holds}


def pooled(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Several rounds of the same movements as one."""
    kinds = {kind: [one for part in rounds for one in part["took"][kind]] for kind in MOVEMENTS}
    together = [one for ones in kinds.values() for one in ones]
    ready = statistics.median(one["ready_s"] for one in rounds)
    return {
        "said": rounds[-1]["said"], "ready_s": ready, "frames": len(together), **_middle(together),
        "by_movement": {kind: _middle(ones) for kind, ones in kinds.items()},
    }  # fmt: skip


@contextmanager
def chromium(session: str, port: int) -> Iterator[Page]:
    """A page of Debian's Chromium, signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        address = f"http://127.0.0.1:{port}"
        signed = {"cookie": f"__Host-forewarn={session}"}
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=address, extra_http_headers=signed
        )
        context.set_default_timeout(120_000)
        yield context.new_page()
        browser.close()


def moved(page: Page, address: str) -> dict[str, Any]:
    """Milliseconds between frames while the map is moved, by kind of movement."""
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#map[data-ready=yes]")
    ready = time.perf_counter() - started
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_timeout(1_500)
    said = page.locator("#status").text_content()
    return {"said": said, "ready_s": ready, "took": {kind: frames(page, one) for kind, one in MOVEMENTS.items()}}


def _middle(times: list[float]) -> dict[str, float]:
    last = statistics.quantiles(times, n=20)[-1]
    return {"median_ms": statistics.median(times), "p95_ms": last, "most_ms": max(times)}


def frames(page: Page, movement: Any) -> list[float]:
    """What passed between frames while a movement was made."""
    page.evaluate(WATCH)
    movement(page)
    page.wait_for_timeout(400)
    took: list[float] = page.evaluate("() => { cancelAnimationFrame(window.ticking); return window.framed; }")
    return took


def _drag(page: Page) -> None:
    """Dragged to and fro."""
    x, y = page.evaluate(MIDDLE)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(x + 220 * np.sin(step / 9), y + 120 * np.sin(step / 13))
        page.wait_for_timeout(16)
    page.mouse.up()


def _wheel(page: Page) -> None:
    """Drawn near, then far."""
    for step in range(40):
        page.mouse.wheel(0, -60 if step < 20 else 60)
        page.wait_for_timeout(60)


def _slide(page: Page) -> None:
    """The slider a month back at a time, and forth."""
    page.locator("#slider").focus()
    for step in range(48):
        page.keyboard.press("ArrowLeft" if step < 24 else "ArrowRight")
        page.wait_for_timeout(50)


MOVEMENTS = {"drag": _drag, "zoom": _wheel, "slide": _slide}


def told(found: dict[str, Any]) -> str:
    """The figures for reading."""
    size = f"{found['points']:,} incidents, {found['months']} months at once"
    lines = [f"{size}, {found['store']}, load {found['load']:.1f}", ""]
    lines.append(f"{'answer':24} {'median':>8} {'p95':>8} {'processor':>9}  ms {'kB':>7}")
    for name, one in found["answers"].items():
        lines.append(
            f"{name:24} {one['median_ms']:8.1f} {one['p95_ms']:8.1f} {one['processor_ms']:9.1f}     "
            f"{one['kilobytes']:7.0f}"
        )
    if "ratio" in found:
        lines += ["", *_framed(found)]
    return "\n".join(lines + [f"{'holds' if ok else 'MISSED'}: {name}" for name, ok in found["holds"].items()])


def _framed(found: dict[str, Any]) -> list[str]:
    lines = [f"{'':14} {'median':>8} {'p95':>8} {'most':>8}  ms from frame to frame"]
    for name in ("empty", "full"):
        one = found[name]
        lines.append(f"{name}: ready after {one['ready_s']:.1f} s, {one['frames']} frames; {one['said']}")
        for kind, times in {**one["by_movement"], "together": one}.items():
            lines.append(f"  {kind:12} {times['median_ms']:8.1f} {times['p95_ms']:8.1f} {times['most_ms']:8.1f}")
    ratio = found["ratio"]
    return [*lines, f"full to empty: median {ratio['median_ms']:.2f}, p95 {ratio['p95_ms']:.2f}"]


if __name__ == "__main__":
    main()
