"""Who does what where: recording actions, and reading the ledger with overlaps, gaps and what was tried.

An entry says what somebody recorded of an action; a later entry on the same measure, place, actor and first day says
how it stands now. Nothing is concluded from an empty ledger: it is what members told, and cannot compel them to tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from forewarn.model.action import Action, standing_actions
from forewarn.operations.scope import unit_from_text
from forewarn.operations.workspace import Workspace
from forewarn.respond import (
    Gap,
    Overlap,
    PillarOptions,
    Tried,
    exhaustion,
    gaps,
    measure,
    overlaps,
)
from forewarn.store import decisions, responses
from forewarn.store.reading import find_id
from forewarn.store.schema import alerts

__all__ = ["ActionSaid", "Ledger", "ledger_of", "place_named", "record_action", "tried_in"]


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """What a person records of an action; see :class:`forewarn.model.action.Action` for what each field means."""

    measure_id: str
    unit: str
    actor: str
    started_on: date
    standing: str
    source: str
    ended_on: date | None = None
    result: str = ""
    why_inadequate: str = ""
    judged_by: str = ""
    authority: str = ""
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who does what where.

    Attributes:
        unit: the place, or empty for everywhere.
        on: the day that counts as today.
        actions: how each action stands, by place and first day.
        overlaps: where several act at once.
        gaps: options called to mind for the place that nobody has taken up; empty without a place.
    """

    unit: str
    on: date
    actions: tuple[Action, ...]
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


def place_named(text: str) -> str:
    """A country or area as its id. Raises :class:`UnknownNameError` for what is no country."""
    return unit_from_text(text)


def record_action(workspace: Workspace, said: ActionSaid, *, by: str) -> Action:
    """Append an entry on an action.

    Raises:
        UnknownNameError: no such measure, place or alert.
        RuleError: a deciding body, an actor or a judge is missing.
    """
    chosen = measure(said.measure_id)
    with workspace.database.writing() as connection:
        alert_id = find_id(connection, alerts, "alert_id", said.alert, "alert") if said.alert else ""
        if alert_id:
            decisions.read_alert(connection, alert_id)
        made = Action(
            measure_id=chosen.id,
            coercion=chosen.coercion,
            unit=place_named(said.unit),
            actor=said.actor,
            started_on=said.started_on,
            standing=said.standing,
            source=said.source,
            by=by,
            at=workspace.now,
            ended_on=said.ended_on,
            result=said.result,
            why_inadequate=said.why_inadequate,
            judged_by=said.judged_by,
            authority=said.authority,
            alert_id=alert_id,
        )
        earlier = [one.at for one in responses.read_actions(connection, made.unit) if one.action_id == made.action_id]
        if earlier and made.at <= max(earlier):
            made = replace(made, at=max(earlier) + timedelta(seconds=1))  # a later word stands, within one second too
        responses.add_action(connection, made)
    return made


def ledger_of(workspace: Workspace, unit: str = "", pillars: tuple[PillarOptions, ...] = ()) -> Ledger:
    """The ledger of a place and below it, or everywhere; ``pillars`` are the options against which gaps are shown."""
    place = place_named(unit) if unit else ""
    with workspace.database.reading() as connection:
        entries = responses.read_actions(connection, place)
        above = responses.read_actions(connection, place.partition("/")[0]) if "/" in place else entries
    today = workspace.today
    found = gaps(pillars, above, place, today) if place else ()
    return Ledger(place, today, standing_actions(entries), overlaps(entries, today), found)


def tried_in(workspace: Workspace, unit: str) -> tuple[Tried, ...]:
    """Every measure short of force, with what is recorded of it in a place and below it."""
    place = place_named(unit)
    with workspace.database.reading() as connection:
        return exhaustion(responses.read_actions(connection, place), place)
