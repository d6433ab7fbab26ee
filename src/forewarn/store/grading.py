"""Rulings on origins, quarantine and sights of grades: appended, and read back as what holds.

What holds is a pure function of the rows. A ruling or quarantine stands until a row names it as withdrawn or released;
withdrawing a withdrawal is not offered: say it again instead.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, select

from forewarn.clock import instant_text
from forewarn.model.grading import GradeSight, OriginRuling, Quarantine
from forewarn.store import schema

__all__ = ["add_quarantine", "add_ruling", "add_sight", "has_seen", "read_quarantines", "read_rulings"]


def add_ruling(connection: Connection, ruling: OriginRuling) -> None:
    """Append a ruling."""
    row = _plain(ruling, "ruled_at") | {"ruling_id": ruling.ruling_id}
    connection.execute(schema.origin_rulings.insert(), row)


def read_rulings(connection: Connection) -> pl.DataFrame:
    """Every ruling ever made, in the order made."""
    return _all(connection, schema.origin_rulings)


def add_quarantine(connection: Connection, quarantine: Quarantine) -> None:
    """Append a quarantine or a release."""
    row = _plain(quarantine, "decided_at") | {"quarantine_id": quarantine.quarantine_id}
    connection.execute(schema.quarantines.insert(), row)


def read_quarantines(connection: Connection) -> pl.DataFrame:
    """Every quarantine and release, in the order made."""
    return _all(connection, schema.quarantines)


def add_sight(connection: Connection, sight: GradeSight) -> None:
    """Append that a person was shown the grades on something; once is enough."""
    if not has_seen(connection, sight.subject, sight.person):
        connection.execute(schema.grade_sights.insert(), _plain(sight, "seen_at"))


def has_seen(connection: Connection, subject: str, person: str) -> bool:
    """Whether the person was ever shown the grades on it."""
    table = schema.grade_sights
    query = select(table.c.sequence).where(table.c.subject == subject, table.c.person == person)
    return connection.execute(query.limit(1)).first() is not None


def _plain(noun: OriginRuling | Quarantine | GradeSight, stamp: str) -> dict[str, Any]:
    values = {name: getattr(noun, name) for name in noun.__slots__}
    return values | {stamp: instant_text(values[stamp])}


def _all(connection: Connection, table: Table) -> pl.DataFrame:
    shape = {column.name: pl.Int64 if column.name == "sequence" else pl.String for column in table.columns}
    rows = connection.execute(select(*table.columns).order_by(table.c.sequence)).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=shape, orient="row")
