"""Review: people judge what the rule was unsure of, correct what was misread, grade, code, and take it all back.

Every act is an appended fact with an author and a reason; undoing is itself such a fact. Incidents are assembled
anew after each, so what the reader sees is always what the judgements say. On sensitive claims a second person has
to confirm before anything changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from forewarn.errors import UsageError, shorten
from forewarn.ids import content_id
from forewarn.model.incident import Grade
from forewarn.model.review import Effect, Item, ReviewDecision
from forewarn.model.validation import require_choice
from forewarn.operations import grading
from forewarn.operations.review_arrange import incidents_of, merge, merged, move, split
from forewarn.operations.review_changes import assess_proposed, code_proposed, correct, pairs_from
from forewarn.operations.review_items import brought_up
from forewarn.operations.review_queue import find_with_proposal, history, show_item, waiting
from forewarn.operations.review_record import Decided, agree, claims_need_two, confirm, pending_like, record, undo
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema

__all__ = [
    "Decided",
    "confirm",
    "correct",
    "decide",
    "decide_item",
    "grade",
    "history",
    "merge",
    "move",
    "pairs_from",
    "show_item",
    "split",
    "undo",
    "waiting",
]

_PAIR_VERDICTS = ("same", "different", "unsure")


def decide(workspace: Workspace, first: str, second: str, verdict: str, *, by: str, why: str) -> Decided:
    """Record a person's judgement on two claims: ``same``, ``different`` or ``unsure``.

    Where it waits for a second person, the same judgement by another person confirms it.
    """
    with workspace.database.writing() as connection:
        left, right = sorted(_claim(connection, name) for name in (first, second))
        if left == right:
            raise UsageError("both are one claim", mend="name two claims")
        item = content_id("itm", "link", left, right)
        return _judge(connection, workspace, ((left, right), verdict, item), by=by, why=why)


def decide_item(workspace: Workspace, name: str, verdict: str, *, by: str, why: str) -> Decided:
    """Answer an item of the queue with one of its verdicts.

    Raises:
        UsageError: the item's kind knows no such verdict, or is decided by another command.
    """
    with workspace.database.writing() as connection:
        brought_up(connection)
        item, proposal = find_with_proposal(connection, name, workspace.today)
        if verdict not in item.verdicts:
            asked = f"use {' or '.join(item.verdicts)}" if item.verdicts else f"run '{item.command}'"
            raise UsageError(f"'{shorten(verdict)}' answers no item of kind {item.kind}", where="--verdict", mend=asked)
        if item.kind not in ("confirmation", "grade") or verdict == "confirm":
            return _answer(connection, workspace, item, verdict, proposal, by=by, why=why)
    if item.kind == "grade":
        given = grade(workspace, item.subject, verdict, by=by, why=why)
        return Decided(given.grade_id, 0, touched=(item.subject,))
    return undo(workspace, item.subject, by=by, why=why)


def _answer(
    connection: Connection,
    workspace: Workspace,
    item: Item,
    verdict: str,
    proposal: Mapping[str, Any],
    *,
    by: str,
    why: str,
) -> Decided:
    """Record the answer to an item whose kind takes it within one transaction."""
    if item.kind == "confirmation":
        return agree(connection, workspace, item.subject, by=by, why=why)
    if item.kind in ("grew", "extraction"):
        looked = ReviewDecision("look", (item.subject,), verdict, by, workspace.now, why, item=item.item_id)
        return record(connection, workspace, looked)
    if item.kind == "element":
        return code_proposed(connection, workspace, item, verdict, by=by, why=why)
    if item.kind == "indicator":
        return assess_proposed(connection, workspace, item, verdict, proposal, by=by, why=why)
    if item.kind == "apart" and verdict == "same":
        placed = incidents_of(connection, [item.subject, item.other])
        return merged(connection, workspace, list(placed.values()), by=by, why=why, item=item.item_id)
    return _judge(connection, workspace, ((item.subject, item.other), verdict, item.item_id), by=by, why=why)


def grade(workspace: Workspace, subject: str, value: str, *, by: str, why: str) -> Grade:
    """Grade a source (A to F, by id or name) or a claim (1 to 6, by id), blind: see ``operations.grading``."""
    return grading.grade(workspace, subject, grading.GradeEntry(value, why), by=by).grade


def _judge(
    connection: Connection, workspace: Workspace, judged: tuple[tuple[str, str], str, str], *, by: str, why: str
) -> Decided:
    """Record a judgement on a pair, given as pair, verdict and item."""
    (left, right), verdict, item = judged
    require_choice(verdict, "verdict", _PAIR_VERDICTS)
    decision = ReviewDecision(
        act="judge",
        subjects=(left, right),
        verdict=verdict,
        by=by,
        at=workspace.now,
        why=why,
        two=claims_need_two(connection, (left, right)),
        effects=(Effect(left, right, verdict),),
        item=item,
    )
    if waiting_for_another := pending_like(connection, decision):
        return agree(connection, workspace, waiting_for_another.decision_id, by=by, why=why)
    return record(connection, workspace, decision)


def _claim(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.claims, "claim_id", name, "claim")
