"""For which country or regional arrangement a node stands: appended, and the last that was said of each read back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from forewarn.clock import instant_text
from forewarn.store.package_tables import partner_places

__all__ = ["add_place", "places"]


def add_place(connection: Connection, partner: str, place: str, *, by: str, at: datetime) -> None:
    """Say for what a node stands from now on; for nothing, where the place is empty."""
    row = {"partner": partner, "place": place, "by": by, "at": instant_text(at)}
    connection.execute(partner_places.insert(), row)


def places(connection: Connection) -> dict[str, str]:
    """For what each node stands, by fingerprint; those of which nothing is said, or no more, are not there."""
    table = partner_places
    rows = connection.execute(select(table.c.partner, table.c.place).order_by(table.c.sequence))
    said: dict[str, str] = {row.partner: row.place for row in rows}
    return {partner: place for partner, place in said.items() if place}
