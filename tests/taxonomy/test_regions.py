"""The regions of UN M49 form a tree over the countries."""

from __future__ import annotations

import itertools

import pytest

from forewarn.errors import UnknownNameError
from forewarn.taxonomy import countries, region, regions, regions_of


def test_every_present_country_is_in_one_branch():
    """From the subregion up to the world, each holding the one before; some are grouped nowhere by M49."""
    for one in countries():
        branch = regions_of(one.iso3)
        if one.iso3 in {"ATA", "TWN", "XKX"} or one.last is not None:
            assert branch == ()
            continue
        assert branch[-1].name == "World"
        for inner, outer in itertools.pairwise(branch):
            assert inner.within == outer.m49
            assert set(inner.countries) < set(outer.countries)


def test_regions_are_those_of_m49():
    """Numbers and members of some that everybody knows."""
    assert [one.name for one in regions_of("Myanmar")] == ["South-eastern Asia", "Asia", "World"]
    assert [one.m49 for one in regions_of("MLI")] == ["011", "202", "002", "001"]
    assert set(region("015").countries) == {"DZA", "EGY", "ESH", "LBY", "MAR", "SDN", "TUN"}
    assert region("middle africa") is region("17")
    assert len(regions()) == 30


def test_the_five_regions_share_nothing():
    """Nobody is counted twice."""
    tops = [one for one in regions() if one.within == "001"]
    members = [iso3 for one in tops for iso3 in one.countries]
    assert len(tops) == 5
    assert sorted(members) == sorted(set(members)) == list(region("World").countries)


def test_an_unknown_region_is_refused_with_the_nearest():
    """No region is guessed."""
    with pytest.raises(UnknownNameError, match="Western Africa"):
        region("West Africa")
