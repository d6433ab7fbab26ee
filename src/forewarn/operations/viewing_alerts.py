"""Writing alerts as a viewer: what the policy proposes, a draft of it, and the versions before it is reviewed.

A draft is worked out from everything known of its area, so only who may see all claims there may have one made; and
only with a mark under which they may see it themselves. Claims named as evidence must be seen by who names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forewarn.errors import InputValueError, LifecycleError, SeparationError, UnknownNameError
from forewarn.model.access import Viewer
from forewarn.model.alert_life import AlertState, same_person
from forewarn.model.alert_update import AlertUpdate
from forewarn.model.place import UnitLevel
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import mark_in, most_sensitive_for
from forewarn.operations import viewing
from forewarn.operations.alert import AlertSummary, edit
from forewarn.operations.drafting import Drafted, DraftWish, draft_alerts
from forewarn.operations.workspace import Workspace
from forewarn.store import viewed
from forewarn.store.alert_updates import alerts_with_update
from forewarn.store.listed import Wanted

__all__ = [
    "GROUPS", "LATEST", "DraftAsked", "Drafted", "draft_for", "edit_for", "grouped_for", "proposals_for",
    "require_writable", "sees_all",
]  # fmt: skip

GROUPS = ("decide", "review", "issue", "write", "act", "look_back", "others", "ended")
"""What is asked of who looks, what is urgent first; then what others do, and what has ended."""

LATEST = 30
"""How many alerts that have ended stand in the list."""

_OPEN = "draft,reviewed,issued,updated,read,decision_recorded,action_recorded"
_ENDED = "closed,after_action,cancelled"


@dataclass(frozen=True, slots=True)
class DraftAsked:
    """What a person says when they have a draft made: where, for whom, under which mark of the traffic light."""

    unit: str
    mark: str
    addressee: str = ""
    decision_asked: str = ""
    primary_duty_holder: str = ""


def grouped_for(workspace: Workspace, viewer: Viewer) -> dict[str, list[AlertSummary]]:
    """The alerts a viewer may be shown by what is asked of them, each in the first of :data:`GROUPS` it belongs to.

    All that are open, and of those that have ended the :data:`LATEST` with the latest deadlines.
    """
    found: dict[str, list[AlertSummary]] = {name: [] for name in GROUPS}
    still = viewing.alerts_for(workspace, viewer, Wanted(status=_OPEN, limit=1_000))
    ended = viewing.alerts_for(workspace, viewer, Wanted(status=_ENDED, limit=LATEST), latest=True)
    with workspace.database.reading() as connection:
        waiting = alerts_with_update(connection)
    for one in (*still, *ended):
        update = waiting.get(one.alert_id)
        asked = update is not None and _may_agree(one, viewer, update)
        found["review" if asked else _group(one, viewer)].append(one)
    return found


def proposals_for(workspace: Workspace, viewer: Viewer) -> list[Drafted]:
    """What the policy proposes for the areas in which the viewer may have drafts made; nothing is drafted by it."""
    _require(viewer, "alert_draft")
    made = draft_alerts(workspace, DraftWish((viewer.name,), propose_only=True))
    return [one for one in made.drafted if sees_all(viewer, one.unit)]


def draft_for(workspace: Workspace, viewer: Viewer, asked: DraftAsked) -> Drafted:
    """Have a draft made; it, or why there is none.

    Raises:
        InputValueError: the mark is none.
        SeparationError: their roles do not reach that far, or not without saying why.
    """
    _require(viewer, "alert_draft")
    _require_reach(viewer, asked.unit, asked.mark)
    if not sees_all(viewer, asked.unit):
        raise SeparationError(
            "a draft rests on all that is known there, and your roles do not show all of it", where="unit",
            mend="ask somebody who may see it",
        )  # fmt: skip
    level = UnitLevel.ADMIN1 if "/" in asked.unit else UnitLevel.COUNTRY
    wish = DraftWish(
        (viewer.name,), asked.unit, level, addressee=asked.addressee, decision_asked=asked.decision_asked,
        primary_duty_holder=asked.primary_duty_holder, releasability=asked.mark,
    )  # fmt: skip
    return draft_alerts(workspace, wish).drafted[0]


def edit_for(
    workspace: Workspace, viewer: Viewer, alert_id: str, changes: Mapping[str, Any], *, version: int, note: str = ""
) -> AlertState:
    """Write the next version of an alert that is not issued yet.

    Raises:
        LifecycleError: somebody wrote another version meanwhile.
        UnknownNameError: evidence names a claim the viewer may not see.
    """
    require_writable(workspace, viewer, alert_id, changes, act="alert_edit", version=version)
    return edit(workspace, alert_id, changes, by=viewer.name, note=note)


def require_writable(
    workspace: Workspace, viewer: Viewer, alert_id: str, changes: Mapping[str, Any], *, act: str, version: int
) -> None:
    """The viewer may write these changes of an alert, and it is still the version they wrote on."""
    shown = viewing.alert_for(workspace, viewer, alert_id)
    _require(viewer, act)
    if shown.alert.version != version:
        raise LifecycleError("was changed meanwhile", where="alert", mend="load the page anew and write it again")
    if "releasability" in changes:
        _require_reach(viewer, shown.alert.unit, str(changes["releasability"]))
    kept = {claim for one in (*shown.alert.evidence_for, *shown.alert.evidence_against) for claim in one.claim_ids}
    named = {
        claim
        for field in ("evidence_for", "evidence_against")
        for line in changes.get(field, ())
        for claim in line["claim_ids"]
    } - kept
    with workspace.database.reading() as connection:
        unseen = named - viewed.seen_claims(connection, viewer, sorted(named))
    if unseen:
        raise UnknownNameError("no such claim", where="evidence", mend="give whole ids of claims, one a line")


def _group(one: AlertSummary, viewer: Viewer) -> str:
    own = any(same_person(viewer.name, writer) for writer in one.writers)
    acts = {name[6:] for name in viewer.acts if name.startswith("alert_")} & set(one.may)
    waits = one.status in ("issued", "updated", "read")
    over = one.status in ("after_action", "cancelled") or (one.status == "closed" and "after_action" not in acts)
    checks = (
        ("ended", over),
        ("look_back", one.status == "closed"),
        ("decide", waits and bool({"read", "decide"} & acts)),
        ("review", one.status == "draft" and not one.obstacles and "review" in acts and not own),
        ("issue", one.status == "reviewed" and "issue" in acts),
        ("write", one.status == "draft" and "alert_edit" in viewer.acts),
        ("act", not waits and bool({"act", "close"} & acts)),
    )
    return next((name for name, holds in checks if holds), "others")


def _may_agree(one: AlertSummary, viewer: Viewer, update: AlertUpdate) -> bool:
    """Whether the version that waits for the alert waits for this viewer."""
    own = any(same_person(viewer.name, writer) for writer in (*one.writers, update.by))
    country, _, admin1 = one.unit.partition("/")
    sees = viewer.may_see("alert", country, admin1, viewed.alert_sensitivity(update.content))
    return "alert_review" in viewer.acts and sees and not own


def _require(viewer: Viewer, act: str) -> None:
    if act not in viewer.acts:
        raise SeparationError("your roles do not allow this", where=act, mend="ask who may")


def _require_reach(viewer: Viewer, unit: str, mark: str) -> None:
    """The mark is one, and leaves the alert within what the viewer may see."""
    marked = mark_in(mark)
    if not marked:
        raise InputValueError("bears no mark", where="releasability", mend="begin it with TLP:AMBER or another")
    country, _, admin1 = unit.partition("/")
    if not viewer.may_see("alert", country, admin1, most_sensitive_for(marked)):
        raise SeparationError(
            "you would not see an alert with that mark there", where="releasability",
            mend="say first why you need sensitive records, or choose another mark or area",
        )  # fmt: skip


def sees_all(viewer: Viewer, unit: str) -> bool:
    """Whether roles reach every claim of the area, whatever is shown at this moment."""
    country, _, admin1 = unit.partition("/")
    return any(one.covers(country, admin1, Sensitivity.SEVERE) for one in viewer.sights.get("claim", ()))
