"""Dates in prose: what is read, how finely, and what is left alone."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.dates import DateFound, find_dates, incident_date
from forewarn.collect.narratives.found import Narrative

BASE = date(2023, 11, 15)  # a Wednesday


def dated(text: str, base: date | None = None) -> DateFound | None:
    """The date of the incident."""
    narrative = Narrative(text, base_date=base)
    return incident_date(narrative, find_dates(narrative))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("November 2023: A hospital was hit.", "2023-11-01", "2023-11-30", "month"),
        ("A clinic was looted on 26 June 2021.", "2021-06-26", "2021-06-26", "day"),
        ("On June 26th, 2021 a clinic was looted.", "2021-06-26", "2021-06-26", "day"),
        ("In early May 2020, a school burned.", "2020-05-01", "2020-05-10", "month"),
        ("Late August 2018: A centre was hit.", "2018-08-21", "2018-08-31", "month"),
        ("Between 3 and 5 May 2022, shells fell.", "2022-05-03", "2022-05-05", "day"),
        ("8–9 July 2019: A raid.", "2019-07-08", "2019-07-09", "day"),
        ("From 30 December 2021 to 2 January 2022 it burned.", "2021-12-30", "2022-01-02", "day"),
        ("30 December to 2 January 2022: it burned.", "2021-12-30", "2022-01-02", "day"),
        ("February - June 2023: it was closed.", "2023-02-01", "2023-06-30", "year"),
        ("2019 May: Two ambulances were hit.", "2019-05-01", "2019-05-31", "month"),
        ("It happened on 2021-03-04 at noon.", "2021-03-04", "2021-03-04", "day"),
        ("On 25/12/2020 a church was attacked.", "2020-12-25", "2020-12-25", "day"),
        ("A market was shelled in 2017.", "2017-01-01", "2017-12-31", "year"),
        ("Januray 2016. Two were hurt.", "2016-01-01", "2016-01-31", "month"),
        ("Le 4 mars 2020, une école a brûlé.", "2020-03-04", "2020-03-04", "day"),
        ("As reported on 17 July 2023: an order.", "2023-07-17", "2023-07-17", "day"),
    ],
)
def test_dates_and_ranges_have_the_precision_of_their_words(text: str, first: str, last: str, precision: str) -> None:
    """Each way of writing gives its first and last day, never finer than the words."""
    found = dated(text)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)


@pytest.mark.parametrize(
    ("words", "first", "last", "precision"),
    [
        ("yesterday", "2023-11-14", "2023-11-14", "day"),
        ("last week", "2023-11-06", "2023-11-12", "week"),
        ("last month", "2023-10-01", "2023-10-31", "month"),
        ("three days ago", "2023-11-12", "2023-11-12", "day"),
        ("on Monday", "2023-11-13", "2023-11-13", "day"),
        ("last Wednesday", "2023-11-08", "2023-11-08", "day"),
        ("last year", "2022-01-01", "2022-12-31", "year"),
    ],
)
def test_relative_words_count_from_the_base_date_and_only_from_it(
    words: str, first: str, last: str, precision: str
) -> None:
    """With a base date they are a date, without one they are none."""
    text = f"A convoy was robbed {words}."
    found = dated(text, BASE)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat(), found.precision) == (first, last, precision)
    assert dated(text) is None


def test_a_day_without_a_year_takes_the_year_of_the_text_before_that_of_the_base() -> None:
    """The nearest dated mention gives the year; a base date only where there is none, and no future day."""
    narrative = Narrative("March 2019: It was hit. The driver was released on May 30.")
    assert [one.first for one in find_dates(narrative)] == [date(2019, 3, 1), date(2019, 5, 30)]
    late = dated("On 20 December a school burned.", BASE)
    assert late is not None
    assert late.first == date(2022, 12, 20)
    assert dated("On 20 December a school burned.") is None


def test_what_cannot_be_settled_stays_coarse() -> None:
    """A day no month has leaves the month; a numeric date that reads two ways leaves the year."""
    impossible, either = dated("On 31 June 2021 it burned."), dated("On 03/04/2021 it burned.")
    assert impossible is not None
    assert (impossible.first, impossible.precision) == (date(2021, 6, 1), "month")
    assert either is not None
    assert (either.first, either.last, either.precision) == (date(2021, 1, 1), date(2021, 12, 31), "year")


def test_a_modal_verb_and_a_bare_number_are_no_dates() -> None:
    """ "May" without a day or a year is a word; so is a number that looks like a year."""
    assert find_dates(Narrative("He may return. Some 2000 people marched; may 12000 come.")) == ()


def test_asides_do_not_date_the_incident() -> None:
    """What was released, or lasted since, dates something else; the opening date wins."""
    assert dated("A nurse, held since 4 May 2021, was beaten.") is None
    found = dated("April 2021: Two nurses were kidnapped. They were released on 10 July 2021.")
    assert found is not None
    assert found.first == date(2021, 4, 1)


def test_spans_point_at_the_words() -> None:
    """The offsets cut the date out of the text."""
    text = "As reported on 17 July 2023: an order."
    found = dated(text)
    assert found is not None
    assert text[found.start : found.end] == "17 July 2023"


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            ["may ", "May 2020", "12", "31 ", "-", " to ", "2021", "/", "last week", ":", ", ", "of ", "a"]
        ),
        max_size=30,
    ).map("".join),
    st.none() | st.dates(),
)
def test_any_text_gives_ordered_days_inside_it(text: str, base: date | None) -> None:
    """Whatever is read, first is not after last, the words are inside the text, and nothing is raised."""
    for one in find_dates(Narrative(text, base_date=base)):
        assert one.first <= one.last
        assert 0 <= one.start < one.end <= len(text)


@settings(max_examples=100)
@given(st.text(max_size=300), st.none() | st.dates())
def test_no_text_breaks_the_reader(text: str, base: date | None) -> None:
    """Any characters at all."""
    find_dates(Narrative(text, base_date=base))


@pytest.mark.parametrize("piece", ["1 ", "12 May ", "May ", "between 3 and ", "2021-", "early ", "1/", "a", "5 and "])
def test_long_lines_take_linear_time(piece: str) -> None:
    """A line of a hundred thousand characters is read in under two seconds."""
    narrative = Narrative(piece * (100_000 // len(piece)))
    began = time.process_time()
    find_dates(narrative)
    assert time.process_time() - began < 2.0


def test_month_and_year_agree_with_the_coded_records(shared_data: Path) -> None:
    """Over all rows, blank narratives and those without a date counted as wrong, at least 97 in 100 are exact."""
    table = pl.read_csv(shared_data / "feeds" / "attacks_on_health_care_dev.csv", infer_schema_length=0)
    right = 0
    for told, text in table.select("Date", "Event Description").iter_rows():
        found = dated(text or "")
        right += found is not None and found.first.isoformat()[:7] == told[:7] and found.precision != "year"
    assert right / table.height >= 0.97
