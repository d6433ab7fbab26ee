"""A forecast for every country and a back-test of every model, timed on 191 made-up countries.

Data are made up from a seed: a few countries with long wars, some with spells, most with nothing, 420 months. A
forecast of all countries, learning included, must take less than 60 s with each model; the back-test of six yearly
windows by all models of counts, scores and differences included, less than 10 minutes.

    python benchmarks/world.py [--countries N] [--models NAME ...] [--windows 6] [--backend loky:2] [--json]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import forewarn
from forewarn.execution import backend_from_text
from forewarn.forecast import Order, count_forecaster, forecaster_names, make_forecast
from forewarn.model.panel import Panel
from forewarn.operations.backtest import backtest

COUNTRIES, MONTHS, FIRST_MONTH = 191, 420, 109
FORECAST_S, BACKTEST_S = 60.0, 600.0


def synthetic(countries: int) -> NDArray[np.float64]:
    """Deaths ``[country, month]``: wars that come and go, heavy-tailed, most countries quiet."""
    random = np.random.default_rng(20231001)
    values = np.zeros((countries, MONTHS))
    for row in values:
        for _ in range(random.poisson(1.2)):
            start = int(random.integers(0, MONTHS))
            stop = min(MONTHS, start + int(random.pareto(1.0) * 18) + 3)
            scale = 2.0 + random.pareto(0.9) * 8
            row[start:stop] += random.poisson(scale * random.gamma(0.5, 2.0, stop - start))
    return values


def forecast_s(values: NDArray[np.float64], model: str, horizon: int) -> float:
    """Seconds of one forecast of all countries, from history to draws."""
    units = tuple(f"{k:03d}" for k in range(len(values)))
    panel = Panel(values[:, :, None].astype(np.float32), units, FIRST_MONTH, ("deaths",), "country", date(2023, 12, 31))
    start = time.perf_counter()
    made = make_forecast(count_forecaster(model), panel, order=Order("deaths", horizon, forewarn.__version__))
    taken = time.perf_counter() - start
    if made.draws is None or made.draws.shape != (len(values), horizon, 1000):
        raise SystemExit(f"{model} has not forecast every country")
    return taken


def backtest_s(values: NDArray[np.float64], models: list[str], windows: int, backend: str) -> tuple[float, int]:
    """Seconds of the back-test of the last yearly windows, and how many rows of scores it gave."""
    with tempfile.TemporaryDirectory(prefix="forewarn-world-") as name:
        folder = Path(name)
        country, month = np.divmod(np.arange(values.size), MONTHS)
        table = pl.DataFrame({"country_id": country + 1, "month_id": month + FIRST_MONTH, "deaths": values.reshape(-1)})
        table.write_parquet(folder / "panel.parquet")
        end = FIRST_MONTH + MONTHS - 1
        lines = ['panel = "panel.parquet"', 'unit = "country_id"', 'period = "month_id"', 'target = "deaths"',
                 f"models = {json.dumps(models)}", f'backend = "{backend}"']  # fmt: skip
        for k in reversed(range(windows)):
            last = end - 12 * k
            lines += ["[[windows]]", f"first = {last - 11}", f"last = {last}", f"data_through = {last - 14}"]
        (folder / "spec.toml").write_text("\n".join(lines))
        start = time.perf_counter()
        report = backtest(folder / "spec.toml", out=folder / "out")
        return time.perf_counter() - start, len(report.scores)


def backend_of(text: str) -> str:
    """A backend in words that the spec understands too."""
    backend_from_text(text)
    return text


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The whole run."""
    values = synthetic(options.countries)
    models = options.models or list(forecaster_names("count"))
    each = {model: round(forecast_s(values, model, options.horizon), 2) for model in models}
    taken, rows = backtest_s(values, models, options.windows, options.backend)
    return {
        "countries": options.countries,
        "months": MONTHS,
        "positive_share": round(float((values > 0).mean()), 3),
        "forecast_s": each,
        "backtest_s": round(taken, 1),
        "windows": options.windows,
        "backend": options.backend,
        "score_rows": rows,
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "kept": {"forecast": max(each.values()) < FORECAST_S, "backtest": taken < BACKTEST_S},
    }


def main() -> int:
    """Measure, print, and say by the exit code whether the promises hold."""
    parser = argparse.ArgumentParser(description="Time forecasts and back-tests of the world's countries.")
    parser.add_argument("--countries", type=int, default=COUNTRIES)
    parser.add_argument("--models", nargs="+", choices=forecaster_names("count"), help="default: all")
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--horizon", type=int, default=12)
    parser.add_argument("--backend", type=backend_of, default="sequential", help="such as loky:2")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    found = measure(options)
    if options.json:
        print(json.dumps(found))
    else:
        for model, taken in found["forecast_s"].items():
            print(f"forecast of {found['countries']} countries by {model:<18} {taken:>7.2f} s (limit {FORECAST_S:.0f})")
        number = len(found["forecast_s"])
        print(f"back-test of {found['windows']} windows by {number} models with {found['backend']}: "
              f"{found['backtest_s']} s "
              f"(limit {BACKTEST_S:.0f}), peak {found['peak_gb']} GB: {found['kept']}")  # fmt: skip
    return 0 if all(found["kept"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
