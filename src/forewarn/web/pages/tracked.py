"""The tracker: commitments, recommendations, processes and truces, what is owed when, and cases beside incidents.

A state that needs evidence is refused without it; everything recorded can be taken back, and nothing is rewritten.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.model.access import require_area
from forewarn.operations import viewing_response as response
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ", "wish_of"]

RECORDED = {
    "state": marked("state"),
    "evidence": marked("evidence"),
    "owner": marked("owner"),
    "due": marked("due day"),
    "link": marked("link to another item"),
}
"""What can be recorded about an item here."""


def _tracker(asked: Asked) -> Response:
    """What is owed, and the items of a kind, an owner, an area."""
    require_kind(asked, "tracked")
    query, viewer = asked.request.query_params, asked.person.viewer
    said = {name: query.get(name, "").strip()[:300] for name in ("kind", "owner", "unit")}
    if said["unit"]:
        require_area(said["unit"])
    only_open = query.get("open") == "yes"
    rows, owed = response.tracked_for(asked.workspace, viewer, **said, open_only=only_open)
    return rendered(
        asked, "tracker.html", rows=rows, owed=owed, kinds=response.kinds(), said=said, only_open=only_open,
        may_track="track" in viewer.acts,
    )  # fmt: skip


def _item(asked: Asked) -> Response:
    """One item: how it stands, on what, and all that was recorded."""
    require_kind(asked, "tracked")
    viewer = asked.person.viewer
    view, linked = response.item_for(asked.workspace, viewer, asked.path("item"))
    undone = {one.value for one in view.history if one.kind == "undo"}
    return rendered(
        asked, "tracked.html", view=view, linked=linked, states=response.states()[view.item.kind], recorded=RECORDED,
        undone=undone, may_track="track" in viewer.acts,
    )  # fmt: skip


def _cases(asked: Asked) -> Response:
    """What is on public record about the incidents of an area."""
    require_kind(asked, "tracked")
    unit = asked.request.query_params.get("unit", "").strip()
    found = response.cases_for(asked.workspace, asked.person.viewer, require_area(unit)) if unit else None
    return rendered(asked, "tracker_cases.html", unit=unit, found=found)


def _add(asked: Asked) -> Response:
    """Track something entered by hand."""
    require_act(asked, "track")
    form = asked.form
    what = form.get("what", "").strip()
    made = response.add_tracked_for(
        asked.workspace, asked.person.viewer, form.get("kind", ""), what, wish_of(form)
    )  # fmt: skip
    return turn_to(f"/tracker/{made}")


def _record(asked: Asked) -> Response:
    """Record something about an item."""
    require_act(asked, "track")
    form = {name: value.strip() for name, value in asked.form.items()}
    more = {name: form[name] for name in ("source", "note") if form.get(name)}
    response.record_tracked_for(
        asked.workspace, asked.person.viewer, asked.path("item"), form.get("kind", ""), form.get("value", ""),
        **more, **({"on": _day(form["on"], "on")} if form.get("on") else {}),
    )  # fmt: skip
    return turn_to(f"/tracker/{asked.path('item')}")


def _undo(asked: Asked) -> Response:
    """Take an entry back."""
    require_act(asked, "track")
    item, form = asked.path("item"), asked.form
    response.undo_tracked_for(
        asked.workspace, asked.person.viewer, item, form.get("entry", ""), why=form.get("why", "").strip()
    )
    return turn_to(f"/tracker/{item}")


def wish_of(form: Any) -> response.TrackWish:
    """What a form says of an item beside what it is."""
    said = {name: form.get(name, "").strip() for name in ("owner", "unit", "source", "starts_on", "due_on")}
    return response.TrackWish(
        said["owner"], require_area(said["unit"]) if said["unit"] else "", _day(said["starts_on"], "starts_on"),
        _day(said["due_on"], "due_on"), said["source"],
    )  # fmt: skip


def _day(text: str, where: str) -> date | None:
    return day_from_text(text, where=where) if text else None


READ: dict[str, Page] = {"/tracker": _tracker, "/tracker/cases": _cases, "/tracker/{item}": _item}

FORMS: dict[str, Form] = {
    "/tracker/new": (_add, ("kind", "what", "owner", "unit", "source", "starts_on", "due_on")),
    "/tracker/{item}/record": (_record, ("kind", "value", "source", "on", "note")),
    "/tracker/{item}/undo": (_undo, ("entry", "why")),
}

ENTRIES = (Entry("/tracker", marked("Tracker"), kind="tracked"),)
