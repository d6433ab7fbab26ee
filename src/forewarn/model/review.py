"""What waits for a person, and what persons have decided about it.

A decision is an appended fact with an author and a reason; undoing is itself a decision, and so is undoing that. What
holds is a pure function of the decisions and confirmations, whatever the order in which they arrive. A decision that
needs two does nothing until a second person confirms it. Items are ordered by consequence, never by person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from forewarn.errors import InputValueError, SeparationError
from forewarn.ids import content_id, short
from forewarn.model.alert_life import CLOCK, same_person
from forewarn.model.correction import CORRECTABLE
from forewarn.model.incident import VERDICTS, Judgement, JudgementKind
from forewarn.model.provenance import Sensitivity
from forewarn.model.situation import not_taken_back
from forewarn.model.validation import require_choice, require_id, require_instant, require_text

__all__ = [
    "ACTS",
    "CHANGED",
    "STATES",
    "TWO_PERSONS_FROM",
    "WHOLE",
    "Change",
    "Confirmation",
    "Effect",
    "Item",
    "ReviewDecision",
    "chain_of",
    "claims_concerned",
    "incidents_concerned",
    "may_undo_alone",
    "needs_two",
    "person_key",
    "require_another",
    "require_name",
    "same_hand",
    "states_of",
]

TWO_PERSONS_FROM = Sensitivity.HIGH
"""From this sensitivity on, a decision holds only once a second person has confirmed it."""

ACTS = (
    "judge", "split", "move", "merge", "look", "correct", "code", "count", "assess", "withdraw", "rule", "release",
    "undo",
)  # fmt: skip
"""What a decision does: judge two claims, rearrange incidents, say that somebody has looked, correct what was read into
a claim, code an incident, record its casualties or overrule a count, assess an indicator of an area, withdraw one of
these three that was kept, rule on the origins of two claims, count again what was in quarantine, take a decision
back."""

WHOLE = ("coding", "count", "record", "withdrawal", "reading", "ruling", "release")
"""The kinds of change whose value is a whole noun as JSON: coding, overruled count, casualty record, withdrawal of one
of them, assessment of an indicator, ruling on origins, release from quarantine."""
CHANGED = ("claim", "element", "indicator", *WHOLE)
"""What a change is made to."""
_OF_INCIDENT = frozenset({"element", "coding", "count", "record", "withdrawal"})

STATES = ("pending", "holds", "undone")
"""Of a decision: waits for a second person; in force; taken back, by a decision that is itself in force."""

_ROLES = frozenset({
    "acting", "analyst", "analysts", "and", "as", "author", "clerk", "coder", "deputy", "desk", "duty", "editor",
    "expert", "first", "for", "head", "investigator", "junior", "lead", "monitor", "of", "officer", "on", "other",
    "person", "reviewer", "role", "second", "senior", "team", "the",
})  # fmt: skip
_PART = re.compile(r"[^\W\d_]+[\W_]?\d*|\d+")
_SIGN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Effect:
    """A judgement that a decision makes once it holds. ``left`` sorts before ``right``.

    ``withdraws`` is the judgement a ``withdrawn`` one takes back, which need not have been made yet.
    """

    left: str
    right: str
    verdict: str
    withdraws: str = ""

    def __post_init__(self) -> None:
        require_id(self.left, "left", "clm")
        require_id(self.right, "right", "clm")
        require_choice(self.verdict, "verdict", VERDICTS)


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a decision puts in place once it holds.

    Attributes:
        of: one of :data:`CHANGED`.
        subject: the claim corrected; the claim whose incident is coded or counted; the area assessed; the claim or
            source counted again; the first of two claims ruled on.
        name: the column of the claim, the element, the indicator; of a :data:`WHOLE` noun, what it says in a few words.
        value: what it is to be; empty for a column that the report does not fill; a :data:`WHOLE` noun as JSON.
        rests_on: claims, and for an indicator the proposal, that it rests on.
    """

    of: str
    subject: str
    name: str
    value: str
    rests_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.of, "of", CHANGED)
        require_text(self.name, "name", longest=60)
        require_text(self.subject, "subject", longest=300)
        if self.of not in ("indicator", "reading", "release"):
            require_id(self.subject, "subject", "clm")
        if self.of == "claim":
            require_choice(self.name, "name", CORRECTABLE)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims concerned."""
        named = (self.subject, *self.rests_on)
        return tuple(sorted({one for one in named if one.startswith("clm_")}))

    def __str__(self) -> str:
        """``deaths_best=12``; of a whole noun its name."""
        return self.name if self.of in WHOLE else f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits for a person.

    Attributes:
        item_id: ``itm_`` and the SHA-256 over the kind and what it is about, so that it stays the same while it waits.
        kind: the kind of thing asked.
        subject, other: what it is about: claims, an incident or a decision; ``other`` may be empty.
        asked: the question.
        reason: what speaks for looking at it, in words.
        verdicts: what may be decided here; empty where another command decides, which ``command`` names.
        deaths_high: the most people killed by any telling concerned; missing where none gives a number.
        in_alert: whether an open alert rests on a claim or incident concerned.
        sensitivity: the highest among the claims.
        units: the countries or first-level areas they lie in.
        score: the machine's, 0..1, where it judged.
        command: what to run where no verdict is taken here, or what decides otherwise than by a verdict.
    """

    item_id: str
    kind: str
    subject: str
    other: str
    asked: str
    reason: str
    verdicts: tuple[str, ...]
    deaths_high: int | None
    in_alert: bool
    sensitivity: str
    units: tuple[str, ...] = ()
    score: float | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """One act of review by one person.

    Attributes:
        act: one of :data:`ACTS`.
        item: the item of the queue it answers, or empty where nothing waited.
        subjects: what it is about: ids of claims, incidents, judgements, decisions; the order counts.
        verdict: what was decided, in the word of the item's kind.
        by, at, why: who, when, and the reason.
        two: whether a second person must confirm it.
        effects: the judgements it makes once it holds.
        undoes: for ``undo``, the decision or the judgement taken back.
        changes: the values it puts in place once it holds, and as long as it does.
    """

    act: str
    subjects: tuple[str, ...]
    verdict: str
    by: str
    at: datetime
    why: str
    two: bool = False
    effects: tuple[Effect, ...] = ()
    item: str = ""
    undoes: str = ""
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        require_choice(self.act, "act", ACTS)
        require_text(self.verdict, "verdict", longest=60)
        require_name(self.by)
        require_text(self.why, "why", longest=2_000)
        require_instant(self.at, "at")
        if not self.subjects:
            raise InputValueError("is about nothing", where="subjects", mend="name what is decided on")
        if self.item:
            require_id(self.item, "item", "itm")
        if (self.act == "undo") != bool(self.undoes):
            raise InputValueError("an undo, and only an undo, names what it takes back", where="undoes", mend="name it")

    @property
    def decision_id(self) -> str:
        """``dec_`` and the SHA-256 over everything said."""
        effects = [[one.left, one.right, one.verdict, one.withdraws] for one in self.effects]
        said = (self.act, list(self.subjects), self.verdict, self.by, self.at.isoformat(), self.why)
        changes = [[one.of, one.subject, one.name, one.value, list(one.rests_on)] for one in self.changes]
        return content_id("dec", *said, self.two, effects, self.item, self.undoes, *([changes] if changes else []))

    def judgements(self) -> tuple[Judgement, ...]:
        """Its effects as judgements of the person who decided, dated to the decision and not to its confirmation."""
        who = (JudgementKind.HUMAN, self.by, self.at, self.why, None)
        return tuple(Judgement(one.left, one.right, one.verdict, *who, one.withdraws) for one in self.effects)

    def taken_back(self) -> tuple[Effect, ...]:
        """The effects that undo these, exactly."""
        return tuple(Effect(one.left, one.right, "withdrawn", one.judgement_id) for one in self.judgements())


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A second person agrees with a decision that needs two."""

    decision_id: str
    by: str
    at: datetime
    why: str

    def __post_init__(self) -> None:
        require_id(self.decision_id, "decision_id", "dec")
        require_name(self.by)
        require_text(self.why, "why", longest=2_000)
        require_instant(self.at, "at")

    @property
    def confirmation_id(self) -> str:
        """``cnf_`` and the SHA-256 over everything said."""
        return content_id("cnf", self.decision_id, self.by, self.at.isoformat(), self.why)


def require_name(by: str) -> None:
    """The name shows something, and is not the clock's."""
    require_text(by, "by", longest=200)
    if not _PART.search(by) or same_person(by, CLOCK):
        raise InputValueError(
            "is no person's name", where="by", mend="give a pseudonym of at least one letter or digit"
        )


def needs_two(sensitivities: Iterable[str]) -> bool:
    """Whether any is as sensitive as :data:`TWO_PERSONS_FROM`; what is no class counts as the highest."""
    known = {one.value: one.rank for one in Sensitivity}
    return any(known.get(one, Sensitivity.SEVERE.rank) >= TWO_PERSONS_FROM.rank for one in sensitivities)


def same_hand(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same name, or the same name with other roles beside it.

    ``heron``, ``Heron (analyst)`` and ``reviewer: heron`` are one; ``heron (analyst)`` and ``stork (analyst)`` are
    two. A name of roles alone is taken as it is, and may be the person who bears that role elsewhere. Whoever uses two
    pseudonyms without a word in common cannot be seen through.
    """
    if same_person(one, other):
        return True
    parts, others = _parts(one), _parts(other)
    named, other_named = parts - _ROLES, others - _ROLES
    if named and other_named:
        return not named.isdisjoint(other_named)
    return not parts.isdisjoint(others)


def require_another(decision: ReviewDecision, by: str) -> None:
    """The name is not that of whoever decided. Raises :class:`SeparationError` where it may be."""
    if same_hand(decision.by, by):
        raise SeparationError(
            "whoever decided cannot confirm, in no role",
            where=f"decision {short(decision.decision_id)}",
            mend="ask another person to confirm",
        )


def states_of(decisions: Iterable[ReviewDecision], confirmations: Iterable[Confirmation]) -> dict[str, str]:
    """The state of every decision, by id: one of :data:`STATES`. The order of either makes no difference.

    A confirmation by whoever decided counts for nothing, however it came here.
    """
    given = {one.decision_id: one for one in decisions}
    complete = _complete(given, confirmations)
    kept = not_taken_back({name: one.undoes if name in complete else "" for name, one in given.items()})
    return {name: "undone" if name not in kept else "holds" if name in complete else "pending" for name in given}


def chain_of(decision: ReviewDecision, given: Mapping[str, ReviewDecision]) -> list[ReviewDecision]:
    """The decision, the one it takes back, the one that one takes back, and so on to the first."""
    chain = [decision]
    while chain[-1].undoes in given:
        chain.append(given[chain[-1].undoes])
    return chain


def claims_concerned(decision: ReviewDecision, given: Mapping[str, ReviewDecision]) -> list[str]:
    """The claims that a decision, or what it takes back, judges or changes, sorted."""
    chain = chain_of(decision, given)
    judged = {claim for one in chain for effect in one.effects for claim in (effect.left, effect.right)}
    return sorted(judged | {claim for one in chain for change in one.changes for claim in change.claims})


def incidents_concerned(decision: ReviewDecision, given: Mapping[str, ReviewDecision]) -> list[str]:
    """Of those claims, the ones by which a whole incident is meant, with all claims that are in it, sorted."""
    changes = [change for one in chain_of(decision, given) for change in one.changes if change.of in _OF_INCIDENT]
    return sorted({claim for change in changes for claim in change.claims})


def may_undo_alone(target: str, decisions: Iterable[ReviewDecision], confirmations: Iterable[Confirmation]) -> bool:
    """Whether taking a decision back changes nothing in force, so that one person may, whatever it is about.

    So it is where it waits for a second person itself, or, being an undo, where what it comes back to still waits.
    """
    given = {one.decision_id: one for one in decisions}
    complete = _complete(given, confirmations)
    if target not in given:
        return False
    return not {target, chain_of(given[target], given)[-1].decision_id} <= complete


def person_key(by: str) -> str:
    """The name as the store compares it: its words without roles, or all of them where it has no others."""
    parts = _parts(by)
    return " ".join(sorted(parts - _ROLES or parts))


def _complete(given: Mapping[str, ReviewDecision], confirmations: Iterable[Confirmation]) -> set[str]:
    """The decisions with all the persons they need."""
    agreed = {
        one.decision_id
        for one in confirmations
        if one.decision_id in given and not same_hand(given[one.decision_id].by, one.by)
    }
    return {name for name, one in given.items() if not one.two or name in agreed}


def _parts(name: str) -> set[str]:
    """The words of a name, each with its number, composed and cased alike, unseen characters left out."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name) if unicodedata.category(sign) not in ("Cf", "Mn")
    )
    words = _PART.findall(unicodedata.normalize("NFKD", plain.casefold()))
    return {_SIGN.sub("", word) for word in words}
