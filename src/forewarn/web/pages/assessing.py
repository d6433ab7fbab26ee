"""Assessing an area: one indicator at a time, on claims chosen from those shown or passages of kept documents.

A reading on sensitive claims waits for a second person, who agrees here or in the queue; taking back is a fact of its
own. Nothing is proposed on this page: what the data propose stands in the queue of review.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import SeparationError
from forewarn.model.claim import ACTS
from forewarn.model.situation import CONFIDENCES, INDICATOR_STATES, TRENDS
from forewarn.operations.situation import Evidence, Reading
from forewarn.operations.viewing_assess import SHOWN, assess_for, choice_for, factors, withdraw_for
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.pages.situations import STATES

__all__ = ["FORMS", "READ"]

_TICKS = tuple(f"claim{n}" for n in range(1, SHOWN + 1))


def _assessing(asked: Asked) -> Response:
    """The area, the indicator to be chosen, then the form with the claims to choose from; what waits for another."""
    require_kind(asked, "situation")
    may = "situation_assess" in asked.person.viewer.acts
    if not may and "review" not in asked.person.viewer.acts:
        raise SeparationError("your roles do not allow this", where="situation_assess", mend="ask an administrator")
    said = {name: asked.request.query_params.get(name, "").strip()[:300] for name in ("unit", "indicator", "act")}
    if not said["unit"]:
        return turn_to("/situations")  # where an area is asked for
    until = asked.request.query_params.get("until", "").strip()
    known = {one.id: one for factor in factors() for one in factor.indicators if not one.is_placeholder}
    day = day_from_text(until, where="until").isoformat() if until else ""
    act = said["act"] if said["act"] in ACTS else ""
    offered = may and said["indicator"] in known
    shown = choice_for(asked.workspace, asked.person.viewer, said["unit"], act=act, until=day, claims=offered)
    return rendered(
        asked, "assess.html", shown=shown, said=said, until=until, factors=factors(), may=may,
        indicator=known.get(said["indicator"]), acts=ACTS, states=STATES, readable=INDICATOR_STATES, trends=TRENDS,
        confidences=CONFIDENCES, back=f"/situations/assess?{urlencode({'unit': shown.unit})}",
    )  # fmt: skip


def _assess(asked: Asked) -> Response:
    """Keep a reading, or have it wait for a second person."""
    require_kind(asked, "situation")
    require_act(asked, "situation_assess")
    form = {name: value.strip() for name, value in asked.form.items()}
    claims = dict.fromkeys([*(form[one] for one in _TICKS if form.get(one)), *form.get("claims", "").split()])
    read = Reading(
        form.get("indicator", ""), form.get("state", ""), form.get("why", ""),
        form.get("trend") or "unknown", form.get("confidence") or "unknown",
    )  # fmt: skip
    evidence = Evidence(tuple(claims), quotes=form.get("quotes", "").split())
    made = assess_for(asked.workspace, asked.person.viewer, form.get("unit", ""), read, evidence)
    return turn_to(_after(form.get("unit", ""), made.state, f"i{read.indicator}"))


def _withdraw(asked: Asked) -> Response:
    """Take a reading back; what held before it holds again."""
    require_kind(asked, "situation")
    require_act(asked, "situation_assess")
    name, why = asked.path("assessment"), asked.form.get("why", "").strip()
    unit, made = withdraw_for(asked.workspace, asked.person.viewer, name, why=why)
    return turn_to(_after(unit, made.state, ""))


def _after(unit: str, state: str, mark: str) -> str:
    """Where to look after a reading: at the area, or at what waits."""
    if state == "pending" or not mark:
        return f"/situations/assess?{urlencode({'unit': unit})}#waits"
    return f"/situations/{quote(unit)}#{mark}"


READ: dict[str, Page] = {"/situations/assess": _assessing}

FORMS: dict[str, Form] = {
    "/situations/assess": (
        _assess, ("unit", "indicator", "state", "trend", "confidence", "why", "claims", "quotes", *_TICKS),
    ),
    "/situations/withdraw/{assessment}": (_withdraw, ("why",)),
}  # fmt: skip
