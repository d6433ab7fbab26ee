"""Assessing what is new: the same as assessing everything, whatever comes in which order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sqlalchemy import create_engine, select, text

from forewarn.assess.queue import queue
from forewarn.config import load_settings
from forewarn.errors import UnknownNameError
from forewarn.model.claim import CountRange
from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.model.incident import Judgement, JudgementKind
from forewarn.operations import casualties, review, sources
from forewarn.operations.assess import Assessed, assess
from forewarn.operations.collect import collect
from forewarn.operations.init import init
from forewarn.operations.review_arrange import incidents_of
from forewarn.operations.review_known import known_now
from forewarn.operations.review_queue import Waiting, listed_of
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import decisions, grading, linkage, reading, schema

MAPPING = """\
name: waves
title: Reports that come in waves
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  source: teller
  published_on: printed
  started_on: day
  ended_on: end
  country: country
  place_name: town
  latitude: lat
  longitude: lon
  act: {column: act, map: {killing: killing, clash: clash, "*": unknown}}
  deaths: deaths
  origins:
    - {name: cites, day: printed}
  text: words
"""
HEADER = "id,teller,printed,day,end,country,town,lat,lon,act,deaths,cites,words"
TOWNS = [("Alba", "10.1", "2.1"), ("Bela", "10.2", "2.4"), ("Cora", "", ""), ("", "", "")]
WORDS = ["market", "road", "village", "attack", "men", "armed", "night", "bridge", "houses", "burnt", "river", "school"]


def wave(seed: int, number: int) -> str:
    """A file of reports on few days and towns, some of them told before in other words, some revised or copied."""
    chance = np.random.default_rng([seed, number])
    lines = [HEADER]
    for who in chance.integers(0, 90, 60 if number == 0 else 9):
        event = np.random.default_rng([seed, 1_000 + int(who) % 22])
        day = int(event.integers(1, 12) + (chance.random() < 0.2))
        town, lat, lon = TOWNS[event.integers(0, 3) if chance.random() < 0.8 else 3]
        told = " ".join(event.choice(WORDS, 6) if chance.random() < 0.6 else chance.choice(WORDS, 4))
        when = f"2020-03-{day:02}" if chance.random() < 0.95 else ""
        printed = f"2020-03-{day + chance.integers(0, 4):02}"
        deaths = event.integers(0, 5) + (chance.random() < 0.2)
        act, cites = event.choice(["killing", "clash"]), chance.choice(["", "Radio A", "Paper B"])
        lines.append(f"r{who},T{who % 5},{printed},{when},{when},Mali,{town},{lat},{lon},{act},{deaths},{cites},{told}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def one_each(content: str) -> str:
    """The file with each id once."""
    head, *rows = content.splitlines()
    return "\n".join([head, *{row.split(",")[0]: row for row in rows}.values()]) + "\n"


def twins_of(folder: Path, server: str = "") -> Iterator[tuple[Workspace, Workspace]]:
    """Two empty workspaces, in files or on a server."""
    made = []
    for name in ("part", "whole"):
        values: dict[str, Any] = {"workspace": folder / name, "author": "analyst", "today": "2020-04-01"}
        if server:
            database = f"linking_{name}_{time.monotonic_ns()}"
            engine = create_engine(server, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {database}"))
            engine.dispose()
            values["database_url"] = server.replace("/postgres?", f"/{database}?")
        settings = load_settings(values, environ={})
        init(settings)
        made.append(settings)
    now = datetime(2020, 4, 1, 9, tzinfo=UTC)
    with opened(made[0]) as part, opened(made[1]) as whole:
        yield replace(part, now=now), replace(whole, now=now)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """Two empty workspaces."""
    yield from twins_of(tmp_path)


@pytest.fixture
def twins_on_server(tmp_path: Path, postgresql: str) -> Iterator[tuple[Workspace, Workspace]]:
    """Two empty workspaces on PostgreSQL."""
    yield from twins_of(tmp_path, postgresql.replace("postgresql://", "postgresql+psycopg://"))


def state(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Incidents, their members, judgements, and what linkage keeps, in order."""
    found = {}
    skipped = {"sequence", *linkage.Place.__slots__}
    tables = ("incidents", "incident_claims", "judgements", "linked_claims", "linkage_counts", "linkage_state")
    with workspace.database.reading() as connection:
        for name in tables:
            table = schema.metadata.tables[name]
            query = select(*(column for column in table.columns if column.name not in skipped))
            rows = connection.execute(query.where(table.c.count > 0) if name == "linkage_counts" else query)
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def decide(workspace: Workspace, number: int) -> None:
    """What people say between two waves, the same in both workspaces: links, bans, a withdrawal, a ruling."""
    at = workspace.now - timedelta(days=10 - number)
    with workspace.database.writing() as connection:
        judged = decisions.read_judgements(connection).sort("left", "right", "decided_at")
        machine = [(row["left"], row["right"]) for row in judged.iter_rows(named=True) if row["kind"] == "machine"]
        pair, other = machine[number], machine[-1 - number]
        said = [
            Judgement(*pair, "different", JudgementKind.HUMAN, "analyst", at, "two villages"),
            Judgement(*other, "same", JudgementKind.HUMAN, "analyst", at, "the same column"),
        ]
        if number > 1:
            last = judged.filter(judged["kind"] == "human")["judgement_id"][0]
            row = judged.filter(judged["judgement_id"] == last).row(0, named=True)
            back = (row["left"], row["right"], "withdrawn", JudgementKind.HUMAN, "analyst", at, "a slip")
            said.append(Judgement(*back, withdraws=last))
        decisions.add_judgements(connection, said)
        if number == 1:
            grading.add_ruling(connection, OriginRuling(*pair, "dependent", "analyst", at, "one tells the other"))
        if number == 3:
            claim = reading.incident_members(connection).sort("claim_id")["claim_id"][0]
            grading.add_quarantine(connection, Quarantine(claim, "known_hoax", "analyst", at, "made up"))


def play(part: Workspace, whole: Workspace, seed: int, folder: Path, waves: int) -> list[Assessed]:
    """Collect and assess waves in both, one by what changed and one from everything; they must agree each time."""
    mapping = folder / "waves.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    made = []
    for number in range(waves):
        file = folder / f"wave{number}.csv"
        file.write_text(one_each(wave(seed, number)), encoding="utf-8")
        for workspace in (part, whole):
            collect(workspace, "table", [file], mapping=mapping)
            if number:
                decide(workspace, number)
        one, other = assess(part), assess(whole, whole=True)
        assert state(part) == state(whole)
        assert (one.claims, one.incidents, one.to_review, one.judged, one.compared) == (
            other.claims,
            other.incidents,
            other.to_review,
            other.judged,
            other.compared,
        )
        made.append(one)
    return made


def test_what_is_new_is_assessed_as_a_whole_run_would(twins: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    """After each wave of new, revised and copied reports, and of decisions, both ways hold exactly the same."""
    made = play(*twins, seed=4, folder=tmp_path, waves=5)
    assert [one.whole for one in made] == [True, False, False, False, False]
    assert 0 < made[1].reassembled < made[1].claims
    assert sum(one.judged for one in made[1:]) > 0


def test_so_it_is_on_postgresql(twins_on_server: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    """The same law on the other engine."""
    made = play(*twins_on_server, seed=7, folder=tmp_path, waves=3)
    assert [one.whole for one in made] == [True, False, False]


def incident_of(workspace: Workspace, claim: str) -> str:
    """The incident that holds a claim now."""
    with workspace.database.reading() as connection:
        return incidents_of(connection, [claim])[claim]


WHO = {"by": "heron", "why": "read both"}
FIXED = {"place_name": "Bela", "deaths_best": "4", "started_on": "2020-03-02", "ended_on": "2020-03-02"}
STEPS: tuple[tuple[str, Callable[[Workspace, dict[str, Any]], str]], ...] = (
    ("corrected", lambda w, said: review.correct(w, said["claim"], FIXED, **WHO).decision),
    ("counted", lambda w, said: casualties.overrule(w, said["claim"], "deaths", CountRange(9, 9, 9), **WHO).id),
    ("kept_out", lambda w, _: sources.quarantine(w, "T1", "deceptive_source", **WHO).id),
    ("merged", lambda w, said: review.merge(w, *said["incidents"], **WHO).decision),
    ("", lambda w, said: review.undo(w, said["corrected"], **WHO).decision),
    ("again", lambda w, said: review.correct(w, said["claim"], {"deaths_best": "8"}, **WHO).decision),
    ("ruled", lambda w, said: sources.rule_origins(w, said["claim"], said["other"], "dependent", **WHO).id),
    ("", lambda w, said: review.split(w, incident_of(w, said["claim"]), [said["claim"]], **WHO).decision),
    ("", lambda w, said: casualties.undo(w, said["counted"], **WHO).id),
    ("", lambda w, _: sources.release(w, "T1", **WHO).id),
    ("", lambda w, said: review.undo(w, said["merged"], **WHO).decision),
    ("", lambda w, said: sources.withdraw_ruling(w, said["ruled"], **WHO).id),
)
"""What people decide one after the other, of every kind that changes incidents, and what they take back of it."""


def decide_all(part: Workspace, whole: Workspace, *, every: int) -> None:
    """After every so many decisions the first must hold what the second holds once it has read the whole store."""
    with part.database.reading() as connection:
        members = reading.incident_members(connection).sort("incident_id", "claim_id")
    several = members.filter(pl.len().over("incident_id") > 1)
    one = several["incident_id"][0]
    two = next(name for name in members["incident_id"] if name != one)
    said: dict[str, Any] = {"claim": several["claim_id"][0], "other": members["claim_id"][-1], "incidents": (one, two)}
    for number, (name, step) in enumerate(STEPS):
        made = [step(workspace, said) for workspace in (part, whole)]
        assert made[0] == made[1]
        said[name] = made[0]
        if number % every == every - 1:
            assess(whole, whole=True)
            assert state(part) == state(whole)
            assert in_pages(part) == worked_out(part)


def in_pages(workspace: Workspace) -> tuple[list[Waiting], dict[str, int]]:
    """The queue as it is listed, seven items at a time."""
    listed = review.waiting(workspace, limit=7)
    items = listed.items
    while page := review.waiting(workspace, limit=7, after=items[-1].item).items:
        items += page
    return items, listed.counts


def worked_out(workspace: Workspace) -> tuple[list[Waiting], dict[str, int]]:
    """The queue as the store gives it, whatever is kept."""
    items = all_of(workspace, "")
    kinds = sorted(one.kind for one in items)
    return items, {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def test_a_decision_touches_what_it_changes_and_leaves_what_a_whole_run_leaves(
    twins: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    """Corrections, counts, quarantines, rulings, arrangements and their undoing; the next run has nothing to do."""
    part, whole = twins
    play(*twins, seed=8, folder=tmp_path, waves=1)
    decide_all(part, whole, every=2)
    again = assess(part)
    assert (again.whole, again.compared, again.reassembled) == (False, 0, 0)
    for kind, unit in (("link", ""), ("", "MLI"), ("grade", "MLI"), ("machine-link", "")):
        found = review.waiting(part, limit=4, kind=kind, unit=unit)
        assert found.items == [one for one in all_of(part, kind) if not unit or unit in one.units][:4]
    with pytest.raises(UnknownNameError):
        review.waiting(part, after="itm_0123456789ab")


def all_of(workspace: Workspace, kind: str) -> list[Waiting]:
    """Every item of a kind."""
    with workspace.database.reading() as connection:
        items = queue(known_now(connection, workspace.today), [kind] if kind else [])
        return listed_of(connection, items, {}).items


def test_decisions_touch_as_little_on_postgresql(twins_on_server: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    """The same law on the other engine."""
    play(*twins_on_server, seed=9, folder=tmp_path, waves=1)
    decide_all(*twins_on_server, every=6)
    assert not assess(twins_on_server[0]).whole


def test_a_run_with_nothing_new_touches_nothing(twins: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    """The second run reads no claim and changes no row."""
    part, _ = twins
    play(*twins, seed=5, folder=tmp_path, waves=1)
    before = state(part)
    again = assess(part)
    assert (again.whole, again.compared, again.reassembled) == (False, 0, 0)
    assert state(part) == before


def test_what_is_kept_may_be_thrown_away(twins: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    """Emptied, it is made again by a whole run, without a new judgement."""
    part, _ = twins
    play(*twins, seed=6, folder=tmp_path, waves=1)
    before = state(part)
    with part.database.writing() as connection:
        linkage.forget_all(connection)
    again = assess(part)
    assert again.whole
    assert again.judged == 0
    assert state(part) == before
