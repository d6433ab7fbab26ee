"""Crimes and norms: observable elements coded by people, proposals of the machine, patterns counted and not concluded.

``rules`` reads when the machine proposes, ``proposals`` proposes, ``sheet`` lays out coded, not coded and unknown,
``pattern`` counts over an area and period. Inferential elements are locked throughout.
"""

from __future__ import annotations

from forewarn.assess.crimes.pattern import IndicatorCount, Pattern, ethnic_cleansing_pattern
from forewarn.assess.crimes.proposals import Proposal, propose, target_kinds
from forewarn.assess.crimes.sheet import CrimeSheet, SheetLine, require_codable, sheet

__all__ = [
    "CrimeSheet",
    "IndicatorCount",
    "Pattern",
    "Proposal",
    "SheetLine",
    "ethnic_cleansing_pattern",
    "propose",
    "require_codable",
    "sheet",
    "target_kinds",
]
