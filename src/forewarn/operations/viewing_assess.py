"""Assessing an area as a viewer: the claims to choose from, a reading and its taking back, and what waits for another.

A reading rests on claims its author may see, as received and as they read now. Resting on sensitive ones it waits for
a second person; what waits is shown to who may see every claim of it, and is otherwise not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forewarn.errors import SeparationError, UnknownNameError
from forewarn.ids import is_id
from forewarn.model.access import Viewer
from forewarn.model.review import ReviewDecision, needs_two
from forewarn.operations import viewing
from forewarn.operations.review_keep import Entered
from forewarn.operations.situation import Evidence, Reading, area_named, assess_indicator, withdraw
from forewarn.operations.situation_viewing import is_shown
from forewarn.operations.trace import said_of
from forewarn.operations.viewing_review import seen_claims
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, reviews, situations
from forewarn.store.listed import Wanted, claims_listed
from forewarn.store.viewed_readings import may_open, seen_readings
from forewarn.taxonomy import RiskFactor, risk_framework

__all__ = ["Choice", "ReadingWaiting", "assess_for", "choice_for", "factors", "waiting_readings", "withdraw_for"]

ACT = "situation_assess"
SHOWN = 24
"""So many claims are shown at a time to choose from."""


@dataclass(frozen=True, slots=True)
class ReadingWaiting:
    """A reading, or the taking back of one, that waits for a second person.

    Attributes:
        decision: of review, to confirm or take back.
        said: what it says in a few words, or what it takes back.
        by, at, why: who, when, and the reason.
        claims: what it rests on.
    """

    decision: str
    said: str
    by: str
    at: Any
    why: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An area to be assessed: the claims to choose from, the latest known first, each with what it says.

    Attributes:
        unit: the area.
        claims: id, day of knowledge, what it says, its words.
        more: whether there are more.
        waiting: what waits for a second person.
        assessed: whether the area has a page of its own.
    """

    unit: str
    claims: list[dict[str, Any]]
    more: bool
    waiting: list[ReadingWaiting]
    assessed: bool


def factors() -> tuple[RiskFactor, ...]:
    """The risk factors with their indicators; of one that only keeps a place nothing can be said."""
    return risk_framework()


def choice_for(
    workspace: Workspace, viewer: Viewer, unit: str, *, act: str = "", until: str = "", claims: bool = True
) -> Choice:
    """What an area could be assessed on. Raises :class:`UnknownNameError` for an area out of sight.

    Args:
        act, until: only claims of that act, known by that day.
        claims: whether any are looked for.
    """
    area = _area(viewer, unit)
    with workspace.database.reading() as connection:
        day = min(until or "9999", workspace.today.isoformat())
        wanted = Wanted(area=area, act=act, until=day, limit=SHOWN + 1)
        listed = [name for _, _, name in claims_listed(connection, viewer, wanted)] if claims else []
        seen = seen_claims(connection, viewer, listed)
        shown = [name for name in listed[:SHOWN] if name in seen]
        rows = {row["claim_id"]: row for row in reading.claims_of(connection, shown).iter_rows(named=True)}
    viewing.keep_sights(workspace, viewer, [("claim", one) for one in shown if needs_two([rows[one]["sensitivity"]])])
    told = [
        {"claim_id": one, "known_on": rows[one]["known_on"], "said": said_of(rows[one]), "text": rows[one]["text"]}
        for one in shown
    ]
    waiting, assessed = waiting_readings(workspace, viewer, area), is_shown(workspace, viewer, area)
    return Choice(area, told, len(listed) > SHOWN, waiting, assessed)


def waiting_readings(workspace: Workspace, viewer: Viewer, unit: str = "") -> list[ReadingWaiting]:
    """What waits for a second person of an area, or of all; only what rests on claims the viewer may all see."""
    if unit and not may_open(viewer, unit):
        return []
    with workspace.database.reading() as connection:
        waits = reviews.waiting_on(connection, ("reading", "indicator"), unit)
        named = sorted({claim for one in waits for change in one.changes for claim in change.claims})
        seen = seen_claims(connection, viewer, named)
        found = [one for one in waits if _is_open(viewer, one, seen)]
        told = [_waiting(one) for one in found]
    sensitive = [("claim", claim) for one in told for claim in one.claims]
    viewing.keep_sights(workspace, viewer, sensitive)
    return told


def assess_for(workspace: Workspace, viewer: Viewer, unit: str, read: Reading, evidence: Evidence) -> Entered:
    """Record a viewer's reading of an indicator, on claims that they may see.

    Raises:
        UnknownNameError: the area, or a claim, may not be seen.
        InputValueError: evidence is missing, or the indicator only keeps a place.
    """
    _require(viewer)
    area = _area(viewer, unit)
    with workspace.database.reading() as connection:
        whole = all(is_id(one, "clm") for one in evidence.claims)
        if not whole or seen_claims(connection, viewer, evidence.claims) != set(evidence.claims):
            raise UnknownNameError("no such claim", where="claims", mend="choose among those shown, or give whole ids")
    return assess_indicator(workspace, area, read, evidence, by=viewer.name)[1]


def withdraw_for(workspace: Workspace, viewer: Viewer, assessment: str, *, why: str) -> tuple[str, Entered]:
    """Take back a reading that the viewer may see; the area it is of, and what became of it."""
    _require(viewer)
    with workspace.database.reading() as connection:
        made = situations.read_assessment(connection, assessment) if is_id(assessment, "asm") else None
        if made is None or assessment not in seen_readings(connection, viewer, [made]):
            raise UnknownNameError("no such reading", where="reading", mend="see the page of the area")
    return made.unit, withdraw(workspace, assessment, by=viewer.name, why=why)[1]


def _area(viewer: Viewer, unit: str) -> str:
    area = area_named(unit)
    if not may_open(viewer, area):
        raise UnknownNameError("no such area", where="unit", mend="name one that your roles reach")
    return area


def _require(viewer: Viewer) -> None:
    if ACT not in viewer.acts:
        raise SeparationError("your roles do not allow this", where=ACT, mend="ask who may")


def _is_open(viewer: Viewer, decision: ReviewDecision, seen: set[str]) -> bool:
    claims = {claim for change in decision.changes for claim in change.claims}
    return claims <= seen and all(may_open(viewer, change.subject) for change in decision.changes)


def _waiting(decision: ReviewDecision) -> ReadingWaiting:
    said = _said(decision)
    claims = tuple(sorted({claim for change in decision.changes for claim in change.claims}))
    return ReadingWaiting(decision.decision_id, said, decision.by, decision.at, decision.why, claims)


def _said(decision: ReviewDecision) -> str:
    told: Sequence[str] = [
        f"{change.subject}: {change.name}" + (f" {change.value}" if change.of == "indicator" else "")
        for change in decision.changes
    ]
    return "; ".join(told)
