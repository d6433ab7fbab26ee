"""What linkage keeps between two runs, and the part of the store that new claims can reach, found by index.

Everything kept here is derived: :func:`forget_all` may be called at any time. Ids go in and out; the rows themselves
are read by ``reading``. Large lists of ids pass through temporary tables, so that no query grows with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Select,
    Table,
    Text,
    exists,
    func,
    literal_column,
    select,
    text,
    union,
)

from forewarn.store import reading, schema
from forewarn.store.bulk import indexed, insert_frame, temporary
from forewarn.store.columns import listed
from forewarn.store.marks import mark_incidents, unmark_incidents
from forewarn.store.releases import is_current
from forewarn.store.review_touched import touch_claims, touch_incidents

__all__ = [
    "Kept",
    "Place",
    "add_counts",
    "add_linked",
    "all_judgements",
    "claims_among",
    "companions",
    "counts_of",
    "decisions_so_far",
    "due",
    "forget",
    "forget_all",
    "in_reach",
    "judged_since",
    "judgements_about",
    "keep",
    "kept",
    "linked_among",
    "linked_ids",
    "no_longer_current",
    "put_incidents",
    "set_waiting",
    "summary",
    "unlinked",
]

_JUDGED = [column for column in schema.judgements.columns if column.name not in ("reason", "sequence")]
_TABLES = ("linked_claims", "linkage_counts", "linkage_state")
_FEW = 1_000
"""Ids that are handed over with the question itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far people's decisions have been read: the last sequence number of each kind.

    ``records``, ``overrulings`` and ``withdrawals`` are those of counts, ``decisions`` and ``confirmations`` of review.
    """

    judgements: int
    quarantines: int
    rulings: int
    records: int
    overrulings: int
    withdrawals: int
    decisions: int
    confirmations: int


@dataclass(frozen=True, slots=True)
class Kept:
    """By what the incidents were assembled: a stamp of rules and channels, the ISO day, and the decisions read."""

    stamp: str
    assessed_on: str
    place: Place


def kept(connection: Connection) -> Kept | None:
    """What the last assessment left, or nothing where there was none."""
    table = schema.linkage_state
    row = connection.execute(select(*table.columns).limit(1)).first()
    if row is None:
        return None
    return Kept(row.stamp, row.assessed_on, Place(*(getattr(row, name) for name in Place.__slots__)))


def keep(connection: Connection, state: Kept) -> None:
    """Put the state in place of the one before."""
    table = schema.linkage_state
    connection.execute(table.delete())
    row = {"stamp": state.stamp, "assessed_on": state.assessed_on}
    connection.execute(table.insert(), row | asdict(state.place))


def forget_all(connection: Connection) -> None:
    """Empty everything kept; the next assessment reads the whole store."""
    for name in _TABLES:
        connection.execute(schema.metadata.tables[name].delete())


def decisions_so_far(connection: Connection) -> Place:
    """The last sequence number of each kind; 0 where there is none."""
    tables = (
        schema.judgements, schema.quarantines, schema.origin_rulings, schema.casualty_records, schema.count_overrulings,
        schema.withdrawals, schema.review_decisions, schema.review_confirmations,
    )  # fmt: skip
    return Place(*(int(connection.execute(select(func.max(t.c.sequence))).scalar() or 0) for t in tables))


def unlinked(connection: Connection, today: date) -> pl.Series:
    """The ids of current claims, as known on the day, that are not among the linked."""
    table, linked = schema.claims, schema.linked_claims
    fresh = select(table.c.claim_id).where(~exists().where(linked.c.claim_id == table.c.claim_id))
    with _ids(connection, "fresh", _column(connection, fresh)) as ids:
        current = reading.current_claims(
            connection, as_known_at=today, where=[table.c.claim_id.in_(select(ids.c.claim_id))]
        )
        return _column(connection, current.with_only_columns(table.c.claim_id))


def no_longer_current(connection: Connection, today: date) -> pl.Series:
    """The ids of linked claims whose report has been superseded or withdrawn, as known on the day."""
    table, linked, reports = schema.claims, schema.linked_claims, schema.reports
    changed = union(
        select(reports.c.supersedes).where(schema.revises(reports)), select(schema.standings.c.report_id)
    ).subquery()
    query = select(table.c.claim_id).join(linked, linked.c.claim_id == table.c.claim_id)
    query = query.where(table.c.report_id.in_(select(changed.c[0])))
    return _column(connection, query.where(~is_current(connection, table.c.report_id, today)))


def due(connection: Connection, today: date) -> pl.Series:
    """The ids of linked claims whose incident is to be assembled again by that day."""
    table = schema.linked_claims
    dated = table.c.again_on != literal_column("''")  # as the index says it, which holds only these
    return _column(connection, select(table.c.claim_id).where(dated, table.c.again_on <= today.isoformat()))


def linked_among(connection: Connection, ids: pl.Series) -> pl.Series:
    """Those of the ids that are among the linked."""
    table = schema.linked_claims
    with _ids(connection, "linked_among", ids) as some:
        return _column(connection, select(table.c.claim_id).where(table.c.claim_id.in_(select(some.c.claim_id))))


def in_reach(
    connection: Connection, *, cells: pl.DataFrame, countries: pl.DataFrame, words: pl.DataFrame, span: int
) -> pl.Series:
    """The ids of linked claims that lie where new ones can reach.

    The frames are those of a reach (days since 1970); ``span`` is the most days a claim covers. Where a country has
    claims that are known no closer, or a new one is such, all its claims of those days are in reach.
    """
    linked = schema.linked_claims
    with _sought(connection, "sought_cells", cells, cell=BigInteger) as near:
        found = [_column(connection, _touching(near, span, linked.c.cell == near.c.cell))]
    with _sought(connection, "sought_countries", countries, country=Text, coarse=BigInteger) as near:
        same = linked.c.country == near.c.country
        vague = _touching(near, span, same, linked.c.cell == 0)
        found.append(_column(connection, vague))
        where = vague.with_only_columns(near.c.country, near.c.low, near.c.high)
        any_coarse = select(near.c.country, near.c.low, near.c.high).where(near.c.coarse == 1)
        wide = connection.execute(union(where, any_coarse)).fetchall()
    shape = {"country": pl.String, "low": pl.Int64, "high": pl.Int64}
    wide_frame = pl.DataFrame([tuple(row) for row in wide], schema=shape, orient="row")
    with _sought(connection, "sought_wide", wide_frame, country=Text) as near:
        found.append(_column(connection, _touching(near, span, linked.c.country == near.c.country)))
    with _ids(connection, "sought_words", words["words"]) as same_words:
        found.append(
            _column(connection, select(linked.c.claim_id).where(linked.c.words.in_(select(same_words.c.claim_id))))
        )
    return pl.concat(found).unique()


def claims_among(connection: Connection, ids: pl.Series, today: date) -> pl.DataFrame:
    """The current claims, as known on the day, among those of the ids; see :func:`~.reading.read_claims`."""
    with _ids(connection, "among", ids) as among:
        where = [schema.claims.c.claim_id.in_(select(among.c.claim_id))]
        return reading.read_claims(connection, as_known_at=today, where=where)


def counts_of(connection: Connection, keys: pl.DataFrame) -> pl.DataFrame:
    """``kind``, ``key`` and ``count`` of those keys that occur."""
    table = schema.linkage_counts
    with temporary(connection, "keys_read", kind=Text, key=Text) as wanted:
        insert_frame(connection, wanted, keys)
        query = select(table.c.kind, table.c.key, table.c.count).join_from(
            wanted, table, (table.c.kind == wanted.c.kind) & (table.c.key == wanted.c.key)
        )
        rows = connection.execute(query.where(table.c.count > 0)).fetchall()
    shape = {"kind": pl.String, "key": pl.String, "count": pl.Int64}
    return pl.DataFrame([tuple(row) for row in rows], schema=shape, orient="row")


def add_counts(connection: Connection, counts: pl.DataFrame) -> None:
    """Add to how often things occur; a negative number takes away."""
    statement = text(
        "INSERT INTO linkage_counts (kind, key, count) VALUES (:kind, :key, :count)"
        " ON CONFLICT (kind, key) DO UPDATE SET count = linkage_counts.count + excluded.count"
    )
    if not connection.execute(select(schema.linkage_counts.c.kind).limit(1)).first():
        insert_frame(connection, schema.linkage_counts, counts)
    elif counts.height:
        connection.execute(statement, counts.select("kind", "key", "count").to_dicts())


def add_linked(connection: Connection, claims: pl.DataFrame) -> None:
    """Add linked claims: the columns of their table."""
    insert_frame(connection, schema.linked_claims, claims)


def forget(connection: Connection, ids: pl.Series) -> None:
    """Take claims from among the linked."""
    with _ids(connection, "forgotten", ids) as gone:
        table = schema.linked_claims
        connection.execute(table.delete().where(table.c.claim_id.in_(select(gone.c.claim_id))))


def set_waiting(connection: Connection, rows: pl.DataFrame) -> None:
    """Set ``waiting`` and ``again_on`` of linked claims, by ``claim_id``."""
    statement = text("UPDATE linked_claims SET waiting = :waiting, again_on = :again_on WHERE claim_id = :claim_id")
    if rows.height:
        connection.execute(statement, rows.select("claim_id", "waiting", "again_on").to_dicts())


def judged_since(connection: Connection, sequence: int) -> pl.Series:
    """The ids of the claims that judgements after that one name."""
    table = schema.judgements
    ends = (select(table.c[side].label("claim_id")).where(table.c.sequence > sequence) for side in ("left", "right"))
    return _column(connection, union(*ends))


def judgements_about(connection: Connection, ids: pl.Series) -> pl.DataFrame:
    """Every judgement that names one of the claims, once, without its reason."""
    table = schema.judgements
    with _ids(connection, "judged_about", ids) as about:
        sides = [
            _judgements(connection, select(*_JUDGED).join_from(about, table, table.c[side] == about.c.claim_id))
            for side in ("left", "right")
        ]
    return pl.concat(sides).unique("judgement_id", maintain_order=True)


def all_judgements(connection: Connection) -> pl.DataFrame:
    """Every judgement ever made, without its reason."""
    return _judgements(connection, select(*_JUDGED))


def linked_ids(connection: Connection) -> pl.Series:
    """The ids of all claims that have been compared."""
    return _column(connection, select(schema.linked_claims.c.claim_id))


def companions(connection: Connection, ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The claims that stand in one incident with any of those, and the ids of these incidents."""
    table = schema.incident_claims
    with _ids(connection, "companions", ids) as some:
        query = select(table.c.incident_id).where(table.c.claim_id.in_(select(some.c.claim_id)))
        incidents = _column(connection, query.distinct())
    with _ids(connection, "incidents_of", incidents) as named:
        query = select(table.c.claim_id).where(table.c.incident_id.in_(select(named.c.claim_id)))
        return _column(connection, query), incidents


def put_incidents(connection: Connection, gone: pl.Series, incidents: pl.DataFrame, members: pl.DataFrame) -> None:
    """Put incidents and their members in place of those of the ids."""
    touch_claims(connection, members["claim_id"].to_list())
    with _ids(connection, "replaced", gone) as old:
        touch_incidents(connection, select(old.c.claim_id))
        unmark_incidents(connection, select(old.c.claim_id))
        for table in (schema.incident_claims, schema.incidents):
            connection.execute(table.delete().where(table.c.incident_id.in_(select(old.c.claim_id))))
    insert_frame(connection, schema.incidents, incidents)
    insert_frame(connection, schema.incident_claims, members)
    with _ids(connection, "put", incidents["incident_id"]) as new:
        mark_incidents(connection, schema.incidents.c.incident_id.in_(select(new.c.claim_id)))


def summary(connection: Connection) -> dict[str, int]:
    """How many ``claims`` are linked, pairs ``waiting``, ``incidents``, and of them ``corroborated``, ``contested``."""
    linked, made = schema.linked_claims, schema.incidents
    claims, waiting = connection.execute(select(func.count(), func.sum(linked.c.waiting)).select_from(linked)).one()
    found = {"claims": claims, "waiting": waiting or 0}
    for name, where in (("incidents", []), ("corroborated", [made.c.status == "corroborated"])):
        found[name] = connection.execute(select(func.count()).select_from(made).where(*where)).scalar() or 0
    found["contested"] = connection.execute(select(func.sum(made.c.contested))).scalar() or 0
    return {name: int(value) for name, value in found.items()}


def _touching(near: Table, span: int, *same: Any) -> Select[Any]:
    """The linked claims whose period touches the days of a row of sought places."""
    linked = schema.linked_claims
    since = linked.c.first.between(near.c.low - span, near.c.high)
    return select(linked.c.claim_id).join_from(near, linked, since & (linked.c.last >= near.c.low)).where(*same)


@contextmanager
def _sought(connection: Connection, name: str, frame: pl.DataFrame, **kinds: Any) -> Iterator[Table]:
    with temporary(connection, name, low=BigInteger, high=BigInteger, **kinds) as made:
        insert_frame(connection, made, frame)
        indexed(connection, made, "low")
        yield made


@contextmanager
def _ids(connection: Connection, name: str, ids: pl.Series) -> Iterator[FromClause]:
    """A table of ``claim_id``, each once: a temporary one, or of few ids a list, which needs none to be made."""
    if ids.len() <= _FEW:
        yield listed(connection, ids.unique(maintain_order=True).to_list(), name)
        return
    with temporary(connection, name, claim_id=Text) as made:
        insert_frame(connection, made, ids.unique().alias("claim_id").to_frame())
        indexed(connection, made, "claim_id")
        yield made


def _judgements(connection: Connection, query: Select[Any]) -> pl.DataFrame:
    shape = {column.name: pl.Float64 if column.name == "score" else pl.String for column in _JUDGED}
    return pl.concat(reading.frames(connection, query, shape))


def _column(connection: Connection, query: Any) -> pl.Series:
    """The first column of an answer, each value once."""
    values = list(connection.execute(query).scalars())
    return pl.Series("claim_id", values, dtype=pl.String).unique(maintain_order=True)
