"""An alert in which nothing is missing, for whoever tests what is done with alerts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from forewarn.ids import content_id
from forewarn.model.alert import Alert, EvidenceLine, Likelihood, RightOfComment


def complete_alert(**changes: Any) -> Alert:
    """A fictional first version of an alert that could go to review, with the fields given put in place.

    Args:
        changes: fields of :class:`~forewarn.model.alert.Alert` by name; every other one is filled.

    Raises:
        InputValueError: the alert so changed breaks a promise of its class.
    """
    fields: dict[str, Any] = {
        "alert_id": content_id("alr", "Ombra"),
        "version": 1,
        "unit": "XAA/Ombra",
        "level": "W2",
        "valid_until": date(2030, 9, 1),
        "what_could_happen": "There could be at least 25 deaths in one-sided violence.",
        "to_whom": "Villagers of the river districts.",
        "where_and_when": "Ombra, 2030-07 to 2030-12.",
        "by_whom_possibly": "Unknown; armed bodies of both sides operate there.",
        "likelihood": Likelihood("unlikely", 0.2, 0.45, "at least 25 deaths", "Ombra", 6, 0.05),
        "confidence": "moderate",
        "confidence_because": "Confidence is moderate: two independent origins; 10 of 12 months observed.",
        "severity_range": "0 to 140 deaths over 6 months.",
        "evidence_for": (EvidenceLine("Five incidents.", (content_id("clm", 1),), independent_origins=2),),
        "evidence_against": (EvidenceLine("Deaths fell in June.", (content_id("clm", 2),)),),
        "no_evidence_against_because": "",
        "gaps_and_blind_spots": ("May was not observed.",),
        "alternatives_considered": ("Criminal violence without a group as its target.",),
        "what_changed_since_last": "First alert.",
        "trigger_to_upgrade": "25 deaths in three months.",
        "trigger_to_downgrade": "Three observed months without deaths.",
        "options": ("M202 Good offices",),
        "primary_duty_holder": "The Government of Norland",
        "addressee": "Head of the regional desk",
        "decision_asked": "Decide whether to send a good-offices mission.",
        "decision_needed_by": datetime(2030, 7, 15, 12, tzinfo=UTC),
        "releasability": "Named offices only.",
        "source_protection": "No source is named.",
        "harm_check": "Monitors in two villages could be guessed at; no village is named.",
        "right_of_comment": RightOfComment(False, "Asking first would expose the monitors."),
        "authors": ("analyst-1",),
        "fictional": True,
    }
    return Alert(**(fields | changes))
