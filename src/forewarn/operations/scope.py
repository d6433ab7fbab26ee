"""Where and when figures are asked for: the areas, the months, the incidents in them, and what could have been seen.

Every figure over incidents begins here, so that none is made without its coverage. An incident whose place or day is
unknown is never guessed into an area or month: it is in scope where no area or period is asked for, else counted as
left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import coverage
from forewarn.clock import month_from_text
from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.model.coverage import CoverageStatement
from forewarn.model.place import UnitLevel
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.taxonomy import country, is_fictional

__all__ = ["Asked", "Scope", "scope_of", "scope_within", "unit_from_text"]

_MOST_UNIT_MONTHS = 250_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures are asked for.

    Attributes:
        unit: a country or first-level area (``MMR/Rakhine State``); empty for everything.
        first, last: the months, ``2017-01``; empty for the first and last in which something is known to have happened.
        level: country or admin1; empty for what the unit is, country for everything.
        as_known_at: the day; missing for today.
    """

    unit: str = ""
    first: str = ""
    last: str = ""
    level: str = ""
    as_known_at: date | None = None


@dataclass(frozen=True, eq=False)
class Scope:
    """The incidents asked for and what could have been seen of them.

    Attributes:
        known: what was known on the day.
        incidents: those in scope, with ``unit``, ``month``, ``claim_ids`` and ``origins``.
        covered: for each unit and month, whether anybody could have seen.
        statements: who says so.
        left_out: incidents without a place or day, of which nobody can tell whether they belong here.
    """

    known: Knowledge
    incidents: pl.DataFrame
    covered: pl.DataFrame
    statements: tuple[CoverageStatement, ...]
    left_out: int


def scope_of(connection: Connection, asked: Asked, today: date) -> Scope:
    """The scope of what is asked, as known at its day."""
    return scope_within(knowledge(connection, asked.as_known_at or today), asked)


def scope_within(known: Knowledge, asked: Asked) -> Scope:
    """The scope of what is asked, in what was known; the day of ``asked`` is not looked at."""
    asked = replace(asked, unit=unit_from_text(asked.unit)) if asked.unit.strip() else replace(asked, unit="")
    level = _level(asked)
    iso3 = asked.unit.partition("/")[0]
    frame = known.incidents(level)
    if iso3:
        frame = frame.filter(pl.col("country").is_in([iso3, ""]))
    year, month = (pl.col("started_on").str.slice(*part).cast(pl.Int64) for part in ((0, 4), (5, 2)))
    frame = frame.with_columns(month=(year - 1980) * 12 + month)
    units = _units(frame, known.statements, asked, level)
    inside = pl.col("unit").is_in(units)
    frame, left_out = _only(frame, inside) if asked.unit else (frame, 0)
    dated = frame.filter(inside)["month"].drop_nulls()
    first, last = (
        month_from_text(text, where=where) if text else (int(dated.sort()[end]) if len(dated) else 0)
        for text, where, end in ((asked.first, "--from", 0), (asked.last, "--to", -1))
    )
    if asked.first or asked.last:
        frame, undated = _only(frame, pl.col("month").is_between(first, last))
        left_out += undated
    covered = _covered(known, units, first, last)
    return Scope(known, frame, covered, known.statements, left_out)


def unit_from_text(text: str) -> str:
    """A country by code or name, or an area as ``CODE/area``, as the id of a unit; exercises' codes are taken as given.

    Raises :class:`UnknownNameError` for what is no country.
    """
    named, slash, area = text.partition("/")
    code = named.strip().upper()
    iso3 = code if is_fictional(code) else country(named).iso3
    return f"{iso3}/{' '.join(area.split())}" if slash else iso3


def _level(asked: Asked) -> UnitLevel:
    if asked.level not in ("", "country", "admin1"):
        raise UsageError(f"'{shorten(asked.level)}' is no level", where="--level", mend="use country or admin1")
    level = UnitLevel(asked.level) if asked.level else UnitLevel.ADMIN1 if "/" in asked.unit else UnitLevel.COUNTRY
    if "/" in asked.unit and level is UnitLevel.COUNTRY:
        raise UsageError("an area lies below its country", where="--level", mend="use admin1")
    return level


def _units(frame: pl.DataFrame, statements: tuple[CoverageStatement, ...], asked: Asked, level: UnitLevel) -> list[str]:
    """The areas asked for: those of incidents and those that somebody watches though nothing is told of them."""
    told = set(frame["unit"].drop_nulls())
    watched = {one.area if level is UnitLevel.ADMIN1 else one.country for one in statements}
    found = {unit for unit in told | watched if level is UnitLevel.COUNTRY or "/" in unit}
    if not asked.unit:
        return sorted(found)
    units = sorted(unit for unit in found if asked.unit in (unit, unit.partition("/")[0]))
    if not units:
        raise UnknownNameError(
            f"nothing is known of '{shorten(asked.unit)}'", where="unit", mend="give a country code or CODE/area"
        )
    return units


def _only(frame: pl.DataFrame, wanted: pl.Expr) -> tuple[pl.DataFrame, int]:
    """The rows that are wanted, and how many might be but do not say."""
    unsaid = frame.filter(pl.col("unit").is_null() | pl.col("month").is_null())
    kept = frame.filter(wanted.fill_null(value=False))
    return kept, unsaid.join(kept, on="incident_id", how="anti").height


def _covered(known: Knowledge, units: list[str], first: int, last: int) -> pl.DataFrame:
    if first > last:
        raise UsageError("the first month is after the last", where="--from", mend="swap them")
    months = range(first, last + 1) if first or last else range(0)
    if len(units) * len(months) > _MOST_UNIT_MONTHS:
        raise UsageError(
            f"{len(units):,} areas times {len(months):,} months is too much at once",
            where="--from",
            mend="give --from and --to, or an area",
        )
    return coverage(known.statements, units, months)
