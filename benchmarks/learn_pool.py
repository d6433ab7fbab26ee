"""Find the weights of the ensemble again: every member at past Octobers, pooled so as to score best.

``python benchmarks/learn_pool.py PANEL.parquet [TARGET] [FIRST LAST]`` takes the October before each year from
FIRST to LAST (2010 and 2017), forecasts the year's months, prints the weights by status and, for each year, the
scores of the pool with weights learnt from the other years. Years after LAST are never read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from forewarn.forecast.evaluation import count_scores
from forewarn.forecast.models import History, Task
from forewarn.forecast.models.ensemble import MEMBERS, member_quantiles
from forewarn.forecast.models.examples import classroom
from forewarn.forecast.models.pooling import STATUSES, Trial, learn_weights, pooled, status_of
from forewarn.forecast.tables import CountTable, count_table, read_table

HORIZONS = tuple(range(3, 15))
DRAWS = 500


def october_before(year: int) -> int:
    """Month id of the October before a year."""
    return (year - 1980) * 12 - 2


def trial(table: CountTable, year: int) -> tuple[Trial, np.ndarray]:
    """What the members would have said of a year, what came, and the status of each row."""
    origin = october_before(year)
    values = table.between(table.first_period, origin)
    heard = ~np.isnan(values[:, -12:]).all(axis=1)
    units = tuple(u for u, kept in zip(table.units, heard, strict=True) if kept)
    room = classroom(History(values[heard], units, origin), Task(HORIZONS, DRAWS, seed=1))
    actual = table.between(origin + HORIZONS[0], origin + HORIZONS[-1])[heard][room.place].ravel()
    known = ~np.isnan(actual)
    status = status_of(np.expm1(room.level("mean_12")))[known]
    return Trial(tuple(m[known] for m in member_quantiles(room)), actual[known]), status


def weights_by_status(trials: list[tuple[Trial, np.ndarray]]) -> np.ndarray:
    """``[status, member]``."""
    rows = []
    for k in range(len(STATUSES)):
        parts = [Trial(tuple(m[status == k] for m in one.quantiles), one.actual[status == k]) for one, status in trials]
        rows.append(learn_weights(parts))
    return np.array(rows)


def main(panel: str, target: str = "ged_sb", first: str = "2010", last: str = "2017") -> None:
    """Print weights and scores."""
    frame = read_table(Path(panel), ["country_id", "month_id", target])
    table = count_table(frame, unit="country_id", period="month_id", value=target, where=panel)
    years = range(int(first), int(last) + 1)
    trials = [trial(table, year) for year in years]
    print("members:", ", ".join(MEMBERS))
    for name, row in zip(STATUSES, weights_by_status(trials), strict=True):
        print(f"{name:9}", " ".join(f"{w:.2f}" for w in row))
    found = []
    for k, (one, status) in enumerate(trials):
        weights = weights_by_status(trials[:k] + trials[k + 1 :])[status]
        none = np.zeros(one.actual.size, dtype=np.int64)
        row = []
        for draws in (pooled(one.quantiles, weights, count=1000), *one.quantiles):
            row.append(list(count_scores(draws, one.actual, unit=none.astype(str), period=none).means().values()))
        found.append(row)
        print(years[k], np.round(row[0], 3), flush=True)
    for name, means in zip(("pool, weights of other years", *MEMBERS), np.mean(found, axis=0), strict=True):
        print(f"{name:30}", np.round(means, 4))


if __name__ == "__main__":
    main(*sys.argv[1:])
