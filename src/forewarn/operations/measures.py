"""The options of response by pillar, called to mind by the signs of a situation, and the gate with what bodies said.

Signs are what people assessed for a place (and, for an area, for its country), and what incident data propose; each
says who says so. What a body said of a condition on the use of force is recorded by a person and never weighed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from forewarn.assess.situations import situation
from forewarn.model.response import GateAssertion, GateState
from forewarn.operations.actions import place_named
from forewarn.operations.knowledge import Knowledge
from forewarn.operations.situation import known_for_proposals, proposals_in
from forewarn.operations.workspace import Workspace
from forewarn.respond import PillarOptions, Sign, Tried, exhaustion, exhaustion_lines, gate_lines, gate_view, options
from forewarn.respond.gate import ProfileView
from forewarn.store import responses, situations
from forewarn.taxonomy import indicator

__all__ = [
    "Gate",
    "GateSaid",
    "PillarOptions",
    "gate_of",
    "gate_text",
    "options_for",
    "options_of",
    "record_on_gate",
    "signs_in",
    "signs_of",
]

_SIGNS = ("weak", "clear", "contested")


@dataclass(frozen=True, slots=True)
class Gate:
    """The five profiles for a subject, and what was tried short of force where the subject is a place."""

    subject: str
    profiles: tuple[ProfileView, ...]
    exhaustion: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class GateSaid:
    """What a person records: the condition, the state a body gave it, the body, and where it said so."""

    condition: str
    state: str
    body: str
    citation: str


def options_of(families: tuple[str, ...] = (), lead_months: int | None = None) -> tuple[PillarOptions, ...]:
    """The options under the three pillars, least coercive first; of these families only, where any are named."""
    return options(wanted_families=families or None, lead_months=lead_months)


def options_for(
    workspace: Workspace,
    unit: str,
    families: tuple[str, ...] = (),
    lead_months: int | None = None,
    *,
    as_known_at: date | None = None,
) -> tuple[PillarOptions, ...]:
    """The same for a place, each with the signs that call it to mind there, as known on a day."""
    signs = signs_of(workspace, unit, as_known_at or workspace.today)
    return options(wanted_families=families or None, lead_months=lead_months, signs=signs)


def signs_of(workspace: Workspace, unit: str, as_known_at: date) -> tuple[Sign, ...]:
    """What people assessed and what the data propose of a place on a day; a country's assessments hold for its areas.

    A sign somebody assessed is not told again as a proposal. Raises :class:`UnknownNameError` for no place.
    """
    place = place_named(unit)
    with workspace.database.reading() as connection:
        return signs_in(connection, known_for_proposals(connection, place, as_known_at), place)


def signs_in(connection: Connection, known: Knowledge, place: str) -> tuple[Sign, ...]:
    """The same, from what is known already."""
    found = []
    for area in dict.fromkeys((place, place.partition("/")[0])):
        made = situations.read_assessments(connection, area, as_known_at=known.as_known_at)
        for factor in situation(area, made).factors:
            held = [view.held for view in factor.indicators if view.held and view.held.state in _SIGNS]
            found += [
                Sign(
                    one.indicator,
                    indicator(one.indicator).text,
                    f"{one.state} for {area}, assessed by {one.author} on {one.assessed_at.date().isoformat()}",
                )
                for one in held
            ]
    said = {one.indicator for one in found}
    found += [
        Sign(one.indicator, indicator(one.indicator).text, f"proposed from data, assessed by nobody: {one.because}")
        for one in proposals_in(connection, known, place)
        if one.state in _SIGNS and one.indicator not in said
    ]
    return tuple(found)


def gate_of(workspace: Workspace | None, subject: str) -> Gate:
    """The conditions for a subject with what bodies are recorded to have said; without a workspace, nothing was."""
    if workspace is None:
        return Gate(subject, gate_view(subject, ()), ())
    with workspace.database.reading() as connection:
        said = responses.read_gate_assertions(connection, subject)
        actions = responses.read_actions(connection, subject)
    return Gate(subject, gate_view(subject, said), exhaustion(actions, subject))


def gate_text(gate: Gate) -> list[str]:
    """The same, as lines of text: no total, no colour, no recommendation."""
    lines = gate_lines(gate.profiles)
    if gate.exhaustion:
        lines += ["", "What was tried short of force, as far as is recorded:", *exhaustion_lines(gate.exhaustion)]
    return lines


def record_on_gate(workspace: Workspace, subject: str, said: GateSaid, *, by: str) -> Gate:
    """Record what a body said of a condition; the view that follows.

    Raises:
        UnknownNameError: no profile has the condition.
        RuleError: no body or no citation is named, or software acts.
    """
    made = GateAssertion(
        subject, said.condition.upper(), GateState(said.state), by, workspace.now, said.body, said.citation
    )
    gate_view(subject, (made,))
    with workspace.database.writing() as connection:
        responses.add_gate_assertion(connection, made)
    return gate_of(workspace, subject)
