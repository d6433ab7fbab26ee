"""Situations: the areas that were assessed, and one area against the fourteen risk factors, what changed first."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.operations.situation_viewing import situation_for, situations_for
from forewarn.operations.viewing_assess import waiting_readings
from forewarn.web.asked import Asked, Entry, Page, rendered, require_kind
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ", "STATES"]

STATES = {
    "clear": (marked("clear"), marked("seen, without doubt")),
    "weak": (marked("weak"), marked("some sign of it")),
    "contested": (marked("contested"), marked("sources say otherwise of each other")),
    "observed_absent": (marked("observed absent"), marked("somebody looked, and it was not there")),
    "not_observed": (marked("not observed"), marked("nobody could look; it may be there")),
    "not_assessed": (marked("not assessed"), marked("nobody has said anything of it")),
    "not_shown": (marked("not shown"), marked("assessed, and not shown to your roles")),
}
"""The states of an indicator, in the order of the legend: the word, and what it means."""


def _situations(asked: Asked) -> Response:
    """The areas that were assessed, with what changed in each."""
    require_kind(asked, "situation")
    viewer = asked.person.viewer
    rows, waits = situations_for(asked.workspace, viewer), waiting_readings(asked.workspace, viewer)
    may = "situation_assess" in viewer.acts
    return rendered(asked, "situations.html", rows=rows, states=STATES, waits=waits, may_assess=may)


def _situation(asked: Asked) -> Response:
    """One area: what changed first, then factor by factor, with evidence, author and day. No sum of anything."""
    require_kind(asked, "situation")
    text = asked.request.query_params.get("since", "").strip()
    since = day_from_text(text, where="since") if text else None
    viewer = asked.person.viewer
    shown = situation_for(asked.workspace, viewer, asked.path("unit"), since=since)
    return rendered(
        asked, "situation.html", shown=shown, states=STATES, since=since, day=asked.workspace.today,
        waits=waiting_readings(asked.workspace, viewer, shown.unit), may_assess="situation_assess" in viewer.acts,
    )  # fmt: skip


READ: dict[str, Page] = {"/situations": _situations, "/situations/{unit:path}": _situation}

ENTRIES = (Entry("/situations", marked("Situations"), kind="situation"),)
