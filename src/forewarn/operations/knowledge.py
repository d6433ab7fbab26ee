"""What was known on a day: the claims, the incidents they make up, and what could have been seen.

Every operation that looks back asks here, so that forecasts, alerts and briefs of one day rest on the same
knowledge. Judgements, corrections of what was misread, rulings on origins and quarantine are today's: that two reports
speak of one happening, or that one was made up, is not unlearnt. Counts that people recorded are those of the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import (
    Assembly,
    assemble,
    clusters,
    current_rulings,
    overruled,
    quarantined_claims,
    told_apart,
)
from forewarn.clock import day_from_text
from forewarn.collect.places import Atlas, NameIndex
from forewarn.model.coverage import CoverageStatement
from forewarn.model.place import UnitLevel, unit_name
from forewarn.store import decisions, grading, reading
from forewarn.store.casualties import Recorded, read_recorded

__all__ = [
    "Knowledge",
    "areas_of_cells",
    "assembled",
    "claims_with_rules",
    "count_range",
    "coverage_statements",
    "knowledge",
    "rebuild_incidents",
    "unit_column",
]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The state of knowledge on a day.

    Attributes:
        as_known_at: the day.
        claims: claims known by then and not superseded by then, with ``source_name``.
        assembly: incidents as the claims alone give them, members and the tracing of origins.
        statements: who could see what, where and when, as known by then.
        atlas: the boundaries that users have added; they are today's, whatever the day.
        recorded: what people had recorded of casualties by then.
    """

    as_known_at: date
    claims: pl.DataFrame
    assembly: Assembly
    statements: tuple[CoverageStatement, ...]
    atlas: Atlas = field(default_factory=Atlas)
    recorded: Recorded = field(default_factory=Recorded)

    @property
    def held(self) -> pl.DataFrame:
        """The incidents, with the counts that people recorded or overruled in place of those that claims give."""
        said = self.recorded
        return overruled(self.assembly.incidents, self.assembly.members, said.records, said.overrulings)

    def incidents(self, level: UnitLevel) -> pl.DataFrame:
        """The incidents with ``unit``, ``claim_ids`` and ``origins``; unit is null where the place is too coarse."""
        ids = self.assembly.members.group_by("incident_id").agg(claim_ids=pl.col("claim_id").sort())
        origins = (
            self.assembly.trace.filter("counted").group_by("incident_id").agg(origins=pl.col("origin").unique().sort())
        )
        frame = self.held.join(ids, on="incident_id", how="left", maintain_order="left")
        frame = frame.join(origins, on="incident_id", how="left", maintain_order="left")
        return frame.with_columns(unit_column(level).alias("unit"), pl.col("origins").fill_null([]))


def knowledge(connection: Connection, as_known_at: date, *, atlas: Atlas | None = None) -> Knowledge:
    """What the store knows as of the end of a day; with the boundaries to read it by, where they are needed."""
    claims = claims_with_rules(connection, reading.read_claims(connection, as_known_at=as_known_at))
    return assembled(connection, claims, decisions.read_judgements(connection), as_known_at, atlas=atlas)


def assembled(
    connection: Connection,
    claims: pl.DataFrame,
    judged: pl.DataFrame,
    as_known_at: date,
    *,
    atlas: Atlas | None = None,
) -> Knowledge:
    """The incidents of some claims (of :func:`claims_with_rules`), by the judgements on them: all, or a closed part."""
    joined = clusters(claims["claim_id"], judged, never=told_apart(claims))
    statements = coverage_statements(connection, as_known_at)
    kept_out = quarantined_claims(claims, grading.read_quarantines(connection))["claim_id"].to_list()
    rulings = current_rulings(grading.read_rulings(connection))
    assembly = assemble(claims, joined, as_known_at=as_known_at, rulings=rulings, quarantined=kept_out)
    recorded = read_recorded(connection, as_known_at=as_known_at)
    return Knowledge(as_known_at, claims, assembly, statements, atlas or Atlas(), recorded)


def rebuild_incidents(connection: Connection, today: date) -> pl.DataFrame:
    """Assemble the incidents from all that people and rules have said up to today, and put them in place."""
    known = knowledge(connection, today)
    incidents = known.held
    reading.replace_incidents(connection, incidents, known.assembly.members)
    return incidents


def coverage_statements(connection: Connection, as_known_at: date) -> tuple[CoverageStatement, ...]:
    """Who could see what, where and when, as known by the end of a day."""
    rows = reading.coverage_rows(connection, as_known_at=as_known_at)
    return tuple(_statement(dict(row)) for row in rows)


def _statement(row: Mapping[str, Any]) -> CoverageStatement:
    names = [name for name in CoverageStatement.__slots__ if name != "known_on"]
    known = day_from_text(row["known_on"]) if row["known_on"] else None
    return CoverageStatement(known_on=known, **{name: row[name] for name in names})


def areas_of_cells(known: Knowledge, cells: Sequence[str]) -> dict[str, str]:
    """The country or first-level area that holds for each grid cell, by the added boundaries its middle lies in.

    An area goes by the name that statements of coverage use for it, where one of them is clearly meant. Cells that lie
    in no added area are left out.
    """
    numbers = [int(cell) for cell in cells]
    found = {str(c): a.country for c, a in known.atlas.areas_of_cells(numbers, level="country").items()}
    said = {s.area for s in known.statements if s.admin1}
    for cell, area in known.atlas.areas_of_cells(numbers, level="admin1").items():
        index = NameIndex((unit_name(unit), unit) for unit in said if unit.startswith(f"{area.country}/"))
        found[str(cell)] = index.match(area.name).key or area.unit
    return found


def claims_with_rules(connection: Connection, claims: pl.DataFrame) -> pl.DataFrame:
    """The claims with ``row_is`` (whether their channel gives one row per report or per incident) and ``source_is``
    (``named`` or ``unnamed``: whether their rows say who tells them; named where the claims lack ``source_id``)."""
    single = list(reading.rows_that_are_incidents(connection))
    is_incident = pl.col("channel").is_in(single)
    source = pl.col("source_id") if "source_id" in claims.columns else pl.lit("")
    is_unnamed = source.is_in(list(reading.unnamed_sources(connection)))
    return claims.with_columns(
        row_is=pl.when(is_incident).then(pl.lit("incident")).otherwise(pl.lit("report")),
        source_is=pl.when(is_unnamed).then(pl.lit("unnamed")).otherwise(pl.lit("named")),
    )


def count_range(name: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Low, best and high of a count of a row; an end not given is the nearest that is, or stays missing."""
    low, best, high = (pl.col(f"{name}_{end}") for end in ("low", "best", "high"))
    return (
        pl.coalesce(low, best, high).alias("low"),
        pl.coalesce(best, low, high).alias("best"),
        pl.coalesce(high, best, low).alias("high"),
    )


def unit_column(level: UnitLevel) -> pl.Expr:
    """The unit an incident lies in at that level, or null."""
    has_country = pl.col("country") != ""
    if level is UnitLevel.COUNTRY:
        return pl.when(has_country).then("country")
    if level is UnitLevel.ADMIN1:
        folded = pl.col("admin1").str.strip_chars().str.replace_all(r"\s+", " ")
        return pl.when(has_country & (folded != "")).then(pl.format("{}/{}", "country", folded))
    return pl.when(pl.col("cell") > 0).then(pl.col("cell").cast(pl.String))
