"""Calibration of what was scored: which pairs lie in which group, what climatology would have said, and the picture.

Joins the back-test and the scores with the groups of :mod:`forewarn.forecast.calibration`. The picture is one HTML
file with nothing outside it; every figure in it stands in the JSON beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forewarn.clock import last_day
from forewarn.errors import UsageError
from forewarn.forecast.backtest import CountCase, CountResult
from forewarn.forecast.calibration import GroupCalibration, Labels, calibration
from forewarn.forecast.grouping import regions_by_unit, status_of_history
from forewarn.forecast.models import History, Task
from forewarn.forecast.scorecard import CountBatch, count_batch, joined
from forewarn.forecast.skill import climatology
from forewarn.forecast.tables import count_table, read_table

__all__ = ["Calibrator", "Past", "calibrated", "day_of_period", "labels_of"]

_YEARS = ("year", "year_id")
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Past:
    """A table with the history before a forecast: the column of the count (the only other one where not named) and
    the last period to be read (the one before the forecast's first where not given)."""

    path: Path
    column: str
    data_through: int | None = None


@dataclass
class Calibrator:
    """Collects the pairs of a back-test, window by window, and calibrates each model at the end.

    ``unit`` and ``period`` are the names of the columns, which say how ids and periods are read; ``draws`` and
    ``seed`` are those of the climatologies.
    """

    unit: str
    period: str
    draws: int | None = 1000
    seed: int = 0
    _pairs: dict[str, list[CountBatch]] = field(default_factory=dict)
    _labels: dict[str, list[Labels]] = field(default_factory=dict)
    _references: dict[str, dict[str, CountBatch]] = field(default_factory=dict)

    def add(self, result: CountResult, case: CountCase) -> None:
        """One model's draws of one window."""
        place = {unit: k for k, unit in enumerate(case.history.units)}
        actual = case.actual[[place[unit] for unit in result.units]]
        batch = _batch(result, actual, case.window.periods)
        day = day_of_period(case.window.data_through, self.period)
        self._pairs.setdefault(result.model, []).append(batch)
        self._labels.setdefault(result.model, []).append(labels_of(batch, self.unit, day, history=case.history))
        if case.window.label not in self._references:
            horizons = tuple(period - case.window.data_through for period in case.window.periods)
            task = Task(horizons, self.draws, self.seed)
            self._references[case.window.label] = climatology(case.history, task, case.actual, case.window.periods)

    def report(self) -> dict[str, list[GroupCalibration]]:
        """By model, the calibration of each group."""
        names = next(iter(self._references.values()), {})
        references = {name: joined([one[name] for one in self._references.values()]) for name in names}
        made = {}
        for model, batches in self._pairs.items():
            parts = self._labels[model]
            labels = Labels(*(np.concatenate([getattr(p, n) for p in parts]) for n in ("region", "status")))
            made[model] = calibration(joined(batches), labels, references)
        return made


def _batch(result: CountResult, actual: NDArray[np.float64], periods: range) -> CountBatch:
    """The pairs with an actual, a few thousand at a time: the draws of a grid are not copied whole."""
    row, column = np.nonzero(~np.isnan(actual))
    unit, period = np.array(result.units)[row], np.asarray(periods, dtype=np.int64)[column]
    parts = []
    for start in range(0, row.size, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        draws, happened = result.draws[row[some], column[some]], actual[row[some], column[some]]
        parts.append(count_batch(draws, happened, unit=unit[some], period=period[some]))
    return joined(parts)


def calibrated(batch: CountBatch, unit: str, period: str, past: Past | None) -> list[GroupCalibration]:
    """The calibration of pairs of anybody's file; without a past by region alone, and skill is not tested."""
    first, last = int(batch.scores.period.min()), int(batch.scores.period.max())
    if past is None:
        return calibration(batch, labels_of(batch, unit, day_of_period(first - 1, period), history=None))
    through = first - 1 if past.data_through is None else past.data_through
    if through >= first:
        raise UsageError(f"{through} is not before the forecast's first, {first}", where="--data-through")
    frame = read_table(past.path, [unit, period, past.column])
    table = count_table(frame, unit=unit, period=period, value=past.column, where=past.path.name)
    if not table.first_period <= through <= table.last_period:
        raise UsageError(
            f"ends at {table.last_period} and does not hold {through}", where=past.path.name, mend="give --data-through"
        )
    history = History(table.between(table.first_period, through), table.units, through)
    row = {name: k for k, name in enumerate(history.units)}
    actual = np.full((len(history.units), last - first + 1), np.nan)
    pairs = zip(batch.scores.unit.tolist(), batch.scores.period.tolist(), batch.actual.tolist(), strict=True)
    for name, when, value in pairs:
        if name in row:
            actual[row[name], when - first] = value
    task = Task(tuple(range(first - through, last - through + 1)))
    references = climatology(history, task, actual, range(first, last + 1))
    labels = labels_of(batch, unit, day_of_period(through, period), history=history)
    return calibration(batch, labels, references)


def labels_of(batch: CountBatch, column: str, day: date, *, history: History | None) -> Labels:
    """The region of each pair and, with a history, its status; a unit without history has none."""
    names = np.unique(batch.scores.unit)
    regions = regions_by_unit(names.tolist(), column, day)
    status: Mapping[str, str] = {}
    if history is not None:
        status = dict(zip(history.units, status_of_history(history.values).tolist(), strict=True))
    return Labels(_spread(batch.scores.unit, regions), _spread(batch.scores.unit, status))


def _spread(units: NDArray[np.str_], names: Mapping[str, str]) -> NDArray[np.str_]:
    return np.array([names.get(unit, "") for unit in units.tolist()], dtype=np.str_)


def day_of_period(period: int, column: str) -> date:
    """The last day of a period: of a year where the column says so, else of VIEWS' month."""
    if column in _YEARS and 1 <= period <= 9999:
        return date(period, 12, 31)
    return last_day(period)
