"""Results of a back-test as tables: scores per window and model, and models against baselines.

A row is a mapping of column to figure, ready for CSV or JSON. Means over windows weigh windows equally, as
the published tables do. Models are compared on the unit-periods both forecast, with an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.backtest import OnsetResult
from forewarn.forecast.evaluation import (
    CountScores,
    Interval,
    heaviest_unit,
    joined_scores,
    mean_interval,
    onset_scores,
    paired_interval,
    resampled,
)
from forewarn.forecast.models import BASELINES
from forewarn.forecast.scoring import area_under_curve, average_precision

__all__ = [
    "COUNT_SCORES",
    "GAINS",
    "MEAN",
    "POOLED",
    "Row",
    "count_differences",
    "count_row",
    "count_rows",
    "onset_differences",
    "onset_intervals",
    "onset_rows",
]

Row = dict[str, str | float | int | None]
Scored = Mapping[str, Mapping[str, CountScores]]
"""Scores by model, then by window."""

MEAN = "mean"
"""The row over all windows of a count, each window weighing the same."""

COUNT_SCORES = ("crps", "ign", "mis", "log1p_crps")
"""The scores of a count, by the names tables give them."""

POOLED = "all"
"""The row over all windows of an onset, each unit-period weighing the same."""

GAINS = ("log_loss", "brier", "auc", "average_precision", "recall_top_10")
"""What onset models are compared in."""

_CLIMATOLOGY = "climatology"
_FLOOR = 1e-15
_ONSET_RESAMPLES = 300
Floats = NDArray[np.float64]


def count_rows(scored: Scored) -> list[Row]:
    """One row per model and window and, with several windows, one with their mean."""
    rows: list[Row] = []
    for model, windows in scored.items():
        rows += [{"model": model, "window": label, **count_row(scores)} for label, scores in windows.items()]
        if len(windows) > 1:
            rows.append({"model": model, "window": MEAN, **_mean_of(windows)})
    return rows


def count_row(scores: CountScores) -> Row:
    """Means of the scores, and the unit that weighs most in the CRPS."""
    weight = heaviest_unit(scores.crps, scores.unit)
    return {
        **scores.means(),
        "unit_periods": int(scores.crps.size),
        "heaviest_unit": weight.unit,
        "heaviest_share": weight.share,
        "crps_without_heaviest": weight.mean_without,
    }


def count_differences(scored: Scored, *, seed: int, without: Sequence[str] = ()) -> list[Row]:
    """Each score of each model less that of each baseline, over all windows, on the unit-periods both forecast.

    Twice: over all units, and without the units of ``without`` (by default the one that weighs most in the mean
    CRPS of all models), because one country can decide a mean. ``without`` of a row names those left out.
    """
    joined = {model: joined_scores(list(windows.values())) for model, windows in scored.items()}
    left_out = tuple(without) or _heaviest(list(joined.values()))
    rows: list[Row] = []
    for model, baseline in _pairs(list(scored)):
        ours, theirs = joined[model], joined[baseline]
        mine, other = _common(ours, theirs)
        for gone in ((), left_out):
            kept = ~np.isin(ours.unit[mine], gone)
            rows += _compared(
                (model, ours, mine[kept]), (baseline, theirs, other[kept]), seed=seed, without=", ".join(gone)
            )
    return rows


_Part = tuple[str, CountScores, NDArray[np.int64]]


def _compared(left: _Part, right: _Part, *, seed: int, without: str) -> list[Row]:
    """A row per score of the unit-periods named; none where there are none."""
    (model, ours, mine), (baseline, theirs, other) = left, right
    rows: list[Row] = []
    for score in COUNT_SCORES if mine.size else ():
        found = paired_interval(getattr(ours, score)[mine], getattr(theirs, score)[other], ours.unit[mine], seed=seed)
        size: Row = {"unit_periods": int(mine.size), "without": without}
        rows.append(_difference(model, baseline, score, found) | size)
    return rows


def _heaviest(scores: Sequence[CountScores]) -> tuple[str, ...]:
    """The unit with the largest share of the CRPS, all models together."""
    crps = np.concatenate([one.crps for one in scores])
    return (heaviest_unit(crps, np.concatenate([one.unit for one in scores])).unit,)


def onset_rows(results: Sequence[OnsetResult]) -> list[Row]:
    """One row per model and window and, with several windows, one of all rows pooled.

    Skill is the share of climatology's Brier score and log loss that is saved, where climatology is among the models.
    """
    rows: list[Row] = []
    for model in dict.fromkeys(result.model for result in results):
        own = [result for result in results if result.model == model]
        parts = [(result.window.label, [result]) for result in own]
        for label, group in parts + ([(POOLED, own)] if len(own) > 1 else []):
            probability, outcome, _, period = _known_onsets(group)
            if outcome.size:
                scores = onset_scores(probability, outcome, period=period)
                rows.append({"model": model, "window": label, **asdict(scores)})
    return _with_skill(rows)


def onset_differences(results: Sequence[OnsetResult], *, seed: int) -> list[Row]:
    """What each model gains on each baseline over all windows, in each of :data:`GAINS`, with intervals over units.

    Below zero is better for the Brier score and the log loss, above zero for the others.
    """
    rows: list[Row] = []
    grouped = {r.model: [s for s in results if s.model == r.model] for r in results}
    if not grouped or all(np.isnan(r.actual).all() for r in results):
        return rows
    said = {model: _known_onsets(own)[0] for model, own in grouped.items()}
    # every model is asked for the same rows
    _, outcome, unit, period = _known_onsets(next(iter(grouped.values())))
    samples = resampled(unit, seed=seed, times=_ONSET_RESAMPLES)
    top = _TopOfList(period)
    found = {model: _sampled_scores(p, outcome, top, samples) for model, p in said.items()}
    for model, baseline in _pairs(list(grouped)):
        for score in GAINS:
            gain = found[model][score] - found[baseline][score]
            if not np.isnan(gain[0]):
                interval = _interval_of(gain)
                rows.append(_difference(model, baseline, score, interval) | {"unit_periods": int(outcome.size)})
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _TopOfList:
    """Which rows stand in the first ten of their period's list, ties at the cut in proportion."""

    period: NDArray[np.int64]

    def share(self, probability: Floats, top: int = 10) -> Floats:
        """The share of each row that is in the list, 0 to 1."""
        inside = np.zeros(probability.size)
        for one in np.unique(self.period):
            rows = np.flatnonzero(self.period == one)
            p = probability[rows]
            cut = np.sort(p)[-min(top, p.size)]
            tied = p == cut
            inside[rows] = np.where(p > cut, 1.0, np.where(tied, (min(top, p.size) - (p > cut).sum()) / tied.sum(), 0))
        return inside


def _sampled_scores(
    probability: Floats, outcome: Floats, top: _TopOfList, samples: Sequence[NDArray[np.int64]]
) -> dict[str, Floats]:
    """Each score on all rows, then on each sample; NaN where a sample holds no onset.

    A country that is drawn twice stands twice in no list: whether it was in the first ten is settled before.
    """
    p = np.clip(probability, _FLOOR, 1.0 - _FLOOR)
    caught = top.share(probability) * outcome
    losses = {"brier": (probability - outcome) ** 2, "log_loss": -np.log(np.where(outcome == 1, p, 1.0 - p))}
    every = [np.arange(outcome.size), *samples]
    found = {name: np.array([loss[rows].mean() for rows in every]) for name, loss in losses.items()}
    for name, score in (("auc", area_under_curve), ("average_precision", average_precision)):
        values = (score(probability[rows], outcome[rows]) for rows in every)
        found[name] = np.array([np.nan if one is None else one for one in values])
    onsets = np.array([outcome[rows].sum() for rows in every])
    hits = np.array([caught[rows].sum() for rows in every])
    found["recall_top_10"] = np.divide(hits, onsets, out=np.full(onsets.size, np.nan), where=onsets > 0)
    return found


def _interval_of(values: Floats) -> Interval:
    usable = values[1:][~np.isnan(values[1:])]
    if not usable.size:
        return Interval(float(values[0]), None, None)
    low, high = np.quantile(usable, [0.025, 0.975])
    return Interval(float(values[0]), float(low), float(high))


def _with_skill(rows: list[Row]) -> list[Row]:
    base = {row["window"]: row for row in rows if row["model"] == _CLIMATOLOGY}
    for row in rows:
        for score in ("brier", "log_loss") if base else ():
            reference = float(base[row["window"]][score] or 0.0)
            row[f"{score}_skill"] = 1.0 - float(row[score] or 0.0) / reference if reference else None
    return rows


def onset_intervals(
    probability: NDArray[np.float64], outcome: NDArray[np.float64], unit: NDArray[np.str_], *, seed: int
) -> dict[str, Interval]:
    """Brier score, AUC and average precision with 95 % intervals over units; few onsets, wide intervals."""
    intervals = {"brier": mean_interval((probability - outcome) ** 2, unit, seed=seed)}
    samples = resampled(unit, seed=seed, times=_ONSET_RESAMPLES)
    for name, score in (("auc", area_under_curve), ("average_precision", average_precision)):
        value = score(probability, outcome)
        drawn = [score(probability[rows], outcome[rows]) for rows in samples]
        usable = [one for one in drawn if one is not None]
        if value is not None and usable:
            low, high = np.quantile(usable, [0.025, 0.975])
            intervals[name] = Interval(value, float(low), float(high))
    return intervals


def _pairs(models: Sequence[str]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in product(models, models) if a != b and b in BASELINES]


def _difference(model: str, baseline: str, score: str, found: Interval) -> Row:
    return {
        "model": model,
        "baseline": baseline,
        "score": score,
        "difference": found.value,
        "low_95": found.low,
        "high_95": found.high,
    }


def _mean_of(windows: Mapping[str, CountScores]) -> Row:
    means = [scores.means() for scores in windows.values()]
    return count_row(joined_scores(list(windows.values()))) | {
        name: float(np.mean([m[name] for m in means])) for name in means[0]
    }


def _common(ours: CountScores, theirs: CountScores) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the unit-periods that both have, in the same order."""
    same = ours.unit.size == theirs.unit.size
    if same and (ours.unit == theirs.unit).all() and (ours.period == theirs.period).all():
        every = np.arange(ours.unit.size)
        return every, every
    left, right = (np.char.add(s.unit, np.char.add("|", s.period.astype(np.str_))) for s in (ours, theirs))
    _, mine, other = np.intersect1d(left, right, return_indices=True)
    return mine, other


def _known_onsets(
    results: Sequence[OnsetResult],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_], NDArray[np.int64]]:
    probability = np.concatenate([r.probability for r in results])
    actual = np.concatenate([r.actual for r in results])
    unit = np.concatenate([r.units for r in results])
    period = np.concatenate([r.periods for r in results])
    known = ~np.isnan(actual)
    return probability[known], actual[known], unit[known], period[known]
