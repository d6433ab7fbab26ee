"""When a thing became known decides what a forecast may see; it is never before it happened or after we got it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect import Batch
from forewarn.collect.knowing import json_list, with_known, with_origins
from forewarn.collect.telling import Rules
from forewarn.model.claim import Origin

NOW = datetime(2024, 6, 1, 12, 0, 0, tzinfo=UTC)
Collect = Callable[..., list[Batch]]


def known(collect: Collect, data: bytes) -> tuple[str, str]:
    """The day the first row of a GED file became known, and how that was settled."""
    claim = collect("ucdp-ged", data)[0].claims.row(0, named=True)
    return claim["known_on"], claim["known_basis"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("2017-09-01", "source_date")),
        ({"source_date": "1753-01-01;2017-08-01;2017-09-09"}, ("2017-09-09", "source_date")),
        ({"source_date": "2031-01-01;2031-01-01;2031-01-01"}, ("2017-09-30", "ended_plus_delay")),
        ({"source_date": "2017-09-03"}, ("2017-09-03", "source_date")),
        ({"source_date": "", "source_article": "Wire 1999-01-01, Wire 2017-10-02"}, ("2017-10-02", "source_date")),
        ({"source_date": "", "source_article": "Yearbook 2017"}, ("2017-09-30", "ended_plus_delay")),
        (
            {"source_date": "", "source_article": "x", "date_start": "2024-05-20", "date_end": "2024-05-20"},
            ("2024-06-01", "received"),
        ),
    ],
)
def test_the_earliest_plausible_source_decides(
    collect: Collect, ged: Callable[..., bytes], change: dict[str, str], expected: tuple[str, str]
) -> None:
    """Days before the happening or in the future are passed over; without one, the end plus the stated delay."""
    assert known(collect, ged(change)) == expected


def test_each_office_stands_once_with_its_earliest_day(collect: Collect, ged: Callable[..., bytes]) -> None:
    """Two articles of one wire are one origin; the earliest comes first; impossible days are left out."""
    dated = {"source_office": 'B;A;B;"C\\', "source_date": "2017-09-05;2017-09-02;2017-09-03;1753-01-01"}
    claims = collect("ucdp-ged", ged(dated, {"source_office": "A;B", "source_date": "2017-09-05"}))[0].claims
    assert json.loads(claims["origins"][0]) == [["A", "2017-09-02"], ["B", "2017-09-03"], ['"C\\', None]]
    assert json.loads(claims["origins"][1]) == [["A", None], ["B", None]]


DAYS = st.dates(date(2000, 1, 1), date(2024, 6, 1))


@settings(deadline=None, max_examples=80)
@given(
    began=DAYS,
    length=st.integers(0, 400),
    published=st.none() | DAYS,
    sources=st.lists(DAYS | st.just(date(1753, 1, 1)), max_size=3),
    delay=st.integers(0, 60),
)
def test_known_lies_between_beginning_and_receipt(
    began: date, length: int, published: date | None, sources: list[date], delay: int
) -> None:
    """Whatever the days given, a claim is known no earlier than it began and no later than it was received."""
    ended = min(began + timedelta(days=length), NOW.date())
    frame = pl.DataFrame(
        {
            "_started_on": [began],
            "_ended_on": [ended],
            "_published_on": [published],
            "origin_names": [[f"o{n}" for n in range(len(sources))]],
            "origin_days": [[day.isoformat() for day in sources]],
            "source_days": [None],
        },
        schema={
            "_started_on": pl.Date,
            "_ended_on": pl.Date,
            "_published_on": pl.Date,
            "origin_names": pl.List(pl.String),
            "origin_days": pl.List(pl.String),
            "source_days": pl.List(pl.String),
        },
    )
    rules = Rules("x", "snp_x", NOW, NOW.date(), delay_days=delay)
    row = with_known(with_origins(frame, NOW.date()), rules).row(0, named=True)
    assert began <= row["_known_on"] <= NOW.date()
    plausible = [day for day in sources if day >= began]
    if published is not None and published >= began:
        assert (row["_known_on"], row["known_basis"]) == (published, "published")
    elif plausible:
        assert (row["_known_on"], row["known_basis"]) == (min(plausible), "source_date")
    for name, day in json.loads(row["origins"]):
        Origin(name, None if day is None else date.fromisoformat(day))


@settings(deadline=None)
@given(st.lists(st.none() | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=9), max_size=5))
def test_lists_of_names_are_valid_json(names: list[str | None]) -> None:
    """Any names make JSON that reads back as the folded names, each once, blanks left out."""
    frame = pl.DataFrame({"names": [names]}, schema={"names": pl.List(pl.String)})
    told = json.loads(frame.select(json_list(pl.col("names"))).item())
    assert len(told) == len(set(told))
    assert all(name and name == " ".join(name.split()) for name in told)
    plain = [name for name in names if name and name.isascii() and name.isprintable() and name.strip()]
    assert all(" ".join(name.split()) in told for name in plain)
