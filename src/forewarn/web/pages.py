"""The pages that are read. Each asks one operation with the viewer of the session, and shows what it gives."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.access import require_area
from forewarn.model.alert_life import DECISIONS, OUTCOMES
from forewarn.model.provenance import Sensitivity
from forewarn.operations import accounts, viewing
from forewarn.operations.alert_text import share_words
from forewarn.operations.channels import ChannelUse, channel_uses
from forewarn.web.asked import Asked, rendered, turn_to

__all__ = ["alert", "alerts", "channels", "incident", "incidents", "join", "people", "sign_in", "today"]

_PAGE = 50
_SOON = timedelta(days=7)
_WAITING = ("issued", "updated", "read")
_STEPS = ("review", "issue", "read", "decide", "act", "close", "after_action", "cancel")


def sign_in(asked: Asked) -> Response:
    """The form to sign in; who is signed in already is shown today."""
    return turn_to("/") if asked.who else rendered(asked, "sign_in.html", wrong=False)


def join(asked: Asked) -> Response:
    """The form that a one-time link opens. Whether the link still holds is told only when it is used."""
    return rendered(asked, "join.html", token=asked.path("token"))


def today(asked: Asked) -> Response:
    """What is late, what is due within a week, what happened last."""
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


def incidents(asked: Asked) -> Response:
    """The incidents, the latest first, a page at a time; of an area where one is asked for."""
    _require_kind(asked, "incident")
    asked_for = asked.request.query_params
    area = require_area(asked_for["area"].strip()) if asked_for.get("area", "").strip(" *") else ""
    after = _after(asked_for.get("after", ""))
    rows = viewing.incidents_for(asked.workspace, asked.person.viewer, area=area, after=after, limit=_PAGE + 1)
    more = f"{rows[_PAGE - 1]['started_on'] or ''}~{rows[_PAGE - 1]['incident_id']}" if len(rows) > _PAGE else ""
    return rendered(asked, "incidents.html", rows=rows[:_PAGE], area=area, more=more, is_first=after is None)


def incident(asked: Asked) -> Response:
    """One incident, its claims side by side, down to the rows as received."""
    _require_kind(asked, "incident")
    return rendered(
        asked, "incident.html", shown=viewing.incident_for(asked.workspace, asked.person.viewer, asked.path("incident"))
    )


def alerts(asked: Asked) -> Response:
    """The alerts, the soonest deadline first."""
    _require_kind(asked, "alert")
    return rendered(asked, "alerts.html", rows=viewing.alerts_for(asked.workspace, asked.person.viewer))


def alert(asked: Asked) -> Response:
    """One alert: content, life, clock, and the steps this person may take now."""
    _require_kind(asked, "alert")
    shown = viewing.alert_for(asked.workspace, asked.person.viewer, asked.path("alert"))
    steps = [one for one in _STEPS if one in shown.may and f"alert_{one}" in asked.person.viewer.acts]
    return rendered(
        asked, "alert.html", shown=shown, alert=shown.alert, steps=steps, decisions=DECISIONS[:-1], outcomes=OUTCOMES,
        base_rate=share_words(shown.alert.likelihood.base_rate),
    )  # fmt: skip


def channels(asked: Asked) -> Response:
    """What was collected through each channel, and what is late."""
    _require_kind(asked, "channel")
    return rendered(asked, "channels.html", uses=channel_uses(asked.workspace))


def people(asked: Asked, *, link: str = "") -> Response:
    """Who there is and what they hold, for administrators; with the link of an invitation just made."""
    found = accounts.people(asked.workspace, asked.person)
    return rendered(
        asked,
        "people.html",
        people=found,
        link=link,
        roles=accounts.role_words(),
        classes=[one.value for one in Sensitivity],
    )


def _require_kind(asked: Asked, kind: str) -> None:
    """A page of a kind somebody sees nothing of is not there for them."""
    if kind not in asked.person.viewer.sights:
        raise UnknownNameError("There is no such page")


def _after(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    day, mark, name = text.partition("~")
    if not mark or len(name) > 80:
        raise InputValueError("is no place in the list", where="after", mend="begin at the first page")
    return (day_from_text(day).isoformat() if day else "", name)
