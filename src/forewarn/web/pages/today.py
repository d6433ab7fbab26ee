"""Today: what is late, what is due within a week, what happened last."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from forewarn.operations import viewing
from forewarn.operations.channels import ChannelUse, channel_uses
from forewarn.web.asked import Asked, Entry, Page, rendered
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]

_SOON = timedelta(days=7)
_WAITING = ("issued", "updated", "read")


def _today(asked: Asked) -> Response:
    workspace, viewer = asked.workspace, asked.person.viewer
    found = viewing.alerts_for(workspace, viewer) if "alert" in viewer.sights else []
    open_ones = [one for one in found if one.status in _WAITING]
    due = [one for one in open_ones if not one.overdue and one.decision_needed_by <= workspace.now + _SOON]
    late: list[ChannelUse] = []
    if "channel" in viewer.sights:
        late = [use for use in channel_uses(workspace) if use.late_days]
    latest = viewing.incidents_for(workspace, viewer, limit=8) if "incident" in viewer.sights else []
    return rendered(
        asked, "today.html", day=workspace.today, overdue=[one for one in open_ones if one.overdue], due=due,
        drafts=[one for one in found if one.status in ("draft", "reviewed")], late=late, latest=latest,
    )  # fmt: skip


READ: dict[str, Page] = {"/": _today}

ENTRIES = (Entry("/", marked("Today")),)
