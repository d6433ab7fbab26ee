"""The alleged perpetrator is who plainly acts: a family, and the name of a body or group."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.found import ACTOR_CLASSES, Narrative
from forewarn.collect.narratives.perpetrators import find_perpetrator


@pytest.mark.parametrize(
    ("text", "expected", "detail"),
    [
        ("A nurse was abducted by gunmen.", "non_state_armed_group", ""),
        ("A clinic was looted by Boko Haram fighters.", "non_state_armed_group", "Boko Haram"),
        ("A doctor was arrested by the police.", "state", "police"),
        ("Soldiers raided a hospital.", "state", "armed_forces"),
        ("A pharmacy was robbed by bandits.", "criminal", ""),
        ("A nurse was beaten by relatives of a patient.", "civilian", ""),
        ("A clinic was raided by soldiers and militiamen.", "multiple", ""),
    ],
)
def test_who_acts_is_blamed(text: str, expected: str, detail: str) -> None:
    """The actor after "by", or before a verb of doing."""
    found = find_perpetrator(Narrative(text))
    assert found is not None
    assert (expected, detail) == (found.value, found.detail)


@pytest.mark.parametrize(
    "text",
    ["A clinic was destroyed.", "A nurse was accused of treating militants.", "A hospital for soldiers was damaged."],
)
def test_who_is_only_spoken_of_is_not_blamed(text: str) -> None:
    """Those treated, accused of or aimed at are no perpetrators."""
    assert find_perpetrator(Narrative(text)) is None


def test_a_movement_that_took_power_is_read_by_its_month() -> None:
    """The same name is a group before the change and the State's forces after it."""
    text = "A clinic was raided by Taliban forces."
    before = find_perpetrator(Narrative(text, base_date=date(2019, 5, 1)))
    after = find_perpetrator(Narrative(text, base_date=date(2022, 5, 1)))
    told = find_perpetrator(Narrative(f"May 2022: {text}"))
    assert before is not None
    assert after is not None
    assert told is not None
    assert (before.value, after.value, told.value) == ("non_state_armed_group", "state", "state")


def test_forces_at_home_are_the_state_s() -> None:
    """A listed foreign force is the State's own where the incident lies in its country."""
    text = "A hospital was hit by Russian forces."
    abroad, home = find_perpetrator(Narrative(text, country="UKR")), find_perpetrator(Narrative(text, country="RUS"))
    assert abroad is not None
    assert home is not None
    assert (abroad.value, home.value) == ("foreign_forces", "state")


def test_the_span_is_the_actor() -> None:
    """The offsets point at the words that name the actor."""
    text = "A nurse was abducted by gunmen."
    found = find_perpetrator(Narrative(text))
    assert found is not None
    assert (text[found.start : found.end], found.rule) == ("gunmen", "perpetrators.agent")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever is fed in, the value is of the list and the span inside the text."""
    found = find_perpetrator(Narrative(text))
    assert found is None or (found.value in ACTOR_CLASSES and found.end <= len(text))
