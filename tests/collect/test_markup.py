"""Markup is taken off, and nothing in it is run or lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.markup import plain_text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("<p>One&nbsp;two</p><p>three</p>", "One two\nthree"),
        ("<script>alert(1)</script><style>p{}</style>left", "left"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("<b>un<i>closed", "unclosed"),
        ("&lt;b&gt;", "<b>"),
        ("", ""),
    ],
)
def test_a_reader_would_see_this(given_text: str, expected: str) -> None:
    """Blocks end lines, entities are letters, scripts and styles are silent, plain text stays."""
    assert plain_text(given_text) == expected


def test_deep_nesting_loses_no_text() -> None:
    """Where the parser gives up, tags are stripped by pattern."""
    assert plain_text("<div>" * 100_000 + "end").endswith("end")


@settings(max_examples=150, deadline=None)
@given(st.text("<>/!-a&;#x \"'=\x00é", max_size=200))
def test_any_text_gives_text(text: str) -> None:
    """No input fails."""
    assert isinstance(plain_text(text), str)
