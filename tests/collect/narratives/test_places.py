"""Places in prose: what places, how finely, and what is left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.found import Narrative
from forewarn.collect.narratives.places import PlaceFound, find_places, incident_place


def placed(text: str, country: str = "MMR") -> PlaceFound | None:
    """The place of the incident."""
    return incident_place(find_places(Narrative(text, country=country)))


@pytest.mark.parametrize(
    ("text", "country", "name", "precision", "has_point"),
    [
        ("A clinic in Monywa was hit.", "MMR", "Monywa", "near", True),
        ("In Demoso township, Kayah state, a nurse was shot.", "MMR", "Demoso", "admin2", True),
        ("A school in Sagaing region burned.", "MMR", "Sagaing", "admin1", False),
        ("A doctor was arrested in Mandalay.", "MMR", "Mandalay", "admin1", False),
        ("A doctor was arrested in Mandalay city.", "MMR", "Mandalay", "near", True),
        ("The village of Larkapon was burned.", "MMR", "Larkapon", "country", False),
        ("Fighting near Maiduguri, Borno State.", "NGA", "Maiduguri", "near", True),
        ("Health workers across Afghanistan were warned.", "", "Afghanistan", "country", False),
        ("In Ethiope West LGA, Delta state, a man was shot.", "NGA", "Ethiope West", "admin2", False),
    ],
)
def test_names_are_placed_as_finely_as_told(
    text: str, country: str, name: str, precision: str, has_point: bool
) -> None:
    """A town by its name, a township by its seat, an area as an area; a name no list has only by its kind."""
    found = placed(text, country)
    assert found is not None
    assert (found.place.name, found.place.precision) == (name, precision)
    assert (found.place.latitude is not None) == has_point


def test_the_area_told_beside_a_town_is_kept() -> None:
    """ "Maiduguri, Borno State" is the town, in Borno."""
    found = placed("Fighting in Maiduguri, Borno State.", "NGA")
    assert found is not None
    assert found.place.admin1 == "Borno"


def test_a_name_several_towns_bear_has_no_coordinates() -> None:
    """Ambiguity is told as coarser, never decided."""
    found = placed("A bomb went off in San Antonio.", "PHL")
    assert found is not None
    assert (found.rule, found.place.latitude, found.place.precision) == ("places.ambiguous", None, "country")


@pytest.mark.parametrize(
    "text",
    [
        "A nurse, Daw Monywa Aung, was arrested.",
        "The Shan State Army attacked.",
        "Members of Kachin Independence Army fired.",
        "A doctor of Mandalay General Hospital was shot.",
        "The ban was lifted in March 2017.",
        "The Department of Vice and Virtue gave an order.",
        "A patient fled from Thailand.",
    ],
)
def test_persons_bodies_and_buildings_place_nothing(text: str) -> None:
    """A name counts only where a place stands."""
    assert placed(text) is None


def test_without_a_country_a_town_alone_is_not_looked_for() -> None:
    """Only a country or an area named in the text gives the country."""
    assert placed("A clinic in Monywa was hit.", "") is None
    found = placed("A clinic in Monywa, Sagaing region, was hit.", "")
    assert found is not None
    assert (found.place.country, found.place.name) == ("MMR", "Monywa")


def test_where_it_happened_goes_before_where_people_came_from_or_went() -> None:
    """A weaker preposition counts only where there is no other."""
    found = placed("A man from Monywa was shot in Lashio and brought to Taunggyi city.")
    assert found is not None
    assert found.place.name == "Lashio"


@settings(max_examples=120)
@given(
    st.lists(
        st.sampled_from(
            ["in ", "the ", "Monywa", "Shan ", "state", ", ", "of ", "Region ", "local government area", " "]
        ),
        max_size=30,
    ).map("".join)
    | st.text(max_size=200),
    st.sampled_from(["", "MMR", "XKA", "ZZZ"]),
)
def test_any_text_and_country_can_be_read(text: str, country: str) -> None:
    """Nothing is raised, and every finding points into the text."""
    for one in find_places(Narrative(text, country=country if country != "ZZZ" else "")):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize("piece", ["Aa ", "in ", "in A ", "A, ", "township ", "of Of ", "A-", "a"])
def test_long_lines_take_linear_time(piece: str) -> None:
    """A line of a hundred thousand characters is read in under four seconds, the lists in memory."""
    find_places(Narrative("in Monywa", country="MMR"))
    narrative = Narrative(piece * (100_000 // len(piece)), country="MMR")
    began = time.process_time()
    find_places(narrative)
    assert time.process_time() - began < 4.0
