"""Means are said with the words that decided, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.found import WEAPON_CLASSES, Narrative
from forewarn.collect.narratives.mentions import load_words
from forewarn.collect.narratives.weapons import _RANK, find_weapon


@pytest.mark.parametrize(
    ("text", "expected", "fine"),
    [
        ("A hospital was hit by an airstrike and badly damaged.", "aircraft", "plane"),
        ("An ambulance was destroyed by a drone strike.", "aircraft", "drone"),
        ("A clinic was shelled and its roof destroyed by artillery shells.", "shelling", "artillery"),
        ("An ambulance hit a landmine and was destroyed by the explosion.", "explosive", "mine"),
        ("A health centre was set on fire and burned down.", "fire", "arson"),
        ("A doctor was shot dead by gunmen.", "firearms", "gun"),
    ],
)
def test_plain_means_are_read(text: str, expected: str, fine: str) -> None:
    """The family and, from listed words, the finer code."""
    found = find_weapon(Narrative(text))
    assert found is not None
    assert (expected, fine) == (found.value, found.detail)


def test_silence_is_unknown() -> None:
    """A text that tells of no means gives none."""
    assert find_weapon(Narrative("")) is None
    assert find_weapon(Narrative("A report on water prices.")) is None


def test_the_deciding_words_are_pointed_at() -> None:
    """The span is the word that decided, the evidence what was passed over."""
    text = "Gunmen burned down a clinic."
    found = find_weapon(Narrative(text))
    assert found is not None
    assert (found.value, found.rule) == ("fire", "weapons.named")
    assert text[found.start : found.end] == "burned down"
    assert tuple(text[start:end] for start, end in found.evidence) == ("Gunmen",)


def test_arms_only_carried_say_so() -> None:
    """Armed people without a shot are firearms carried, under a rule of that name."""
    found = find_weapon(Narrative("A clinic was occupied by soldiers."))
    assert found is not None
    assert (found.value, found.rule) == ("firearms", "weapons.carried")


def test_every_shipped_code_has_a_rank() -> None:
    """No listed word can name a means the order does not know, and every family is a known one."""
    codes = {(group, fine) for group, listed in load_words("means")["cues"].items() for fine in listed}
    assert set(_RANK) == codes
    assert {group for group, _ in codes} < set(WEAPON_CLASSES)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever is fed in, the value is of the list and the span inside the text."""
    found = find_weapon(Narrative(text))
    assert found is None or (found.value in WEAPON_CLASSES and found.end <= len(text))
