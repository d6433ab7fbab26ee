"""ACLED's codes mean what its codebook says, from the export and from the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.errors import ForewarnError, InputFormatError

Collect = Callable[..., list[Batch]]
AsCsv = Callable[[Iterable[dict[str, str]]], bytes]

ROW = {
    "event_id_cnty": "XKA17",
    "event_date": "2024-02-03",
    "year": "2024",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Violence against civilians",
    "sub_event_type": "Attack",
    "actor1": "Northern Militia",
    "assoc_actor_1": "",
    "inter1": "3",
    "actor2": "Civilians (Karvia)",
    "assoc_actor_2": "Fisher Communal Group",
    "inter2": "7",
    "interaction": "37",
    "civilian_targeting": "Civilian targeting",
    "iso": "",
    "region": "Nowhere",
    "country": "XKA",
    "admin1": "North",
    "admin2": "Upper Vale",
    "admin3": "",
    "location": "Dorn",
    "latitude": "12.5",
    "longitude": "20.25",
    "geo_precision": "2",
    "source": "Karvia Times; Radio Vale",
    "source_scale": "Subnational",
    "notes": "Militia fighters killed four people in Dorn.",
    "fatalities": "4",
    "tags": "",
    "timestamp": "1707100000",
}


def claim(collect: Collect, data: bytes) -> dict[str, Any]:
    """The first claim of a file."""
    batch = collect("acled", data)[0]
    assert batch.rejects.height == 0, batch.rejects.rows()
    return batch.claims.row(0, named=True)


def test_an_attack_on_civilians_that_killed_is_a_killing(collect: Collect, as_csv: AsCsv) -> None:
    """Civilians are the target and no party; who of the dead they were is only bounded from above."""
    told = claim(collect, as_csv([ROW]))
    assert (told["act"], told["violence"], told["alleged_by"]) == ("killing", "one_sided", "Northern Militia")
    assert json.loads(told["parties"]) == ["Northern Militia"]
    assert told["target"] == "Civilians (Karvia); Fisher Communal Group"
    assert (told["deaths_low"], told["deaths_best"], told["deaths_high"]) == (None, 4, None)
    assert (told["civilian_deaths_best"], told["civilian_deaths_high"]) == (None, 4)
    assert (told["started_on"], told["known_on"], told["known_basis"]) == (
        "2024-02-03",
        "2024-02-13",
        "ended_plus_delay",
    )
    assert json.loads(told["origins"]) == [["Karvia Times", None], ["Radio Vale", None]]
    assert (told["country"], told["place_precision"], told["sensitivity"]) == ("XKA", "near", "moderate")


@pytest.mark.parametrize(
    ("change", "act", "violence"),
    [
        ({"fatalities": "0"}, "attack", "one_sided"),
        (
            {"event_type": "Battles", "sub_event_type": "Armed clash", "inter1": "1", "inter2": "2"},
            "clash",
            "state_based",
        ),
        (
            {"event_type": "Battles", "sub_event_type": "Armed clash", "inter1": "Rebel group", "inter2": "3"},
            "clash",
            "non_state",
        ),
        (
            {
                "event_type": "Explosions/Remote violence",
                "sub_event_type": "Air/drone strike",
                "inter1": "State forces",
            },
            "bombardment",
            "state_based",
        ),
        ({"event_type": "Protests", "sub_event_type": "Peaceful protest"}, "protest", "unknown"),
        ({"event_type": "Strategic developments", "sub_event_type": "Arrests"}, "detention", "unknown"),
        ({"event_type": "Riots", "sub_event_type": ""}, "protest", "unknown"),
    ],
)
def test_event_types_are_acts(collect: Collect, as_csv: AsCsv, change: dict[str, str], act: str, violence: str) -> None:
    """The sub-event says what was seen, the kinds of actors what sort of violence it was; no more is concluded."""
    free = {} if "fatalities" in change else {"civilian_targeting": "", "actor2": "Rebels of the Vale"}
    told = claim(collect, as_csv([{**ROW, **free, **change}]))
    assert (told["act"], told["violence"]) == (act, violence)


@pytest.mark.parametrize("day", ["2024-02-03", "03 February 2024", "3-February-2024", "03/02/2024"])
def test_days_are_read_in_every_form_acled_prints(collect: Collect, as_csv: AsCsv, day: str) -> None:
    """The API and the exports of different years write days differently."""
    assert claim(collect, as_csv([{**ROW, "event_date": day}]))["started_on"] == "2024-02-03"


@pytest.mark.parametrize("shape", ["list", "page", "pages", "lines"])
def test_the_api_gives_the_same_claims_as_the_export(collect: Collect, as_csv: AsCsv, shape: str) -> None:
    """A list, a page with data, pages behind one another and JSON Lines are the same rows."""
    rows = [ROW, {**ROW, "event_id_cnty": "XKA18", "fatalities": "0"}]
    data = {
        "list": json.dumps(rows),
        "page": json.dumps({"status": 200, "success": True, "count": 2, "data": rows}),
        "pages": "\n".join(json.dumps({"status": 200, "data": [row]}) for row in rows),
        "lines": "\n".join(json.dumps(row) for row in rows) + "\n",
    }[shape]
    meant, found = collect("acled", as_csv(rows))[0], collect("acled", data.encode())[0]
    assert found.reports["report_id"].to_list() == meant.reports["report_id"].to_list()
    assert found.claims["act"].to_list() == meant.claims["act"].to_list() == ["killing", "attack"]


def test_a_later_edit_alone_is_no_new_version(collect: Collect, as_csv: AsCsv) -> None:
    """The time of the last edit and the tags do not make another report; another number of dead does."""
    ids = [
        collect("acled", as_csv([{**ROW, **change}]))[0].reports["report_id"][0]
        for change in ({}, {"timestamp": "1800000000", "tags": "x"}, {"fatalities": "5"})
    ]
    assert ids[0] == ids[1] != ids[2]


def test_words_that_acled_does_not_have_are_rejected(collect: Collect, as_csv: AsCsv) -> None:
    """A new sub-event or country is told with its value and never guessed."""
    batch = collect("acled", as_csv([{**ROW, "sub_event_type": "Dancing"}, {**ROW, "country": "Atlantis"}]))[0]
    assert batch.rejects.select("column", "value").rows() == [("sub_event_type", "Dancing"), ("country", "Atlantis")]


def test_an_unknown_name_is_found_by_its_number(collect: Collect, as_csv: AsCsv) -> None:
    """The ISO number stands where a country is printed in an unusual way."""
    assert claim(collect, as_csv([{**ROW, "country": "The land of Kenya", "iso": "404"}]))["country"] == "KEN"


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"[1]", b'{"data": [{"event_id_cnty": ', b"[" * 100_000, b"[[]]"])
def test_what_is_not_acled_is_refused_or_rejected(collect: Collect, data: bytes) -> None:
    """Other tables and broken answers end in one line, whole."""
    with suppress(InputFormatError):
        assert sum(batch.reports.height for batch in collect("acled", data)) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    cells=st.dictionaries(
        st.sampled_from(sorted(ROW)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(["NaN", "1e999", "=1+1"]),
    ),
    form=st.sampled_from(["csv", "json"]),
    cut=st.integers(0, 2_000),
)
def test_no_cell_breaks_the_reader(collect: Collect, as_csv: AsCsv, cells: dict[str, str], form: str, cut: int) -> None:
    """Whatever the cells and wherever the file ends, rows are taken or rejected, or the file is refused."""
    rows = [{**ROW, **cells}, ROW]
    data = as_csv(rows) if form == "csv" else json.dumps({"data": rows}).encode()
    try:
        batches = collect("acled", data[: len(data) - cut] if cut < 1_000 else data)
    except ForewarnError:
        return
    for batch in batches:
        assert batch.read == batch.reports.height + batch.rejects.height
