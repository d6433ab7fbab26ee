"""Alerts: the list by deadline, one alert with its clock, and the steps of its life."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.model.alert_life import DECISIONS, OUTCOMES
from forewarn.operations import viewing
from forewarn.operations.alert import Step
from forewarn.operations.alert_text import share_words
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]

_STEPS = ("review", "issue", "read", "decide", "act", "comment", "close", "after_action", "cancel")


def _alerts(asked: Asked) -> Response:
    """The alerts, the soonest deadline first."""
    require_kind(asked, "alert")
    return rendered(asked, "alerts.html", rows=viewing.alerts_for(asked.workspace, asked.person.viewer))


def _alert(asked: Asked) -> Response:
    """One alert: content, life, clock, and the steps this person may take now."""
    require_kind(asked, "alert")
    shown = viewing.alert_for(asked.workspace, asked.person.viewer, asked.path("alert"))
    steps = [one for one in _STEPS if one in shown.may and f"alert_{one}" in asked.person.viewer.acts]
    return rendered(
        asked, "alert.html", shown=shown, alert=shown.alert, steps=steps, decisions=DECISIONS[:-1], outcomes=OUTCOMES,
        base_rate=share_words(shown.alert.likelihood.base_rate),
    )  # fmt: skip


def _step(asked: Asked) -> Response:
    """Take a step in an alert's life as the person who is signed in."""
    kind, name = asked.path("step"), asked.path("alert")
    if kind not in _STEPS:
        raise UnknownNameError("There is no such step")
    said = {field: asked.form.get(field, "").strip() for field in ("note", "decision", "outcome")}
    viewing.step_for(asked.workspace, asked.person.viewer, name, Step(kind, "", **said))
    return turn_to(f"/alerts/{name}")


READ: dict[str, Page] = {"/alerts": _alerts, "/alerts/{alert}": _alert}

FORMS: dict[str, Form] = {"/alerts/{alert}/{step}": (_step, ("note", "decision", "outcome"))}

ENTRIES = (Entry("/alerts", marked("Alerts"), kind="alert"),)
