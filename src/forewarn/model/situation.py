"""A situation: what is known of an area against the UN Framework of Analysis, indicator by indicator.

Each assessment is an appended fact by a named person. There is no sum, no weight and no score: the reader sees
fourteen factors with their states and evidence. ``not_observed`` (nobody could see) is never ``observed_absent``
(somebody looked and it was not there).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = ["INDICATOR_STATES", "TRENDS", "IndicatorAssessment", "current_assessments"]

INDICATOR_STATES = ("not_observed", "observed_absent", "weak", "clear", "contested")
TRENDS = ("unknown", "falling", "steady", "rising")

_INDICATOR = re.compile(r"(?:[1-9]|1[0-4])\.(?:\d{1,2}|x)")


@dataclass(frozen=True, slots=True)
class IndicatorAssessment:
    """One person's reading of one indicator for one unit, with its evidence.

    ``weak``, ``clear`` and ``contested`` need evidence; ``observed_absent`` needs a basis saying who looked.
    """

    unit: str
    indicator: str
    state: str
    author: str
    assessed_at: datetime
    basis: str
    claim_ids: tuple[str, ...] = ()
    trend: str = "unknown"

    def __post_init__(self) -> None:
        require_text(self.unit, "unit", longest=300)
        if not _INDICATOR.fullmatch(self.indicator):
            raise InputValueError(f"'{self.indicator}' is no indicator", where="indicator", mend="use 1.1 to 14.10")
        require_choice(self.state, "state", INDICATOR_STATES)
        require_choice(self.trend, "trend", TRENDS)
        require_text(self.author, "author", longest=200)
        require_text(self.basis, "basis", longest=2_000)
        require_instant(self.assessed_at, "assessed_at")
        for claim in self.claim_ids:
            require_id(claim, "claim_ids", "clm")
        if self.state in ("weak", "clear", "contested") and not self.claim_ids:
            raise InputValueError(f"'{self.state}' without evidence", where="claim_ids", mend="name the claims")

    @property
    def assessment_id(self) -> str:
        """``asm_`` and the SHA-256 over everything said."""
        said = (self.unit, self.indicator, self.state, self.author, self.assessed_at.isoformat(), self.basis)
        return content_id("asm", *said, self.trend, list(self.claim_ids))


def current_assessments(assessments: Iterable[IndicatorAssessment]) -> dict[tuple[str, str], IndicatorAssessment]:
    """The latest assessment of each (unit, indicator); ties go to the greater id, whatever the order given."""
    latest: dict[tuple[str, str], IndicatorAssessment] = {}
    for one in sorted(assessments, key=lambda a: (a.assessed_at, a.assessment_id)):
        latest[one.unit, one.indicator] = one
    return latest
