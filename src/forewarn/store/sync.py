"""What waits for a partner over a network, how far each side has what the other made, and where partners are asked.

A place in the queue is named by a package id, so that nobody learns how much is exchanged with others, and a store put
back from a copy is noticed: an id it does not know begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from forewarn.clock import instant_text
from forewarn.model.package import PackageManifest
from forewarn.store.package_tables import (
    package_queue,
    package_seals,
    partner_addresses,
    sharing_notes,
    sync_marks,
)

__all__ = [
    "Waiting", "add_address", "add_mark", "add_sealed", "add_sharing_note", "address_of", "enqueue", "is_in_queue",
    "mark_of", "sealed_bytes", "waiting",
]  # fmt: skip

_ROWS = ("release", "correct")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A package in the queue of a recipient, and whether it is held back: ended, taken back or replaced."""

    package_id: str
    is_held_back: bool


def add_sealed(connection: Connection, made: Mapping[str, bytes]) -> None:
    """Keep the bytes of packages made, by id."""
    if made:
        rows = [{"package_id": package_id, "sealed": sealed} for package_id, sealed in made.items()]
        connection.execute(package_seals.insert(), rows)


def sealed_bytes(connection: Connection, package_id: str) -> bytes | None:
    """The bytes of a package made; none where it is not ours, or older than this table."""
    found = connection.execute(select(package_seals.c.sealed).where(package_seals.c.package_id == package_id)).scalar()
    return None if found is None else bytes(found)


def enqueue(connection: Connection, made: Mapping[str, PackageManifest]) -> None:
    """Put packages, by id, in the queues of their recipients."""
    rows = [
        {
            "recipient": recipient,
            "package_id": package_id,
            "kind": told.kind,
            "subject": told.subject,
            "expires_on": told.expires_on.isoformat(),
        }
        for package_id, told in made.items()
        for recipient in told.recipients
    ]
    if rows:
        connection.execute(package_queue.insert(), rows)


def is_in_queue(connection: Connection, recipient: str, package_id: str) -> bool:
    """Whether the package was ever put in the queue of that recipient."""
    return _place(connection, recipient, package_id) > 0


def waiting(connection: Connection, recipient: str, after: str, today: date) -> Iterator[Waiting]:
    """What stands behind that package in the queue of a recipient, in order; everything where it is not there."""
    queue = package_queue
    query = (
        select(queue.c.package_id, _is_held_back(today))
        .where(queue.c.recipient == recipient, queue.c.sequence > _place(connection, recipient, after))
        .order_by(queue.c.sequence)
    )
    for package_id, is_held_back in connection.execute(query):
        yield Waiting(package_id, bool(is_held_back))


def mark_of(connection: Connection, partner: str, direction: str) -> str:
    """The last mark of a partner in a direction; empty where there is none."""
    marks = sync_marks
    query = select(marks.c.package_id).where(marks.c.partner == partner, marks.c.direction == direction)
    return connection.execute(query.order_by(marks.c.sequence.desc()).limit(1)).scalar() or ""


def add_mark(connection: Connection, partner: str, direction: str, package_id: str, at: datetime) -> None:
    """Set a mark; where it stands there already, nothing is added."""
    if mark_of(connection, partner, direction) != package_id:
        row = {"partner": partner, "direction": direction, "package_id": package_id, "at": instant_text(at)}
        connection.execute(sync_marks.insert(), row)


def address_of(connection: Connection, partner: str) -> str:
    """Where a partner is asked; empty where nobody said."""
    table = partner_addresses
    query = select(table.c.address).where(table.c.partner == partner).order_by(table.c.sequence.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def add_address(connection: Connection, partner: str, address: str, *, by: str, at: datetime) -> None:
    """Say where a partner is asked from now on."""
    row = {"partner": partner, "address": address, "by": by, "at": instant_text(at)}
    connection.execute(partner_addresses.insert(), row)


def add_sharing_note(connection: Connection, package_id: str, note: tuple[str, str], *, by: str, at: datetime) -> None:
    """Keep why a package was passed on: whom it helps, and whom it could harm."""
    row = {"package_id": package_id, "benefit": note[0], "risk": note[1], "by": by, "at": instant_text(at)}
    connection.execute(sharing_notes.insert(), row)


def _place(connection: Connection, recipient: str, package_id: str) -> int:
    if not package_id:
        return 0
    queue = package_queue
    query = select(queue.c.sequence).where(queue.c.package_id == package_id, queue.c.recipient == recipient)
    return connection.execute(query).scalar() or 0


def _is_held_back(today: date) -> ColumnElement[bool]:
    """Rows whose day of use is past, or that a notice to the same recipient takes back or replaces."""
    notice = package_queue.alias("notice")
    is_undone = exists().where(
        notice.c.subject == package_queue.c.package_id,
        notice.c.recipient == package_queue.c.recipient,
        notice.c.kind.in_(("recall", "correct")),
    )
    is_past = package_queue.c.expires_on < today.isoformat()
    return and_(package_queue.c.kind.in_(_ROWS), or_(is_past, is_undone)).label("is_held_back")
