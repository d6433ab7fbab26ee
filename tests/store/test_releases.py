"""Releases one after the other: what is revised, withdrawn and reinstated, and what was current on an earlier day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.engine.interfaces import ReflectedIndex

from forewarn.errors import InputError
from forewarn.ids import content_id
from forewarn.model.claim import Claim, CountRange
from forewarn.model.place import Place
from forewarn.model.provenance import Locator, Snapshot
from forewarn.model.report import Report, Source
from forewarn.model.tables import CLAIM_COLUMNS, REPORT_COLUMNS, claim_row, report_row
from forewarn.store import Database, reading, schema
from forewarn.store.intake import Collection, Intake, Loading, add_collection, add_snapshot
from forewarn.store.releases import Arrival, Settled, Version, standings_of

SOURCE = Source.named("Agency", "news_agency")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
Row = tuple[str, int, str]
"""External id, deaths, country."""


def frames(snapshot: str, rows: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Reports with one claim each, all of 2020."""
    reports, claims = [], []
    for number, (external, deaths, country) in enumerate(rows, start=1):
        content = content_id("row", external, deaths, country).partition("_")[2]
        report_id, known = content_id("rpt", "c", external, content), date(2020, 2, 1)
        where = Locator(snapshot, number)
        reports.append(
            Report(report_id, "c", SOURCE.source_id, where, content, known, "published", NOW, external_id=external)
        )
        claims.append(
            Claim(
                content_id("clm", report_id, "1"),
                report_id,
                "c",
                known,
                "published",
                external_id=external,
                started_on=date(2020, 1, 1),
                place=Place(country),
                counts=(("deaths", CountRange(deaths, deaths, deaths)),),
            )
        )
    return (
        pl.DataFrame([report_row(r) for r in reports], schema=reading.frame_schema(REPORT_COLUMNS)),
        pl.DataFrame([claim_row(c) for c in claims], schema=reading.frame_schema(CLAIM_COLUMNS)),
        pl.DataFrame({"source_id": [SOURCE.source_id], "name": ["Agency"], "kind": ["x"], "language": [""]}),
    )


def release(
    database: Database,
    name: str,
    rows: list[Row],
    *,
    on: str = "2024-01-01",
    batch: int = 100,
    refused: tuple[str | None, ...] = (),
    **said: bool,
) -> tuple[Intake, Settled]:
    """Read a release of the channel ``c``, some rows at a time."""
    snapshot = Snapshot(content_id("snp", name), 1, "c", "file:c.csv", NOW, "text/csv", "P", "CC0")
    arrival = Arrival("c", snapshot.snapshot_id, on, "2026-01-02T00:00:00Z", **{"is_complete": True, **said})
    with database.writing() as connection:
        add_snapshot(connection, snapshot)
        loading, made = Loading(connection, arrival), Intake()
        for first in range(0, len(rows), batch):
            made += loading.add(*frames(snapshot.snapshot_id, rows[first : first + batch]))
        loading.refuse(pl.Series("external_id", refused, dtype=pl.String))
        settled = loading.finish()
        add_collection(
            connection,
            Collection(snapshot.snapshot_id, "c", "report", name, "", "t", 1, 1, 0, 0, 0, released_on=on),
        )
    return made, settled


def current(database: Database, on: date | None = None) -> dict[str, int]:
    """Deaths by external id among the claims current on the day; each item at most once."""
    with database.reading() as connection:
        claims = reading.read_claims(connection, as_known_at=on)
    assert claims["external_id"].is_unique().all()
    return dict(zip(claims["external_id"], claims["deaths_best"], strict=True))


def test_a_newer_release_adds_revises_and_withdraws(database: Database) -> None:
    """It says how many of each, and a reader of an earlier day sees what was withdrawn later."""
    release(database, "a", [("1", 1, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI"), ("4", 4, "MLI")])
    made, settled = release(
        database, "b", [("1", 1, "MLI"), ("2", 9, "MLI"), ("5", 5, "MLI"), ("4", 4, "MLI")], on="2025-01-01"
    )
    assert (made, settled) == (Intake(2, 2, 1), Settled(withdrawn=1))
    assert current(database) == {"1": 1, "2": 9, "4": 4, "5": 5}
    assert current(database, date(2024, 6, 1)) == {"1": 1, "2": 9, "3": 3, "4": 4, "5": 5}


def test_a_release_equal_to_an_earlier_one_makes_it_current_again(database: Database) -> None:
    """A, then B, then C with the rows of A: what B revised and withdrew is undone, in C's name."""
    first: list[Row] = [("1", 1, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI")]
    release(database, "a", first)
    release(database, "b", [("1", 7, "MLI"), ("2", 2, "MLI")], on="2025-01-01")
    made, settled = release(database, "c", first, on="2025-06-01")
    assert (made, settled) == (Intake(0, 3, 0), Settled(reinstated=2))
    assert current(database) == {"1": 1, "2": 2, "3": 3}
    assert current(database, date(2025, 3, 1)) == {"1": 7, "2": 2}
    release(database, "d", [("1", 8, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI")], on="2025-07-01")
    assert current(database) == {"1": 8, "2": 2, "3": 3}
    release(database, "e", [("1", 7, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI")], on="2025-08-01")
    assert current(database) == {"1": 7, "2": 2, "3": 3}


def test_nothing_is_withdrawn_outside_what_a_release_covers(database: Database) -> None:
    """A file of one country says nothing of another, however complete it is."""
    release(database, "a", [("1", 1, "MLI"), ("2", 2, "NER"), ("3", 3, "NER")])
    assert release(database, "b", [("4", 4, "MLI"), ("1", 1, "MLI")])[1] == Settled()
    assert set(current(database)) == {"1", "2", "3", "4"}


def test_a_partial_file_withdraws_nothing(database: Database) -> None:
    """What a part of a data set lacks is not gone."""
    release(database, "a", [("1", 1, "MLI"), ("2", 2, "MLI")])
    assert release(database, "b", [("1", 5, "MLI")], is_complete=False)[1] == Settled()
    assert current(database) == {"1": 5, "2": 2}


def test_more_than_half_goes_only_when_accepted(database: Database) -> None:
    """A file that lacks most of what there was is more likely a part; nothing of it is kept until somebody says."""
    release(database, "a", [(str(n), n, "MLI") for n in range(1, 6)])
    with pytest.raises(InputError, match="lacks 4 of 5") as caught:
        release(database, "b", [("1", 1, "MLI"), ("9", 9, "MLI")])
    assert "--accept-withdrawals" in caught.value.mend
    assert set(current(database)) == {"1", "2", "3", "4", "5"}
    assert release(database, "b", [("1", 1, "MLI"), ("9", 9, "MLI")], accepts_withdrawals=True)[1].withdrawn == 4
    assert set(current(database)) == {"1", "9"}


def test_a_refused_row_is_not_gone(database: Database) -> None:
    """A row that cannot be read is still in the release; where its id cannot be read, nothing is withdrawn at all."""
    rows: list[Row] = [(str(n), n, "MLI") for n in range(1, 6)]
    release(database, "a", rows)
    assert release(database, "b", rows[:4], refused=("5",))[1] == Settled()
    assert release(database, "c", rows[:4], refused=(None,))[1] == Settled()
    assert release(database, "d", rows[:4])[1] == Settled(withdrawn=1)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_the_last_of_several_rows_of_an_item_counts(database: Database, batch: int) -> None:
    """Also where a file comes back to an earlier version, within a batch and across."""
    rows: list[Row] = [("1", 1, "MLI"), ("1", 2, "MLI"), ("2", 5, "MLI"), ("1", 1, "MLI")]
    made, settled = release(database, "a", rows, batch=batch)
    assert (made, settled) == (Intake(3, 1, 1), Settled(reinstated=1))
    assert current(database) == {"1": 1, "2": 5}


def test_an_older_release_read_later_changes_nothing_current(database: Database) -> None:
    """Its versions are kept, and only items that no release had are added."""
    release(database, "b", [("1", 7, "MLI"), ("2", 2, "MLI")], on="2025-01-01")
    made, settled = release(database, "a", [("1", 1, "MLI"), ("3", 3, "MLI")], on="2024-01-01", is_declared=True)
    assert (made, settled.withdrawn) == (Intake(2, 0, 1), 0)
    assert current(database) == {"1": 7, "2": 2, "3": 3}
    release(database, "c", [("1", 8, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI")], on="2025-02-01")
    assert current(database) == {"1": 8, "2": 2, "3": 3}


def test_bytes_that_came_before_keep_their_place(database: Database) -> None:
    """Read again with another recipe, an earlier file is still earlier; unless somebody declares a later day."""
    release(database, "a", [("1", 1, "MLI")])
    release(database, "b", [("1", 2, "MLI")])
    release(database, "a", [("1", 1, "MLI")])
    assert current(database) == {"1": 2}
    release(database, "a", [("1", 1, "MLI")], on="2024-02-01", is_declared=True)
    assert current(database) == {"1": 1}


def test_a_large_load_leaves_every_index(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes taken away for speed are back at the end, and the rows are found by them."""
    monkeypatch.setattr("forewarn.store.intake._LARGE", 3)
    with database.reading() as connection:
        before = sorted(str(index["name"]) for index in _indexes(connection))
    release(database, "a", [(str(n), n, "MLI") for n in range(10)], batch=2)
    with database.reading() as connection:
        assert sorted(str(index["name"]) for index in _indexes(connection)) == before
        query = select(func.count()).select_from(schema.claims).where(schema.claims.c.country == "MLI")
        assert connection.execute(query).scalar() == 10


def _indexes(connection: Connection) -> list[ReflectedIndex]:
    return inspect(connection).get_indexes("claims")


def test_without_hashes_every_row_is_looked_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel too large for the array of hashes is read to the same end."""
    monkeypatch.setattr("forewarn.store.keys.MOST_KEYS", 1)
    release(database, "a", [("1", 1, "MLI"), ("2", 2, "MLI"), ("3", 3, "MLI")], batch=1)
    made, settled = release(database, "b", [("1", 1, "MLI"), ("2", 9, "MLI"), ("", 4, "MLI"), ("", 4, "MLI")], batch=2)
    assert (made, settled) == (Intake(2, 2, 1), Settled(withdrawn=1))
    assert current(database) == {"1": 1, "2": 9, "": 4}


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["newer", "older"])), min_size=1, max_size=7))
def test_every_history_leaves_one_version_current(history: list[tuple[int, str]]) -> None:
    """Whatever versions of one item come in whatever order, one is current: that of the newest release."""
    versions: list[Version] = []
    wanted = ""
    for turn, (content, order) in enumerate(history):
        report = f"v{content}"
        is_new = report not in [version.report_id for version in versions]
        if is_new:
            last = versions[-1].report_id if versions else ""
            versions.append(Version(report, "2020-01-01", last, "", "", True))
        is_older = order == "older" and len(versions) > 1 and turn > 0
        if not is_older or not wanted:
            made, wanted = standings_of(versions, report, f"202{turn + 1}-01-01"), report
        else:
            made = standings_of(versions, "", "") if is_new else []
        said = {name: (standing, day) for name, standing, day in made}
        versions = [
            Version(v.report_id, v.known_on, v.supersedes, *said.get(v.report_id, (v.standing, v.standing_on)), False)
            for v in versions
        ]
        superseded = {version.supersedes for version in versions}
        now = [
            v.report_id
            for v in versions
            if v.standing == "reinstated" or (not v.standing and v.report_id not in superseded)
        ]
        assert now == [wanted]
