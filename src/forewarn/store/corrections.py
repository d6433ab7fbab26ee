"""Corrections as they are read: the values that people put in place of what was misread lie over the claims.

The rows of claims are never touched. Decisions are laid on one after another in order of their dates; one that no
longer gives a claim, as when another it was written upon was taken back, is passed over whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from forewarn.errors import InputValueError
from forewarn.model.correction import CORRECTABLE, corrected
from forewarn.model.review import ReviewDecision
from forewarn.store import schema
from forewarn.store.review_reading import correcting, record_of

__all__ = ["Corrections", "corrections", "laid_over"]

_ANY = select(schema.review_changes.c.subject).where(schema.review_changes.c.changed == "claim").limit(1)

_FEW = 2_000
"""Claims of which only their own corrections are read; of more, all that there are."""


@dataclass(frozen=True)
class Corrections:
    """The claims that read otherwise than received.

    Attributes:
        rows: by claim, its flat form as corrected.
        received: by claim, its flat form as received.
        by: by claim, the decisions that hold, in order; ``passed_over`` those among them that could not be laid on.
    """

    rows: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    received: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    by: Mapping[str, tuple[ReviewDecision, ...]] = field(default_factory=dict)
    passed_over: frozenset[str] = frozenset()

    def lay_over(self, claims: pl.DataFrame) -> pl.DataFrame:
        """The claims as corrected: same columns, same order; any columns of a claim, ``claim_id`` among them."""
        if not self.rows or not claims.height:
            return claims
        numbered = claims.with_row_index("_row")
        hit = numbered.filter(pl.col("claim_id").is_in(list(self.rows)))
        if not hit.height:
            return claims
        fixed = [row | {k: v for k, v in self.rows[row["claim_id"]].items() if k in row} for row in hit.to_dicts()]
        rest = numbered.filter(~pl.col("claim_id").is_in(list(self.rows)))
        whole = pl.concat([rest, pl.DataFrame(fixed, schema=numbered.schema)])
        return whole.sort("_row").drop("_row")

    def unlike(self, other: Corrections) -> list[str]:
        """The claims that read otherwise than by the others."""
        named = sorted({*self.rows, *other.rows})
        received = {**self.received, **other.received}
        return [one for one in named if self.rows.get(one, received[one]) != other.rows.get(one, received[one])]

    def told(self, claim: str) -> list[tuple[str, str, str]]:
        """Column, value as received and value as corrected, of each column of the claim that reads otherwise."""
        if claim not in self.rows:
            return []
        before, after = self.received[claim], self.rows[claim]
        return [(name, _text(before[name]), _text(after[name])) for name in CORRECTABLE if before[name] != after[name]]


def corrections(
    connection: Connection, claims: Iterable[str] | None = None, *, upto: tuple[int, int] | None = None
) -> Corrections:
    """What holds now of all that people ever corrected, or corrected of some claims.

    With ``upto``, what held when the record of review had got to these numbers of a decision and of a confirmation.
    """
    if connection.execute(_ANY).first() is None:
        return Corrections()
    record = record_of(connection, correcting(connection, claims), upto=upto)
    standing = sorted(
        (one for one in record.decisions if one.act == "correct" and record.states[one.decision_id] == "holds"),
        key=lambda one: (one.at, one.decision_id),
    )
    received = _received(connection, sorted({change.subject for one in standing for change in one.changes}))
    rows = dict(received)
    by: dict[str, tuple[ReviewDecision, ...]] = {}
    passed_over = set()
    for decision in standing:
        claim = decision.changes[0].subject
        by[claim] = (*by.get(claim, ()), decision)
        try:
            rows[claim] = corrected(rows[claim], {change.name: change.value for change in decision.changes})
        except InputValueError:
            passed_over.add(decision.decision_id)
    return Corrections(rows, received, by, frozenset(passed_over))


def laid_over(connection: Connection, claims: pl.DataFrame) -> pl.DataFrame:
    """The claims as corrected now, see :meth:`Corrections.lay_over`: of few, only what concerns them is read."""
    few = claims["claim_id"].to_list() if claims.height <= _FEW else None
    return corrections(connection, few).lay_over(claims)


def _received(connection: Connection, claims: Iterable[str]) -> dict[str, dict[str, Any]]:
    table, names = schema.claims, list(claims)
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(names), 500):
        query = select(*table.columns).where(table.c.claim_id.in_(names[start : start + 500]))
        found |= {row["claim_id"]: dict(row) for row in connection.execute(query).mappings()}
    return found


def _text(value: object) -> str:
    return "" if value is None else str(value)
