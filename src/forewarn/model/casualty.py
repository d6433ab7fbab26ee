"""Casualties of an incident as people record them: acts, victim groups and alleged bodies, many to many.

A record is one author's whole account of one incident; a later one names the one it replaces, and any can be
withdrawn. Groups of one record are different people, so a group harmed in two acts counts once. There is no field
for a name of a person, victim or alleged: groups and bodies only. ``unknown`` is a category of its own everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from forewarn.errors import InputValueError, RuleError, shorten
from forewarn.ids import content_id
from forewarn.model.claim import ACTS, COUNT_STATUSES, COUNTED, CountRange
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "AGES",
    "CAUSES",
    "DEATH_KINDS",
    "DISABILITIES",
    "DISPLACEMENTS",
    "HARMS",
    "INDIRECT_THROUGH",
    "PERSON_STATUSES",
    "SEXES",
    "STATUSES",
    "VERIFYING_STANDARDS",
    "AllegedBody",
    "CasualtyAct",
    "CasualtyRecord",
    "CountOverruling",
    "VictimGroup",
]

STATUSES = COUNT_STATUSES
HARMS = tuple(name for name in COUNTED if name != "civilian_deaths")
"""What befell a group. Civilian deaths are the deaths of groups of civilian status, so nobody enters them twice.
Sexual violence is not among them: it is counted by area and month from mandated bodies only."""
DEATH_KINDS = ("direct", "indirect", "unknown")
SEXES = ("man", "woman", "unknown")
AGES = ("adult_18_plus", "child_under_18", "unknown")
PERSON_STATUSES = (
    "civilian",
    "other_protected_person",
    "member_of_armed_forces",
    "person_directly_participating",
    "unknown",
)
CAUSES = ("HW", "PE", "SA", "IN", "CB", "EM", "LL", "DA", "AC", "OB", "UN")
"""Of the SDG 16.1.2 metadata, as are the four lists above; ``UN`` is unknown."""
DISABILITIES = ("with_disability", "without_disability", "unknown")
DISPLACEMENTS = ("internally_displaced", "refugee", "migrant", "returnee", "not_displaced", "unknown")
INDIRECT_THROUGH = ("disease", "famine", "lack_of_care", "lack_of_water_or_shelter", "other", "unknown")
"""What an indirect death came through."""
VERIFYING_STANDARDS = ("P2", "P3", "P4", "P5", "PX")
"""Standards of proof that verify a number; an allegation or a suspicion does not."""

_MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class VictimGroup:
    """People harmed alike, as far as anybody can tell.

    Attributes:
        group_id: a short label inside the record, such as ``v1``.
        harm: one of :data:`HARMS`.
        number: how many, with status and, if verified, the standard of proof.
        death_kind: for deaths one of :data:`DEATH_KINDS`; empty otherwise.
        through: for indirect deaths one of :data:`INDIRECT_THROUGH`; empty otherwise.
        sex, age, status, disability, displacement: codes, ``unknown`` unless somebody said.
        claim_ids: the claims the numbers rest on.
    """

    group_id: str
    harm: str
    number: CountRange
    death_kind: str = ""
    through: str = ""
    sex: str = "unknown"
    age: str = "unknown"
    status: str = "unknown"
    disability: str = "unknown"
    displacement: str = "unknown"
    claim_ids: tuple[str, ...] = ()

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, never written

    def __post_init__(self) -> None:
        require_text(self.group_id, "group_id", longest=40)
        require_choice(self.harm, "harm", HARMS)
        if self.harm == "deaths" and not self.death_kind:
            object.__setattr__(self, "death_kind", "unknown")
        require_choice(self.death_kind, "death_kind", DEATH_KINDS if self.harm == "deaths" else ("",))
        if self.death_kind == "indirect" and not self.through:
            object.__setattr__(self, "through", "unknown")
        require_choice(self.through, "through", INDIRECT_THROUGH if self.death_kind == "indirect" else ("",))
        for name, choices in _GROUP_CODES.items():
            require_choice(getattr(self, name), name, choices)
        _require_standard(self.number)
        _require_claims(self.claim_ids)


_GROUP_CODES = {
    "sex": SEXES,
    "age": AGES,
    "status": PERSON_STATUSES,
    "disability": DISABILITIES,
    "displacement": DISPLACEMENTS,
}


@dataclass(frozen=True, slots=True)
class AllegedBody:
    """A body or group alleged to be responsible: a label inside the record, its name, and the claims that allege it.

    Who is responsible and nobody can tell is the name ``unknown``.
    """

    body_id: str
    name: str
    claim_ids: tuple[str, ...] = ()

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, never written

    def __post_init__(self) -> None:
        require_text(self.body_id, "body_id", longest=40)
        require_text(self.name, "alleged", longest=300)
        _require_claims(self.claim_ids)
        if self.name != "unknown" and not self.claim_ids:
            raise InputValueError("alleged by no claim", where=f"alleged {self.body_id}", mend="name the claims")


@dataclass(frozen=True, slots=True)
class CasualtyAct:
    """One thing that was done, to which groups, and which bodies are alleged to have done it.

    Attributes:
        act: one of ``ACTS``.
        cause: weapon or means, one of :data:`CAUSES`.
        victims, alleged: labels of groups and bodies of the record; a group or body may stand in several acts.
        started_on: the day, if it differs from the incident's.
        circumstances: what is known of how it came about, without names of persons.
    """

    act: str
    victims: tuple[str, ...] = ()
    alleged: tuple[str, ...] = ()
    cause: str = "UN"
    started_on: date | None = None
    circumstances: str = ""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, never written

    def __post_init__(self) -> None:
        require_choice(self.act, "act", ACTS)
        require_choice(self.cause, "cause", CAUSES)
        if self.circumstances:
            require_text(self.circumstances, "circumstances", longest=2_000)


@dataclass(frozen=True, slots=True)
class CasualtyRecord:
    """One author's account of the casualties of the incident that holds a claim.

    ``replaces`` is the id of the record it was written upon, empty for the first.
    """

    claim_id: str
    acts: tuple[CasualtyAct, ...]
    victims: tuple[VictimGroup, ...]
    alleged: tuple[AllegedBody, ...]
    author: str
    decided_at: datetime
    reason: str
    replaces: str = ""

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim_id", "clm")
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")
        if self.replaces:
            require_id(self.replaces, "replaces", "csr")
        if not self.acts:
            raise InputValueError("has no act", where="acts", mend="give one; unknown is an act")
        if len(self.acts) + len(self.victims) + len(self.alleged) > _MOST_PARTS:
            raise InputValueError(f"has more than {_MOST_PARTS} parts", where="record", mend="record acts apart")
        groups = _labels((group.group_id for group in self.victims), "victims")
        bodies = _labels((body.body_id for body in self.alleged), "alleged")
        for act in self.acts:
            _require_known(act.victims, groups, "victims")
            _require_known(act.alleged, bodies, "alleged")
        for unlinked in groups - {label for act in self.acts for label in act.victims}:
            raise InputValueError(
                f"'{unlinked}' is in no act", where="victims", mend="name it in the act that harmed it"
            )

    @property
    def record_id(self) -> str:
        """``csr_`` and the SHA-256 over everything said."""
        stamp = self.decided_at.isoformat()
        parts = [repr(part) for part in (self.acts, self.victims, self.alleged)]
        return content_id("csr", self.claim_id, *parts, self.author, stamp, self.reason, self.replaces)

    @property
    def counts(self) -> frozenset[str]:
        """The kinds of count it speaks of; deaths speak of civilian deaths too."""
        harms = {group.harm for group in self.victims}
        return frozenset(harms | {"civilian_deaths"} if "deaths" in harms else harms)

    def acts_of(self, group_id: str) -> tuple[CasualtyAct, ...]:
        """The acts that harmed a group."""
        return tuple(act for act in self.acts if group_id in act.victims)


@dataclass(frozen=True, slots=True)
class CountOverruling:
    """A person's range for one kind of count, in place of the one derived from claims."""

    claim_id: str
    counted: str
    number: CountRange
    author: str
    decided_at: datetime
    reason: str
    death_kind: str = ""

    def __post_init__(self) -> None:
        require_id(self.claim_id, "claim_id", "clm")
        require_choice(self.counted, "counted", COUNTED)
        is_deaths = self.counted in ("deaths", "civilian_deaths")
        if is_deaths and not self.death_kind:
            object.__setattr__(self, "death_kind", "unknown")
        require_choice(self.death_kind, "death_kind", DEATH_KINDS if is_deaths else ("",))
        _require_standard(self.number)
        require_text(self.author, "author", longest=200)
        require_text(self.reason, "reason", longest=2_000)
        require_instant(self.decided_at, "decided_at")

    @property
    def overruling_id(self) -> str:
        """``ovr_`` and the SHA-256 over everything said."""
        number = (self.number.low, self.number.best, self.number.high, self.number.status, self.number.standard)
        stamp = self.decided_at.isoformat()
        return content_id("ovr", self.claim_id, self.counted, *number, self.death_kind, self.author, stamp, self.reason)


def _require_standard(number: CountRange) -> None:
    if number.status == "verified":
        require_choice(number.standard, "standard", VERIFYING_STANDARDS)


def _require_claims(claim_ids: Collection[str]) -> None:
    for claim in claim_ids:
        require_id(claim, "claim_ids", "clm")


def _labels(labels: Iterable[str], where: str) -> set[str]:
    known: set[str] = set()
    for label in labels:
        if label in known:
            raise InputValueError(f"'{shorten(label)}' stands twice", where=where, mend="give each its own label")
        known.add(label)
    return known


def _require_known(labels: Iterable[str], known: set[str], where: str) -> None:
    for label in labels:
        if label not in known:
            raise RuleError(f"an act names '{shorten(label)}', which the record lacks", where=where, mend="add it")
