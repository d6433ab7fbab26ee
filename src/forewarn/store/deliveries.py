"""Recipients, notices and receipts: appended, and read back as nouns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.model.delivery import Notice, Receipt, Recipient
from forewarn.store import schema

__all__ = ["add_receipt", "add_recipient", "read_notices", "read_receipts", "read_recipients"]


def add_recipient(connection: Connection, recipient: Recipient) -> None:
    """Append an address, or its removal."""
    row = {name: getattr(recipient, name) for name in recipient.__slots__}
    row |= {"recipient_id": recipient.recipient_id, "at": instant_text(recipient.at), "removed": int(recipient.removed)}
    connection.execute(schema.recipients.insert(), row)


def read_recipients(connection: Connection) -> list[Recipient]:
    """Every address ever added or removed, in that order."""
    rows = _rows(connection, schema.recipients, Recipient.__slots__)
    return [Recipient(**{**row, "at": instant_from_text(row["at"]), "removed": bool(row["removed"])}) for row in rows]


def add_receipt(connection: Connection, notice: Notice, receipt: Receipt) -> None:
    """Append what came of handing a notice over; the notice itself is kept with its first receipt."""
    table = schema.notices
    known = connection.execute(select(table.c.sequence).where(table.c.notice_id == notice.notice_id)).first()
    if known is None:
        row = {name: getattr(notice, name) for name in notice.__slots__}
        row |= {"notice_id": notice.notice_id, "fictional": int(notice.fictional)}
        connection.execute(table.insert(), row | {"deadline": instant_text(notice.deadline)})
    made = {name: getattr(receipt, name) for name in receipt.__slots__}
    made |= {"handed_over": int(receipt.handed_over), "at": instant_text(receipt.at)}
    connection.execute(schema.receipts.insert(), made)


def read_notices(connection: Connection) -> dict[str, Notice]:
    """Every notice for which there is a receipt, by its id."""
    rows = _rows(connection, schema.notices, Notice.__slots__)
    made = [
        Notice(**{**row, "deadline": instant_from_text(row["deadline"]), "fictional": bool(row["fictional"])})
        for row in rows
    ]
    return {one.notice_id: one for one in made}


def read_receipts(connection: Connection) -> list[Receipt]:
    """Every receipt, in the order made."""
    rows = _rows(connection, schema.receipts, Receipt.__slots__)
    return [
        Receipt(**{**row, "at": instant_from_text(row["at"]), "handed_over": bool(row["handed_over"])}) for row in rows
    ]


def _rows(connection: Connection, table: Table, names: tuple[str, ...]) -> list[dict[str, Any]]:
    query = select(*(table.c[name] for name in names)).order_by(table.c.sequence)
    return [dict(row) for row in connection.execute(query).mappings()]
