"""What survives translation is read without a dictionary."""

from __future__ import annotations

import pytest

from forewarn.assess.origins.script import name_skeletons, numbers_in, script_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,200 fled, 34 died on 03 May", ("1200", "34", "3")),
        ("1.200 ont fui, 34 morts", ("1200", "34")),
        ("قتل ١٢ شخصا و٣٤", ("12", "34")),
        ("eight people", ()),
        ("9" * 40, ()),
    ],
)
def test_numbers_of_any_script_come_in_order(text, numbers):
    """Separators and leading zeros go; a run of digits too long to count anything is no number."""
    assert numbers_in(text) == numbers


def test_one_name_in_three_writings_has_one_skeleton():
    """Khartoum, as it is written in English, Russian and Arabic."""
    written = ["Fighting near Khartoum today", "Бои у Хартума: город Хартум", "قتال قرب الخرطوم"]
    assert frozenset.intersection(*(name_skeletons(text) for text in written)) == {"krtm"}


def test_the_first_word_of_a_sentence_is_no_name():
    """It is capital for another reason."""
    assert name_skeletons("Residents fled. Soldiers came to Kordofan") == name_skeletons("they came to Kordofan")


def test_the_writing_is_that_of_most_letters():
    """Mixed texts go with the majority; no letters, no writing."""
    assert [script_of(text) for text in ("AFP сообщает о погибших", "12 / 34", "قتل")] == ["CYRILLIC", "", "ARABIC"]
