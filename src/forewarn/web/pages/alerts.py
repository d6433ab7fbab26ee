"""Alerts: the list by what is asked of who looks, one alert with its clock, and the steps of its life."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.model.alert_life import DECISIONS, OUTCOMES, same_person
from forewarn.operations import viewing
from forewarn.operations.alert import Step
from forewarn.operations.alert_text import share_words
from forewarn.operations.viewing_alerts import grouped_for
from forewarn.operations.viewing_updates import versions_for
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_kind, turn_to
from forewarn.web.deadline import deadline_of
from forewarn.web.differences import differing
from forewarn.web.languages import marked
from forewarn.web.pages.alert_writing import LABELS

__all__ = ["ENTRIES", "FORMS", "READ"]

_STEPS = ("review", "issue", "read", "decide", "act", "close", "after_action", "comment", "cancel")

TITLES = {
    "decide": marked("A decision is asked of you"),
    "review": marked("Waits for your review"),
    "issue": marked("Reviewed, to be issued"),
    "write": marked("To be written"),
    "act": marked("Decided: act, or close"),
    "look_back": marked("Closed: what did it turn out to be?"),
    "others": marked("With others"),
    "ended": marked("Ended"),
}


def _alerts(asked: Asked) -> Response:
    """The alerts, what is asked of who looks first."""
    require_kind(asked, "alert")
    viewer = asked.person.viewer
    groups = {TITLES[name]: rows for name, rows in grouped_for(asked.workspace, viewer).items() if rows}
    return rendered(asked, "alerts.html", groups=groups, may_draft="alert_draft" in viewer.acts)


def _alert(asked: Asked) -> Response:
    """One alert: content, life, clock, and the steps this person may take now."""
    require_kind(asked, "alert")
    viewer = asked.person.viewer
    shown = viewing.alert_for(asked.workspace, viewer, asked.path("alert"))
    steps = [one for one in _STEPS if one in shown.may and f"alert_{one}" in viewer.acts]
    own = any(same_person(viewer.name, writer) for writer in shown.state.writers)
    if "review" in steps and (own or shown.obstacles):
        steps.remove("review")
    return rendered(
        asked, "alert.html", shown=shown, alert=shown.alert, steps=steps, decisions=DECISIONS[:-1], outcomes=OUTCOMES,
        base_rate=share_words(shown.alert.likelihood.base_rate), deadline=deadline_of(shown), own=own,
        may_edit="alert_edit" in viewer.acts and "revise" in shown.may, missing=shown.alert.missing(),
        versions=versions_for(asked.workspace, viewer, shown.alert.alert_id), labels=LABELS, differing=differing,
        may_update="alert_update" in viewer.acts and "update" in shown.may,
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
