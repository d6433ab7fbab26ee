"""What one node writes, another reads: the same happenings under the same mark, by the channel of the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forewarn.collect import ParseRequest, Provenance, channel, keep_snapshot, parse, snapshot_path
from forewarn.exchange import Release, release, release_to, write_release
from forewarn.model.grid import cell_at
from forewarn.model.markings import sensitivity_under
from forewarn.model.terms import ReleaseTerms

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TOWN, DESERT = (14.25, 2.25), (20.25, 2.25)
TERMS = ReleaseTerms("records", "green", "PAP:AMBER", "a study", date(2026, 12, 31))
CHANNELS = ("stix", "ftm", "misp", "geojson")
SAME = ("act", "violence", "country", "latitude", "longitude", "deaths_low", "deaths_best", "deaths_high")

Read = Callable[..., pl.DataFrame]


def claims(**changes: Any) -> pl.DataFrame:
    """Claims in a town and in the desert, in two months, of two acts; one with no count."""
    rows = []
    for number in range(160):
        place = DESERT if number % 4 == 3 else TOWN
        one = {
            **{"claim_id": f"clm_{number}", "country": "MLI", "act": ("killing", "abduction")[number % 2]},
            **{"violence": "one_sided", "started_on": f"2025-0{number % 4 // 2 + 2}-04", "date_precision": "day"},
            **{"ended_on": "2025-03-05", "known_on": "2025-03-09", "sensitivity": "low", "place_precision": "near"},
            **{"latitude": place[0], "longitude": place[1], "cell": cell_at(*place), "title": "", "text": ""},
            **{f"{name}_{end}": 2 for name in ("deaths", "civilian_deaths") for end in ("low", "best", "high")},
            **changes,
        }
        rows.append(one | ({f"deaths_{end}": None for end in ("low", "best", "high")} if number == 0 else {}))
    return pl.DataFrame(rows)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a release, and read the file as another node would: its claims, in the order written."""

    def through(made: Release, name: str, at: datetime = AT) -> pl.DataFrame:
        ending = name if name == "geojson" else f"{name}.json"
        path = tmp_path / f"a.{ending}"
        write_release(made, path, at=at)
        definition = channel(name)
        provenance = Provenance(name, definition.publisher, definition.licence, AT)
        snapshot = keep_snapshot(path, tmp_path / "snapshots", provenance=provenance)
        kept = snapshot_path(tmp_path / "snapshots", snapshot)
        batches = list(parse(ParseRequest(definition, kept, snapshot, AT, AT.date())))
        assert [batch.rejects.height for batch in batches] == [0]
        return batches[0].claims

    return through


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("audience", ["clear", "amber"])
def test_a_release_comes_back_as_it_went(read: Read, name: str, audience: str) -> None:
    """Every figure, act, month and block; the class is that of the label; no more is known than was told."""
    terms = replace(TERMS, audience=audience)
    made = release_to(claims(), terms, people={("MLI", cell_at(*TOWN)): 60_000}, today=AT.date())
    came = read(made, name)
    assert came.select(SAME).equals(made.rows.select(SAME).with_columns(pl.col(pl.String).fill_null("")))
    assert came["started_on"].str.slice(0, 7).to_list() == made.rows["month"].to_list()
    assert came["date_precision"].unique().to_list() == ["month"]
    assert came["sensitivity"].unique().to_list() == [sensitivity_under(audience).value]
    known = came.filter(pl.col("latitude").is_not_null())
    assert known["place_precision"].unique().to_list() == ["admin2"]
    assert known["cell"].unique().to_list() == [cell_at(*TOWN)]
    assert came.filter(pl.col("latitude").is_null())["cell"].unique().to_list() == [0]


@pytest.mark.parametrize("name", CHANNELS)
def test_an_owners_export_comes_back_for_nobody_else(read: Read, name: str) -> None:
    """Days and points as they were; the class is severe, for nobody has released it."""
    given = claims()
    came = read(release(given), name)
    assert came.select(*SAME, "started_on", "ended_on").equals(given.select(*SAME, "started_on", "ended_on"))
    assert came["place_precision"].unique().to_list() == ["near"]
    assert came["sensitivity"].unique().to_list() == ["severe"]


@pytest.mark.parametrize("name", CHANNELS)
def test_the_same_again_is_the_same_report(read: Read, name: str) -> None:
    """A second release of the same records, made on another day, changes nothing where it is collected."""
    made = release_to(claims(), TERMS, people={("MLI", cell_at(*TOWN)): 60_000}, today=AT.date())
    first = read(made, name)
    assert first["report_id"].n_unique() == first.height
    again = read(made, name, AT - timedelta(days=3))
    assert again["report_id"].to_list() == first["report_id"].to_list()
