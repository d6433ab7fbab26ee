"""What is late, and who has fallen silent, told from what was collected and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.config import load_settings
from forewarn.operations.channels import channel_uses
from forewarn.operations.collect import collect
from forewarn.operations.freshness import freshness, rhythm, silent_sources
from forewarn.operations.init import init
from forewarn.operations.workspace import Workspace, opened

FIRST = date(2024, 1, 1)
MAPPING = """\
name: {name}
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
row_is: {row_is}
{more}fields:
  external_id: id
  source: {{column: who, kind: {{column: kind}}}}
  published_on: day
  started_on: day
  country: country
"""


class Kept:
    """A workspace whose clock is set by hand, with one table collected in deliveries."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder, self.files = workspace, folder, 0

    def at(self, day: date) -> Workspace:
        """The workspace on that day."""
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return Workspace(self.workspace.settings, self.workspace.database, now)

    def deliver(
        self, on: date, voices: dict[str, list[date]], *, name: str = "small", more: str = "", row_is: str = "report"
    ) -> None:
        """Collect a file with a report of each voice (``name|kind``) on each of its days."""
        self.files += 1
        mapping = self.folder / f"{name}.yml"
        mapping.write_text(MAPPING.format(name=name, more=more, row_is=row_is))
        rows = [f"{who}-{day},{who.replace('|', ',')},{day},XKA" for who, days in voices.items() for day in days]
        path = self.folder / f"delivery-{self.files}.csv"
        path.write_text("\n".join(["id,who,kind,day,country", *rows]) + "\n")
        collect(self.at(on), "table", [path], mapping=mapping)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], Kept]:
    """A fresh workspace to deliver to."""
    settings = load_settings({"workspace": tmp_path / "work"}, {})
    init(settings)
    with opened(settings) as workspace:
        yield Kept(workspace, tmp_path)


def weekly(weeks: int, first: date = FIRST) -> list[date]:
    """A day in each of so many weeks."""
    return [first + timedelta(days=7 * n) for n in range(weeks)]


def test_a_channel_is_late_once_its_cadence_has_passed(kept: Kept) -> None:
    """Collected on day 0 with a cadence of 30 days: due on day 30, late by one on day 31."""
    kept.deliver(FIRST, {"A|ngo": [FIRST]}, more="cadence_days: 30\n")
    due = FIRST + timedelta(days=30)
    assert [one.late_days for one in freshness(kept.at(due))] == [0]
    (late,) = freshness(kept.at(due + timedelta(days=1)))
    assert (late.channel, late.due_on, late.late_days) == ("table:small", due, 1)
    assert "nobody has looked since" in late.explained
    (use,) = channel_uses(kept.at(due + timedelta(days=1)))
    assert (use.cadence_days, use.due_on, use.late_days) == (30, due, 1)


def test_a_channel_without_a_cadence_is_never_late(kept: Kept) -> None:
    """What is renewed at no set time has no day on which it is due."""
    kept.deliver(FIRST, {"A|ngo": [FIRST]})
    (one,) = freshness(kept.at(FIRST + timedelta(days=999)))
    assert (one.due_on, one.late_days) == (None, 0)


def test_looking_and_finding_nothing_is_told_from_not_looking(kept: Kept) -> None:
    """A publisher with nothing new is late, and so is one whom nobody asked; the words differ."""
    kept.deliver(FIRST, {"A|ngo": [FIRST]}, more="cadence_days: 7\n")
    with kept.workspace.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO fetches (channel, address, status, etag, last_modified, snapshot_id, fetched_at)"
            " VALUES ('table:small', 'https://example.org/', 304, '', '', '', '2024-02-01T00:00:00Z')"
        )
    (one,) = freshness(kept.at(date(2024, 2, 2)))
    assert one.late_days == 25
    assert "had nothing new on 2024-02-01" in one.explained


def test_a_weekly_source_that_falls_silent_is_named(kept: Kept) -> None:
    """One of three weekly sources stops; after more than three weeks it is named, before it is not."""
    loud = weekly(40)
    kept.deliver(loud[-1], {"A|ngo": loud, "B|ngo": loud, "C|ngo": loud[:37]})
    assert silent_sources(kept.at(loud[-1])) == []
    loud.append(loud[-1] + timedelta(days=7))
    kept.deliver(loud[-1], {"A|ngo": loud, "B|ngo": loud})
    (one,) = silent_sources(kept.at(loud[-1]))
    assert (one.name, one.last_known_on, one.silent_days) == ("C", loud[36], 28)
    assert (one.rhythm.usual_gap_days, one.rhythm.limit_days) == (7, 21)
    assert one.countries == ("XKA",)


def test_a_silence_is_not_seen_before_its_day(kept: Kept) -> None:
    """As known at a day when it was still speaking, nobody is silent."""
    loud = weekly(45)
    kept.deliver(loud[30], {"A|ngo": loud[:31], "B|ngo": loud[:31]})
    kept.deliver(loud[-1], {"A|ngo": loud})
    assert [one.name for one in silent_sources(kept.at(loud[-1]))] == ["B"]
    assert silent_sources(kept.at(loud[-1]), as_known_at=loud[31]) == []


def test_persons_are_never_told_apart(kept: Kept) -> None:
    """A monitor, a community or an unclassified sender that stops is not named; the whole network is when it stops."""
    loud = weekly(60)
    kinds = ("field_monitor", "community", "social_media", "unknown")
    speaking = {f"{kind}-one|{kind}": loud[:40] for kind in kinds}
    kept.deliver(loud[-1], {**speaking, "B|field_monitor": loud})
    assert silent_sources(kept.at(loud[-1])) == []
    later = loud[-1] + timedelta(days=40)
    kept.deliver(later, {"B|field_monitor": [loud[-1], loud[-2], FIRST - timedelta(days=1)]})
    (one,) = silent_sources(kept.at(later))
    assert (one.name, one.source_id, one.silent_days) == ("table:small", "", 40)


def test_where_most_are_silent_the_channel_is_named_once(kept: Kept) -> None:
    """When three of four stop together it is one finding, not three."""
    loud = weekly(50)
    voices = {f"{name}|ngo": loud[:40] for name in "ABC"}
    kept.deliver(loud[-1], {**voices, "D|ngo": loud})
    (one,) = silent_sources(kept.at(loud[-1]))
    assert (one.name, one.silent_voices, one.voices) == ("table:small", 3, 4)
    assert "3 of its 4 regular sources" in one.explained


def test_what_ended_long_ago_is_no_silence(kept: Kept) -> None:
    """Old data collected today: its sources have ended, and are no signal."""
    kept.deliver(date(2026, 6, 1), {"A|ngo": weekly(60), "B|ngo": weekly(30)})
    assert silent_sources(kept.at(date(2026, 6, 1))) == []


def test_data_sets_are_not_held_to_a_rhythm(kept: Kept) -> None:
    """What comes in releases, or is compiled by others, is silent between them by its nature."""
    loud = weekly(50)
    late = loud[-1] + timedelta(days=200)
    kept.deliver(late, {"A|data_set": loud}, name="set")
    kept.deliver(late, {"A|ngo": loud}, name="compiled", row_is="incident")
    assert silent_sources(kept.at(late)) == []


def test_a_rhythm_needs_eight_days() -> None:
    """Seven reporting days are no rhythm; the same day twice counts once."""
    assert rhythm([*weekly(7), FIRST]) is None
    assert rhythm(weekly(8)) is not None


def test_without_rhythm_about_one_gap_in_ninety_is_beyond_the_limit() -> None:
    """The share stated of sources whose gaps are independent of each other, by simulation."""
    random = np.random.default_rng(3)
    beyond = total = 0
    for _ in range(40):
        days = np.cumsum(random.exponential(20, size=400)).astype(int)
        for end in range(60, 400, 20):
            known = [FIRST + timedelta(days=int(day)) for day in days[:end]]
            own = rhythm(known)
            assert own is not None
            beyond += int(days[end] - days[end - 1] > own.limit_days)
            total += 1
    assert 0.002 < beyond / total < 0.03


@given(st.sets(st.dates(date(2020, 1, 1), date(2023, 12, 31)), min_size=8, max_size=80))
def test_the_limit_is_never_below_a_week_nor_three_usual_gaps(days: set[date]) -> None:
    """Whatever the days, the limit is at least a week and about three usual gaps; order does not matter."""
    own = rhythm(days)
    if own is None:
        return
    assert own.limit_days >= 7
    assert own.limit_days >= 3 * (own.usual_gap_days - 1)
    assert own == rhythm(sorted(days, reverse=True))
