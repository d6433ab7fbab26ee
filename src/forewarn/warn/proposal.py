"""A proposal: what the data say for and against an alert on one unit, before any person has looked.

Owns the noun that the trigger makes and the draft is written from. It holds reasons on both sides and the gaps;
it has no composite score, and a likelihood only where a forecast gives one. A proposal is not an alert: an alert
has a named human author and reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.model.alert import CONFIDENCE_LEVELS, LEVELS, EvidenceLine
from forewarn.model.place import unit_name
from forewarn.model.validation import require_choice
from forewarn.warn.recent import RecentPicture

__all__ = ["SIGNAL_KINDS", "Proposal", "Sides", "Signal"]


SIGNAL_KINDS = ("forecast", "recent", "precursors", "missing")
"""The parts of a policy that can be met, the strongest ground for an alert first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule of the policy that was met.

    Attributes:
        kind: which part of the policy it belongs to, one of :data:`SIGNAL_KINDS`.
        level: the level it reaches.
        line: the sentence saying so with its numbers, and what it rests on.
    """

    kind: str
    level: str
    line: EvidenceLine

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", SIGNAL_KINDS)
        require_choice(self.level, "level", LEVELS)


@dataclass(frozen=True, slots=True)
class Sides:
    """Reasons for, reasons against, and what cannot be seen."""

    reasons_for: tuple[EvidenceLine, ...]
    reasons_against: tuple[EvidenceLine, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the data say about one unit on one day.

    Attributes:
        unit: the unit's id.
        level: the highest level any signal reaches, after cap and hysteresis.
        signals: the rules met, highest level first.
        led_by: the strongest kind of ground among the signals of the highest level; empty without any.
        sides: for, against, gaps.
        event: what the likelihood is about, with its number; no place, no time.
        headline: what could happen, in a sentence that says where the forecast cannot see it.
        horizon_months, first_month, last_month: the time ahead; without a forecast, the policy's recent months
            after the day of knowledge.
        probability: chance 0..1 of the event, or ``None`` without a forecast.
        likelihood_term: the word of the first ICD 203 row, or empty without a forecast.
        base_rate: how often the unit's own past windows had the event, or ``None`` where unknown.
        confidence, confidence_because: about the evidence, in a sentence of its own.
        severity: the range of deaths ahead, or empty without a forecast.
        what_changed: against the level held and the months before.
        trigger_to_upgrade, trigger_to_downgrade: from the policy.
        recent: the counts it rests on, or ``None`` when the unit has no dated incidents.
        forecast_id: empty without a forecast.
        policy: name and version of the policy.
        as_known_at: the day of knowledge.
    """

    unit: str
    level: str
    signals: tuple[Signal, ...]
    led_by: str
    sides: Sides
    event: str
    headline: str
    horizon_months: int
    first_month: int
    last_month: int
    probability: float | None
    likelihood_term: str
    base_rate: float | None
    confidence: str
    confidence_because: str
    severity: str
    what_changed: str
    trigger_to_upgrade: str
    trigger_to_downgrade: str
    recent: RecentPicture | None
    forecast_id: str
    policy: str
    as_known_at: date

    def __post_init__(self) -> None:
        require_choice(self.level, "level", LEVELS)
        require_choice(self.confidence, "confidence", CONFIDENCE_LEVELS)

    @property
    def name(self) -> str:
        """The name by which people call the unit."""
        return unit_name(self.unit)
