"""Estimating the undercount: lists from a table of capture histories, or built from what the store holds.

In a table each row is a combination of lists and its number of cases. From the store, a channel or a named body (or
several, joined under a name) is a list, and an assembled incident is a case; it is on every list that has a claim in
it. The matching is then the linkage's, errors and all, and the answer says so.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select

from forewarn.assess import sight_of
from forewarn.assess.undercount import (
    Histories,
    Plan,
    Undercount,
    assumptions,
    estimate_undercount,
    headline,
    histories_of_cases,
    histories_of_table,
    warnings,
)
from forewarn.clock import day_from_text
from forewarn.errors import (
    InputEncodingError,
    InputFormatError,
    InputNotFoundError,
    RuleError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.model.aggregate import Sight
from forewarn.operations.freshness import NAMED_KINDS
from forewarn.operations.scope import Asked, scope_of, unit_from_text
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import reading
from forewarn.store.schema import sources

__all__ = [
    "Gathering",
    "Plan",
    "day_or_none",
    "gathered",
    "lists_from_text",
    "told",
    "undercount_of_file",
    "undercount_of_incidents",
]

_LARGEST_BYTES = 10_000_000
_LISTS_BY = ("channel", "source")


@dataclass(frozen=True, slots=True)
class Gathering:
    """Which incidents are the cases, and what makes a list of them.

    Attributes:
        by: ``channel`` or ``source``: what the names in ``lists`` are, and what is a list when there are none.
        lists: several channels or sources joined under a name; what is named in none is left out.
        country: the country of the incidents, by code or name; empty for all.
        since: first day an incident may have started, if any.
        until: last day, if any.
        as_known_at: use only claims known on that day, if any.
    """

    by: str = "channel"
    lists: Mapping[str, Sequence[str]] | None = None
    country: str = ""
    since: date | None = None
    until: date | None = None
    as_known_at: date | None = None


def undercount_of_file(
    path: Path,
    plan: Plan,
    *,
    joins: Mapping[str, Sequence[str]] | None = None,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """The undercount of a table of capture histories, ready for JSON.

    Args:
        path: a CSV: one column per list with 0 or 1 and one with the number of cases, or a row per case without one.
        plan: how to estimate.
        joins: lists of it that are to count as one, by the name they get.
        progress: told how far it is.

    Raises:
        InputError: the file cannot be read, or a row of it cannot be.
        RuleError: nothing can be estimated from it, and why.
    """
    rows, lines = _rows(path)
    table = histories_of_table(rows[0], rows[1:], where=path.name, lines=lines[1:], joins=joins)
    return {**told(estimate_undercount(table.histories, plan, progress=progress)), "reading": list(table.notes)}


def undercount_of_incidents(
    workspace: Workspace, gathering: Gathering, plan: Plan, *, progress: Progress = no_progress
) -> dict[str, Any]:
    """The undercount over the store's incidents, by its channels or sources, with what could have been seen of them.

    Raises:
        UsageError: lists by something other than channel or source.
        UnknownNameError: a channel or source in a list has no incident, or the country is none.
        RuleError: there is no incident, or nothing can be estimated from them, and why.
    """
    histories, cases = gathered(workspace, gathering)
    made = told(estimate_undercount(histories, plan, progress=progress))
    note = (
        f"A case is an assembled incident ({cases:,} of them); two lists share it when linkage joined their claims. "
        "Lists that copy each other share cases without having seen them: join those under one name with --list."
    )
    sight = _sight(workspace, gathering)
    return {**made, "assumptions": [*made["assumptions"], note], "sight": asdict(sight), "coverage": str(sight)}


def _sight(workspace: Workspace, gathering: Gathering) -> Sight:
    """What could have been seen of the countries and months of the cases."""
    first, last = (day.strftime("%Y-%m") if day else "" for day in (gathering.since, gathering.until))
    asked = Asked(gathering.country, first, last, as_known_at=gathering.as_known_at)
    with workspace.database.reading() as connection:
        return sight_of(scope_of(connection, asked, workspace.today).covered)


def told(made: Undercount) -> dict[str, Any]:
    """An undercount with its words; a limit that the data did not set is ``null``."""
    plain = asdict(made)
    for one in (plain, *plain["estimates"]):
        for name, value in one.items():
            if isinstance(value, float) and math.isinf(value):
                one[name] = None
    return {
        "what": "an estimate of cases on no list, with its limits; not a count of cases or persons known",
        "headline": headline(made),
        "assumptions": list(assumptions(made)),
        "warnings": list(warnings(made)),
        **plain,
    }


def _rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """The rows that hold anything, and the lines they end on."""
    if not path.is_file():
        raise InputNotFoundError("is not there", where=str(path), mend="check the name")
    if path.stat().st_size > _LARGEST_BYTES:
        raise InputFormatError(
            "is too large for a table of histories", where=path.name, mend="give one row per history"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
        found = [(row, reader.line_num) for row in reader if any(cell.strip() for cell in row)]
    except UnicodeDecodeError as error:
        raise InputEncodingError("is not UTF-8", where=f"{path.name}, byte {error.start}", mend="convert it") from None
    except csv.Error as error:
        raise InputFormatError(shorten(error), where=path.name, mend="save it as CSV") from None
    if len(found) < 2 or len(found[0][0]) < 2:
        raise InputFormatError(
            "is no table of histories",
            where=path.name,
            mend="a column of 0 and 1 per list and one of counts, commas between",
        )
    return [row for row, _ in found], [line for _, line in found]


def _delimiter(text: str) -> str:
    """What parts the cells of the first line: a comma, or where there is none a semicolon or a tab."""
    first = text.lstrip().partition("\n")[0]
    return next((sign for sign in (",", ";", "\t") if sign in first), ",")


def gathered(workspace: Workspace, gathering: Gathering) -> tuple[Histories, int]:
    """The store's incidents as histories, and how many there are."""
    if gathering.by not in _LISTS_BY:
        raise UsageError(f"{shorten(gathering.by)} is not channel or source", where="--by", mend="take one of them")
    with workspace.database.reading() as connection:
        claims = reading.read_claims(connection, as_known_at=gathering.as_known_at)
        members = reading.incident_members(connection)
        bodies = connection.execute(select(sources.c.source_id).where(sources.c.kind.in_(NAMED_KINDS))).scalars().all()
    # Persons are never told apart: those who are no named body are one list per channel.
    voice = pl.when(pl.col("source_id").is_in(list(bodies))).then(pl.col("source_name")).otherwise(pl.col("channel"))
    name = voice if gathering.by == "source" else pl.col("channel")
    joined = claims.join(members, on="claim_id").filter(*_conditions(gathering))
    held = _named(joined.select("incident_id", name=name), gathering)
    if held.is_empty():
        raise RuleError("there is no incident to estimate from", where="incidents", mend="run forewarn assess first")
    cases = held.group_by("incident_id").agg(pl.col("list").unique()).sort("incident_id")
    return histories_of_cases(cases["list"].to_list(), where="incidents"), cases.height


def _conditions(gathering: Gathering) -> list[pl.Expr]:
    made = [pl.lit(value=True)]
    if gathering.country:
        made.append(pl.col("country") == unit_from_text(gathering.country))
    if gathering.since is not None:
        made.append(pl.col("started_on") >= gathering.since.isoformat())
    if gathering.until is not None:
        made.append(pl.col("started_on") <= gathering.until.isoformat())
    return made


def _named(held: pl.DataFrame, gathering: Gathering) -> pl.DataFrame:
    """``incident_id`` and ``list``: each name itself, or the list it is joined under."""
    if not gathering.lists:
        return held.rename({"name": "list"})
    list_of: dict[str, str] = {}
    known = set(held["name"])
    for name, members in gathering.lists.items():
        for member in members:
            if member in list_of:
                raise UsageError(f"{shorten(member)} is in two lists", where="--list", mend="put it in one")
            if member not in known:
                raise UnknownNameError(
                    f"no incident has a claim by {gathering.by} {shorten(member)}",
                    where="--list",
                    mend="check the name",
                )
            list_of[member] = name
    return held.filter(pl.col("name").is_in(list(list_of))).select(
        "incident_id", list=pl.col("name").replace_strict(list_of, return_dtype=pl.String)
    )


def lists_from_text(given: Sequence[str]) -> dict[str, list[str]]:
    """``NAME=member,member`` as they are typed, by name."""
    made: dict[str, list[str]] = {}
    for text in given:
        name, sign, members = text.partition("=")
        parts = [part.strip() for part in members.split(",") if part.strip()]
        if not sign or not name.strip() or not parts or name.strip() in made:
            raise UsageError(
                f"{shorten(text)} does not name a list once and its members", where="--list", mend="write NAME=one,two"
            )
        made[name.strip()] = parts
    return made


def day_or_none(text: str | None, option: str) -> date | None:
    """The day an option gives, if it gives one."""
    return None if text is None else day_from_text(text, where=option)
