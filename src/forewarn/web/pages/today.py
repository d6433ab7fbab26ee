"""Today: what is late, what is due within a week, what happened last."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from forewarn.operations import viewing
from forewarn.operations.channels import ChannelUse, channel_uses
from forewarn.operations.listing import Wanted
from forewarn.operations.viewing import AlertListed
from forewarn.web.asked import Asked, Entry, Page, rendered
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]

_SOON = timedelta(days=7)
_WAITING = "issued,updated,read"
_MOST = 100


def _today(asked: Asked) -> Response:
    workspace, viewer = asked.workspace, asked.person.viewer
    open_ones = _alerts(asked, _WAITING)
    soon = workspace.now + _SOON
    waiting = [one for one in open_ones if not one.overdue]
    late: list[ChannelUse] = []
    if "channel" in viewer.sights:
        late = [use for use in channel_uses(workspace) if use.late_days]
    latest = viewing.incidents_for(workspace, viewer, limit=8) if "incident" in viewer.sights else []
    return rendered(
        asked, "today.html", day=workspace.today, overdue=[one for one in open_ones if one.overdue],
        due=[one for one in waiting if one.decision_needed_by <= soon],
        later=[one for one in waiting if one.decision_needed_by > soon],
        drafts=_alerts(asked, "draft,reviewed"), late=late, latest=latest,
    )  # fmt: skip


def _alerts(asked: Asked, status: str) -> list[AlertListed]:
    """Alerts that stand so, the soonest deadline first, at most :data:`_MOST`; the list of alerts has all."""
    viewer = asked.person.viewer
    if "alert" not in viewer.sights:
        return []
    return viewing.alerts_listed(asked.workspace, viewer, Wanted(status=status, limit=_MOST))


READ: dict[str, Page] = {"/": _today}

ENTRIES = (Entry("/", marked("Today")),)
