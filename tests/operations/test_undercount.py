"""The undercount of files and of the store: reading, lists by name, and words that travel along."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from forewarn.errors import ForewarnError, RuleError, UnknownNameError, UsageError
from forewarn.operations.freshness import NAMED_KINDS
from forewarn.operations.undercount import (
    Gathering,
    Plan,
    gathered,
    lists_from_text,
    undercount_of_file,
    undercount_of_incidents,
)
from forewarn.operations.workspace import Workspace
from forewarn.store import reading
from forewarn.store.schema import sources

QUICK = Plan(replicates=100)
TABLE = "A,B,C,n\n1,0,0,50\n0,1,0,40\n0,0,1,60\n1,1,0,9\n0,1,1,8\n1,0,1,12\n1,1,1,2\n"


def written(folder: Path, text: str | bytes) -> Path:
    """A file with that content."""
    path = folder / "cases.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_file_is_estimated_with_its_assumptions(tmp_path: Path) -> None:
    """The answer is plain JSON, says what it is, and carries what it assumes; a byte order mark is no harm."""
    made = undercount_of_file(written(tmp_path, "\ufeff" + TABLE.replace("\n0,0", "\n\n0,0")), QUICK)
    assert made["what"].startswith("an estimate of cases on no list")
    assert made["observed"] == 181
    assert made["assumptions"]
    assert made["unreported_low"] <= made["estimates"][0]["unreported"] <= made["unreported_high"]
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no table"),
        ("A,B,C,n\n", "no table"),
        ("A,B,C,n\n1,0,0,0\n", "no case"),
        (b"A,B,C,n\n1,0,0,\xff\n", "UTF-8"),
        (TABLE + "1,1,0\n", "3 cells"),
        (TABLE + "0,0,0,4\n", "row 9: cases on no list"),
        (TABLE.replace("1,1,0,9", "1,2,0,9"), "column B"),
        (TABLE + '1,"1,0,4\n', "CSV"),
        (TABLE.replace("12", "1.5"), "row 7, number of cases"),
        ("A,B,A,n\n1,0,0,5\n", "twice"),
    ],
)
def test_a_file_that_cannot_be_meant_is_one_clear_error(tmp_path: Path, text: str | bytes, said: str) -> None:
    """One line names the file and what is wrong with it."""
    with pytest.raises(ForewarnError, match=said) as caught:
        undercount_of_file(written(tmp_path, text), QUICK)
    assert "cases.csv" in str(caught.value)


def test_a_row_per_case_and_other_habits_give_the_same_estimate(tmp_path: Path) -> None:
    """A row per case, row numbers, repeats, empty lists, semicolons, words: one answer, and it is said."""
    rows = [line.split(",") for line in TABLE.splitlines()[1:]]
    singly = "A,B,C\n" + "".join(f"{a},{b},{c}\n" * int(n) for a, b, c, n in rows) + "0,0,0\n"
    words = ";n;A;B;C;D\n" + "".join(
        f"{i};{n};{a};{b};{c};false\n".replace(";1", ";1.0") if i > 3 else f"{i};{n};{a};{b};{c};no\n"
        for i, (a, b, c, n) in enumerate(rows, 1)
    ).replace("1.01", "11").replace("1.02", "12")
    twice = TABLE.replace("1,0,0,50", "1,0,0,20\n1,0,0,30") + "0,0,0,NA\n"
    plain = undercount_of_file(written(tmp_path, TABLE), QUICK)
    assert plain["reading"] == []
    for text, said in ((singly, "taken for one case"), (words, "List D holds no case"), (twice, "added up: 1")):
        made = undercount_of_file(written(tmp_path, text), QUICK)
        assert said in " ".join(made.pop("reading"))
        assert made == {name: value for name, value in plain.items() if name != "reading"}


def test_lists_of_a_file_can_be_joined(tmp_path: Path) -> None:
    """A joined list holds what any of its members does; what is not there or taken twice is refused."""
    path = written(
        tmp_path, "A,B,C,D,n\n1,0,0,0,50\n0,1,0,0,40\n0,0,1,0,30\n0,0,0,1,30\n1,1,0,0,9\n0,1,1,1,8\n1,0,0,1,12\n"
    )
    made = undercount_of_file(path, QUICK, joins={"CD": ["C", "D"]})
    assert made["sizes"] == {"A": 71, "B": 57, "CD": 80}
    for joins, kind in (
        ({"X": ["E"]}, UnknownNameError),
        ({"X": ["A"], "Y": ["A"]}, UsageError),
        ({"D": ["A"]}, UsageError),
    ):
        with pytest.raises(kind):
            undercount_of_file(path, QUICK, joins=joins)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """A folder or nothing is no file."""
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ForewarnError, match="not there"):
            undercount_of_file(path, QUICK)


def test_the_stores_incidents_become_cases_on_lists(exercise: Workspace) -> None:
    """Each incident is one case, on every list with a claim in it, and the answer says the matching is linkage's."""
    with exercise.database.reading() as connection:
        claims = reading.read_claims(connection).join(reading.incident_members(connection), on="claim_id")
    held = claims.group_by("incident_id").agg(pl.col("channel").n_unique())["channel"]
    histories, cases = gathered(exercise, Gathering())
    assert cases == histories.observed == held.len()
    assert histories.recaptured == (held > 1).sum()
    assert set(histories.lists) == set(claims["channel"])


def test_persons_are_never_a_list(exercise: Workspace) -> None:
    """By source only named bodies are told apart; everybody else is one list with the others of the channel."""
    with exercise.database.reading() as connection:
        kinds = {row.name: row.kind for row in connection.execute(select(sources.c.name, sources.c.kind))}
    histories, _ = gathered(exercise, Gathering(by="source"))
    assert all(kinds.get(name, "news_outlet") in NAMED_KINDS for name in histories.lists)


def test_no_incident_is_said(exercise: Workspace) -> None:
    """A country without incidents gets the next step and no number."""
    with pytest.raises(RuleError, match="no incident"):
        undercount_of_incidents(exercise, Gathering(country="Zambia"), QUICK)


def test_lists_by_name_are_checked(exercise: Workspace) -> None:
    """An unknown member, a member of two lists and a list without members are refused."""
    with pytest.raises(UnknownNameError, match="nobody"):
        undercount_of_incidents(exercise, Gathering(lists={"one": ["nobody"]}), QUICK)
    with pytest.raises(UsageError, match="channel or source"):
        undercount_of_incidents(exercise, Gathering(by="colour"), QUICK)
    assert lists_from_text(["a=x, y", "b=z"]) == {"a": ["x", "y"], "b": ["z"]}
    for bad in (["a"], ["=x"], ["a="], ["a=x", "a=y"]):
        with pytest.raises(UsageError):
            lists_from_text(bad)


def test_the_stores_estimate_carries_what_could_have_been_seen(exercise: Workspace) -> None:
    """No estimate over incidents without coverage; a country may be given by name or code."""
    made = undercount_of_incidents(exercise, Gathering(by="source", country="XKC"), QUICK)
    assert made["coverage"].startswith("Coverage, 1 area")
    assert made["sight"]["units"] == ("XKC",)
    assert made["sight"]["partly"] <= made["sight"]["unknown"]
    with pytest.raises(UnknownNameError):
        undercount_of_incidents(exercise, Gathering(country="Nowhere at all"), QUICK)
