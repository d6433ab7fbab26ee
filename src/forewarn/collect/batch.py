"""From what a channel told to reports, claims, sources and rejected rows: frames with the columns of the model.

Owns the ids and the content hash. A row's hash covers the columns that the channel calls its content, whatever
their order, so the same row is the same report on every machine. Both frames have exactly the
columns of ``model.tables``; ``supersedes`` is left empty, for only the store knows what came before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from forewarn.clock import instant_text
from forewarn.collect.checks import found_faults, shared_checks, typed
from forewarn.collect.knowing import json_list
from forewarn.collect.rejects import gathered
from forewarn.collect.settling import settled
from forewarn.collect.sight import sights_told
from forewarn.collect.tabular import Chunk
from forewarn.collect.telling import Rules, Telling, completed
from forewarn.ids import content_ids
from forewarn.model.claim import COUNT_FIELDS
from forewarn.model.coverage import CoverageStatement
from forewarn.model.report import source_id
from forewarn.model.tables import CLAIM_COLUMNS, REPORT_COLUMNS, Column

__all__ = ["CLAIM_SCHEMA", "REPORT_SCHEMA", "SOURCE_SCHEMA", "Batch", "assemble", "row_hashes"]

_TYPES: dict[str, type[pl.DataType]] = {"count": pl.Int64, "number": pl.Float64}


def _schema(columns: Iterable[Column]) -> dict[str, type[pl.DataType]]:
    return {column.name: _TYPES.get(column.kind, pl.String) for column in columns}


REPORT_SCHEMA = _schema(REPORT_COLUMNS)
CLAIM_SCHEMA = _schema(CLAIM_COLUMNS)
SOURCE_SCHEMA: dict[str, type[pl.DataType]] = dict.fromkeys(("source_id", "name", "kind", "language"), pl.String)

_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows.

    Attributes:
        reports: rows of ``model.tables.REPORT_COLUMNS``.
        claims: rows of ``model.tables.CLAIM_COLUMNS``, one per report where the channel makes claims.
        sources: ``source_id``, ``name``, ``kind``, ``language``, each source once.
        rejects: one row per rejected row: ``row``, ``column``, ``value``, ``reason``, ``mend``.
        rejected: the cells of those rows as received, row by row.
        rejected_ids: the external ids of those rows, null where they have none; a row refused is not a row gone.
        read: how many rows were read.
        notes: remarks, with how many rows each concerns.
        statements: who could see what, as far as the rows tell.
    """

    reports: pl.DataFrame
    claims: pl.DataFrame
    sources: pl.DataFrame
    rejects: pl.DataFrame
    rejected: pl.DataFrame
    read: int
    notes: tuple[tuple[str, int], ...] = ()
    statements: tuple[CoverageStatement, ...] = ()
    rejected_ids: pl.Series = field(default_factory=lambda: pl.Series("external_id", [], dtype=pl.String))


def row_hashes(frame: pl.DataFrame) -> pl.Series:
    """SHA-256 of each row: names and values of the cells that are filled, in order of column names.

    NUL stands between them; no cell holds one, so different rows never give the same text.
    """
    parts: list[pl.Expr] = []
    for name in sorted(frame.columns):
        cell = [pl.lit(f"{name}\0"), pl.col(name), pl.lit("\0")]
        # Only where cells are missing do name and value have to be put together first, so that both are left out.
        parts += [cell[0] + cell[1] + cell[2]] if frame[name].null_count() else cell
    texts = frame.select(pl.concat_str(parts, ignore_nulls=True).cast(pl.Binary)).to_series()
    digest = hashlib.sha256
    return pl.Series("content_sha256", [digest(text).hexdigest() for text in texts.to_list()], dtype=pl.String)


def assemble(chunk: Chunk, telling: Telling, rules: Rules) -> Batch:
    """The batch of a chunk.

    Args:
        chunk: the rows as received, dropped columns already left out.
        telling: what they say, row by row.
        rules: what holds for all rows.
    """
    frame = typed(completed(telling))
    found = found_faults(frame, chunk.rows, shared_checks(frame, rules), telling)
    unread = chunk.faults.filter(pl.col("column") == "")["row"]
    # Of an item that could not be read at all, that its cells are missing says nothing more.
    rejects = gathered(pl.concat([chunk.faults, found.filter(~pl.col("row").is_in(unread.implode()))]))
    is_good = ~chunk.rows.is_in(rejects["row"].implode())
    content = [name for name in rules.content or chunk.frame.columns if name in chunk.frame.columns]
    good = frame.with_columns(chunk.rows, row_hashes(chunk.frame.select(content))).filter(is_good)
    good, notes = settled(good, rules)
    good = _identified(good, rules)
    return Batch(
        reports=_reports(good, rules),
        claims=_claims(good.filter(pl.col("claims_nothing").is_null()), rules)
        if rules.has_claims
        else pl.DataFrame(schema=CLAIM_SCHEMA),
        sources=_sources(good),
        rejects=rejects,
        rejected=chunk.frame.filter(~is_good),
        read=chunk.frame.height,
        notes=(*chunk.notes, *notes),
        statements=sights_told(good, rules.channel),
        rejected_ids=frame["external_id"].filter(~is_good),
    )


def _identified(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add the ids of source, report and claim, and what all rows have in common."""
    said = {"source_name": rules.source_name, "source_kind": rules.source_kind, "language": rules.language}
    said["sensitivity"] = rules.sensitivity
    of_nobody = pl.col("source_name").is_null() & (pl.col("source_kind") == "unknown")
    frame = frame.with_columns(source_kind=pl.when(~of_nobody.fill_null(value=False)).then("source_kind"))
    frame = frame.with_columns(pl.col(name).fill_null(value) for name, value in said.items())
    frame = frame.with_columns(pl.col("source_name").str.replace_all(r"\s+", " "), pl.col("external_id").fill_null(""))
    names = frame["source_name"].unique().to_list()
    sources = pl.col("source_name").replace_strict(
        names, [source_id(name) for name in names], default=None, return_dtype=pl.String
    )
    reports = content_ids("rpt", [rules.channel, frame["external_id"].to_list(), frame["content_sha256"].to_list()])
    claims = content_ids("clm", [reports, "1"]) if rules.has_claims else [""] * frame.height
    return frame.with_columns(
        sources.alias("source_id"),
        pl.Series("report_id", reports, dtype=pl.String),
        pl.Series("claim_id", claims, dtype=pl.String),
        pl.lit(rules.channel).alias("channel"),
    )


def _reports(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    made = frame.with_columns(
        pl.lit(rules.kind).alias("kind"),
        pl.lit(rules.snapshot_id).alias("snapshot_id"),
        pl.lit(instant_text(rules.received_at)).alias("received_at"),
        pl.lit("").alias("supersedes"),
        _iso("_published_on").alias("published_on"),
        _iso("_known_on").alias("known_on"),
        pl.col("title").str.slice(0, _LONGEST_TITLE),
    )
    return _shaped(made, REPORT_SCHEMA)


def _claims(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    made = frame.with_columns(
        *(_iso(f"_{name}").alias(name) for name in ("started_on", "ended_on", "known_on")),
        *(pl.col(f"_{name}").cast(pl.Int64).alias(name) for name in COUNT_FIELDS),
        pl.col("_country").alias("country"),
        pl.col("_latitude").alias("latitude"),
        pl.col("_longitude").alias("longitude"),
        json_list(pl.col("parties")).alias("parties"),
    )
    return _shaped(made, CLAIM_SCHEMA)


def _shaped(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of the schema, in its order and types; a missing text is empty, a missing day null."""
    nullable = {"published_on", "started_on", "ended_on"}
    return frame.select(
        pl.col(name).cast(kind).fill_null("") if kind == pl.String and name not in nullable else pl.col(name).cast(kind)
        for name, kind in schema.items()
    )


def _sources(frame: pl.DataFrame) -> pl.DataFrame:
    named = frame.select("source_id", name="source_name", kind="source_kind", language=pl.lit(""))
    return named.unique("source_id", keep="first", maintain_order=True).cast(SOURCE_SCHEMA)  # type: ignore[arg-type]


def _iso(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")
