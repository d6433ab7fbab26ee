"""GED's codes mean what its codebook says, in every release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forewarn.collect import Batch

Collect = Callable[..., list[Batch]]
Ged = Callable[..., bytes]


def claim(collect: Collect, data: bytes) -> dict[str, object]:
    """The first claim of a GED file."""
    return collect("ucdp-ged", data)[0].claims.row(0, named=True)


def test_one_sided_violence_has_an_alleged_author_and_victims(collect: Collect, ged: Ged) -> None:
    """Civilians are who was harmed, never a party; all deaths are deaths of civilians."""
    told = claim(collect, ged())
    assert (told["act"], told["violence"]) == ("killing", "one_sided")
    assert json.loads(str(told["parties"])) == ["Government of Atland"]
    assert (told["alleged_by"], told["target"]) == ("Government of Atland", "Civilians")
    assert (told["deaths_low"], told["deaths_best"], told["deaths_high"]) == (8, 10, 12)
    assert told["civilian_deaths_high"] == 12


@pytest.mark.parametrize(("code", "violence"), [("1", "state_based"), ("2", "non_state")])
def test_a_clash_has_two_parties_and_no_alleged_author(collect: Collect, ged: Ged, code: str, violence: str) -> None:
    """Who is to blame is not told by a clash; civilian deaths are known as one number only."""
    told = claim(collect, ged({"type_of_violence": code, "side_b": "Rebels", "deaths_civilians": "4"}))
    assert (told["act"], told["violence"], told["alleged_by"], told["target"]) == ("clash", violence, "", "")
    assert json.loads(str(told["parties"])) == ["Government of Atland", "Rebels"]
    assert (told["civilian_deaths_low"], told["civilian_deaths_best"], told["civilian_deaths_high"]) == (None, 4, None)


def test_people_quoted_as_sources_are_not_kept(collect: Collect, ged: Ged) -> None:
    """The names the coders quote are in no report, claim or reject."""
    batch = collect("ucdp-ged", ged({}, {"best": "-1"}))[0]
    for frame in (batch.reports, batch.claims, batch.rejected):
        assert "Named Witness" not in frame.write_csv()


def test_times_behind_days_are_dropped(collect: Collect, ged: Ged) -> None:
    """Newer releases print midnight behind each day."""
    told = claim(collect, ged({"date_start": "2017-08-30 00:00:00.000", "date_end": "2017-08-31T00:00:00"}))
    assert (told["started_on"], told["ended_on"]) == ("2017-08-30", "2017-08-31")


def test_a_missing_name_of_a_country_is_found_by_its_number(collect: Collect, ged: Ged) -> None:
    """The Gleditsch-Ward number on that day says which State it was."""
    assert claim(collect, ged({"country": ""}))["country"] == "MMR"


def test_releases_without_kind_and_best_are_understood(collect: Collect, ged_row: dict[str, str]) -> None:
    """Other names are known, the kind of violence follows from the parties, the best estimate from its parts."""
    rows = []
    for sides in (("Government of X", "Civilians"), ("Government of X", "Y"), ("Z", "Y")):
        rows.append(
            {
                "id": len(rows),
                "side_a_name": sides[0],
                "side_b_name": sides[1],
                "location_root_name": "Syria",
                "start_date": "2021-01-01",
                "end_date": "2021-01-01",
                "deaths_low": 1,
                "deaths_high": 9,
                "deaths_side_a": 1,
                "deaths_side_b": 2,
                "deaths_civilian": 3,
                "deaths_unknown": 0,
            }
        )
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    claims = collect("ucdp-ged", data)[0].claims
    assert claims["violence"].to_list() == ["one_sided", "state_based", "non_state"]
    assert claims["deaths_best"].to_list() == [6, 6, 6]
    assert claims["country"].to_list() == ["SYR"] * 3


def test_the_parties_tell_the_kind_of_violence_in_real_data(shared_data: Path, collect: Collect) -> None:
    """What is derived where a release leaves the kind out agrees with what is stated where it does not."""
    path = shared_data / "events" / "ucdp_ged191_myanmar_bangladesh.csv"
    stated = collect("ucdp-ged", path)[0].claims
    derived = collect("ucdp-ged", path.read_bytes().replace(b"type_of_violence", b"left_out", 1))[0].claims
    assert stated["violence"].to_list() == derived["violence"].to_list()


def test_rakhine_in_august_2017_is_there(shared_data: Path, collect: Collect) -> None:
    """The known course of events is in the claims: large one-sided killings from 25 August 2017 on."""
    claims = collect("ucdp-ged", shared_data / "events" / "ucdp_ged191_myanmar_bangladesh.csv")[0].claims
    rows = [
        row
        for row in claims.rows(named=True)
        if row["admin1"] == "Rakhine State" and (row["started_on"] or "").startswith("2017-08")
    ]
    assert any(row["violence"] == "one_sided" and row["deaths_best"] > 20 for row in rows)
    assert all(row["known_on"] >= row["started_on"] for row in rows)
