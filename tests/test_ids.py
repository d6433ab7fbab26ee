"""Ids: the same content gives the same id, different content a different one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.ids import content_id, content_ids, is_id, sha256_hex, short

TEXT = st.text(max_size=20)


@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, min_size=1, max_size=4))
def test_ids_agree_exactly_when_the_parts_do(left: list[str], right: list[str]) -> None:
    """No way of cutting the same characters into parts gives the same id."""
    assert (content_id("rpt", *left) == content_id("rpt", *right)) == (left == right)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=10))
def test_many_ids_at_once_are_the_single_ones(rows: list[tuple[str, str]]) -> None:
    """The columnwise form is only a faster way."""
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    assert content_ids("clm", columns) == [content_id("clm", *row) for row in rows]


def test_the_kind_is_part_of_the_content() -> None:
    """A report and a claim made of the same parts have different digests."""
    assert content_id("rpt", "x").partition("_")[2] != content_id("clm", "x").partition("_")[2]


def test_missing_and_empty_differ() -> None:
    """A missing part is not an empty one."""
    assert content_id("rpt", None) != content_id("rpt", "")


@pytest.mark.parametrize("part", [1.5, [1, 2.0], float("nan")])
def test_floating_point_numbers_identify_nothing(part: object) -> None:
    """Numbers that print differently across systems are refused."""
    with pytest.raises(TypeError, match="floating-point"):
        content_id("rpt", part)


def test_digests_are_full() -> None:
    """Ids carry all 256 bits; only the eye gets a short form."""
    made = content_id("rpt", "x")
    assert is_id(made, "rpt")
    assert not is_id(made, "clm")
    assert not is_id(made[:-1])
    assert short(made) == made[:16]
    assert sha256_hex(b"abc").startswith("ba7816bf")
