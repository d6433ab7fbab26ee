"""Panels from the store: incidents as known on a day, counted into unit-months.

A month nobody covered is missing and not zero; where nobody says who could see what, silence counts as zero and the
reader is told. The same source gives the panel as it stood on any earlier day, so that a look back sees no more than
was known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.assess import coverage
from forewarn.assess.themes import theme_marks
from forewarn.clock import day_from_text, last_day, month_of
from forewarn.errors import ForecastError
from forewarn.forecast import ONE_SIDED, Frame, OnsetDefinition, build_panel, last_complete_month
from forewarn.model.claim import COUNTED
from forewarn.model.panel import IncidentArrays, Panel
from forewarn.model.place import UnitLevel
from forewarn.operations.knowledge import Knowledge, areas_of_cells
from forewarn.taxonomy.protection import protection_theme

__all__ = ["ONSETS", "TARGETS", "Counted", "PanelMade", "PanelSource", "panel_of"]

INCIDENTS = "incidents"
"""What is counted where it is not people."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a target counts.

    Attributes:
        count: one of ``COUNTED``, or ``incidents``.
        violence: only incidents of that type of violence; empty for all.
        theme: only incidents of that protection theme; empty for all.
    """

    count: str
    violence: str = ""
    theme: str = ""


TARGETS: Mapping[str, Counted] = MappingProxyType(
    {
        **{name: Counted(name) for name in (*COUNTED, INCIDENTS)},
        "health_care_attacks": Counted(INCIDENTS, theme="health_care"),
        "non_state_deaths": Counted("deaths", violence="non_state"),
        "one_sided_deaths": Counted("deaths", violence="one_sided"),
        "one_sided_onset": Counted("deaths", violence="one_sided"),
        "state_based_deaths": Counted("deaths", violence="state_based"),
    }
)
"""What can be forecast: every count that incidents have, incidents themselves, and some by kind."""

ONSETS: Mapping[str, OnsetDefinition] = MappingProxyType({"one_sided_onset": ONE_SIDED})
"""The targets that are the chance of an onset, and what the onset is of the count."""


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
    """The panel of a target at a level, as known.

    Raises:
        ForecastError: no incident can be placed, or none gives a figure of the target.
    """
    meant = TARGETS[target]
    incidents = known.incidents(level)
    placed = incidents.filter(pl.col("unit").is_not_null() & pl.col("started_on").is_not_null())
    if placed.is_empty():
        raise ForecastError(
            f"no incident known on {known.as_known_at} lies in a {level}",
            where="panel",
            mend="collect and assess first",
        )
    of_kind = _of_kind(placed, known, meant)
    counted = of_kind.with_columns(_figure(meant.count).alias("figure")).filter(pl.col("figure").is_not_null())
    if counted.is_empty():
        # all zero would read as safety
        what = target.replace("_", " ")
        raise ForecastError(
            f"no incident known on {known.as_known_at} gives {what} at level {level}: unknown, not zero",
            where="panel",
            mend="collect reports that give it, or take another target",
        )
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


def _of_kind(placed: pl.DataFrame, known: Knowledge, meant: Counted) -> pl.DataFrame:
    """The incidents of the type of violence and the theme meant; one is of a theme where any claim of it is."""
    if meant.violence:
        placed = placed.filter(pl.col("violence") == meant.violence)
    if not meant.theme:
        return placed
    claims = known.claims.with_columns(source_kind=pl.lit("unknown"))
    marks = theme_marks(claims, [protection_theme(meant.theme)])
    of_theme = known.assembly.members.join(marks, on="claim_id", how="semi")
    return placed.join(of_theme, on="incident_id", how="semi", maintain_order="left")


def _figure(count: str) -> pl.Expr:
    """The best figure of an incident, or its lowest where nobody gave a best; 1 when incidents are counted."""
    return pl.lit(1) if count == INCIDENTS else pl.coalesce(f"{count}_best", f"{count}_low")


def _arrays(counted: pl.DataFrame, units: tuple[str, ...], target: str) -> IncidentArrays:
    position = {unit: number for number, unit in enumerate(units)}
    return IncidentArrays(
        unit=np.array([position[unit] for unit in counted["unit"]], dtype=np.int32),
        month=np.array([month_of(day_from_text(day)) for day in counted["started_on"]], dtype=np.int32),
        known_on=np.array(counted["known_on"].to_list(), dtype="datetime64[D]"),
        counts={} if target == INCIDENTS else {target: counted["figure"].to_numpy().astype(np.float64)},
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
