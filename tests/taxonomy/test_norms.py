"""Norms: sourced, tied to acts there are, and never more than what conduct may engage."""

from __future__ import annotations

import pytest

from forewarn.errors import UnknownNameError
from forewarn.model.claim import ACTS
from forewarn.taxonomy.norms import norm, norms


def test_every_norm_has_its_source_and_acts_there_are() -> None:
    """Both regimes are there; each norm cites, and its acts are acts of claims."""
    assert len(norms()) == 33
    assert {one.regime for one in norms()} == {"IHL", "IHRL"}
    for one in norms():
        assert one.sources, one.id
        assert one.acts, one.id
        assert set(one.acts) <= set(ACTS), one.id


def test_humanitarian_law_says_that_it_needs_a_conflict() -> None:
    """Its condition goes with every norm of it."""
    assert all("armed conflict" in one.applies for one in norms() if one.regime == "IHL")
    assert "armed conflict" not in norm("IHRL-life").applies


def test_an_unknown_norm_is_named() -> None:
    """With the nearest one there is."""
    with pytest.raises(UnknownNameError, match="IHL-medical"):
        norm("IHL-medica")
