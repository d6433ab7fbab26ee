"""What the readers of a narrative hand over: values found, each with the words it rests on and the rule that found it.

All positions are half-open character offsets into the narrative's own text. A finding carries no words of the text
itself: whoever prints it cuts the span out and strips names first. What the text does not say is absent, never a
guess and never nought; a denial ("no casualties") is a finding of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forewarn.errors import InputValueError
from forewarn.model.validation import require_choice, require_count

__all__ = [
    "ACTOR_CLASSES",
    "CERTAINTIES",
    "SIDES",
    "VICTIM_GROUPS",
    "VICTIM_KINDS",
    "WEAPON_CLASSES",
    "Found",
    "Narrative",
    "NumberRange",
    "VictimCount",
]

VICTIM_KINDS = ("killed", "injured", "abducted", "detained", "displaced")
"""What was done to those counted."""

VICTIM_GROUPS = (
    "civilian",
    "health_worker",
    "teacher",
    "aid_worker",
    "journalist",
    "child",
    "woman",
    "displaced_person",
    "patient",
    "combatant",
    "unknown",
)
"""Who was harmed. ``unknown`` means the words name no group ("three people")."""

SIDES = ("victim", "perpetrator")
"""Whether a count is of those attacked or of the attackers' own losses."""

CERTAINTIES = ("stated", "reported", "alleged", "unconfirmed", "unknown")
"""How firmly the text puts it: plainly; as told by others; as an allegation; as not confirmed; not read."""

WEAPON_CLASSES = ("firearms", "aircraft", "shelling", "explosive", "fire", "handheld", "none", "unknown")
"""Families of means: small arms; bombs from aircraft or drones; shells, rockets and missiles from the ground; devices,
mines and grenades; arson; blades, fists, sticks and stones; no weapon or no direct violence; not said."""

ACTOR_CLASSES = (
    "non_state_armed_group",
    "state",
    "foreign_forces",
    "criminal",
    "multiple",
    "civilian",
    "other",
    "unknown",
)
"""Families of alleged perpetrators: bodies and groups, never persons. ``state``: the State's own forces, police and
authorities, the finer code saying which where the words do; ``multiple``: two families side by side."""


def _check_span(start: int, end: int) -> None:
    if not 0 <= start <= end:
        raise InputValueError(f"{start}..{end} is no span", where="span", mend="correct it")


@dataclass(frozen=True, slots=True)
class Narrative:
    """One incident told in prose.

    Attributes:
        text: verbatim; every position of a finding points into it.
        language: BCP 47, or empty when unknown. Readers that know only English still try.
        base_date: the day relative words ("yesterday") count from; missing when unknown.
        country: ISO 3166-1 alpha-3 the incident is filed under, or empty.
    """

    text: str
    language: str = ""
    base_date: date | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One value and the words it was read from.

    Attributes:
        value: a code or a canonical name.
        start, end: the words that decided.
        rule: ``<reader>.<rule>``, or ``<reader>.model`` for a trained model.
        detail: a finer code below the value, or empty.
        confidence: 0 to 1 where a model decided; missing for a rule.
        evidence: further spans the decision leans on, heaviest first.
    """

    value: str
    start: int
    end: int
    rule: str
    detail: str = ""
    confidence: float | None = None
    evidence: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)
        for start, end in self.evidence:
            _check_span(start, end)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A number in words or digits as a range. A missing end is open: "at least 3" has no high, "up to 9" no low.

    ``best`` is missing where the words fix no single number ("dozens"). ``vague`` marks words of size, not of count.
    """

    low: int | None
    best: int | None
    high: int | None
    start: int
    end: int
    rule: str
    vague: bool = False

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)
        _check_order(self.low, self.best, self.high)


def _check_order(low: int | None, best: int | None, high: int | None) -> None:
    """Refuse negative ends and ranges out of order."""
    for field, value in (("low", low), ("best", best), ("high", high)):
        require_count(value, field)
    known = [value for value in (low, best, high) if value is not None]
    if known != sorted(known):
        raise InputValueError(f"{low}, {best}, {high} are out of order", where="count", mend="reorder")


@dataclass(frozen=True, slots=True)
class VictimCount:
    """How many of one group suffered one thing, as the text has it. Ends as in :class:`NumberRange`.

    Attributes:
        kind: one of :data:`VICTIM_KINDS`.
        group: one of :data:`VICTIM_GROUPS`.
        start, end: the words counted; ``rule`` the rule that read them.
        negated: the text denies it; the range is then 0, 0, 0.
        certainty: one of :data:`CERTAINTIES`.
        side: one of :data:`SIDES`.
        included: already inside another count of the same kind ("five people, including two nurses"): sums skip it.
    """

    kind: str
    group: str
    low: int | None
    best: int | None
    high: int | None
    start: int
    end: int
    rule: str
    negated: bool = False
    certainty: str = "stated"
    side: str = "victim"
    included: bool = False

    def __post_init__(self) -> None:
        require_choice(self.kind, "kind", VICTIM_KINDS)
        require_choice(self.group, "group", VICTIM_GROUPS)
        require_choice(self.certainty, "certainty", CERTAINTIES)
        require_choice(self.side, "side", SIDES)
        _check_span(self.start, self.end)
        _check_order(self.low, self.best, self.high)
