"""Incidents counted into a panel, as known at a date.

An incident that became known after the date is not seen, and months not yet over on that date are cut: half
a month would read as a fall. A unit-month nobody covered and from which nothing was reported is NaN, not
zero; what was reported from it all the same is kept, as the least that happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forewarn.clock import last_complete_month
from forewarn.errors import ForecastError, InputValueError
from forewarn.model.panel import IncidentArrays, Panel, require_units

__all__ = ["Frame", "build_panel", "last_complete_month"]

INCIDENT_COUNT = "incidents"
"""The feature every panel has: how many incidents were counted; a row is one, unless a count of that name says more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The units and months a panel is to have, before anything is counted into it.

    ``first_month`` and ``last_month`` are month ids, both included; ``level`` as in the panel.
    """

    units: tuple[str, ...]
    first_month: int
    last_month: int
    level: str

    def __post_init__(self) -> None:
        require_units(self.units)
        if self.first_month > self.last_month:
            raise InputValueError(
                f"{self.first_month} is after {self.last_month}", where="panel months", mend="swap them"
            )


def build_panel(
    incidents: IncidentArrays,
    frame: Frame,
    *,
    as_known_at: date,
    observed: NDArray[np.bool_] | None = None,
) -> Panel:
    """Count incidents into unit-months, as known at the end of a day.

    Args:
        incidents: columns; ``unit`` indexes ``frame.units``. Months outside the frame are not counted.
        frame: the units and months wanted; months not complete at ``as_known_at`` are left out.
        as_known_at: incidents with a later ``known_on`` are not seen.
        observed: ``[unit, month]`` over the frame's months: where somebody was looking. Uncovered
            unit-months without a report become NaN. ``None`` states nothing and counts silence as zero.

    Returns:
        A float32 panel with the feature ``incidents`` and one feature per named count, sorted by name.

    Raises:
        ForecastError: when no month of the frame is complete at the date.
    """
    _require_units_exist(incidents, frame.units)
    last = min(frame.last_month, last_complete_month(as_known_at))
    if last < frame.first_month:
        raise ForecastError(
            f"no month from {frame.first_month} was over on {as_known_at}",
            where="panel",
            mend="start the panel earlier or take a later date",
        )
    cover = _cover(observed, frame, last - frame.first_month + 1)
    counted = _counted(incidents, frame, as_known_at=as_known_at, last=last)
    features = (INCIDENT_COUNT, *sorted(set(incidents.counts) - {INCIDENT_COUNT}))
    cube = np.empty((len(features), len(frame.units), last - frame.first_month + 1), dtype=np.float32)
    for k, name in enumerate(features):
        weights = incidents.counts[name][counted.rows] if name in incidents.counts else None
        flat = np.bincount(counted.cells, weights=weights, minlength=cube[k].size)
        cube[k] = flat.reshape(cube[k].shape)
    if cover is not None:
        cube[:, ~cover & (cube[0] == 0)] = np.nan
    return Panel(
        values=cube.transpose(1, 2, 0),
        units=frame.units,
        first_month=frame.first_month,
        features=features,
        level=frame.level,
        as_known_at=as_known_at,
        observed=cover,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """The incidents that count: their rows, and the unit-month of each as one flat index."""

    rows: NDArray[np.int64]
    cells: NDArray[np.int64]


def _counted(incidents: IncidentArrays, frame: Frame, *, as_known_at: date, last: int) -> _Counted:
    seen = incidents.known_on <= np.datetime64(as_known_at, "D")
    inside = (incidents.month >= frame.first_month) & (incidents.month <= last)
    rows = np.flatnonzero(seen & inside)
    months = last - frame.first_month + 1
    cells = incidents.unit[rows].astype(np.int64) * months + (incidents.month[rows] - frame.first_month)
    return _Counted(rows, cells)


def _require_units_exist(incidents: IncidentArrays, units: Sequence[str]) -> None:
    if len(incidents) and int(incidents.unit.max()) >= len(units):
        raise InputValueError(
            f"holds index {int(incidents.unit.max())} for {len(units)} units", where="unit", mend="align them"
        )


def _cover(observed: NDArray[np.bool_] | None, frame: Frame, months: int) -> NDArray[np.bool_] | None:
    if observed is None:
        return None
    wanted = (len(frame.units), frame.last_month - frame.first_month + 1)
    if observed.shape != wanted or observed.dtype != np.bool_:
        raise InputValueError(
            f"is {observed.dtype} of shape {observed.shape}, not bool {wanted}", where="observed", mend="reshape it"
        )
    return observed[:, :months]
