"""Options and gate: the measures by pillar, least coercive first, and what bodies said of the use of force.

Nothing is recommended, counted or coloured; a condition is as a named body is recorded to have spoken of it.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from forewarn.model.access import require_area
from forewarn.operations import viewing
from forewarn.operations import viewing_response as response
from forewarn.operations.measures import GateSaid
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]

_MOST_MONTHS = 60


def _options(asked: Asked) -> Response:
    """The options for an area or an alert, or as the list has them; beneath, the gate for the same subject."""
    require_kind(asked, "option")
    query, viewer = asked.request.query_params, asked.person.viewer
    subject = alert = query.get("alert", "").strip()
    months = query.get("months", "")
    lead = min(int(months), _MOST_MONTHS) if months.isdecimal() and len(months) < 4 and int(months) else None
    unit = query.get("unit", "").strip(" *")
    if alert:
        shown = viewing.alert_for(asked.workspace, viewer, alert).alert
        unit, lead = shown.unit, lead or shown.likelihood.horizon_months
    elif unit:
        subject = require_area(unit)
    found = response.options_for(asked.workspace, viewer, unit, lead_months=lead)
    gate = response.gate_for(asked.workspace, viewer, subject) if subject else None
    return rendered(
        asked, "options.html", found=found, gate=gate, unit=unit, alert=alert, subject=subject, months=lead,
        states=response.GATE_STATES[1:], may_record="gate_record" in viewer.acts and bool(subject),
    )  # fmt: skip


def _record(asked: Asked) -> Response:
    """Record what a body said of a condition."""
    require_act(asked, "gate_record")
    form = {name: asked.form.get(name, "").strip() for name in ("subject", "condition", "state", "body", "citation")}
    said = GateSaid(form["condition"], form["state"], form["body"], form["citation"])
    response.record_gate_for(asked.workspace, asked.person.viewer, form["subject"], said)
    kind = "alert" if form["subject"].startswith("alr_") else "unit"
    return turn_to(f"/options?{kind}={quote(form['subject'])}#gate")


READ: dict[str, Page] = {"/options": _options}

FORMS: dict[str, Form] = {"/options/gate": (_record, ("subject", "condition", "state", "body", "citation"))}

ENTRIES = (Entry("/options", marked("Options"), kind="option"),)
