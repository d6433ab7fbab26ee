"""Marks are read strictly, and what bears none is for nobody else."""

from __future__ import annotations

from itertools import pairwise

import pytest

from forewarn.errors import InputValueError, RuleError
from forewarn.model.provenance import Sensitivity
from forewarn.model.releasability import (
    AUDIENCES,
    audience_from_text,
    marking_of,
    most_sensitive_for,
    require_may_see,
)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("TLP:AMBER", "amber"),
        (" tlp: amber+strict, the two desks", "amber+strict"),
        ("TLP:WHITE", "clear"),
        ("TLP:CLEAR.", "clear"),
        ("TLP:GREENISH", "red"),
        ("for everybody", "red"),
        ("", "red"),
        ("not TLP:CLEAR", "red"),
    ],
)
def test_what_is_not_understood_is_red(text: str, mark: str) -> None:
    """A mark stands at the beginning; anything else is for nobody beyond the workspace."""
    assert marking_of(text) == mark


def test_wider_audiences_see_less() -> None:
    """From the narrowest to the widest, the most sensitive record shown never grows."""
    ranks = [most_sensitive_for(one).rank for one in AUDIENCES]
    assert ranks == sorted(ranks)
    assert most_sensitive_for("clear") is Sensitivity.LOW
    for wide, narrow in pairwise(AUDIENCES):
        require_may_see(narrow, wide, "it")
        with pytest.raises(RuleError, match=r"marked TLP"):
            require_may_see(wide, narrow, "it")


def test_an_audience_is_a_colour() -> None:
    """With or without the prefix; another word is refused."""
    assert audience_from_text("TLP:Green") == "green"
    with pytest.raises(InputValueError):
        audience_from_text("public")
