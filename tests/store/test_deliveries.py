"""Recipients, notices and receipts come back as they were kept, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forewarn.errors import AppendOnlyError
from forewarn.model.delivery import Notice, Receipt, Recipient, current_recipients
from forewarn.store import Database, deliveries, schema

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)
NOTICE = Notice("alr_" + "a" * 64, 1, "issued", "", "The Council", "W3", "XKC", NOW)
MAIL = Recipient("The Council", "email", "duty@example.org", "desk", NOW)


def test_what_is_kept_is_read_back(database: Database) -> None:
    """A notice is kept once with all its receipts; a removal takes the address away and stays on record."""
    first = Receipt(NOTICE.notice_id, MAIL.recipient_id, False, "cannot be reached", NOW)
    with database.writing() as connection:
        deliveries.add_recipient(connection, MAIL)
        deliveries.add_recipient(connection, replace(MAIL, removed=True, at=NOW.replace(hour=13)))
        deliveries.add_receipt(connection, NOTICE, first)
        deliveries.add_receipt(connection, NOTICE, replace(first, handed_over=True, detail="answered 202"))
    with database.reading() as connection:
        kept = deliveries.read_recipients(connection)
        assert kept[0] == MAIL
        assert current_recipients(kept) == ()
        assert deliveries.read_notices(connection) == {NOTICE.notice_id: NOTICE}
        assert [one.handed_over for one in deliveries.read_receipts(connection)] == [False, True]
    with pytest.raises(AppendOnlyError), database.writing() as connection:
        connection.execute(schema.receipts.update().values(handed_over=1))
