"""Casualties, coverage and coded elements over a whole workspace: nothing mixed, nothing concluded, all undoable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forewarn.cli.output import _plain
from forewarn.errors import (
    InputFormatError,
    InputNotFoundError,
    InputValueError,
    LifecycleError,
    RuleError,
    UnknownNameError,
    UsageError,
)
from forewarn.model.aggregate import Aggregate
from forewarn.model.claim import CountRange
from forewarn.model.coding import LOCKED_ELEMENTS
from forewarn.operations import casualties, coverage, elements
from forewarn.operations.casualty_completeness import completeness
from forewarn.operations.scope import Asked
from forewarn.operations.show import show
from forewarn.operations.workspace import Workspace
from forewarn.store import reading
from forewarn.taxonomy import codes
from forewarn.warn.wording import verdict

ALL = Asked()
SAID_BY = {"by": "analyst", "why": "hospital register"}
VERDICT_WORDS = re.compile(
    r"\b(violat\w+|guilty|innocent|culprits?|criminals?|(?:is|are|was|were) responsible|convicted"
    r"|(?:genocide|ethnic cleansing|war crimes?|crimes? against humanity) (?:is|are|was|were|occurred|happened))\b",
    re.IGNORECASE,
)


@pytest.fixture
def deadly(exercise: Workspace) -> str:
    """An incident with contested deaths, none of whose claims asks for two persons."""
    with exercise.database.reading() as connection:
        claims = reading.read_claims(connection).filter(pl.col("sensitivity").is_in(["high", "severe"]))
        members = reading.incident_members(connection).join(claims, on="claim_id", how="semi")
        frame = reading.read_incidents(connection).join(members, on="incident_id", how="anti")
    found = frame.filter((frame["contested"] == 1) & (frame["deaths_low"] > 1) & (frame["country"] != ""))
    return str(found.sort("incident_id")["incident_id"][0])


def incidents(workspace: Workspace) -> pl.DataFrame:
    """The incidents as they stand."""
    with workspace.database.reading() as connection:
        return reading.read_incidents(connection)


def deaths(workspace: Workspace, asked: Asked = ALL) -> dict[tuple[str, str, str], tuple[int, int | None, int]]:
    """Totals of deaths by kind, status and standard."""
    rows = [row.figures.tally for row in casualties.totals(workspace, asked).rows]
    return {
        (one.death_kind, one.status, one.standard): (one.low, one.high, one.incidents)
        for one in rows
        if one.counted == "deaths"
    }


def test_every_total_carries_its_coverage(exercise: Workspace) -> None:
    """Rows are aggregates with a sight, whatever they are told apart by; rows by area have the sight of that area."""
    for by in ((), ("sex", "age"), ("unit",), ("unit", "month")):
        made = casualties.totals(exercise, Asked(first="2023-01", last="2023-06"), by=by)
        assert made.rows
        for row in made.rows:
            assert isinstance(row, Aggregate)
            assert row.sight.unit_months > 0 or row.figures.told_apart.get("unit") == "not known"
            if "unit" in by and row.figures.told_apart["unit"] != "not known":
                assert row.sight.units == (row.figures.told_apart["unit"],)


def test_overruling_moves_one_incident_and_undo_restores_exactly(exercise: Workspace, deadly: str) -> None:
    """Verified deaths get a row of their own; the rest changes by that incident; undo gives the very totals back."""
    before, was = deaths(exercise), incidents(exercise)
    number = CountRange(7, 7, 7, "verified", "P2")
    made = casualties.overrule(exercise, deadly, "deaths", number, death_kind="direct", **SAID_BY)
    after = deaths(exercise)
    changed = incidents(exercise).join(was, on=was.columns, how="anti", nulls_equal=True)
    assert changed.select("incident_id", "overruled", "deaths_best").rows() == [(deadly, "deaths", 7)]
    assert [one["id"] for one in show(exercise, deadly).overruled] == [made.id]
    assert after["direct", "verified", "P2"] == (7, 7, 1)
    assert sum(one[2] for one in after.values()) == sum(one[2] for one in before.values())
    texts = [row.figures.text for row in casualties.totals(exercise, ALL).rows]
    assert any("at least 7 verified to P2" in text for text in texts)
    undone = casualties.undo(exercise, made.id, **SAID_BY)
    assert deaths(exercise) == before
    assert incidents(exercise).equals(was)
    casualties.undo(exercise, undone.id, **SAID_BY)
    assert deaths(exercise) == after


def test_dnh_28_a_draft_is_the_machines_and_becomes_a_record_by_a_person(
    exercise: Workspace, deadly: str, tmp_path: Path
) -> None:
    """What software begins is labelled, has only unknowns, and counts for nothing until recorded."""
    begun = casualties.draft(exercise, deadly)
    assert begun["label"].startswith("machine")
    assert casualties.show(exercise, deadly).record is None
    begun["victims"][0] |= {"sex": "woman", "age": "child_under_18", "death_kind": "indirect", "through": "disease"}
    file = tmp_path / "record.json"
    file.write_text(json.dumps(begun), encoding="utf-8")
    made = casualties.record(exercise, deadly, file, **SAID_BY)
    shown = casualties.show(exercise, deadly)
    assert shown.record_id == made.id
    assert shown.minimum["recorder"] == "analyst"
    assert "woman" in shown.minimum["sex"]
    assert len(shown.claims["deaths"]) > 1, "contradictory claims stay side by side"
    rows = casualties.totals(exercise, ALL, by=("sex",)).rows
    row = incidents(exercise).filter(pl.col("incident_id") == deadly).row(0, named=True)
    assert ("deaths" in row["overruled"], row["deaths_high"]) == (True, None), "indirect deaths are no part of it"
    assert any(r.figures.told_apart == {"sex": "woman"} and r.figures.tally.death_kind == "indirect" for r in rows)
    with pytest.raises(LifecycleError):
        casualties.record(exercise, deadly, file, by="second", why="unaware of the first")


def test_dnh_22_what_is_not_known_of_casualties_is_counted(exercise: Workspace, deadly: str, tmp_path: Path) -> None:
    """Each minimum field by in how many incidents it is known; a record raises those it fills, and no other."""
    before = completeness(exercise, ALL)
    assert list(before.known) == [code.code for code in codes("casualty_record_minimum")]
    assert 0 < before.known["kind_of_harm"] <= before.incidents
    assert before.known["sex"] == before.known["last_review"] == 0
    begun = casualties.draft(exercise, deadly)
    begun["victims"][0] |= {"sex": "woman"}
    file = tmp_path / "record.json"
    file.write_text(json.dumps(begun), encoding="utf-8")
    casualties.record(exercise, deadly, file, **SAID_BY)
    after = completeness(exercise, ALL)
    raised = {name for name in after.known if after.known[name] > before.known[name]}
    assert raised == {"sex", "last_review"}


HOSTILE = [
    ("acts: []\nvictims: []\nalleged: []\n", InputValueError),
    ("acts: [{act: killing, who: me}]\nvictims: []\nalleged: []\n", InputFormatError),
    ("acts: [{act: slaughter}]\nvictims: []\nalleged: []\n", InputValueError),
    ("acts: killing", InputFormatError),
    ("acts: [{act: killing, circumstances: 'shot by Colonel Abel Baker'}]\nvictims: []\nalleged: []\n", RuleError),
    (
        "acts: [{act: killing, victims: [v1]}]\n"
        "victims: [{group_id: v1, harm: deaths, number: {low: -3}}]\nalleged: []\n",
        InputValueError,
    ),
    (
        "acts: [{act: killing, victims: [v1]}]\n"
        "victims: [{group_id: v1, harm: deaths, number: {low: 1.0e+40}}]\nalleged: []\n",
        (InputFormatError, InputValueError),
    ),
]


@pytest.mark.parametrize(("text", "error"), HOSTILE)
def test_a_bad_record_is_refused_in_one_line(
    exercise: Workspace, deadly: str, tmp_path: Path, text: str, error: Any
) -> None:
    """Unknown keys and codes, impossible numbers, names of persons: nothing is kept."""
    file = tmp_path / "record.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error) as caught:
        casualties.record(exercise, deadly, file, **SAID_BY)
    assert "\n" not in str(caught.value)
    assert casualties.show(exercise, deadly).record is None


def test_what_cannot_be_asked_is_told(exercise: Workspace, deadly: str, tmp_path: Path) -> None:
    """Areas, months, levels, files and ids that are not there."""
    for asked, error in (
        (Asked("XZZ"), UnknownNameError),
        (Asked(first="2023-05", last="2023-01"), UsageError),
        (Asked(level="village"), UsageError),
        (Asked("XKA/Braelix", level="country"), UsageError),
        (Asked(first="1800-01", last="9999-12", level="admin1"), UsageError),
    ):
        with pytest.raises(error):
            casualties.totals(exercise, asked)
    with pytest.raises(InputNotFoundError):
        casualties.record(exercise, deadly, tmp_path / "none.yaml", **SAID_BY)
    with pytest.raises(UnknownNameError):
        casualties.undo(exercise, "clm_1", **SAID_BY)


def test_a_statement_of_sight_changes_what_totals_carry(exercise: Workspace) -> None:
    """Once somebody says they could look, the same total stands on another sight; nothing else changes."""
    asked = Asked("XKA", "2023-01", "2023-03")
    before = casualties.totals(exercise, asked)
    statement = coverage.statement_of("XKA", "observed", "mission", "monitors", ("2023-01", "2023-02"))
    _, is_new = coverage.say(exercise, statement, by="analyst")
    after = casualties.totals(exercise, asked)
    assert is_new
    assert [row.figures for row in before.rows] == [row.figures for row in after.rows]
    assert (before.rows[0].sight.observed, after.rows[0].sight.observed) == (0, 2)
    seen = coverage.covered(exercise, asked)
    assert [one.who for one in seen.statements] == ["mission"]
    assert coverage.balance(exercise, asked).parties.sight == seen.whole.sight


def test_earlier_days_do_not_see_later_decisions(exercise: Workspace, deadly: str) -> None:
    """As known at a day before the overruling, the total is what it was."""
    asked = Asked(as_known_at=date(2024, 12, 31))
    before = deaths(exercise, asked)
    casualties.overrule(exercise, deadly, "deaths", CountRange(9_000, 9_000, 9_000), **SAID_BY)
    assert deaths(exercise, asked) == before


def test_elements_are_coded_by_people_and_taken_back(exercise: Workspace, deadly: str) -> None:
    """A coding shows with its author; undo gives the machine's proposal its place back."""
    before = elements.show(exercise, deadly)
    made = elements.code(exercise, deadly, elements.CodingWish("element", "E2", "coded", "low"), **SAID_BY)
    line = next(line for one in elements.show(exercise, deadly).sheets for line in one.lines if line.code == "E2")
    assert (line.state, line.coded_by, line.confidence) == ("coded", "analyst", "low")
    counted = {one.code: one.coded for one in elements.pattern(exercise, ALL).figures.indicators}
    assert counted["E2"] == 1
    casualties.undo(exercise, made.id, **SAID_BY)
    assert elements.show(exercise, deadly) == before


@pytest.mark.parametrize("author", ["analyst", "machine"])
@pytest.mark.parametrize("element", sorted(LOCKED_ELEMENTS))
def test_inferential_elements_take_only_findings(exercise: Workspace, element: str, author: str) -> None:
    """Nobody codes them; a person may quote a body on an area; software may not even do that."""
    wish = elements.CodingWish("element", element, "coded")
    with pytest.raises(RuleError):
        elements.code(exercise, "inc_", wish, by=author, why="pattern")
    cited = elements.Citation("Commission", "A/1 para. 2", date(2020, 1, 1), "P2", "words of the body")
    if author == "machine":
        with pytest.raises(RuleError, match="no person"):
            elements.find(exercise, "XKA", element, cited, by=author)
    else:
        assert elements.find(exercise, "XKA", element, cited, by=author).startswith("fnd_")


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


OUTPUTS: dict[str, Callable[[Workspace, str], Any]] = {
    "totals": lambda workspace, _: casualties.totals(workspace, ALL),
    "casualties": casualties.show,
    "draft": casualties.draft,
    "coverage": lambda workspace, _: coverage.covered(workspace, ALL),
    "balance": lambda workspace, _: coverage.balance(workspace, ALL),
    "sheet": elements.show,
    "pattern": lambda workspace, _: elements.pattern(workspace, ALL),
    "codable": lambda _workspace, _: elements.codable(),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_holds_words_of_verdict(exercise: Workspace, deadly: str, name: str) -> None:
    """Nothing these operations say convicts, violates or concludes; norms and acts are what conduct may engage."""
    made = OUTPUTS[name](exercise, deadly)
    texts = _texts(json.loads(json.dumps(made, default=_plain)))
    assert texts
    for text in texts:
        assert not VERDICT_WORDS.search(text), text
        assert not list(verdict(name, text)), text


def test_the_word_test_would_catch_a_verdict() -> None:
    """The check can fail: words of verdict are found."""
    for text in ("this violates common article 3", "the Army is guilty", "genocide occurred here"):
        assert VERDICT_WORDS.search(text)
    assert asdict(ALL)["unit"] == ""
