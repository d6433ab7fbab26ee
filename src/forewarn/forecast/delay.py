"""Reporting delay: how much of a month's final count is known some months on, learnt from two states of knowledge.

A pair is one unit-month as first counted at some age (months between it and the end of the data) and as counted later.
Nothing is assumed of the direction: figures are also corrected downwards. What recent months may still become is drawn
from pairs of like age, count and level, so it is always samples and never a point; draws for different months are
independent, which makes sums over several months a little too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.errors import ForecastError, InputFormatError
from forewarn.forecast.evaluation import resampled
from forewarn.forecast.models.forecaster import Forecaster, History, Task, model_generator
from forewarn.forecast.tables import CountTable, require_counts
from forewarn.model.panel import IncidentArrays, Panel

__all__ = [
    "FEWEST_PAIRS",
    "OLDEST_AGE",
    "RevisionPairs",
    "WithLateReports",
    "completed",
    "delay_rows",
    "pairs_of_arrays",
    "pairs_of_table",
    "pairs_of_vintages",
]

OLDEST_AGE = 12
"""Months from which on a count is taken as settled."""

FEWEST_PAIRS = 30
"""Pairs with a late count above zero, below which nothing is learnt."""

COMPLETIONS = 10
_NEAREST = 25
_ENOUGH_OF_AN_AGE = 25
_MOST = 2_000
_RESAMPLES = 500
_LEVEL_MONTHS = 12
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RevisionPairs:
    """Unit-months twice: ``age`` in months, ``early`` and ``late`` counts, the unit, and its level before.

    ``level`` is the mean of the twelve months before, as known early.
    """

    age: NDArray[np.int64]
    early: Floats
    late: Floats
    level: Floats
    unit: NDArray[np.str_]

    def __len__(self) -> int:
        """How many pairs."""
        return int(self.age.size)

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to learn from."""
        return int((self.late > 0).sum()) >= FEWEST_PAIRS

    def where(self, rows: NDArray[Any]) -> RevisionPairs:
        """Some of the pairs."""
        return RevisionPairs(*(getattr(self, name)[rows] for name in self.__slots__))

    def table(self) -> pl.DataFrame:
        """One row a pair, in the columns that :func:`pairs_of_table` reads."""
        return pl.DataFrame({name: getattr(self, name) for name in self.__slots__})


def pairs_of_vintages(early: CountTable, late: CountTable, *, through: int) -> RevisionPairs:
    """The pairs of two releases of one table, the earlier one ending at ``through``; unit-months both have."""
    span = (through - OLDEST_AGE - _LEVEL_MONTHS + 1, through)
    both = sorted(set(early.units) & set(late.units))
    first, second = (table.between(*span)[[table.units.index(u) for u in both]] for table in (early, late))
    return _pairs(first, second, tuple(both))


def pairs_of_arrays(arrays: IncidentArrays, panel: Panel, target: str) -> RevisionPairs:
    """The pairs of a panel: each settled month as it stood at each age, against how it stands now.

    An incident counts from the month it became known, with today's figure: a figure raised since is not seen.
    """
    units, months = panel.values.shape[:2]
    weight = np.ones(len(arrays)) if target == "incidents" else arrays.counts[target]
    known = arrays.known_on.astype("datetime64[M]").astype(np.int64) - 119  # months since 1970 to VIEWS' ids
    age = np.clip(known - arrays.month, 0, OLDEST_AGE)
    column = arrays.month - panel.first_month
    inside = (column >= 0) & (column < months) & (known <= panel.last_month)
    cube = np.zeros((OLDEST_AGE + 1, units, months))
    np.add.at(cube, (age[inside], arrays.unit[inside], column[inside]), weight[inside])
    standing = np.cumsum(cube, axis=0)
    final = panel.feature(target).astype(np.float64)
    parts = []
    for origin in range(_LEVEL_MONTHS + OLDEST_AGE, months - OLDEST_AGE):
        span = slice(origin - OLDEST_AGE - _LEVEL_MONTHS + 1, origin + 1)
        ages = np.minimum(np.arange(OLDEST_AGE + _LEVEL_MONTHS)[::-1], OLDEST_AGE)
        early = np.stack([standing[a, :, c] for a, c in zip(ages, range(span.start, span.stop), strict=True)], axis=1)
        parts.append(_pairs(np.where(np.isnan(final[:, span]), np.nan, early), final[:, span], panel.units))
    if not parts:
        nothing = np.empty(0)
        return RevisionPairs(nothing.astype(np.int64), nothing, nothing, nothing, nothing.astype(np.str_))
    return RevisionPairs(*(np.concatenate([getattr(p, n) for p in parts]) for n in RevisionPairs.__slots__))


def pairs_of_table(frame: pl.DataFrame, *, where: str) -> RevisionPairs:
    """Pairs from columns ``age``, ``early`` and ``late``, and ``level`` and ``unit`` where there are any."""
    for name in ("age", "early", "late"):
        if name not in frame.columns:
            raise InputFormatError(f"has no column '{name}'", where=where, mend="give age, early and late")
    age, early, late = (require_counts(frame[name], where=where, empty_is_missing=False) for name in
                        ("age", "early", "late"))  # fmt: skip
    level = require_counts(frame["level"], where=where) if "level" in frame.columns else early
    unit = frame["unit"].cast(pl.String) if "unit" in frame.columns else pl.Series(["all"] * frame.height)
    return RevisionPairs(
        age.astype(np.int64), early, late, np.nan_to_num(level), unit.fill_null("").to_numpy().astype(np.str_)
    )


def delay_rows(pairs: RevisionPairs, *, seed: int = 0) -> list[dict[str, float | int | None]]:
    """By age: how many pairs, the share of the final count known, with a 95 % interval over units, and how many
    unit-months grew, shrank, or were zero at first and are not now."""
    rows: list[dict[str, float | int | None]] = []
    for age in range(OLDEST_AGE):
        some = pairs.where(pairs.age == age)
        if not len(some):
            continue
        low, high = _share_interval(some, seed)
        total = float(some.late.sum())
        rows.append(
            {
                "age_months": age,
                "unit_months": len(some),
                "share_known": float(some.early.sum()) / total if total else None,
                "low_95": low,
                "high_95": high,
                "grew": int((some.late > some.early).sum()),
                "shrank": int((some.late < some.early).sum()),
                "zero_at_first": int(((some.early == 0) & (some.late > 0)).sum()),
            }
        )
    return rows


def completed(values: Floats, pairs: RevisionPairs, random: np.random.Generator) -> Floats:
    """One way the recent months of ``[unit, month]`` may stand once all is known; NaN stays NaN."""
    made = values.astype(np.float64).copy()
    level = np.nan_to_num(_trailing_mean(values))
    for age in range(min(OLDEST_AGE, values.shape[1])):
        column = values.shape[1] - 1 - age
        same = (pairs.age == age) & (pairs.late > 0)
        near = pairs.where(np.abs(pairs.age - age) <= (0 if same.sum() >= _ENOUGH_OF_AN_AGE else 1))
        if not len(near):
            continue
        if len(near) > _MOST:
            near = near.where(random.choice(len(near), _MOST, replace=False))
        known = np.flatnonzero(~np.isnan(values[:, column]))
        made[known, column] = _drawn(values[known, column], level[known, column], near, random)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class WithLateReports:
    """A forecaster given several ways the recent months may still become, each with its share of the draws."""

    inner: Forecaster
    pairs: RevisionPairs
    completions: int = COMPLETIONS

    @property
    def name(self) -> str:
        """The inner name, and that late reports are reckoned with."""
        return f"{self.inner.name}+late_reports"

    def forecast(self, history: History, task: Task) -> NDArray[np.float32]:
        """Draws ``[unit, horizon, draw]``; the same seed gives the same."""
        if not self.pairs.is_enough:
            raise ForecastError("too few revisions to learn from", where=self.name, mend="forecast without them")
        wanted = task.draws or 1000
        ways = min(self.completions, wanted)
        shares = np.diff(np.round(np.linspace(0, wanted, ways + 1)).astype(np.int64))
        parts = []
        for k, count in enumerate(shares.tolist()):
            random = model_generator(f"{self.name}:{k}", last_month=history.last_month, seed=task.seed)
            way = replace(history, values=completed(history.values, self.pairs, random))
            parts.append(self.inner.forecast(way, replace(task, draws=count, seed=task.seed + k)))
        return np.concatenate(parts, axis=2)


def _pairs(early: Floats, late: Floats, units: tuple[str, ...]) -> RevisionPairs:
    """Pairs of two matrices whose last :data:`OLDEST_AGE` months count; those before give the level."""
    level = _trailing_mean(early)[:, -OLDEST_AGE:]
    first, second = early[:, -OLDEST_AGE:], late[:, -OLDEST_AGE:]
    row, column = np.nonzero(~np.isnan(first) & ~np.isnan(second))
    age = first.shape[1] - 1 - column
    return RevisionPairs(
        age.astype(np.int64), first[row, column], second[row, column], np.nan_to_num(level[row, column]),
        np.array(units)[row],
    )  # fmt: skip


def _trailing_mean(values: Floats) -> Floats:
    """The mean of the twelve months before each month, known ones only."""
    known = ~np.isnan(values)
    sums, counts = (
        np.cumsum(np.pad(x, ((0, 0), (1, 0))), axis=1) for x in (np.nan_to_num(values), known.astype(float))
    )
    upto = np.arange(values.shape[1])
    start = np.maximum(upto - _LEVEL_MONTHS, 0)
    months = counts[:, upto] - counts[:, start]
    return np.asarray((sums[:, upto] - sums[:, start]) / np.maximum(months, 1.0))


def _drawn(count: Floats, level: Floats, near: RevisionPairs, random: np.random.Generator) -> Floats:
    """For each count what became of one of the pairs most like it: a quotient, or a count where it began at zero."""
    distance = np.abs(np.log1p(count)[:, None] - np.log1p(near.early)) + 0.5 * np.abs(
        np.log1p(level)[:, None] - np.log1p(near.level)
    )
    # a count that began at zero is only like others that did
    distance += 10.0 * ((count == 0)[:, None] != (near.early == 0))
    distance += 1e-6 * random.random(distance.shape)
    number = min(_NEAREST, len(near))
    place = np.argpartition(distance, number - 1, axis=1)[:, :number]
    pick = place[np.arange(count.size), random.integers(number, size=count.size)]
    early, late = near.early[pick], near.late[pick]
    grown = np.round(count * np.where(early > 0, late / np.maximum(early, 1e-9), 1.0))
    return np.where(count > 0, grown, np.where(early > 0, 0.0, late))


def _share_interval(pairs: RevisionPairs, seed: int) -> tuple[float | None, float | None]:
    names, codes = np.unique(pairs.unit, return_inverse=True)
    if names.size < 2:
        return None, None
    early, late = (np.bincount(codes, weights=x) for x in (pairs.early, pairs.late))
    shares = []
    for rows in resampled(names, seed=seed, times=_RESAMPLES):
        if late[rows].sum() > 0:
            shares.append(early[rows].sum() / late[rows].sum())
    if not shares:
        return None, None
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)
