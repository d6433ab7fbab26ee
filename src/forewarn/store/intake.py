"""Adding what was collected: snapshots, sources, reports and claims, each once.

A report already in the store is a duplicate and changes nothing. A report with the external id of an earlier
one and other content is a revision: both stay, and the new one says which it supersedes. Callers hold one
writing transaction for a whole file, so a file is in the store entirely or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, func, select

from forewarn.clock import instant_text
from forewarn.model.provenance import Snapshot
from forewarn.store import schema

__all__ = ["Collection", "Intake", "add_batch", "add_collection", "add_coverage", "add_snapshot", "find_collection"]

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a batch: rows new to the store, seen before, and of the new ones those that revise."""

    accepted: int = 0
    duplicates: int = 0
    revised: int = 0

    def __add__(self, other: Intake) -> Intake:
        return Intake(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Collection:
    """One reading of one snapshot with one recipe, and its counts.

    ``row_is`` says whether a row of the channel is a ``report`` or already an ``incident`` of its own;
    ``mapping_id`` is the snapshot of the mapping file it was read with, or empty.
    """

    snapshot_id: str
    channel: str
    row_is: str
    recipe: str
    mapping_id: str
    collected_at: str
    read: int
    accepted: int
    duplicates: int
    revised: int
    rejected: int
    rejects_file: str = ""
    withdrawn: int = 0


def add_snapshot(connection: Connection, snapshot: Snapshot) -> bool:
    """Record a snapshot; whether it was new."""
    found = select(schema.snapshots.c.snapshot_id).where(schema.snapshots.c.snapshot_id == snapshot.snapshot_id)
    if connection.execute(found).first():
        return False
    connection.execute(
        schema.snapshots.insert(),
        {
            "snapshot_id": snapshot.snapshot_id,
            "size_bytes": snapshot.size_bytes,
            "channel": snapshot.channel,
            "origin": snapshot.origin,
            "received_at": instant_text(snapshot.received_at),
            "media_type": snapshot.media_type,
            "publisher": snapshot.publisher,
            "licence": snapshot.licence,
            "headers": json.dumps(snapshot.headers),
        },
    )
    return True


def find_collection(connection: Connection, snapshot_id: str, recipe: str) -> Collection | None:
    """The earlier reading of that snapshot with that recipe, if there was one."""
    table = schema.collections
    fields = [table.c[name] for name in Collection.__slots__]
    query = select(*fields).where(table.c.snapshot_id == snapshot_id, table.c.recipe == recipe)
    row = connection.execute(query.order_by(table.c.sequence).limit(1)).first()
    return Collection(*row) if row else None


def add_collection(connection: Connection, collection: Collection) -> None:
    """Record that a snapshot has been read, with what came of it."""
    values = dict(zip(Collection.__slots__, astuple(collection), strict=True))
    connection.execute(schema.collections.insert(), values)


def add_coverage(connection: Connection, rows: Iterable[dict[str, Any]]) -> int:
    """Add statements of who could see what, where and when; how many were new."""
    known = set(connection.execute(select(schema.coverage.c.coverage_id)).scalars())
    fresh = {row["coverage_id"]: row for row in rows if row["coverage_id"] not in known}
    if fresh:
        connection.execute(schema.coverage.insert(), list(fresh.values()))
    return len(fresh)


def add_batch(connection: Connection, reports: pl.DataFrame, claims: pl.DataFrame, sources: pl.DataFrame) -> Intake:
    """Add the new reports of a batch with their claims and sources; what became of them.

    ``reports`` and ``claims`` have the columns of ``model.tables``; a claim enters only with its report.
    """
    before = reports.height
    reports = reports.unique("report_id", keep="first", maintain_order=True)
    known = _existing(connection, schema.reports, "report_id", reports["report_id"])
    reports = reports.filter(~pl.col("report_id").is_in(known.implode()))
    reports, revised = _superseding(connection, reports)
    if reports.height:
        claims = claims.join(reports.select("report_id"), on="report_id", how="semi", maintain_order="left")
        _insert_new(connection, schema.sources, "source_id", sources)
        _insert(connection, schema.reports, reports)
        _insert(connection, schema.claims, claims)
    return Intake(reports.height, before - reports.height, revised)


def _superseding(connection: Connection, reports: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Fill ``supersedes`` where an earlier report has the same channel and external id; how many."""
    within = pl.col("report_id").shift(1).over("channel", "external_id")
    reports = reports.with_columns(
        pl.when(pl.col("external_id") != "").then(within).otherwise(None).fill_null("").alias("supersedes")
    )
    stored = _current_heads(connection, reports)
    if stored.height:
        reports = reports.join(stored, on=["channel", "external_id"], how="left", maintain_order="left")
        first = (pl.col("supersedes") == "") & (pl.col("external_id") != "") & pl.col("head").is_not_null()
        reports = reports.with_columns(pl.when(first).then("head").otherwise("supersedes").alias("supersedes")).drop(
            "head"
        )
    return reports, int((reports["supersedes"] != "").sum())


def _current_heads(connection: Connection, reports: pl.DataFrame) -> pl.DataFrame:
    """The stored reports that nothing supersedes yet, with the external ids of this batch."""
    heads: list[tuple[str, str, str]] = []
    table, newer = schema.reports, schema.reports.alias("newer")
    for (channel,), group in reports.group_by("channel"):
        held = select(func.count()).select_from(table).where(table.c.channel == channel)
        if not connection.execute(held).scalar():
            continue
        for names in _chunks(group.filter(pl.col("external_id") != "")["external_id"].unique().to_list(), 500):
            query = (
                select(table.c.channel, table.c.external_id, table.c.report_id)
                .outerjoin(newer, newer.c.supersedes == table.c.report_id)
                .where(table.c.channel == channel, table.c.external_id.in_(names), newer.c.report_id.is_(None))
            )
            heads.extend((row[0], row[1], row[2]) for row in connection.execute(query))
    columns = {"channel": pl.String, "external_id": pl.String, "head": pl.String}
    frame = pl.DataFrame(heads, schema=columns, orient="row")
    return frame.unique(["channel", "external_id"], keep="last", maintain_order=True)


def _existing(connection: Connection, table: Table, key: str, values: pl.Series) -> pl.Series:
    """Which of the values the table already holds."""
    if not connection.execute(select(table.c[key]).limit(1)).first():
        return pl.Series(key, [], dtype=pl.String)
    found: list[str] = []
    for names in _chunks(values.to_list(), 500):
        found.extend(connection.execute(select(table.c[key]).where(table.c[key].in_(names))).scalars())
    return pl.Series(key, found, dtype=pl.String)


def _insert_new(connection: Connection, table: Table, key: str, frame: pl.DataFrame) -> None:
    frame = frame.unique(key, keep="first", maintain_order=True)
    known = _existing(connection, table, key, frame[key])
    _insert(connection, table, frame.filter(~pl.col(key).is_in(known.implode())))


def _insert(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """Insert a frame whose columns are the table's, by the driver's own bulk call."""
    if not frame.height:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    marks = ", ".join(mark for _ in table.columns)
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
    ordered = frame.select([column.name for column in table.columns])
    for part in ordered.iter_slices(_CHUNK):
        connection.exec_driver_sql(statement, part.rows())


def _chunks(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
