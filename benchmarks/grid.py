"""A forecast for every cell of the grid, timed: the cube against copying its bytes, then learning, drawing, writing.

Data are made up from a seed: conflicts with a place, a reach, a beginning and an end, as violence is. The cube must
take less than 3 times as long as copying as many bytes into memory already in use, best against best in one run (the
same with new memory is printed beside it and swings tenfold with the machine); the forecast, from features to file,
less than 15 minutes and 6 GB.

    python benchmarks/grid.py [--cells N] [--months M] [--horizon H] [--draws D] [--backend loky] [--workers 2]
                              [--scheduler tcp://HOST:PORT] [--scaling] [--dask] [--score] [--dense] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import forewarn
from forewarn.exchange.forecast_files import DrawBlock, Provenance, write_draws
from forewarn.execution import Backend
from forewarn.forecast.grid import (
    BlockDraws,
    GridCube,
    GridSeries,
    Training,
    block_tasks,
    build_cube,
    default_looks,
    fit_hurdle,
    forecast_blocks,
)
from forewarn.forecast.models import Task
from forewarn.forecast.scoring import crps

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "geo"
FIRST_MONTH, CELLS, MONTHS = 109, 13_110, 420
TARGET, OTHERS, NEAR = "state_based", ("non_state", "one_sided"), "state_based_ring2_active_60"
COPY_RATIO, MINUTES, GIGABYTES, WORLD_GIGABYTES = 3.0, 15.0, 6.0, 24.0


def chosen_cells(count: int) -> NDArray[np.int64]:
    """The challenge's cells or the world's land where the lists are beside the checkout, else a compact block."""
    land, challenge = SHARED / "priogrid_cell_country.parquet", SHARED / "priogrid_africa_middle_east_cells.json"
    if count <= CELLS and challenge.is_file():
        return np.array(json.loads(challenge.read_text()), dtype=np.int64)[:count]
    if land.is_file():
        return np.sort(pl.read_parquet(land)["pg_id"].unique().to_numpy())[:count]
    rows, columns = np.divmod(np.arange(count), 400)
    return (rows + 60) * 720 + columns + 160 + 1


def synthetic(cells: NDArray[np.int64], months: int, seed: int, *, dense: bool) -> GridSeries:
    """Three kinds of violence: conflicts clustered in space and time, with heavy-tailed counts."""
    random = np.random.default_rng(seed)
    row, column = np.divmod(cells - 1, 720)
    values = {}
    for name in (TARGET, *OTHERS):
        series = np.zeros((cells.size, months), dtype=np.float32)
        for _ in range(max(8, cells.size // 60)):
            centre = random.integers(cells.size)
            reach = min(1 + random.pareto(1.4), 8.0)
            near = np.flatnonzero(np.hypot(row - row[centre], column - column[centre]) < reach)
            start = int(random.integers(-60, months))
            first, last = max(0, start), min(months, start + int(random.pareto(1.0) * 18) + 2)
            if last <= first:
                continue
            heat = 0.3 * random.pareto(1.5, size=near.size)[:, None] * random.gamma(0.4, 2.5, size=last - first)
            series[near, first:last] += random.poisson(heat * random.pareto(1.8, size=heat.shape))
        values[name] = series + random.poisson(0.5, series.shape).astype(np.float32) if dense else series
    return GridSeries(values, cells, FIRST_MONTH)


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What came of the work, the wall's seconds and the processor's, of workers that ended too."""
    wall, used = time.perf_counter(), _processor()
    made = work()
    return made, {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(_processor() - used, 2)}


def _processor() -> float:
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def peak_gb() -> float:
    """The most memory this process and any one of its ended workers held, added up."""
    parts = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(parts) / 2**20, 2)


def cube_against_copy(series: GridSeries, threads: int, repeat: int) -> tuple[GridCube, dict[str, Any]]:
    """Build the cube and copy its bytes in turns; the middle of each, into new memory and into old."""
    looks = default_looks(TARGET, OTHERS)
    times: dict[str, list[float]] = {name: [] for name in ("build", "copy", "build_warm", "copy_warm")}
    cpu: dict[str, list[float]] = {name: [] for name in times}

    def clocked(name: str, work: Callable[[], Any]) -> Any:
        start, used = time.perf_counter(), time.process_time()
        made = work()
        times[name].append(time.perf_counter() - start)
        cpu[name].append(time.process_time() - used)
        return made

    cube = clocked("build", lambda: build_cube(series, looks, threads=threads))
    if series.cells.size > CELLS:
        # two more cubes of the world to compare with would be the most memory of the run
        told = {"build_s": round(times["build"][0], 3), "build_cpu_s": round(cpu["build"][0], 3)}
        return cube, {**told, "features": len(cube.names), "gigabytes": round(cube.planes.nbytes / 1e9, 2)}
    for _ in range(repeat):
        twin = clocked("copy", cube.planes.copy)
        clocked("copy_warm", lambda twin=twin: np.copyto(twin, cube.planes))
        clocked("build_warm", lambda twin=twin: build_cube(series, looks, out=twin, threads=threads))
        del twin
        clocked("build", lambda: build_cube(series, looks, threads=threads))
    middle = {f"{name}_s": round(float(np.median(taken)), 3) for name, taken in times.items()}
    used = {f"{name}_cpu_s": round(float(np.median(taken)), 3) for name, taken in cpu.items()}
    ratio = min(times["build"]) / min(times["copy"])
    warm = min(times["build_warm"]) / min(times["copy_warm"])
    ratios = {"ratio": round(ratio, 2), "ratio_warm": round(warm, 2), "features": len(cube.names)}
    return cube, {**middle, **used, **ratios, "gigabytes": round(cube.planes.nbytes / 1e9, 2)}


class Digest:
    """Passes blocks on as draws to write, and keeps what tells two runs apart."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.above_zero = 0

    def months(self, blocks: Iterator[BlockDraws]) -> Iterator[DrawBlock]:
        """Every block, month by month."""
        for block in blocks:
            self.sha256.update(block.place.tobytes() + block.count.tobytes())
            self.above_zero += block.count.size
            for k, month in enumerate(block.months):
                yield DrawBlock(block.cells, month, block.month(k))


def forecast(
    cube: GridCube, target: NDArray[np.float32], options: argparse.Namespace, folder: Path
) -> tuple[dict[str, Any], list[Any]]:
    """Learn, draw and write; the figures, and the work that was done."""
    training = Training(options.horizon, seed=options.seed, threads=2)
    model, learnt = timed(lambda: fit_hurdle(cube, target, training, near=NEAR))
    task = Task(tuple(range(1, options.horizon + 1)), draws=options.draws, seed=options.seed)
    tasks = block_tasks(cube, model, task, block_cells=options.block_cells)
    told = Provenance("grid_hurdle", TARGET, "cell", date(2023, 12, 31), tasks[0].last_month, options.seed,
                      forewarn.__version__)  # fmt: skip
    backend = Backend(options.backend, None if options.scheduler else options.workers, options.scheduler)
    digest, path = Digest(), folder / "forecast.parquet"
    rows, written = timed(
        lambda: write_draws(digest.months(forecast_blocks(tasks, backend=backend)), path, provenance=told)
    )
    return {
        "learn": learnt,
        "draw_and_write": written,
        "rows": rows,
        "above_zero": digest.above_zero,
        "file_mb": round(path.stat().st_size / 1e6, 1),
        "sha256": digest.sha256.hexdigest(),
        "backend": options.backend,
    }, tasks


def scaling(tasks: list[Any], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The draws alone with one worker and with two that are up: seconds, and whether the numbers are the same."""
    found = []
    for workers in (1, 2):
        with ExitStack() as stack:
            backend, start = timed(lambda stack=stack, workers=workers: started(stack, options.backend, workers))
            # each has read the code before the clock starts
            for _ in forecast_blocks(tasks[: 2 * workers], backend=backend):
                pass
            sha256 = hashlib.sha256()

            def work(backend: Backend = backend, sha256: Any = sha256) -> None:
                for block in forecast_blocks(tasks, backend=backend):
                    sha256.update(block.place.tobytes() + block.count.tobytes())

            _, taken = timed(work)
        each = {"workers": workers, "start_s": start["wall_s"], "wall_s": taken["wall_s"]}
        found.append({**each, "sha256": sha256.hexdigest()})
    return found


def started(stack: ExitStack, name: str, workers: int) -> Backend:
    """The backend; of Dask, a cluster on this machine that is up and ends with the stack."""
    if name != "dask":
        return Backend(name, workers)
    from distributed import LocalCluster  # an extra

    cluster = stack.enter_context(
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    )
    return Backend(name, None, str(cluster.scheduler_address))


def held_out(tasks: list[Any], later: NDArray[np.float32], history: NDArray[np.float32]) -> dict[str, float]:
    """Mean CRPS on the months held back: ours, the cell's own last 12 months, and zero."""
    ours = np.zeros(later.shape)
    start = 0
    for block in forecast_blocks(tasks, backend=Backend()):
        for k in range(later.shape[1]):
            draws, actual = block.month(k), later[start : start + block.cells.size, k].astype(np.float64)
            busy = draws.any(axis=1)
            here = actual.copy()
            if busy.any():
                here[busy] = crps(draws[busy].astype(np.float64), actual[busy])
            ours[start : start + block.cells.size, k] = here
        start += block.cells.size
    own = np.repeat(history[:, None, -12:], later.shape[1], axis=1).reshape(later.size, 12).astype(np.float64)
    flat = later.reshape(-1).astype(np.float64)
    return {
        "grid_hurdle": round(float(ours.mean()), 5),
        "conflictology": round(float(crps(own, flat).mean()), 5),
        "zero": round(float(flat.mean()), 5),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The whole run."""
    begun = time.perf_counter()
    cells = chosen_cells(options.cells)
    held = options.horizon if options.score else 0
    whole, made = timed(lambda: synthetic(cells, options.months + held, options.seed, dense=options.dense))
    series = whole.until(FIRST_MONTH + options.months - 1)
    cube, figures = cube_against_copy(series, options.threads, options.repeat)
    with tempfile.TemporaryDirectory(prefix="forewarn-grid-") as folder:
        result, tasks = forecast(cube, series.values[TARGET], options, Path(folder))
    found = {
        "cells": int(cells.size),
        "months": options.months,
        "active_cells": int(np.count_nonzero(series.values[TARGET].any(axis=1))),
        "positive_share": round(float((series.values[TARGET] > 0).mean()), 5),
        "synthetic": made,
        "cube": figures,
        **result,
    }
    limit = GIGABYTES if cells.size <= CELLS else WORLD_GIGABYTES
    forecast_s = figures["build_s"] + result["learn"]["wall_s"] + result["draw_and_write"]["wall_s"]
    found |= {"forecast_s": round(forecast_s, 1), "peak_gb": peak_gb(), "limit_gb": limit}
    found["kept"] = {
        "cube": figures.get("ratio_warm", 0.0) < COPY_RATIO,
        "time": cells.size > CELLS or forecast_s < 60 * MINUTES,
        "memory": found["peak_gb"] < limit,
    }
    if options.scaling:
        found["scaling"] = scaling(tasks, options)
    if options.score:
        found["crps_held_out"] = held_out(tasks, whole.values[TARGET][:, options.months :], series.values[TARGET])
    found["whole_run_s"] = round(time.perf_counter() - begun, 1)
    return found


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description="Time a forecast of the whole grid.")
    parser.add_argument("--cells", type=int, default=CELLS, help="13110 for the challenge's, 64818 for the world's")
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--horizon", type=int, default=36)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--block-cells", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="threads that build the cube")
    parser.add_argument("--repeat", type=int, default=3, help="times the cube is built and copied")
    parser.add_argument("--backend", default="sequential", choices=["dask", "loky", "sequential", "threading"])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scheduler", help="address of a Dask scheduler, tcp://HOST:PORT")
    parser.add_argument(
        "--scaling", action="store_true", help="draw again with one worker and with two, once they are up"
    )
    parser.add_argument("--dask", action="store_true", help="--backend dask --scaling")
    parser.add_argument("--score", action="store_true", help="hold the horizon back and score it")
    parser.add_argument("--dense", action="store_true", help="violence everywhere: the worst case for the cube")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.dask:
        options.backend, options.scaling = "dask", True
    return options


def tell_cube(cube: dict[str, Any]) -> None:
    """The cube against the copy, where they were compared; in seconds of the wall and of the processor."""
    if "ratio" not in cube:
        print(f"cube built in {cube['build_s']:.3f} s; compared with a copy for up to {CELLS:,} cells only")
        return
    print(f"cube into new memory  {cube['build_s']:.3f} s, copy {cube['copy_s']:.3f} s: {cube['ratio']:.2f} x")
    print(f"cube into used memory {cube['build_warm_s']:.3f} s, copy {cube['copy_warm_s']:.3f} s: "
          f"{cube['ratio_warm']:.2f} x (limit {COPY_RATIO} for used memory)")  # fmt: skip
    print(f"processor: cube {cube['build_warm_cpu_s']:.3f} s over the threads, copy {cube['copy_warm_cpu_s']:.3f} s")


def main() -> int:
    """Measure, print, and say by the exit code whether the promises hold."""
    options = parsed()
    found = measure(options)
    kept = all(found["kept"].values())
    if options.json:
        print(json.dumps(found))
        return 0 if kept else 1
    cube = found["cube"]
    print(f"{found['cells']:,} cells x {found['months']} months x {cube['features']} features, {cube['gigabytes']} GB; "
          f"{found['active_cells']:,} cells with any violence")  # fmt: skip
    tell_cube(cube)
    print(f"learning {found['learn']}, drawing and writing {found['draw_and_write']} with {found['backend']}")
    print(f"{found['rows']:,} draws, {found['above_zero']:,} above zero, {found['file_mb']} MB; {found['sha256'][:16]}")
    for name in ("scaling", "crps_held_out"):
        if name in found:
            print(f"{name}: {found[name]}")
    print(f"forecast {found['forecast_s']} s (limit {60 * MINUTES:.0f}), peak {found['peak_gb']} GB "
          f"(limit {found['limit_gb']:.0f}): {found['kept']}")  # fmt: skip
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
