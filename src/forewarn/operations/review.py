"""Review: people judge what the rule was unsure of, take judgements back, and grade sources and claims.

Every act is an appended fact with an author and a reason; undoing is itself such a fact. Incidents are assembled
anew after each, so what the reader sees is always what the judgements say. On sensitive claims a second person has
to confirm before anything changes.
"""

from __future__ import annotations

from sqlalchemy import Connection

from forewarn.errors import UsageError, shorten
from forewarn.ids import content_id
from forewarn.model.incident import Grade
from forewarn.model.review import Effect, ReviewDecision
from forewarn.model.validation import require_choice
from forewarn.operations import grading
from forewarn.operations.review_arrange import incidents_of, merge, merged, move, split
from forewarn.operations.review_queue import find_item, history, show_item, waiting
from forewarn.operations.review_record import Decided, agree, claims_need_two, confirm, pending_like, record, undo
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, schema

__all__ = [
    "Decided",
    "confirm",
    "decide",
    "decide_item",
    "grade",
    "history",
    "merge",
    "move",
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
        item = find_item(connection, name)
        if verdict not in item.verdicts:
            asked = f"use {' or '.join(item.verdicts)}" if item.verdicts else f"run '{item.command}'"
            raise UsageError(f"'{shorten(verdict)}' answers no item of kind {item.kind}", where="--verdict", mend=asked)
        if item.kind == "confirmation" and verdict == "confirm":
            return agree(connection, workspace, item.subject, by=by, why=why)
        if item.kind == "grew":
            looked = ReviewDecision("look", (item.subject,), verdict, by, workspace.now, why, item=item.item_id)
            return record(connection, workspace, looked)
        if item.kind == "apart" and verdict == "same":
            placed = incidents_of(connection, [item.subject, item.other])
            return merged(connection, workspace, list(placed.values()), by=by, why=why, item=item.item_id)
        if item.kind != "confirmation":
            asked_pair = ((item.subject, item.other), verdict, item.item_id)
            return _judge(connection, workspace, asked_pair, by=by, why=why)
    return undo(workspace, item.subject, by=by, why=why)


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
