"""How fast pages and the API answer with a million claims in the store: the server as users start it, on loopback.

Invented claims of three classes are collected and assessed by command; alerts, readings of indicators, a forecast and
people are added (``web_store``). Then ``forewarn serve`` runs, and (1) ``wrk`` asks the API over 32 connections, each
request with a token and another address of a fixed list; (2) every page of the application's own table of addresses is
asked one after the other, those with a name in the address by links that pages show: what counts is the time until all
of the answer is there, 95th percentile. What must hold: more than 300 requests a second, every page below 150 ms,
nothing failing. Files to keep (PDF, Markdown, packages) are a group of their own, told by the media type of the answer:
they are listed with their times and may not fail, but 150 ms are promised for pages, which somebody waits for at every
step, and not for a document that is set once, on purpose.

With ``--postgresql`` the store is moved, by ``forewarn move``, to a PostgreSQL started for the run, 512 MB of shared
buffers and what else ``web_store.SERVER`` names; with ``--keep`` it stays beside the SQLite one, and is asked again.

    python benchmarks/web.py [--claims 1000000] [--keep FOLDER] [--postgresql] [--only api] [--seconds 20] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.routing import Route

from forewarn.ids import content_id
from forewarn.model.access import Grant
from forewarn.model.provenance import Sensitivity
from forewarn.operations import tokens
from forewarn.operations.passwords import new_token, token_hash
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import accounts
from forewarn.web.app import make_app
from web_asking import CLIENTS, api_addresses, ask_api, ask_each, get
from web_store import build, moved, postgresql, settings_of

ALLOWED_MS, ALLOWED_RATE, TOKENS, PLACES, FOLLOWED = 150.0, 300.0, 8, 8, 4
ROLES = ("analyst", "reviewer", "decision_maker", "administrator")
APART = {
    "/join/{token}": "told to one person, once",
    "/sources/{source}": "shown to who says why, which nobody did",
    "/alerts/{alert}/edit": "only to who writes the draft",
}
"""Why no link leads somebody who asks for everything to a page, where that is meant."""
_LINK = re.compile(r'href="(/[^"#]*)"')


def main() -> None:
    """Build, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the workspace; one that is there is used as it is")
    parser.add_argument("--postgresql", action="store_true", help="moved to a PostgreSQL started for this run")
    parser.add_argument("--seconds", type=int, default=20, help="how long wrk asks")
    parser.add_argument("--skip", action="append", default=[], help="a page that is not asked; told with the figures")
    parser.add_argument(
        "--only", choices=("api", "pages"), help="the other is not asked, and none of its promises told"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forewarn-web-") as made, _database(options) as address:
        folder = options.keep or Path(made)
        if not (folder / "forewarn.toml").is_file():
            build(folder, options.claims)
        if address:
            moved(folder, address)
        found = measured(folder, options.seconds, options.skip, options.only or "")
    found |= {"store": "postgresql" if address else "sqlite", "load": os.getloadavg()[0]}
    found["holds"] = held(found)
    print(json.dumps(found, indent=1) if options.json else told(found))
    sys.exit(not all(found["holds"].values()))


def _database(options: argparse.Namespace) -> AbstractContextManager[str]:
    return postgresql(options.keep / "server" if options.keep else None) if options.postgresql else nullcontext("")


def measured(folder: Path, seconds: int, skip: list[str], only: str) -> dict[str, Any]:
    """Ask the API, then the pages; or only one of the two."""
    found: dict[str, Any] = {"pages": {}, "files": {}, "skipped": skip, "api": {}}
    with opened(settings_of(folder)) as workspace:
        with workspace.database.reading() as connection:
            found["claims"] = connection.exec_driver_sql("SELECT count(*) FROM claims").scalar()
        session, keys = people(workspace)
        routes = [one for one in routes_of(workspace) if one.path not in skip]
    with serving(folder) as (port, pid):
        if only != "pages":
            addresses = api_addresses(port, keys[0])
            found["api"] = ask_each(port, addresses, {"authorization": f"Bearer {keys[0]}"})
            before = used(pid)
            found |= ask_api(folder, port, keys, [one for ones in addresses.values() for one in ones], seconds)
            found["processor_ms"] = 1000 * (used(pid) - before) / found["requests"]
        if only != "api":  # last: a page that is given up on keeps the server busy after it
            asked = ask_pages(port, session, routes)
            found["pages"] = {name: one for name, one in asked.items() if not one.get("is_file")}
            found["files"] = {name: one for name, one in asked.items() if one.get("is_file")}
    return found


def routes_of(workspace: Workspace) -> list[Route]:
    """The pages of the application that are asked for with a GET."""
    return [one for one in make_app(workspace).routes if isinstance(one, Route) and "GET" in (one.methods or ())]


def people(workspace: Workspace) -> tuple[str, list[str]]:
    """A session and some tokens of people who may see what there is."""
    now, session = datetime.now(UTC), new_token()
    keys = []
    for number in range(TOKENS):
        name = f"bench-{now:%H%M%S}-{number}"
        with workspace.database.writing() as connection:
            user = accounts.add_user(connection, name, "$none", by="head", at=now)
            for role in ROLES:
                one = Grant(
                    content_id("gra", name, role),
                    user,
                    role,
                    ("*",),
                    Sensitivity.SEVERE,
                    "head",
                    "2026-01-01T00:00:00Z",
                )
                accounts.add_grant(connection, one)
            if not number:
                accounts.add_session(connection, token_hash(session), user, at=now, expires_at=now + timedelta(hours=5))
        owner = tokens.person_named(workspace, name)
        made = tokens.make_token(workspace, owner, "bench", tokens.scopes_for(owner), days=1, at=now)
        keys.append(made.token)
    return session, keys


@contextmanager
def serving(folder: Path, processes: int = 2) -> Iterator[tuple[int, int]]:
    """``forewarn serve`` on a free port; the port and the process."""
    command = [
        sys.executable,
        "-m",
        "forewarn",
        "serve",
        "--port",
        "0",
        "--processes",
        str(processes),
        "--json",
        "--workspace",
        str(folder),
    ]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=os.environ)
        try:
            yield port_said(process, said), process.pid
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:  # a page that takes long is waited for no longer
                process.kill()


def port_said(process: Any, said: Any) -> int:
    """The port, once the server says so."""
    for _ in range(600):
        said.seek(0)
        found = re.search(r"127\.0\.0\.1:(\d+)", said.read())
        if found and answers(int(found[1])):
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.1)
    said.seek(0)
    raise SystemExit(f"forewarn serve did not start: {said.read()[-2000:]}")


def used(pid: int) -> float:
    """Seconds of the processor that a process and those it started and still has have used."""
    ticks = 0
    for one in (pid, *(int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def answers(port: int) -> bool:
    """Whether the server has begun to listen."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def ask_pages(port: int, session: str, routes: list[Route]) -> dict[str, dict[str, Any]]:
    """Every page with a GET: what it took, what it weighs, how often it failed."""
    headers = {"cookie": f"__Host-forewarn={session}", "accept": "text/html"}
    addresses = addresses_of(port, headers, routes)
    found = ask_each(port, {path: ones[:PLACES] for path, ones in addresses.items()}, headers)
    return found | {one.path: {"unseen": True} for one in routes if one.path not in addresses}


def addresses_of(port: int, headers: dict[str, str], routes: list[Route]) -> dict[str, list[str]]:
    """Addresses by page: those without a name in them, and what pages link to, of each page a few followed."""
    addresses: dict[str, list[str]] = {one.path: [one.path] for one in routes if "{" not in one.path}
    addresses["/briefs"] = ["/briefs?unit=NGA", "/briefs"]  # a form leads to the first, and that to a brief
    to_follow, followed = [one for ones in addresses.values() for one in ones], Counter[str]()
    known = set(to_follow)
    while to_follow:
        for link in _links(get(port, to_follow.pop(0), headers)):
            path = link.partition("?")[0]
            route = next((one for one in routes if one.path_regex.match(path)), None)
            if route is None or link in known:
                continue
            known.add(link)
            addresses.setdefault(route.path, []).append(link)
            if followed[route.path] < FOLLOWED:
                followed[route.path] += 1
                to_follow.append(link)
    return addresses


def _links(answer: tuple[int, bytes]) -> list[str]:
    found = [one.replace("&amp;", "&") for one in _LINK.findall(answer[1].decode("utf-8", "replace"))]
    return found if answer[0] == 200 else []


def held(found: dict[str, Any]) -> dict[str, bool]:
    """Which of the promises hold."""
    pages, promises = [one for one in found["pages"].values() if "unseen" not in one], dict[str, bool]()
    if pages:
        promises["every page below 150 ms"] = all(one["p95_ms"] < ALLOWED_MS for one in pages)
        promises["no page and no file failing"] = not any(one["failed"] for one in (*pages, *found["files"].values()))
    if found["api"]:
        promises["more than 300 requests a second"] = found["requests_per_second"] > ALLOWED_RATE
        promises["no request failing"] = not found["failed"] and not any(one["failed"] for one in found["api"].values())
    return promises


def told(found: dict[str, Any]) -> str:
    """The figures for reading."""
    lines = [f"{found['claims']:,} claims, {found['store']}, load {found['load']:.1f}"]
    lines += [f"not asked: {path}" for path in found["skipped"]]
    for name in (one for one in ("pages", "files", "api") if found[one]):
        lines += ["", f"{name:44} {'median':>8} {'p95':>8} {'kB':>7} addresses failed"]
        for path, one in sorted(found[name].items()):
            if "unseen" in one:
                lines.append(f"{path:44} {APART.get(path, 'no link to one was found')}")
                continue
            lines.append(
                f"{path:44} {one['median_ms']:8.1f} {one['p95_ms']:8.1f} {one['kilobytes']:7.0f} "
                f"{one['addresses']:9} {one['failed']:6}"
            )
    if found["api"]:
        rate, took = found["requests_per_second"], found["latency_ms"]
        lines += ["", f"API, {CLIENTS} clients: {rate:,.0f} requests a second, {found['failed']:.0f} of "
                  f"{found['requests']:,.0f} failed; {took['median']:.0f} ms median, {took['p95']:.0f} ms p95; "
                  f"{found['processor_ms']:.1f} ms of the server's processor time a request"]  # fmt: skip
    return "\n".join(lines + [f"{'holds' if ok else 'MISSED'}: {name}" for name, ok in found["holds"].items()])


if __name__ == "__main__":
    main()
