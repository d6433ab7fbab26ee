"""Hard input from collection to incidents: any order, any names, clocks that are off, sources that cite themselves."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.config import load_settings
from forewarn.operations import review, sources
from forewarn.operations.assess import assess
from forewarn.operations.collect import collect
from forewarn.operations.init import init
from forewarn.operations.knowledge import knowledge
from forewarn.operations.workspace import Workspace, opened

MAPPING = """\
name: hard
title: Hard input
publisher: Nobody (fictional)
licence: CC0-1.0
sensitivity: low
fields:
  external_id: id
  source: teller
  published_on: printed
  started_on: day
  ended_on: day
  country: country
  place_name: town
  act: {column: act, map: {killing: killing, clash: clash, "*": unknown}}
  parties: [one, other]
  alleged_by: by
  deaths: deaths
  origins:
    - {name: cites, day: printed}
  text: words
"""
COLUMNS = ("id", "teller", "printed", "day", "country", "town", "act", "one", "other", "by", "deaths", "cites", "words")
ACTORS = ("Ash Front", "Elm Guard", "Oak League")
FEW = settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
Row = dict[str, str]
Workspaces = Callable[[Sequence[Sequence[Row]]], Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Workspaces:
    """A function that opens a workspace in which files of rows were collected in that order and assessed."""
    empty = tmp_path_factory.mktemp("empty") / "work"
    init(load_settings({"workspace": empty}, environ={}))

    @contextmanager
    def make(files: Sequence[Sequence[Row]]) -> Iterator[Workspace]:
        with TemporaryDirectory() as folder:
            work = Path(folder) / "work"
            shutil.copytree(empty, work)
            (work / "hard.yml").write_text(MAPPING, encoding="utf-8")
            values = {"workspace": work, "author": "heron", "today": "2021-01-01"}
            with opened(load_settings(values, environ={})) as workspace:
                for rows in files:
                    file = work / f"{min(row['id'] for row in rows)}.csv"
                    with file.open("w", newline="", encoding="utf-8") as out:
                        writer = csv.DictWriter(out, COLUMNS)
                        writer.writeheader()
                        writer.writerows(rows)
                    collect(workspace, "table", [file], mapping=work / "hard.yml")
                assess(workspace)
                yield workspace

    return make


def row(number: int, **said: Any) -> Row:
    """A telling of a killing, unless said otherwise."""
    plain = {
        "id": f"r{number:05}", "teller": f"Paper {number}", "printed": "2020-05-03", "day": "2020-05-02", "cites": "",
        "country": "Mali", "town": "Alba", "act": "killing", "deaths": "4",
        "one": ACTORS[0], "other": ACTORS[1], "by": ACTORS[0],
        "words": f"four herders were shot dead near the market of Alba, says paper {number}",
    }  # fmt: skip
    return plain | {name: str(value) for name, value in said.items()}


def happened(workspace: Workspace) -> pl.DataFrame:
    """The incidents with the ids of their rows in place of those of their claims, in the order of those."""
    with workspace.database.reading() as connection:
        known = knowledge(connection, workspace.today)
    ids = known.claims.select("claim_id", "external_id")
    rows = known.assembly.members.join(ids, on="claim_id").group_by("incident_id").agg(pl.col("external_id").sort())
    frame = known.held.join(rows, on="incident_id").drop("incident_id")
    return frame.sort(pl.col("external_id").list.first())


TELLINGS = st.lists(
    st.tuples(
        st.sampled_from(["Alba", "Bela", ""]),
        st.sampled_from(["2020-05-02", "2020-05-03", "2020-06-20", ""]),
        st.sampled_from(["2020-05-01", "2020-05-03", "2020-12-30"]),
        st.sampled_from(["2", "4", "40", ""]),
        st.permutations(ACTORS),
        st.sampled_from(["four herders shot near the market", "a bridge was blown up at night"]),
    ),
    min_size=6,
    max_size=12,
)
"""Any mixture of tellings: without day or place, dated after they were printed, with counts that contradict."""


def rows_of(tellings: Any, names: Sequence[str] = ACTORS) -> list[Row]:
    """The rows of tellings, every actor under the name given for it."""
    named = dict(zip(ACTORS, names, strict=True))
    return [
        row(n, teller=f"Paper {n % 4}", town=town, day=day, printed=printed, deaths=deaths, one=named[who[0]],
            other=named[who[1]], by=named[who[0]], words=f"{words}, say {named[who[2]]}")
        for n, (town, day, printed, deaths, who, words) in enumerate(tellings)
    ]  # fmt: skip


@FEW
@given(TELLINGS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told: Workspaces, tellings: Any, chance: Any) -> None:
    """Rows in any order, files in any order: the same incidents, every row in exactly one."""
    rows = rows_of(tellings)
    with told([rows[:3], rows[3:]]) as workspace:
        first = happened(workspace)
    mixed = [chance.sample(rows[3:], len(rows) - 3), chance.sample(rows[:3], 3)]
    with told(mixed) as workspace:
        assert happened(workspace).equals(first)
    assert sorted(one for ids in first["external_id"] for one in ids) == [one["id"] for one in rows]


@FEW
@given(TELLINGS, st.permutations(ACTORS))
def test_exchanging_the_actors_changes_their_names_and_nothing_else(
    told: Workspaces, tellings: Any, names: list[str]
) -> None:
    """The same links, counts, origins and queue, whoever is alleged to have done it."""

    def seen(named: Sequence[str]) -> tuple[Any, ...]:
        back = dict(zip(named, ACTORS, strict=True))
        with told([rows_of(tellings, named)]) as workspace:
            listed = review.waiting(workspace, limit=100)
            frame = happened(workspace)
        parties = [sorted(back.get(one, one) for one in json_list(said)) for said in frame["parties"]]
        frame = frame.with_columns(pl.col("alleged_by").replace(back), parties=pl.Series(parties))
        waits = sorted((one.kind, one.deaths or -1, one.score or 0.0) for one in listed.items)
        return frame.rows(), waits

    assert seen(names) == seen(ACTORS)


def json_list(said: str) -> list[str]:
    """A list in JSON."""
    return list(pl.Series([said]).str.json_decode(pl.List(pl.String))[0])


def test_a_source_that_cites_itself_and_a_clock_that_is_off_add_no_origin(told: Workspaces) -> None:
    """One telling told again by the same source citing itself, and copied with an earlier date, is one origin."""
    words = row(1)["words"]
    rows = [row(1), row(2, teller="Paper 1", cites="Paper 1", words=words), row(3, cites="Paper 1", words=words)]
    rows.append(row(4, cites="Paper 1", words=words, printed="2020-04-20"))
    with told([rows]) as workspace:
        made = happened(workspace)
        assert made.select("claims", "independent_origins").rows() == [(4, 1)]
        kept_out = sources.quarantine(workspace, "Paper 4", "deceptive_source", by="heron", why="its dates are false")
        assert kept_out.incidents_with_quarantine == 1
        sources.release(workspace, "Paper 4", by="heron", why="they were typed wrongly")
        assert happened(workspace).equals(made)


def test_a_crowd_of_ten_thousand_claims_is_assessed(told: Workspaces) -> None:
    """Copies of one telling become one incident of one origin; nothing is asked of anybody but one look at it."""
    words = row(0)["words"]
    with told([[row(n, words=words, cites="Wire") for n in range(10_000)]]) as workspace:
        assert happened(workspace).select("claims", "independent_origins").rows() == [(10_000, 1)]
        assert {one.kind for one in review.waiting(workspace).items} <= {"grew", "grade", "element"}
        assert assess(workspace).reassembled == 0
