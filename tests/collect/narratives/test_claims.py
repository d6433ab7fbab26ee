"""Whole narratives into claims: what is joined, shifted, denied and left out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.collect.narratives.claims import Counted, extract_narrative
from forewarn.collect.narratives.found import Narrative


def test_a_narrative_is_one_happening_with_all_it_tells() -> None:
    """Date, place, act, target, actor, weapon and counts stand in one claim."""
    text = "June 2021: In Monywa, two nurses were killed and a doctor was abducted by soldiers armed with rifles."
    (claim,) = extract_narrative(Narrative(text, country="MMR"))
    assert claim.act is not None
    assert claim.act.act == "killing"
    assert claim.date is not None
    assert claim.date.first.isoformat() == "2021-06-01"
    assert claim.place is not None
    assert claim.place.place.name == "Monywa"
    assert claim.totals["killed"] == Counted(2, 2, 2)
    assert claim.groups["health_workers", "abducted"] == Counted(1, 1, 1)
    assert claim.weapon is not None
    assert claim.weapon.value == "firearms"


def test_a_turn_to_another_incident_makes_a_second_claim_with_its_own_words() -> None:
    """Offsets point into the whole narrative; date and place carry over where the second tells none."""
    text = "June 2021: In Monywa, a clinic was looted. In a separate incident, two teachers were killed."
    first, second = extract_narrative(Narrative(text, country="MMR"))
    assert (first.act is not None, second.act is not None) == (True, True)
    assert second.act is not None
    assert text[second.act.start : second.act.end] == "killed"
    assert text[second.start : second.end].startswith("In a separate")
    assert (second.date, second.place) == (first.date, first.place)
    for _, _, _, end in first.evidence():
        assert end <= first.end


def test_denial_is_nought_and_silence_is_nothing() -> None:
    """ "No casualties" is 0; a text without victims counts none."""
    (denied,) = extract_narrative(Narrative("A clinic was shelled. No casualties were reported."))
    (silent,) = extract_narrative(Narrative("A clinic was shelled."))
    assert denied.totals
    assert all(count == Counted(0, 0, 0, negated=True) for count in denied.totals.values())
    assert silent.totals == {}
    assert not denied.negated


def test_an_attack_that_did_not_happen_is_marked() -> None:
    """A claim whose only act is denied says so."""
    (claim,) = extract_narrative(Narrative("The hospital was not attacked."))
    assert claim.negated
    assert claim.acts == ()


def test_aid_workers_count_as_health_workers_unless_another_sector_is_named() -> None:
    """As the records of attacks on health care have it; a convoy of food is no health care."""
    (clinic,) = extract_narrative(Narrative("Two aid workers were killed at a clinic."))
    (convoy,) = extract_narrative(Narrative("Two aid workers were killed when an aid convoy was ambushed."))
    assert clinic.groups["health_workers", "killed"].best == 2
    assert clinic.groups["aid_workers", "killed"].best == 2
    assert ("health_workers", "killed") not in convoy.groups
    assert convoy.groups["aid_workers", "killed"].best == 2


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"])
def test_a_blank_narrative_claims_nothing(text: str) -> None:
    """No words, no claim."""
    assert extract_narrative(Narrative(text)) == []


@settings(max_examples=120)
@given(
    st.lists(
        st.sampled_from(
            [
                "June 2021: ", "In a separate incident, ", "two nurses ", "were killed", ". ", "no casualties ",
                "at least ", "3 ", "in Monywa ", "township ", "by soldiers ", "\n",
                "not ", "attempted to ", "_x000D_", "\u200b",
            ]
        ),
        max_size=25,
    ).map("".join)
    | st.text(max_size=250)
)  # fmt: skip
def test_any_text_gives_claims_inside_it(text: str) -> None:
    """Nothing is raised; spans are in order and inside the text; ranges are in order; all is repeatable."""
    claims = extract_narrative(Narrative(text, country="MMR"))
    assert bool(claims) == bool(text.strip())
    last = 0
    for claim in claims:
        assert last <= claim.start < claim.end <= len(text)
        last = claim.end
        for _, _, start, end in claim.evidence():
            assert 0 <= start <= end <= len(text)
        for count in (*claim.totals.values(), *claim.groups.values()):
            assert 0 <= count.low <= count.best
            assert count.high is None or count.best <= count.high
    assert claims == extract_narrative(Narrative(text, country="MMR"))


@pytest.mark.parametrize(
    "piece",
    [
        "two nurses were killed and ", "In a separate incident, ", "in Monywa ", "between 3 and ", "12 May ", "not ",
        "a", "by soldiers who ", ". ", "(", "1,000 ",
    ],
)  # fmt: skip
def test_long_lines_take_linear_time(piece: str) -> None:
    """A hundred thousand characters are read in under ten seconds, whatever they are."""
    extract_narrative(Narrative("in Monywa", country="MMR"))
    narrative = Narrative(piece * (100_000 // len(piece)), country="MMR")
    began = time.process_time()
    extract_narrative(narrative)
    assert time.process_time() - began < 10.0
