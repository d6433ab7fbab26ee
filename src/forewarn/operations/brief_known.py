"""What a brief reads of the store: for an alert the months it shows, for an area by name all that is known.

Owns what must be told of the time before those months all the same: how much is withheld, and where the area's
incidents lay. These are counted in the store by the rows that lists are asked for, within the same classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

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
from forewarn.operations.forecast_told import kept_told
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.knowledge_part import knowledge_since
from forewarn.operations.panels import panel_of
from forewarn.operations.situation import first_looked_at
from forewarn.operations.workspace import Workspace
from forewarn.store import marks
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


def ground_of(
    connection: Connection, day: date, about: Alert | str, spans: Sequence[Months], *, atlas: Atlas
) -> Ground:
    """What a brief of an alert, or of an area by its name or code, stands on.

    Raises:
        UnknownNameError, UsageError: the name is that of no area of which something is known, or of several.
    """
    if isinstance(about, Alert) and not about.unit.isdecimal():
        last, longest = spans[0].last, max(SERIES_MONTHS, len(spans[0].span))
        since = min(first_day(min(last - longest + 1, *(one.first for one in spans))), first_looked_at(day))
        cited = {claim for line in (*about.evidence_for, *about.evidence_against) for claim in line.claim_ids}
        known = knowledge_since(connection, day, about.unit, since, also=cited, atlas=atlas)
        return Ground(known, about.unit, UnitLevel.ADMIN1 if "/" in about.unit else UnitLevel.COUNTRY, since)
    known = knowledge(connection, day, atlas=atlas)
    return Ground(known, *_unit_of(known, about.unit if isinstance(about, Alert) else about))


def rates_of(
    workspace: Workspace, connection: Connection, forecast_id: str, run: ForecastRun, ground: Ground
) -> Mapping[int, float]:
    """How often the unit's own past had as many: as kept with the forecast, else counted from all that is known.

    Nothing where neither the draws of the forecast nor what is told of it are kept.
    """
    if not run.file:
        return {}
    told = kept_told(workspace.paths.root / Path(run.file), forecast_id)
    if told.base_rates:
        return told.base_rates.get(ground.unit, {})
    known = ground.known if ground.since is None else knowledge(connection, ground.known.as_known_at)
    panel = panel_of(known, UnitLevel(run.level), run.target).panel
    return base_rates(panel, run.target, run.horizon).get(ground.unit, {})


def _unit_of(known: Knowledge, subject: str) -> tuple[str, UnitLevel]:
    for level in (UnitLevel.ADMIN1, UnitLevel.COUNTRY, UnitLevel.CELL):
        units = known.incidents(level)["unit"].drop_nulls().unique().sort().to_list()
        found = [unit for unit in units if subject.casefold() in (unit.casefold(), unit_name(unit).casefold())]
        if len(found) == 1:
            return found[0], level
        if found:
            raise UsageError(f"'{shorten(subject)}' names {len(found)} areas", mend=f"write one of {', '.join(found)}")
    raise UnknownNameError(
        f"nothing known on {known.as_known_at} lies in '{shorten(subject)}'",
        where="brief",
        mend="name an alert, a country code, or an area as COUNTRY/Name",
    )
