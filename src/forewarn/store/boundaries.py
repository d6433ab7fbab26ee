"""The boundary files and tables of P-codes that users have added: rows in, rows out.

Rows are only ever added. The id of a row is the SHA-256 of the declaration that says how its file is to be read, and
that declaration is kept among the snapshots under the same digest: from a row alone all can be read again.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from sqlalchemy import Connection, select

from forewarn.store import schema

__all__ = ["BoundaryRow", "add_boundary", "boundary_rows"]


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """One added file.

    Attributes:
        boundary_id: ``bnd_`` and the SHA-256 of its declaration.
        snapshot_id: the bytes of the file.
        title, publisher, licence: whose it is and under which terms.
        level: ``country``, ``admin1``, ``admin2``, or ``pcodes`` for a table.
        valid_on: the day whose borders it shows, ISO 8601; empty when not said.
        features: areas in it, or rows of a table.
        added_at: instant, UTC, ISO 8601.
    """

    boundary_id: str
    snapshot_id: str
    title: str
    publisher: str
    licence: str
    level: str
    valid_on: str
    features: int
    added_at: str


def add_boundary(connection: Connection, row: BoundaryRow) -> bool:
    """Record an added file; whether it was new."""
    table = schema.boundaries
    found = select(table.c.boundary_id).where(table.c.boundary_id == row.boundary_id)
    if connection.execute(found).first():
        return False
    connection.execute(table.insert(), dict(zip(BoundaryRow.__slots__, astuple(row), strict=True)))
    return True


def boundary_rows(connection: Connection) -> list[BoundaryRow]:
    """All that was added, in the order of adding."""
    table = schema.boundaries
    query = select(*(table.c[name] for name in BoundaryRow.__slots__))
    return [BoundaryRow(*row) for row in connection.execute(query.order_by(table.c.added_at, table.c.boundary_id))]
