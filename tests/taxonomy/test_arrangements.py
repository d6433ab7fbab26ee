"""Regional arrangements: who belongs on which day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import UnknownNameError
from forewarn.taxonomy.arrangements import arrangement, arrangements, arrangements_of

NAMED = ("AU", "ECOWAS", "LAS", "EU", "OSCE", "CICA", "SCO", "CIS", "CSTO", "UNRCCA", "ASEAN", "OAS", "IGAD")


def test_all_arrangements_are_there_and_say_who_watches() -> None:
    """Thirteen, each with members, an instrument and an early-warning organ, or that there is none."""
    assert tuple(one.id for one in arrangements()) == NAMED
    assert all(one.members and one.instrument and one.early_warning for one in arrangements())


@pytest.mark.parametrize(
    ("name", "day", "count"),
    [
        ("AU", date(2024, 1, 1), 55),
        ("AU", date(2010, 1, 1), 53),
        ("EU", date(2019, 1, 1), 28),
        ("EU", date(2021, 1, 1), 27),
        ("OSCE", date(2021, 1, 1), 57),
        ("CICA", date(2023, 1, 1), 28),
        ("SCO", date(2024, 12, 1), 10),
        ("LAS", date(2024, 1, 1), 22),
        ("ASEAN", date(2024, 1, 1), 10),
        ("ECOWAS", date(2025, 2, 1), 12),
        ("CSTO", date(2010, 1, 1), 7),
        ("OAS", date(2022, 1, 1), 35),
    ],
)
def test_members_are_counted_as_of_the_day(name: str, day: date, count: int) -> None:
    """The numbers that the arrangements themselves give."""
    assert len(arrangement(name).members_on(day)) == count


def test_a_country_is_found_by_name_on_a_day() -> None:
    """Accession and leaving count."""
    assert {one.id for one in arrangements_of("Kazakhstan", date(2024, 1, 1))} == {
        "OSCE", "CICA", "SCO", "CIS", "CSTO", "UNRCCA",
    }  # fmt: skip
    assert "AU" not in {one.id for one in arrangements_of("MAR", date(2016, 1, 1))}
    assert "AU" in {one.id for one in arrangements_of("MAR", date(2018, 1, 1))}
    with pytest.raises(UnknownNameError):
        arrangements_of("Nowhere", date(2024, 1, 1))
    with pytest.raises(UnknownNameError):
        arrangement("NATO")


@given(st.sampled_from(arrangements()), st.dates(date(1940, 1, 1), date(2035, 1, 1)))
def test_nobody_is_a_member_of_what_is_not_founded(one: object, day: date) -> None:
    """Before its first day an arrangement has no member."""
    assert not (day < one.founded and one.members_on(day))  # type: ignore[attr-defined]
