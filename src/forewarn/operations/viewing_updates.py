"""Updates of issued alerts as a viewer: writing one, agreeing with what another wrote, and what versions changed.

A version is compared with the one before only where the viewer may see both by their own marks: an alert that was
opened to more people does not show them what it said before. What waits is shown by its own mark too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forewarn.errors import SeparationError, UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.alert import Alert
from forewarn.model.alert_life import AlertState, same_person
from forewarn.model.alert_update import AlertUpdate, FieldChange, changed_fields, level_move
from forewarn.operations import viewing
from forewarn.operations.alert import alert_life
from forewarn.operations.alert_updating import agree_update, drop_update, write_update
from forewarn.operations.viewing_alerts import require_writable
from forewarn.operations.workspace import Workspace
from forewarn.store.alert_updates import waiting_update
from forewarn.store.marks import alert_sensitivity

__all__ = ["UpdateShown", "VersionChange", "VersionsShown", "agree_for", "drop_for", "update_for", "versions_for"]


@dataclass(frozen=True, slots=True)
class VersionChange:
    """What a version changed of the one before: its number, who wrote it and when, which way the level went."""

    version: int
    by: str
    at: datetime
    move: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class UpdateShown:
    """A version that waits: what it would change, and whether the viewer wrote any of it or of the alert."""

    update: AlertUpdate
    move: str
    changes: tuple[FieldChange, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class VersionsShown:
    """The versions of an alert beside each other.

    Attributes:
        made: what each version changed, the latest first.
        hidden: how many changes the viewer's roles do not show.
        waiting: the version that waits for a second person, where it may be seen.
        waits_unseen: one waits that may not be seen.
    """

    made: tuple[VersionChange, ...]
    hidden: int
    waiting: UpdateShown | None
    waits_unseen: bool


def versions_for(workspace: Workspace, viewer: Viewer, alert_id: str) -> VersionsShown:
    """What the versions of an alert changed, and what waits. Raises :class:`UnknownNameError` where it is not seen."""
    viewing.alert_for(workspace, viewer, alert_id)
    with workspace.database.reading() as connection:
        life, waiting = alert_life(connection, alert_id), waiting_update(connection, alert_id)
    written = {one.version: one for one in life.events if one.kind in ("draft", "revise", "update")}
    pairs = list(zip(life.versions, life.versions[1:], strict=False))
    seen = [pair for pair in pairs if all(_sees(viewer, one) for one in pair)]
    made = tuple(
        VersionChange(
            after.version, written[after.version].by, written[after.version].at, level_move(before, after),
            changed_fields(before, after),
        )
        for before, after in reversed(seen)
    )  # fmt: skip
    shown, unseen = None, waiting is not None and not _sees(viewer, waiting.content)
    if waiting is not None and not unseen:
        own = any(same_person(viewer.name, one) for one in (*life.state.writers, waiting.by))
        changes = changed_fields(life.alert, waiting.content)
        shown = UpdateShown(waiting, level_move(life.alert, waiting.content), changes, own)
    told = [one for pair in seen for one in pair] + ([waiting.content] if shown and waiting else [])
    if any(alert_sensitivity(one).rank >= SENSITIVE_FROM.rank for one in told):
        viewing.keep_sights(workspace, viewer, [("alert", alert_id)])
    return VersionsShown(made, len(pairs) - len(seen), shown, unseen)


def update_for(
    workspace: Workspace, viewer: Viewer, alert_id: str, changes: Mapping[str, Any], *, version: int, note: str
) -> AlertUpdate:
    """Write the next version of an issued alert; it waits for a second person."""
    require_writable(workspace, viewer, alert_id, changes, act="alert_update", version=version)
    return write_update(workspace, alert_id, changes, by=viewer.name, note=note)


def agree_for(workspace: Workspace, viewer: Viewer, alert_id: str, *, update_id: str) -> AlertState:
    """Agree with the version that was read, as somebody who may review and wrote none of it."""
    if "alert_review" not in viewer.acts:
        viewing.alert_for(workspace, viewer, alert_id)
        raise SeparationError("your roles do not allow this", where="alert_review", mend="ask who may")
    _require_shown(workspace, viewer, alert_id)
    return agree_update(workspace, alert_id, by=viewer.name, update_id=update_id)


def drop_for(workspace: Workspace, viewer: Viewer, alert_id: str, *, update_id: str, why: str) -> AlertUpdate:
    """Take back the version that waits: whoever may write or review one."""
    if not {"alert_update", "alert_review"} & viewer.acts:
        viewing.alert_for(workspace, viewer, alert_id)
        raise SeparationError("your roles do not allow this", where="alert_update", mend="ask who may")
    _require_shown(workspace, viewer, alert_id)
    return drop_update(workspace, alert_id, by=viewer.name, why=why, update_id=update_id)


def _require_shown(workspace: Workspace, viewer: Viewer, alert_id: str) -> None:
    if versions_for(workspace, viewer, alert_id).waits_unseen:
        raise UnknownNameError("no version of it waits", mend="see the alert")


def _sees(viewer: Viewer, alert: Alert) -> bool:
    country, _, admin1 = alert.unit.partition("/")
    return viewer.may_see("alert", country, admin1, alert_sensitivity(alert))
