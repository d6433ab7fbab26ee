"""Choose by rolling origins: every member of the ensemble at past Octobers, pooled and mended so as to score best.

``python benchmarks/learn_pool.py PANEL.parquet TARGET[,TARGET...] [FIRST LAST]`` takes the October before each year
from FIRST to LAST (2006 and 2017), forecasts the year's months, prints the weights and the lengthening of tails by
status, and for each target the scores of the pool with what the other years taught, beside those of the ensemble as it
is, of each member and of conflictology. Years after LAST are never read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forewarn.forecast.evaluation import count_scores
from forewarn.forecast.models import History, Task, count_forecaster
from forewarn.forecast.models.ensemble import LENGTHENING, MEMBERS, WEIGHTS, member_quantiles
from forewarn.forecast.models.examples import classroom
from forewarn.forecast.models.pooling import STATUSES, Trial, learn_weights, pooled, status_of
from forewarn.forecast.models.recalibration import Forecasts, learn_lengthening, lengthened
from forewarn.forecast.tables import CountTable, count_table, read_table

HORIZONS = tuple(range(3, 15))
DRAWS = 400
PEER = "conflictology"


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """What was said before a year, and what came; rows are unit-months."""

    target: str
    year: int
    members: tuple[np.ndarray, ...]
    peer: np.ndarray
    actual: np.ndarray
    status: np.ndarray

    def of_status(self, k: int) -> Trial:
        """The rows of one status."""
        rows = self.status == k
        return Trial(tuple(member[rows] for member in self.members), self.actual[rows])

    def pool(self, weights: np.ndarray) -> np.ndarray:
        """The pool, rising; ``weights`` are ``[status, member]``."""
        return np.sort(pooled(self.members, weights[self.status], count=1000), axis=1)


def october_before(year: int) -> int:
    """Month id of the October before a year."""
    return (year - 1980) * 12 - 2


def forecast_year(table: CountTable, target: str, year: int) -> Year:
    """What the members would have said of a year, what came, and the status of each row."""
    origin = october_before(year)
    values = table.between(table.first_period, origin)
    heard = ~np.isnan(values[:, -12:]).all(axis=1)
    units = tuple(u for u, kept in zip(table.units, heard, strict=True) if kept)
    task = Task(HORIZONS, DRAWS, seed=1)
    room = classroom(History(values[heard], units, origin), task)
    actual = table.between(origin + HORIZONS[0], origin + HORIZONS[-1])[heard][room.place].ravel()
    known = ~np.isnan(actual)
    peer = count_forecaster(PEER).forecast(room.history, Task(HORIZONS, 1000, seed=1)).reshape(actual.size, -1)
    status = status_of(np.expm1(room.level("mean_12")))[known]
    return Year(target, year, tuple(m[known] for m in member_quantiles(room)), peer[known], actual[known], status)


def by_target(years: Sequence[Year]) -> list[list[Year]]:
    """The years of each target."""
    return [[one for one in years if one.target == name] for name in dict.fromkeys(one.target for one in years)]


def learn(years: Sequence[Year]) -> tuple[np.ndarray, np.ndarray]:
    """Weights ``[status, member]`` and the lengthening of tails ``[status]``."""
    groups = by_target(years)
    statuses = range(len(STATUSES))
    weights = np.array([learn_weights([[one.of_status(k) for one in group] for group in groups]) for k in statuses])
    tails = []
    for k in statuses:
        parts = []
        for group in groups:
            rising = np.concatenate([one.pool(weights)[one.status == k] for one in group])
            parts.append(Forecasts(rising, np.concatenate([one.actual[one.status == k] for one in group])))
        # nobody can tell how far wars that nothing announces will go: the tails of the quiet stay as they are
        tails.append(learn_lengthening(parts) if k else 0.0)
    return weights, np.array(tails)


def means(draws: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """CRPS, IGN, MIS and CRPS of the logarithm."""
    none = np.zeros(actual.size, dtype=np.int64)
    return np.array(list(count_scores(draws, actual, unit=none.astype(str), period=none).means().values()))


def print_scores(years: Sequence[Year]) -> None:
    """The ensemble as the other years teach it, its parts and the peer, by target."""
    rows: dict[tuple[str, str], list[np.ndarray]] = {}
    for left_out in sorted({one.year for one in years}):
        weights, tails = learn([one for one in years if one.year != left_out])
        for one in years:
            if one.year == left_out:
                pool = one.pool(weights)
                mended = np.round(lengthened(pool, tails[one.status]))
                shipped = np.round(lengthened(one.pool(np.array(WEIGHTS)), np.array(LENGTHENING)[one.status]))
                names = (*MEMBERS, PEER, "pool", "pool, tails mended", "ensemble as it is")
                named = zip(names, (*one.members, one.peer, pool, mended, shipped), strict=True)
                for name, draws in named:
                    rows.setdefault((one.target, name), []).append(means(draws, one.actual))
    print(f"{'':14} {'':20} CRPS IGN MIS log1p-CRPS, CRPS over {PEER}'s")
    for (target, name), found in rows.items():
        mean = np.mean(found, axis=0)
        print(f"{target:14} {name:20}", np.round(mean, 4), f"{mean[0] / np.mean(rows[target, PEER], axis=0)[0]:.3f}")


def main(panel: str, targets: str = "ged_sb", first: str = "2006", last: str = "2017") -> None:
    """Print weights, tails and scores."""
    years = []
    for target in targets.split(","):
        frame = read_table(Path(panel), ["country_id", "month_id", target])
        table = count_table(frame, unit="country_id", period="month_id", value=target, where=panel)
        for year in range(int(first), int(last) + 1):
            years.append(forecast_year(table, target, year))
            print(target, year, flush=True)
    weights, tails = learn(years)
    print("members:", ", ".join(MEMBERS))
    for name, row, tail in zip(STATUSES, weights, tails, strict=True):
        print(f"{name:9}", " ".join(f"{w:.2f}" for w in row), f"tail {tail:.2f}")
    print_scores(years)


if __name__ == "__main__":
    main(*sys.argv[1:])
