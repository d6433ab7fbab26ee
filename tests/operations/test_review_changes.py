"""Corrections, codings and assessments by review: two persons where it is sensitive, and taken back exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.config import load_settings
from forewarn.errors import ForewarnError, LifecycleError, RuleError, UsageError
from forewarn.model.claim import CountRange
from forewarn.operations import casualties, elements, review
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.export import export
from forewarn.operations.init import init
from forewarn.operations.show import show
from forewarn.operations.situation import show_situation
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import reading

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: {sensitivity}
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  act: {{constant: killing}}
  violence: {{constant: one_sided}}
  target: target
  deaths: {{best: deaths}}
  text: words
"""
HEAD = "id,day,country,area,target,deaths,words\n"
ROWS = (
    'r1,2025-03-03,XAA,West,traders,5,"armed men attacked the hospital at dusk, forty shops burnt"\n'
    "r2,,XAA,West,traders,50,a boat sank off the western shore\n"
    "r3,2025-04-09,XAA,East,farmers,7,soldiers came at night to the upper village\n"
)
Made = Callable[..., Workspace]


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A function that makes a small assessed workspace of that sensitivity."""
    contexts = []

    def make(sensitivity: str = "low") -> Workspace:
        folder = tmp_path_factory.mktemp("changes")
        config = load_settings({"workspace": folder / "work", "author": "analyst"}, environ={})
        init(config)
        context = opened(config)
        workspace = replace(context.__enter__(), now=datetime(2025, 5, 2, 12, tzinfo=UTC))
        contexts.append(context)
        (folder / "small.yml").write_text(MAPPING.format(sensitivity=sensitivity), encoding="utf-8")
        add(workspace, folder, "first", ROWS)
        assess(workspace)
        return workspace

    yield make
    for context in contexts:
        context.__exit__(None, None, None)


def add(workspace: Workspace, folder: Path, name: str, rows: str) -> None:
    """Collect a few rows more."""
    (folder / f"{name}.csv").write_text(HEAD + rows, encoding="utf-8")
    collect(workspace, "table", [folder / f"{name}.csv"], mapping=folder / "small.yml")


def claims(workspace: Workspace) -> pl.DataFrame:
    """The claims as they read, in the order of the table."""
    with workspace.database.reading() as connection:
        return reading.read_claims(connection).sort("external_id")


def incidents(workspace: Workspace) -> pl.DataFrame:
    """The incidents as they stand."""
    with workspace.database.reading() as connection:
        return reading.read_incidents(connection)


def coded(workspace: Workspace, incident: str) -> dict[str, str]:
    """The elements coded of an incident by people, with their states."""
    with workspace.database.reading() as connection:
        members = reading.incident_members(connection).filter(pl.col("incident_id") == incident)["claim_id"].to_list()
    lines = [line for sheet in elements.show(workspace, incident).sheets for line in sheet.lines]
    assert members
    return {line.code: line.state for line in lines if line.state in ("coded", "not_coded")}


def at(workspace: Workspace, hours: int) -> Workspace:
    """The workspace so many hours later."""
    return replace(workspace, now=workspace.now + timedelta(hours=hours))


def test_a_correction_is_read_everywhere_and_taken_back_exactly(made: Made, tmp_path: Path) -> None:
    """Claim, incident, export and what is shown; the value as received stays beside it; undo leaves no trace."""
    workspace = made()
    claim, before, was = claims(workspace)["claim_id"][1], claims(workspace), incidents(workspace)
    item = next(one for one in review.waiting(workspace, kind="extraction").items if one.left == claim)
    assert "no day" in item.reason
    done = review.correct(workspace, claim, {"started_on": "2025-03-05", "deaths_best": "15"}, by="heron", why="page 2")
    assert (done.state, done.changes) == ("holds", 2)
    row = claims(workspace).filter(pl.col("claim_id") == claim).row(0, named=True)
    assert (row["started_on"], row["deaths_best"]) == ("2025-03-05", 15)
    assert claims(workspace).filter(pl.col("claim_id") != claim).equals(before.filter(pl.col("claim_id") != claim))
    assert incidents(workspace)["deaths_high"].max() != was["deaths_high"].max()
    told = {line["column"]: (line["received"], line["corrected"]) for line in show(workspace, claim).corrected}
    assert told["started_on"] == ("", "2025-03-05")
    export(workspace, "claims", tmp_path / "claims.csv")
    assert ",15," in (tmp_path / "claims.csv").read_text()
    assert not [one for one in review.waiting(workspace, kind="extraction").items if one.left == claim]
    undone = review.undo(workspace, done.decision, by="stork", why="no")
    assert claims(workspace).equals(before)
    assert incidents(workspace).equals(was)
    assert not show(workspace, claim).corrected
    review.undo(workspace, undone.decision, by="stork", why="yes")
    assert claims(workspace).filter(pl.col("claim_id") == claim)["deaths_best"][0] == 15


def test_a_correction_of_a_sensitive_claim_waits_for_another_person(made: Made) -> None:
    """Nothing reads otherwise until a second person says the same or confirms."""
    workspace = made("severe")
    before = claims(workspace)
    claim = before["claim_id"][0]
    asked = review.correct(workspace, claim, {"deaths_best": "4"}, by="heron", why="w")
    assert asked.state == "pending"
    assert claims(workspace).equals(before)
    assert [one.left for one in review.waiting(workspace, kind="confirmation").items] == [asked.decision]
    assert [one["claim_id"] for one in review.show_item(workspace, asked.decision).claims] == [claim]
    other = review.correct(workspace, claim, {"deaths_best": "6"}, by="stork", why="w")
    assert other.state == "pending"
    held = review.correct(workspace, claim, {"deaths_best": "4"}, by="stork", why="w")
    assert (held.decision, held.state) == (asked.decision, "holds")
    assert claims(workspace)["deaths_best"][0] == 4
    assert review.undo(workspace, asked.decision, by="stork", why="w").state == "pending"
    assert claims(workspace)["deaths_best"][0] == 4


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
def test_whatever_is_corrected_and_taken_back_the_claims_come_back(made: Made, data: st.DataObject) -> None:
    """Corrections that build on each other, undone in any order: with none left, every claim is what was received."""
    workspace = made()
    before = claims(workspace)
    ids = before["claim_id"].to_list()
    standing: list[str] = []
    for step in range(data.draw(st.integers(1, 6))):
        column = data.draw(st.sampled_from(["deaths_low", "deaths_best", "deaths_high", "started_on", "act"]))
        values = {"started_on": ["2025-03-01", ""], "act": ["attack", "threat"]}.get(column, ["", "1", "6", "90"])
        try:
            value = {column: data.draw(st.sampled_from(values))}
            done = review.correct(at(workspace, -step), data.draw(st.sampled_from(ids)), value, by="heron", why="w")
            standing.append(done.decision)
        except ForewarnError:
            continue
    for decision in data.draw(st.permutations(standing)):
        review.undo(workspace, decision, by="stork", why="w")
    assert claims(workspace).equals(before)


def test_what_is_no_correction_is_refused_and_nothing_is_kept(made: Made) -> None:
    """A private person, a value that stands already, no value, a column named twice."""
    workspace = made()
    claim = claims(workspace)["claim_id"][0]
    for call, error in (
        (
            lambda: review.correct(workspace, claim, {"alleged_by": "Colonel Firstname Lastname"}, by="h", why="w"),
            RuleError,
        ),
        (lambda: review.correct(workspace, claim, {"deaths_best": "5"}, by="h", why="w"), RuleError),
        (lambda: review.pairs_from([]), UsageError),
        (lambda: review.pairs_from(["deaths_best=1", "deaths_best=2"]), UsageError),
        (lambda: review.pairs_from(["deaths_best"]), UsageError),
    ):
        with pytest.raises(error):
            call()
    assert not review.history(workspace)
    named = review.correct(workspace, claim, {"place_name": "General Santos"}, by="h", why="a town called so")
    assert named.state == "holds"


def test_a_reading_found_right_is_asked_no_more_until_that_is_taken_back(made: Made) -> None:
    """The verdict 'right' changes no claim and takes the item out."""
    workspace = made()
    before = claims(workspace)
    item = review.waiting(workspace, kind="extraction").items[0]
    done = review.decide_item(workspace, item.item, "right", by="heron", why="the report gives no day")
    assert not review.waiting(workspace, kind="extraction").items
    assert claims(workspace).equals(before)
    review.undo(workspace, done.decision, by="heron", why="w")
    assert [one.item for one in review.waiting(workspace, kind="extraction").items] == [item.item]


@pytest.mark.parametrize("sensitivity", ["low", "high"])
def test_elements_are_coded_from_the_queue_and_taken_back(made: Made, sensitivity: str) -> None:
    """By one person, or by two where the claims are sensitive; undone and redone, the sheet says what holds."""
    workspace = made(sensitivity)
    item = review.waiting(workspace, kind="element").items[0]
    done = review.decide_item(workspace, item.item, "coded", by="heron", why="seen by the team")
    if sensitivity == "high":
        assert (done.state, coded(workspace, item.left)) == ("pending", {})
        done = review.confirm(workspace, done.decision, by="stork", why="so it was")
    found = coded(workspace, item.left)
    assert found
    assert set(found.values()) == {"coded"}
    assert item.item not in [one.item for one in review.waiting(workspace, kind="element").items]
    undone = review.undo(workspace, done.decision, by="stork", why="not so")
    if sensitivity == "high":
        assert coded(workspace, item.left) == found
        review.confirm(workspace, undone.decision, by="heron", why="not so")
    assert coded(workspace, item.left) == {}
    if sensitivity == "low":
        again = review.undo(workspace, undone.decision, by="heron", why="it was")
        assert coded(workspace, item.left) == found
        with pytest.raises(LifecycleError):
            review.undo(workspace, undone.decision, by="heron", why="it was")
        review.undo(workspace, again.decision, by="heron", why="it was not")
        assert coded(workspace, item.left) == {}


def test_a_grade_is_given_from_the_queue(made: Made) -> None:
    """The answer to an item of kind grade is the grade; the item is gone."""
    workspace = made()
    item = review.waiting(workspace, kind="grade").items[0]
    review.decide_item(workspace, item.item, "3", by="heron", why="one telling, nothing against it")
    assert item.item not in [one.item for one in review.waiting(workspace, kind="grade").items]


def test_claims_that_came_in_since_are_still_compared_after_a_decision(made: Made, tmp_path: Path) -> None:
    """A decision puts the incidents together anew without taking new claims for compared ones; what is put together in
    parts afterwards is what the whole store gives, corrections and recorded counts included."""
    workspace = made()
    (tmp_path / "small.yml").write_text(MAPPING.format(sensitivity="low"), encoding="utf-8")
    add(workspace, tmp_path, "more", ROWS.splitlines(keepends=True)[0].replace("r1", "r9"))
    review.correct(workspace, claims(workspace)["claim_id"][0], {"deaths_best": "6"}, by="heron", why="w")
    casualties.overrule(workspace, claims(workspace)["claim_id"][2], "deaths", CountRange(1, 2, 3), by="heron", why="w")
    assert assess(workspace).compared > 0
    held = incidents(workspace)
    assert held.filter(pl.col("overruled") == "deaths")["deaths_best"].to_list() == [2]
    assert {3, 6, 50} <= set(held["deaths_high"])
    add(workspace, tmp_path, "again", ROWS.splitlines(keepends=True)[2].replace("r3,2025", "r8,2024"))
    assert not assess(workspace).whole
    part = incidents(workspace)
    assess(workspace, whole=True)
    assert incidents(workspace).equals(part)


@pytest.mark.parametrize("sensitivity", ["low", "high"])
def test_an_indicator_is_assessed_from_the_queue_and_taken_back(made: Made, sensitivity: str) -> None:
    """The proposal's claims are its evidence; undo withdraws it, and it is proposed again."""
    then = made(sensitivity)
    item = review.waiting(then, kind="indicator", limit=1).items[0]
    done = review.decide_item(then, item.item, "weak", by="heron", why="few, and old")
    later = at(then, 48)

    def held() -> list[str]:
        factors = show_situation(later, item.left, as_known_at=later.today).situation.factors
        views = [view for factor in factors for view in factor.indicators if view.held]
        return [view.held.state for view in views if view.held and view.held.indicator == item.right]

    assert done.state == ("pending" if sensitivity == "high" else "holds")
    if done.state == "pending":
        assert held() == []
        review.confirm(then, done.decision, by="stork", why="agreed")
    assert held() == ["weak"]
    undone = review.undo(then, done.decision, by="stork", why="no")
    if undone.state == "pending":
        review.confirm(then, undone.decision, by="heron", why="no")
    assert held() == []
    assert item.item in [one.item for one in review.waiting(then, kind="indicator", limit=200).items]
