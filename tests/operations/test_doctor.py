"""The doctor tells what is late, what each channel can see, who is silent, and what the watch could not do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forewarn.config import Settings, load_settings
from forewarn.operations import evidence
from forewarn.operations.collect import collect
from forewarn.operations.doctor import Finding, examine
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import runs
from forewarn.store.runs import Run

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
cadence_days: 7
language: fr
fields: {external_id: id, started_on: day, ended_on: day, country: country}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace in which a small weekly table was collected four weeks before its today."""
    made = load_settings({"workspace": tmp_path / "work", "today": "2024-04-01"}, {})
    init(made)
    (tmp_path / "small.yml").write_text(MAPPING)
    (tmp_path / "small.csv").write_text("id,day,country\n1,2024-02-01,XKA\n2,2024-02-03,XKB\n")
    with opened(made) as workspace:
        then = Workspace(made, workspace.database, datetime(2024, 3, 4, tzinfo=UTC))
        collect(then, "table", [tmp_path / "small.csv"], mapping=tmp_path / "small.yml")
    return made


def found(settings: Settings, subject: str) -> Finding:
    """The finding on a subject."""
    (one,) = [one for one in examine(settings) if one.subject == subject]
    return one


def test_it_tells_what_is_late(settings: Settings) -> None:
    """A weekly table last collected four weeks ago is late by three."""
    one = found(settings, "channel table:small")
    assert one.state == "note"
    assert "late by 21 days" in one.found
    assert "forewarn collect table" in one.mend


def test_it_tells_what_a_channel_can_and_cannot_see(settings: Settings) -> None:
    """Countries, days and languages of what was collected, and what the channel is blind to."""
    said = found(settings, "sight of table:small").found
    assert "tells of XKA, XKB, 2024-02-01 to 2024-02-03, fr" in said
    assert "blind to" in said


def test_it_tells_which_job_failed_last(settings: Settings) -> None:
    """The last run of each job counts: an earlier failure that was made up for is well again."""
    with opened(settings) as workspace, workspace.database.writing() as connection:
        for job, state in (("a", "failed"), ("a", "done"), ("b", "done"), ("b", "failed")):
            run = runs.begin_run(connection, job, "2024-03-30T00:00:00Z")
            runs.end_run(connection, Run(run.job, run.started_at, "2024-03-30T00:01:00Z", state))
    assert (found(settings, "job a").state, found(settings, "job b").state) == ("ok", "note")


def test_it_tells_of_an_inbox_nobody_empties(settings: Settings) -> None:
    """A folder named after no channel is pointed out; one named after a channel is not."""
    for name in ("ucdp-ged", "ucdp_ged"):
        (settings.workspace / "inbox" / name).mkdir(parents=True)
    assert found(settings, "inbox ucdp_ged").state == "note"
    assert not [one for one in examine(settings) if one.subject == "inbox ucdp-ged"]


def test_DNH_32_it_tells_what_evidence_waits_for(settings: Settings, tmp_path: Path) -> None:
    """Without evidence nothing is said; then what is past its period, what no timestamp covers, a lost key."""
    assert not [one for one in examine(settings) if one.subject.startswith("evidence")]
    with opened(settings) as workspace:
        then = Workspace(settings, workspace.database, datetime(2024, 3, 1, tzinfo=UTC))
        said = evidence.Acquisition("there", datetime(2023, 6, 1, tzinfo=UTC), "found", "proof", retention="transient")
        evidence.add(then, tmp_path / "small.csv", said, by="officer")
    assert found(settings, "evidence key").state == "ok"
    assert "1 of 1 items are past their period" in found(settings, "evidence due").found
    assert found(settings, "evidence timestamps") == Finding(
        "evidence timestamps", "note", "1 entries of the custody log since the beginning", "forewarn evidence anchor"
    )
    (tmp_path / "work" / "evidence.key").unlink()
    assert found(settings, "evidence key").state == "broken"
