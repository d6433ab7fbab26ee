"""The exercise through the channel it is made for."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forewarn.collect import (
    Batch,
    ParseRequest,
    Provenance,
    channel,
    keep_snapshot,
    load_mapping,
    parse,
    snapshot_path,
)
from forewarn.learn import ExerciseFile, ExerciseFiles, exercise_script, provenance, write_exercise
from forewarn.learn.exercise.names import MONITORS, NGO


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> ExerciseFiles:
    """The shipped exercise in a folder."""
    return write_exercise(tmp_path_factory.mktemp("exercise"))


@pytest.fixture(scope="module")
def collected(written: ExerciseFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Batch]:
    """Every file as the table channel reads it with its mapping, by name."""
    snapshots = tmp_path_factory.mktemp("snapshots")
    return {one.path.name: collect(one, snapshots) for one in written.files}


def collect(one: ExerciseFile, snapshots: Path) -> Batch:
    """A file through the channel, in one batch."""
    received = exercise_script().collected_at
    mapping = load_mapping(one.mapping)
    known = Provenance(one.channel, mapping.publisher, mapping.licence, received)
    snapshot = keep_snapshot(one.path, snapshots, provenance=known)
    request = ParseRequest(
        definition=channel(one.channel),
        snapshot_path=snapshot_path(snapshots, snapshot),
        snapshot=snapshot,
        received_at=received,
        today=received.date(),
        mapping=mapping,
    )
    (batch,) = parse(request)
    return batch


def test_every_row_is_accepted(written: ExerciseFiles, collected: dict[str, Batch]) -> None:
    """No row of any file is rejected, and none is remarked upon."""
    for one in written.files:
        batch = collected[one.path.name]
        assert batch.rejects.height == 0, batch.rejects.head()
        assert batch.reports.height == batch.read == one.rows
        assert batch.notes == ()


def test_claims_say_what_the_rows_say(written: ExerciseFiles, collected: dict[str, Batch]) -> None:
    """Incidents and forms make claims with days, areas, parties and counts; statements and coverage make none."""
    raw = pl.read_csv(written.file("wire.csv").path)
    claims = collected["wire.csv"].claims
    assert claims["external_id"].to_list() == raw["id"].to_list()
    assert claims["deaths_best"].to_list() == raw["deaths_best"].to_list()
    assert claims["latitude"].to_list() == raw["latitude"].to_list()
    assert claims["text"].to_list() == raw["text"].to_list()
    clashes = claims.filter(pl.col("act") == "clash")["parties"].to_list()
    assert {len(json.loads(parties)) for parties in clashes} == {2}
    assert collected["field_forms.jsonl"].claims.height == written.file("field_forms.jsonl").rows
    assert collected["statements.jsonl"].claims.height == collected["coverage.csv"].claims.height == 0


def test_each_thing_becomes_known_when_it_was_published(collected: dict[str, Batch]) -> None:
    """Time travel works: known days are the days of publication, none settled in another way."""
    for batch in collected.values():
        assert set(batch.reports["known_basis"]) == {"published"}
        assert (batch.reports["known_on"] == batch.reports["published_on"]).all()
    known = collected["wire.csv"].reports.filter(pl.col("known_on") <= date(2025, 8, 31).isoformat())
    assert 0 < known.height < collected["wire.csv"].reports.height


def test_who_filled_in_a_form_is_dropped(written: ExerciseFiles, collected: dict[str, Batch]) -> None:
    """The raw forms hold names and numbers; nothing that is collected does."""
    assert b"Fictional Monitor" in written.file("field_forms.jsonl").path.read_bytes()
    assert load_mapping(written.file("field_forms.jsonl").mapping).identity == ("reporter_name", "reporter_phone")
    batch = collected["field_forms.jsonl"]
    kept = "".join(frame.write_csv() for frame in (batch.reports, batch.claims, batch.sources))
    assert "Fictional Monitor" not in kept
    assert "+000" not in kept
    assert batch.sources["name"].to_list() == [MONITORS]


def test_sources_keep_their_names_and_kinds(collected: dict[str, Batch]) -> None:
    """Each file names its sources, with kinds the nouns know."""
    assert collected["newspapers.csv"].sources.height == 3
    assert collected["ngo.csv"].sources.select("name", "kind").rows() == [(NGO, "ngo")]
    assert set(collected["state.csv"].sources["kind"]) == {"state"}


def test_named_origins_are_origins(collected: dict[str, Batch]) -> None:
    """A cited agency arrives as a dated origin; uncited copies arrive without one."""
    copies = provenance().filter(pl.col("copied_from").is_not_null())["report_id"].to_list()
    claims = collected["newspapers.csv"].claims.filter(pl.col("external_id").is_in(copies))
    cited = claims.filter(pl.col("origins").str.contains("Austral Quay Wire"))
    assert 0.6 < cited.height / claims.height < 0.9
    assert cited["origins"].str.contains(r"\d{4}-\d{2}-\d{2}").mean() > 0.8


def test_the_second_release_repeats_reports_and_brings_new_ones(collected: dict[str, Batch]) -> None:
    """Unchanged rows get the ids they had; revised rows are other reports with the same external id."""
    first, later = collected["ngo.csv"].reports, collected["ngo_release_2.csv"].reports
    same = later.filter(pl.col("report_id").is_in(first["report_id"].implode()))
    assert 0 < same.height < later.height
    assert later["external_id"].is_in(first["external_id"].implode()).all()
