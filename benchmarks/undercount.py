"""Published undercounts, made again: estimate, limits, published limits, within or not, and how long it took.

Needs the capture histories in ``../shared/data/mse/sparse_mse``; says so in one line where they are absent. Each row of
:data:`PUBLISHED` names the way it was made and who published it; an estimate is held against the limits published for
the same way. The Netherlands range was made with other models and with covariates that these tables lack, and is shown
without counting. The artificial table was made to show instability: a refusal is the right answer.

    python benchmarks/undercount.py [--json]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forewarn.assess.undercount import Histories, Plan, Undercount, estimate_undercount, histories_of_table
from forewarn.errors import RuleError

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse" / "sparse_mse"
CSV21 = "Chan, Silverman and Vincent 2021, doi:10.1080/01621459.2019.1708748"
SCV24 = "Silverman, Chan and Vincent 2024, table 6, doi:10.1007/s11222-023-10346-9"
HOME = "Silverman 2014, UK Home Office, Modern Slavery: an application of multiple systems estimation"
TOOLS = "SparseMSE as run by Binette and Steorts 2022 on the same table (MSETools, README)"
DUTCH = "published range as drawn by Binette and Steorts 2022 (MSETools, real_data_analysis)"


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure: of the cases in all, made by that way."""

    way: str
    estimate: int | None
    low: int
    high: int
    by: str
    counts: bool = True


PUBLISHED: dict[str, tuple[Published, ...]] = {
    "UKdat": (
        Published("stepwise", None, 10_000, 13_000, HOME),
        Published("averaged", 12_350, 9_643, 25_508, SCV24),
    ),
    "UKdat_5": (
        Published("stepwise", 11_313, 9_233, 15_043, TOOLS),
        Published("averaged", 22_991, 11_456, 43_894, SCV24),
    ),
    "Ned": (
        Published("stepwise", None, 42_000, 58_000, DUTCH, counts=False),
        Published("averaged", None, 42_000, 58_000, DUTCH, counts=False),
    ),
    "Ned_5": (
        Published("stepwise", None, 42_000, 58_000, DUTCH, counts=False),
        Published("averaged", None, 42_000, 58_000, DUTCH, counts=False),
    ),
    "NewOrl": (
        Published("stepwise", 1_184, 717, 1_657, CSV21),
        Published("averaged", 1_110, 586, 1_512, SCV24),
    ),
    "NewOrl_5": (
        Published("stepwise", 1_034, 589, 1_703, CSV21),
        Published("averaged", 981, 397, 1_505, SCV24),
    ),
    "Western": (Published("stepwise", 2_483, 1_293, 3_670, CSV21),),
    "Artificial_3": (),
}


def main() -> None:
    """Measure, print, and fail where an estimate leaves the limits it is held against."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    given = parser.parse_args()
    if not FOLDER.is_dir():
        sys.exit("undercount: needs ../shared/data/mse/sparse_mse, which is not here")
    rows = [row for name in PUBLISHED for row in measured(name)]
    held = all(row["within"] for row in rows if row["counts"])
    if given.json:
        print(json.dumps({"rows": rows, "holds": held}, indent=2))
    else:
        table(rows)
        print("every estimate that counts lies within" if held else "AN ESTIMATE LIES OUTSIDE")
    sys.exit(0 if held else 1)


def measured(name: str) -> list[dict[str, Any]]:
    """The rows of one data set."""
    histories = read(name)
    started = time.perf_counter()
    try:
        made = estimate_undercount(histories, Plan())
    except RuleError as refusal:
        seconds = round(time.perf_counter() - started, 2)
        expected = not PUBLISHED[name]
        return [{"data": name, "refused": refusal.what, "within": expected, "counts": True, "seconds": seconds}]
    seconds = round(time.perf_counter() - started, 2)
    return [compared(name, made, one, seconds) for one in PUBLISHED[name]]


def compared(name: str, made: Undercount, one: Published, seconds: float) -> dict[str, Any]:
    """An estimate beside what was published for the same way."""
    ours = next(estimate for estimate in made.estimates if estimate.method == one.way)
    return {
        "data": name,
        "way": one.way,
        "estimate": round(ours.total),
        "low": round(ours.total_low),
        "high": round(ours.total_high),
        "published": one.estimate,
        "published_low": one.low,
        "published_high": one.high,
        "within": one.low <= ours.total <= one.high,
        "counts": one.counts,
        "published_by": one.by,
        "seconds": seconds,
    }


def read(name: str) -> Histories:
    """The histories of one data set."""
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return histories_of_table(header, rows, where=f"{name}.csv").histories


def table(rows: list[dict[str, Any]]) -> None:
    """Print the rows for reading."""
    print(f"{'data':13}{'way':10}{'estimate':>9}{'from':>9}{'to':>9}  {'published':>9}{'from':>9}{'to':>9}  within  s")
    for row in rows:
        if "refused" in row:
            print(f"{row['data']:13}refused: {row['refused']}")
            continue
        within = ("yes" if row["within"] else "no") + ("" if row["counts"] else "*")
        print(
            f"{row['data']:13}{row['way']:10}{row['estimate']:9,}{row['low']:9,}{row['high']:9,}  "
            f"{row['published'] or '-':>9}{row['published_low']:9,}{row['published_high']:9,}  "
            f"{within:7}{row['seconds']}"
        )
    print("* not held against: other models, with covariates these tables lack")
    for by in dict.fromkeys(row["published_by"] for row in rows if "published_by" in row):
        print(f"  {by}")


if __name__ == "__main__":
    main()
