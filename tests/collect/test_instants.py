"""Printed instants become ISO 8601 in UTC, or stay to be rejected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.collect.instants import instant_as_text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Wed, 01 May 2024 01:00:00 +0200", "2024-04-30T23:00:00Z"),
        ("2024-05-01T10:00:00+02:00", "2024-05-01T08:00:00Z"),
        ("2024-05-01", "2024-05-01T00:00:00Z"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_both_forms_are_read(printed: str, expected: str) -> None:
    """The day is that of UTC; nothing is guessed of what cannot be read."""
    assert instant_as_text(printed) == expected


@given(st.text(max_size=150))
def test_any_text_is_taken(text: str) -> None:
    """No header can make the reading fail."""
    assert isinstance(instant_as_text(text), str)
