"""Appending what people record of incidents, and what of it holds: casualties, overrulings, codings, findings.

Nothing here updates a row. What holds on a day is what was decided by then and not withdrawn by then, so a withdrawal
restores exactly what was before it. About sensitive claims a row is only written for a decision that two persons made,
whose id is then passed as ``decision``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, select

from forewarn.clock import day_from_text, instant_from_text, instant_text
from forewarn.errors import LifecycleError, RuleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.casualty import CasualtyRecord, CountOverruling
from forewarn.model.claim import CountRange
from forewarn.model.coding import BodyFinding, Coding, Withdrawal, withdrawn
from forewarn.store import schema
from forewarn.store.two_persons import beside, require_second

__all__ = [
    "KEYS",
    "Recorded",
    "add_coding",
    "add_finding",
    "add_overruling",
    "add_record",
    "claims_behind",
    "is_kept",
    "read_recorded",
    "withdraw",
    "withdrawals_of",
]

_RECORD: TypeAdapter[CasualtyRecord] = TypeAdapter(CasualtyRecord)
Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What people have recorded and not withdrawn, as of a day, each in the order made."""

    records: tuple[CasualtyRecord, ...] = ()
    overrulings: tuple[CountOverruling, ...] = ()
    codings: tuple[Coding, ...] = ()
    findings: tuple[BodyFinding, ...] = ()


def add_record(connection: Connection, record: CasualtyRecord, *, decision: str = "") -> str:
    """Append a record; its id. Raises :class:`LifecycleError` unless it replaces the one that holds of its claim."""
    require_second(connection, beside(connection, [record.claim_id]), decision)
    held = [one for one in read_recorded(connection).records if one.claim_id == record.claim_id]
    current = held[-1].record_id if held else ""
    if record.replaces != current:
        raise LifecycleError(
            f"replaces {short(record.replaces) or 'none'}; the record that holds is {short(current) or 'none'}",
            where="record",
            mend="read the record that holds and write upon it",
        )
    body = _RECORD.dump_json(record).decode()
    row = {"claim_id": record.claim_id, "replaces": record.replaces, "body": body, **_signed(record)}
    return _append(connection, schema.casualty_records, "record_id", record.record_id, row)


def add_overruling(connection: Connection, made: CountOverruling, *, decision: str = "") -> str:
    """Append an overruled count; its id."""
    require_second(connection, beside(connection, [made.claim_id]), decision)
    number = made.number
    row = {
        "claim_id": made.claim_id,
        "counted": made.counted,
        "death_kind": made.death_kind,
        **{name: getattr(number, name) for name in ("low", "best", "high", "status", "standard")},
        **_signed(made),
    }
    return _append(connection, schema.count_overrulings, "overruling_id", made.overruling_id, row)


def add_coding(connection: Connection, made: Coding, *, decision: str = "") -> str:
    """Append a coding; its id."""
    require_second(connection, beside(connection, [made.claim_id, *made.basis_claims]), decision)
    row = {name: getattr(made, name) for name in ("claim_id", "scheme", "code", "state", "confidence")}
    row |= {"basis_claims": json.dumps(made.basis_claims), **_signed(made)}
    return _append(connection, schema.codings, "coding_id", made.coding_id, row)


def add_finding(connection: Connection, made: BodyFinding) -> str:
    """Append what a named body has found; its id."""
    row = {name: getattr(made, name) for name in ("subject", "element", "body", "citation", "standard", "quote")}
    row |= {"found_on": made.found_on.isoformat(), "author": made.author, "decided_at": instant_text(made.decided_at)}
    return _append(connection, schema.body_findings, "finding_id", made.finding_id, row)


def withdraw(connection: Connection, made: Withdrawal, *, decision: str = "") -> str:
    """Append a withdrawal; its id. Raises :class:`UnknownNameError` where there is no such row."""
    if not is_kept(connection, made.withdraws):
        raise UnknownNameError(f"nothing is called '{short(made.withdraws)}'", mend="give an id as printed")
    if made.withdraws in withdrawn(_withdrawals(connection)):
        raise LifecycleError(f"{short(made.withdraws)} is withdrawn already", mend="nothing is to be done")
    require_second(connection, beside(connection, claims_behind(connection, made.withdraws)), decision)
    row = {"withdraws": made.withdraws, **_signed(made)}
    return _append(connection, schema.withdrawals, "withdrawal_id", made.withdrawal_id, row)


def is_kept(connection: Connection, identifier: str) -> bool:
    """Whether a row of that full id was ever appended, withdrawn or not."""
    table, key = KEYS[identifier.partition("_")[0]]
    return connection.execute(select(table.c[key]).where(table.c[key] == identifier)).first() is not None


def claims_behind(connection: Connection, identifier: str) -> tuple[str, ...]:
    """The claims that a kept row is about or rests on; of a withdrawal, those of what it takes back.

    A finding of a body quotes what is published, and has none.
    """
    table, key = KEYS[identifier.partition("_")[0]]
    row = connection.execute(select(*table.columns).where(table.c[key] == identifier)).mappings().first()
    if row is None or table is schema.body_findings:
        return ()
    if table is schema.withdrawals:
        return claims_behind(connection, row["withdraws"])
    return (row["claim_id"], *json.loads(row.get("basis_claims") or "[]"))


def withdrawals_of(connection: Connection, identifier: str) -> list[str]:
    """The ids of the withdrawals of a decision that are not withdrawn themselves."""
    made = _withdrawals(connection)
    gone = withdrawn(made)
    return [one.withdrawal_id for one in made if one.withdraws == identifier and one.withdrawal_id not in gone]


def read_recorded(connection: Connection, *, as_known_at: date | None = None) -> Recorded:
    """What was recorded by the end of the day and not withdrawn by then; all that holds now without a day."""
    gone = withdrawn(one for one in _withdrawals(connection) if _is_by(one.decided_at, as_known_at))

    def held(table: Table, key: str, make: Callable[[Mapping[str, Any]], Noun]) -> tuple[Noun, ...]:
        rows = (row for row in _rows(connection, table) if row[key] not in gone)
        return tuple(make(row) for row in rows if _is_by(instant_from_text(row["decided_at"]), as_known_at))

    records = held(schema.casualty_records, "record_id", lambda row: _RECORD.validate_json(row["body"]))
    replaced = {record.replaces for record in records}
    return Recorded(
        tuple(record for record in records if record.record_id not in replaced),
        held(schema.count_overrulings, "overruling_id", _overruling),
        held(schema.codings, "coding_id", _coding),
        held(schema.body_findings, "finding_id", _finding),
    )


KEYS = {
    "csr": (schema.casualty_records, "record_id"),
    "ovr": (schema.count_overrulings, "overruling_id"),
    "cod": (schema.codings, "coding_id"),
    "fnd": (schema.body_findings, "finding_id"),
    "wdr": (schema.withdrawals, "withdrawal_id"),
}
"""The table and key of each kind of decision, by the beginning of its id."""


def _append(connection: Connection, table: Table, key: str, identifier: str, row: dict[str, Any]) -> str:
    if connection.execute(select(table.c[key]).where(table.c[key] == identifier)).first():
        raise RuleError(f"{short(identifier)} is recorded already", mend="nothing is to be done")
    connection.execute(table.insert(), {key: identifier, **row})
    return identifier


def _signed(noun: Any) -> dict[str, str]:
    return {"author": noun.author, "decided_at": instant_text(noun.decided_at), "reason": noun.reason}


def _is_by(instant: datetime, day: date | None) -> bool:
    return day is None or instant.date() <= day


def _rows(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    for row in connection.execute(select(*table.columns).order_by(table.c.sequence)).mappings():
        yield dict(row)


def _withdrawals(connection: Connection) -> list[Withdrawal]:
    return [
        Withdrawal(row["withdraws"], row["author"], instant_from_text(row["decided_at"]), row["reason"])
        for row in _rows(connection, schema.withdrawals)
    ]


def _overruling(row: Mapping[str, Any]) -> CountOverruling:
    number = CountRange(row["low"], row["best"], row["high"], row["status"], row["standard"])
    stamp = instant_from_text(row["decided_at"])
    return CountOverruling(
        row["claim_id"], row["counted"], number, row["author"], stamp, row["reason"], row["death_kind"]
    )


def _coding(row: Mapping[str, Any]) -> Coding:
    return Coding(
        row["claim_id"],
        row["scheme"],
        row["code"],
        row["state"],
        row["author"],
        instant_from_text(row["decided_at"]),
        row["reason"],
        row["confidence"],
        tuple(json.loads(row["basis_claims"])),
    )


def _finding(row: Mapping[str, Any]) -> BodyFinding:
    names = ("subject", "element", "body", "citation", "standard", "quote", "author")
    return BodyFinding(
        found_on=day_from_text(row["found_on"]),
        decided_at=instant_from_text(row["decided_at"]),
        **{name: row[name] for name in names},
    )
