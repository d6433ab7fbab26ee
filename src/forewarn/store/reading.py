"""Giving reports, claims and incidents back, as polars frames with the columns of ``model.tables``.

What a reader sees is what was known on the day that is passed in: claims known later are not there, and a
report counts as superseded or withdrawn only once that was known. Without a day, it is what is known now. What people
corrected of a claim is always today's: that a number was misread is not unlearnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, and_, bindparam, func, or_, select

from forewarn.errors import UnknownNameError, UsageError, shorten
from forewarn.model import tables
from forewarn.model.provenance import Sensitivity
from forewarn.store import schema
from forewarn.store.bulk import insert_frame
from forewarn.store.columns import rows_of
from forewarn.store.corrections import corrections, laid_over
from forewarn.store.marks import mark_incidents
from forewarn.store.releases import is_current

__all__ = [
    "PART_ROWS",
    "claim_rows",
    "claims_begun",
    "claims_of",
    "claims_told",
    "counts_of_store",
    "coverage_rows",
    "current_claims",
    "find_id",
    "frame_schema",
    "frames",
    "incident_members",
    "is_large",
    "mapping_of",
    "read_claims",
    "read_incidents",
    "replace_incidents",
    "report_trail",
    "rows_that_are_incidents",
    "unnamed_sources",
]

PART_ROWS = 10_000
"""Rows that a reader of a long answer holds at once."""

_TYPES = {"count": pl.Int64, "number": pl.Float64}


def frame_schema(columns: Iterable[tables.Column]) -> dict[str, Any]:
    """The polars schema of a flat form: whole numbers, reals, and text for the rest."""
    return {column.name: _TYPES.get(column.kind, pl.String) for column in columns}


def read_claims(
    connection: Connection, *, as_known_at: date | None = None, where: Sequence[Any] = (), columns: Sequence[str] = ()
) -> pl.DataFrame:
    """Current claims known by the day, with ``source_name`` beside the columns of a claim, by id; as corrected now.

    ``columns`` names the few to read, ``claim_id`` among them; reading all of a large store takes its time.
    """
    shape = {**frame_schema(tables.CLAIM_COLUMNS), "source_name": pl.String, "source_id": pl.String}
    if columns:
        few = select(*(schema.claims.c[name] for name in columns)).where(*_current(connection, as_known_at), *where)
        found = _frame(connection, few, {name: shape[name] for name in columns})
        return laid_over(connection, found.sort("claim_id"))
    query = current_claims(connection, as_known_at=as_known_at, where=where).order_by(schema.claims.c.claim_id)
    return laid_over(connection, _frame(connection, query, shape))


def current_claims(
    connection: Connection, *, as_known_at: date | None = None, where: Sequence[Any] = ()
) -> Select[Any]:
    """The question that :func:`read_claims` asks, without an order, for those who read its answer in parts."""
    table = schema.claims
    joined = table.join(schema.reports, schema.reports.c.report_id == table.c.report_id)
    joined = joined.join(schema.sources, schema.sources.c.source_id == schema.reports.c.source_id)
    columns = (*table.columns, schema.sources.c.name.label("source_name"), schema.sources.c.source_id)
    return select(*columns).select_from(joined).where(*_current(connection, as_known_at), *where)


def _current(connection: Connection, as_known_at: date | None) -> list[ColumnElement[bool]]:
    table = schema.claims
    current = is_current(connection, table.c.report_id, as_known_at)
    return [current] if as_known_at is None else [current, table.c.known_on <= as_known_at.isoformat()]


def rows_that_are_incidents(connection: Connection) -> set[str]:
    """The channels that give one row per happening, so that two of their rows are never the same one."""
    table = schema.collections
    query = select(table.c.channel).where(table.c.row_is == "incident").distinct()
    return set(connection.execute(query).scalars())


def unnamed_sources(connection: Connection) -> set[str]:
    """The sources that stand for rows whose teller is not named."""
    table = schema.sources
    return set(connection.execute(select(table.c.source_id).where(table.c.kind == "unnamed")).scalars())


def mapping_of(connection: Connection, snapshot_id: str, channel: str) -> str:
    """The snapshot of the mapping file that a snapshot was last read with, or empty."""
    table = schema.collections
    query = select(table.c.mapping_id).where(table.c.snapshot_id == snapshot_id, table.c.channel == channel)
    return str(connection.execute(query.order_by(table.c.sequence.desc()).limit(1)).scalar() or "")


def claims_of(connection: Connection, claim_ids: Sequence[str]) -> pl.DataFrame:
    """The claims of those ids, superseded ones included, by id; as corrected now."""
    frames = [
        _frame(
            connection,
            select(*schema.claims.columns).where(schema.claims.c.claim_id.in_(claim_ids[start : start + 500])),
            frame_schema(tables.CLAIM_COLUMNS),
        )
        for start in range(0, len(claim_ids), 500)
    ]
    empty = pl.DataFrame(schema=frame_schema(tables.CLAIM_COLUMNS))
    return laid_over(connection, pl.concat([empty, *frames]).sort("claim_id"))


def claims_begun(connection: Connection, country: str, *, since: str, known_by: str) -> list[str]:
    """The ids of claims of a country that say a first day from ``since`` on, or are in an incident there that does.

    Both are ISO days. As received; of claims only those known by then, superseded ones included.
    """
    table, marks, members = schema.claims, schema.incident_marks, schema.incident_claims
    own = select(table.c.claim_id).where(
        table.c.country == country, table.c.started_on >= since, table.c.known_on <= known_by
    )
    joined = members.join(marks, marks.c.incident_id == members.c.incident_id)
    levels = marks.c.sensitivity.in_([one.value for one in Sensitivity])  # so that the days are found by index
    beside = select(members.c.claim_id).select_from(joined)
    beside = beside.where(marks.c.country == country, levels, marks.c.day >= since)
    return sorted({*connection.execute(own).scalars(), *connection.execute(beside).scalars()})


def claims_told(connection: Connection, unit: str, *, known_after: str, first: str, last: str) -> pl.DataFrame:
    """Current claims of a country or cell that became known after a day, of incidents between two ISO days.

    ``unit`` may be an area: all of its country is read, and whatever was corrected anywhere.
    """
    table = schema.claims
    place = table.c.cell == int(unit) if unit.isdecimal() else table.c.country == unit.partition("/")[0]
    inside = and_(place, table.c.known_on > known_after, table.c.started_on.between(first, last))
    corrected = list(corrections(connection).rows)
    return read_claims(connection, where=[or_(inside, table.c.claim_id.in_(corrected)) if corrected else inside])


def claim_rows(connection: Connection, claim_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The same of a few claims, as rows by id: a page is told without making a frame of it."""
    found = rows_of(connection.execute(_CLAIMS, {"claim_ids": sorted(set(claim_ids))}))
    held = corrections(connection, [row["claim_id"] for row in found]).rows
    return {row["claim_id"]: dict(held.get(row["claim_id"], row)) for row in found}


_CLAIMS = select(*schema.claims.columns).where(schema.claims.c.claim_id.in_(bindparam("claim_ids", expanding=True)))


def read_incidents(connection: Connection, *, where: Sequence[Any] = (), columns: Sequence[str] = ()) -> pl.DataFrame:
    """The assembled incidents, by id; with ``columns`` only these, ``incident_id`` among them."""
    shape, table = frame_schema(tables.INCIDENT_COLUMNS), schema.incidents
    names = columns or [column.name for column in table.columns]
    query = select(*(table.c[name] for name in names)).where(*where).order_by(table.c.incident_id)
    return _frame(connection, query, {name: shape[name] for name in names})


def incident_members(connection: Connection, among: Sequence[str] | None = None) -> pl.DataFrame:
    """Which claim is held to be part of which incident, of all or of some few: ``claim_id``, ``incident_id``."""
    query = select(schema.incident_claims.c.claim_id, schema.incident_claims.c.incident_id)
    if among is not None:
        query = query.where(schema.incident_claims.c.incident_id.in_(among))
    return _frame(connection, query, {"claim_id": pl.String, "incident_id": pl.String})


def replace_incidents(connection: Connection, incidents: pl.DataFrame, members: pl.DataFrame) -> None:
    """Put the derived incidents in place of the earlier ones."""
    connection.execute(schema.review_items_state.delete())
    for table, frame in ((schema.incident_claims, members), (schema.incidents, incidents)):
        connection.execute(table.delete())
        insert_frame(connection, table, frame)
    mark_incidents(connection)


def report_trail(connection: Connection, report_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By report id: the report, its source and its snapshot, as one flat row each."""
    trail: dict[str, dict[str, Any]] = {}
    for start in range(0, len(report_ids), 500):
        rows = rows_of(connection.execute(_TRAIL, {"report_ids": report_ids[start : start + 500]}))
        trail |= {row["report_id"]: row for row in rows}
    return trail


_TRAIL = (
    select(
        *schema.reports.columns,
        schema.sources.c.name.label("source_name"),
        schema.sources.c.kind.label("source_kind"),
        schema.snapshots.c.origin,
        schema.snapshots.c.publisher,
        schema.snapshots.c.licence,
        schema.snapshots.c.size_bytes,
    )
    .select_from(
        schema.reports.join(schema.sources, schema.sources.c.source_id == schema.reports.c.source_id).join(
            schema.snapshots, schema.snapshots.c.snapshot_id == schema.reports.c.snapshot_id
        )
    )
    .where(schema.reports.c.report_id.in_(bindparam("report_ids", expanding=True)))
)


def coverage_rows(connection: Connection, *, as_known_at: date | None = None) -> list[RowMapping]:
    """The statements of coverage known by the day, in order."""
    table = schema.coverage
    query = select(*table.columns).order_by(table.c.coverage_id)
    if as_known_at is not None:
        query = query.where(table.c.known_on <= as_known_at.isoformat())
    return list(connection.execute(query).mappings())


def counts_of_store(connection: Connection) -> dict[str, int]:
    """Number of rows of each table, in alphabetical order."""
    return {
        name: int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)
        for name, table in sorted(schema.metadata.tables.items())
    }


def is_large(connection: Connection, claims: int) -> bool:
    """Whether there are more claims than that, told without counting them all."""
    return connection.execute(select(schema.claims.c.claim_id).limit(1).offset(claims)).first() is not None


def find_id(connection: Connection, table: Table, key: str, prefix: str, noun: str) -> str:
    """The full id that begins with the prefix: for people who copy short ids.

    Raises :class:`UnknownNameError` when there is none, :class:`UsageError` when there are several.
    """
    column = table.c[key]
    if connection.execute(select(column).where(column == prefix).limit(1)).first():
        return prefix
    near = column.between(prefix, f"{prefix}g")  # by index: ids are hexadecimal, none goes on with g
    query = select(column).where(near, column.startswith(prefix, autoescape=True)).distinct().limit(2)
    found = list(connection.execute(query).scalars())
    if not found:
        raise UnknownNameError(f"no {noun} '{shorten(prefix)}'", mend=f"list them to see the {noun}s there are")
    if len(found) > 1:
        raise UsageError(f"'{shorten(prefix)}' begins more than one {noun}", mend="give more of the id")
    return str(found[0])


def frames(connection: Connection, query: Select[Any], shape: dict[str, Any]) -> Iterator[pl.DataFrame]:
    """The answer in parts of at most :data:`PART_ROWS` rows, read as they are asked for; at least one, maybe empty."""
    answer = connection.execute(query.execution_options(yield_per=PART_ROWS))
    is_empty = True
    for part in answer.partitions():
        is_empty = False
        columns = zip(shape.items(), zip(*part, strict=True), strict=True)
        yield pl.DataFrame([pl.Series(name, values, dtype=kind) for (name, kind), values in columns])
    if is_empty:
        yield pl.DataFrame(schema=shape)


def _frame(connection: Connection, query: Select[Any], shape: dict[str, Any]) -> pl.DataFrame:
    return pl.concat(frames(connection, query, shape))
