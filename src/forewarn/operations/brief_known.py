"""What a brief reads of the store: the months it shows of one country; of a grid cell all that is known.

Owns what must be told of the time before those months all the same: how much is withheld, and where the area's
incidents lay. These are counted in the store by the rows that lists are asked for, within the same classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.clock import first_day
from forewarn.collect.places import Atlas
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.model.alert import Alert
from forewarn.model.place import UnitLevel, unit_name
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import most_sensitive_for
from forewarn.operations.brief_scope import Months, Released, released
from forewarn.operations.drafting import base_rates
from forewarn.operations.forecast_told import told_of
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.knowledge_part import knowledge_since
from forewarn.operations.panels import panel_of
from forewarn.operations.situation import first_looked_at
from forewarn.operations.workspace import Workspace
from forewarn.store import area_marks, marks
from forewarn.store.forecasts import ForecastRun

__all__ = ["MAP_MONTHS", "SERIES_MONTHS", "Ground", "ground_of", "rates_of"]

SERIES_MONTHS = 36
"""Months of the series, or as many as are asked for."""

MAP_MONTHS = 24
"""Months of the map, likewise."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What a brief stands on.

    Attributes:
        known: the knowledge of the day, whole or of one country from ``since`` on.
        unit, level: what the brief is about.
        since: the first day that incidents may be counted from; nothing where all is known.
    """

    known: Knowledge
    unit: str
    level: UnitLevel
    since: date | None = None

    def released(self, connection: Connection, audience: str) -> Released:
        """What of the unit an audience may be shown, and how many incidents of any time it may not."""
        incidents = self.known.incidents(self.level).filter(pl.col("unit") == self.unit)
        if self.since is None:
            return released(self.known, incidents, audience)
        recent = incidents.filter(pl.col("started_on") >= self.since.isoformat())
        made = released(self.known, recent, audience)
        hidden = [one.value for one in Sensitivity if one.rank > most_sensitive_for(audience).rank]
        days = (self.since.isoformat(), self.known.as_known_at.isoformat())
        return replace(made, withheld=made.withheld + marks.count_before(connection, self.unit, hidden, *days))

    def cells(self, connection: Connection, shown: Released, audience: str) -> list[int]:
        """The cells in which incidents of the unit that may be shown lie, of any time."""
        found = set(shown.incidents.filter(pl.col("cell") > 0)["cell"].to_list())
        if self.since is not None:
            open_ones = [one.value for one in Sensitivity if one.rank <= most_sensitive_for(audience).rank]
            days = (self.since.isoformat(), self.known.as_known_at.isoformat())
            found |= set(marks.cells_before(connection, self.unit, open_ones, *days))
        return sorted(found)

    def unplaced(self, connection: Connection) -> int:
        """How many incidents of the country, of any time, lie in no area that could be told."""
        incidents = self.known.incidents(self.level)
        own = incidents.filter(pl.col("unit").is_null() & (pl.col("country") == self.unit[:3]))
        if self.since is None or self.level is not UnitLevel.ADMIN1:
            return own.height
        since, day = self.since.isoformat(), self.known.as_known_at.isoformat()
        recent = own.filter(pl.col("started_on") >= since).height
        return recent + area_marks.unplaced_before(connection, self.unit[:3], since, day)


def ground_of(
    connection: Connection, day: date, about: Alert | str, spans: Sequence[Months], *, atlas: Atlas
) -> Ground:
    """What a brief of an alert, or of an area by its name or code, stands on.

    Raises:
        UnknownNameError, UsageError: the name is that of no area of which something is known, or of several.
    """
    unit = about.unit if isinstance(about, Alert) else _named(connection, about, day)
    if unit.isdecimal():
        return Ground(*_cell_of(knowledge(connection, day, atlas=atlas), unit))
    last, longest = spans[0].last, max(SERIES_MONTHS, len(spans[0].span))
    since = min(first_day(min(last - longest + 1, *(one.first for one in spans))), first_looked_at(day))
    level = UnitLevel.ADMIN1 if "/" in unit else UnitLevel.COUNTRY
    if isinstance(about, Alert):
        also = {claim for line in (*about.evidence_for, *about.evidence_against) for claim in line.claim_ids}
    else:  # that there was something before is part of the picture
        country, names = unit[:3], _as_written(connection, unit)
        also = set(area_marks.claims_of_one_before(connection, country, names, since.isoformat(), day.isoformat()))
    return Ground(knowledge_since(connection, day, unit, since, also=also, atlas=atlas), unit, level, since)


def rates_of(
    workspace: Workspace, connection: Connection, forecast_id: str, run: ForecastRun, ground: Ground
) -> Mapping[int, float]:
    """How often the unit's own past had as many: as kept with the forecast, else counted from all that is known.

    Nothing where neither the draws of the forecast nor what is told of it are kept.
    """
    if not run.file:
        return {}
    told = told_of(workspace, forecast_id, run)
    if told.base_rates:
        return told.base_rates.get(ground.unit, {})
    known = ground.known if ground.since is None else knowledge(connection, ground.known.as_known_at)
    panel = panel_of(known, UnitLevel(run.level), run.target).panel
    return base_rates(panel, run.target, run.horizon).get(ground.unit, {})


def _named(connection: Connection, subject: str, day: date) -> str:
    """The area meant: a first-level area, else a country, else a cell; of those known on the day alone."""
    wanted, known_by = subject.casefold(), day.isoformat()
    is_code = len(subject) == 3 and subject.isascii() and subject.isupper()
    if is_code and area_marks.is_told(connection, subject, (), known_by):
        return subject  # as it is written: no need to look through the areas of every country
    told = area_marks.areas_told(connection, subject[:3].upper() if subject[3:4] == "/" else "")
    areas = {unit for code, name in told if (unit := _unit(code, name)) != code}
    for units in (areas, {code for code, _ in told}):
        meant = (unit for unit in sorted(units) if wanted in (unit.casefold(), unit_name(unit).casefold()))
        found = [
            unit for unit in meant if area_marks.is_told(connection, unit[:3], _as_written(connection, unit), known_by)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"'{shorten(subject)}' names {len(found)} areas", mend=f"write one of {', '.join(found)}")
    if subject.isdecimal():
        return subject
    raise _unknown(subject, day)


def _unit(country: str, name: str) -> str:
    """As incidents are counted: spaces in the name of an area folded."""
    folded = " ".join(name.split())
    return f"{country}/{folded}" if folded else country


def _as_written(connection: Connection, unit: str) -> list[str]:
    """The ways in which incidents write the name of a first-level area; none for a country."""
    if "/" not in unit:
        return []
    return [name for code, name in area_marks.areas_told(connection, unit[:3]) if _unit(code, name) == unit]


def _cell_of(known: Knowledge, subject: str) -> tuple[Knowledge, str, UnitLevel]:
    if known.incidents(UnitLevel.CELL).filter(pl.col("unit") == subject).is_empty():
        raise _unknown(subject, known.as_known_at)
    return known, subject, UnitLevel.CELL


def _unknown(subject: str, day: date) -> UnknownNameError:
    return UnknownNameError(
        f"nothing known on {day} lies in '{shorten(subject)}'",
        where="brief",
        mend="name an alert, a country code, or an area as COUNTRY/Name",
    )
