"""The record of what people decided in review, as it is told: the latest first, each with its state.

Judgements of people that belong to no decision stand among the decisions. What is asked for is read by index, the
latest or what names some ids; never the whole record for a page of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.model.review import Confirmation, ReviewDecision
from forewarn.store.decisions import judgements_outside
from forewarn.store.review_reading import Record, decisions_naming, latest_decisions, record_of

__all__ = ["Entry", "entries_about", "latest"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in the record.

    Attributes:
        state: ``pending``, ``holds`` or ``undone``; of a judgement made outside the queue, ``kept``.
        confirmed_by: who confirmed it; empty where nobody has.
        changes: the values it puts in place, such as ``deaths_best=12``.
    """

    decision: str
    act: str
    verdict: str
    subjects: tuple[str, ...]
    by: str
    at: str
    why: str
    state: str
    needs_two: bool = False
    confirmed_by: str = ""
    undoes: str = ""
    judgements: int = 0
    changes: tuple[str, ...] = ()


def latest(connection: Connection, limit: int) -> list[Entry]:
    """The latest of all that was decided, at most ``limit``, the latest first."""
    found = latest_decisions(connection, limit)
    record = record_of(connection, [name for name, _ in found])
    since = found[-1][1] if len(found) == limit else ""
    outside = judgements_outside(connection, since=since, limit=limit)
    return _told(record, {name for name, _ in found}, outside)[:limit]


def entries_about(connection: Connection, about: Iterable[str]) -> list[Entry]:
    """What was decided about these ids, of whatever kind, and what took any of it back, the latest first."""
    named = set(about)
    record = record_of(connection, decisions_naming(connection, named))
    kept = {one.decision_id for one in record.decisions if named & _ids_of(one)}
    while above := {one.decision_id for one in record.decisions if one.undoes in kept} - kept:
        kept |= above
    return _told(record, kept, judgements_outside(connection, naming=named))


def _told(record: Record, kept: set[str], outside: Sequence[Mapping[str, Any]]) -> list[Entry]:
    agreed = {one.decision_id: one for one in record.confirmations}
    found = [
        _entry(one, record.states[one.decision_id], agreed.get(one.decision_id))
        for one in record.decisions
        if one.decision_id in kept
    ]
    found += [_judged(row) for row in outside]
    found.reverse()  # of one second, the later in the record comes first
    return sorted(found, key=lambda one: one.at, reverse=True)


def _ids_of(decision: ReviewDecision) -> set[str]:
    judged = {claim for one in decision.effects for claim in (one.left, one.right)}
    return {decision.decision_id, decision.item, decision.undoes, *decision.subjects, *judged} - {""}


def _entry(decision: ReviewDecision, state: str, confirmation: Confirmation | None) -> Entry:
    return Entry(
        decision=decision.decision_id,
        act=decision.act,
        verdict=decision.verdict,
        subjects=decision.subjects,
        by=decision.by,
        at=instant_text(decision.at),
        why=decision.why,
        state=state,
        needs_two=decision.two,
        confirmed_by=confirmation.by if confirmation else "",
        undoes=decision.undoes,
        judgements=len(decision.effects),
        changes=tuple(str(one) for one in decision.changes),
    )


def _judged(row: Mapping[str, Any]) -> Entry:
    """A judgement that belongs to no decision."""
    return Entry(
        decision=row["judgement_id"],
        act="judge",
        verdict=row["verdict"],
        subjects=(row["left"], row["right"]),
        by=row["author"],
        at=row["decided_at"],
        why=row["reason"],
        state="kept",
        undoes=row["withdraws"],
        judgements=1,
    )
