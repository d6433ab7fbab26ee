"""Taking incidents apart and putting them together as a viewer: split, move, merge, and what was decided of one.

Only who may see every claim of every incident concerned, as received and as it reads now, may arrange it; what lies
beyond looks like what is not there. The incidents offered are those near in days and area that the viewer may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from forewarn.errors import SeparationError, UnknownNameError, UsageError
from forewarn.ids import is_id
from forewarn.model.access import Viewer
from forewarn.model.review import needs_two
from forewarn.operations import review, viewing
from forewarn.operations.review_history import Entry
from forewarn.operations.review_record import Decided
from forewarn.operations.trace import said_of
from forewarn.operations.viewing_review import decided_about, seen_claims
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, viewed
from forewarn.store.listed import Wanted

__all__ = ["Arranging", "Change", "arrange_for", "arranging_for", "members_seen"]

_NEAR_DAYS, _MOST_NEAR = 10, 12


@dataclass(frozen=True, slots=True)
class Arranging:
    """An incident as it can be taken apart or put together.

    Attributes:
        incident: its columns, with deaths in words.
        claims: id, what it says and its words.
        near: other incidents of the area within ten days, each as in a list.
        decided: what was decided of it and its claims, the latest first.
        two: whether a decision waits for a second person.
    """

    incident: dict[str, Any]
    claims: list[dict[str, Any]]
    near: list[dict[str, Any]]
    decided: list[Entry]
    two: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done with an incident: ``split`` claims off, ``move`` one into another, ``merge`` with another."""

    act: str
    claims: tuple[str, ...] = ()
    other: str = ""
    why: str = ""


def arranging_for(workspace: Workspace, viewer: Viewer, incident: str) -> Arranging:
    """An incident to be arranged. Raises :class:`UnknownNameError` where it, or a claim of it, may not be seen."""
    members = members_seen(workspace, viewer, incident)
    with workspace.database.reading() as connection:
        row = viewed.seen_incidents(connection, viewer, Wanted(only=incident, limit=1))[0]
        claims = reading.claims_of(connection, members).sort("known_on", "claim_id").to_dicts()
        sensitive = viewed.sensitive_incidents(connection, [incident])
    told = [("claim", one["claim_id"]) for one in claims if needs_two([one["sensitivity"]])]
    viewing.keep_sights(workspace, viewer, [*(("incident", one) for one in sensitive), *told])
    said = [{"claim_id": one["claim_id"], "said": said_of(one), "text": one["text"]} for one in claims]
    near = [one for one in _near(workspace, viewer, row) if one["incident_id"] != incident]
    decided = decided_about(workspace, viewer, incident)
    return Arranging(row, said, near, decided, needs_two(one["sensitivity"] for one in claims))


def arrange_for(workspace: Workspace, viewer: Viewer, incident: str, change: Change) -> Decided:
    """Split, move or merge; one decision, taken back as one.

    Raises:
        UnknownNameError: an incident or claim that may not be seen.
        RuleError: the claims do not come to lie as asked.
    """
    members = members_seen(workspace, viewer, incident)
    unknown = set(change.claims) - set(members)
    if unknown:
        raise UnknownNameError("no such claim in it", where="claims", mend="choose among its claims")
    if change.act == "split":
        return review.split(workspace, incident, change.claims, by=viewer.name, why=change.why)
    other = change.other.strip().rstrip("/").rpartition("/")[2].partition("#")[0]
    members_seen(workspace, viewer, other)
    if change.act == "merge":
        return review.merge(workspace, incident, other, by=viewer.name, why=change.why)
    if len(change.claims) != 1:
        raise UsageError("moves one claim at a time", where="claims", mend="choose one")
    return review.move(workspace, change.claims[0], other, by=viewer.name, why=change.why)


def _require(viewer: Viewer) -> None:
    if "review" not in viewer.acts:
        raise SeparationError("your roles do not allow this", where="review", mend="ask who may")


def members_seen(workspace: Workspace, viewer: Viewer, incident: str) -> Sequence[str]:
    """The claims of an incident of which the viewer may review all; else it is as if it were not there."""
    _require(viewer)
    with workspace.database.reading() as connection:
        known = is_id(incident, "inc") and viewed.seen_incidents(connection, viewer, Wanted(only=incident, limit=1))
        members = sorted(reading.incident_members(connection, [incident])["claim_id"]) if known else []
        if not members or seen_claims(connection, viewer, members) != set(members):
            raise UnknownNameError("no such incident", where="incident", mend="give the whole id of one you may see")
    return members


def _near(workspace: Workspace, viewer: Viewer, row: dict[str, Any]) -> list[dict[str, Any]]:
    if not row["started_on"]:
        return []
    day, area = date.fromisoformat(row["started_on"]), row["country"]
    area = f"{area}/{row['admin1']}" if area and row["admin1"] else area
    within = timedelta(days=_NEAR_DAYS)
    wanted = Wanted(area=area, since=str(day - within), until=str(day + within), limit=4 * _MOST_NEAR)
    found = viewing.listed_incidents(workspace, viewer, wanted)
    return sorted(found, key=lambda one: abs((date.fromisoformat(one["started_on"]) - day).days))[: _MOST_NEAR + 1]
