"""Panels from the store: incidents as known on a day, counted into unit-months.

A month nobody covered is missing and not zero; where nobody says who could see what, silence counts as zero and the
reader is told. The same source gives the panel as it stood on any earlier day, so that a look back sees no more than
was known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess import coverage
from forewarn.clock import day_from_text, last_day, month_of
from forewarn.errors import ForecastError
from forewarn.forecast import Frame, build_panel, last_complete_month
from forewarn.model.panel import IncidentArrays, Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.knowledge import Knowledge, areas_of_cells

__all__ = ["TARGETS", "PanelMade", "PanelSource", "panel_of"]

TARGETS: Mapping[str, tuple[str, str]] = {
    "abducted": ("abducted", ""),
    "civilian_deaths": ("civilian_deaths", ""),
    "deaths": ("deaths", ""),
    "detained": ("detained", ""),
    "displaced": ("displaced", ""),
    "incidents": ("incidents", ""),
    "injured": ("injured", ""),
    "non_state_deaths": ("deaths", "non_state"),
    "one_sided_deaths": ("deaths", "one_sided"),
    "state_based_deaths": ("deaths", "state_based"),
}
"""What can be forecast: which count, of which type of violence (empty for all)."""


@dataclass(frozen=True, eq=False)
class PanelSource:
    """Incidents as arrays, the units and months, and where somebody was looking (``None``: nobody says)."""

    arrays: IncidentArrays
    frame: Frame
    observed: NDArray[np.bool_] | None

    def as_of(self, month: int) -> Panel:
        """The panel up to a month, from what was known on its last day. Figures and links are today's."""
        frame = replace(self.frame, last_month=month)
        seen = None if self.observed is None else self.observed[:, : month - frame.first_month + 1]
        return build_panel(self.arrays, frame, as_known_at=last_day(month), observed=seen)


@dataclass(frozen=True, eq=False)
class PanelMade:
    """A panel from the store, and the incidents that could not enter it.

    ``unplaced`` lie in no unit of the level or have no date; ``uncounted`` give no figure for the target.
    ``coverage_stated`` is false where nobody says who could see what: silence then counts as zero, and the
    reader must be told. ``source`` is what the panel was counted from.
    """

    panel: Panel
    unplaced: int
    uncounted: int
    coverage_stated: bool
    source: PanelSource


def panel_of(known: Knowledge, level: UnitLevel, target: str) -> PanelMade:
    """The panel of a target at a level, as known. Raises :class:`ForecastError` where nothing can be placed."""
    count, violence = TARGETS[target]
    incidents = known.incidents(level)
    placed = incidents.filter(pl.col("unit").is_not_null() & pl.col("started_on").is_not_null())
    if placed.is_empty():
        raise ForecastError(
            f"no incident known on {known.as_known_at} lies in a {level}",
            where="panel",
            mend="collect and assess first",
        )
    of_kind = placed.filter(pl.col("violence") == violence) if violence else placed
    counted = of_kind.with_columns(_figure(count).alias("figure")).filter(pl.col("figure").is_not_null())
    units = tuple(sorted({*placed["unit"], *_named_units(known, level)}))
    months = [month_of(day_from_text(day)) for day in placed["started_on"]]
    frame = Frame(units, min(months), max(last_complete_month(known.as_known_at), min(months)), level)
    observed = _observed(known, frame, placed, level)
    arrays = _arrays(counted, units, target)
    panel = build_panel(arrays, frame, as_known_at=known.as_known_at, observed=observed)
    return PanelMade(
        panel=panel,
        unplaced=incidents.height - placed.height,
        uncounted=of_kind.height - counted.height,
        coverage_stated=observed is not None,
        source=PanelSource(arrays, frame, observed),
    )


def _figure(count: str) -> pl.Expr:
    """The best figure of an incident, or its lowest where nobody gave a best; 1 when incidents are counted."""
    return pl.lit(1) if count == "incidents" else pl.coalesce(f"{count}_best", f"{count}_low")


def _arrays(counted: pl.DataFrame, units: tuple[str, ...], target: str) -> IncidentArrays:
    position = {unit: number for number, unit in enumerate(units)}
    return IncidentArrays(
        unit=np.array([position[unit] for unit in counted["unit"]], dtype=np.int32),
        month=np.array([month_of(day_from_text(day)) for day in counted["started_on"]], dtype=np.int32),
        known_on=np.array(counted["known_on"].to_list(), dtype="datetime64[D]"),
        counts={} if target == "incidents" else {target: counted["figure"].to_numpy().astype(np.float64)},
    )


def _named_units(known: Knowledge, level: UnitLevel) -> set[str]:
    """Units that somebody says they watch, though nothing was reported from them."""
    if level is UnitLevel.COUNTRY:
        return {statement.country for statement in known.statements}
    if level is UnitLevel.ADMIN1:
        return {statement.area for statement in known.statements if statement.admin1}
    return set()


def _observed(known: Knowledge, frame: Frame, placed: pl.DataFrame, level: UnitLevel) -> np.ndarray | None:
    if not known.statements:
        return None
    months = range(frame.first_month, frame.last_month + 1)
    areas = None
    if level is UnitLevel.CELL:
        area = pl.when(pl.col("admin1") != "").then(pl.format("{}/{}", "country", "admin1")).otherwise("country")
        votes = placed.group_by("unit", area.alias("area")).len().sort("len", "area", descending=[True, False])
        areas = dict(votes.unique("unit", keep="first", maintain_order=True).select("unit", "area").iter_rows())
        areas |= areas_of_cells(known, frame.units)
    covered = coverage(known.statements, frame.units, months, areas=areas)
    states = (covered["state"] == "observed").to_numpy()
    return np.asarray(states.reshape(len(frame.units), len(months)))
