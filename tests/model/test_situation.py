"""Assessments: what holds is a function of the rows, and taking back restores."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.situation import (
    IndicatorAssessment,
    Quotation,
    current_assessments,
    readings_beside,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CLAIM = content_id("clm", "x")
DOCUMENT = content_id("doc", "x")


def said(indicator: str, state: str, *, author: str = "analyst", minute: int = 0, **more: str) -> IndicatorAssessment:
    """An assessment, or the taking back of one."""
    claims = (CLAIM,) if state in ("weak", "clear", "contested") else ()
    at = NOW + timedelta(minutes=minute)
    return IndicatorAssessment("XKA", indicator, state, author, at, "because", claims, **more)


ROWS = st.lists(
    st.builds(
        said,
        st.sampled_from(["7.3", "7.14"]),
        st.sampled_from(["weak", "clear", "observed_absent", "not_observed"]),
        author=st.sampled_from(["a", "b"]),
        minute=st.integers(0, 4),
    ),
    max_size=10,
    unique_by=lambda one: one.assessment_id,
)


@given(ROWS, st.randoms())
def test_the_order_of_assessments_does_not_matter(rows: list[IndicatorAssessment], dice: random.Random) -> None:
    """The state is a function of the rows."""
    mixed = list(rows)
    dice.shuffle(mixed)
    assert current_assessments(rows) == current_assessments(mixed)


@given(ROWS)
def test_taking_back_restores_exactly(rows: list[IndicatorAssessment]) -> None:
    """What held before holds again; and taking the taking back back brings it again."""
    new = said("7.3", "contested", minute=9)
    back = said("7.3", "withdrawn", minute=9, withdraws=new.assessment_id)
    again = said("7.3", "withdrawn", minute=9, withdraws=back.assessment_id)
    assert current_assessments([back, *rows, new]) == current_assessments(rows)
    assert current_assessments([again, back, *rows, new]) == current_assessments([*rows, new])


def test_what_others_say_stays_beside() -> None:
    """An analyst who reads it otherwise is shown, until they come round or take it back."""
    first, second = said("7.3", "weak", author="a"), said("7.3", "clear", author="b", minute=1)
    assert readings_beside([first, second], second) == (first,)
    agreed = said("7.3", "clear", author="a", minute=2)
    assert readings_beside([first, second, agreed], agreed) == ()


def test_words_of_a_document_are_evidence() -> None:
    """A quotation stands where a claim could; without either nothing is observed."""
    quoted = Quotation(DOCUMENT, 3, 9, "hatred")
    IndicatorAssessment("XKA", "7.14", "weak", "analyst", NOW, "because", quotations=(quoted,))
    with pytest.raises(InputValueError, match="without evidence"):
        IndicatorAssessment("XKA", "7.14", "weak", "analyst", NOW, "because")


@pytest.mark.parametrize(
    "wrong", [{"indicator": "7.00"}, {"indicator": "15.1"}, {"confidence": "very"}, {"state": "withdrawn"}]
)
def test_an_assessment_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    """No such indicator, no such word, a withdrawal of nothing."""
    with pytest.raises(InputValueError):
        IndicatorAssessment(**{"unit": "XKA", "indicator": "7.1", "state": "not_observed", "author": "a",
                               "assessed_at": NOW, "basis": "b", **wrong})  # type: ignore[arg-type]  # fmt: skip
