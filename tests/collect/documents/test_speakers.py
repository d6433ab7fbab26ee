"""Speaker lines."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.documents.packs import PACKS
from forewarn.collect.documents.speakers import is_same_person, read_name, speaker_line, split_address
from forewarn.collect.documents.spoken import spoken_language
from forewarn.model.document import Speaker

EN = PACKS["en"]


def named(text: str) -> tuple[str, str, str]:
    line = speaker_line(text, 0, EN)
    assert line is not None, text
    return line.title, line.name, line.label


def test_every_real_address_is_split_from_what_was_said(shared_data: Path) -> None:
    """All 17 speaker lines taken from real records are cut where their colon is, or found to be none."""
    cases = json.loads((shared_data / "un" / "address_cases.json").read_text(encoding="utf-8"))["address_split"]
    assert len(cases) == 17
    for case in cases:
        assert (case["address"], case["language"]) == split_address(case["text"])


def test_every_real_language_note_is_read(shared_data: Path) -> None:
    """All 15 language notes are read, OCR damage included, alone and as part of the line."""
    cases = json.loads((shared_data / "un" / "address_cases.json").read_text(encoding="utf-8"))["spoken_language"]
    assert len(cases) == 15
    for case in cases:
        assert case["language"] == spoken_language(case["address"])
        assert (case["address"], case["language"]) == split_address(case["address"])


def test_case_10_a_text_provided_by_the_delegation_is_told_by_the_note() -> None:
    """The note keeps its words; who supplied the English is known beside the language."""
    line = speaker_line("Ms. Arda (Brazil) (spoke in Portuguese; English text provided by the delegation): I", 0, EN)
    assert line is not None
    assert line.note is not None
    assert (line.note.language, line.note.provided) == ("Portuguese", True)
    assert line.note.text == "spoke in Portuguese; English text provided by the delegation"


@pytest.mark.parametrize(
    "text",
    [
        "“Mr. X: we shall not forget.”",
        "Note: this is no speaker",
        "Mr. Olsen said the following: three things",
        "Mr. Olsen (Norway), whom we thank, said: three things",
        "General Assembly: a debate",
        "Mr. President: I thank you",
        "Mr. Olsen (Norway) thanked us",
    ],
)
def test_case_11_a_colon_does_not_make_a_speaker(text: str) -> None:
    """Quotations, notes, vocatives and sentences with a colon are no speaker lines."""
    assert split_address(text) == ("", None)


def test_case_12_a_possessive_is_no_speaker() -> None:
    """ "Mr. Sison's team: three points" is prose, with straight and curly apostrophes."""
    assert split_address("Mr. Sison's team: three points") == ("", None)
    assert split_address("Mr. Sison’s: three points") == ("", None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr. de La Varde (France): I", "de La Varde"),
        ("Mr. van Oosten (Netherlands): I", "van Oosten"),
        ("Mr. Al-Test bin Omar (Oman): I", "Al-Test bin Omar"),
        ("Mr. al-Katib (Iraq): I", "al-Katib"),
        ("Mr. Cho (Republic of Korea): I", "Cho"),
        ("Mr. Ja Song Nam (Democratic People's Republic of Korea): I", "Ja Song Nam"),
        ("Mr. Ma Zhaoxu (China): I", "Ma Zhaoxu"),
        ("Ms. O’Neary-Smith (Ireland): I", "O’Neary-Smith"),
        ("King Testor II (Tonga): I", "Testor II"),
        ("Mr. J. P. Ferro Jr. (Chile): I", "J. P. Ferro Jr."),
        ("Mr. Al-\nRashad (Kuwait): I", "Al-Rashad"),
    ],
)
def test_case_14_names_of_every_shape_are_read(text: str, name: str) -> None:
    """Particles, one word, three, hyphens, apostrophes, surname first, Roman numerals, a break at a line end."""
    assert named(text)[1] == name


@pytest.mark.parametrize(
    "title",
    [
        "Baroness", "Sir", "Sheikh", "Monsignor", "Archbishop", "King", "Prince", "Judge", "Nana", "Dame", "Lord",
        "President", "Crown Prince", "Ms.", "Mrs.", "Dr.", "H.E. Mr.",
    ],
)  # fmt: skip
def test_case_15_titles_are_told_from_names(title: str) -> None:
    """Titles other than Mr. and Ms. open a speaker line too."""
    assert named(f"{title} Testari (Ghana): I") == (title, "Testari", "Ghana")


def test_case_17_a_capacity_behind_the_bracket_is_kept_apart() -> None:
    """The office held stands behind the State, with its own brackets and before the language note."""
    text = (
        "Mr. Lund (Germany), Chair of the Committee established pursuant to resolution 1267 (1999) (spoke in French): I"
    )
    line = speaker_line(text, 0, EN)
    assert line is not None
    assert line.capacity == "Chair of the Committee established pursuant to resolution 1267 (1999)"
    assert (line.label, line.note.language if line.note else "") == ("Germany", "French")


def test_case_29_forms_of_address_are_kept_and_one_person_stays_one() -> None:
    """H.E. and Mrs. stay as printed; Mrs. and Ms., full name and surname are one person of one affiliation."""
    assert read_name("H. E. Mrs. Alba Testova, Permanent Representative") == ("H. E. Mrs.", "Alba Testova", 23)
    one = Speaker("Mrs. Alba Testova (Peru)", "Mrs.", "Alba Testova", affiliation="Peru", iso3="PER")
    other = Speaker("Ms. Testova (Peru)", "Ms.", "Testova", affiliation="Peru", iso3="PER")
    assert is_same_person(one, other)


def test_case_08_one_surname_under_two_flags_is_two_people() -> None:
    """The same surname for another State, or another first name, is somebody else; so is a nameless role."""
    peru = Speaker("Mr. Kim (Peru)", "Mr.", "Kim", affiliation="Peru", iso3="PER")
    chile = Speaker("Mr. Kim (Chile)", "Mr.", "Kim", affiliation="Chile", iso3="CHL")
    ana, eva = (
        Speaker(f"Ms. {n} Kim (Peru)", "Ms.", f"{n} Kim", affiliation="Peru", iso3="PER") for n in ("Ana", "Eva")
    )
    chair = Speaker("The President", role="The President", affiliation="Peru", iso3="PER")
    assert not is_same_person(peru, chile)
    assert not is_same_person(ana, eva)
    assert not is_same_person(peru, chair)
    assert is_same_person(chair, chair)


def test_brackets_inside_brackets_are_one_label() -> None:
    """A State whose name has a bracket of its own keeps it."""
    assert (
        named("Mr. Paz (Bolivia (Plurinational State of)) (spoke in Spanish): I")[2]
        == "Bolivia (Plurinational State of)"
    )


def test_a_blank_line_ends_a_speaker_line() -> None:
    """A colon in the next paragraph does not complete a line."""
    assert split_address("Mr. Lund (Norway)\n\nThree points: one") == ("", None)


@settings(max_examples=150)
@given(st.text(max_size=300) | st.text(alphabet="Mr. ABab('’-):,\n", max_size=300))
def test_no_text_breaks_the_grammar(text: str) -> None:
    """Whatever comes, an address is a piece of the text's beginning that ends in a colon, or empty."""
    address, _ = split_address(text)
    assert text.lstrip().startswith(address)
    assert not address or address.endswith(":")


@pytest.mark.parametrize(
    "text",
    ["Mr. " + "A" * 100_000, "Mr. " + "A-" * 50_000, "Mr. A" + "(" * 100_000, "(" * 100_000, "Mr. " + "a'" * 50_000,
     "The President of the " + "A" * 100_000, "Mr. A (B), " + "C (" * 50_000, "Mr." * 40_000],
)  # fmt: skip
def test_hostile_lines_cost_no_more_than_their_length(text: str) -> None:
    """A line of a hundred thousand characters is settled in a fraction of a second."""
    began = time.process_time()
    split_address(text)
    spoken_language(text)
    assert time.process_time() - began < 0.5
