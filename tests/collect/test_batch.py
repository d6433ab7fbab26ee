"""Frames have exactly the model's columns, every row is a valid noun, and ids depend on content alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect import Batch, load_mapping
from forewarn.collect.batch import CLAIM_SCHEMA, REPORT_SCHEMA, SOURCE_SCHEMA, row_hashes
from forewarn.ids import content_id
from forewarn.model.report import Source
from forewarn.model.tables import claim_from_row, claim_row, report_from_row, report_row

Collect = Callable[..., list[Batch]]


def test_every_row_is_a_valid_report_and_claim(collect: Collect, ged: Callable[..., bytes]) -> None:
    """Each row makes the noun, and the noun makes the row again: text, dates, ranges, lists and all."""
    batch = collect("ucdp-ged", ged({}, {"side_a": 'Group "A" \\ B\tC'}, {"latitude": "", "longitude": ""}))[0]
    assert batch.reports.schema == pl.Schema(REPORT_SCHEMA)
    assert batch.claims.schema == pl.Schema(CLAIM_SCHEMA)
    assert batch.sources.schema == pl.Schema(SOURCE_SCHEMA)
    for row in batch.reports.rows(named=True):
        assert report_row(report_from_row(row)) == row
    for row in batch.claims.rows(named=True):
        assert claim_row(claim_from_row(row)) == row


@pytest.mark.parametrize(
    ("channel", "file"),
    [
        ("ucdp-ged", "events/ucdp_ged191_myanmar_bangladesh.csv"),
        ("ucdp-ged", "events/ucdp_ged_2021_sample.jsonl"),
        ("table", "linkage/event_reports_ivory_coast.csv"),
    ],
)
def test_every_real_row_is_a_valid_report_and_claim(
    shared_data: Path, collect: Collect, channel: str, file: str
) -> None:
    """What holds for made rows holds for all real ones."""
    examples = Path(__file__).parents[2] / "examples" / "mappings"
    mapping = load_mapping(examples / "event_reports.yml") if channel == "table" else None
    for batch in collect(channel, shared_data / file, mapping):
        for row in batch.reports.rows(named=True):
            assert report_row(report_from_row(row)) == row
        for row in batch.claims.rows(named=True):
            assert claim_row(claim_from_row(row)) == row


def test_ids_follow_the_model(collect: Collect, ged: Callable[..., bytes]) -> None:
    """Report, claim and source ids are those that the nouns themselves would give."""
    batch = collect("ucdp-ged", ged())[0]
    report, claim = batch.reports.row(0, named=True), batch.claims.row(0, named=True)
    assert report["report_id"] == content_id("rpt", "ucdp-ged", "1001", report["content_sha256"])
    assert claim["claim_id"] == content_id("clm", report["report_id"], "1")
    assert claim["report_id"] == report["report_id"]
    assert report["source_id"] == Source.named("UCDP GED").source_id == batch.sources["source_id"][0]
    assert report["supersedes"] == ""


def test_the_hash_covers_names_and_values() -> None:
    """It is the SHA-256 of filled cells in order of column names; order and blanks do not matter, all else does."""
    frame = pl.DataFrame({"b": ["x", "x", "", "x"], "a": ["1", "2", "1", None]}).with_columns(
        pl.all().replace("", None)
    )
    hashes = row_hashes(frame).to_list()
    assert hashes[0] == hashlib.sha256(b"a\x001\x00b\x00x\x00").hexdigest()
    assert len(set(hashes)) == 4
    assert row_hashes(frame.select("a", "b", pl.lit(None, pl.String).alias("c"))).to_list() == hashes


def test_content_decides_what_is_a_revision(collect: Collect, ged: Callable[..., bytes]) -> None:
    """A changed count is another version of the same item; columns the channel does not read change nothing."""
    first = collect("ucdp-ged", ged())[0].reports
    more = collect("ucdp-ged", ged({"best": "11"}))[0].reports
    added = ged().replace(b"id,", b"code_status,id,", 1).replace(b"\n1001", b"\nClear,1001")
    same = collect("ucdp-ged", added)[0].reports
    assert first["external_id"].to_list() == more["external_id"].to_list()
    assert first["report_id"].to_list() != more["report_id"].to_list()
    assert first["report_id"].to_list() == same["report_id"].to_list()
