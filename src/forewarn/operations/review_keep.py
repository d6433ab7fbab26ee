"""What people put in place of an incident or area: kept at once, or waiting for a second person, by one rule.

Codings, overruled counts, casualty records, readings of indicators, the withdrawal of any, rulings on origins and
releases from quarantine pass here, whatever the command. Where the claims are sensitive they become a decision of
review and change nothing until another person confirms it; the store refuses them any other way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.model.review import ReviewDecision
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations.review_record import agree, pending_like, record
from forewarn.operations.workspace import Workspace
from forewarn.store import two_persons
from forewarn.store.changes import Kept, as_change

__all__ = ["Entered", "Entry", "enter"]


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of it.

    Attributes:
        id: of what was entered; of what another person's word confirmed, the decision.
        state: ``holds``, or ``pending`` until a second person confirms.
        decision: of review, to confirm or to undo; empty where one person may.
    """

    id: str
    state: str = "holds"
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody enters.

    Attributes:
        act: of review: ``code``, ``count``, ``assess``, ``withdraw``, ``rule`` or ``release``.
        kept: the noun to be kept.
        id: its id.
        said: what it says in a few words, without who and when; the same by another person confirms it.
        subject: the claim whose incident it is about, the area, the claim or source counted again.
        claims: the claims concerned.
    """

    act: str
    kept: Kept
    id: str
    said: str
    subject: str
    claims: tuple[str, ...]


def enter(
    connection: Connection, workspace: Workspace, entry: Entry, append: Callable[[], object], *, by: str, why: str
) -> Entered:
    """Append it by ``append`` where one person may; else let it wait, or confirm what waits and says the same."""
    is_of_these = isinstance(entry.kept, IndicatorAssessment | OriginRuling | Quarantine)
    weighed = entry.claims if is_of_these else two_persons.beside(connection, entry.claims)
    if not two_persons.need_two(connection, weighed):
        append()
        return Entered(entry.id)
    change = as_change(entry.kept, entry.subject, entry.said, tuple(sorted(entry.claims)))
    said = (entry.act, (entry.subject,), entry.act, by, workspace.now, why)
    decision = ReviewDecision(*said, two=True, changes=(change,))
    waiting = pending_like(connection, decision)
    if waiting:
        made = agree(connection, workspace, waiting.decision_id, by=by, why=why)
    else:
        made = record(connection, workspace, decision)
    return Entered(made.decision if waiting else entry.id, made.state, made.decision)
