"""Coverage: who could have seen what, where and when; and whom the reports speak of, by one rule for every party.

Statements of sight are appended, with who says so. Nothing here takes silence for calm, or the number of reports on a
party for what it did.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.assess import PartyFigures, casualty_parts, party_balance, sight_of, tallies, who_could_see
from forewarn.assess.incidents.parties import BALANCE_CAVEAT, party_keys
from forewarn.clock import month_from_text, month_label
from forewarn.model.aggregate import Aggregate, Tally
from forewarn.model.coverage import CoverageStatement
from forewarn.operations.scope import Asked, scope_of, unit_from_text
from forewarn.operations.workspace import Workspace
from forewarn.store import casualties as kept
from forewarn.store import intake

__all__ = ["Balance", "Covered", "Said", "UnitSight", "balance", "covered", "say", "statement_of"]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of sight, with its months as people write them."""

    who: str
    area: str
    first: str
    last: str
    kind: str
    basis: str
    known_on: date | None


@dataclass(frozen=True, slots=True)
class UnitSight:
    """One area: how many incidents are known of it, beside what could have been seen."""

    unit: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Covered:
    """Who could have seen what, where and when.

    Attributes:
        whole: incidents over all areas, with the sight of all.
        units: the same for each area.
        statements: who says what of their own sight.
        left_out: incidents without a place or day.
    """

    whole: Aggregate[int]
    units: tuple[Aggregate[UnitSight], ...]
    statements: tuple[Said, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Incidents by alleged party, and what the figures cannot tell."""

    parties: Aggregate[tuple[PartyFigures, ...]]
    left_out: int
    caveat: str = BALANCE_CAVEAT


def covered(workspace: Workspace, asked: Asked) -> Covered:
    """What could have been seen of the areas and months asked for."""
    with workspace.database.reading() as connection:
        scope = scope_of(connection, asked, workspace.today)
    day = scope.known.as_known_at
    told = dict(scope.incidents.group_by("unit").len().iter_rows())
    units = sorted(set(scope.covered["unit"]))
    months = sorted(set(scope.covered["month"]))
    rows = (
        Aggregate(UnitSight(unit, told.get(unit, 0)), sight_of(scope.covered.filter(pl.col("unit") == unit)), day)
        for unit in units
    )
    said = tuple(_said(one) for one in who_could_see(scope.statements, units, months))
    return Covered(Aggregate(scope.incidents.height, sight_of(scope.covered), day), tuple(rows), said, scope.left_out)


def balance(workspace: Workspace, asked: Asked) -> Balance:
    """Whom the reports speak of in the areas and months asked for, with coverage; no verdict follows."""
    with workspace.database.reading() as connection:
        scope = scope_of(connection, asked, workspace.today)
        made = kept.read_recorded(connection, as_known_at=scope.known.as_known_at)
    parts = casualty_parts(scope.incidents, scope.known.assembly.members, made.records, made.overrulings)
    deaths = parts.filter(pl.col("counted") == "deaths")
    by_party: dict[str, list[Tally]] = defaultdict(list)
    keys = scope.incidents.select("incident_id", _party=party_keys())
    for (party,), rows in deaths.join(keys, on="incident_id").partition_by("_party", as_dict=True).items():
        by_party[str(party)] = [tally for _, tally in tallies(rows)]
    figures = party_balance(
        scope.incidents,
        scope.covered,
        {party: tuple(found) for party, found in by_party.items()},
        as_known_at=scope.known.as_known_at,
    )
    return Balance(figures, scope.left_out)


def say(workspace: Workspace, statement: CoverageStatement, *, by: str) -> tuple[CoverageStatement, bool]:
    """Keep a statement of who could see what, known from today and with who entered it; whether it was new."""
    made = CoverageStatement(
        channel=statement.channel,
        country=statement.country,
        month_first=statement.month_first,
        month_last=statement.month_last,
        basis=f"{statement.basis} (entered by {by})",
        kind=statement.kind,
        admin1=statement.admin1,
        known_on=workspace.today,
    )
    with workspace.database.writing() as connection:
        return made, bool(intake.add_coverage(connection, [made.row()]))


def statement_of(unit: str, kind: str, who: str, basis: str, months: tuple[str, str]) -> CoverageStatement:
    """A statement from words: the unit (``XAA`` or ``XAA/West``), and its first and last month."""
    iso3, _, area = unit_from_text(unit).partition("/")
    first, last = (month_from_text(text, where=where) for text, where in zip(months, ("--from", "--to"), strict=True))
    return CoverageStatement(who, iso3, first, last, basis, kind, area)


def _said(one: CoverageStatement) -> Said:
    first, last = month_label(one.month_first), month_label(one.month_last)
    return Said(one.channel, one.area, first, last, one.kind.replace("_", " "), one.basis, one.known_on)
