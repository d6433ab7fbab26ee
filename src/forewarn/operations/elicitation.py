"""Asking experts: put a question, take estimates, end phases, keep the discussion, and show what may be seen.

While a round is open nobody is shown an estimate of it, not even their own: a pseudonym can be typed by anybody. What
is shown of a closed round is every member's estimate with the reason, the median and the linear pool, and the dissent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from forewarn.assess.situations import Pool, pool
from forewarn.errors import UsageError
from forewarn.model.elicitation import KINDS, PHASES, Comment, Elicitation, Estimate, Kind, Step, phase_of
from forewarn.operations.situation import area_named
from forewarn.operations.workspace import Workspace
from forewarn.store import elicitations, reading, schema

__all__ = ["ElicitationShown", "Said", "close", "discuss", "estimate", "listed", "open_question", "show", "take_back"]


@dataclass(frozen=True, slots=True)
class Said:
    """What an expert gives: values (one probability, or 5 %, 50 % and 95 %), the reason, perhaps a dissent."""

    values: Sequence[float]
    why: str
    dissent: str = ""


@dataclass(frozen=True, slots=True)
class ElicitationShown:
    """A question and what may be seen of it.

    Attributes:
        elicitation_id: its id; ``asked`` the question.
        phase: where it stands; ``steps`` who ended which phase.
        answered: experts with an estimate, by round.
        pools: the closed rounds, in order.
        comments: the discussion.
        entered: by pseudonym, estimates entered in closed rounds, corrections and takings back included.
    """

    elicitation_id: str
    asked: Elicitation
    phase: str
    steps: list[Step]
    answered: dict[str, int]
    pools: list[Pool]
    comments: list[Comment]
    entered: dict[str, int]


def open_question(workspace: Workspace, question: str, *, unit: str, kind: str, noun: str, by: str) -> Elicitation:
    """Put a question: for a probability, or for quantiles of a number that ``noun`` names."""
    if kind not in KINDS:
        raise UsageError(f"'{kind}' is no kind", where="--kind", mend=f"give {' or '.join(KINDS)}")
    asked = Elicitation(question, Kind(kind), noun.strip(), area_named(unit), by, workspace.now)
    with workspace.database.writing() as connection:
        elicitations.add_elicitation(connection, asked)
    return asked


def estimate(workspace: Workspace, elicitation: str, said: Said, *, expert: str) -> Estimate:
    """Take an expert's estimate in the round that is open; the latest of an expert holds."""
    with workspace.database.writing() as connection:
        full = _find(connection, elicitation)
        values = tuple(float(value) for value in said.values)
        number = _round(elicitations.steps_of(connection, full))
        new = Estimate(full, number, expert, values, said.why, workspace.now, dissent=said.dissent)
        elicitations.add_estimate(connection, new)
    return new


def take_back(workspace: Workspace, elicitation: str, estimate_id: str, *, expert: str, why: str) -> Estimate:
    """Take back one's own estimate while its round is open; what one gave before it holds again.

    The whole id is asked for, as printed when the estimate was given: nobody finds one by trying.
    """
    with workspace.database.writing() as connection:
        full = _find(connection, elicitation)
        number = _round(elicitations.steps_of(connection, full))
        new = Estimate(full, number, expert, (), why, workspace.now, withdraws=estimate_id)
        elicitations.add_estimate(connection, new)
    return new


def discuss(workspace: Workspace, elicitation: str, text: str, *, expert: str) -> Comment:
    """Add to the discussion between the rounds."""
    with workspace.database.writing() as connection:
        said = Comment(_find(connection, elicitation), expert, text, workspace.now)
        elicitations.add_comment(connection, said)
    return said


def close(workspace: Workspace, elicitation: str, *, by: str) -> str:
    """End the phase that is open: the first round, the discussion, then the second round; the phase that follows."""
    with workspace.database.writing() as connection:
        full = _find(connection, elicitation)
        position = len(elicitations.steps_of(connection, full)) + 1
        ends = PHASES[min(position, len(PHASES) - 1) - 1]
        elicitations.close_phase(connection, Step(full, PHASES.index(ends) + 1, ends, by, workspace.now))
        return phase_of(elicitations.steps_of(connection, full))


def show(workspace: Workspace, elicitation: str) -> ElicitationShown:
    """A question and what may be seen of it."""
    with workspace.database.reading() as connection:
        return _shown(connection, _find(connection, elicitation))


def listed(workspace: Workspace) -> list[ElicitationShown]:
    """All questions, in the order asked."""
    with workspace.database.reading() as connection:
        return [_shown(connection, full) for full in elicitations.elicitation_ids(connection)]


def _shown(connection: Connection, full: str) -> ElicitationShown:
    asked, steps = elicitations.read_elicitation(connection, full), elicitations.steps_of(connection, full)
    visible = elicitations.closed_estimates(connection, full)
    past = PHASES[: PHASES.index(phase_of(steps))]
    rounds = [number for number in (1, 2) if f"round_{number}" in past]
    entered: dict[str, int] = {}
    for one in sorted(visible, key=lambda one: one.expert):
        entered[one.expert] = entered.get(one.expert, 0) + 1
    return ElicitationShown(
        full,
        asked,
        phase_of(steps),
        steps,
        {f"round_{number}": elicitations.answered(connection, full, number) for number in (1, 2)},
        [pool(asked.kind, visible, number) for number in rounds],
        elicitations.comments(connection, full),
        entered,
    )


def _round(steps: list[Step]) -> int:
    """The round that is open or comes next; whether it is open is for the store to check."""
    return 1 if phase_of(steps) == "round_1" else 2


def _find(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.elicitations, "elicitation_id", name, "elicitation")
