"""The record of review: decisions appended, confirmed by a second person, taken back; and what it all came to.

Every decision is written here, whatever it is about. One on sensitive claims waits for a second person and changes
nothing until then. A decision is dated after every word of a person that it overrules, even where a clock ran ahead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from forewarn.clock import instant_from_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.incident import JudgementKind
from forewarn.model.review import (
    Confirmation,
    Effect,
    ReviewDecision,
    chain_of,
    claims_concerned,
    incidents_concerned,
    may_undo_alone,
    needs_two,
    require_another,
)
from forewarn.operations.linking import catch_up
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, reviews, schema
from forewarn.store.review_reading import Record, decisions_naming, record_of
from forewarn.store.two_persons import beside, sensitivities

__all__ = ["Decided", "agree", "claims_need_two", "confirm", "pending_like", "record", "undo"]

_SECOND = timedelta(seconds=1)
_COUNTED = ("claim", "count", "record", "withdrawal", "ruling", "release")
"""The changes after which incidents read otherwise."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to.

    Attributes:
        id: what 'review undo' takes: the judgement made where there is one, else the decision.
        incidents: how many there are now.
        decision: its id in the record of review.
        state: ``holds``, or ``pending`` until a second person confirms it.
        judgements: how many it makes.
        touched: the incidents that now hold the claims concerned, where it changed any.
        changes: how many values it puts in place, or takes back.
    """

    id: str
    incidents: int
    decision: str = ""
    state: str = "holds"
    judgements: int = 0
    touched: tuple[str, ...] = ()
    changes: int = 0


def record(connection: Connection, workspace: Workspace, decision: ReviewDecision) -> Decided:
    """Append a decision, and assemble the incidents anew where it holds at once and judges anything."""
    dated = replace(decision, at=_free_instant(connection, decision))
    reviews.append_decision(connection, dated)
    return _outcome(connection, workspace, dated, holds=not dated.two)


def confirm(workspace: Workspace, name: str, *, by: str, why: str) -> Decided:
    """Confirm what another person decided; from then on it holds.

    Raises:
        SeparationError: by whoever decided, in whatever role.
        LifecycleError: the decision waits for nobody, or is taken back.
    """
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, schema.review_decisions, "decision_id", name, "decision")
        return agree(connection, workspace, full, by=by, why=why)


def agree(connection: Connection, workspace: Workspace, decision_id: str, *, by: str, why: str) -> Decided:
    """The same within a transaction, by the full id."""
    reviews.append_confirmation(connection, Confirmation(decision_id, by, workspace.now, why))
    decision = record_of(connection, [decision_id]).by_id[decision_id]
    return _outcome(connection, workspace, decision, holds=True)


def undo(workspace: Workspace, name: str, *, by: str, why: str) -> Decided:
    """Take a decision or a single judgement back; what held before it holds again, exactly.

    An undo may be undone. What two persons decided is taken back by two; what still waits for a second person, by one.

    Raises:
        LifecycleError: it is taken back already.
    """
    with workspace.database.writing() as connection:
        target = _target(connection, name)
        if isinstance(target, ReviewDecision):
            known = record_of(connection, [target.decision_id])
            _require_stands(target, known)
            effects, undoes, subjects = target.taken_back(), target.decision_id, target.subjects
            alone = may_undo_alone(undoes, known.decisions, known.confirmations)
            by_id = known.by_id
            claims = {*claims_concerned(target, by_id), *beside(connection, incidents_concerned(target, by_id))}
        else:
            effects, undoes, subjects = (target,), target.withdraws, (target.left, target.right)
            alone, claims = False, {target.left, target.right}
        two = not alone and claims_need_two(connection, claims)
        taken = ReviewDecision("undo", subjects, "undo", by, workspace.now, why, two, effects, undoes=undoes)
        return record(connection, workspace, taken)


def claims_need_two(connection: Connection, claims: Collection[str]) -> bool:
    """Whether a decision on these claims needs two persons. Raises :class:`UnknownNameError` for one not there."""
    known = sensitivities(connection, claims)
    if missing := set(claims) - set(known):
        raise UnknownNameError(f"no claim '{short(min(missing))}'", mend="name claims that are there")
    return needs_two(known.values())


def pending_like(connection: Connection, wanted: ReviewDecision) -> ReviewDecision | None:
    """A decision of another person that says the same and waits for a second one.

    Raises:
        SeparationError: the one that waits is by the same person.
    """
    known = record_of(connection, decisions_naming(connection, wanted.subjects[:1]))
    alike = (one for one in known.decisions if _said(one) == _said(wanted))
    waits = [one for one in alike if known.states[one.decision_id] == "pending"]
    if not waits:
        return None
    require_another(waits[-1], wanted.by)
    return waits[-1]


def _said(decision: ReviewDecision) -> tuple[object, ...]:
    changes = tuple((one.of, one.subject, str(one)) for one in decision.changes)
    return decision.act, decision.subjects, decision.verdict, changes


def _target(connection: Connection, name: str) -> ReviewDecision | Effect:
    """The decision named, or the withdrawal of the one judgement named where no decision is that judgement alone."""
    if not name.startswith("jdg_"):
        full = reading.find_id(connection, schema.review_decisions, "decision_id", name, "decision")
        return record_of(connection, [full]).by_id[full]
    made, planned = schema.judgements, schema.review_effects
    try:
        full = reading.find_id(connection, made, "judgement_id", name, "judgement")
    except UnknownNameError:
        full = reading.find_id(connection, planned, "judgement_id", name, "judgement")
    making = connection.execute(select(planned.c.decision_id).where(planned.c.judgement_id == full)).scalars()
    given = record_of(connection, making).decisions
    decision = next((one for one in given if [j.judgement_id for j in one.judgements()] == [full]), None)
    if decision is not None:
        return decision
    table = made if connection.execute(select(made.c.left).where(made.c.judgement_id == full)).first() else planned
    row = connection.execute(select(table.c.left, table.c.right).where(table.c.judgement_id == full)).first()
    if row is None:  # pragma: no cover - it was found above, in the same transaction
        raise UnknownNameError(f"no judgement '{short(full)}'", mend="see 'forewarn review history'")
    return Effect(row.left, row.right, "withdrawn", full)


def _require_stands(target: ReviewDecision, known: Record) -> None:
    if known.states[target.decision_id] != "undone":
        return
    taken = (one for one in known.decisions if one.undoes == target.decision_id)
    by = next((one for one in taken if known.states[one.decision_id] == "holds"), target)
    raise LifecycleError(
        "is taken back already",
        where=f"decision {short(target.decision_id)}",
        mend=f"to let it hold again, run 'forewarn review undo {short(by.decision_id)}'",
    )


def _free_instant(connection: Connection, decision: ReviewDecision) -> datetime:
    """The instant of the decision: now, or just after the latest word of a person that it would overrule.

    The same said twice in one second is dated a second apart, so that neither is lost.
    """
    at = decision.at
    if decision.act != "undo":
        at = max(at, _latest_word(connection, decision) + _SECOND) if decision.effects else at
        at = max(at, _latest_change(connection, decision) + _SECOND) if decision.changes else at
    column = schema.review_decisions.c.decision_id
    while connection.execute(select(column).where(column == replace(decision, at=at).decision_id)).first():
        at += _SECOND
    return at


def _latest_word(connection: Connection, decision: ReviewDecision) -> datetime:
    """The latest instant at which a person judged any of the pairs concerned, waiting decisions included."""
    pairs = {(one.left, one.right) for one in decision.effects}
    made, planned, given = schema.judgements, schema.review_effects, schema.review_decisions
    by_person = (made.c.kind == JudgementKind.HUMAN.value) & (made.c.verdict != "withdrawn")
    queries = [
        (made, select(made.c.left, made.c.right, made.c.decided_at).where(by_person)),
        (
            planned,
            select(planned.c.left, planned.c.right, given.c.decided_at)
            .join_from(planned, given, planned.c.decision_id == given.c.decision_id)
            .where(planned.c.verdict != "withdrawn"),
        ),
    ]
    lefts, latest = sorted({left for left, _ in pairs}), ""
    for start in range(0, len(lefts), 500):
        for table, query in queries:
            rows = connection.execute(query.where(table.c.left.in_(lefts[start : start + 500])))
            latest = max([latest, *(row.decided_at for row in rows if (row.left, row.right) in pairs)])
    return instant_from_text(latest) if latest else decision.at - _SECOND


def _latest_change(connection: Connection, decision: ReviewDecision) -> datetime:
    """The latest instant at which a person changed anything about the same subjects."""
    changes, given = schema.review_changes, schema.review_decisions
    joined = changes.join(given, given.c.decision_id == changes.c.decision_id)
    query = select(func.max(given.c.decided_at)).select_from(joined)
    subjects = sorted({one.subject for one in decision.changes})
    latest = connection.execute(query.where(changes.c.subject.in_(subjects))).scalar()
    return instant_from_text(latest) if latest else decision.at - _SECOND


def _outcome(connection: Connection, workspace: Workspace, decision: ReviewDecision, *, holds: bool) -> Decided:
    made = decision.judgements()
    given = record_of(connection, [decision.decision_id]).by_id
    changes = chain_of(decision, given)[-1].changes
    if holds and (made or any(one.of in _COUNTED for one in changes)):
        catch_up(connection, workspace.today)
    count = connection.execute(select(func.count()).select_from(schema.incidents)).scalar() or 0
    return Decided(
        id=made[0].judgement_id if len(made) == 1 else decision.decision_id,
        incidents=int(count),
        decision=decision.decision_id,
        state="holds" if holds else "pending",
        judgements=len(made),
        touched=_touched(connection, claims_concerned(decision, given)) if holds else (),
        changes=len(changes),
    )


def _touched(connection: Connection, claims: Sequence[str]) -> tuple[str, ...]:
    table = schema.incident_claims
    found: set[str] = set()
    for start in range(0, len(claims), 500):
        query = select(table.c.incident_id).where(table.c.claim_id.in_(claims[start : start + 500]))
        found |= set(connection.execute(query).scalars())
    return tuple(sorted(found))
