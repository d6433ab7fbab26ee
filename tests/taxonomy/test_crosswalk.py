"""Who was this, then: codes and names on a day, in every system and back."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import UnknownNameError, UsageError
from forewarn.taxonomy import codes_on, countries, country, country_on, crosswalk
from forewarn.taxonomy.crosswalk import SYSTEMS, predecessors_on, successors_on

DAYS = st.dates(date(1975, 1, 1), date(2026, 12, 31))
STATES = st.sampled_from(countries())


@given(STATES, DAYS)
def test_every_code_leads_back_to_its_holder(one, day):
    """What a State had on a day in any system is held by that State alone on that day."""
    if not one.existed(day):
        with pytest.raises(UnknownNameError, match="was no State"):
            codes_on(one.iso3, day)
        return
    held = codes_on(one.iso3, day)
    for system in SYSTEMS:
        value = getattr(held, system)
        if value is not None:
            assert crosswalk(system, "iso3", value, day) == held.iso3
            assert crosswalk("iso3", system, held.iso3, day) == value


@given(st.sampled_from(["gw", "iso2", "iso3", "m49", "views"]), DAYS)
def test_no_code_has_two_holders_on_a_day(system, day):
    """Validities of one code never overlap: all codes of all States of a day are different."""
    held = [(getattr(codes_on(one.iso3, day), system), one.iso3) for one in countries() if one.existed(day)]
    codes = [code for code, _ in held if code is not None]
    assert len(codes) == len(set(codes))


@given(STATES)
def test_a_code_changes_hands_without_a_gap_or_an_overlap(one):
    """Dated codes of one State in one list follow upon each other; VIEWS' months of transition may overlap."""
    for dated in (one.m49, one.gw, one.names_before, one.iso3_before):
        for earlier, later in itertools.pairwise(dated):
            assert earlier.last is not None
            assert later.first == earlier.last + timedelta(days=1)


@given(STATES)
def test_links_between_states_go_both_ways(one):
    """Whoever came out of a State began by the time that one ended or shrank, and is found from it again."""
    for iso3 in one.succeeds:
        former = country(iso3)
        assert one.iso3 in {"YEM", "DEU"} or one.first is not None
        if former.last is not None and one.last is None:
            assert one in successors_on(former, date(2020, 1, 1))
        if one.first is not None:
            before = one.first - timedelta(days=1)
            assert predecessors_on(one, before), one.iso3


@pytest.mark.parametrize(
    ("system", "target", "value", "day", "expected"),
    [
        ("name", "m49", "Sudan", date(2011, 7, 8), 736),
        ("name", "m49", "Sudan", date(2011, 7, 9), 729),
        ("m49", "iso3", 728, date(2011, 7, 9), "SSD"),
        ("views", "gw", 59, date(2010, 1, 1), 625),
        ("views", "iso3", 245, date(2012, 1, 1), "SDN"),
        ("iso3", "name", "SWZ", date(2018, 4, 18), "Swaziland"),
        ("iso3", "name", "SWZ", date(2018, 4, 19), "Eswatini"),
        ("iso3", "name", "MKD", date(2019, 2, 11), "The former Yugoslav Republic of Macedonia"),
        ("iso3", "name", "TUR", date(2023, 1, 1), "Türkiye"),
        ("iso3", "name", "CPV", date(2010, 1, 1), "Cape Verde"),
        ("iso2", "iso3", "CS", date(1990, 1, 1), "CSK"),
        ("iso2", "iso3", "cs", date(2004, 1, 1), "SCG"),
        ("gw", "iso3", 345, date(1999, 1, 1), "YUG"),
        ("gw", "iso3", 345, date(2004, 1, 1), "SCG"),
        ("gw", "iso3", 340, date(2007, 1, 1), "SRB"),
        ("gw", "iso3", 347, date(2008, 2, 17), "XKX"),
        ("gw", "iso3", 365, date(1991, 12, 25), "SUN"),
        ("gw", "iso3", 365, date(1991, 12, 26), "RUS"),
        ("gw", "iso3", 371, date(1991, 12, 21), "ARM"),
        ("gw", "iso3", "315", date(1992, 12, 31), "CSK"),
        ("gw", "iso3", 316, date(1993, 1, 1), "CZE"),
        ("gw", "iso3", 265, date(1990, 10, 2), "DDR"),
        ("m49", "iso3", "280", date(1990, 10, 2), "DEU"),
        ("m49", "name", 886, date(1990, 5, 21), "Yemen Arab Republic"),
        ("m49", "iso3", 230, date(1993, 5, 23), "ETH"),
        ("iso3", "gw", "ERI", date(1993, 5, 24), 531),
        ("iso3", "gw", "TLS", date(2002, 5, 20), 860),
        ("iso3", "name", "ZAR", date(1997, 5, 16), "Zaire"),
        ("name", "iso3", "Zaire", date(1996, 1, 1), "ZAR"),
        ("name", "iso3", "DR Congo (Zaire)", date(2000, 1, 1), "COD"),
        ("iso3", "name", "BUR", date(1989, 1, 1), "Burma"),
        ("name", "iso2", "Burma", date(2017, 1, 1), "MM"),
        ("m49", "iso3", "004", date(2000, 1, 1), "AFG"),
        ("iso3", "m49", "XKX", date(2010, 1, 1), None),
        ("iso3", "gw", "PSE", date(2010, 1, 1), None),
    ],
)
def test_changes_that_data_of_the_field_must_survive(system, target, value, day, expected):
    """States divided, joined, renamed and recoded, on the days around the change."""
    assert crosswalk(system, target, value, day) == expected


@pytest.mark.parametrize(
    ("name", "day", "instead"),
    [
        ("South Sudan", date(2011, 7, 8), "Sudan (SDN)"),
        ("Kosovo", date(2005, 1, 1), "Serbia and Montenegro (SCG)"),
        ("Serbia", date(1999, 1, 1), "Yugoslavia (YUG)"),
        ("Yugoslavia", date(2010, 1, 1), "Montenegro (MNE)"),
        ("Soviet Union", date(1991, 12, 26), "Uzbekistan (UZB)"),
        ("Russia", date(1985, 1, 1), "Soviet Union (SUN)"),
        ("East Germany", date(1990, 10, 3), "Germany (DEU)"),
        ("Eritrea", date(1990, 1, 1), "Ethiopia (ETH)"),
    ],
)
def test_a_state_that_was_not_there_is_refused_with_the_one_that_was(name, day, instead):
    """Nothing is moved to another State silently; the message says which stood in its place."""
    with pytest.raises(UnknownNameError) as caught:
        country_on(name, day)
    assert instead in caught.value.mend


@pytest.mark.parametrize(
    ("system", "value"), [("m49", 999), ("iso3", "XAA"), ("gw", -1), ("iso2", ""), ("views", "9" * 5000)]
)
def test_a_code_nobody_held_is_refused(system, value):
    """Unknown stays unknown."""
    with pytest.raises(UnknownNameError):
        crosswalk(system, "name", value, date(2020, 1, 1))


def test_a_system_there_is_not_is_refused():
    """COW numbers are not Gleditsch-Ward numbers."""
    with pytest.raises(UsageError, match="no system 'cow'"):
        crosswalk("cow", "gw", 2, date(2020, 1, 1))
