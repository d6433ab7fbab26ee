"""What decisions of review bring about in other tables: codings of elements and assessments of indicators.

They become rows of their own the moment a decision holds, and the taking back of it their withdrawal, so that whoever
reads them need not know of review. After each decision what stands is made to agree with what holds, whatever the
order of decisions, confirmations and undos.
"""

from __future__ import annotations

from sqlalchemy import Connection

from forewarn.ids import short
from forewarn.model.coding import Coding, Withdrawal
from forewarn.model.review import Change, ReviewDecision
from forewarn.model.situation import WITHDRAWN, IndicatorAssessment, not_taken_back
from forewarn.store import casualties, situations

__all__ = ["agree_with"]


def agree_with(connection: Connection, root: ReviewDecision, last: ReviewDecision, *, holds: bool) -> None:
    """Make codings and assessments of a decision stand where it holds, and not where it does not.

    Args:
        connection: a writing connection.
        root: the decision that codes or assesses; any other brings about nothing here.
        last: the decision, it or an undo, because of which it now holds or does not; it signs what is appended.
        holds: whether it holds.
    """
    for change in root.changes:
        if change.of == "element":
            _code(connection, _coding(root, change), last, holds=holds)
        elif change.of == "indicator":
            _assess(connection, _assessment(root, change), last, holds=holds)


def _coding(root: ReviewDecision, change: Change) -> Coding:
    basis = tuple(one for one in change.rests_on if one.startswith("clm_"))
    said = (change.subject, "element", change.name, change.value, root.by, root.at, _why(root))
    return Coding(*said, basis_claims=basis if change.value == "coded" else ())


def _code(connection: Connection, made: Coding, last: ReviewDecision, *, holds: bool) -> None:
    withdrawals = casualties.withdrawals_of(connection, made.coding_id)
    if not casualties.is_coded(connection, made.coding_id):
        if holds:
            casualties.add_coding(connection, made)
        return
    targets = withdrawals if holds else [made.coding_id] if not withdrawals else []
    for target in targets:
        casualties.withdraw(connection, Withdrawal(target, last.by, last.at, _why(last)))


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
    name = made.assessment_id
    if name not in known:
        if holds:
            situations.add_assessment(connection, made)
        return
    against = [one.assessment_id for one in given if one.withdraws == name and one.assessment_id in kept]
    for target in against if holds else [name] if name in kept else []:
        taken = (made.unit, made.indicator, WITHDRAWN, last.by, last.at, _why(last))
        situations.add_assessment(connection, IndicatorAssessment(*taken, withdraws=target))


def _why(decision: ReviewDecision) -> str:
    """The reason with the decision it was given for: two decisions of one second stay two."""
    return f"{decision.why[:1_900]} [{short(decision.decision_id)}]"
