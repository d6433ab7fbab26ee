"""What may be done, what was said of the use of force, and what is tracked, for a viewer.

Signs of a situation come from everything known there, so they are shown only to who may see all of it; others see the
same measures without them. What is tracked counts as moderate in its area; what is about no area is seen from
everywhere only. Nothing here recommends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forewarn.errors import SeparationError, UnknownNameError
from forewarn.model.access import Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.model.response import GateState
from forewarn.operations import measures, tracker, tracker_cases, viewing
from forewarn.operations.measures import Gate, GateSaid, PillarOptions
from forewarn.operations.tracker import Candidate, DueList, ItemView, TrackWish
from forewarn.operations.tracker_cases import CaseIncident, Cases
from forewarn.operations.viewing_alerts import sees_all
from forewarn.operations.workspace import Workspace
from forewarn.store import viewed
from forewarn.store.listed import Wanted
from forewarn.taxonomy.tracker import tracker_kinds

__all__ = [
    "GATE_STATES", "Options", "TrackWish", "add_tracked_for", "candidates_for", "cases_for", "gate_for", "item_for",
    "kinds", "options_for", "record_gate_for", "record_tracked_for", "states", "take_up_for", "tracked_for",
    "undo_tracked_for",
]  # fmt: skip

GATE_STATES = tuple(state.value for state in GateState)
_COUNTS_AS = Sensitivity.MODERATE
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """The measures by pillar, least coercive first; ``with_signs`` where the signs of the area are matched to them."""

    unit: str
    pillars: tuple[PillarOptions, ...]
    with_signs: bool


def options_for(workspace: Workspace, viewer: Viewer, unit: str = "", *, lead_months: int | None = None) -> Options:
    """The options for an area, or without one as the list has them.

    Raises :class:`UnknownNameError` for an area the viewer's roles do not reach.
    """
    if not unit:
        return Options("", measures.options_of(lead_months=lead_months), with_signs=False)
    _require_area(viewer, "option", unit, Sensitivity.LOW)
    if sees_all(viewer, unit):
        return Options(unit, measures.options_for(workspace, unit, lead_months=lead_months), with_signs=True)
    return Options(unit, measures.options_of(lead_months=lead_months), with_signs=False)


def gate_for(workspace: Workspace, viewer: Viewer, subject: str) -> Gate:
    """The conditions on the use of force for an area or an alert, with what bodies are recorded to have said."""
    _require_subject(workspace, viewer, subject)
    return measures.gate_of(workspace, subject)


def record_gate_for(workspace: Workspace, viewer: Viewer, subject: str, said: GateSaid) -> Gate:
    """Record what a body said of a condition, with where it said so."""
    _require(viewer, "gate_record")
    _require_subject(workspace, viewer, subject)
    if said.state not in GATE_STATES:
        raise UnknownNameError("no such state of a condition", where="state", mend="choose one of the list")
    return measures.record_on_gate(workspace, subject, said, by=viewer.name)


def kinds() -> dict[str, str]:
    """The kinds of item that can be tracked, in words."""
    return tracker.kinds()


def states() -> dict[str, tuple[str, ...]]:
    """By kind of item, the states it can be in, in the order they usually come."""
    return {name: kind.states for name, kind in tracker_kinds().items()}


def tracked_for(
    workspace: Workspace, viewer: Viewer, *, kind: str = "", owner: str = "", unit: str = "", open_only: bool = False
) -> tuple[list[ItemView], DueList]:
    """The items a viewer may see, and of those what is overdue and what is due within a month."""
    found = tracker.listed(workspace, kind=kind, owner=owner, unit=unit, open_only=open_only)
    owed = tracker.due(workspace)
    return [one for one in found if _seen(viewer, one)], DueList(
        owed.day,
        [one for one in owed.overdue if _seen(viewer, one)],
        [one for one in owed.soon if _seen(viewer, one)],
    )


def item_for(workspace: Workspace, viewer: Viewer, item_id: str) -> tuple[ItemView, list[ItemView]]:
    """One item and those it is linked to. Raises :class:`UnknownNameError` where the viewer may not see it."""
    found = {one.item_id: one for one in tracker.listed(workspace)}
    if item_id not in found or not _seen(viewer, found[item_id]):
        raise UnknownNameError("no such item", mend="see the tracker")
    linked = [found[name] for name in found[item_id].links if name in found]
    return found[item_id], [one for one in linked if _seen(viewer, one)]


def add_tracked_for(workspace: Workspace, viewer: Viewer, kind: str, what: str, wish: TrackWish) -> str:
    """Track something; its id. Only within what the viewer may see."""
    _require(viewer, "track")
    _require_area(viewer, "tracked", wish.unit, _COUNTS_AS)
    return tracker.add_item(workspace, kind, what, wish, by=viewer.name)[0].item_id


def record_tracked_for(
    workspace: Workspace, viewer: Viewer, item_id: str, kind: str, value: str, **more: Any
) -> ItemView:
    """Record something about an item: its state, evidence, a link, an owner, a day."""
    _require(viewer, "track")
    item_for(workspace, viewer, item_id)
    if kind == "link":
        item_for(workspace, viewer, value)
    return tracker.record(workspace, item_id, kind, value, by=viewer.name, **more)


def undo_tracked_for(workspace: Workspace, viewer: Viewer, item_id: str, entry: str, *, why: str) -> ItemView:
    """Take an entry of an item back."""
    _require(viewer, "track")
    view, _ = item_for(workspace, viewer, item_id)
    if entry not in {one.entry_id for one in view.history}:
        raise UnknownNameError("no such entry", mend="see the item")
    return tracker.undo(workspace, entry, by=viewer.name, why=why)


def candidates_for(workspace: Workspace, viewer: Viewer, document: str) -> list[Candidate]:
    """The undertakings of a document that could be tracked; those tracked where the viewer may not look say nothing."""
    seen = {one.item_id for one in tracked_for(workspace, viewer)[0]}
    return [
        one if not one.tracked_as or one.tracked_as in seen else Candidate(one.undertaking, one.would_be, "")
        for one in tracker.candidates(workspace, document)
    ]


def take_up_for(workspace: Workspace, viewer: Viewer, document: str, name: str, wish: TrackWish) -> str:
    """Track an undertaking of a document; the item's id."""
    _require(viewer, "track")
    _require_area(viewer, "tracked", wish.unit, _COUNTS_AS)
    return tracker.take_up(workspace, document, [name], wish, by=viewer.name)[0][0].item_id


def cases_for(workspace: Workspace, viewer: Viewer, unit: str) -> Cases:
    """The processes of an area, and what is on public record about each of its incidents the viewer may see."""
    _require_area(viewer, "tracked", unit, _COUNTS_AS)
    found = tracker_cases.cases(workspace, unit, as_known_at=workspace.today)
    with workspace.database.reading() as connection:
        rows = viewed.seen_incidents(connection, viewer, Wanted(area=found.unit, limit=_ALL))
        seen = {row["incident_id"] for row in rows}
        shown: list[CaseIncident] = [one for one in found.incidents if one.incident_id in seen]
        sensitive = viewed.sensitive_incidents(connection, [one.incident_id for one in shown])
    viewing.keep_sights(workspace, viewer, [("incident", one) for one in sensitive])
    processes = [one for one in found.processes if _seen(viewer, one)]
    return Cases(found.unit, processes, found.words, shown)


def _seen(viewer: Viewer, view: ItemView) -> bool:
    country, _, admin1 = view.item.unit.partition("/")
    return viewer.may_see("tracked", country, admin1, _COUNTS_AS)


def _require(viewer: Viewer, act: str) -> None:
    if act not in viewer.acts:
        raise SeparationError("your roles do not allow this", where=act, mend="ask who may")


def _require_area(viewer: Viewer, kind: str, unit: str, sensitivity: Sensitivity) -> None:
    country, _, admin1 = unit.partition("/")
    if not viewer.may_see(kind, country, admin1, sensitivity):
        raise UnknownNameError("your roles do not reach that area", where="unit", mend="choose another")


def _require_subject(workspace: Workspace, viewer: Viewer, subject: str) -> None:
    if subject.startswith("alr_"):
        viewing.alert_for(workspace, viewer, subject)
    else:
        _require_area(viewer, "option", subject, Sensitivity.LOW)
