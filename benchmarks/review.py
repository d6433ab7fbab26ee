"""How long a reviewer waits: for the list after a whole assessment, for an answer, and for claims that were corrected.

On a store of ``web_store.build``, served as users start it, a person signs in, reads ``/review`` and answers what is
there, over HTTP on loopback. The same is asked of a small store made for this run: an answer costs what it touches, so
on the large store it may take at most twice the time it takes on the small one, under the same load. Nothing is taken
back: a kept store has the answers in it afterwards.

    python benchmarks/review.py --keep FOLDER [--claims 1000000] [--answers 50] [--postgresql] [--json]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from forewarn.operations import review, review_items
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import reading, schema
from web import people, serving, used
from web_store import build, moved, postgresql, settings_of

ALLOWED_MS, ALLOWED_RATIO, SMALL, PAGE, CORRECTED = 150.0, 2.0, 2_000, 50, 20
ANSWERS = {"link": "different", "apart": "different", "grade": "3", "extraction": "right", "element": "not_coded"}
_TOLD = {
    "answer_ms": "an answer",
    "answer_processor_ms": "of it of the processor",
    "list_ms": "the list after one",
    "corrected_page_ms": f"{PAGE} claims, {CORRECTED} corrected",
    "rows_ms": "their bare rows",
}
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_ITEM = re.compile(r'action="/review/(itm_[0-9a-f]{64})/answer"')


def main() -> None:
    """Build what is not there, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000, help="of a store that is built")
    parser.add_argument("--keep", type=Path, help="a folder for the workspace; one that is there is used as it is")
    parser.add_argument("--answers", type=int, default=50)
    parser.add_argument("--postgresql", action="store_true", help="moved to a PostgreSQL started for this run")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forewarn-review-") as made:
        small = Path(made) / "small"
        build(small, SMALL)
        yardstick = measured(small, options.answers)
        server = (
            postgresql(options.keep / "server" if options.keep else None) if options.postgresql else nullcontext("")
        )
        with server as address:
            folder = options.keep or Path(made) / "large"
            if not (folder / "forewarn.toml").is_file():
                build(folder, options.claims)
            if address:
                moved(folder, address)
            found = measured(folder, options.answers)
    found |= {"small": yardstick, "store": "postgresql" if options.postgresql else "sqlite", "load": os.getloadavg()[0]}
    compared = ("answer_ms", "answer_processor_ms", "list_ms")
    found["ratio"] = {name: found[name]["median"] / yardstick[name]["median"] for name in compared}
    found["holds"] = held(found)
    print(json.dumps(found, indent=1) if options.json else told(found))
    sys.exit(not all(found["holds"].values()))


def measured(folder: Path, answers: int) -> dict[str, Any]:
    """The figures of one store."""
    found: dict[str, Any] = {}
    with opened(settings_of(folder)) as workspace:
        with workspace.database.reading() as connection:
            found["claims"] = int(connection.exec_driver_sql("SELECT count(*) FROM claims").scalar() or 0)
        found["whole_s"], found["whole_processor_s"] = whole(workspace)
        found |= corrected(workspace)
        session, _ = people(workspace)
    with serving(folder, processes=1) as (port, pid):
        found |= asked(port, pid, {"cookie": f"__Host-forewarn={session}", "accept": "text/html"}, answers)
    return found


def whole(workspace: Workspace) -> tuple[float, float]:
    """Seconds, and seconds of the processor, to work the queue out from nothing: the last stage of an assessment."""
    with workspace.database.writing() as connection:
        connection.execute(schema.review_items_state.delete())
    began, used = time.perf_counter(), time.process_time()
    review_items.bring_up(workspace)
    return time.perf_counter() - began, time.process_time() - used


def corrected(workspace: Workspace) -> dict[str, Any]:
    """Milliseconds of a page of claims once some were corrected, and of the bare rows."""
    table = schema.claims
    with workspace.database.reading() as connection:
        query = select(table.c.claim_id).where(table.c.sensitivity == "low", table.c.deaths_best > 1).limit(PAGE)
        ids = list(connection.execute(query).scalars())
    for number, claim in enumerate(ids[:CORRECTED]):
        with workspace.database.reading() as connection:
            said = reading.claims_of(connection, [claim])["deaths_best"][0]
        review.correct(workspace, claim, {"deaths_best": str(said + 1), "deaths_high": str(said + 90)}, by="ana",
                       why=f"misread, number {number}")  # fmt: skip
    with workspace.database.reading() as connection:
        bare = select(*table.columns).where(table.c.claim_id.in_(ids))
        rows = _times(30, lambda: connection.execute(bare).all())
        page = _times(30, lambda: reading.claim_rows(connection, ids))
    return {"rows_ms": _figures(rows), "corrected_page_ms": _figures(page)}


def asked(port: int, pid: int, headers: dict[str, str], answers: int) -> dict[str, Any]:
    """Milliseconds of the list, the answer to an item on it, and the list after each; and of the processor."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    lists, posts, busy, failed = [], [], [], 0
    _send(connection, "GET", "/review/decided", headers)  # what a process does once is no part of a page
    first, took, _ = _send(connection, "GET", "/review", headers)
    failed += first != 200
    for number in range(answers):
        kind = list(ANSWERS)[number % len(ANSWERS)]
        status, spent, page = _send(connection, "GET", f"/review?kind={kind}", headers)
        lists.append(spent)
        items, csrf = _ITEM.findall(page), _CSRF.search(page)
        failed += status != 200
        if not items or csrf is None:
            continue
        form = urlencode({"csrf": csrf[1], "verdict": ANSWERS[kind], "why": f"read again, {number}", "back": "/review"})
        sent = {**headers, "content-type": "application/x-www-form-urlencoded", "origin": f"http://127.0.0.1:{port}"}
        before = used(pid)
        status, spent, _ = _send(connection, "POST", f"/review/{items[0]}/answer", sent, form)
        posts.append(spent)
        busy.append((used(pid) - before) * 1_000)
        failed += status != 303
    return {"first_list_ms": took, "list_ms": _figures(lists), "answer_ms": _figures(posts),
            "answer_processor_ms": _figures(busy), "failed": failed}  # fmt: skip


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[int, float, str]:
    began = time.perf_counter()
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    return answer.status, (time.perf_counter() - began) * 1_000, text


def _times(count: int, act: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1_000)
    return found


def _figures(times: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times), "p95": statistics.quantiles(times, n=20)[-1], "count": len(times)}


def held(found: dict[str, Any]) -> dict[str, bool]:
    """Which of the promises hold."""
    return {
        f"an answer below {ALLOWED_MS:.0f} ms, half of them": found["answer_ms"]["median"] < ALLOWED_MS,
        f"an answer within {ALLOWED_RATIO:g} times that of {SMALL:,} claims": found["ratio"]["answer_ms"]
        < ALLOWED_RATIO,
        "the first list after assessing is there at once": found["first_list_ms"] < 1_000,
        "nothing failing": not found["failed"],
    }


def told(found: dict[str, Any]) -> str:
    """The figures for reading."""
    lines = [f"{found['claims']:,} claims, {found['store']}, load {found['load']:.1f}",
             f"the queue worked out whole, at the end of an assessment: {found['whole_s']:.1f} s, "
             f"{found['whole_processor_s']:.1f} s of the processor",
             f"first list after it: {found['first_list_ms']:.0f} ms"]  # fmt: skip
    for name, words in _TOLD.items():
        one, other = found[name], found["small"][name]
        lines.append(f"{words:28} median {one['median']:7.1f} ms, p95 {one['p95']:7.1f}; of {SMALL:,} claims "
                     f"{other['median']:7.1f}, {other['p95']:7.1f}")  # fmt: skip
    lines += [f"{'holds' if ok else 'MISSED'}: {name}" for name, ok in found["holds"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
