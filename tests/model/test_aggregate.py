"""Aggregates: no figure without its sight, no sum of what differs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError, RuleError
from forewarn.model.aggregate import Aggregate, Sight, Tally

DAY = date(2020, 1, 1)
SIGHT = Sight(("XAA",), 445, 446, 1, 0, 1)


def tally(**said: Any) -> Tally:
    """Three to five direct deaths, reported, in one incident."""
    usual = {"counted": "deaths", "death_kind": "direct", "status": "reported", "standard": "", "incidents": 1}
    return Tally(**(usual | {"without_number": 0, "low": 3, "best": 4, "high": 5} | said))


def test_an_aggregate_cannot_be_built_without_coverage() -> None:
    """Neither left out nor given as nothing."""
    with pytest.raises(TypeError):
        Aggregate(1, as_known_at=DAY)  # type: ignore[call-arg]
    with pytest.raises(InputValueError, match="without coverage"):
        Aggregate(1, None, DAY)  # type: ignore[arg-type]
    assert Aggregate(1, SIGHT, DAY).sight is SIGHT


def test_a_sight_speaks_of_every_area_and_month() -> None:
    """Unit-months that nobody accounts for would be silence taken for something."""
    with pytest.raises(InputValueError):
        Sight(("XAA",), 445, 446, 1, 0, 0)
    with pytest.raises(InputValueError):
        Sight(("XAA",), 445, 446, 3, 0, -1)
    assert "1 unknown" in str(SIGHT)
    assert "no reports means nothing" in str(SIGHT)
    assert "means nothing" not in str(Sight(("XAA",), 445, 445, 1, 0, 0))
    assert "unknown" in str(Sight((), 0, 0, 0, 0, 0))


DIFFERENT = [
    {"status": "corroborated"},
    {"status": "verified", "standard": "P2"},
    {"death_kind": "indirect"},
    {"death_kind": "unknown"},
    {"counted": "injured", "death_kind": ""},
    {"counted": "civilian_deaths"},
]


@pytest.mark.parametrize("said", DIFFERENT)
def test_what_differs_is_not_added(said: dict[str, Any]) -> None:
    """Statuses, standards, direct and indirect, and kinds of count never flow into one number."""
    with pytest.raises(RuleError, match="not added up"):
        tally() + tally(**said)
    with pytest.raises(RuleError):
        sum([tally(**said)], start=tally())


def test_dnh_23_two_standards_of_proof_are_not_added() -> None:
    """Verified to one standard is not verified to another."""
    with pytest.raises(RuleError):
        tally(status="verified", standard="P2") + tally(status="verified", standard="P5")


NUMBERS = st.tuples(st.integers(0, 99), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))
TALLIES = st.tuples(NUMBERS, st.integers(0, 3), st.integers(0, 3))


def made(said: tuple[tuple[int, int | None, int | None], int, int]) -> Tally:
    """A tally of these numbers; without incidents it has none."""
    (low, best, high), incidents, silent = said
    ends = {"low": low, "best": best, "high": high} if incidents else {"low": 0, "best": None, "high": None}
    return tally(**ends, incidents=incidents, without_number=silent)


@given(TALLIES, TALLIES, TALLIES)
def test_adding_like_to_like_is_a_sum(a: Any, b: Any, c: Any) -> None:
    """Order does not matter, lows add, and an end missing anywhere is missing in the sum."""
    first, second, third = made(a), made(b), made(c)
    assert first + second == second + first
    assert (first + second) + third == first + (second + third)
    both = first + second
    assert both.low == first.low + second.low
    if any(one.incidents and one.high is None for one in (first, second)):
        assert both.high is None


def test_dnh_24_totals_say_at_least() -> None:
    """A verified total is a lower bound in words, and a missing number is no zero."""
    verified = tally(status="verified", standard="P2", high=None, without_number=2)
    assert str(verified) == (
        "deaths (direct): at least 3 verified to P2, no upper bound known, in 1 incident; number unknown in 2 more"
    )
    silent = tally(incidents=0, without_number=4, low=0, best=None, high=None)
    assert str(silent) == "deaths (direct): number unknown, reported, in 4 incidents"


@pytest.mark.parametrize("said", [{"low": -1}, {"status": "verified"}, {"standard": "P2"}, {"counted": "all"}])
def test_a_tally_that_cannot_be_is_refused(said: dict[str, Any]) -> None:
    """Verified names its standard; nothing is negative; kinds are those there are."""
    with pytest.raises(InputValueError):
        tally(**said)
