"""How fast a panel is built: ours beside plain numpy, polars and DuckDB, same machine, same run.

Counts 385,000 synthetic incidents on 13,110 cells x 420 months and makes 12 lags, 4 rolling sums and the
8-neighbour lag of each cell-month. Every contender must give the same numbers; ours must stay within 1.5x of
plain numpy, which allocates as much and checks nothing.

    python benchmarks/panel.py [--json] [--repeat N] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.forecast.panel import FeaturePlan, Frame, build_panel, cell_adjacency, make_features
from forewarn.model.grid import cell_neighbours
from forewarn.model.panel import IncidentArrays

INCIDENTS, CELLS, MONTHS, FIRST_MONTH = 385_000, 13_110, 420, 109
LAGS = tuple(range(1, 13))
SUMS = (3, 6, 12, 24)
ALLOWED_RATIO = 1.5
COLUMNS = ("count", *(f"lag_{k}" for k in LAGS), *(f"sum_{w}" for w in SUMS), "around")

Planes = NDArray[np.float32]


def synthetic() -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Cells of a compact region, and the cell and month of each incident, clustered as violence is."""
    random = np.random.default_rng(20231001)
    rows, columns = np.divmod(np.arange(CELLS), 115)
    cells = ((rows + 120) * 720 + columns + 320 + 1).astype(np.int32)
    heat = random.pareto(1.1, size=CELLS)
    unit = random.choice(CELLS, size=INCIDENTS, p=heat / heat.sum()).astype(np.int32)
    month = (FIRST_MONTH + random.integers(MONTHS, size=INCIDENTS)).astype(np.int32)
    return cells, unit, month


def ours(cells: NDArray[np.int32], unit: NDArray[np.int32], month: NDArray[np.int32]) -> Planes:
    """The package's own way, validation included."""
    known_on = np.full(unit.size, np.datetime64("2015-01-01"))
    frame = Frame(tuple(map(str, cells.tolist())), FIRST_MONTH, FIRST_MONTH + MONTHS - 1, "cell")
    panel = build_panel(IncidentArrays(unit, month, known_on), frame, as_known_at=date(2023, 12, 31))
    plan = FeaturePlan(lags=(0, *LAGS), rolling=SUMS, neighbour_lags=(1,))
    made = make_features(panel, plan, target="incidents", neighbours=cell_adjacency(cells.tolist()))
    return made.values.transpose(2, 0, 1)


def plain_numpy(cells: NDArray[np.int32], unit: NDArray[np.int32], month: NDArray[np.int32]) -> Planes:
    """What one would write in a notebook by somebody who knows numpy well."""
    flat = np.bincount(unit.astype(np.int64) * MONTHS + (month - FIRST_MONTH), minlength=CELLS * MONTHS)
    count = flat.reshape(CELLS, MONTHS).astype(np.float32)
    planes = np.full((len(COLUMNS), CELLS, MONTHS), np.nan, dtype=np.float32)
    planes[0] = count
    for k in LAGS:
        planes[k, :, k:] = count[:, :-k]
    running = np.zeros((CELLS, MONTHS + 1))
    np.cumsum(count, axis=1, dtype=np.float64, out=running[:, 1:])
    for k, window in enumerate(SUMS, 1 + len(LAGS)):
        planes[k, :, window - 1 :] = running[:, window:] - running[:, :-window]
    place = np.full(720 * 360 + 1, CELLS)
    place[cells] = np.arange(CELLS)
    padded = np.vstack([count, np.zeros((1, MONTHS), dtype=np.float32)])
    around = np.zeros_like(count)
    for neighbour in place[cell_neighbours(cells)].T:
        around += padded[neighbour]
    planes[-1, :, 1:] = around[:, :-1]
    return planes


def with_polars(cells: NDArray[np.int32], unit: NDArray[np.int32], month: NDArray[np.int32]) -> Planes:
    """Window expressions over a table of all cell-months, neighbours by a join."""
    every = pl.DataFrame({"cell": cells}).join(
        pl.DataFrame({"month": np.arange(FIRST_MONTH, FIRST_MONTH + MONTHS, dtype=np.int32)}), how="cross"
    )
    counted = pl.DataFrame({"cell": cells[unit], "month": month}).group_by("cell", "month").len("count")
    table = every.join(counted, on=["cell", "month"], how="left", maintain_order="left").with_columns(
        pl.col("count").fill_null(0).cast(pl.Float32)
    )
    pairs = _pairs(cells)
    around = (
        pl.DataFrame(pairs)
        .lazy()
        .join(table.lazy().filter(pl.col("count") > 0), left_on="neighbour", right_on="cell")
        .group_by("cell", "month")
        .agg(pl.col("count").sum().alias("around"))
    )
    own = pl.col("count")
    made = (
        table.lazy()
        .join(around, on=["cell", "month"], how="left", maintain_order="left")
        .with_columns(pl.col("around").fill_null(0.0))
        .select(
            "count",
            *(own.shift(k).over("cell").alias(f"lag_{k}") for k in LAGS),
            *(own.rolling_sum(w).over("cell").alias(f"sum_{w}") for w in SUMS),
            pl.col("around").shift(1).over("cell"),
        )
        .collect()
    )
    return _planes([made[name].to_numpy() for name in COLUMNS])


def with_duckdb(cells: NDArray[np.int32], unit: NDArray[np.int32], month: NDArray[np.int32]) -> Planes:
    """The same in SQL."""
    base = duckdb.connect()
    base.register("cells", pl.DataFrame({"cell": cells}).to_arrow())
    base.register("happened", pl.DataFrame({"cell": cells[unit], "month": month}).to_arrow())
    base.register("pairs", pl.DataFrame(_pairs(cells)).to_arrow())
    lags = ", ".join(f"lag(count, {k}) over w as lag_{k}" for k in LAGS)
    sums = ", ".join(
        f"case when n >= {s} then sum(count) over (partition by cell order by month "
        f"rows between {s - 1} preceding and current row) end as sum_{s}"
        for s in SUMS
    )
    rows = base.sql(
        f"""
        with counted as (select cell, month, count(*) as count from happened group by all),
        around as (select pairs.cell, month, sum(count) as around
                   from pairs join counted on counted.cell = neighbour group by all),
        every as (select cell, month, coalesce(count, 0)::float as count, coalesce(around, 0)::float as around,
                         month - {FIRST_MONTH - 1} as n
                  from cells cross join (select unnest(range({FIRST_MONTH}, {FIRST_MONTH + MONTHS})) as month)
                  left join counted using (cell, month) left join around using (cell, month))
        select count, {lags}, {sums}, lag(around) over w as around
        from every window w as (partition by cell order by month) order by cell, month
        """
    ).fetchnumpy()
    return _planes([np.ma.filled(rows[name].astype(np.float32), np.nan) for name in COLUMNS])


def _pairs(cells: NDArray[np.int32]) -> dict[str, NDArray[np.int32]]:
    around = cell_neighbours(cells)
    inside = np.isin(around, cells)
    own = np.broadcast_to(cells[:, None], around.shape)
    return {"cell": own[inside], "neighbour": around[inside]}


def _planes(columns: list[NDArray[Any]]) -> Planes:
    return np.stack([column.astype(np.float32) for column in columns]).reshape(-1, CELLS, MONTHS)


CONTENDERS: dict[str, Callable[..., Planes]] = {
    "numpy": plain_numpy,
    "forewarn": ours,
    "polars": with_polars,
    "duckdb": with_duckdb,
}


def measure(names: list[str], repeat: int) -> list[dict[str, Any]]:
    """The best and middle time of each contender, taken in turns, and whether it agrees with numpy."""
    data = synthetic()
    expected = plain_numpy(*data)
    times: dict[str, list[float]] = {name: [] for name in names}
    agrees: dict[str, bool] = {}
    for _ in range(repeat):
        for name in names:
            start = time.perf_counter()
            made = CONTENDERS[name](*data)
            times[name].append(time.perf_counter() - start)
            agrees[name] = bool(np.array_equal(made, expected, equal_nan=True))
            del made
    reference = min(times["numpy"])
    return [
        {
            "contender": name,
            "best_s": round(min(own), 3),
            "median_s": round(float(np.median(own)), 3),
            "ratio": round(min(own) / reference, 2),
            "same_numbers": agrees[name],
        }
        for name, own in times.items()
    ]


def main() -> int:
    """Measure, print, and say by the exit code whether the promise holds."""
    parser = argparse.ArgumentParser(description="Time the panel against its peers.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--repeat", type=int, default=3, help="times each contender runs")
    parser.add_argument("--only", nargs="+", choices=sorted(CONTENDERS), help="run only these, and numpy")
    options = parser.parse_args()
    names = [name for name in CONTENDERS if not options.only or name in {"numpy", *options.only}]
    rows = measure(names, max(1, options.repeat))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    ratio = next((row["ratio"] for row in rows if row["contender"] == "forewarn"), None)
    kept = all(row["same_numbers"] for row in rows) and (ratio is None or ratio <= ALLOWED_RATIO)
    if options.json:
        print(json.dumps({"rows": rows, "peak_memory_mb": peak, "allowed_ratio": ALLOWED_RATIO, "kept": kept}))
        return 0 if kept else 1
    print(f"{INCIDENTS:,} incidents, {CELLS:,} cells x {MONTHS} months, {len(COLUMNS)} columns")
    print(f"{'contender':<10} {'best s':>8} {'median s':>9} {'x numpy':>8}  same numbers")
    for row in rows:
        shown = "yes" if row["same_numbers"] else "NO"
        print(f"{row['contender']:<10} {row['best_s']:>8.3f} {row['median_s']:>9.3f} {row['ratio']:>8.2f}  {shown}")
    verdict = "kept" if kept else "BROKEN"
    print(f"peak memory of the whole run {peak:,} MB; ours may take {ALLOWED_RATIO} x numpy: {verdict}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
