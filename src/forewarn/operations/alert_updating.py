"""Updating an issued alert by two persons: one writes the next version, another agrees, and only then it holds.

Until then the alert stands as it was issued. Who agrees wrote none of any version; what waits can be taken back by
whoever wrote it or may review, and is replaced by what is written after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.errors import LifecycleError
from forewarn.ids import short
from forewarn.model.alert_life import AlertState
from forewarn.model.alert_update import AlertUpdate
from forewarn.operations.alert import alert_life, changed_alert, find_alert
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions
from forewarn.store.alert_updates import add_update, take_update_back, waiting_update
from forewarn.warn import lifecycle

__all__ = ["agree_update", "drop_update", "write_update"]


def write_update(
    workspace: Workspace, name: str, changes: Mapping[str, Any], *, by: str, note: str = ""
) -> AlertUpdate:
    """Write the next version of an issued alert; it waits for somebody who wrote none of it.

    Raises:
        LifecycleError: the alert was not issued or has ended, or the new deadline has passed.
        RuleError: a field is empty, or words stand in it that may not.
    """
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        content = changed_alert(life.alert, changes, by)
        lifecycle.require_update(life, content, by, workspace.now)
        made = AlertUpdate(content, by, workspace.now, note)
        add_update(connection, made)
        return made


def agree_update(workspace: Workspace, name: str, *, by: str, update_id: str = "") -> AlertState:
    """Agree with the version that waits: from now on it holds, and its decision is asked for anew.

    Args:
        update_id: the one that was read, so that nobody agrees with another; empty for whichever waits.

    Raises:
        SeparationError: by somebody who wrote any of it.
        LifecycleError: none waits, or another than the one named.
    """
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        waiting = _waiting(connection, life.alert.alert_id, update_id)
        event = lifecycle.update(life, waiting.content, waiting.by, workspace.now, second=by)
        decisions.add_alert_version(connection, waiting.content, written_at=instant_text(workspace.now))
        return decisions.append_alert_event(connection, event)


def drop_update(workspace: Workspace, name: str, *, by: str, why: str, update_id: str = "") -> AlertUpdate:
    """Take back the version that waits; the alert stands as it was issued."""
    with workspace.database.writing() as connection:
        full = find_alert(connection, name)
        waiting = _waiting(connection, full, update_id)
        take_update_back(connection, waiting, by=by, at=workspace.now, why=why)
        return waiting


def _waiting(connection: Connection, alert_id: str, update_id: str) -> AlertUpdate:
    found = waiting_update(connection, alert_id)
    if found is None or update_id not in ("", found.update_id):
        what = "another version waits than the one named" if found else "no version of it waits"
        raise LifecycleError(what, where=f"alert {short(alert_id)}", mend="read the alert again")
    return found
