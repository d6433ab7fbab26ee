"""What decisions of review bring about in other tables: codings, counts, records, readings, rulings, releases.

They become rows of their own the moment a decision holds, and the taking back of it their withdrawal, so that whoever
reads them need not know of review. After each decision what stands is made to agree with what holds, whatever the
order of decisions, confirmations and undos.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from forewarn.ids import short
from forewarn.model.casualty import CasualtyRecord, CountOverruling
from forewarn.model.coding import Coding, Withdrawal
from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.model.review import Change, ReviewDecision
from forewarn.model.situation import WITHDRAWN, IndicatorAssessment, not_taken_back
from forewarn.store import casualties, situations
from forewarn.store.source_changes import agree_on_quarantine, agree_on_ruling

__all__ = ["Kept", "agree_with", "as_change"]

Kept = Coding | CountOverruling | CasualtyRecord | Withdrawal | IndicatorAssessment | OriginRuling | Quarantine
"""What people put in place: the nouns that a change can carry whole."""

_KINDS: dict[str, tuple[type[Any], str]] = {
    "coding": (Coding, "coding_id"),
    "count": (CountOverruling, "overruling_id"),
    "record": (CasualtyRecord, "record_id"),
    "withdrawal": (Withdrawal, "withdrawal_id"),
    "reading": (IndicatorAssessment, "assessment_id"),
    "ruling": (OriginRuling, "ruling_id"),
    "release": (Quarantine, "quarantine_id"),
}
_ADD: dict[str, Callable[..., str]] = {
    "coding": casualties.add_coding,
    "count": casualties.add_overruling,
    "record": casualties.add_record,
    "withdrawal": casualties.withdraw,
}


def as_change(kept: Kept, subject: str, name: str, rests_on: tuple[str, ...]) -> Change:
    """The change that carries a noun whole; ``name`` says it in a few words, ``rests_on`` the claims concerned."""
    kind = next(kind for kind, (noun, _) in _KINDS.items() if isinstance(kept, noun))
    return Change(kind, subject, name, TypeAdapter(type(kept)).dump_json(kept).decode(), rests_on)


def agree_with(connection: Connection, root: ReviewDecision, last: ReviewDecision, *, holds: bool) -> None:
    """Make what a decision puts in place stand where it holds, and not where it does not.

    Args:
        connection: a writing connection.
        root: the decision that codes, counts, assesses or withdraws; any other brings about nothing here.
        last: the decision, it or an undo, because of which it now holds or does not; it signs what is appended.
        holds: whether it holds.
    """
    for change in root.changes:
        if change.of == "element":
            _keep(connection, "coding", _coding(root, change), last, holds=holds)
        elif change.of == "indicator":
            _assess(connection, _assessment(root, change), last, holds=holds)
        elif change.of == "reading":
            _assess(connection, _noun(change), last, holds=holds)
        elif change.of == "ruling":
            agree_on_ruling(connection, _noun(change), last, holds=holds)
        elif change.of == "release":
            agree_on_quarantine(connection, _noun(change), last, holds=holds)
        elif change.of in _ADD:
            _keep(connection, change.of, _noun(change), last, holds=holds)


def _noun(change: Change) -> Any:
    return TypeAdapter(_KINDS[change.of][0]).validate_json(change.value)


def _keep(connection: Connection, kind: str, made: Any, last: ReviewDecision, *, holds: bool) -> None:
    name, by = getattr(made, _KINDS[kind][1]), last.decision_id
    if not casualties.is_kept(connection, name):
        if holds:
            _ADD[kind](connection, made, decision=by)
        return
    withdrawals = casualties.withdrawals_of(connection, name)
    targets = withdrawals if holds else [name] if not withdrawals else []
    for target in targets:
        casualties.withdraw(connection, Withdrawal(target, last.by, last.at, _why(last)), decision=by)


def _coding(root: ReviewDecision, change: Change) -> Coding:
    basis = tuple(one for one in change.rests_on if one.startswith("clm_"))
    said = (change.subject, "element", change.name, change.value, root.by, root.at, _why(root))
    return Coding(*said, basis_claims=basis if change.value == "coded" else ())


def _assessment(root: ReviewDecision, change: Change) -> IndicatorAssessment:
    proposals = [one for one in change.rests_on if one.startswith("prp_")]
    return IndicatorAssessment(
        change.subject,
        change.name,
        change.value,
        root.by,
        root.at,
        _why(root),
        claim_ids=tuple(one for one in change.rests_on if one.startswith("clm_")),
        proposal_id=proposals[0] if proposals else "",
    )


def _assess(connection: Connection, made: IndicatorAssessment, last: ReviewDecision, *, holds: bool) -> None:
    given = situations.read_assessments(connection, made.unit)
    kept = not_taken_back({one.assessment_id: one.withdraws for one in given})
    known = {one.assessment_id for one in given}
    name, by = made.assessment_id, last.decision_id
    if name not in known:
        if holds:
            situations.add_assessment(connection, made, decision=by)
        return
    against = [one.assessment_id for one in given if one.withdraws == name and one.assessment_id in kept]
    for target in against if holds else [name] if name in kept else []:
        taken = (made.unit, made.indicator, WITHDRAWN, last.by, last.at, _why(last))
        situations.add_assessment(connection, IndicatorAssessment(*taken, withdraws=target), decision=by)


def _why(decision: ReviewDecision) -> str:
    """The reason with the decision it was given for: two decisions of one second stay two."""
    return f"{decision.why[:1_900]} [{short(decision.decision_id)}]"
