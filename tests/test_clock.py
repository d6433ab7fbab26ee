"""Time: months as VIEWS counts them, instants in UTC, days from ISO 8601."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import clock
from forewarn.errors import InputValueError

DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 1, 1))


def test_month_one_is_january_1980() -> None:
    """The id of a month is VIEWS' own: 457 is January 2018."""
    assert clock.month_of(date(1980, 1, 31)) == 1
    assert clock.month_of(date(2018, 1, 1)) == 457
    assert clock.month_label(457) == "2018-01"


@given(DAYS)
def test_a_day_lies_in_its_month(day: date) -> None:
    """First and last day of the month of a day enclose it."""
    month = clock.month_of(day)
    assert clock.first_day(month) <= day <= clock.last_day(month)
    assert clock.month_of(clock.last_day(month) + timedelta(days=1)) == month + 1


@given(DAYS)
def test_a_month_reads_back_as_written(day: date) -> None:
    """The label of a month is read as the same month."""
    month = clock.month_of(day)
    assert clock.month_from_text(clock.month_label(month)) == month


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(timezone(timedelta(hours=5, minutes=30)))))
def test_an_instant_reads_back_as_written(instant: datetime) -> None:
    """Any zone is turned into UTC without moving the instant, to the second."""
    written = clock.instant_text(instant)
    assert written.endswith("Z")
    assert abs(clock.instant_from_text(written) - instant) < timedelta(seconds=1)


@pytest.mark.parametrize("text", ["", "yesterday", "2017-13-01", "2017-02-30", "0001-01-01", "31/07/2017"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """A date that cannot be is an error naming the text and the form expected."""
    with pytest.raises(InputValueError):
        clock.day_from_text(text, where="row 3, date_start")


def test_a_naive_instant_is_refused() -> None:
    """An instant without a zone is not guessed to be in one."""
    with pytest.raises(InputValueError, match="time zone"):
        clock.instant_text(datetime(2017, 7, 31))


def test_now_is_utc_to_the_second() -> None:
    """The present is an aware instant without microseconds."""
    now = clock.utc_now()
    assert now.tzinfo is UTC
    assert now.microsecond == 0
