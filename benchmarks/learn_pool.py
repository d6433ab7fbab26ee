"""Choose by rolling origins: every member of the ensemble at past Octobers, pooled and mended so as to score best.

``python benchmarks/learn_pool.py PANEL.parquet TARGET[,TARGET...] [FIRST LAST]`` takes the October before each year
from FIRST to LAST (2006 and 2017), forecasts the year's months, prints the weights and the lengthening of tails by
status, and for each target the scores of the pool with what the other years taught, beside those of the ensemble as it
is, of each member and of conflictology, with the difference from the ensemble and its interval over countries, and
without the country that weighs most: one war may decide a mean. Last comes one figure for each, the *common change*:
the mean over targets and the four scores of the change in per cent, every target without the country that weighs most,
with its standard error over countries, then in both halves of the years, and with all countries. Years after LAST are
never read.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forewarn.forecast.evaluation import CountScores, count_scores, heaviest_unit, joined_scores, paired_interval
from forewarn.forecast.models import History, Task, count_forecaster
from forewarn.forecast.models.ensemble import LENGTHENING, MEMBERS, WEIGHTS, member_quantiles
from forewarn.forecast.models.examples import classroom
from forewarn.forecast.models.pooling import STATUSES, Trial, learn_weights, pooled, status_of
from forewarn.forecast.models.recalibration import Forecasts, learn_lengthening, lengthened
from forewarn.forecast.tables import CountTable, count_table, read_table

HORIZONS = tuple(range(3, 15))
DRAWS = 400
PEER = "conflictology"
SHIPPED = "ensemble as it is"
BARE = "its tails bare"
SCORES = ("crps", "ign", "mis", "log1p_crps")
RESAMPLES = 400


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """What was said before a year, and what came; rows are unit-months."""

    target: str
    year: int
    members: tuple[np.ndarray, ...]
    peer: np.ndarray
    actual: np.ndarray
    status: np.ndarray
    unit: np.ndarray

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
    unit = np.repeat(np.array(room.history.units), len(HORIZONS))[known]
    return Year(target, year, tuple(m[known] for m in member_quantiles(room)), peer[known], actual[known], status, unit)


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


def said_of(one: Year, weights: np.ndarray, tails: np.ndarray) -> dict[str, np.ndarray]:
    """The draws of each member, the peer, the pool the other years teach, the ensemble with bare tails and as it is."""
    pool = one.pool(weights)
    mended = np.round(lengthened(pool, tails[one.status]))
    bare = one.pool(np.array(WEIGHTS))
    shipped = np.round(lengthened(bare, np.array(LENGTHENING)[one.status]))
    members = dict(zip(MEMBERS, one.members, strict=True))
    return {
        **members,
        PEER: one.peer,
        "pool": pool,
        "pool, tails mended": mended,
        BARE: np.round(bare),
        SHIPPED: shipped,
    }


def scored(years: Sequence[Year]) -> dict[tuple[str, str], CountScores]:
    """By target and forecast, the scores of all years, each with what the other years taught."""
    parts: dict[tuple[str, str], list[CountScores]] = {}
    for left_out in sorted({one.year for one in years}):
        weights, tails = learn([one for one in years if one.year != left_out])
        for one in years:
            if one.year == left_out:
                period = np.full(one.actual.size, one.year)
                for name, draws in said_of(one, weights, tails).items():
                    found = count_scores(draws, one.actual, unit=one.unit, period=period)
                    parts.setdefault((one.target, name), []).append(found)
    return {key: joined_scores(found) for key, found in parts.items()}


def against(ours: CountScores, theirs: CountScores) -> str:
    """Differences of each score in per cent of theirs, with the interval over countries."""
    found = []
    for name in SCORES:
        one = paired_interval(getattr(ours, name), getattr(theirs, name), ours.unit, seed=1)
        of = 100 / float(getattr(theirs, name).mean())
        found.append(f"{one.value * of:+.1f} [{(one.low or 0) * of:+.1f}, {(one.high or 0) * of:+.1f}]")
    return "  ".join(found)


def print_scores(years: Sequence[Year]) -> None:
    """The ensemble as the other years teach it, its parts and the peer, by target."""
    found = scored(years)
    for target in dict.fromkeys(target for target, _ in found):
        shipped = found[target, SHIPPED]
        heavy = heaviest_unit(shipped.crps, shipped.unit)
        print(f"{target}: country {heavy.unit} makes {heavy.share:.0%} of the CRPS of the {SHIPPED}")
        print(f"{'':20} CRPS IGN MIS log1p-CRPS | CRPS over {PEER}'s | % over the {SHIPPED} | without {heavy.unit}")
        rest = shipped.unit != heavy.unit
        for name in (name for of, name in found if of == target):
            one = found[target, name]
            values = np.round(list(one.means().values()), 4)
            over = one.crps.mean() / found[target, PEER].crps.mean()
            without = against(one.where(rest), shipped.where(rest))
            print(f"{name:20} {values} | {over:.3f} | {against(one, shipped)} | {without}", flush=True)
    print_common(found)


def common_change(ours: Mapping[str, CountScores], theirs: Mapping[str, CountScores]) -> tuple[float, float]:
    """The mean over targets and scores of the change in per cent of theirs, and its standard error over countries.

    A country is drawn with all its targets, for what is hard to say of it is hard for all kinds of violence.
    """
    units = np.unique(np.concatenate([one.unit for one in ours.values()]))
    times = np.random.default_rng(1).multinomial(units.size, np.full(units.size, 1 / units.size), size=RESAMPLES)
    weights = np.vstack([np.ones(units.size), times])
    changes = []
    for target, one in ours.items():
        place = np.searchsorted(units, one.unit)
        for name in SCORES:
            sums = [np.bincount(place, getattr(k, name), units.size) for k in (one, theirs[target])]
            changes.append(100 * ((weights @ sums[0]) / (weights @ sums[1]) - 1))
    mean = np.mean(changes, axis=0)
    return float(mean[0]), float(mean[1:].std())


def print_common(found: Mapping[tuple[str, str], CountScores]) -> None:
    """The common change of each forecast from the ensemble as it is."""
    targets = list(dict.fromkeys(target for target, _ in found))
    shipped = {target: found[target, SHIPPED] for target in targets}
    rest = {t: one.unit != heaviest_unit(one.crps, one.unit).unit for t, one in shipped.items()}
    middle = np.median(np.unique(next(iter(shipped.values())).period))
    parts = {
        "without the heaviest": rest,
        "first years": {t: rest[t] & (one.period < middle) for t, one in shipped.items()},
        "last years": {t: rest[t] & (one.period > middle) for t, one in shipped.items()},
        "all countries": {t: np.full(one.unit.size, True) for t, one in shipped.items()},
    }
    print("common change in per cent from the", SHIPPED, "| " + " | ".join(parts))
    for name in dict.fromkeys(name for _, name in found if name != SHIPPED):
        pairs = (
            common_change(
                {t: found[t, name].where(rows[t]) for t in targets}, {t: shipped[t].where(rows[t]) for t in targets}
            )
            for rows in parts.values()
        )
        print(f"{name:20} " + " | ".join(f"{mean:+.2f} ± {error:.2f}" for mean, error in pairs), flush=True)


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
