"""Forecasts, incidents and gaps become proposals, drafts and alerts with a life of recorded steps.

Owns the declared policy, the trigger, the draft, the wording check and the verbs of the lifecycle. The software
proposes; people write, review, issue and decide. Nothing here is a verdict, ranks persons, or treats silence as
calm.
"""

from __future__ import annotations

from forewarn.warn import lifecycle
from forewarn.warn.draft import DraftRequest, draft
from forewarn.warn.inputs import Standing, TriggerInputs, UnitCoverage, UnitForecast
from forewarn.warn.lifecycle import AlertLife
from forewarn.warn.policy import AlertPolicy, alert_policy
from forewarn.warn.proposal import Proposal
from forewarn.warn.trigger import propose
from forewarn.warn.wording import Finding, WordingRules, check_alert, check_text

__all__ = [
    "AlertLife",
    "AlertPolicy",
    "DraftRequest",
    "Finding",
    "Proposal",
    "Standing",
    "TriggerInputs",
    "UnitCoverage",
    "UnitForecast",
    "WordingRules",
    "alert_policy",
    "check_alert",
    "check_text",
    "draft",
    "lifecycle",
    "propose",
]
