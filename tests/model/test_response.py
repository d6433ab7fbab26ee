"""Measures, actions and the gate's conditions refuse to exist wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import ForewarnError, InputValueError, RuleError
from forewarn.model.response import GateAssertion, GateCondition, GateState, Measure

NOW = datetime(2017, 9, 1, 12, tzinfo=UTC)
MEASURE = Measure("M301", 3, "diplomatic", "Public statement", 1, "any", "0-1", proposed_by_tool=True)
ASSERTION = GateAssertion(
    "MMR", "S3", GateState.ASSERTED, by="desk-7", at=NOW, body="Human Rights Council", citation="A/HRC/39/64"
)
CONDITION = GateCondition("wsod_2005", "S3", "National authorities are manifestly failing to protect")
INCOMPLETE = [{"body": name} for name in ("", " \t", "Forewarn", "unknown", "N/A")] + [
    {"citation": cited} for cited in ("", " ")
]


@pytest.mark.parametrize("coercion", [2, 3, 4])
def test_software_may_not_propose_coercion(coercion: int) -> None:
    """A measure of coercion 2 or more that software proposes cannot exist."""
    assert replace(MEASURE, coercion=coercion, proposed_by_tool=False).coercion_words
    with pytest.raises(InputValueError, match="software may not propose"):
        replace(MEASURE, coercion=coercion)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "M101"},
        {"id": "X301"},
        {"id": "M3010"},
        {"pillar": 4},
        {"coercion": 5},
        {"coercion": -1},
        {"coercion": True},
        {"coercion": float("nan")},
        {"horizon": "soon"},
        {"horizon": "12"},
        {"name": " "},
        {"basis": ""},
    ],
)
def test_a_malformed_measure_is_refused(wrong: dict[str, object]) -> None:
    """Pillar, coercion, horizon and the texts are checked when it is made."""
    with pytest.raises(InputValueError):
        replace(MEASURE, **wrong)


@pytest.mark.parametrize(("text", "months"), [("0-3", (0, 3)), ("12+", (12, None)), ("n/a", None)])
def test_horizons_are_read(text: str, months: tuple[int, int | None] | None) -> None:
    """Months from the text, open where it says so."""
    assert replace(MEASURE, horizon=text).horizon_months == months


@pytest.mark.parametrize("noun", [ASSERTION, replace(CONDITION, state=GateState.ASSERTED, body="HRC", citation="x")])
@pytest.mark.parametrize("state", [GateState.ASSERTED, GateState.CONTESTED, GateState.ESTABLISHED])
@pytest.mark.parametrize(
    "missing",
    [{"body": ""}, {"body": " \t"}, {"citation": ""}, {"citation": " "}, {"body": "Forewarn"}, {"body": "unknown"}],
)
def test_dnh_30_no_state_without_a_named_body_and_a_citation(
    noun: GateAssertion | GateCondition, state: GateState, missing: dict[str, str]
) -> None:
    """Neither an assertion nor a condition can claim a state that nobody who is named has asserted."""
    with pytest.raises(RuleError):
        replace(noun, state=state, **missing)


def test_a_condition_is_not_established_by_default() -> None:
    """Silence establishes nothing."""
    assert CONDITION.state is GateState.NOT_ESTABLISHED


@pytest.mark.parametrize("by", ["", " ", "software", "Model", "AI"])
def test_software_records_nothing(by: str) -> None:
    """An assertion has a human author."""
    with pytest.raises(RuleError, match="names nobody"):
        replace(ASSERTION, by=by)


def test_a_state_is_one_of_four() -> None:
    """The value in words is accepted as the state; any other word is refused."""
    assert replace(ASSERTION, state="contested").state is GateState.CONTESTED
    with pytest.raises(InputValueError, match="is not one of"):
        replace(ASSERTION, state="established")


def test_an_assertion_needs_an_instant_in_utc() -> None:
    """A naive instant is refused."""
    with pytest.raises(InputValueError, match="not in UTC"):
        replace(ASSERTION, at=NOW.replace(tzinfo=None))


def test_nouns_are_frozen() -> None:
    """What was recorded does not change."""
    with pytest.raises(FrozenInstanceError):
        ASSERTION.state = GateState.ESTABLISHED  # type: ignore[misc]


@given(st.sampled_from(GateState), st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_given_a_claimed_state_has_body_and_citation(
    state: GateState, by: str, body: str, citation: str
) -> None:
    """Any assertion that exists and claims a state names its author, a body and a citation."""
    try:
        made = GateAssertion("MMR", "S3", state, by=by, at=NOW, body=body, citation=citation)
    except ForewarnError:
        return
    assert made.by.strip()
    assert made.state is GateState.NOT_ESTABLISHED or (made.body.strip() and made.citation.strip())
