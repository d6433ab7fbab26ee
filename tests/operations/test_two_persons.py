"""What one person may not decide about sensitive claims waits for another, whichever command it comes from."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text

from forewarn.config import load_settings
from forewarn.errors import SeparationError
from forewarn.model.claim import CountRange
from forewarn.model.coding import Coding, Withdrawal
from forewarn.model.grading import OriginRuling, Quarantine
from forewarn.model.incident import Judgement, JudgementKind
from forewarn.model.situation import IndicatorAssessment
from forewarn.operations import casualties, elements, review, situation, sources
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.init import init
from forewarn.operations.review_keep import Entered
from forewarn.operations.workspace import Workspace, opened
from forewarn.store import casualties as kept
from forewarn.store import decisions, grading, reading, schema, situations

MAPPING = """\
name: NAME
title: A small table
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: SENSITIVITY
fields:
  external_id: id
  started_on: day
  ended_on: day
  country: country
  admin1: area
  act: {constant: killing}
  deaths: {best: deaths}
  text: words
"""
ROW = "id,day,country,area,deaths,words\nr1,2025-03-03,XAA,West,5,armed men attacked the market at dusk\n"
NOW = datetime(2025, 5, 2, 12, tzinfo=UTC)
TABLES = ("codings", "count_overrulings", "casualty_records", "withdrawals", "assessments")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sensitive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace in which one incident is told by an open claim, the first known, and by a sensitive one."""
    folder = tmp_path_factory.mktemp("sensitive")
    values: dict[str, Any] = {"workspace": folder / "work", "author": "analyst"}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://")
        name = f"two_{uuid.uuid4().hex}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        values["database_url"] = server.replace("/postgres?", f"/{name}?")
    config = load_settings(values, environ={})
    init(config)
    with opened(config) as workspace:
        for sensitivity in ("low", "high"):
            mapping = folder / f"{sensitivity}.yml"
            mapping.write_text(MAPPING.replace("NAME", sensitivity).replace("SENSITIVITY", sensitivity))
            (folder / f"{sensitivity}.csv").write_text(ROW)
            collect(workspace, "table", [folder / f"{sensitivity}.csv"], mapping=mapping)
        assess(workspace)
        yield replace(workspace, now=NOW)


def open_claim(workspace: Workspace) -> str:
    """The claim that is not sensitive itself; its incident is."""
    with workspace.database.reading() as connection:
        claims = reading.read_claims(connection)
        assert reading.read_incidents(connection).height == 1
    return str(claims.filter(claims["sensitivity"] == "low")["claim_id"][0])


def rows(workspace: Workspace) -> dict[str, int]:
    """How many rows each table holds."""
    with workspace.database.reading() as connection:
        tables = [schema.metadata.tables[name] for name in TABLES]
        return {one.name: connection.execute(select(func.count()).select_from(one)).scalar() or 0 for one in tables}


def said(workspace: Workspace) -> tuple[Any, ...]:
    """What holds: all that is recorded, and the incidents."""
    with workspace.database.reading() as connection:
        return kept.read_recorded(connection), reading.read_incidents(connection).rows()


def coded(workspace: Workspace, by: str) -> Entered:
    """An element coded."""
    wish = elements.CodingWish("element", "E1", "coded", "low")
    return elements.code(workspace, open_claim(workspace), wish, by=by, why="seen by the team")


def counted(workspace: Workspace, by: str) -> Entered:
    """A count overruled."""
    return casualties.overrule(workspace, open_claim(workspace), "deaths", CountRange(7, 7, 7), by=by, why="register")


def recorded(workspace: Workspace, by: str) -> Entered:
    """A record of casualties."""
    file = workspace.settings.workspace / "record.json"
    victims = [{"group_id": "v1", "harm": "deaths", "number": {"best": 9}}]
    acts = [{"act": "killing", "victims": ["v1"], "alleged": []}]
    file.write_text(json.dumps({"acts": acts, "victims": victims, "alleged": []}))
    return casualties.record(workspace, open_claim(workspace), file, by=by, why="lists agree")


@pytest.mark.parametrize("enter", [coded, counted, recorded])
def test_nothing_holds_until_another_person_confirms_and_two_take_it_back(
    sensitive: Workspace, enter: Callable[[Workspace, str], Entered]
) -> None:
    """Entered, it waits; the same by one person confirms nothing, by another it holds; undone by two, it is gone."""
    before, held = rows(sensitive), said(sensitive)
    first = enter(sensitive, "heron")
    assert (first.state, rows(sensitive)) == ("pending", before)
    (item,) = review.waiting(sensitive, kind="confirmation").items
    assert re.search("E1 coded|deaths 7|rec_", item.reason)
    with pytest.raises(SeparationError):
        enter(sensitive, "heron (reviewer)")
    second = enter(sensitive, "stork")
    assert (second.state, second.decision) == ("holds", first.decision)
    assert said(sensitive) != held
    taken = casualties.undo(sensitive, first.id, by="heron", why="not so")
    assert taken.state == "pending"
    assert said(sensitive) != held
    review.confirm(sensitive, taken.decision, by="stork", why="not so")
    assert said(sensitive) == held
    back = review.undo(sensitive, taken.decision, by="heron", why="so it was")
    review.confirm(sensitive, back.decision, by="stork", why="so it was")
    assert said(sensitive) != held
    last = review.undo(sensitive, first.decision, by="heron", why="no")
    review.confirm(sensitive, last.decision, by="stork", why="no")
    assert said(sensitive) == held


def test_an_indicator_that_rests_on_a_sensitive_claim_waits(sensitive: Workspace) -> None:
    """By 'situation assess' as from the queue; and so does taking it back."""
    with sensitive.database.reading() as connection:
        claims = reading.read_claims(connection)
    secret = claims.filter(claims["sensitivity"] == "high")["claim_id"][0]
    read = situation.Reading("7.14", "weak", "seen by the team")
    made, entered = situation.assess_indicator(sensitive, "XAA", read, situation.Evidence([secret]), by="heron")
    assert (entered.state, rows(sensitive)["assessments"]) == ("pending", 0)
    review.confirm(sensitive, entered.decision, by="stork", why="agreed")
    _, back = situation.withdraw(sensitive, made.assessment_id, by="heron", why="no")
    assert (back.state, rows(sensitive)["assessments"]) == ("pending", 1)
    review.confirm(sensitive, back.decision, by="stork", why="no")
    assert rows(sensitive)["assessments"] == 2
    one = situation.Evidence([open_claim(sensitive)])
    assert situation.assess_indicator(sensitive, "XAA", read, one, by="heron")[1].state == "holds"


def test_the_store_refuses_whoever_goes_round_the_operations(sensitive: Workspace) -> None:
    """No row about a sensitive incident is written without a decision that somebody else confirmed."""
    claim = open_claim(sensitive)
    with sensitive.database.reading() as connection:
        both = sorted(reading.read_claims(connection)["claim_id"])
    secret = next(one for one in both if one != claim)
    coding = Coding(claim, "norm", "IHL-CA3", "not_coded", "heron", NOW, "seen")
    reading_of = IndicatorAssessment("XAA", "7.1", "weak", "heron", NOW, "seen", claim_ids=(secret,))
    judged = Judgement(both[0], both[1], "different", JudgementKind.HUMAN, "heron", NOW, "two fights")
    waits = coded(sensitive, "ibis").decision
    before = rows(sensitive)
    for decision in ("", waits):
        for write in (
            lambda c, d: kept.add_coding(c, coding, decision=d),
            lambda c, d: situations.add_assessment(c, reading_of, decision=d),
            lambda c, d: decisions.add_judgements(c, [judged], decision=d),
        ):
            with pytest.raises(SeparationError), sensitive.database.writing() as connection:
                write(connection, decision)
    review.confirm(sensitive, waits, by="stork", why="yes")
    with sensitive.database.reading() as connection:
        holds = kept.read_recorded(connection).codings[-1].coding_id
    with pytest.raises(SeparationError), sensitive.database.writing() as connection:
        kept.withdraw(connection, Withdrawal(holds, "heron", NOW, "no"))
    assert rows(sensitive) == before | {"codings": before["codings"] + 1}


def two_claims(workspace: Workspace) -> list[str]:
    """The open claim and the sensitive one."""
    with workspace.database.reading() as connection:
        claims = reading.read_claims(connection)
    return [str(claims.filter(claims["sensitivity"] == one)["claim_id"][0]) for one in ("low", "high")]


def released(workspace: Workspace, by: str) -> sources.KeptOut:
    """The sensitive claim counted again."""
    return sources.release(workspace, two_claims(workspace)[1], by=by, why="it was shown to be true")


def source_released(workspace: Workspace, by: str) -> sources.KeptOut:
    """The source of a sensitive claim counted again."""
    return sources.release(workspace, source_of_secret(workspace), by=by, why="the agency is a real one")


def ruled(workspace: Workspace, by: str) -> sources.KeptOut:
    """Two claims in the same words ruled to have two origins."""
    return sources.rule_origins(workspace, *two_claims(workspace), "independent", by=by, why="two witnesses, seen")


def source_of_secret(workspace: Workspace) -> str:
    """Who told the sensitive claim."""
    with workspace.database.reading() as connection:
        claims, reports = schema.claims, schema.reports
        joined = claims.join(reports, reports.c.report_id == claims.c.report_id)
        query = select(reports.c.source_id).select_from(joined).where(claims.c.claim_id == two_claims(workspace)[1])
        return str(connection.execute(query).scalar_one())


@pytest.mark.parametrize("enter", [ruled, released, source_released])
def test_counting_again_and_ruling_on_origins_of_sensitive_claims_need_two(
    sensitive: Workspace, enter: Callable[[Workspace, str], sources.KeptOut]
) -> None:
    """One person may keep out at once; to count again waits, and is taken back, and comes back, by two each time."""
    start = said(sensitive)
    if enter is not ruled:
        subject = two_claims(sensitive)[1] if enter is released else source_of_secret(sensitive)
        assert sources.quarantine(sensitive, subject, "under_inquiry", by="heron", why="not sure").state == "holds"
    held = said(sensitive)
    first = enter(sensitive, "heron")
    assert (first.state, said(sensitive)) == ("pending", held)
    with pytest.raises(SeparationError):
        enter(sensitive, "heron (reviewer)")
    assert enter(sensitive, "stork").state == "holds"
    now = said(sensitive)
    assert now != held
    assert enter is ruled or now == start
    undone = first.decision
    for number, expected in enumerate((held, now, held)):
        taken = review.undo(sensitive, undone, by="heron", why=f"again {number}")
        assert taken.state == "pending"
        review.confirm(sensitive, taken.decision, by="stork", why="so it is")
        assert said(sensitive) == expected
        undone = taken.decision if number == 0 else first.decision
    if enter is not ruled:
        enter(sensitive, "heron")
        assert enter(sensitive, "stork").state == "holds"
        assert said(sensitive) == start


def test_the_store_refuses_a_release_and_a_ruling_by_one(sensitive: Workspace) -> None:
    """Whatever writes the row: without a confirmed decision it is not kept."""
    low, high = two_claims(sensitive)
    made = sources.quarantine(sensitive, high, "under_inquiry", by="heron", why="unsure")
    freed = Quarantine(high, "", "heron", NOW, "true", releases=made.id)
    ruling = OriginRuling(*sorted((low, high)), "dependent", "heron", NOW, "one witness")
    with sensitive.database.writing() as connection:
        for decision in ("", made.id):
            with pytest.raises(SeparationError):
                grading.add_quarantine(connection, freed, decision=decision)
            with pytest.raises(SeparationError):
                grading.add_ruling(connection, ruling, decision=decision)
    assert sources.release(sensitive, high, by="heron", why="true").state == "pending"
    assert sources.release(sensitive, high, by="stork", why="true").state == "holds"
