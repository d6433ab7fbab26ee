"""Review: what holds is what the standing decisions say; sensitive claims need two persons; everything is undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.assess import clusters, told_apart
from forewarn.clock import instant_text
from forewarn.config import load_settings
from forewarn.errors import ForewarnError, LifecycleError, RuleError, SeparationError, UnknownNameError, UsageError
from forewarn.model.review import states_of
from forewarn.operations import review
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.demo import Demonstration
from forewarn.operations.init import init
from forewarn.operations.knowledge import claims_with_rules
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import decisions, reading, review_reading

MAPPING = """\
name: small
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: {sensitivity}
row_is: {row_is}
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  latitude: lat
  longitude: lon
  place_precision: {{constant: exact}}
  act: {{constant: killing}}
  violence: {{constant: one_sided}}
  target: target
  deaths: {{best: deaths}}
  text: words
"""
Made = Callable[..., Workspace]


def _rows(count: int) -> str:
    """Tellings of a few happenings: the same place, days close together, unlike words."""
    words = re.findall(
        r"\w+", "armed men attacked the market and fled by boat before soldiers came to the shore at dusk"
    )
    lines = ["id,day,country,area,lat,lon,target,deaths,words"]
    for number in range(count):
        said = words[number % 9 : number % 9 + 9]
        day = 3 + number % 3
        lines.append(f"r{number},2025-03-{day:02},XAA,West,6.74,-7.35,traders,{5 + number % 2},{' '.join(said)}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A function that makes a small assessed workspace of that sensitivity; by far not all claims are linked."""
    open_ones = []

    def make(sensitivity: str = "low", count: int = 8, row_is: str = "report") -> Workspace:
        folder = tmp_path_factory.mktemp("small")
        config = load_settings({"workspace": folder / "work", "author": "analyst"}, environ={})
        init(config)
        context = opened(config)
        workspace = context.__enter__()
        open_ones.append(context)
        (folder / "small.yml").write_text(MAPPING.format(sensitivity=sensitivity, row_is=row_is), encoding="utf-8")
        (folder / "small.csv").write_text(_rows(count), encoding="utf-8")
        collect(workspace, "table", [folder / "small.csv"], mapping=folder / "small.yml")
        assess(workspace)
        return workspace

    yield make
    for context in open_ones:
        context.__exit__(None, None, None)


def claims_of(workspace: Workspace) -> list[str]:
    """Every claim, by id."""
    with workspace.database.reading() as connection:
        return reading.read_claims(connection)["claim_id"].to_list()


def groups(workspace: Workspace) -> set[frozenset[str]]:
    """The incidents, as their claims."""
    with workspace.database.reading() as connection:
        members = reading.incident_members(connection)
    return {frozenset(part["claim_id"]) for _, part in members.group_by("incident_id")}


def incident_of(workspace: Workspace, claim: str) -> str:
    """The incident that holds a claim."""
    with workspace.database.reading() as connection:
        members = reading.incident_members(connection)
    return str(members.filter(pl.col("claim_id") == claim)["incident_id"][0])


def expected(workspace: Workspace) -> set[frozenset[str]]:
    """The incidents that follow from the machine and the effects of the decisions that stand, in any order."""
    with workspace.database.reading() as connection:
        judgements = decisions.read_judgements(connection).drop("sequence")
        given = review_reading.read_decisions(connection)
        states = states_of(given, review_reading.read_confirmations(connection))
        claims = claims_with_rules(connection, reading.read_claims(connection))
    rows = [
        {
            **{name: getattr(one, name) for name in ("judgement_id", "left", "right", "verdict", "author", "reason")},
            "kind": "human",
            "decided_at": instant_text(one.decided_at),
            "score": None,
            "withdraws": "",
        }
        for decision in given
        if decision.act != "undo" and states[decision.decision_id] == "holds"
        for one in decision.judgements()
    ]
    human = pl.DataFrame(rows, schema=judgements.schema).sort("judgement_id")
    machine = judgements.filter(pl.col("kind") == "machine")
    found = clusters(claims["claim_id"], pl.concat([human, machine]), never=told_apart(claims))
    return {frozenset(part["claim_id"]) for _, part in found.group_by("root")}


def at(workspace: Workspace, hours: int) -> Workspace:
    """The workspace so many hours later."""
    return replace(workspace, now=workspace.now + timedelta(hours=hours))


def test_a_split_a_move_and_a_merge_come_out_as_asked_and_are_undone_exactly(made: Made) -> None:
    """The incidents lie as asked; undoing gives what was before; undoing the undo gives it back."""
    workspace = made()
    ids = claims_of(workspace)
    together = (
        review.merge(workspace, incident_of(workspace, ids[0]), incident_of(workspace, ids[1]), by="heron", why="one")
        if incident_of(workspace, ids[0]) != incident_of(workspace, ids[1])
        else None
    )
    before = groups(workspace)
    whole = incident_of(workspace, ids[0])
    parted = review.split(workspace, whole, [ids[0]], by="heron", why="another boat")
    assert incident_of(workspace, ids[0]) != incident_of(workspace, ids[1])
    after = groups(workspace)
    undone = review.undo(workspace, parted.decision, by="stork", why="no")
    assert groups(workspace) == before
    review.undo(workspace, undone.decision, by="heron", why="yes")
    assert groups(workspace) == after
    back = review.move(workspace, ids[0], incident_of(workspace, ids[1]), by="ibis", why="back")
    assert incident_of(workspace, ids[0]) == incident_of(workspace, ids[1])
    review.undo(workspace, back.id, by="ibis", why="no")
    assert groups(workspace) == after
    assert together is None or together.state == "holds"


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
def test_any_sequence_ends_in_what_the_standing_decisions_say(made: Made, data: st.DataObject) -> None:
    """Decisions, confirmations and undos by three people, in any order: the incidents are those that follow."""
    workspace = made(data.draw(st.sampled_from(["low", "high"])), 6)
    ids = claims_of(workspace)
    people = st.sampled_from(["heron", "stork (analyst)", "ibis"])
    for step in range(data.draw(st.integers(2, 7))):
        by, now = data.draw(people), at(workspace, data.draw(st.sampled_from([0, 0, step])))
        act = data.draw(st.sampled_from(["judge", "split", "move", "merge", "undo", "undo", "confirm", "confirm"]))
        one, other = data.draw(st.permutations(ids))[:2]
        record = review.history(now, limit=100)
        some = data.draw(st.sampled_from(record)).decision if record else ids[0]
        steps: dict[str, Callable[[], object]] = {
            "judge": lambda: review.decide(now, one, other, "different", by=by, why="w"),  # noqa: B023
            "split": lambda: review.split(now, incident_of(now, one), [one], by=by, why="w"),  # noqa: B023
            "move": lambda: review.move(now, one, incident_of(now, other), by=by, why="w"),  # noqa: B023
            "merge": lambda: review.merge(now, incident_of(now, one), incident_of(now, other), by=by, why="w"),  # noqa: B023
            "undo": lambda: review.undo(now, some, by=by, why="w"),  # noqa: B023
            "confirm": lambda: review.confirm(now, some, by=by, why="w"),  # noqa: B023
        }
        before = groups(workspace)
        try:
            steps[act]()
        except ForewarnError:
            assert groups(workspace) == before
    assert groups(workspace) == expected(workspace)


def test_sensitive_claims_wait_for_a_second_person(made: Made) -> None:
    """Nothing changes until another person confirms; the same person in another role is refused."""
    workspace = made("severe")
    ids = claims_of(workspace)
    before = groups(workspace)
    asked = review.decide(workspace, ids[0], ids[1], "different", by="heron (analyst)", why="two days")
    assert (asked.state, groups(workspace)) == ("pending", before)
    listed = review.waiting(workspace, kind="confirmation")
    assert [one.left for one in listed.items] == [asked.decision]
    for name in ("heron", "Heron (reviewer)", "analyst: heron"):
        with pytest.raises(SeparationError):
            review.confirm(workspace, asked.decision, by=name, why="yes")
        with pytest.raises(SeparationError):
            review.decide(workspace, ids[0], ids[1], "different", by=name, why="yes")
    assert groups(workspace) == before
    held = review.decide_item(workspace, listed.items[0].item, "confirm", by="stork (analyst)", why="yes")
    assert held.state == "holds"
    assert not review.waiting(workspace, kind="confirmation").items
    assert incident_of(workspace, ids[0]) != incident_of(workspace, ids[1])
    entry = review.history(workspace, asked.decision)[0]
    assert (entry.by, entry.confirmed_by, entry.state) == ("heron (analyst)", "stork (analyst)", "holds")
    taken = review.undo(workspace, asked.decision, by="stork", why="no")
    assert taken.state == "pending"
    assert incident_of(workspace, ids[0]) != incident_of(workspace, ids[1])
    review.confirm(workspace, taken.decision, by="heron", why="no indeed")
    assert groups(workspace) == before


def test_one_person_recalls_what_waits_and_it_cannot_be_confirmed(made: Made) -> None:
    """What never held is taken back by one person; confirming it then is refused until the recall is undone."""
    workspace = made("high")
    ids = claims_of(workspace)
    asked = review.decide(workspace, ids[0], ids[1], "different", by="heron", why="w")
    recalled = review.undo(workspace, asked.decision, by="heron", why="too soon")
    assert recalled.state == "holds"
    with pytest.raises(LifecycleError, match="taken back"):
        review.confirm(workspace, asked.decision, by="stork", why="yes")
    again = review.undo(workspace, recalled.decision, by="heron", why="after all")
    assert again.state == "holds"
    assert review.confirm(workspace, asked.decision, by="stork", why="yes").state == "holds"
    assert review.undo(workspace, again.decision, by="heron", why="alone").state == "pending"


def test_a_second_persons_same_word_confirms(made: Made) -> None:
    """Two people who decide the same, one after the other, are two."""
    workspace = made("high")
    ids = claims_of(workspace)
    first = review.decide(workspace, ids[0], ids[1], "different", by="heron", why="w")
    second = review.decide(workspace, ids[1], ids[0], "different", by="stork", why="seen")
    assert (second.decision, second.state) == (first.decision, "holds")


def test_a_judgement_is_undone_by_its_own_id(made: Made) -> None:
    """What 'review decide' prints is what 'review undo' takes, and again for the undo."""
    workspace = made()
    ids = claims_of(workspace)
    before = groups(workspace)
    decided = review.decide(workspace, ids[0], ids[1], "different", by="heron", why="w")
    assert decided.id.startswith("jdg_")
    after = groups(workspace)
    undone = review.undo(workspace, decided.id, by="heron", why="w")
    assert groups(workspace) == before
    review.undo(workspace, undone.id, by="heron", why="w")
    assert groups(workspace) == after
    with workspace.database.reading() as connection:
        machine = decisions.read_judgements(connection).filter(pl.col("kind") == "machine")["judgement_id"][0]
    review.undo(workspace, machine, by="heron", why="the rule was wrong here")
    with pytest.raises(LifecycleError, match="taken back already"):
        review.undo(workspace, undone.decision, by="heron", why="w")


def test_later_words_count_even_where_a_clock_ran_ahead(made: Made) -> None:
    """A judgement made by a machine whose clock was a year ahead is still overruled by the next."""
    workspace = made()
    ids = claims_of(workspace)
    review.decide(at(workspace, 9_000), ids[0], ids[1], "different", by="heron", why="w")
    review.decide(workspace, ids[0], ids[1], "same", by="stork", why="w")
    assert incident_of(workspace, ids[0]) == incident_of(workspace, ids[1])
    other = incident_of(workspace, ids[0])
    review.split(workspace, other, [ids[0]], by="ibis", why="w")
    assert incident_of(workspace, ids[0]) != incident_of(workspace, ids[1])


def test_what_cannot_be_done_is_told_and_nothing_is_kept(made: Made) -> None:
    """All or none of the claims, a claim elsewhere, the same incident twice, a verdict there is not."""
    workspace = made()
    ids = claims_of(workspace)
    inside = incident_of(workspace, ids[0])
    members = next(group for group in groups(workspace) if ids[0] in group)
    for call, error in (
        (lambda: review.split(workspace, inside, sorted(members), by="h", why="w"), UsageError),
        (lambda: review.split(workspace, inside, [], by="h", why="w"), UsageError),
        (lambda: review.move(workspace, ids[0], inside, by="h", why="w"), UsageError),
        (lambda: review.merge(workspace, inside, inside, by="h", why="w"), UsageError),
        (lambda: review.decide(workspace, ids[0], ids[0], "same", by="h", why="w"), UsageError),
        (lambda: review.decide(workspace, ids[0], ids[1], "withdrawn", by="h", why="w"), ForewarnError),
        (lambda: review.decide(workspace, ids[0], ids[1], "same", by="clock", why="w"), ForewarnError),
        (lambda: review.decide(workspace, ids[0], ids[1], "same", by="h", why=" "), ForewarnError),
        (lambda: review.decide_item(workspace, "itm_00", "same", by="h", why="w"), UnknownNameError),
        (lambda: review.confirm(workspace, "dec_00", by="h", why="w"), UnknownNameError),
        (lambda: review.waiting(workspace, kind="persons"), UsageError),
    ):
        with pytest.raises(error):
            call()
    assert not review.history(workspace)


def test_the_queue_of_the_exercise(exercise: Workspace, played: Demonstration) -> None:
    """Links, incidents kept apart and missing grades wait, the most deaths first; an answer takes an item out."""
    listed = review.waiting(exercise, limit=400)
    assert {"link", "apart", "grade", "element"} <= set(listed.counts)
    assert listed.counts["link"] == played.assessed.to_review
    weight = [(one.in_alert, 0.5 if one.deaths is None else one.deaths) for one in listed.items]
    assert weight == sorted(weight, reverse=True)
    assert all(one.verdicts or one.command for one in listed.items)
    first = next(one for one in listed.items if one.kind == "apart" and one.sensitivity == "low")
    decided = review.decide_item(exercise, first.item, "same", by="heron", why="one fight")
    assert incident_of(exercise, first.left) == incident_of(exercise, first.right)
    assert first.item not in {one.item for one in review.waiting(exercise, limit=400, kind="apart").items}
    review.undo(exercise, decided.decision, by="heron", why="no")
    assert first.item in {one.item for one in review.waiting(exercise, limit=400, kind="apart").items}
    here = review.waiting(exercise, limit=400, unit=first.units[0]).items
    assert here
    assert all(first.units[0] in one.units for one in here)


def test_an_item_shows_the_original_with_its_span_and_no_grade(exercise: Workspace) -> None:
    """The words a claim rests on are marked in the cell as it was received; grades are not to be seen."""
    link = review.waiting(exercise, limit=1, kind="link").items[0]
    review.grade(exercise, link.left, "2", by="stork", why="seen")
    shown = review.show_item(exercise, link.item)
    assert {claim["claim_id"] for claim in shown.claims} == {link.left, link.right}
    words = {claim["claim_id"]: claim["text"] for claim in shown.claims}
    for original in shown.originals:
        assert original.text[original.start : original.end] == words[original.claim_id]
    assert "blind" in shown.note
    assert "credibility" not in repr(shown.claims)
    assert not shown.history


def test_grown_incidents_wait_until_somebody_looks(made: Made, tmp_path: Path) -> None:
    """A claim that joins after a person judged brings the incident back; looking takes it out; that can be undone."""
    workspace = made("low", 6)
    ids = claims_of(workspace)
    review.decide(workspace, ids[0], ids[1], "same", by="heron", why="w")
    assert not review.waiting(workspace, kind="grew").items
    (tmp_path / "small.yml").write_text(MAPPING.format(sensitivity="low", row_is="report"), encoding="utf-8")
    (tmp_path / "more.csv").write_text(_rows(12), encoding="utf-8")
    collect(at(workspace, 24), "table", [tmp_path / "more.csv"], mapping=tmp_path / "small.yml")
    assess(at(workspace, 25))
    grown = review.waiting(workspace, kind="grew").items
    assert grown
    looked = review.decide_item(at(workspace, 26), grown[0].item, "whole", by="heron", why="one attack")
    assert grown[0].item not in {one.item for one in review.waiting(workspace, kind="grew").items}
    review.undo(at(workspace, 27), looked.decision, by="heron", why="not yet")
    assert grown[0].item in {one.item for one in review.waiting(workspace, kind="grew").items}


def test_rows_that_are_happenings_are_never_merged(made: Made) -> None:
    """What no judgement of a person may join is refused with the reason, and the record stays as it was."""
    workspace = made("low", 3, "incident")
    ids, before = claims_of(workspace), groups(workspace)
    assert len(before) == 3
    with pytest.raises(RuleError, match="one row per happening"):
        review.merge(workspace, incident_of(workspace, ids[0]), incident_of(workspace, ids[1]), by="heron", why="w")
    assert groups(workspace) == before
    assert not review.history(workspace)
