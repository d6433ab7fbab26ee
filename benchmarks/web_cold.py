"""What the first ask of each page costs in a server process that has just begun, against the second and third.

The server is made ready as ``forewarn serve`` makes it; for every page of its table it is copied, as ``--processes``
does, and the copy is asked for one address of that page three times, before any other page. What must hold: the first
answer too is whole within 150 ms.

    python benchmarks/web_cold.py --keep FOLDER [--claims 20000] [--page PATH] [--skip PATH] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from forewarn.operations.beforehand import look_beforehand
from forewarn.operations.workspace import Workspace, opened
from forewarn.web.listening import bound, run
from forewarn.web.server import ready
from web import ALLOWED_MS, addresses_of, people, routes_of, serving
from web_asking import get
from web_store import build, settings_of

ASKS = 3


def main() -> None:
    """Find an address of each page, copy the server for each, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, required=True, help="a folder for the workspace; kept")
    parser.add_argument("--claims", type=int, default=20_000, help="of a workspace that is not there yet")
    parser.add_argument("--page", action="append", default=[], help="ask only these, as the table has them")
    parser.add_argument("--skip", action="append", default=[], help="leave these out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.keep / "forewarn.toml").is_file():
        build(options.keep, options.claims)
    with opened(settings_of(options.keep)) as workspace:
        session, _ = people(workspace)
        routes = [one for one in routes_of(workspace) if one.path not in options.skip]
        headers = {"cookie": f"__Host-forewarn={session}", "accept": "text/html"}
        with serving(options.keep, processes=1) as (port, _):
            addresses = addresses_of(port, headers, routes)
        started = time.perf_counter()
        with ready(workspace) as app:
            found = {"ready_s": time.perf_counter() - started, "load": os.getloadavg()[0]}
            found["unseen"] = [one.path for one in routes if one.path not in addresses]
            pages = {path: cold(app, workspace, ones[-1], headers) for path, ones in sorted(addresses.items())
                     if not options.page or path in options.page}  # fmt: skip
    missed = [path for path, one in pages.items() if one["ms"][0] >= ALLOWED_MS or one["status"] >= 400]
    print(json.dumps(found | {"pages": pages}, indent=1) if options.json else told(found, pages))
    sys.exit(bool(missed))


def cold(app: Starlette, workspace: Workspace, address: str, headers: dict[str, str]) -> dict[str, Any]:
    """Milliseconds of each ask of one address, its status and kB, of a copy of the server that answered nothing yet."""
    with bound(0) as listening:
        pid, took, status, body = os.fork(), [], 0, b""
        if not pid:
            run(app, listening, most=100, begin=lambda: look_beforehand(workspace))
            os._exit(0)
        get(listening.getsockname()[1], "/forewarn.css", {})  # the process has begun
        for _ in range(ASKS):
            before, started = ran(pid), time.perf_counter()
            status, body = get(listening.getsockname()[1], address, headers)
            took.append((1000 * (time.perf_counter() - started), ran(pid) - before))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    told = {"ms": [one[0] for one in took], "processor_ms": [one[1] for one in took]}
    return {"address": address, **told, "status": status, "kilobytes": len(body) / 1000}


def ran(pid: int) -> float:
    """Milliseconds of the processor that the threads of a process have used."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in threads) / 1e6


def told(found: dict[str, Any], pages: dict[str, dict[str, Any]]) -> str:
    """The figures for reading, the slowest first."""
    lines = [f"ready after {found['ready_s']:.2f} s, load {found['load']:.1f}", ""]
    lines += [f"{'page':44} {'first':>8} {'second':>8} {'third':>8} {'processor':>17} {'kB':>6} status"]
    for path, one in sorted(pages.items(), key=lambda item: -item[1]["ms"][0]):
        figures = " ".join(f"{ms:8.1f}" for ms in (*one["ms"], *one["processor_ms"][:2]))
        lines.append(f"{path:44} {figures} {one['kilobytes']:6.0f} {one['status']:6}")
    lines += [f"{path:44} no link to one was found" for path in found["unseen"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
