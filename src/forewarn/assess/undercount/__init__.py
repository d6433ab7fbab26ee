"""How many cases no list holds: multiple-systems estimation over lists that overlap, thin overlaps included.

``histories_of_table`` and ``histories_of_cases`` check what is told, ``estimate_undercount`` estimates or refuses, and
``wording`` says it with what it assumes. numpy and scipy only; arrays and frozen values, no input or output, no clock.
"""

from __future__ import annotations

from forewarn.assess.undercount.dependence import Heterogeneity, PairDependence
from forewarn.assess.undercount.estimate import Estimate, Plan, Undercount, estimate_undercount
from forewarn.assess.undercount.histories import Histories, histories_of_cases, histories_of_rows
from forewarn.assess.undercount.table import Table, histories_of_table
from forewarn.assess.undercount.wording import assumptions, headline, warnings

__all__ = [
    "Estimate",
    "Heterogeneity",
    "Histories",
    "PairDependence",
    "Plan",
    "Table",
    "Undercount",
    "assumptions",
    "estimate_undercount",
    "headline",
    "histories_of_cases",
    "histories_of_rows",
    "histories_of_table",
    "warnings",
]
