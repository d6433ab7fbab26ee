"""The panel: a cube of units by months by features, as known at a date.

A panel refuses to exist with the wrong shape or an impossible number. Two rules a reader must know: NaN
means *missing* and is never zero, and ``observed`` says where somebody was looking, so that a zero there is
an observed absence and not silence. Arrays are read-only once they are inside a noun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import InputValueError, UnknownNameError, shorten
from forewarn.model.validation import require_choice

__all__ = ["LEVELS", "IncidentArrays", "Panel", "require_units"]

LEVELS = ("admin1", "cell", "country")
"""What a unit may be."""

_LAST_MONTH, _FIRST_MONTH = 12_000, -2_160  # 1800 to 2979: beyond it a month id is a slip


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """The cube: ``values[unit, month, feature]``, float32 or float64, NaN where missing.

    Attributes:
        values: the cube; infinite numbers are refused.
        units: the id of each unit, unique: an ISO code, an admin code, a cell id as text.
        first_month: month id of ``values[:, 0]``; months follow without a gap.
        features: the name of each feature, unique.
        level: one of :data:`LEVELS`.
        as_known_at: the day whose knowledge the panel holds; nothing learnt later is in it.
        observed: ``[unit, month]``, whether the unit was covered in that month; ``None`` when not stated.
    """

    values: NDArray[Any]
    units: tuple[str, ...]
    first_month: int
    features: tuple[str, ...]
    level: str
    as_known_at: date
    observed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        require_choice(self.level, "level", LEVELS)
        require_units(self.units)
        _require_unique(self.features, "features")
        expected = (len(self.units), self.values.shape[1] if self.values.ndim == 3 else -1, len(self.features))
        if self.values.dtype not in (np.float32, np.float64) or self.values.shape != expected:
            raise InputValueError(
                f"is {self.values.dtype} of shape {self.values.shape}",
                where="panel values",
                mend=f"give floats [unit, month, feature] for {expected[0]} units and {expected[2]} features",
            )
        _require_months(self.first_month, self.values.shape[1])
        if np.isinf(self.values).any():
            raise InputValueError("holds infinite numbers", where="panel values", mend="use NaN for missing")
        if self.observed is not None and (
            self.observed.dtype != np.bool_ or self.observed.shape != self.values.shape[:2]
        ):
            raise InputValueError("is not a boolean [unit, month]", where="panel observed", mend="reshape it")
        _freeze(self, "values", "observed")

    @property
    def last_month(self) -> int:
        """Month id of the last column; one less than ``first_month`` when there is none."""
        return self.first_month + int(self.values.shape[1]) - 1

    @property
    def months(self) -> range:
        """The month ids, in order."""
        return range(self.first_month, self.last_month + 1)

    def feature(self, name: str) -> NDArray[Any]:
        """One feature as ``[unit, month]``, without copying; an unknown name is refused."""
        return self.values[:, :, self._position(name)]

    def until(self, month: int) -> Panel:
        """The panel without the months after ``month``."""
        keep = min(max(month - self.first_month + 1, 0), self.values.shape[1])
        observed = None if self.observed is None else self.observed[:, :keep]
        return replace(self, values=self.values[:, :keep], observed=observed)

    def _position(self, name: str) -> int:
        if name not in self.features:
            raise UnknownNameError(
                f"no feature '{shorten(name)}' in the panel", mend=f"use one of {', '.join(sorted(self.features))}"
            )
        return self.features.index(name)


@dataclass(frozen=True, slots=True, eq=False)
class IncidentArrays:
    """Incidents as columns of equal length, ready to be counted into a panel.

    Attributes:
        unit: index into the units of the panel to be built, int32; -1 is refused, so whoever could not
            place an incident leaves it out and counts it.
        month: month id in which it happened, int32.
        known_on: the day on which it was first known, as ``datetime64[D]``.
        counts: named figures, one per incident, finite and not negative: deaths, incidents, displaced.
    """

    unit: NDArray[np.int32]
    month: NDArray[np.int32]
    known_on: NDArray[np.datetime64]
    counts: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = {
            "unit": np.asarray(self.unit, dtype=np.int32),
            "month": np.asarray(self.month, dtype=np.int32),
            "known_on": np.asarray(self.known_on).astype("datetime64[D]"),
        }
        counts = {name: np.asarray(column, dtype=np.float64) for name, column in self.counts.items()}
        lengths = {name: column.shape for name, column in (columns | counts).items()}
        if len(set(lengths.values())) != 1 or columns["unit"].ndim != 1:
            raise InputValueError(f"differ in length: {lengths}", where="incident columns", mend="align them")
        _require_incidents(columns)
        for name, column in counts.items():
            _require_counts(name, column)
        for name, column in columns.items():
            object.__setattr__(self, name, column)
        object.__setattr__(self, "counts", MappingProxyType(counts))
        _freeze(self, "unit", "month", "known_on")

    def __len__(self) -> int:
        """The number of incidents."""
        return int(self.unit.size)


def require_units(units: Sequence[str]) -> None:
    """Unit ids are not blank and come once each."""
    _require_unique(units, "units")


def _require_unique(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if not str(name).strip():
            raise InputValueError(f"'{shorten(name)}' is no id", where=what, mend="give a text that is not blank")
        if name in seen:
            raise InputValueError(f"'{shorten(name)}' comes twice", where=what, mend="give each once")
        seen.add(name)


def _require_months(first: int, count: int) -> None:
    if not _FIRST_MONTH <= first <= first + count <= _LAST_MONTH:
        raise InputValueError(
            f"{count} months from month id {first} are not in 1800..2979",
            where="first_month",
            mend="count months from 1 = January 1980",
        )


def _require_incidents(columns: Mapping[str, NDArray[Any]]) -> None:
    if columns["unit"].size == 0:
        return
    if columns["unit"].min() < 0:
        raise InputValueError("holds a negative index", where="unit", mend="leave out incidents without a unit")
    _require_months(int(columns["month"].min()), 0)
    _require_months(int(columns["month"].max()), 0)
    if np.isnat(columns["known_on"]).any():
        raise InputValueError("is missing for an incident", where="known_on", mend="give the day it was known")


def _require_counts(name: str, column: NDArray[np.float64]) -> None:
    bad = np.flatnonzero(~(np.isfinite(column) & (column >= 0)))
    if bad.size:
        raise InputValueError(
            f"{bad.size} values are missing, infinite or negative, the first at incident {bad[0]}",
            where=shorten(name),
            mend="leave out incidents without the figure",
        )


def _freeze(noun: object, *names: str) -> None:
    """Put read-only views in place of the arrays, so that a noun cannot be changed through them."""
    for name in names:
        array = getattr(noun, name)
        if array is not None:
            view = array.view()
            view.setflags(write=False)
            object.__setattr__(noun, name, view)
