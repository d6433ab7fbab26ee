"""The claims that people's decisions since a place in the record speak of, so that only their incidents are looked at.

Owns one question a kind of decision. Whatever was taken back counts as spoken of too. Answers are ids, each once.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import Connection, select, union

from forewarn.store import schema
from forewarn.store.casualties import claims_behind

__all__ = ["counted_since", "quarantined_since", "ruled_since"]


def quarantined_since(connection: Connection, sequence: int) -> pl.Series:
    """The claims put into quarantine or released after that one, alone or with their source."""
    table = schema.quarantines
    subjects = select(table.c.subject).where(table.c.sequence > sequence)
    if connection.execute(subjects.limit(1)).first() is None:
        return _series([])
    reports, claims = schema.reports, schema.claims
    of_source = select(claims.c.claim_id).join(reports, reports.c.report_id == claims.c.report_id)
    of_source = of_source.where(reports.c.source_id.in_(subjects))
    return _series(connection.execute(union(subjects.where(table.c.subject.startswith("clm_")), of_source)).scalars())


def ruled_since(connection: Connection, sequence: int) -> pl.Series:
    """The claims whose origins people ruled on after that one."""
    table = schema.origin_rulings
    ends = (select(table.c[side]).where(table.c.sequence > sequence) for side in ("left", "right"))
    return _series(connection.execute(union(*ends)).scalars())


def counted_since(connection: Connection, *, records: int, overrulings: int, withdrawals: int) -> pl.Series:
    """The claims whose counts people recorded, overruled or took back after those."""
    kept = ((schema.casualty_records, records), (schema.count_overrulings, overrulings))
    ends = (select(table.c.claim_id).where(table.c.sequence > sequence) for table, sequence in kept)
    found = list(connection.execute(union(*ends)).scalars())
    table = schema.withdrawals
    for taken in connection.execute(select(table.c.withdraws).where(table.c.sequence > withdrawals)).scalars():
        found += claims_behind(connection, taken)
    return _series(found)


def _series(ids: Iterable[str]) -> pl.Series:
    return pl.Series("claim_id", list(ids), dtype=pl.String).unique(maintain_order=True)
