"""CAP messages in the store: once each, read back as they were, never changed; on both engines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from forewarn.errors import AppendOnlyError
from forewarn.model.cap import CapKept, CapKnown, CapReference
from forewarn.store import Database
from forewarn.store.cap import add_cap_message, read_cap_messages

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NAME = CapReference("s", "urn:x-y:1", NOW)


def test_a_message_is_kept_once_and_for_good(database: Database) -> None:
    """The second of the same name is told what stands; nothing can be changed."""
    known = CapKnown(
        NAME.message_id, "received", NAME.sender_digest, NAME.identifier, NOW, "Actual", "Update", "Public", "é", None,
        (("cap_1", "urn:x-y:0"),),
    )  # fmt: skip
    kept = CapKept(known, "analyst", NOW, snapshot_id="snp")
    with database.writing() as connection:
        assert add_cap_message(connection, kept) is None
        assert add_cap_message(connection, CapKept(known, "other", NOW)) == kept
    with database.reading() as connection:
        assert read_cap_messages(connection) == [kept]
        assert read_cap_messages(connection, alert_id="alr") == []
    with pytest.raises(AppendOnlyError), database.writing() as connection:
        connection.execute(text("UPDATE cap_messages SET kind = 'Cancel'"))
