"""Situations for a viewer: the areas that were assessed, and one area factor by factor, what changed first.

A reading that may not be seen is named as one that is held and not shown, so that an earlier one is never taken for
what holds now. Claims are led to only where they may be seen; each sensitive reading shown is kept with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from forewarn.assess.situations import Change, FactorView, IndicatorView, situation
from forewarn.errors import UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations.situation import Graded, area_named, show_situation
from forewarn.operations.workspace import Workspace
from forewarn.store import accounts, situations, viewed
from forewarn.store.viewed_readings import incidents_of_claims, may_open, seen_readings
from forewarn.taxonomy import is_fictional

__all__ = ["NOT_SHOWN", "ClaimLink", "ReadingShown", "SituationListed", "SituationShown", "is_shown", "situation_for",
           "situations_for"]  # fmt: skip

NOT_SHOWN = "not_shown"
"""Somebody has assessed the indicator, and the viewer's roles do not show what they said."""


@dataclass(frozen=True, slots=True)
class SituationListed:
    """An area that was assessed: when last and by whom, and what changed, without what may not be seen."""

    unit: str
    last_at: datetime
    authors: tuple[str, ...]
    changes: tuple[Change, ...]
    unseen: int
    fictional: bool


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A claim that a reading rests on: its grades, and the incident it is in (empty where it is in none)."""

    claim: Graded
    incident_id: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """An indicator as assessed.

    Attributes:
        view: the indicator with what holds of it; ``view.state`` may be :data:`NOT_SHOWN`, and then nothing is held.
        claims: those it rests on that the viewer may see.
        unseen: how many more there are.
    """

    view: IndicatorView
    claims: tuple[ClaimLink, ...] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class SituationShown:
    """An area as the viewer may see it.

    Attributes:
        unit, since, fictional: which area, what it is compared with, and whether it is of the exercise.
        changes: what changed, without what may not be seen.
        hidden_changes: how many changes are not shown.
        factors: each risk factor with its indicators.
    """

    unit: str
    since: datetime | None
    fictional: bool
    changes: tuple[Change, ...]
    hidden_changes: int
    factors: list[tuple[FactorView, tuple[ReadingShown, ...]]] = field(default_factory=list)


def situations_for(workspace: Workspace, viewer: Viewer) -> list[SituationListed]:
    """The assessed areas that the viewer may be shown, by name."""
    by_unit: dict[str, list[IndicatorAssessment]] = defaultdict(list)
    with workspace.database.reading() as connection:
        for one in situations.read_assessments(connection, as_known_at=workspace.today):
            if may_open(viewer, one.unit):
                by_unit[one.unit].append(one)
        seen = seen_readings(connection, viewer, (one for made in by_unit.values() for one in made))
    found = []
    for unit, made in sorted(by_unit.items()):
        own = [one for one in made if one.assessment_id in seen]
        if own:
            changed = situation(unit, made).changes
            shown, last = _shown(changed, made, seen), max(one.assessed_at for one in own)
            authors = tuple(sorted({one.author for one in own}))
            hidden = len(changed) - len(shown)
            found.append(SituationListed(unit, last, authors, shown, hidden, is_fictional(unit[:3])))
    told = {one.after.assessment_id for row in found for one in row.changes if one.after}
    _keep(workspace, viewer, told, seen)
    return found


def is_shown(workspace: Workspace, viewer: Viewer, unit: str) -> bool:
    """Whether an area was assessed and the viewer may be shown a reading of it; nothing of it is told."""
    if not may_open(viewer, unit):
        return False
    with workspace.database.reading() as connection:
        made = situations.read_assessments(connection, unit, as_known_at=workspace.today)
        return bool(seen_readings(connection, viewer, made))


def situation_for(workspace: Workspace, viewer: Viewer, unit: str, *, since: date | None = None) -> SituationShown:
    """An area as assessed. Raises :class:`UnknownNameError` where the viewer may not see it, or nobody assessed it."""
    area = area_named(unit)
    if not may_open(viewer, area):
        raise UnknownNameError("no such situation", mend="see the list of situations")
    found = show_situation(workspace, area, as_known_at=workspace.today, since=since)
    with workspace.database.reading() as connection:
        made = situations.read_assessments(connection, area)
        seen = seen_readings(connection, viewer, made)
        links = _links(connection, viewer, found.grades)
    if not seen:
        raise UnknownNameError("no such situation", mend="see the list of situations")
    shown = _shown(found.situation.changes, made, seen)
    factors = [
        (factor, tuple(_reading(view, seen, links) for view in factor.indicators)) for factor in found.situation.factors
    ]
    told = [one for _, held in factors for one in held if one.view.held]
    names = {other.assessment_id for one in told for other in (one.view.held, *one.view.beside) if other}
    _keep(workspace, viewer, names, seen)
    hidden = len(found.situation.changes) - len(shown)
    return SituationShown(area, found.situation.since, is_fictional(area[:3]), shown, hidden, factors)


def _shown(
    changed: Iterable[Change], made: Iterable[IndicatorAssessment], seen: dict[str, Sensitivity]
) -> tuple[Change, ...]:
    """Changes of indicators of which every reading may be seen: before and after would else tell of the others."""
    hidden = {one.indicator for one in made if one.assessment_id not in seen}
    return tuple(one for one in changed if one.indicator not in hidden)


def _links(connection: Connection, viewer: Viewer, grades: dict[str, Graded]) -> dict[str, ClaimLink]:
    claims = sorted(viewed.seen_claims(connection, viewer, sorted(grades)))
    places = incidents_of_claims(connection, claims)
    return {one: ClaimLink(grades[one], places.get(one, "")) for one in claims}


def _reading(view: IndicatorView, seen: dict[str, Sensitivity], links: dict[str, ClaimLink]) -> ReadingShown:
    if view.held is None:
        return ReadingShown(view)
    beside = tuple(one for one in view.beside if one.assessment_id in seen)
    if view.held.assessment_id not in seen:
        return ReadingShown(IndicatorView(view.id, view.text, view.check, NOT_SHOWN, None, beside))
    own = tuple(links[claim] for claim in view.held.claim_ids if claim in links)
    shown = IndicatorView(view.id, view.text, view.check, view.state, view.held, beside)
    return ReadingShown(shown, own, len(view.held.claim_ids) - len(own))


def _keep(workspace: Workspace, viewer: Viewer, told: Iterable[str], seen: dict[str, Sensitivity]) -> None:
    sensitive = sorted(one for one in told if seen[one].rank >= SENSITIVE_FROM.rank)
    if sensitive:
        with workspace.database.writing() as connection:
            accounts.add_sights(connection, viewer, [("situation", one) for one in sensitive], at=workspace.now)
