"""Review: what holds follows from the decisions alone, and two persons are two persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError, SeparationError
from forewarn.ids import content_id
from forewarn.model.review import (
    Confirmation,
    Effect,
    ReviewDecision,
    may_undo_alone,
    needs_two,
    require_another,
    same_hand,
    states_of,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LEFT, RIGHT = sorted(content_id("clm", str(n)) for n in range(2))


def judged(by: str = "heron", *, two: bool = False, hours: int = 0) -> ReviewDecision:
    """A judgement on the pair."""
    at = NOW + timedelta(hours=hours)
    return ReviewDecision("judge", (LEFT, RIGHT), "same", by, at, "seen", two, (Effect(LEFT, RIGHT, "same"),))


def undone(target: ReviewDecision, by: str = "heron", *, two: bool = False, hours: int = 1) -> ReviewDecision:
    """The taking back of a decision."""
    at = NOW + timedelta(hours=hours)
    back = target.taken_back()
    return ReviewDecision("undo", target.subjects, "undo", by, at, "no", two, back, undoes=target.decision_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("heron", "Heron "),
        ("heron", "heron (analyst)"),
        ("analyst/heron", "heron, reviewer"),
        ("heron as analyst", "HERON as reviewer"),
        ("reviewer: he\u200bron", "heron"),
        ("heron-analyst", "reviewer_heron"),
        ("ｈｅｒｏｎ (desk officer)", "heron"),
        ("E4", "E 4 (expert)"),
        ("analyst", "heron (analyst)"),
        ("analyst", "the analyst on duty"),
        ("Čapka (analyst)", "čapka"),
    ],
)
def test_one_person_under_two_roles_is_one(one: str, other: str) -> None:
    """Case, spaces, unseen signs and roles make no second person, in either direction."""
    assert same_hand(one, other)
    assert same_hand(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("heron", "stork"),
        ("heron (analyst)", "stork (analyst)"),
        ("analyst", "reviewer"),
        ("monitor 1", "monitor 2"),
        ("heron 1", "stork 1"),
        ("desk officer", "analyst"),
        ("кран", "цапля"),
    ],
)
def test_two_persons_are_two(one: str, other: str) -> None:
    """Sharing a role or a number does not make two people one."""
    assert not same_hand(one, other)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "---", "clock", " Clock"])
def test_a_decision_has_a_person(name: str) -> None:
    """Nobody, signs without a name, and the clock decide nothing and confirm nothing."""
    with pytest.raises(InputValueError):
        judged(name)
    with pytest.raises(InputValueError):
        Confirmation(judged().decision_id, name, NOW, "yes")


def test_sensitivity_asks_for_two() -> None:
    """High and severe need two; so does what is no class."""
    assert not needs_two(["low", "moderate"])
    assert needs_two(["low", "high"])
    assert needs_two(["severe"])
    assert needs_two(["", "low"])


def test_what_needs_two_waits_for_another() -> None:
    """A confirmation by whoever decided counts for nothing, even if it got into the record."""
    decision = judged("heron (analyst)", two=True)
    own = Confirmation(decision.decision_id, "heron (reviewer)", NOW, "yes")
    other = Confirmation(decision.decision_id, "stork (analyst)", NOW, "yes")
    assert states_of([decision], [])[decision.decision_id] == "pending"
    assert states_of([decision], [own])[decision.decision_id] == "pending"
    assert states_of([decision], [own, other])[decision.decision_id] == "holds"
    with pytest.raises(SeparationError):
        require_another(decision, own.by)


def test_an_undo_of_an_undo_lets_it_hold_again() -> None:
    """Each taking-back is a decision; a pending one takes nothing back."""
    first = judged()
    second = undone(first, hours=1)
    third = undone(second, hours=2)
    pending = undone(first, two=True, hours=3)
    assert states_of([first, second], [])[first.decision_id] == "undone"
    assert states_of([first, second, third], [])[first.decision_id] == "holds"
    assert states_of([first, pending], [])[first.decision_id] == "holds"


def test_one_person_may_take_back_what_never_held() -> None:
    """What waits may be recalled by one, and the recall taken back by one; what two decided may not."""
    first = judged(two=True)
    yes = Confirmation(first.decision_id, "stork", NOW, "yes")
    recall = undone(first)
    assert may_undo_alone(first.decision_id, [first], [])
    assert may_undo_alone(recall.decision_id, [first, recall], [])
    assert not may_undo_alone(first.decision_id, [first], [yes])
    again = undone(recall, hours=2)
    assert not may_undo_alone(again.decision_id, [first, recall, again], [yes])


@given(st.data())
def test_what_holds_does_not_depend_on_the_order_of_arrival(data: st.DataObject) -> None:
    """Any decisions, undos and confirmations, in any order, give the states that stand."""
    made: list[ReviewDecision] = []
    for step in range(data.draw(st.integers(1, 12))):
        by = data.draw(st.sampled_from(["heron", "stork", "crane (analyst)"]))
        two = data.draw(st.booleans())
        if made and data.draw(st.booleans()):
            made.append(undone(data.draw(st.sampled_from(made)), by, two=two, hours=step))
        else:
            made.append(judged(by, two=two, hours=step))
    agreed = [
        Confirmation(one.decision_id, data.draw(st.sampled_from(["heron", "crane", "ibis"])), NOW, "yes")
        for one in data.draw(st.lists(st.sampled_from(made), max_size=8))
    ]
    expected = states_of(made, agreed)
    assert expected == states_of(data.draw(st.permutations(made)), data.draw(st.permutations(agreed)))
    by_name = {one.decision_id: one for one in made}

    def holds(name: str) -> bool:
        one = by_name[name]
        complete = not one.two or any(c.decision_id == name and not same_hand(c.by, one.by) for c in agreed)
        return complete and not any(o.undoes == name and holds(o.decision_id) for o in made)

    assert {name for name, state in expected.items() if state == "holds"} == {n for n in by_name if holds(n)}
