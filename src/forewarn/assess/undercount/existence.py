"""Whether the estimates of one model exist and are the only ones, by linear programming.

The slow and sure way that Chan, Silverman and Vincent (2021, section 2.6) give after Fienberg and Rinaldo (2012): an
extended estimate exists where some table that is positive in every history left has the same margins. Fitting many
models relies on convergence instead; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from forewarn.assess.undercount.design import Design, Mask

__all__ = ["Existence", "existence"]


@dataclass(frozen=True, slots=True)
class Existence:
    """What the two tests of one model say.

    Attributes:
        slack: the largest smallest cell of a table with the same margins; an estimate exists where it is positive.
        exists: whether an extended estimate exists.
        identified: whether the terms left are determined.
    """

    slack: float
    exists: bool
    identified: bool


def existence(design: Design, counts: NDArray[np.float64], active: Mask) -> Existence:
    """Test one model ``[term]`` on one table ``[history]``."""
    margins = counts @ design.matrix
    lost = active & (margins == 0)
    alive = ~(design.matrix[:, lost] > 0).any(axis=1)
    matrix = design.matrix[np.ix_(alive, active & ~lost)]
    target = margins[active & ~lost]
    # Every cell is the slack and something above it.
    equal = np.column_stack([matrix.T, matrix.sum(axis=0)])
    goal = np.zeros(equal.shape[1])
    goal[-1] = -1.0
    found = linprog(goal, A_eq=equal, b_eq=target, bounds=(0, None), method="highs")
    slack = float(found.x[-1]) if found.status == 0 else 0.0
    rank = int(np.linalg.matrix_rank(matrix)) if matrix.size else 0
    return Existence(slack, slack > 1e-9 * max(1.0, float(counts.sum())), rank == matrix.shape[1])
