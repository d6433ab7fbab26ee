"""What can be done, and what a named body has said about the use of force.

A :class:`Measure` is an option; one that was taken is an action (:mod:`forewarn.model.action`). A
:class:`GateAssertion` is an appended fact with an author; the standing of a :class:`GateCondition` follows from them
and from nothing else. Software never proposes coercion of 2 or more, and no condition leaves ``not_established``
without a named body and a citation. Nothing here counts, ranks or recommends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.errors import InputValueError, RuleError, shorten
from forewarn.ids import content_id
from forewarn.model.validation import require_choice, require_instant, require_text

__all__ = [
    "COERCION_WORDS",
    "HIGHEST_PROPOSED_COERCION",
    "GateAssertion",
    "GateCondition",
    "GateState",
    "Measure",
    "require_somebody",
]

COERCION_WORDS = (
    "no coercion",
    "pressure",
    "non-military coercion",
    "armed presence with consent",
    "force without consent",
)
"""The words for coercion 0 to 4."""

HIGHEST_PROPOSED_COERCION = 1
"""Software may propose pressure, and nothing beyond it."""

_MEASURE_ID = re.compile(r"M([123])\d\d")
_HORIZON = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))")
_NOT_A_BODY = {"-", "?", "n/a", "na", "none", "nobody", "anonymous", "unknown", "tbd", "various"}
_NOT_A_PERSON = {"forewarn", "software", "system", "tool", "model", "algorithm", "ai"}


class GateState(StrEnum):
    """What has been said about a condition; the values of ``force_gate.yaml``."""

    NOT_ESTABLISHED = "not_established"
    ASSERTED = "asserted_by_named_body"
    CONTESTED = "contested"
    ESTABLISHED = "established_by_authorizing_body"


@dataclass(frozen=True, slots=True)
class Measure:
    """An option in the library; nobody has taken it.

    Attributes:
        id: ``M101`` and so on; its first digit is the pillar.
        pillar: 1 the State, 2 assistance with consent, 3 timely and decisive response.
        family: kind of measure, such as ``diplomatic``.
        name: what is done.
        coercion: 0 to 4, see :data:`COERCION_WORDS`.
        basis: who or what must authorize it.
        horizon: months before an effect can be expected: ``0-3``, ``12+`` or ``n/a``.
        harm: what to check first; empty where nothing is noted.
        wps: note on women, peace and security; empty where nothing is noted.
        proposed_by_tool: whether software may put it forward; never with coercion of 2 or more.
    """

    id: str
    pillar: int
    family: str
    name: str
    coercion: int
    basis: str
    horizon: str
    harm: str = ""
    wps: str = ""
    proposed_by_tool: bool = False

    def __post_init__(self) -> None:
        match = _MEASURE_ID.fullmatch(self.id)
        if match is None or int(match[1]) != self.pillar:
            _refuse(f"'{shorten(self.id)}' is not a measure of pillar {shorten(self.pillar)}", "measure id")
        if type(self.coercion) is not int or not 0 <= self.coercion < len(COERCION_WORDS):
            _refuse(f"{shorten(self.coercion)} is not 0 to 4", f"{self.id}: coercion")
        for field in ("family", "name", "basis"):
            require_text(getattr(self, field), f"{self.id}: {field}")
        if self.horizon != "n/a" and not _HORIZON.fullmatch(self.horizon):
            _refuse(f"'{shorten(self.horizon)}' is not like 0-3 or 12+", f"{self.id}: horizon")
        if self.proposed_by_tool and self.coercion > HIGHEST_PROPOSED_COERCION:
            _refuse(f"software may not propose {self.coercion_words}", self.id)

    @property
    def coercion_words(self) -> str:
        """The degree of coercion in words."""
        return COERCION_WORDS[self.coercion]

    @property
    def horizon_months(self) -> tuple[int, int | None] | None:
        """Earliest and latest month of a first effect; the latest is open for ``12+``; ``None`` for ``n/a``."""
        match = _HORIZON.fullmatch(self.horizon)
        if match is None:
            return None
        return int(match[1]), int(match[2]) if match[2] else None


@dataclass(frozen=True, slots=True)
class GateAssertion:
    """An appended fact: somebody recorded what a body has said about one condition.

    Attributes:
        subject: the situation it is about: a unit or an alert.
        condition_id: such as ``S3``; known to the gate's list.
        state: what the body said; ``not_established`` takes an earlier entry of the same body back.
        by: who recorded it: a person's pseudonym or role, never software.
        at: when it was recorded, UTC.
        body: the body that said it.
        citation: where it said so: the symbol of a resolution, a record, a ruling.
    """

    subject: str
    condition_id: str
    state: GateState
    by: str
    at: datetime
    body: str = ""
    citation: str = ""

    def __post_init__(self) -> None:
        where = f"gate condition {shorten(self.condition_id)}"
        object.__setattr__(self, "state", _state(self.state, where))
        require_text(self.subject, f"{where}: subject")
        require_text(self.condition_id, f"{where}: id", longest=8)
        require_instant(self.at, f"{where}: at")
        require_somebody(self.by, f"{where}: by", "name who records it")
        _require_standing(self.state, self.body, self.citation, where)

    @property
    def assertion_id(self) -> str:
        """``gat_`` and the digest of all that was recorded."""
        said = (self.subject, self.condition_id, self.state.value, self.by, self.body, self.citation)
        return content_id("gat", *said, self.at.isoformat())


@dataclass(frozen=True, slots=True)
class GateCondition:
    """A condition of one profile and its standing: who said what, and where.

    Attributes:
        profile_id: whose condition it is, such as ``wsod_2005``.
        id: such as ``S3``.
        text: the condition, paraphrased.
        state: ``not_established`` unless a body has spoken.
        body: the body or bodies that said so.
        citation: where they said so.
    """

    profile_id: str
    id: str
    text: str
    state: GateState = GateState.NOT_ESTABLISHED
    body: str = ""
    citation: str = ""

    def __post_init__(self) -> None:
        where = f"gate condition {shorten(self.id)}"
        object.__setattr__(self, "state", _state(self.state, where))
        require_text(self.text, f"{where}: text")
        _require_standing(self.state, self.body, self.citation, where)


def _state(value: str, where: str) -> GateState:
    require_choice(value, where, [state.value for state in GateState])
    return GateState(value)


def _require_standing(state: GateState, body: str, citation: str, where: str) -> None:
    if state is GateState.NOT_ESTABLISHED and not body:
        return
    require_somebody(body, where, "name the body that said so")
    if state is not GateState.NOT_ESTABLISHED and not citation.strip():
        raise RuleError(f"'{state.value}' without a citation", where=where, mend="cite where the body said so")


def require_somebody(name: str, where: str, mend: str) -> None:
    """Refuse, with :class:`RuleError`, a name that is empty, a place-holder or the software itself."""
    if not name.strip() or name.strip().casefold() in _NOT_A_BODY | _NOT_A_PERSON:
        raise RuleError(f"'{shorten(name.strip())}' names nobody who may say so", where=where, mend=mend)


def _refuse(what: str, where: str) -> None:
    raise InputValueError(what, where=where, mend="correct it")
