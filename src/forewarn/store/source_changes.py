"""What decisions bring about among rulings on origins and quarantines: let stand, taken back, said again.

A ruling or quarantine is never withdrawn twice: what comes back is said again, and names in its reason what it says
again, so that each decision finds the rows that are its own and touches no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from forewarn.ids import short
from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.model.review import ReviewDecision
from forewarn.model.situation import not_taken_back
from forewarn.store import grading

__all__ = ["agree_on_quarantine", "agree_on_ruling"]


def agree_on_ruling(connection: Connection, made: OriginRuling, last: ReviewDecision, *, holds: bool) -> None:
    """Make a ruling, or the withdrawal of one, stand where it holds, and not where it does not; ``last`` signs."""
    given = grading.read_rulings(connection).to_dicts()
    own = _own(given, "ruling_id", made.ruling_id)
    standing = set(not_taken_back({row["ruling_id"]: row["withdraws"] for row in given}))
    if not own:
        if holds:
            grading.add_ruling(connection, made, decision=last.decision_id)
        return
    is_taking = made.verdict == "withdrawn"
    again = [row for row in own if row["ruling_id"] in standing and (row["verdict"] != "withdrawn")]
    if holds != is_taking and not again:
        taken = next((row["verdict"] for row in given if row["ruling_id"] == made.withdraws), made.verdict)
        said = replace(made, verdict=taken, withdraws="", **_signature(made.ruling_id, last, "author", "ruled_at"))
        grading.add_ruling(connection, said, decision=last.decision_id)
    elif holds == is_taking:
        for row in again:
            signed = _signature("", last, "author", "ruled_at")
            back = replace(made, verdict="withdrawn", withdraws=row["ruling_id"], **signed)
            grading.add_ruling(connection, back, decision=last.decision_id)


def agree_on_quarantine(connection: Connection, made: Quarantine, last: ReviewDecision, *, holds: bool) -> None:
    """Make a release stand where it holds; where it does not, keep its subject out again as before."""
    given = grading.read_quarantines(connection).to_dicts()
    own = _own(given, "quarantine_id", made.quarantine_id)
    if not own:
        if holds:
            grading.add_quarantine(connection, made, decision=last.decision_id)
        return
    standing = set(not_taken_back({row["quarantine_id"]: row["releases"] for row in given}))
    again = [row for row in own if row["quarantine_id"] in standing and row["kind"]]
    signed = _signature(made.quarantine_id, last, "author", "decided_at")
    if holds:
        for row in again:
            released = replace(made, releases=row["quarantine_id"], **signed)
            grading.add_quarantine(connection, released, decision=last.decision_id)
    elif not again:
        kind = next(row["kind"] for row in given if row["quarantine_id"] == made.releases)
        grading.add_quarantine(connection, replace(made, kind=kind, releases="", **signed), decision=last.decision_id)


def _own(given: Sequence[dict[str, Any]], key: str, name: str) -> list[dict[str, Any]]:
    """The row itself, and those that say again what it took back or said."""
    return [row for row in given if row[key] == name or row["reason"].endswith(_again(name))]


def _again(name: str) -> str:
    return f"[again {short(name)}]"


def _signature(name: str, last: ReviewDecision, author: str, at: str) -> dict[str, Any]:
    """Who signs, when and why; with what it says again where ``name`` is given."""
    mark = f" {_again(name)}" if name else ""
    reason = f"{last.why[:1_900]} [{short(last.decision_id)}]{mark}"
    return {author: last.by, at: last.at, "reason": reason}
