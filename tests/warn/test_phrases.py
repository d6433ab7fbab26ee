"""How numbers, spans and acts are said."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.warn.phrases import act_words, month_runs, span_words
from forewarn.warn.windows import WindowCount


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((), ""),
        (("2025-07", "2025-08"), "2025-07, 2025-08"),
        (("2024-03", "2024-12", "2025-01", "2025-02"), "2024-03, 2024-12 to 2025-02"),
    ],
)
def test_three_months_on_end_are_said_as_a_span(months: tuple[str, ...], said: str) -> None:
    """Long runs are short to read, across a year's end too, and no month is lost."""
    assert month_runs(months) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2025, 6, 1), date(2025, 8, 31), "from 2025-06 to 2025-08"),
        (date(2024, 2, 1), date(2024, 2, 29), "in 2024-02"),
        (date(2025, 6, 16), date(2025, 9, 15), "from 2025-06-16 to 2025-09-15"),
    ],
)
def test_whole_months_are_said_as_months_and_parts_with_their_days(first: date, last: date, said: str) -> None:
    """A span never claims a month it does not hold in full."""
    assert span_words(WindowCount(first, last)) == said


def test_acts_are_named_with_their_numbers() -> None:
    """One kind needs no number beside the total; unknown acts are said to be unknown."""
    assert act_words((("killing", 3),)) == "killing"
    assert act_words((("threat", 2), ("unknown", 1))) == "2 of threat and 1 of an act not said"
