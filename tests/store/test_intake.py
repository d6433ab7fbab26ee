"""Intake: every report once, revisions beside what they revise, and time travel."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from forewarn.errors import UnknownNameError, UsageError
from forewarn.ids import content_id
from forewarn.model.claim import Claim, CountRange
from forewarn.model.provenance import Locator, Snapshot
from forewarn.model.report import Report, Source
from forewarn.model.tables import CLAIM_COLUMNS, REPORT_COLUMNS, claim_row, report_row
from forewarn.store import Database, reading, schema
from forewarn.store.intake import (
    Collection,
    Intake,
    add_batch,
    add_collection,
    add_coverage,
    add_snapshot,
    find_collection,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SOURCE = Source.named("Agency", "news_agency")
SNAPSHOT = Snapshot(content_id("snp", "x"), 10, "table:x", "file:x.csv", NOW, "text/csv", "P", "CC0")


def batch(*told: tuple[str, int, date]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Reports with one claim each, from (external id, deaths, known on)."""
    reports, claims = [], []
    for row, (external, deaths, known) in enumerate(told, start=1):
        content = content_id("row", external, deaths).partition("_")[2]
        report_id = content_id("rpt", "table:x", external, content)
        locator = Locator(SNAPSHOT.snapshot_id, row)
        reports.append(
            Report(
                report_id, "table:x", SOURCE.source_id, locator, content, known, "published", NOW, external_id=external
            )
        )
        counts = (("deaths", CountRange(deaths, deaths, deaths)),)
        claim_id = content_id("clm", report_id, "1")
        claims.append(Claim(claim_id, report_id, "table:x", known, "published", external_id=external, counts=counts))
    return (
        pl.DataFrame([report_row(r) for r in reports], schema=reading.frame_schema(REPORT_COLUMNS)),
        pl.DataFrame([claim_row(c) for c in claims], schema=reading.frame_schema(CLAIM_COLUMNS)),
        pl.DataFrame({"source_id": [SOURCE.source_id], "name": ["Agency"], "kind": ["news_agency"], "language": [""]}),
    )


def add(database: Database, *told: tuple[str, int, date]) -> Intake:
    """Add such a batch in one transaction."""
    with database.writing() as connection:
        add_snapshot(connection, SNAPSHOT)
        return add_batch(connection, *batch(*told))


def deaths_known(database: Database, on: date | None = None) -> dict[str, int]:
    """Deaths by external id among the current claims."""
    with database.reading() as connection:
        claims = reading.read_claims(connection, as_known_at=on)
    return dict(zip(claims["external_id"], claims["deaths_best"], strict=True))


def test_the_same_batch_twice_changes_nothing(database: Database) -> None:
    """Collecting again finds only duplicates."""
    told = [("a", 1, date(2020, 1, 1)), ("b", 2, date(2020, 1, 2))]
    assert add(database, *told) == Intake(2, 0, 0)
    assert add(database, *told) == Intake(0, 2, 0)
    assert deaths_known(database) == {"a": 1, "b": 2}


def test_a_revision_stands_beside_what_it_revises(database: Database) -> None:
    """A newer telling supersedes the older, which stays and is still what was known before."""
    add(database, ("a", 1, date(2020, 1, 1)))
    assert add(database, ("a", 5, date(2020, 3, 1))) == Intake(1, 0, 1)
    assert deaths_known(database) == {"a": 5}
    assert deaths_known(database, date(2020, 2, 1)) == {"a": 1}
    assert deaths_known(database, date(2019, 12, 31)) == {}


def test_revisions_within_one_batch_follow_its_order(database: Database) -> None:
    """Of two rows with one external id in a file, the later supersedes the earlier."""
    assert add(database, ("a", 1, date(2020, 1, 1)), ("a", 2, date(2020, 1, 2))) == Intake(2, 0, 1)
    assert deaths_known(database) == {"a": 2}


def test_a_chain_of_revisions_has_one_head(database: Database) -> None:
    """Each revision supersedes the head of the chain, not its first link."""
    for month, deaths in enumerate((1, 2, 3), start=1):
        add(database, ("a", deaths, date(2020, month, 1)))
    assert deaths_known(database) == {"a": 3}


def test_reports_without_external_id_never_revise(database: Database) -> None:
    """Without the sender's id nothing says that two rows are the same item."""
    assert add(database, ("", 1, date(2020, 1, 1)), ("", 2, date(2020, 1, 1))) == Intake(2, 0, 0)


def test_a_collection_is_found_by_snapshot_and_recipe(database: Database) -> None:
    """What has been read with a recipe is known, with its counts; another recipe is another reading."""
    made = Collection(SNAPSHOT.snapshot_id, "table:x", "report", "rcp", "", "2026-01-02T00:00:00Z", 3, 2, 1, 0, 0)
    with database.writing() as connection:
        add_collection(connection, made)
        assert find_collection(connection, SNAPSHOT.snapshot_id, "rcp") == made
        assert find_collection(connection, SNAPSHOT.snapshot_id, "other") is None


def test_coverage_is_added_once(database: Database) -> None:
    """The same statement of coverage twice is one statement."""
    row = {
        "coverage_id": "cov", "channel": "c", "country": "XKA", "admin1": "", "month_first": 1, "month_last": 2,
        "kind": "observed", "basis": "b", "known_on": "2020-01-01",
    }  # fmt: skip
    with database.writing() as connection:
        assert add_coverage(connection, [row, row]) == 1
        assert add_coverage(connection, [row]) == 0
        assert len(reading.coverage_rows(connection, as_known_at=date(2019, 1, 1))) == 0
        assert len(reading.coverage_rows(connection)) == 1


def test_a_report_leads_to_its_source_and_snapshot(database: Database) -> None:
    """From a report's id to who said it, the bytes and the row."""
    add(database, ("a", 1, date(2020, 1, 1)))
    with database.reading() as connection:
        report_id = reading.read_claims(connection)["report_id"][0]
        trail = reading.report_trail(connection, [report_id])[report_id]
    assert (trail["source_name"], trail["origin"], trail["row"]) == ("Agency", "file:x.csv", 1)


def test_a_short_id_is_completed_or_refused(database: Database) -> None:
    """People may type the beginning of an id, if only one thing begins so."""
    add(database, ("a", 1, date(2020, 1, 1)), ("b", 1, date(2020, 1, 1)))
    with database.reading() as connection:
        full = reading.read_claims(connection)["claim_id"][0]
        key = (schema.claims, "claim_id")
        assert reading.find_id(connection, *key, full[:20], "claim") == full
        with pytest.raises(UsageError, match="more than one"):
            reading.find_id(connection, *key, "clm_", "claim")
        with pytest.raises(UnknownNameError):
            reading.find_id(connection, *key, "clm_%", "claim")
