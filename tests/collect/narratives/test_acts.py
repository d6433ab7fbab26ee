"""Acts, targets and their codes; denials and attempts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.acts import STATUSES, attack_codes, find_acts, find_targets, main_act, main_target
from forewarn.collect.narratives.tokens import cut
from forewarn.model.claim import ACTS


@pytest.mark.parametrize(
    ("text", "act", "detail"),
    [
        ("A doctor was shot dead at a clinic.", "killing", "killing"),
        ("Two nurses were kidnapped.", "abduction", "abduction"),
        ("A pharmacy was looted.", "other", "looting"),
        ("Soldiers occupied a hospital.", "other", "occupation"),
        ("Armed men broke into a clinic.", "other", "forceful_entry"),
        ("A school was set on fire.", "destruction", "arson"),
        ("A church was damaged.", "destruction", "damage"),
        ("A hospital was hit by artillery.", "bombardment", "bombardment"),
        ("Staff received death threats.", "threat", "threat"),
        ("An ambulance was turned away.", "denial_of_access", "denial"),
        ("A teacher was arrested.", "detention", "detention"),
        ("Villagers fled.", "displacement", "displacement"),
    ],
)
def test_words_give_codes(text: str, act: str, detail: str) -> None:
    """Each kind of act has its code and its finer word."""
    found = main_act(find_acts(cut(text)))
    assert found is not None
    assert (found.act, found.detail) == (act, detail)


def test_the_gravest_act_done_is_the_main_one() -> None:
    """Done before tried, tried before denied, then the gravest."""
    found = main_act(find_acts(cut("They attempted to kill a nurse; the clinic was looted and nobody was abducted.")))
    assert found is not None
    assert found.detail == "looting"


def test_a_denied_act_is_told_as_denied() -> None:
    """ "Not damaged" is no damage, and "but" ends the reach of a "no"."""
    acts = find_acts(cut("The clinic was not damaged. No staff were hurt but the ambulance was destroyed."))
    assert [(one.detail, one.denied) for one in acts] == [("damage", True), ("attack", True), ("destruction", False)]


@pytest.mark.parametrize(
    ("text", "target", "status"),
    [
        ("A hospital was shelled.", "health_facility", "medical"),
        ("An ambulance was hit.", "ambulance", "medical"),
        ("Gunmen burned a school.", "school", "education"),
        ("An aid convoy was ambushed.", "aid_convoy", "humanitarian"),
        ("A mosque was bombed.", "place_of_worship", "religious_or_cultural"),
        ("An IDP camp was raided.", "displacement_camp", "displaced_persons"),
        ("A doctor was taken from a hospital.", "health_worker", "medical"),
        ("Villagers and a journalist were beaten.", "journalist", "press"),
    ],
)
def test_targets_have_a_protected_status(text: str, target: str, status: str) -> None:
    """What was harmed, and why it is protected."""
    found = main_target(find_targets(cut(text)))
    assert found is not None
    assert (found.value, found.detail) == (target, status)


def test_codes_of_attacks_on_health_care_need_something_medical() -> None:
    """Looting a shop has none; looting a pharmacy has."""
    shop, pharmacy = cut("A shop was looted."), cut("A pharmacy was looted and set on fire.")
    assert attack_codes(find_acts(shop), find_targets(shop)) == ()
    assert attack_codes(find_acts(pharmacy), find_targets(pharmacy)) == ("HA9", "HA10")


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_gives_known_codes_inside_it(text: str) -> None:
    """Acts are of the claim's list, statuses of ours, spans inside the text."""
    tokens = cut(text)
    for act in find_acts(tokens):
        assert act.act in ACTS
        assert 0 <= act.start < act.end <= len(text)
    assert all(one.detail in STATUSES for one in find_targets(tokens))


@pytest.mark.parametrize("piece", ["killed ", "not ", "set on ", "a", "shot and ", "removal of health care "])
def test_long_lines_take_linear_time(piece: str) -> None:
    """A line of a hundred thousand characters is read in under two seconds."""
    tokens = cut(piece * (100_000 // len(piece)))
    began = time.process_time()
    find_acts(tokens)
    find_targets(tokens)
    assert time.process_time() - began < 2.0
