"""Situations: an area against the risk factors, what incident data propose for it, and what experts say when asked."""

from __future__ import annotations

from forewarn.assess.situations.elicitation import Member, Pool, pool
from forewarn.assess.situations.framework import Change, FactorView, IndicatorView, Situation, situation
from forewarn.assess.situations.proposals import Proposal, propose

__all__ = [
    "Change",
    "FactorView",
    "IndicatorView",
    "Member",
    "Pool",
    "Proposal",
    "Situation",
    "pool",
    "propose",
    "situation",
]
