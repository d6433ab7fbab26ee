"""Actions and what bodies said are kept, only ever added to, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from forewarn.errors import AppendOnlyError, LifecycleError
from forewarn.model.action import Action
from forewarn.model.response import GateAssertion, GateState
from forewarn.store import Database, responses, schema

NOW = datetime(2017, 9, 1, 12, tzinfo=UTC)
ACTION = Action(
    "M203", 0, "XKA/North_1", "Body", date(2017, 3, 1), "ended", "S/1", "desk", NOW, date(2017, 4, 1), "a truce"
)
SAID = GateAssertion("XKA", "S3", GateState.ASSERTED, "desk", NOW, "The Council", "A/1")


def test_what_is_kept_is_read_back(database: Database) -> None:
    """The same nouns; by place and below it, with signs of patterns taken as they are; not twice."""
    with database.writing() as connection:
        responses.add_action(connection, ACTION)
        responses.add_action(connection, replace(ACTION, unit="XKA/NorthX1"))
        responses.add_action(connection, replace(ACTION, unit="XKAB"))
        responses.add_gate_assertion(connection, SAID)
        with pytest.raises(LifecycleError, match="recorded before"):
            responses.add_action(connection, ACTION)
    with database.reading() as connection:
        assert responses.read_actions(connection, "XKA/North_1") == [ACTION]
        assert len(responses.read_actions(connection, "XKA")) == 2
        assert len(responses.read_actions(connection)) == 3
        assert responses.read_gate_assertions(connection, "XKA") == [SAID]
        assert responses.read_gate_assertions(connection, "XKB") == []


@pytest.mark.parametrize("table", ["action_entries", "gate_assertions"])
def test_nothing_recorded_is_changed(database: Database, table: str) -> None:
    """The database itself refuses every update and delete."""
    with database.writing() as connection:
        responses.add_action(connection, ACTION)
        responses.add_gate_assertion(connection, SAID)
    for statement in (schema.metadata.tables[table].delete(), schema.metadata.tables[table].update().values(by="x")):
        with pytest.raises(AppendOnlyError), database.writing() as connection:
            connection.execute(statement)
