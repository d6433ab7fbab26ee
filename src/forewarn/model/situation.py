"""A situation: what is known of an area against the UN Framework of Analysis, indicator by indicator.

Each assessment is an appended fact by a named person. There is no sum, no weight and no score: the reader sees
fourteen factors with their states and evidence. ``not_observed`` (nobody could see) is never ``observed_absent``
(somebody looked and it was not there). Taking back is itself such a fact; what held before it then holds again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from forewarn.errors import InputValueError
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "CONFIDENCES",
    "INDICATOR_STATES",
    "TRENDS",
    "WITHDRAWN",
    "IndicatorAssessment",
    "Quotation",
    "current_assessments",
    "not_taken_back",
    "readings_beside",
    "standing",
]

INDICATOR_STATES = ("not_observed", "observed_absent", "weak", "clear", "contested")
TRENDS = ("unknown", "falling", "steady", "rising")
CONFIDENCES = ("unknown", "low", "moderate", "high")
"""Of the evidence base, never of what is to come; unknown where nobody said."""
WITHDRAWN = "withdrawn"
"""The state of an assessment that only takes an earlier one back."""

_INDICATOR = re.compile(r"(?:[1-9]|1[0-4])\.(?:[1-9]\d?|x)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a kept document, as evidence: verbatim, with their offsets (characters, half-open) in its text."""

    document_id: str
    start: int
    end: int
    words: str

    def __post_init__(self) -> None:
        require_id(self.document_id, "document_id", "doc")
        require_text(self.words, "words", longest=20_000)
        if not 0 <= self.start < self.end:
            raise InputValueError(f"{self.start}..{self.end} is no span", where="quotation", mend="correct it")


@dataclass(frozen=True, slots=True)
class IndicatorAssessment:
    """One person's reading of one indicator for one unit, with its evidence.

    ``weak``, ``clear`` and ``contested`` need evidence; ``observed_absent`` needs a basis saying who looked.

    Attributes:
        unit: a country or admin1 area.
        indicator: its number, such as ``7.14``.
        state: one of :data:`INDICATOR_STATES`, or :data:`WITHDRAWN`.
        author, assessed_at, basis: who says so, when, and why.
        claim_ids, quotations: what it rests on.
        trend: one of :data:`TRENDS`, against the time before.
        confidence: one of :data:`CONFIDENCES`.
        proposal_id: the machine's proposal it took up, or empty.
        withdraws: the assessment that a withdrawn one takes back, and only then.
    """

    unit: str
    indicator: str
    state: str
    author: str
    assessed_at: datetime
    basis: str
    claim_ids: tuple[str, ...] = ()
    trend: str = "unknown"
    quotations: tuple[Quotation, ...] = ()
    confidence: str = "unknown"
    proposal_id: str = ""
    withdraws: str = ""

    def __post_init__(self) -> None:
        require_text(self.unit, "unit", longest=300)
        if not _INDICATOR.fullmatch(self.indicator):
            raise InputValueError(f"'{self.indicator}' is no indicator", where="indicator", mend="use 1.1 to 14.10")
        require_choice(self.state, "state", (*INDICATOR_STATES, WITHDRAWN))
        require_choice(self.trend, "trend", TRENDS)
        require_choice(self.confidence, "confidence", CONFIDENCES)
        require_text(self.author, "author", longest=200)
        require_text(self.basis, "basis", longest=2_000)
        require_instant(self.assessed_at, "assessed_at")
        self._require_ids()
        if self.state in ("weak", "clear", "contested") and not (self.claim_ids or self.quotations):
            raise InputValueError(f"'{self.state}' without evidence", where="claim_ids", mend="name the claims")
        if (self.state == WITHDRAWN) != bool(self.withdraws):
            raise InputValueError("a withdrawal names what it withdraws", where="withdraws", mend="name it")

    def __hash__(self) -> int:
        return hash((self.unit, self.indicator, self.author, self.basis))  # quicker than of all of it

    def _require_ids(self) -> None:
        for claim in self.claim_ids:
            require_id(claim, "claim_ids", "clm")
        if self.proposal_id:
            require_id(self.proposal_id, "proposal_id", "prp")
        if self.withdraws:
            require_id(self.withdraws, "withdraws", "asm")

    @property
    def assessment_id(self) -> str:
        """``asm_`` and the SHA-256 over everything said."""
        return _id_of(self)


@lru_cache(maxsize=20_000)
def _id_of(one: IndicatorAssessment) -> str:
    """Asked for again and again where readings are compared."""
    said = (one.unit, one.indicator, one.state, one.author, one.assessed_at.isoformat(), one.basis)
    quoted = [[each.document_id, each.start, each.end, each.words] for each in one.quotations]
    more = (one.confidence, quoted, one.proposal_id, one.withdraws)
    return content_id("asm", *said, one.trend, list(one.claim_ids), *more)


def current_assessments(assessments: Iterable[IndicatorAssessment]) -> dict[tuple[str, str], IndicatorAssessment]:
    """The assessment of each (unit, indicator) that holds: the latest that nobody has taken back.

    Ties go to the greater id, whatever the order given.
    """
    return {(one.unit, one.indicator): one for one in standing(assessments)}


def readings_beside(
    assessments: Iterable[IndicatorAssessment], held: IndicatorAssessment
) -> tuple[IndicatorAssessment, ...]:
    """What others last said of the same indicator and unit and have not taken back, where the state differs."""
    own: dict[str, IndicatorAssessment] = {}
    for one in standing(assessments):
        if (one.unit, one.indicator) == (held.unit, held.indicator):
            own[one.author] = one
    return tuple(one for author, one in sorted(own.items()) if author != held.author and one.state != held.state)


def standing(assessments: Iterable[IndicatorAssessment]) -> list[IndicatorAssessment]:
    """The assessments that say something and are not taken back, in order of time, then id."""
    given = [(one.assessment_id, one) for one in assessments]
    kept = not_taken_back({name: one.withdraws for name, one in given})
    found = [(one.assessed_at, name, one) for name, one in given if one.state != WITHDRAWN and name in kept]
    return [one for _, _, one in sorted(found, key=lambda each: each[:2])]


def not_taken_back(withdraws: Mapping[str, str]) -> set[str]:
    """Of facts by id, each with the id of the fact it takes back (or empty): those that hold.

    A taking-back that is itself taken back has no effect. The order does not matter. An id contains the digest of
    what it takes back, so no circle can arise; members of one made by hand would none of them hold.
    """
    against: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(withdraws, 0)
    for one, target in withdraws.items():
        if target in withdraws:
            against[target].append(one)
            waiting[target] += 1
    ready = [one for one, left in waiting.items() if not left]
    held: set[str] = set()
    while ready:
        one = ready.pop()
        if not any(other in held for other in against[one]):
            held.add(one)
        target = withdraws[one]
        if target in waiting:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return held
