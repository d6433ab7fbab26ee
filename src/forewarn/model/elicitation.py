"""Asking experts: independent estimates first, then discussion, then a second round.

Owns the nouns and the order of the steps. Experts go by a pseudonym, one word. While a round is open no estimate of it
is shown to anybody, and whoever gave none in the first round, while it was blind, gives none in the second. Estimates,
comments and steps are appended facts; dissent is kept with its reason. Nothing here weighs or ranks an expert.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.errors import InputValueError, LifecycleError, SeparationError, shorten
from forewarn.ids import content_id, short
from forewarn.model.situation import not_taken_back
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "FEWEST_EXPERTS",
    "KINDS",
    "LEVELS",
    "PHASES",
    "Comment",
    "Elicitation",
    "Estimate",
    "Kind",
    "Step",
    "phase_of",
    "require_may_close",
    "require_may_discuss",
    "require_may_estimate",
    "standing_estimates",
]

LEVELS = (0.05, 0.5, 0.95)
"""Of quantiles: one in twenty that it is below the first, as likely above as below the second, one in twenty above
the third."""
PHASES = ("round_1", "discussion", "round_2", "closed")
"""In this order; each is ended by a step. Estimates come in in the rounds, comments in the discussion."""
FEWEST_EXPERTS = 2
"""Fewer estimates than this end no first round: one opinion is no elicitation."""

_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_LARGEST = 1e12


class Kind(StrEnum):
    """What is asked for: a chance from 0 to 1, or the quantiles at :data:`LEVELS` of a number not below zero."""

    PROBABILITY = "probability"
    QUANTILES = "quantiles"


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Elicitation:
    """A question put to experts.

    Attributes:
        question: such that its answer will be known: what, where, until when.
        kind: what an estimate is.
        noun: what the numbers count, such as ``deaths``; empty for a probability.
        unit: the area it is about.
        opened_by, opened_at: who put it, when.
    """

    question: str
    kind: Kind
    noun: str
    unit: str
    opened_by: str
    opened_at: datetime

    def __post_init__(self) -> None:
        require_text(self.question, "question", longest=2_000)
        require_text(self.unit, "unit", longest=300)
        require_text(self.opened_by, "opened_by", longest=200)
        require_instant(self.opened_at, "opened_at")
        require_choice(self.kind, "kind", KINDS)
        if (self.kind == Kind.QUANTILES) != bool(self.noun.strip()):
            raise InputValueError("quantiles, and only they, count something", where="noun", mend="say what is counted")

    @property
    def elicitation_id(self) -> str:
        """``elc_`` and the SHA-256 over everything said."""
        said = (self.question, self.kind.value, self.noun, self.unit, self.opened_by, self.opened_at.isoformat())
        return content_id("elc", *said)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One expert's estimate in one round, with the reason; the latest of an expert in a round holds.

    Attributes:
        values: one probability, or the quantiles at :data:`LEVELS`; none where it only takes an earlier one back.
        dissent: why the expert does not go along with the others, in the second round; empty where there is none.
        withdraws: the expert's own estimate that this one takes back.
    """

    elicitation_id: str
    round: int
    expert: str
    values: tuple[float, ...]
    reason: str
    given_at: datetime
    dissent: str = ""
    withdraws: str = ""

    def __post_init__(self) -> None:
        require_id(self.elicitation_id, "elicitation_id", "elc")
        _require_pseudonym(self.expert)
        require_text(self.reason, "reason", longest=4_000)
        require_instant(self.given_at, "given_at")
        if self.round not in (1, 2):
            raise InputValueError(f"{self.round} is no round", where="round", mend="give 1 or 2")
        if self.dissent:
            require_text(self.dissent, "dissent", longest=4_000)
        if self.dissent and self.round == 1:
            raise InputValueError("the first round has nothing to dissent from", where="dissent", mend="leave it out")
        if bool(self.withdraws) == bool(self.values):
            raise InputValueError("gives values or takes an estimate back", where="values", mend="do one of both")
        if self.withdraws:
            require_id(self.withdraws, "withdraws", "est")
        _require_values(self.values)

    @property
    def estimate_id(self) -> str:
        """``est_`` and the SHA-256 over everything said."""
        said = (self.elicitation_id, self.round, self.expert, [repr(float(value)) for value in self.values])
        more = (self.reason, self.given_at.isoformat(), self.dissent, self.withdraws)
        return content_id("est", *said, *more)


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said in the discussion, under a pseudonym."""

    elicitation_id: str
    expert: str
    text: str
    said_at: datetime

    def __post_init__(self) -> None:
        require_id(self.elicitation_id, "elicitation_id", "elc")
        _require_pseudonym(self.expert)
        require_text(self.text, "text", longest=8_000)
        require_instant(self.said_at, "said_at")

    @property
    def comment_id(self) -> str:
        """``cmt_`` and the SHA-256 over everything said."""
        return content_id("cmt", self.elicitation_id, self.expert, self.text, self.said_at.isoformat())


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody ends a phase. ``position`` counts from 1."""

    elicitation_id: str
    position: int
    ends: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        require_id(self.elicitation_id, "elicitation_id", "elc")
        require_choice(self.ends, "ends", PHASES[:-1])
        require_text(self.by, "by", longest=200)
        require_instant(self.at, "at")
        if self.position != PHASES.index(self.ends) + 1:
            raise InputValueError(f"{self.position} does not end {self.ends}", where="position", mend="end in order")


def _require_pseudonym(name: str) -> None:
    """The name is one word of letters, digits, ``_`` and ``-``: no full name and no address has that form."""
    if not _PSEUDONYM.fullmatch(name):
        raise InputValueError(
            f"'{shorten(name)}' is no pseudonym", where="expert", mend="give one word, such as heron or E4"
        )


def phase_of(steps: Iterable[Step]) -> str:
    """The phase an elicitation is in."""
    return PHASES[max((step.position for step in steps), default=0)]


def standing_estimates(estimates: Iterable[Estimate], round: int) -> tuple[Estimate, ...]:
    """Of each expert the latest estimate of a round that is not taken back, by pseudonym, whatever the order given."""
    given = [one for one in estimates if one.round == round]
    kept = not_taken_back({one.estimate_id: one.withdraws for one in given})
    latest: dict[str, Estimate] = {}
    for one in sorted(given, key=lambda one: (one.given_at, one.estimate_id)):
        if one.values and one.estimate_id in kept:
            latest[one.expert] = one
    return tuple(latest[expert] for expert in sorted(latest))


def require_may_estimate(asked: Elicitation, steps: Sequence[Step], before: Sequence[Estimate], new: Estimate) -> None:
    """The estimate belongs to the open round, fits the question, and its expert spoke while it was blind.

    Raises:
        LifecycleError: no round, or another, is open; or the expert gave nothing in the first.
        SeparationError: it takes back what another gave.
    """
    phase, where = phase_of(steps), f"elicitation {short(asked.elicitation_id)}"
    if phase != f"round_{new.round}":
        raise LifecycleError(
            f"is in {_said(phase)}: no estimate of round {new.round} comes in", where=where, mend=_NEXT[phase]
        )
    if new.round == 2 and new.expert not in {one.expert for one in standing_estimates(before, 1)}:
        raise LifecycleError(
            f"'{new.expert}' gave no estimate in the blind first round", where=where, mend="those who did may go on"
        )
    if new.withdraws:
        _require_own(before, new, where)
    elif len(new.values) != (1 if asked.kind == Kind.PROBABILITY else len(LEVELS)):
        raise InputValueError(
            f"{len(new.values)} values for {asked.kind.value}", where=where, mend=f"give {_WANTED[asked.kind]}"
        )
    elif asked.kind == Kind.PROBABILITY and new.values[0] > 1:
        raise InputValueError(f"{new.values[0]:g} is no probability", where=where, mend="give 0 to 1")


def require_may_discuss(asked: Elicitation, steps: Sequence[Step]) -> None:
    """The discussion is open. Raises :class:`LifecycleError` where it is not."""
    phase = phase_of(steps)
    if phase != "discussion":
        where = f"elicitation {short(asked.elicitation_id)}"
        raise LifecycleError(f"is in {_said(phase)}: nothing is discussed", where=where, mend=_NEXT[phase])


def require_may_close(asked: Elicitation, steps: Sequence[Step], estimates: Sequence[Estimate]) -> str:
    """The phase that would be ended. Raises :class:`LifecycleError` where none may be."""
    phase, where = phase_of(steps), f"elicitation {short(asked.elicitation_id)}"
    if phase == "closed":
        raise LifecycleError("is closed already", where=where, mend="open another question")
    given = len(standing_estimates(estimates, 1))
    if phase == "round_1" and given < FEWEST_EXPERTS:
        raise LifecycleError(
            f"has {given} of at least {FEWEST_EXPERTS} estimates", where=where, mend="wait for the others"
        )
    return phase


def _require_values(values: tuple[float, ...]) -> None:
    if not all(math.isfinite(value) and 0 <= value <= _LARGEST for value in values):
        raise InputValueError("are not finite numbers from 0", where="values", mend="correct them")
    if list(values) != sorted(values):
        raise InputValueError("are not in rising order", where="values", mend="give 5 %, 50 % and 95 %")


def _require_own(before: Sequence[Estimate], new: Estimate, where: str) -> None:
    taken = next((one for one in before if one.estimate_id == new.withdraws and one.round == new.round), None)
    if taken is None:
        raise LifecycleError("takes back no estimate of this round", where=where, mend="give the id printed with it")
    if taken.expert != new.expert:
        raise SeparationError("the estimate is another expert's", where=where, mend="take back only your own")


def _said(phase: str) -> str:
    return phase.replace("_", " ")


_WANTED = {Kind.PROBABILITY: "one number from 0 to 1", Kind.QUANTILES: "three: 5 %, 50 % and 95 %"}
_NEXT = {
    "round_1": "wait until the first round is closed",
    "discussion": "discuss, or close the discussion to open the second round",
    "round_2": "give an estimate of the second round, or close it",
    "closed": "open another question",
}
