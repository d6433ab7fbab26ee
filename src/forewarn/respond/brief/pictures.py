"""What the pictures of a brief show: months with ranges, what may come, and deaths by grid cell.

Owns the nouns of the pictures; drawing is in ``figures``. A month nobody observed has no numbers and a month
observed without a death has 0: the two are never the same. Deaths on the map are those of half-degree cells;
nothing finer can be given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from forewarn.errors import InputValueError
from forewarn.model.grid import cell_centre
from forewarn.model.validation import require_coordinates, require_count, require_text

__all__ = [
    "AreaMap",
    "Exceedance",
    "Fan",
    "FanMonth",
    "MapCell",
    "MapPlace",
    "Outline",
    "Ring",
    "Series",
    "SeriesMonth",
]

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude), WGS 84 degrees; the last point need not repeat the first."""


@dataclass(frozen=True, slots=True)
class SeriesMonth:
    """One month's count: 0 <= low <= best <= high, or none of them where nobody was looking and nothing came in.

    An unobserved month may still have numbers, from reports that came in all the same; they are a minimum.
    """

    month: int
    low: int | None
    best: int | None
    high: int | None
    observed: bool

    def __post_init__(self) -> None:
        numbers = (self.low, self.best, self.high)
        for number in numbers:
            require_count(number, f"month {self.month}")
        known = [number for number in numbers if number is not None]
        if len(known) not in (0, 3) or known != sorted(known) or (self.observed and not known):
            raise InputValueError(
                f"has {numbers}", where=f"month {self.month}", mend="give low <= best <= high, or none if unobserved"
            )


@dataclass(frozen=True, slots=True)
class Series:
    """Months in order, without a gap, up to the day of knowledge.

    Attributes:
        label: what is counted, where.
        noun: in the plural.
        months: as known by the day of knowledge.
        coverage: one sentence.
        claim_ids: the claims behind ``months``.
        later: only when asked for: months as became known later, drawn apart.
        later_claim_ids: the claims behind ``later``.
    """

    label: str
    noun: str
    months: tuple[SeriesMonth, ...]
    coverage: str
    claim_ids: tuple[str, ...]
    later: tuple[SeriesMonth, ...] = ()
    later_claim_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("label", "noun", "coverage"):
            require_text(getattr(self, name), f"series {name}")
        numbers = [month.month for month in self.months]
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise InputValueError("are none, or leave a gap", where="series months", mend="name unobserved months too")


@dataclass(frozen=True, slots=True)
class FanMonth:
    """One month ahead: quantiles of the forecast, not negative and in order."""

    month: int
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float

    def __post_init__(self) -> None:
        quantiles = [self.q05, self.q25, self.q50, self.q75, self.q95]
        if not all(math.isfinite(q) and q >= 0 for q in quantiles) or quantiles != sorted(quantiles):
            raise InputValueError(f"{quantiles}", where=f"fan month {self.month}", mend="give rising quantiles")


@dataclass(frozen=True, slots=True)
class Exceedance:
    """The chance of at least so many over the whole horizon, beside how often the unit's own past had it."""

    number: int
    chance: float
    base_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Fan:
    """A forecast as months ahead, with where it comes from.

    Attributes:
        months: in order, after the last month of the data.
        noun: what is forecast, in the plural.
        model, forecast_id, data_through: which forecast; ``data_through`` is the last month id it learnt from.
        as_known_at: the day whose knowledge it used.
        exceedances: over the whole horizon.
        skill: one sentence on how the model did in back-tests, or that nobody has measured it.
        total: low (5 %), median and high (95 %) of the sum over the horizon.
    """

    months: tuple[FanMonth, ...]
    noun: str
    model: str
    forecast_id: str
    data_through: int
    as_known_at: date
    exceedances: tuple[Exceedance, ...] = ()
    skill: str = ""
    total: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if not self.months or [m.month for m in self.months] != sorted({m.month for m in self.months}):
            raise InputValueError("are none, or out of order", where="fan months", mend="sort them")


@dataclass(frozen=True, slots=True)
class MapCell:
    """Deaths in one PRIO-GRID cell: a range, and over how many incidents."""

    cell: int
    low: int
    high: int
    incidents: int

    def __post_init__(self) -> None:
        cell_centre(self.cell)
        require_count(self.low, "cell low")
        require_count(self.high, "cell high")
        if self.low > self.high:
            raise InputValueError(f"{self.low} is above {self.high}", where=f"cell {self.cell}", mend="reorder")


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A populated place of the gazetteer, for orientation; never a place from a report."""

    name: str
    latitude: float
    longitude: float
    population: int

    def __post_init__(self) -> None:
        require_coordinates(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of an area: rings of (longitude, latitude). ``is_focus`` marks the area of the brief."""

    name: str
    rings: tuple[Ring, ...]
    is_focus: bool = False

    def __post_init__(self) -> None:
        for ring in self.rings:
            for longitude, latitude in ring:
                require_coordinates(latitude, longitude)


@dataclass(frozen=True, slots=True)
class AreaMap:
    """Deaths by cell over a stated time, over a base of populated places and, where given, outlines.

    ``unplaced`` is how many incidents are known too roughly for a cell: they are missing from the map and named.
    """

    label: str
    noun: str
    cells: tuple[MapCell, ...]
    places: tuple[MapPlace, ...]
    coverage: str
    claim_ids: tuple[str, ...]
    outlines: tuple[Outline, ...] = ()
    unplaced: int = 0

    def __post_init__(self) -> None:
        for name in ("label", "noun", "coverage"):
            require_text(getattr(self, name), f"map {name}")
        if not (self.cells or self.places or self.outlines):
            raise InputValueError("has nothing to show", where="map", mend="give places or outlines as a base")
