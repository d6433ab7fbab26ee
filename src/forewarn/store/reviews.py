"""Appending decisions of review and their confirmations; what a decision does is kept the moment it may hold.

Nothing here updates a row. Whoever goes round the operations meets the same rules: a decision about sensitive claims
is kept only as one that needs two, nobody confirms their own, and the judgements of a decision are appended by the
same transaction that makes it complete, never earlier. What it changes is kept in ``changes``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, exists, not_, select

from forewarn.clock import instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.review import (
    Confirmation,
    ReviewDecision,
    chain_of,
    claims_concerned,
    incidents_concerned,
    may_undo_alone,
    person_key,
    require_another,
)
from forewarn.store import decisions as judged
from forewarn.store.changes import agree_with
from forewarn.store.review_reading import Record, record_of
from forewarn.store.review_tables import (
    review_changes,
    review_confirmations,
    review_decisions,
    review_effects,
    review_names,
)
from forewarn.store.two_persons import beside, require_second, sensitivities

__all__ = [
    "append_confirmation", "append_decision", "decision_of_judgement", "waiting_on",
]  # fmt: skip


def append_decision(connection: Connection, decision: ReviewDecision) -> None:
    """Append a decision, and its judgements where it needs nobody else; the same twice is kept once.

    Raises:
        SeparationError: it is about claims that need two persons, and says that it does not.
        UnknownNameError: it judges claims, or takes back a decision, that are not there.
    """
    exists = select(review_decisions.c.sequence).where(review_decisions.c.decision_id == decision.decision_id)
    if connection.execute(exists).first():
        return
    _require_two_where_needed(connection, decision, record_of(connection, [decision.undoes]))
    row = {
        "decision_id": decision.decision_id,
        "act": decision.act,
        "item": decision.item,
        "subjects": json.dumps(decision.subjects),
        "verdict": decision.verdict,
        "author": decision.by,
        "person": person_key(decision.by),
        "decided_at": instant_text(decision.at),
        "reason": decision.why,
        "two": int(decision.two),
        "undoes": decision.undoes,
    }
    connection.execute(review_decisions.insert(), row)
    made = decision.judgements()
    effects = [
        {
            "decision_id": decision.decision_id,
            "position": position,
            "judgement_id": judgement.judgement_id,
            **{name: getattr(judgement, name) for name in ("left", "right", "verdict", "withdraws")},
        }
        for position, judgement in enumerate(made)
    ]
    if effects:
        connection.execute(review_effects.insert(), effects)
    _add_changes(connection, decision)
    _add_names(connection, decision)
    if not decision.two:
        judged.add_judgements(connection, made, decision=decision.decision_id)
        _bring_about(connection, decision)


def append_confirmation(connection: Connection, confirmation: Confirmation) -> None:
    """Append a confirmation, and with the first one the judgements of the decision.

    Raises:
        SeparationError: by whoever decided.
        LifecycleError: the decision waits for nobody.
        UnknownNameError: there is no such decision.
    """
    record = record_of(connection, [confirmation.decision_id])
    decision = record.by_id.get(confirmation.decision_id)
    where = f"decision {short(confirmation.decision_id)}"
    if decision is None:
        raise UnknownNameError("is not there", where=where, mend="see 'forewarn review history'")
    require_another(decision, confirmation.by)
    state = record.states[decision.decision_id]
    if state != "pending" or not decision.two:
        said = "is taken back" if state == "undone" else "holds already"
        raise LifecycleError(said, where=where, mend="see 'forewarn review history'")
    row = {
        "confirmation_id": confirmation.confirmation_id,
        "decision_id": confirmation.decision_id,
        "author": confirmation.by,
        "person": person_key(confirmation.by),
        "confirmed_at": instant_text(confirmation.at),
        "reason": confirmation.why,
    }
    connection.execute(review_confirmations.insert(), row)
    judged.add_judgements(connection, decision.judgements(), decision=decision.decision_id)
    _bring_about(connection, decision)


def waiting_on(connection: Connection, kinds: Sequence[str], subject: str = "") -> list[ReviewDecision]:
    """The decisions that change something of these kinds, of a subject or any, and wait for a second person.

    Decisions are read only where one of them may wait.
    """
    changes, made, confirmed = review_changes, review_decisions, review_confirmations
    agreed = exists().where(confirmed.c.decision_id == changes.c.decision_id)
    joined = changes.join(made, made.c.decision_id == changes.c.decision_id)
    query = select(changes.c.decision_id).select_from(joined)
    query = query.where(changes.c.changed.in_(kinds), made.c.two == 1, not_(agreed))
    named = set(connection.execute(query.where(changes.c.subject == subject) if subject else query).scalars())
    if not named:
        return []
    record = record_of(connection, named)
    waits = (one for one in record.decisions if one.decision_id in named)
    return [one for one in waits if record.states[one.decision_id] == "pending"]


def decision_of_judgement(connection: Connection, judgement_id: str) -> str:
    """The decision that made a judgement, or empty: the first, where several made the very same."""
    table = review_effects
    query = select(table.c.decision_id).where(table.c.judgement_id == judgement_id).order_by(table.c.decision_id)
    return str(connection.execute(query.limit(1)).scalar() or "")


def _bring_about(connection: Connection, decision: ReviewDecision) -> None:
    """What the first decision of its chain changes in other tables, as it stands now."""
    record = record_of(connection, [decision.decision_id])
    root = chain_of(decision, record.by_id)[-1]
    if root.changes:
        agree_with(connection, root, decision, holds=record.states[root.decision_id] == "holds")


def _add_changes(connection: Connection, decision: ReviewDecision) -> None:
    rows = [
        {
            "decision_id": decision.decision_id,
            "position": position,
            "changed": one.of,
            "rests_on": json.dumps(one.rests_on),
            **{name: getattr(one, name) for name in ("subject", "name", "value")},
        }
        for position, one in enumerate(decision.changes)
    ]
    if rows:
        connection.execute(review_changes.insert(), rows)


def _add_names(connection: Connection, decision: ReviewDecision) -> None:
    judged = {claim for one in decision.effects for claim in (one.left, one.right)}
    names = {decision.item, decision.undoes, *decision.subjects, *judged} - {""}
    rows = [{"name": name, "decision_id": decision.decision_id} for name in sorted(names)]
    connection.execute(review_names.insert(), rows)


def _require_two_where_needed(connection: Connection, decision: ReviewDecision, record: Record) -> None:
    """Look at the claims themselves: the caller's word is not enough.

    An undo that changes nothing in force may be one person's.
    """
    given = record.by_id
    claims = claims_concerned(decision, given)
    missing = next(iter(sorted(set(claims) - set(sensitivities(connection, claims)))), None)
    if missing:
        raise UnknownNameError(f"no claim '{short(missing)}'", where="decision", mend="name claims that are there")
    if decision.two:
        return
    if decision.act == "undo" and may_undo_alone(decision.undoes, record.decisions, record.confirmations):
        return
    require_second(connection, {*claims, *beside(connection, incidents_concerned(decision, given))})
