"""How the server of ``web.py`` is asked: one address after the other over one connection, or by ``wrk`` over many.

Addresses are told apart by what they answer with: what a browser shows or loads with a page, and files of another kind,
which somebody asks for on purpose and keeps.
"""

from __future__ import annotations

import http.client
import json
import re
import statistics
import subprocess
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

CLIENTS = 32
REPEATS, PATIENCE, LONGEST = 30, 10.0, 20.0
_SHOWN = ("text/html", "text/css", "text/javascript", "application/json", "application/geo+json", "image/")


def ask_each(port: int, addresses: dict[str, list[str]], headers: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Milliseconds of each address group, asked one after the other over one connection.

    A group of which some addresses answer with a page and some with a file is told as one group for each.
    """
    found: dict[str, dict[str, Any]] = {}
    for path, ones in addresses.items():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        kinds: dict[str, list[tuple[str, _Answer]]] = defaultdict(list)
        for one in ones:
            answer = _asked(connection, one, headers)
            kinds[answer.kind if is_file(answer.kind) else ""].append((one, answer))
        for kind, seen in kinds.items():
            answers, begun = [answer for _, answer in seen], time.perf_counter()
            for number in range(len(seen), max(REPEATS, len(seen))):
                if len(answers) > 2 and time.perf_counter() - begun > PATIENCE:
                    break
                answers.append(_asked(connection, seen[number % len(seen)][0], headers))
            found[f"{path} {kind}".strip()] = _figures(answers) | {"addresses": len(seen), "is_file": bool(kind)}
        connection.close()
    return found


def is_file(kind: str) -> bool:
    """Whether a media type is that of a file to keep, and not of a page or of what a page loads."""
    return bool(kind) and not kind.startswith(_SHOWN)


class _Answer(NamedTuple):
    took_ms: float
    status: int
    kind: str
    bytes: int


def _asked(connection: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> _Answer:
    """The answer to one request, read to its end; one that does not come in time has no status."""
    started, status, kind, body = time.perf_counter(), 0, "", b""
    try:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        status, kind, body = answer.status, answer.getheader("content-type") or "", answer.read()
    except TimeoutError:
        connection.close()
    return _Answer((time.perf_counter() - started) * 1000, status, kind.partition(";")[0], len(body))


def _figures(answers: list[_Answer]) -> dict[str, Any]:
    times = [one.took_ms for one in answers]
    return {
        "median_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "asked": len(times),
        "kilobytes": max(one.bytes for one in answers) / 1000,
        "failed": sum(not 200 <= one.status < 400 for one in answers),
    }


def get(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """One answer; nothing where it takes too long."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except TimeoutError:
        return 0, b""
    finally:
        connection.close()


def api_addresses(port: int, key: str) -> dict[str, list[str]]:
    """A fixed list of what programs ask: lists, next pages, filters, single records, the map."""
    headers = {"authorization": f"Bearer {key}"}
    made: dict[str, list[str]] = {}
    for path in ("claims", "incidents", "alerts", "reports", "decisions"):
        noun = path[:-1]
        one = f"/api/v1/{path}?area=NGA" if path != "decisions" else "/api/v1/decisions"
        first = json.loads(get(port, f"/api/v1/{path}", headers)[1])
        made[f"/{path}"] = [f"/api/v1/{path}", f"/api/v1/{path}?cursor={first['next_cursor']}", one]
        ids = [row[f"{noun}_id"] for row in first["items"][:10]]
        made[f"/{path}/ID"] = [f"/api/v1/{path}/{name}" for name in ids]
    made["/claims?act"] = ["/api/v1/claims?act=abduction&area=KEN", "/api/v1/claims?act=bombardment"]
    made["/claims?fields"] = ["/api/v1/claims?fields=claim_id,act,country,started_on,deaths_best"]
    made["/situations"] = ["/api/v1/situations"]
    forecast = json.loads(get(port, "/api/v1/forecasts", headers)[1])["items"][0]["forecast_id"]
    made["/forecasts"] = ["/api/v1/forecasts", f"/api/v1/forecasts/{forecast}/units?month=horizon"]
    made["/channels"], made["/documents"] = ["/api/v1/channels"], ["/api/v1/documents"]
    made["/ogc items"] = [
        "/api/v1/ogc/collections/incidents/items",
        f"/api/v1/ogc/collections/incidents/items?bbox={quote('2,4,14,13')}",
        f"/api/v1/ogc/collections/incidents/items?bbox={quote('8.5,9,8.6,9.1')}&datetime=2010-01-01/..",
    ]
    return made


def ask_api(folder: Path, port: int, keys: list[str], addresses: list[str], seconds: int) -> dict[str, Any]:
    """What wrk says over 32 connections, the addresses and tokens by turns."""
    script = folder / "ask.lua"
    quoted = ", ".join(json.dumps(one) for one in addresses)
    script.write_text(
        f"local paths = {{ {quoted} }}\nlocal keys = {{ {', '.join(json.dumps(one) for one in keys)} }}\n"
        "local n = 0\nlocal codes = {}\n"
        "request = function()\n  n = n + 1\n"
        "  return wrk.format('GET', paths[n % #paths + 1], { ['Authorization'] = 'Bearer ' .. keys[n % #keys + 1] })\n"
        "end\n"
        "done = function(summary, latency)\n"
        "  io.write(string.format('FOUND %d %d %d %d %d %d %d %.3f %.3f %.3f\\n', summary.requests, summary.duration,\n"
        "    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.status,\n"
        "    summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(95) / 1000,\n"
        "    latency.max / 1000))\nend\n",
        encoding="utf-8",
    )
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script),
               f"http://127.0.0.1:{port}"]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    script.unlink()
    figures = re.search(r"FOUND (.*)", said)
    if figures is None:
        raise SystemExit(f"wrk said: {said}")
    numbers = [float(one) for one in figures[1].split()]
    return {
        "requests_per_second": numbers[0] / (numbers[1] / 1e6),
        "requests": numbers[0],
        "failed": sum(numbers[2:7]),
        "latency_ms": dict(zip(("median", "p95", "most"), numbers[7:], strict=True)),
    }
