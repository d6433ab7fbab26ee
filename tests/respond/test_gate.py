"""The gate shows who said what; it never adds up, colours or recommends."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import UnknownNameError
from forewarn.model.response import GateAssertion, GateCondition, GateState
from forewarn.respond.gate import ConditionView, ProfileView, gate_lines, gate_view
from forewarn.taxonomy import force_gate

NOW = datetime(2017, 9, 1, 12, tzinfo=UTC)
GATE = force_gate()
CONDITIONS = [one.id for profile in GATE.profiles for one in profile.conditions]
VERDICT = re.compile(
    r"\b(total|sum|score|count|rank|met|fulfilled|satisfied|pass|fail|passed|failed|recommend\w*|should|advis\w*|"
    r"authoriz(e|es|ed)|justif\w*|green|red|amber|yellow|colou?r|percent|share|of)\b|%",
    re.IGNORECASE,
)


def said(condition: str, state: GateState, body: str = "Body", **changes: object) -> GateAssertion:
    """An assertion about Myanmar."""
    made = GateAssertion("MMR", condition, state, by="desk", at=NOW, body=body, citation="cited")
    return replace(made, **changes)


def standing(assertions: list[GateAssertion], condition: str) -> ConditionView:
    """The view of one condition."""
    views = [view for profile in gate_view("MMR", assertions) for view in profile.conditions]
    return next(view for view in views if view.condition.id == condition)


ASSERTIONS = st.lists(
    st.builds(
        lambda condition, state, body, minutes: said(condition, state, body, at=NOW + timedelta(minutes=minutes)),
        st.sampled_from(CONDITIONS),
        st.sampled_from(GateState),
        st.sampled_from(["Council", "Assembly", "the  council", "Court", "Subject State"]),
        st.integers(0, 5),
    ),
    max_size=40,
)


def test_by_default_nothing_is_established() -> None:
    """Five profiles, every condition not established."""
    views = gate_view("MMR", [])
    assert [view.id for view in views] == ["wsod_2005", "kaz_2009", "iciss_2001", "hlp_2004", "rwp_2011"]
    assert {one.condition.state for view in views for one in view.conditions} == {GateState.NOT_ESTABLISHED}
    assert [len(view.conditions) for view in views] == [7, 5, 6, 5, 8]


@given(ASSERTIONS)
def test_no_total_no_colour_no_recommendation(assertions: list[GateAssertion]) -> None:
    """Whatever was recorded, what the gate adds to the quoted words has no figure and no verdict."""
    for line in gate_lines(gate_view("MMR", assertions)):
        rest = line
        quoted = [text for profile in GATE.profiles for one in profile.conditions for text in (one.text, one.id)]
        quoted += [profile.id for profile in GATE.profiles] + [profile.status for profile in GATE.profiles]
        quoted += [word for profile in GATE.profiles for word in profile.operational]
        quoted += [GATE.principle, *GATE.state_values, "2017-09-01"]
        for text in sorted(quoted, key=len, reverse=True):
            rest = rest.replace(text, "")
        assert not re.search(r"\d", rest), line
        assert not VERDICT.search(rest), line


def test_no_view_has_room_for_a_figure() -> None:
    """No attribute of the views is a number or a truth value that could stand for the whole."""
    types = {str(field.type) for noun in (ConditionView, ProfileView, GateCondition) for field in fields(noun)}
    assert not [name for name in types if re.search(r"\b(int|float|bool)\b", name)]


@given(ASSERTIONS)
def test_lines_are_the_same_in_number_and_order_for_conditions(assertions: list[GateAssertion]) -> None:
    """Conditions keep their authors' order; none moves up or drops out for what was said about it."""
    shown = [one.condition.id for view in gate_view("MMR", assertions) for one in view.conditions]
    assert shown == CONDITIONS


@given(ASSERTIONS, st.randoms(use_true_random=False))
def test_the_order_of_recording_lists_does_not_matter(assertions: list[GateAssertion], random: Random) -> None:
    """The view is a function of the set of facts."""
    shuffled = assertions[:]
    random.shuffle(shuffled)
    assert gate_view("MMR", shuffled) == gate_view("MMR", assertions)


@given(ASSERTIONS)
def test_a_state_is_always_backed_by_a_standing_assertion(assertions: list[GateAssertion]) -> None:
    """Software never raises a condition above what some body said of it, nor hides that one contests it."""
    for profile in gate_view("MMR", assertions):
        for view in profile.conditions:
            states = {one.state for one in view.standing}
            assert view.condition.state in states or (not states and view.condition.state == "not_established")
            assert (GateState.CONTESTED in states) == (view.condition.state is GateState.CONTESTED)
            assert all(one.condition_id == view.condition.id for one in view.standing)


def test_one_body_that_contests_is_not_outvoted() -> None:
    """Three that assert do not outweigh one that contests."""
    said_so = [said("S3", GateState.ASSERTED, f"Body {name}") for name in "ABC"]
    view = standing([*said_so, said("S3", GateState.CONTESTED, "Subject State")], "S3")
    assert view.condition.state is GateState.CONTESTED
    assert len(view.standing) == 4


def test_the_latest_word_of_a_body_stands() -> None:
    """A body may change its word or take it back; spelling does not make it two bodies."""
    first = said("S2", GateState.ASSERTED, "The Council")
    later = said("S2", GateState.CONTESTED, "the  council", at=NOW + timedelta(days=1))
    back = said("S2", GateState.NOT_ESTABLISHED, "The Council", at=NOW + timedelta(days=2), citation="")
    assert standing([later, first], "S2").condition.state is GateState.CONTESTED
    assert standing([first, back, later], "S2").condition.state is GateState.NOT_ESTABLISHED


def test_profiles_do_not_borrow_from_each_other() -> None:
    """Last resort in one profile says nothing of last resort in another."""
    view = gate_view("MMR", [said("K2", GateState.ASSERTED)])
    stated = [one.condition.id for profile in view for one in profile.conditions if one.standing]
    assert stated == ["K2"]


def test_other_subjects_do_not_count() -> None:
    """What was said about one situation does not show in another's gate."""
    assert gate_view("SDN", [said("S3", GateState.ASSERTED)]) == gate_view("SDN", [])


def test_an_unknown_condition_is_refused() -> None:
    """An assertion that no profile can show is not dropped."""
    with pytest.raises(UnknownNameError, match="no condition 'Z1'"):
        gate_view("MMR", [said("Z1", GateState.ASSERTED)])


def test_a_body_cannot_forge_lines() -> None:
    """A line break in what was recorded stays inside its line."""
    lines = gate_lines(gate_view("MMR", [said("S1", GateState.ASSERTED, "A\n  S2 forged: established")]))
    assert len(lines) == len(gate_lines(gate_view("MMR", []))) + 1
    assert all("\n" not in line for line in lines)
