"""Casualties: totals that are never mixed, what stands behind them, and what people record in place of the rule.

Whatever a person records is appended with author and reason and can be taken back. A record names the claim that the
incident's id was made from, so it follows that claim when incidents join or part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from forewarn.assess import casualty_parts, conflicting, grades_of, minimum_fields, side_by_side, sight_of, tallies
from forewarn.errors import (
    ForewarnError,
    InputFormatError,
    InputNotFoundError,
    RuleError,
    UnknownNameError,
    shorten,
)
from forewarn.ids import content_id, short
from forewarn.model.aggregate import Aggregate, Tally
from forewarn.model.casualty import AllegedBody, CasualtyAct, CasualtyRecord, CountOverruling, VictimGroup
from forewarn.model.claim import COUNTED, CountRange
from forewarn.model.coding import Withdrawal
from forewarn.model.incident import incident_id
from forewarn.model.place import UnitLevel
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.linking import catch_up
from forewarn.operations.review_keep import Entered, Entry, enter
from forewarn.operations.scope import Asked, Scope, scope_of
from forewarn.operations.workspace import Workspace
from forewarn.store import casualties as kept
from forewarn.store import decisions, reading, schema
from forewarn.taxonomy import parse_yaml
from forewarn.warn.wording import person_name

__all__ = [
    "Casualties",
    "CasualtyRow",
    "IncidentCasualties",
    "anchor_of",
    "draft",
    "overrule",
    "record",
    "show",
    "totals",
    "undo",
]


@dataclass(frozen=True, slots=True)
class CasualtyRow:
    """A total and what tells it apart from the other rows; ``text`` says it in words."""

    told_apart: dict[str, str]
    tally: Tally
    text: str


@dataclass(frozen=True, slots=True)
class Casualties:
    """Totals over the incidents asked for.

    Attributes:
        rows: one for each kind of count, kind of death, status, standard and category; each carries its coverage.
        incidents: in scope.
        left_out: without a place or day, so that nobody can tell whether they belong here.
        recorded: incidents for which a person's record or overruling stands in for the claims.
        conflicting: incidents in which several records meet; their claims stand until a person writes one record.
    """

    rows: tuple[Aggregate[CasualtyRow], ...]
    incidents: int
    left_out: int
    recorded: int
    conflicting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentCasualties:
    """What is known of the casualties of one incident.

    Attributes:
        incident_id: the incident.
        minimum: the minimum fields of the casualty-recording standards, filled or ``unknown``.
        parts: people of one kind each, from claims, record or overruling.
        claims: by kind of count, what each claim says, side by side; kinds that no claim gives are left out.
        contested: whether two claims give ranges that do not overlap.
        days_contested: whether two claims that give a day give periods that do not overlap.
        record, overrulings: what people put in place of the claims, with their ids.
    """

    incident_id: str
    minimum: dict[str, str]
    parts: list[dict[str, Any]]
    claims: dict[str, list[dict[str, Any]]]
    contested: bool
    days_contested: bool
    record: CasualtyRecord | None
    record_id: str
    overrulings: dict[str, CountOverruling]


def totals(workspace: Workspace, asked: Asked, *, by: tuple[str, ...] = ()) -> Casualties:
    """Totals of everything asked for, told apart by the dimensions given; statuses are never added up."""
    with workspace.database.reading() as connection:
        scope = scope_of(connection, asked, workspace.today)
        made = kept.read_recorded(connection, as_known_at=scope.known.as_known_at)
    members = scope.known.assembly.members
    parts = casualty_parts(scope.incidents, members, made.records, made.overrulings)
    said = parts.filter(pl.any_horizontal(pl.col("low", "best", "high").is_not_null()))
    inside = set(scope.incidents["incident_id"])
    rows = tuple(_row(scope, told_apart, tally) for told_apart, tally in tallies(parts, by))
    return Casualties(
        rows=rows,
        incidents=scope.incidents.height,
        left_out=scope.left_out,
        recorded=said.filter(pl.col("rests_on") != "claims")["incident_id"].n_unique(),
        conflicting=tuple(one for one in conflicting(members, made.records) if one in inside),
    )


def show(workspace: Workspace, name: str) -> IncidentCasualties:
    """One incident: its parts, what each claim says side by side, and what people recorded."""
    with workspace.database.reading() as connection:
        full = _incident(connection, name)
        known = knowledge(connection, workspace.today)
        made = kept.read_recorded(connection)
        grades = decisions.read_grades(connection)
    incident = known.incidents(UnitLevel.ADMIN1).filter(pl.col("incident_id") == full)
    if incident.is_empty():
        raise UnknownNameError(f"incidents have changed since '{shorten(name)}'", mend="run 'forewarn assess'")
    incident = incident.with_columns(month=pl.lit(None, dtype=pl.Int64))
    members = known.assembly.members.filter(pl.col("incident_id") == full)
    claims = known.claims.join(members.select("claim_id"), on="claim_id", how="semi")
    trace = known.assembly.trace.filter(pl.col("incident_id") == full)
    held = set(members["claim_id"])
    records = [one for one in made.records if one.claim_id in held]
    ruled = {one.overruling_id: one for one in made.overrulings if one.claim_id in held}
    parts = casualty_parts(incident, members, records, list(ruled.values()))
    written = records[0] if len(records) == 1 else None
    row = incident.row(0, named=True)
    fields = minimum_fields(row, parts, written) | {"sources_and_grades": _graded(claims, grades)}
    given = {name: side_by_side(claims, trace, name) for name in COUNTED if _gives(claims, name)}
    return IncidentCasualties(
        incident_id=full,
        minimum=fields,
        parts=parts.filter(pl.any_horizontal(pl.col("low", "best", "high").is_not_null())).to_dicts(),
        claims=given,
        contested=bool(row["contested"]),
        days_contested=_days_contested(claims),
        record=written,
        record_id=written.record_id if written else "",
        overrulings=ruled,
    )


def draft(workspace: Workspace, name: str) -> dict[str, Any]:
    """A record as the software would begin it, labelled ``machine``, for a person to correct: nothing is kept.

    One act, one group for each kind of count that the claims give; every category ``unknown``.
    """
    shown = show(workspace, name)
    with workspace.database.reading() as connection:
        known = knowledge(connection, workspace.today)
    row = _row_of(known, shown.incident_id)
    claim_ids = sorted(known.assembly.members.filter(pl.col("incident_id") == shown.incident_id)["claim_id"])
    groups = [
        {"group_id": f"v{number}", "harm": harm, "number": _ends(row, harm), "claim_ids": claim_ids}
        for number, harm in enumerate((one for one in COUNTED if one != "civilian_deaths" and _said(row, one)), start=1)
    ]
    bodies = [{"body_id": "b1", "name": row["alleged_by"], "claim_ids": claim_ids}] if row["alleged_by"] else []
    act = {
        "act": row["act"],
        "victims": [group["group_id"] for group in groups],
        "alleged": [body["body_id"] for body in bodies],
    }
    label = "machine: derived from claims by rule; a person corrects it before it is recorded"
    return {"label": label, "replaces": shown.record_id, "acts": [act], "victims": groups, "alleged": bodies}


def record(workspace: Workspace, name: str, file: Path, *, by: str, why: str) -> Entered:
    """Keep a person's record of an incident, read from YAML or JSON in the form of :func:`draft`."""
    parts = _parts_from(file)
    _refuse_persons(parts)
    with workspace.database.writing() as connection:
        anchor = anchor_of(connection, name)
        made = CasualtyRecord(anchor, parts.acts, parts.victims, parts.alleged, by, workspace.now, why, parts.replaces)
        said = short(content_id("rec", *(repr(part) for part in (made.acts, made.victims, made.alleged))))
        entry = Entry("count", made, made.record_id, said, anchor, (anchor,))
        return _entered(connection, workspace, entry, kept.add_record, by=by, why=why)


def overrule(
    workspace: Workspace, name: str, counted: str, number: CountRange, *, by: str, why: str, death_kind: str = ""
) -> Entered:
    """Put a person's range in place of the one derived from claims."""
    with workspace.database.writing() as connection:
        anchor = anchor_of(connection, name)
        made = CountOverruling(anchor, counted, number, by, workspace.now, why, death_kind)
        said = " ".join(str(one) for one in (counted, number.low, number.best, number.high, number.status, death_kind))
        entry = Entry("count", made, made.overruling_id, said, anchor, (anchor,))
        return _entered(connection, workspace, entry, kept.add_overruling, by=by, why=why)


def undo(workspace: Workspace, decision: str, *, by: str, why: str) -> Entered:
    """Take back a record, overruling, coding, finding or withdrawal; what held before it holds again."""
    with workspace.database.writing() as connection:
        full = _decision(connection, decision)
        made = Withdrawal(full, by, workspace.now, why)
        claims = kept.claims_behind(connection, full)
        said = f"take back {short(full)}"
        entry = Entry("withdraw", made, made.withdrawal_id, said, claims[0] if claims else "", claims)
        return _entered(connection, workspace, entry, kept.withdraw, by=by, why=why)


def anchor_of(connection: Connection, name: str) -> str:
    """The claim an incident's id was made from, or the claim itself; an id may be cut short."""
    if name.startswith("clm_"):
        return reading.find_id(connection, schema.claims, "claim_id", name, "claim")
    full = _incident(connection, name)
    members = reading.incident_members(connection).filter(pl.col("incident_id") == full)
    return str(next(claim for claim in members["claim_id"] if incident_id(claim) == full))


def _entered(
    connection: Connection, workspace: Workspace, entry: Entry, append: Callable[..., str], *, by: str, why: str
) -> Entered:
    """What became of it, once the incidents say what now holds."""
    made = enter(connection, workspace, entry, lambda: append(connection, entry.kept), by=by, why=why)
    if not made.decision:
        catch_up(connection, workspace.today)
    return made


@dataclass(frozen=True, slots=True)
class _Parts:
    """The file of a record: its parts, and the record it was written upon."""

    acts: tuple[CasualtyAct, ...]
    victims: tuple[VictimGroup, ...]
    alleged: tuple[AllegedBody, ...]
    replaces: str = ""
    label: str = ""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, never written


_PARTS: TypeAdapter[_Parts] = TypeAdapter(_Parts)


def _parts_from(file: Path) -> _Parts:
    try:
        data = file.read_bytes()
    except OSError:
        raise InputNotFoundError("cannot be read", where=file.name, mend="check the path") from None
    value = parse_yaml(data, file.name).value
    try:
        return _PARTS.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, ForewarnError):
            raise cause from None
        spot = ".".join(str(part) for part in first["loc"])
        raise InputFormatError(
            shorten(first["msg"]), where=f"{file.name}, {spot}", mend="see 'forewarn casualties draft'"
        ) from None


def _refuse_persons(parts: _Parts) -> None:
    texts = [("alleged", body.name) for body in parts.alleged]
    texts += [("circumstances", act.circumstances) for act in parts.acts if act.circumstances]
    for where, text in texts:
        for finding in person_name(where, text):
            raise RuleError(f"'{shorten(finding.words, 30)}' {finding.why}", where=where, mend=finding.mend)


def _row(scope: Scope, told_apart: dict[str, str], tally: Tally) -> Aggregate[CasualtyRow]:
    covered = scope.covered
    for column in ("unit", "month"):
        if column in told_apart:
            covered = covered.filter(pl.col(column).cast(pl.String) == told_apart[column])
    what = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told_apart.items())
    row = CasualtyRow(told_apart, tally, f"{what}: {tally}" if what else str(tally))
    return Aggregate(row, sight_of(covered), scope.known.as_known_at)


def _incident(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.incidents, "incident_id", name, "incident")


def _decision(connection: Connection, name: str) -> str:
    kind = name.partition("_")[0]
    if kind not in kept.KEYS:
        raise UnknownNameError(f"'{shorten(name)}' cannot be taken back", mend="give the id that was printed")
    table, key = kept.KEYS[kind]
    return reading.find_id(connection, table, key, name, "decision")


def _row_of(known: Knowledge, incident: str) -> dict[str, Any]:
    return known.assembly.incidents.filter(pl.col("incident_id") == incident).row(0, named=True)


def _said(row: dict[str, Any], counted: str) -> bool:
    return any(row[f"{counted}_{end}"] is not None for end in ("low", "best", "high"))


def _ends(row: dict[str, Any], counted: str) -> dict[str, Any]:
    given = {end: row[f"{counted}_{end}"] for end in ("low", "best", "high")}
    return {end: value for end, value in given.items() if value is not None} | {"status": row["status"]}


def _gives(claims: pl.DataFrame, counted: str) -> bool:
    return any(claims[f"{counted}_{end}"].is_not_null().any() for end in ("low", "best", "high"))


def _days_contested(claims: pl.DataFrame) -> bool:
    dated = claims.filter(pl.col("started_on").is_not_null())
    ended = dated.select(pl.coalesce("ended_on", "started_on").min()).item()
    return bool(dated.height) and str(dated["started_on"].max()) > str(ended)


def _graded(claims: pl.DataFrame, grades: pl.DataFrame) -> str:
    held = grades_of(claims["source_id"].to_list(), "reliability", grades)
    reliability = dict(held.select("subject", "value").iter_rows())
    credibility = dict(grades_of(claims["claim_id"].to_list(), "credibility", grades).select("subject", "value").rows())
    rows = claims.sort("known_on", "claim_id").select("source_name", "source_id", "claim_id").iter_rows()
    return "; ".join(
        dict.fromkeys(f"{name} ({reliability[source]}, {credibility[claim]})" for name, source, claim in rows)
    )
