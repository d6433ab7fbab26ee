"""Skill: what a forecast adds to climatology, group by group, or the plain sentence that it adds nothing.

Three climatologies that learn nothing: months of all units over twenty years (``boot_240``), the unit's own months
over twenty years, each as likely (``own_240``), and that nothing happens (``zero``). Skill is shown where the CRPS of
log(1 + count) is lower than that of *all*, with the whole 95 % interval from resampling units below zero. The CRPS
itself and the Brier scores of reaching 1 and 25 stand beside it: one month in one country can decide the CRPS, so it
does not judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError
from forewarn.forecast.evaluation import paired_interval
from forewarn.forecast.models import History, Task
from forewarn.forecast.models.baselines import Bootstrap, Conflictology, Zero
from forewarn.forecast.scorecard import THRESHOLDS, CountBatch, count_batch

__all__ = [
    "FEWEST_EVENTS",
    "FEWEST_UNITS",
    "NO_SKILL",
    "REFERENCES",
    "VERDICTS",
    "Skill",
    "climatology",
    "skill_of",
    "skill_sentence",
    "verdict_of",
]

REFERENCES = ("boot_240", "own_240", "zero")
"""Months of all units, and the unit's own months, over twenty years; and nothing at all."""

VERDICTS = ("shown", "not shown", "not tested")
NO_SKILL = "no skill shown here: do not draw alerts from it"
"""What is said of a group in which a forecast does not beat climatology."""

FEWEST_UNITS = 5
"""Units below which nothing is said for or against skill."""

FEWEST_EVENTS = 5
"""Unit-months with one or more below which nothing is said: saying zero where nothing happens is no skill."""

DECIDES = "log1p_crps"
_FEWEST_DRAWS = 100
_MOST_NUMBERS = 20_000_000
_SEED = 0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Skill:
    """How a forecast compares with one climatology in one group, by one score.

    ``events`` are the unit-months with one or more; ``ratio`` is one less the quotient of the mean scores (1 is
    perfect, 0 no better, ``None`` where the climatology made no error); ``difference`` is the mean of ours less theirs,
    with the 95 % interval over units.
    """

    reference: str
    score: str
    units: int
    unit_periods: int
    events: int
    ratio: float | None
    difference: float
    low_95: float | None
    high_95: float | None

    @property
    def is_better(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.high_95 is not None and self.high_95 < 0


def climatology(history: History, task: Task, actual: Floats, months: range) -> dict[str, CountBatch]:
    """What the climatologies would have scored on ``actual[unit, month]``, NaN unknown, by name.

    On a grid fewer draws are taken than the task asks for, at least a hundred, so that they fit in memory.
    """
    row, column = np.nonzero(~np.isnan(actual))
    unit, period = np.array(history.units)[row], np.asarray(months, dtype=np.int64)[column]
    made = {}
    fits = max(_FEWEST_DRAWS, _MOST_NUMBERS // max(1, len(history.units) * len(task.horizons)))
    task = replace(task, draws=min(task.draws or fits, fits, 1000))
    for model in (Bootstrap(name=REFERENCES[0]), Conflictology(months=240, name=REFERENCES[1]), Zero()):
        draws = model.forecast(history, task)[row, column]
        known = ~np.isnan(draws[:, 0])
        made[model.name] = count_batch(draws[known], actual[row, column][known], unit=unit[known], period=period[known])
    return made


def skill_of(ours: CountBatch, references: Mapping[str, CountBatch], *, scores: Sequence[str]) -> tuple[Skill, ...]:
    """One row per reference and score, on the unit-periods both have.

    ``scores`` are of ``crps``, ``log1p_crps``, ``brier_1`` and ``brier_25``.
    """
    rows = []
    for name, theirs in references.items():
        mine, other = _common(ours, theirs)
        if not mine.size:
            continue
        unit = ours.scores.unit[mine]
        for score in scores:
            left, right = _score(ours, score)[mine], _score(theirs, score)[other]
            found = paired_interval(left, right, unit, seed=_SEED)
            ratio = 1.0 - float(left.mean() / right.mean()) if right.mean() > 0 else None
            sizes = (np.unique(unit).size, mine.size, int((ours.actual[mine] >= 1).sum()))
            rows.append(Skill(name, score, *sizes, ratio, found.value, found.low, found.high))
    return tuple(rows)


def verdict_of(found: Sequence[Skill]) -> str:
    """One of :data:`VERDICTS`: shown only where all climatologies are beaten by the score that decides."""
    judged = [one for one in found if one.score == DECIDES]
    if not judged or min(o.units for o in judged) < FEWEST_UNITS or min(o.events for o in judged) < FEWEST_EVENTS:
        return VERDICTS[2]
    return VERDICTS[0] if all(one.is_better for one in judged) else VERDICTS[1]


def skill_sentence(found: Sequence[Skill]) -> str:
    """The verdict in words, with its figures."""
    judged = [one for one in found if one.score == DECIDES]
    verdict = verdict_of(found)
    if not judged:
        return "Skill was not tested: nothing to compare with."
    units, pairs, events = judged[0].units, judged[0].unit_periods, judged[0].events
    if verdict == VERDICTS[2]:
        return (
            f"Skill was not tested: too little to tell ({units:,} units, {events:,} of {pairs:,} unit-months with one "
            f"or more; {FEWEST_UNITS} and {FEWEST_EVENTS} are needed): do not draw alerts from it."
        )
    told = "; ".join(_told(one) for one in judged)
    said = "Skill is shown" if verdict == VERDICTS[0] else NO_SKILL[:1].upper() + NO_SKILL[1:]
    return f"{said} ({units:,} units, {events:,} of {pairs:,} unit-months with one or more): {told}."


def _told(one: Skill) -> str:
    whose = {
        "boot_240": "months of all units",
        "own_240": "the unit's own months",
        "zero": "saying that nothing happens",
    }[one.reference]
    if one.ratio is None:
        gain = "no error to improve on"
    else:
        gain = f"{one.ratio:+.0%}" if one.ratio > -1 else f"{1 - one.ratio:,.1f} times the error"
    low, high = (0.0 if bound is None else bound for bound in (one.low_95, one.high_95))
    return f"against {whose} {gain}, difference {one.difference:.4f} (95 % interval {low:.4f} to {high:.4f})"


def _score(batch: CountBatch, name: str) -> Floats:
    if name in ("crps", "log1p_crps"):
        found: Floats = getattr(batch.scores, name)
        return found
    places = {f"brier_{threshold}": k for k, threshold in enumerate(THRESHOLDS)}
    if name not in places:
        raise InputValueError(f"no score '{name}'", where="skill", mend=f"use crps, log1p_crps, {', '.join(places)}")
    return np.asarray((batch.exceedance[places[name]] - batch.happened[places[name]]) ** 2)


def _common(ours: CountBatch, theirs: CountBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    left, right = (
        np.char.add(b.scores.unit, np.char.add("|", b.scores.period.astype(np.str_))) for b in (ours, theirs)
    )
    if left.size == right.size and (left == right).all():
        every = np.arange(left.size)
        return every, every
    _, mine, other = np.intersect1d(left, right, return_indices=True)
    return mine, other
