"""Many log-linear fits at once: right, and standing only where linear programming says an estimate exists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forewarn.assess.undercount.design import hierarchical_models, pairwise_design
from forewarn.assess.undercount.existence import existence
from forewarn.assess.undercount.fitting import fit

ARTIFICIAL = np.array([40, 30, 6, 20, 0, 0, 0], dtype=float)
"""Table 2 of Chan, Silverman and Vincent (2021): A, B, AB, C, and nothing else."""

KOREA = np.array([5, 5, 54, 41, 6, 0, 12], dtype=float)
"""Silverman, Chan and Vincent (2024), three lists b, c, d."""


def model(*pairs: str) -> NDArray[np.bool_]:
    """The model of three lists with those pairs."""
    design = pairwise_design(3)
    wanted = {sum(1 << "ABC".index(name) for name in pair) for pair in pairs}
    return np.array([term.bit_count() < 2 or term in wanted for term in design.terms])


@pytest.mark.parametrize(
    ("pairs", "exists", "identified"),
    [
        (("AB", "AC", "BC"), True, False),
        (("AB",), False, True),
        (("AB", "AC"), False, True),
        (("AB", "BC"), False, True),
        ((), True, True),
        (("AC",), True, True),
        (("BC",), True, True),
        (("AC", "BC"), True, True),
    ],
)
def test_the_published_instabilities_are_found(pairs: tuple[str, ...], exists: bool, identified: bool) -> None:
    """Every model of the artificial table fails or passes as published (documentation of Artificial_3)."""
    design = pairwise_design(3)
    found = existence(design, ARTIFICIAL, model(*pairs))
    assert (exists, identified) == (found.exists, found.identified)
    assert bool(fit(design, ARTIFICIAL[None], model(*pairs)[None]).exists[0]) == (exists and identified)


@pytest.mark.parametrize(
    ("pairs", "total", "bic"),
    [(("AB", "BC"), 157.1667, 57.14081), (("AB",), 268.7778, 58.96860), ((), 141.9926, 184.14431)],
)
def test_totals_and_bic_are_those_published_for_korea(pairs: tuple[str, ...], total: float, bic: float) -> None:
    """Fits agree with the published table of models to its last digit (user guide of MultipleSystemsEstimation)."""
    made = fit(pairwise_design(3), KOREA[None], model(*pairs)[None])
    assert made.dark[0] + KOREA.sum() == pytest.approx(total, abs=1e-4)
    assert made.bic[0] == pytest.approx(bic, abs=1e-4)


@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 7, 40]), min_size=15, max_size=15), st.integers(0, 112))
def test_a_fit_stands_exactly_where_linear_programming_says_so(counts: list[int], number: int) -> None:
    """Convergence is a proof: on sparse tables of four lists it agrees with the tests of existence and rank."""
    design, models = hierarchical_models(4)
    table = np.array(counts, dtype=float)
    if not table.any():
        return
    found = existence(design, table, models[number])
    assert bool(fit(design, table[None], models[number][None]).exists[0]) == (found.exists and found.identified)


@given(st.lists(st.integers(0, 60), min_size=7, max_size=7), st.integers(0, 7))
def test_a_fit_keeps_the_margins_it_models(counts: list[int], number: int) -> None:
    """Fitted cases add up to the observed ones over every term of the model: the mark of a maximum."""
    design, models = hierarchical_models(3)
    table = np.array(counts, dtype=float)
    made = fit(design, table[None], models[number][None])
    if made.exists[0]:
        margins = design.matrix[:, models[number]].T
        assert margins @ made.means[0] == pytest.approx(margins @ table, abs=1e-5)


def test_all_hierarchical_models_are_there() -> None:
    """As many as are known to be: one of two lists, 8 of three, 113 of four (without the saturated one)."""
    assert [len(hierarchical_models(lists)[1]) for lists in (2, 3, 4)] == [1, 8, 113]
