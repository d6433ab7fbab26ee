"""The kept queue of review: after whatever is decided or comes in, it is what it would be worked out whole."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from forewarn.assess.queue import KINDS, places, queue
from forewarn.assess.queue.known import FOUND
from forewarn.assess.queue.order import _ordered
from forewarn.errors import UnknownNameError
from forewarn.model.access import Sight, Viewer
from forewarn.model.alert import EvidenceLine
from forewarn.model.alert_life import AlertEvent
from forewarn.model.provenance import Sensitivity
from forewarn.model.review import claims_concerned, states_of
from forewarn.operations import grading, review, review_history, review_items, review_queue, viewing_review
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.review_items import Asked
from forewarn.operations.review_known import known_now
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, review_reading, schema
from forewarn.store import review_items as kept
from forewarn.store.corrections import corrections
from forewarn.testing import complete_alert

MAPPING = """\
name: NAME
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: NAME
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  latitude: lat
  longitude: lon
  place_precision: {constant: exact}
  act: {constant: killing}
  violence: {constant: one_sided}
  deaths: {best: deaths}
  text: words
"""
_SAID = "armed men attacked the market and fled by boat before soldiers came to the shore at dusk in rain"
_WORDS = _SAID.split(" ")


def _bring(workspace: Workspace, level: str, first: int, count: int) -> None:
    """Collect rows of a class: tellings of a few happenings, of two areas and months."""
    folder = workspace.paths.root.parent
    (folder / f"{level}.yml").write_text(MAPPING.replace("NAME", level), encoding="utf-8")
    lines = ["id,day,country,area,lat,lon,deaths,words"]
    for number in range(first, first + count):
        said = " ".join(_WORDS[number % 9 : number % 9 + 9])
        area, lat = ("West", 6.74) if number % 5 else ("East", 7.9)
        day = f"2025-0{3 + number % 2}-{3 + number % 3:02}"
        lines.append(f"{level}{number},{day},XAA,{area},{lat},-7.35,{20 + number % 4},{said}")
    path = folder / f"{level}{first}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    collect(workspace, "table", [path], mapping=folder / f"{level}.yml")
    assess(workspace)


def _is_as_worked_out(workspace: Workspace) -> pl.DataFrame:
    """Bring the queue up in part, and compare it with one worked out whole; it."""
    with workspace.database.writing() as connection:
        assert review_items.brought_up(connection)
        items = kept.item_page(connection, kind="", unit="", limit=None)
        assert_frame_equal(items, queue(known_now(connection, workspace.today)))
    return items


def _claims(workspace: Workspace, level: str) -> list[str]:
    """The claims of a class, by id."""
    with workspace.database.reading() as connection:
        claims = known_now(connection, workspace.today).claims
    return claims.filter(pl.col("sensitivity") == level)["claim_id"].sort().to_list()


def test_what_is_decided_and_what_comes_in_changes_what_it_touches(on_both: Workspace) -> None:
    """Judged, undone, confirmed, graded, corrected, merged, split, and two further files: the same items and order."""
    _bring(on_both, "low", 0, 14)
    _bring(on_both, "high", 0, 6)
    seen = set(_is_as_worked_out(on_both)["kind"])
    answers = {"same": "link", "different": "link", "unsure": "link", "3": "grade", "right": "extraction"}
    for verdict, kind in answers.items():
        items = _is_as_worked_out(on_both)
        low = items.filter((pl.col("kind") == kind) & (pl.col("sensitivity") == "low"))
        if low.height:
            review.decide_item(on_both, low["item_id"][0], verdict, by="ana", why="as the words say")
            seen |= set(_is_as_worked_out(on_both)["kind"])
    high = _claims(on_both, "high")
    waiting = review.decide(on_both, high[0], high[1], "same", by="ana", why="the same boat")
    items = _is_as_worked_out(on_both)
    assert waiting.state == "pending"
    assert items["kind"].to_list().count("confirmation") == 1
    review.confirm(on_both, waiting.decision, by="ben", why="so it is")
    _is_as_worked_out(on_both)
    _bring(on_both, "low", 14, 5)
    _is_as_worked_out(on_both)
    with on_both.database.reading() as connection:
        members = known_now(connection, on_both.today).members
    low = _claims(on_both, "low")
    own = members.filter(pl.col("claim_id").is_in(low)).group_by("incident_id", maintain_order=True).agg("claim_id")
    largest = own.filter(pl.col("claim_id").list.len() > 1)
    made = review.split(on_both, largest["incident_id"][0], [largest["claim_id"][0][0]], by="ana", why="another day")
    _is_as_worked_out(on_both)
    review.undo(on_both, made.id, by="ana", why="no, the same")
    _is_as_worked_out(on_both)
    fixed = review.correct(on_both, low[0], {"deaths_best": "90", "admin1": "North"}, by="ana", why="misread")
    review.correct(on_both, low[1], {"deaths_best": "91"}, by="ben", why="misread too")
    _is_as_worked_out(on_both)
    review.undo(on_both, fixed.id, by="ana", why="it was right")
    _is_as_worked_out(on_both)
    _parts_say_what_the_whole_says(on_both, [*low, *high])
    grading.grade(on_both, low[3], grading.GradeEntry("2", "as others say"), by="ana")
    items = _is_as_worked_out(on_both)
    assert {"link", "grade"} <= seen
    _an_alert_names(on_both, items["claims"].list.first()[-1])
    assert _is_as_worked_out(on_both)["in_alert"].any()


def _parts_say_what_the_whole_says(workspace: Workspace, claims: list[str]) -> None:
    """States, corrections and history read for a few are those told from the whole record of review."""
    with workspace.database.reading() as connection:
        made = review_reading.read_decisions(connection)
        states = states_of(made, review_reading.read_confirmations(connection))
        every = corrections(connection)
        assert len(set(states.values())) > 1
        for one in made:
            assert (
                review_reading.record_of(connection, [one.decision_id]).states[one.decision_id]
                == states[one.decision_id]
            )
        for claim in claims:
            few = corrections(connection, [claim])
            assert few.rows == {name: row for name, row in every.rows.items() if name == claim}
            assert few.by == {name: held for name, held in every.by.items() if name == claim}
            named = [one.decision_id for one in made if claim in one.subjects or claim in claims_concerned(one, {})]
            told = {one.decision for one in review_history.entries_about(connection, [claim])}
            assert set(named) <= told
        told = [(one.decision, one.state) for one in review_history.latest(connection, 1_000)]
        assert sorted(one for one in told if one[0] in states) == sorted(states.items())
        assert [(one.decision, one.state) for one in review_history.latest(connection, 3)] == told[:3]


def _an_alert_names(workspace: Workspace, claim: str) -> None:
    """Somebody begins an alert that names the claim as evidence."""
    line = EvidenceLine("said", (claim,), independent_origins=1)
    alert = complete_alert(evidence_for=(line,), evidence_against=(), no_evidence_against_because="none was found")
    with workspace.database.writing() as connection:
        decisions.add_alert_version(connection, alert, written_at="2026-01-01T00:00:00Z")
        begun = AlertEvent(alert.alert_id, "draft", "analyst-1", workspace.now, 1, "said", "")
        decisions.append_alert_event(connection, begun)


def test_who_looks_at_the_queue_waits_for_nobody(on_both: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessing leaves it brought up. Behind it, while another writes, what is kept is given, with how far behind."""
    _bring(on_both, "low", 0, 14)
    viewer = Viewer("ana", {"claim": (Sight(("*",), Sensitivity.MODERATE),)}, frozenset({"review"}))
    with on_both.database.reading() as connection:
        assert kept.holds(connection)
    monkeypatch.setattr(review_items, "_LARGE", 1)  # nothing that is not kept is worked out from now on
    monkeypatch.setattr(review_queue, "known_now", lambda *_, **__: pytest.fail("the whole store was read"))
    before = viewing_review.waiting_for(on_both, viewer)
    link = next(one.item for one in before.items if one.kind == "link")
    review.decide_item(on_both, link, "different", by="ana", why="another day")
    with on_both.database.writing() as other:
        other.execute(schema.review_items_state.update().values(stamp=schema.review_items_state.c.stamp))
        listed = viewing_review.waiting_for(on_both, viewer)
        assert [one.item for one in listed.items] == [one.item for one in before.items]
        assert listed.behind
        still = set(queue(known_now(other, on_both.today))["item_id"])
        assert still & {one.item for one in before.items}
        for one in before.items:
            assert _is_there(on_both, viewer, one.item) == (one.item in still)
    after = viewing_review.waiting_for(on_both, viewer)
    assert after.behind == 0
    assert link not in [one.item for one in after.items]
    assert viewing_review.waiting_for(on_both, viewer, kind="machine-link").later
    assert not _is_there(on_both, viewer, f"itm_{0:064x}")
    with on_both.database.writing() as connection:
        connection.execute(schema.review_items_state.delete())
    assert viewing_review.waiting_for(on_both, viewer).behind is None


def _is_there(workspace: Workspace, viewer: Viewer, item: str) -> bool:
    """Whether the viewer finds the item waiting."""
    try:
        return viewing_review.item_for(workspace, viewer, item).item is not None
    except UnknownNameError:
        return False


def test_who_sees_an_area_is_given_the_items_that_lie_within_it_alone(on_both: Workspace) -> None:
    """As received and as corrected; the pages and counts are of what may be seen, the same by index as one by one."""
    _bring(on_both, "low", 0, 16)
    _bring(on_both, "high", 0, 6)
    with on_both.database.reading() as connection:
        claim = known_now(connection, on_both.today).claims.filter(pl.col("admin1") == "East")["claim_id"][0]
        whole = kept.item_page(connection, kind="", unit="", limit=None)
    review.correct(on_both, claim, {"admin1": "West"}, by="ana", why="misread")
    assert review_items.keep_up(on_both) == 0
    by_area: dict[str, int] = {}
    for area in ("XAA/East", "XAA/West", "*", "XAB"):
        for most in (Sensitivity.LOW, Sensitivity.SEVERE):
            sights = (Sight((area,), most),)
            items, counts = review_items.page_seen(on_both, Asked(), sights, start=0, limit=1_000)
            with on_both.database.reading() as connection:
                every = queue(known_now(connection, on_both.today))
                one_by_one = review_items._within(review_items._facts(connection, every), every, sights)
            assert_frame_equal(items, one_by_one)
            assert sum(counts.values()) == items.height
            by_area[area] = max(by_area.get(area, 0), items.height)
            assert not any(claim in claims for claims in items["claims"]) or area == "*"
    assert by_area["*"] > by_area["XAA/West"] > by_area["XAB"] == 0
    assert whole.height


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.none() | st.integers(0, 5) | st.integers(0, 10**9),
            st.sampled_from([*(one.value for one in Sensitivity), "unheard-of"]),
            st.sampled_from([one.name for one in KINDS]),
            st.none() | st.floats(-5, 5) | st.floats(allow_nan=False, allow_infinity=False),
            st.integers(0, 30),
        ),
        max_size=12,
    )
)
def test_places_sort_as_the_queue_does(rows: list[tuple[bool, int | None, str, str, float | None, int]]) -> None:
    """By any figures: what is in an alert, most deaths, class, kind, score, then by name."""
    names = ("in_alert", "deaths_high", "sensitivity", "kind", "score")
    shape = {"in_alert": pl.Boolean, "deaths_high": pl.Int64, "sensitivity": pl.String, "kind": pl.String,
             "score": pl.Float64}  # fmt: skip
    frame = pl.DataFrame([row[:5] for row in rows], schema=shape, orient="row").with_columns(
        pl.Series("subject", [f"clm_{row[5]:064x}" for row in rows], dtype=pl.String),
        pl.Series("other", [f"clm_{number:064x}" for number, _ in enumerate(rows)], dtype=pl.String),
    )

    more = frame.with_columns(
        item_id=pl.col("other"), claims=pl.lit(None, pl.List(pl.String)), reason=pl.lit(""), units=pl.lit(None)
    )
    in_order = _ordered(more.select("item_id", *FOUND, "in_alert", "sensitivity", "units", "kind"))
    found = places(in_order).to_list()
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert set(names) <= set(in_order.columns)
