"""The calibration of a forecast, over all and by group: can its percentages be taken at their word, and where.

For each group the PIT, said against happened by band of chance for at least 1 and at least 25, coverage of the 50 and
90 % intervals with their width, and skill against climatology with the sentence that says what follows. Groups are the
whole, the status of the conflict at the origin and the region; a group of one pair is still shown, with its size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.grouping import STATUSES
from forewarn.forecast.scorecard import THRESHOLDS, CountBatch, calibration_card, reliability_bands
from forewarn.forecast.skill import DECIDES, Skill, skill_of, skill_sentence, verdict_of

__all__ = ["ALL", "GroupCalibration", "Labels", "calibration"]

ALL = "all"
_EVERY_SCORE = (DECIDES, "crps", "brier_1", "brier_25")


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The groups of each pair: its region and, where a history was given, its status; empty where not known."""

    region: NDArray[np.str_]
    status: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class GroupCalibration:
    """The calibration of one group of pairs.

    ``by`` is ``all``, ``status`` or ``region``; ``reliability`` is by threshold; ``skill`` is empty without a
    climatology to compare with; ``sentence`` says what follows.
    """

    by: str
    group: str
    units: int
    unit_periods: int
    happened: dict[str, int]
    coverage: list[dict[str, float]]
    pit_histogram: list[float]
    reliability: dict[str, list[dict[str, Any]]]
    skill: tuple[Skill, ...]
    verdict: str
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def calibration(
    batch: CountBatch, labels: Labels, references: Mapping[str, CountBatch] | None = None
) -> list[GroupCalibration]:
    """The whole, then by status, then by region; empty labels make no group."""
    groups = [_group(ALL, ALL, batch, references or {})]
    for by, names in (("status", labels.status), ("region", labels.region)):
        found = sorted(set(names.tolist()) - {""}, key=lambda name: (_place(name), name))
        groups += [_group(by, name, batch.where(names == name), references or {}) for name in found]
    return groups


def _place(name: str) -> int:
    return STATUSES.index(name) if name in STATUSES else len(STATUSES)


def _group(by: str, name: str, batch: CountBatch, references: Mapping[str, CountBatch]) -> GroupCalibration:
    scores: Sequence[str] = (DECIDES,) if by == "region" else _EVERY_SCORE
    found = skill_of(batch, references, scores=scores)
    card = calibration_card(batch)
    return GroupCalibration(
        by=by,
        group=name,
        units=int(np.unique(batch.scores.unit).size),
        unit_periods=int(batch.actual.size),
        happened={str(t): int(batch.happened[k].sum()) for k, t in enumerate(THRESHOLDS)},
        coverage=card["coverage"],
        pit_histogram=card["pit_histogram"],
        reliability={str(t): reliability_bands(batch, k) for k, t in enumerate(THRESHOLDS)},
        skill=found,
        verdict=verdict_of(found),
        sentence=skill_sentence(found),
    )
