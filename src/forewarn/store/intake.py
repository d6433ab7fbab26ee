"""Adding what was collected: snapshots, sources, reports and claims, each once.

A report already in the store is a duplicate and changes nothing. A report with the external id of an earlier
one and other content is a revision: both stay, and the new one says which it supersedes. Callers hold one
writing transaction for a whole file, so a file is in the store entirely or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Connection, Text, and_, exists, select

from forewarn.clock import instant_text
from forewarn.model.provenance import Snapshot
from forewarn.store import schema
from forewarn.store.bulk import DeferredIndexes, indexed, insert_frame, temporary
from forewarn.store.keys import KeysSeen
from forewarn.store.releases import Arrival, Settled, settle

__all__ = [
    "Collection",
    "Intake",
    "Loading",
    "add_batch",
    "add_collection",
    "add_coverage",
    "add_snapshot",
    "find_collection",
]

_LARGE = 50_000
"""Rows added by one file from which on the scattered indexes are better made at its end."""


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
    ``mapping_id`` is the snapshot of the mapping file it was read with, or empty; ``released_on`` is the day the
    publisher released it, as far as somebody said, else the day it was received.
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
    released_on: str = ""


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
    """The latest reading of that snapshot with that recipe, if there was one."""
    table = schema.collections
    fields = [table.c[name] for name in Collection.__slots__]
    query = select(*fields).where(table.c.snapshot_id == snapshot_id, table.c.recipe == recipe)
    row = connection.execute(query.order_by(table.c.sequence.desc()).limit(1)).first()
    return Collection(*row) if row else None


def add_collection(connection: Connection, collection: Collection) -> None:
    """Record that a snapshot has been read, with what came of it."""
    values = dict(zip(Collection.__slots__, astuple(collection), strict=True))
    connection.execute(schema.collections.insert(), values)


def add_coverage(connection: Connection, rows: Iterable[dict[str, Any]]) -> int:
    """Add statements of who could see what, where and when; how many were new."""
    rows = list(rows)
    if not rows:
        return 0
    known = set(connection.execute(select(schema.coverage.c.coverage_id)).scalars())
    fresh = {row["coverage_id"]: row for row in rows if row["coverage_id"] not in known}
    if fresh:
        connection.execute(schema.coverage.insert(), list(fresh.values()))
    return len(fresh)


def add_batch(connection: Connection, reports: pl.DataFrame, claims: pl.DataFrame, sources: pl.DataFrame) -> Intake:
    """Add the new reports of a batch with their claims and sources; what became of them.

    ``reports`` and ``claims`` have the columns of ``model.tables``; a claim enters only with its report. Nothing is
    withdrawn or reinstated: for that, a release is a :class:`Loading` from its first row to its last.
    """
    new, revised = _versions(connection, reports)
    insert_frame(connection, schema.reports, new)
    insert_frame(connection, schema.claims, _entering(claims, reports, new))
    _add_sources(connection, sources, set())
    return Intake(new.height, reports.height - new.height, revised)


class Loading:
    """The rows of one release on their way into the store, batch after batch, then settled as a whole.

    Memory holds one batch and eight bytes for each item of the channel.

    Args:
        connection: in a writing transaction that holds the whole release.
        arrival: the release.
    """

    def __init__(self, connection: Connection, arrival: Arrival) -> None:
        self._connection, self._arrival = connection, arrival
        self._seen = KeysSeen(connection, arrival.channel)
        self._had_rows = self._seen.count > 0
        self._sources: set[str] = set()
        self._scopes: list[pl.DataFrame] = []
        self._position = self._accepted = self._nameless = 0
        self._indexes = DeferredIndexes(connection)
        self._temporary = temporary(
            connection, "echoes", external_id=Text, report_id=Text, position=BigInteger, is_new=BigInteger
        )
        self._echoes = self._temporary.__enter__()

    def add(self, reports: pl.DataFrame, claims: pl.DataFrame, sources: pl.DataFrame) -> Intake:
        """Add a batch, as :func:`add_batch` does."""
        if not reports.height:
            return Intake()
        fresh = self._seen.add(reports)
        known = reports.filter(~fresh)
        new, revised = reports.filter(fresh), 0
        insert_frame(self._connection, schema.reports, new)
        if known.height:
            versions, revised = _versions(self._connection, known)
            insert_frame(self._connection, schema.reports, versions)
            self._echo(known, versions)
            new = pl.concat([new, versions])
        if new.height:
            insert_frame(self._connection, schema.claims, _entering(claims, reports, new))
            _add_sources(self._connection, sources, self._sources)
        self._note_scopes(claims)
        self._defer(new.height)
        return Intake(new.height, reports.height - new.height, revised)

    def refuse(self, external_ids: pl.Series) -> None:
        """Take note of rows that were refused: they are in the release, and not to be held gone."""
        if self._had_rows and external_ids.len():
            self._nameless += external_ids.null_count()
            told = pl.DataFrame({"external_id": external_ids.drop_nulls()})
            told = told.with_columns(report_id=pl.lit(""), position=pl.lit(0), is_new=pl.lit(0))
            insert_frame(self._connection, self._echoes, told)

    def finish(self) -> Settled:
        """Settle the release; see :func:`forewarn.store.releases.settle`."""
        self._indexes.restore()
        indexed(self._connection, self._echoes, "external_id", "position")
        scopes = None
        if self._arrival.is_complete and self._had_rows and self._scopes and not self._nameless:
            scopes = pl.concat(self._scopes).unique()
        settled = settle(self._connection, self._arrival, self._echoes, scopes)
        self._temporary.__exit__(None, None, None)
        return settled

    @property
    def leaves_out_withdrawals(self) -> bool:
        """Whether rows without a readable id were refused, so that nobody can say what is gone."""
        return self._arrival.is_complete and self._had_rows and self._nameless > 0

    def _echo(self, known: pl.DataFrame, versions: pl.DataFrame) -> None:
        echo = known.select("external_id", "report_id").with_row_index("position", self._position)
        self._position += known.height
        is_new = pl.col("report_id").is_in(versions["report_id"].implode()).cast(pl.Int64)
        echo = echo.filter(pl.col("external_id") != "").with_columns(is_new.alias("is_new"))
        insert_frame(self._connection, self._echoes, echo.cast({"position": pl.Int64}))

    def _note_scopes(self, claims: pl.DataFrame) -> None:
        """Where the release tells of anything: country, year and kind of violence, each as its rows have them."""
        if self._arrival.is_complete and self._had_rows:
            scopes = claims.select("country", pl.col("started_on").str.slice(0, 4).alias("year"), "violence")
            self._scopes = [pl.concat([*self._scopes, scopes.drop_nulls()]).unique()]

    def _defer(self, added: int) -> None:
        self._accepted += added
        if self._accepted >= max(_LARGE, self._seen.stored // 4):
            self._indexes.drop()


def _versions(connection: Connection, reports: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Those of the reports that the store does not have, with what they supersede; and how many supersede."""
    reports = reports.unique("report_id", keep="first", maintain_order=True)
    known, heads = _held(connection, reports)
    reports = reports.filter(~pl.col("report_id").is_in(known.implode()))
    within = pl.col("report_id").shift(1).over("channel", "external_id")
    reports = reports.join(heads, on=["channel", "external_id"], how="left", maintain_order="left")
    before = pl.when(pl.col("external_id") != "").then(pl.coalesce(within, "head")).fill_null("")
    reports = reports.with_columns(before.alias("supersedes")).drop("head")
    return reports, int((reports["supersedes"] != "").sum())


def _held(connection: Connection, reports: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Which of the reports the store has, and the last versions it has of their items."""
    table, newer = schema.reports, schema.reports.alias("newer")
    arriving = reports.select("report_id", "channel", "external_id")
    with temporary(connection, "arriving", report_id=Text, channel=Text, external_id=Text) as rows:
        insert_frame(connection, rows, arriving)
        known = connection.execute(select(rows.c.report_id).join(table, table.c.report_id == rows.c.report_id))
        found = pl.Series("report_id", known.scalars().all(), dtype=pl.String)
        items = select(rows.c.channel, rows.c.external_id).where(rows.c.external_id != "").distinct().subquery()
        same = and_(table.c.channel == items.c.channel, table.c.external_id == items.c.external_id)
        last = select(items.c.channel, items.c.external_id, table.c.report_id).join(table, same)
        last = last.where(~exists().where(newer.c.supersedes == table.c.report_id, schema.revises(newer)))
        heads = [tuple(row) for row in connection.execute(last)]
    shape = {"channel": pl.String, "external_id": pl.String, "head": pl.String}
    return found, pl.DataFrame(heads, schema=shape, orient="row").unique(["channel", "external_id"], keep="last")


def _entering(claims: pl.DataFrame, reports: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The claims of the new reports, each once: a row that stands twice in a file makes its claim twice."""
    if new.height == reports.height:
        return claims
    return claims.join(new.select("report_id"), on="report_id", how="semi").unique("claim_id", keep="first")


def _add_sources(connection: Connection, sources: pl.DataFrame, known: set[str]) -> None:
    """Add the sources the store does not have; ``known`` are some that it has, and is added to."""
    sources = sources.unique("source_id", keep="first", maintain_order=True)
    sources = sources.filter(~pl.col("source_id").is_in(list(known)))
    table = schema.sources
    for part in sources.iter_slices(500):
        names = part["source_id"].to_list()
        held = connection.execute(select(table.c.source_id).where(table.c.source_id.in_(names))).scalars().all()
        insert_frame(connection, table, part.filter(~pl.col("source_id").is_in(held)))
    known.update(sources["source_id"].to_list())
