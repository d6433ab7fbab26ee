"""What proposals are made from: forecasts in summary, incidents as known, coverage, and levels already held.

Owns the nouns that ``operations`` fills and the trigger reads. They refuse to exist with probabilities outside
0..1, exceedance that rises with the threshold, incidents that became known after the day of knowledge, or
columns missing. Nothing here judges.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import polars as pl

from forewarn.clock import month_label
from forewarn.errors import InputFormatError, InputValueError
from forewarn.model.alert import LEVELS
from forewarn.model.place import UnitLevel
from forewarn.model.tables import INCIDENT_COLUMNS
from forewarn.model.validation import require_choice, require_text

__all__ = ["Standing", "TriggerInputs", "UnitCoverage", "UnitForecast"]


@dataclass(frozen=True, slots=True)
class UnitForecast:
    """A forecast for one unit, summed over its horizon, beside what the unit's own history says.

    Attributes:
        unit: the unit's id.
        horizon_months: how many months are summed, 1..60.
        first_month: month id of the first month forecast.
        exceedance: chance 0..1 of at least so many, by number; falls as the number rises.
        q05, q50, q95, mean: of the sum over the horizon, in the target's unit.
        base_rate_exceedance: share of the unit's own past windows of the same length with at least so many, by
            number; a number left out is unknown.
        model, target, as_known_at, forecast_id: where it comes from; ``forecast_id`` can be looked up.
        skill: one sentence on how the model did in back-tests of this target; empty when nobody has scored it.
        skill_shown: whether those back-tests showed skill for units of this one's status. Without it no rule of the
            policy is met by the forecast, whatever its chances.
    """

    unit: str
    horizon_months: int
    first_month: int
    exceedance: Mapping[int, float]
    q05: float
    q50: float
    q95: float
    mean: float
    base_rate_exceedance: Mapping[int, float]
    model: str
    target: str
    as_known_at: date
    forecast_id: str
    skill: str = ""
    skill_shown: bool = False

    def __post_init__(self) -> None:
        for name in ("unit", "model", "target", "forecast_id"):
            require_text(getattr(self, name), name, longest=300)
        if not 1 <= self.horizon_months <= 60:
            raise InputValueError(f"{self.horizon_months} months", where="horizon_months", mend="use 1..60")
        for name in ("exceedance", "base_rate_exceedance"):
            _require_exceedance(getattr(self, name), name)
            object.__setattr__(self, name, MappingProxyType(dict(sorted(getattr(self, name).items()))))
        numbers = (self.q05, self.q50, self.q95)
        if not all(math.isfinite(q) and q >= 0 for q in (*numbers, self.mean)) or list(numbers) != sorted(numbers):
            raise InputValueError(
                f"{numbers}, mean {self.mean}: not finite, not negative and in order",
                where="forecast quantiles",
                mend="give q05 <= q50 <= q95",
            )

    @property
    def may_raise(self) -> bool:
        """Whether an alert may be drawn from it: only where skill was measured, and shown."""
        return bool(self.skill) and self.skill_shown

    @property
    def last_month(self) -> int:
        """Month id of the last month forecast."""
        return self.first_month + self.horizon_months - 1


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """In which months somebody was looking at a unit.

    Attributes:
        unit: the unit's id.
        first_month: month id of the first value; months follow without a gap.
        observed: for each month, whether any source that covers the unit was at work.
        blind_spots: sentences on what the sources cannot see there, in any month.
    """

    unit: str
    first_month: int
    observed: tuple[bool, ...]
    blind_spots: tuple[str, ...] = ()

    def share(self, last_month: int, months: int) -> tuple[int, int]:
        """How many of the ``months`` up to ``last_month`` were observed, and how many there are; months
        outside the record count as not observed."""
        return sum(self.was_observed(month) for month in range(last_month - months + 1, last_month + 1)), months

    def was_observed(self, month: int) -> bool:
        """Whether somebody was looking in that month; outside the record nobody was."""
        position = month - self.first_month
        return 0 <= position < len(self.observed) and self.observed[position]

    def unobserved(self, last_month: int, months: int) -> tuple[str, ...]:
        """The months not observed among the ``months`` up to ``last_month``, as ``2017-06``."""
        span = range(last_month - months + 1, last_month + 1)
        return tuple(month_label(month) for month in span if not self.was_observed(month))


@dataclass(frozen=True, slots=True)
class Standing:
    """The level a unit already holds, and the day it was last proposed or issued."""

    unit: str
    level: str
    since: date

    def __post_init__(self) -> None:
        require_choice(self.level, "level", LEVELS)


@dataclass(frozen=True, eq=False)
class TriggerInputs:
    """All that was known on a day, for units of one level.

    Attributes:
        as_known_at: the day of knowledge.
        level: the kind of unit: country, admin1 or cell.
        forecasts: at most one a unit.
        incidents: a frame with :data:`~forewarn.model.tables.INCIDENT_COLUMNS` and ``claim_ids`` (list of text);
            optionally ``unit`` (else it is made from the place) and ``origins`` (list of text: the names of those
            origins that do not go back to each other).
        coverage: at most one a unit; a unit without one counts as of unknown coverage.
        standing: levels already held.
        silences: by country, sentences on sources that used to report there and have fallen silent.
        undated: how many more incidents anywhere, not among ``incidents``, say no day.
    """

    as_known_at: date
    level: UnitLevel
    forecasts: tuple[UnitForecast, ...]
    incidents: pl.DataFrame
    coverage: tuple[UnitCoverage, ...] = ()
    standing: tuple[Standing, ...] = ()
    silences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undated: int = 0

    def __post_init__(self) -> None:
        for name in ("forecasts", "coverage", "standing"):
            units = [item.unit for item in getattr(self, name)]
            if len(set(units)) != len(units):
                raise InputValueError("names a unit twice", where=name, mend="give one entry a unit")
        for forecast in self.forecasts:
            if forecast.as_known_at > self.as_known_at:
                raise InputValueError(
                    f"the forecast for '{forecast.unit}' knows {forecast.as_known_at}, after {self.as_known_at}",
                    where="forecasts",
                    mend="make it as known at the same day",
                )
        self._check_incidents()

    def _check_incidents(self) -> None:
        needed = {column.name for column in INCIDENT_COLUMNS} | {"claim_ids"}
        if absent := sorted(needed - set(self.incidents.columns)):
            raise InputFormatError(
                f"lack the columns {', '.join(absent)}", where="incidents", mend="give the incidents table"
            )
        later = self.incidents.filter(pl.col("known_on").cast(pl.String) > self.as_known_at.isoformat()).height
        if later:
            raise InputValueError(
                f"{later:,} became known after {self.as_known_at}",
                where="incidents",
                mend="leave out what was not known by then",
            )


def _require_exceedance(chances: Mapping[int, float], name: str) -> None:
    in_order = [chances[number] for number in sorted(chances)]
    if any(number < 1 for number in chances) or not all(0.0 <= chance <= 1.0 for chance in in_order):
        raise InputValueError("holds a number below 1 or a chance outside 0..1", where=name, mend="correct it")
    if in_order != sorted(in_order, reverse=True):
        raise InputValueError("rises with the number of deaths", where=name, mend="check the thresholds")
