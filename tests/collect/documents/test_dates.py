"""Days, times, relative words and numbers in words: what is certain is told, the rest left open."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.documents.dates import PRECISIONS, day_in, find_dates, time_in, time_on
from forewarn.collect.documents.numerals import cardinal, find_amounts, find_ordinals, ordinal

THURSDAY = date(2017, 11, 16)


def told(text: str, said_on: date | None = None) -> list[tuple[date | None, date | None, str]]:
    """First day, last day and precision of each date of a text."""
    return [(one.first, one.last, one.precision) for one in find_dates(text, said_on=said_on)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Thursday, 8 November 2018, 3 p.m.", date(2018, 11, 8)),
        ("08/11/2018", date(2018, 11, 8)),
        ("on the 8th of November 2018", date(2018, 11, 8)),
        ("November 8, 2018", date(2018, 11, 8)),
        ("2018-11-08", date(2018, 11, 8)),
        ("8\nNovember 2018", date(2018, 11, 8)),
        ("8 November", None),
        ("11/25/2018", None),
        ("31 February 2018", None),
        ("S/2018/462, 3/16, 08/11/18", None),
    ],
)
def test_case_36_days_are_read_day_first(text: str, day: date | None) -> None:
    """Every printed form gives its day; a day without a year, or that does not exist, gives none."""
    assert day == day_in(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("at 10.15 a.m.", time(10, 15)),
        ("at 3 p.m.", time(15)),
        ("at 3:05 pm", time(15, 5)),
        ("at 12.30 p.m.", time(12, 30)),
        ("at 12.05 a.m.", time(0, 5)),
        ("at noon", time(12)),
        ("at 12 noon", time(12)),
        ("at midnight", time(0)),
        ("at 15.30 hours", time(15, 30)),
        ("at 13 p.m.", None),
        ("at 10.75 a.m.", None),
        ("paragraph 10.15", None),
    ],
)
def test_case_36_times_of_day(text: str, clock: time | None) -> None:
    """Twelve-hour forms, noon and midnight; what is no time gives none."""
    assert clock == time_in(text)


def test_case_36_a_wrong_weekday_is_flagged() -> None:
    """A weekday that is not the date's is a doubt, the date stays."""
    (right,) = find_dates("Thursday, 8 November 2018")
    (wrong,) = find_dates("Friday, 8 November 2018")
    assert (right.flags, wrong.flags) == ((), ("weekday_mismatch",))
    assert right.first == wrong.first


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("June 2015", date(2015, 6, 1), date(2015, 6, 30), "month"),
        ("in June 2015", date(2015, 6, 1), date(2015, 6, 30), "month"),
        ("in\n2016, we", date(2016, 1, 1), date(2016, 12, 31), "year"),
        ("for 2017-2018", date(2017, 1, 1), date(2018, 12, 31), "range"),
        ("for 2017–18", date(2017, 1, 1), date(2018, 12, 31), "range"),
        ("the 1990s", date(1990, 1, 1), date(1999, 12, 31), "decade"),
        ("8 to 10 May 2017", date(2017, 5, 8), date(2017, 5, 10), "range"),
        ("24 July-2 August 2009", date(2009, 7, 24), date(2009, 8, 2), "range"),
        ("10 to 8 May 2017", None, None, "range"),
    ],
)
def test_longer_dates_are_ranges(text: str, first: date | None, last: date | None, precision: str) -> None:
    """Months, years, decades and ranges cover all their days."""
    assert told(text) == [(first, last, precision)]


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("As we heard last week from", date(2017, 11, 6), date(2017, 11, 12), "week"),
        ("will host next week", date(2017, 11, 20), date(2017, 11, 26), "week"),
        ("At tomorrow's debate", date(2017, 11, 17), date(2017, 11, 17), "day"),
        ("yesterday’s debate", date(2017, 11, 15), date(2017, 11, 15), "day"),
        ("last month's presidency", date(2017, 10, 1), date(2017, 10, 31), "month"),
        ("this month", date(2017, 11, 1), date(2017, 11, 30), "month"),
        ("next year", date(2018, 1, 1), date(2018, 12, 31), "year"),
        ("the day before yesterday", date(2017, 11, 14), date(2017, 11, 14), "day"),
    ],
)
def test_case_26_relative_dates_are_resolved_from_the_meeting(
    text: str, first: date, last: date, precision: str
) -> None:
    """Calendar weeks, months and days count from the day of speaking."""
    (found,) = find_dates(text, said_on=THURSDAY)
    assert (found.first, found.last, found.precision, found.relative) == (first, last, precision, True)


@pytest.mark.parametrize(
    "text", ["last Friday", "on Monday", "three weeks ago", "in September", "last June", "8 November", "early March"]
)
def test_case_26_what_is_not_certain_is_left_open(text: str) -> None:
    """The words are pointed at, and no day is given, whatever the day of speaking."""
    (found,) = find_dates(text, said_on=THURSDAY)
    assert (found.first, found.last, found.flags) == (None, None, ("unresolved",))


def test_case_26_without_a_meeting_nothing_relative_is_resolved() -> None:
    """A text of unknown date keeps its relative words unresolved."""
    assert told("last week and tomorrow") == [(None, None, "week"), (None, None, "day")]


def test_case_26_the_statements_own_dates(shared_data: Path) -> None:
    """In 001_bc50d830ca4e0246.txt, said on 16 November 2017: today, September, last week, tomorrow."""
    text = (shared_data / "un" / "statements" / "001_bc50d830ca4e0246.txt").read_text(encoding="utf-8")
    assert told(text, THURSDAY) == [
        (THURSDAY, THURSDAY, "day"),
        (None, None, "month"),
        (date(2017, 11, 6), date(2017, 11, 12), "week"),
        (date(2017, 11, 17), date(2017, 11, 17), "day"),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Hundreds\nof thousands of migrants", 200_000, 999_999),
        ("tens of thousands", 20_000, 99_999),
        ("dozens of families", 24, 99),
        ("between 3 and five persons", 3, 5),
        ("from 30–40 homes", 30, 40),
        ("at least twenty-two", 22, None),
        ("more than a hundred", 101, None),
        ("up to 1,200", None, 1_200),
        ("fewer than 10", None, 9),
        ("3.5 million people", 3_500_000, 3_500_000),
        ("two hundred and five", 205, 205),
    ],
)
def test_case_27_number_words_are_ranges(text: str, low: int | None, high: int | None) -> None:
    """Vague plurals, bounds and ranges give both ends, and an open end where the words leave one."""
    assert [(low, high)] == [(one.low, one.high) for one in find_amounts(text)]


@pytest.mark.parametrize(
    ("text", "number", "noun"),
    [
        ("On the twentieth anniversary of", 20, "anniversary"),
        ("at its seventy-second\nsession", 72, "session"),
        ("Seventy-third year", 73, "year"),
        ("the 8394th meeting", 8394, "meeting"),
        ("the tenth emergency special session", 10, "session"),
        ("the fifth Congress of", 5, "congress"),
        ("the one hundred and first session", 101, "session"),
    ],
)
def test_case_27_ordinals_of_sessions_and_anniversaries(text: str, number: int, noun: str) -> None:
    """Ordinals in words and figures, with the noun they count."""
    assert [(number, noun)] == [(one.number, one.noun) for one in find_ordinals(text)]


@pytest.mark.parametrize("text", ["", "forth", "month", "a three", "and", "1,2,3x", "hundred foo"])
def test_case_27_words_that_are_no_numbers(text: str) -> None:
    """No number is read into other words."""
    assert (cardinal(text), ordinal(text)) == (None, None)


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("The meeting rose at 1.15 a.m.", datetime(2018, 11, 8, 15), datetime(2018, 11, 9, 1, 15)),
        ("rose at 1.15 a.m.", datetime(2018, 11, 9, 0, 30), datetime(2018, 11, 9, 1, 15)),
        ("rose at 5.50 p.m.", datetime(2018, 11, 8, 15), datetime(2018, 11, 8, 17, 50)),
        ("rose at midnight", datetime(2018, 11, 8, 15), datetime(2018, 11, 9)),
        ("rose at midnight", None, datetime(2018, 11, 9)),
        ("called to order at 10 a.m.", None, datetime(2018, 11, 8, 10)),
        ("rose late", datetime(2018, 11, 8, 15), None),
    ],
)
def test_case_37_past_midnight_is_the_next_day(text: str, after: datetime | None, expected: datetime | None) -> None:
    """A time before the one that came before it is the day after's."""
    assert expected == time_on(date(2018, 11, 8), text, after=after)


PIECES = st.sampled_from(
    ["8 ", "November ", "2018", "31/02/2018", "-", " to ", "last ", "week ", "tomorrow", "in ", "12 ", "p.m. ", "noon"]
)


@given(st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=120), st.dates())
def test_any_text_gives_dates_that_stand_in_it(text: str, said_on: date) -> None:
    """Whatever the text: spans hold the words, first is never after last, nothing crashes at the ends of time."""
    for one in find_dates(text, said_on=said_on):
        assert one.text == text[one.span.start : one.span.end]
        assert one.precision in PRECISIONS
        assert (one.first is None) is (one.last is None)
        assert one.first is None or one.last is None or one.first <= one.last
    time_on(said_on, text, after=datetime.combine(said_on, time(23)))


@given(
    st.lists(
        st.sampled_from(["twenty", "-", "two ", "hundred ", "and ", "a ", "of ", "thousands ", "3", ",", "to "])
    ).map("".join)
)
def test_any_words_give_amounts_that_stand_in_them(text: str) -> None:
    """Low is never above high, and spans hold the words."""
    for one in find_amounts(text):
        assert one.text == text[one.span.start : one.span.end]
        assert one.low is None or one.high is None or one.low <= one.high
    find_ordinals(text)


@given(st.integers(0, 999_999))
def test_figures_are_their_own_number(number: int) -> None:
    """Figures, with or without commas, are read back."""
    assert number == cardinal(f"{number:,}") == cardinal(str(number))


@pytest.mark.parametrize(
    "unit",
    [
        "8 November ",
        "1",
        "Thursday, ",
        "3 p.m. ",
        "one hundred and ",
        "twenty-",
        "1 to ",
        "2017-",
        "between 1 and ",
        " ",
    ],
)
def test_hostile_lines_finish(unit: str) -> None:
    """A hundred thousand characters of near-dates are read to their end."""
    text = unit * (100_000 // len(unit))
    assert len(find_dates(text, said_on=THURSDAY)) + len(find_amounts(text)) + len(find_ordinals(text)) <= len(text)
    assert time_in(text) in (None, time(15))
