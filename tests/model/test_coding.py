"""Codings: inferential elements are locked, findings are quotations, and withdrawals restore."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn import taxonomy
from forewarn.errors import InputValueError, RuleError
from forewarn.ids import content_id
from forewarn.model.coding import LOCKED_ELEMENTS, BodyFinding, Coding, Withdrawal, withdrawn

NOW = datetime(2020, 1, 2, tzinfo=UTC)
CLAIM = content_id("clm", "1")


def coding(**said: Any) -> Coding:
    """E1 coded by an analyst."""
    usual = {"claim_id": CLAIM, "scheme": "element", "code": "E1", "state": "coded", "author": "analyst"}
    usual |= {"decided_at": NOW, "reason": "seen by two", "basis_claims": (CLAIM,)}
    return Coding(**(usual | said))


def finding(**said: Any) -> BodyFinding:
    """A finding of a commission."""
    usual = {"subject": "XAA", "element": "G3", "body": "Commission", "citation": "A/1 para. 2"}
    usual |= {"found_on": date(2019, 1, 1), "standard": "P2", "quote": "words", "author": "a", "decided_at": NOW}
    return BodyFinding(**(usual | said))


def test_the_lock_is_that_of_the_list() -> None:
    """What the list calls inferential is locked in the noun itself, all of it and nothing else."""
    assert {one.id for crime in taxonomy.crimes() for one in crime.locked} == LOCKED_ELEMENTS


@pytest.mark.parametrize("element", sorted(LOCKED_ELEMENTS))
@pytest.mark.parametrize("state", ["coded", "not_coded", "unknown"])
def test_no_state_of_an_inferential_element_can_be_written(element: str, state: str) -> None:
    """Not even unknown, by nobody."""
    with pytest.raises(RuleError, match="inferential"):
        coding(code=element, state=state)


@pytest.mark.parametrize(
    "said", [{"basis_claims": ()}, {"state": "yes"}, {"confidence": "certain"}, {"reason": ""}, {"scheme": "crime"}]
)
def test_a_coding_has_a_basis(said: dict[str, Any]) -> None:
    """Coded without a claim, a state of no list, or no reason is refused."""
    with pytest.raises(InputValueError):
        coding(**said)


def test_the_two_axes_are_apart() -> None:
    """Not coded with high confidence, and coded with unknown confidence, can both be said."""
    assert coding(state="not_coded", confidence="high", basis_claims=()).state == "not_coded"
    assert coding().confidence == "unknown"


@pytest.mark.parametrize(
    "said", [{"citation": ""}, {"body": " "}, {"quote": ""}, {"standard": "P0"}, {"found_on": date(2021, 1, 1)}]
)
def test_a_finding_is_a_dated_quotation(said: dict[str, Any]) -> None:
    """Body, symbol, words and standard are there, and it is not of a day to come."""
    assert finding().finding_id.startswith("fnd_")
    with pytest.raises(InputValueError):
        finding(**said)


def back(target: str, second: int) -> Withdrawal:
    """A withdrawal made at that second."""
    return Withdrawal(target, "a", NOW + timedelta(seconds=second), "r")


@given(st.integers(0, 9))
def test_undo_of_undo_restores_exactly(times: int) -> None:
    """Taking back the taking back, again and again: gone after an odd number, there after an even one."""
    target, made = coding().coding_id, []
    last = target
    for second in range(times):
        made.append(back(last, second))
        last = made[-1].withdrawal_id
    assert (target in withdrawn(made)) == (times % 2 == 1)


def test_only_decisions_can_be_withdrawn() -> None:
    """A claim or report is never taken back."""
    with pytest.raises(InputValueError):
        back(CLAIM, 0)
