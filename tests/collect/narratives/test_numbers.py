"""Number words are ranges, and what is no count is left out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.numbers import find_numbers


@pytest.mark.parametrize(
    ("text", "low", "best", "high"),
    [
        ("three nurses", 3, 3, 3),
        ("twenty-two", 22, 22, 22),
        ("seven hundred and five", 705, 705, 705),
        ("1,200 people", 1200, 1200, 1200),
        ("20 000 people", 20000, 20000, 20000),
        ("a dozen", 12, 12, 12),
        ("at least 3", 3, 3, None),
        ("more than 200", 201, 201, None),
        ("up to nine", None, None, 9),
        ("fewer than ten", None, None, 9),
        ("about 30", None, 30, None),
        ("between 3 and 5", 3, None, 5),
        ("six to eight people", 6, None, 8),
        ("3-5 people", 3, None, 5),
        ("dozens", 24, None, 99),
        ("hundreds of thousands", 200_000, None, 999_999),
        ("several", 3, None, None),
        ("an unspecified number of staff", 1, None, None),
        ("no casualties", 0, 0, 0),
        ("no one", 0, 0, 0),
    ],
)
def test_a_number_is_the_range_its_words_allow(text: str, low: int | None, best: int | None, high: int | None) -> None:
    """Words of number and size give a range; an end the words leave open stays open."""
    (number, *_) = find_numbers(text)
    assert (low, best, high) == (number.low, number.best, number.high)


@pytest.mark.parametrize("text", ["On 22 November 2021.", "N70 million", "$ 500", "12 km", "In 2020, clashes", "40 %"])
def test_dates_sums_and_measures_are_no_counts(text: str) -> None:
    """What belongs to a date, money, a measure or a share is not read as a number of people."""
    assert find_numbers(text) == ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_ordered_ranges_inside_it(text: str) -> None:
    """Whatever is fed in, every number lies inside the text and its ends are in order."""
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)


@pytest.mark.parametrize("unit", ["at least ", "1,", "hundreds of ", "twenty ", "between 1 and ", "x", "1 000 "])
def test_long_hostile_lines_are_read_in_time(unit: str) -> None:
    """A line of 100,000 characters costs well under a second."""
    started = time.process_time()
    find_numbers(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 2.0
