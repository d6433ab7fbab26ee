"""The main job, end to end: what the demonstration promises, seen from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from forewarn.config import load_settings
from forewarn.errors import WorkspaceError
from forewarn.learn import EXERCISE_NOTICE, exercise_script
from forewarn.operations.demo import Demonstration, demo, free_folder
from forewarn.operations.workspace import opened
from forewarn.store import decisions, reading

REPORTER = re.compile(r"Fictional Monitor \d|\+000 000")


class Anchors(HTMLParser):
    """The ids of a page, and the places its links lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name in ("href", "src", "xlink:href") and value:
                self.targets.append(value)


def page(played: Demonstration) -> str:
    """The HTML brief."""
    return Path(played.briefs[0].file).read_text(encoding="utf-8")


def test_the_loop_reaches_its_end(played: Demonstration) -> None:
    """Reports in, a decided alert and briefs out; nothing rejected, revisions counted."""
    assert sum(one.rejected for one in played.collected) == 0
    assert played.revised.revised > 0
    assert played.assessed.corroborated > 0
    assert played.state is not None
    assert (played.state.status, played.state.decision) == ("after_action", "act")
    assert any("lapse" in line for line in played.life)
    assert all(Path(brief.file).is_file() for brief in played.briefs)


def test_the_policy_itself_sees_the_place_of_the_script(played: Demonstration) -> None:
    """The early signs are enough for the declared policy to propose the area where killing will come."""
    assert played.drafted.unit == exercise_script().unit
    assert played.drafted.level != "W0"
    assert played.drafted.reasons_for
    assert played.drafted.reasons_against


def test_an_area_nobody_could_enter_is_unknown_not_safe(played: Demonstration) -> None:
    """The silent area gets no number and is named."""
    assert exercise_script().silent_unit in played.forecast.unknown_units


def test_every_page_says_that_it_is_fictional(played: Demonstration) -> None:
    """Nobody can take the exercise for real."""
    assert played.notice == EXERCISE_NOTICE
    for brief in played.briefs:
        assert "fictional" in Path(brief.file).read_text(encoding="utf-8").lower()[:6_000]


def test_every_link_of_the_brief_stays_in_it_and_leads_somewhere(played: Demonstration) -> None:
    """Figures lead to claims, claims to reports, reports to snapshots; nothing is asked of any server."""
    anchors = Anchors()
    anchors.feed(page(played))
    assert "script" not in anchors.tags
    inner = [target for target in anchors.targets if target.startswith("#")]
    assert inner
    assert not [target for target in anchors.targets if not target.startswith(("#", "data:"))]
    assert not {target[1:] for target in inner} - anchors.ids


def test_every_figure_has_its_claims_down_to_the_row(played: Demonstration) -> None:
    """Each figure's link target lists claims, and each claim its report, snapshot digest and row."""
    text = page(played)
    for key in re.findall(r'href="#(trace-[a-z0-9-]+)"', text):
        assert f'id="{key}"' in text
    assert re.search(r"[0-9a-f]{64}", text)
    assert "Shoreline" in text or "Wire" in text


def test_no_precise_place_and_no_reporter_leaves(played: Demonstration) -> None:
    """Neither coordinates of a village nor the identity of a monitor is in a brief or in the store."""
    for brief in played.briefs:
        text = Path(brief.file).read_text(encoding="utf-8")
        assert not REPORTER.search(text)
        assert not re.search(r"latitude: -?\d", text)
    with opened(load_settings({"workspace": played.workspace}, environ={})) as workspace:
        assert not REPORTER.search((workspace.paths.database).read_bytes().decode("latin-1"))


def test_the_brief_holds_nothing_learnt_later(played: Demonstration) -> None:
    """As known on the day: no date after it among what is told as known."""
    day = exercise_script().as_known_at.isoformat()
    known = page(played).split("Known by")[1]
    for found in re.findall(r"known on (\d{4}-\d{2}-\d{2})", known):
        assert found <= day


def test_playing_again_gives_the_same_brief_but_for_its_date(played: Demonstration, tmp_path: Path) -> None:
    """The same exercise in another folder gives the same bytes, save the line that says when it was made."""
    again = demo(load_settings({"workspace": tmp_path / "again"}, environ={}))
    for first, second in zip(played.briefs, again.briefs, strict=True):
        left = Path(first.file).read_text(encoding="utf-8").splitlines()
        right = Path(second.file).read_text(encoding="utf-8").splitlines()
        differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
        assert len(differing) <= 1, differing[:3]


def test_a_folder_in_use_is_left_alone(played: Demonstration) -> None:
    """The demonstration never writes into a folder that holds something."""
    with pytest.raises(WorkspaceError, match="not empty"):
        demo(load_settings({"workspace": played.workspace}, environ={}))


def test_each_run_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    """Without a folder named, the demonstration takes the next free one."""
    assert free_folder(tmp_path).name == "exercise-workspace"
    (tmp_path / "exercise-workspace").mkdir()
    assert free_folder(tmp_path).name == "exercise-workspace-2"


def test_the_store_tells_the_same_life(played: Demonstration) -> None:
    """What was printed is what the append-only events say."""
    settings = load_settings({"workspace": played.workspace}, environ={})
    with opened(settings) as workspace, workspace.database.reading() as connection:
        (alert_id,) = decisions.alert_ids(connection)
        events = decisions.alert_events(connection, alert_id)
        counts = reading.counts_of_store(connection)
    assert [event.kind for event in events][-1] == "after_action"
    assert counts["reports"] > counts["claims"] > counts["incidents"] > 0
