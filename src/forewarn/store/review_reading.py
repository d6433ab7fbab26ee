"""Reading the record of review: all of it, or the part that some decisions, claims or a page of it ask for.

What holds of a decision follows from those it takes back and those that take it back, and from nothing else: a part is
read whole in that sense, so that states told from it are those told from everything. Nothing here writes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, Table, exists, not_, select

from forewarn.clock import instant_from_text
from forewarn.model.review import Change, Confirmation, Effect, ReviewDecision, states_of
from forewarn.store.columns import listed
from forewarn.store.review_tables import (
    review_changes,
    review_confirmations,
    review_decisions,
    review_effects,
    review_names,
)

__all__ = [
    "Record", "answering", "correcting", "decisions_naming", "decisions_since", "latest_decisions", "looking",
    "read_confirmations", "read_decisions", "record_of", "unconfirmed",
]  # fmt: skip

_FEW = 2_000
"""Decisions asked for by id; beyond them all are read, which costs less."""


@dataclass(frozen=True)
class Record:
    """Decisions with all that take them back and all that they take back, in the order made, and who confirmed them."""

    decisions: tuple[ReviewDecision, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, ReviewDecision]:
        """The decisions by id."""
        return {one.decision_id: one for one in self.decisions}

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state of each, by id, as told from all decisions ever made."""
        return states_of(self.decisions, self.confirmations)


def record_of(
    connection: Connection,
    decisions: Iterable[str],
    *,
    upto: tuple[int, int] | None = None,
) -> Record:
    """The record of these decisions and of what is chained to them; as it was up to two sequence numbers if given.

    The numbers are those of decisions and of confirmations. Ids of no decision are passed over.
    """
    chained = _chained(connection, set(decisions))
    if not chained:
        return Record()
    among = sorted(chained) if len(chained) <= _FEW else None
    decided, confirmed = upto or (None, None)
    return Record(
        tuple(read_decisions(connection, upto=decided, among=among)),
        tuple(read_confirmations(connection, upto=confirmed, among=among)),
    )


def read_decisions(
    connection: Connection, *, upto: int | None = None, among: Iterable[str] | None = None
) -> list[ReviewDecision]:
    """Every decision ever made, in the order made; those up to a sequence number, or of some ids, where given."""
    ids = None if among is None else sorted(set(among))
    effects: dict[str, list[Effect]] = defaultdict(list)
    table = review_effects
    query = select(table.c.decision_id, table.c.left, table.c.right, table.c.verdict, table.c.withdraws)
    query = _among(connection, query.order_by(table.c.decision_id, table.c.position), table, ids)
    for row in connection.execute(query):
        effects[row.decision_id].append(Effect(row.left, row.right, row.verdict, row.withdraws))
    changes = _changes(connection, ids)
    rows = connection.execute(_among(connection, _upto(review_decisions, upto), review_decisions, ids))
    return [
        ReviewDecision(
            act=row.act,
            subjects=tuple(json.loads(row.subjects)),
            verdict=row.verdict,
            by=row.author,
            at=instant_from_text(row.decided_at),
            why=row.reason,
            two=bool(row.two),
            effects=tuple(effects[row.decision_id]),
            item=row.item,
            undoes=row.undoes,
            changes=tuple(changes[row.decision_id]),
        )
        for row in rows
    ]


def read_confirmations(
    connection: Connection, *, upto: int | None = None, among: Iterable[str] | None = None
) -> list[Confirmation]:
    """Every confirmation ever given, in the order given; up to a sequence number, or of some decisions, where given."""
    ids = None if among is None else sorted(set(among))
    rows = connection.execute(_among(connection, _upto(review_confirmations, upto), review_confirmations, ids))
    return [Confirmation(row.decision_id, row.author, instant_from_text(row.confirmed_at), row.reason) for row in rows]


def decisions_naming(connection: Connection, names: Iterable[str]) -> set[str]:
    """The decisions that are about one of these ids, judge it, take it back or answer it; those of these ids too."""
    named, table, given = listed(connection, sorted(set(names))), review_names, review_decisions
    found = set(connection.execute(select(table.c.decision_id).where(table.c.name.in_(select(named)))).scalars())
    own = select(given.c.decision_id).where(given.c.decision_id.in_(select(named)))
    return found | set(connection.execute(own).scalars())


def correcting(connection: Connection, claims: Iterable[str] | None = None) -> set[str]:
    """The decisions that say what a claim should read: some of the claims, or any."""
    table = review_changes
    query = select(table.c.decision_id).where(table.c.changed == "claim")
    if claims is not None:
        query = query.where(table.c.subject.in_(select(listed(connection, sorted(set(claims))))))
    return set(connection.execute(query).scalars())


def answering(connection: Connection, prefix: str) -> set[str]:
    """The decisions that answer an item of the queue, by its id or the beginning of it."""
    table = review_decisions
    query = select(table.c.decision_id).where(table.c.item.startswith(prefix, autoescape=True))
    return set(connection.execute(query.where(table.c.item.between(prefix, f"{prefix}g"))).scalars())


def looking(connection: Connection, names: Iterable[str] | None = None) -> set[str]:
    """The decisions that say that somebody has looked: at some claims and incidents, or any."""
    given, table = review_decisions, review_names
    query = select(given.c.decision_id).where(given.c.act == "look")
    if names is not None:
        query = query.join(table, table.c.decision_id == given.c.decision_id)
        query = query.where(table.c.name.in_(select(listed(connection, sorted(set(names))))))
    return set(connection.execute(query).scalars())


def decisions_since(connection: Connection, decisions: int, confirmations: int) -> set[str]:
    """The decisions made after the one of a sequence number, and those confirmed after a confirmation."""
    found: set[str] = set()
    for table, sequence in ((review_decisions, decisions), (review_confirmations, confirmations)):
        found |= set(connection.execute(select(table.c.decision_id).where(table.c.sequence > sequence)).scalars())
    return found


def unconfirmed(connection: Connection) -> set[str]:
    """The decisions that need two persons and have been confirmed by nobody."""
    given, confirmed = review_decisions, review_confirmations
    agreed = exists().where(confirmed.c.decision_id == given.c.decision_id)
    return set(connection.execute(select(given.c.decision_id).where(given.c.two == 1, not_(agreed))).scalars())


def latest_decisions(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """The latest decisions with the instant of each, the latest first; of one instant the later in the record."""
    table = review_decisions
    query = select(table.c.decision_id, table.c.decided_at).order_by(table.c.decided_at.desc(), table.c.sequence.desc())
    return [(row[0], row[1]) for row in connection.execute(query.limit(limit))]


def _chained(connection: Connection, decisions: set[str]) -> set[str]:
    """These decisions, those they take back and those that take them back, and so on both ways."""
    given, names = review_decisions, review_names
    found, fresh = set[str](), {one for one in decisions if one.startswith("dec_")}
    while fresh:
        found |= fresh
        ids = select(listed(connection, sorted(fresh)))
        above = select(names.c.decision_id).join(given, given.c.decision_id == names.c.decision_id)
        above = above.where(names.c.name.in_(ids), given.c.undoes == names.c.name)
        below = select(given.c.undoes).where(given.c.decision_id.in_(ids))
        near = {*connection.execute(above).scalars(), *connection.execute(below).scalars()}
        fresh = {one for one in near if one.startswith("dec_")} - found
    return found


def _among(connection: Connection, query: Select[Any], table: Table, ids: list[str] | None) -> Select[Any]:
    return query if ids is None else query.where(table.c.decision_id.in_(select(listed(connection, ids))))


def _upto(table: Table, upto: int | None) -> Select[Any]:
    query = select(*table.columns).order_by(table.c.sequence)
    return query if upto is None else query.where(table.c.sequence <= upto)


def _changes(connection: Connection, ids: list[str] | None) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    table = review_changes
    query = select(*table.columns).order_by(table.c.decision_id, table.c.position)
    for row in connection.execute(_among(connection, query, table, ids)):
        rests_on = tuple(json.loads(row.rests_on))
        found[row.decision_id].append(Change(row.changed, row.subject, row.name, row.value, rests_on))
    return found
