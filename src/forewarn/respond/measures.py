"""Options for a situation: three pillars side by side, least coercive first.

Owns the order in which measures are shown and the line between what software may list as an option and what
only a person may select. Nothing of coercion 2 or more is proposed, and the use of force is neither proposed
nor selectable here. The level of an alert maps to no measure; no option is scored or called better.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from forewarn.errors import RuleError, UnknownNameError, shorten
from forewarn.model.response import HIGHEST_PROPOSED_COERCION, Measure
from forewarn.taxonomy import MeasureEntry, match_rules, measures, notes_on_measures, suggestion

__all__ = [
    "FORCE",
    "ON_SELECTION",
    "PILLARS",
    "Option",
    "PillarOptions",
    "Selection",
    "Sign",
    "families",
    "measure",
    "measure_library",
    "options",
    "select",
]

PILLARS = {
    1: "The State protects its populations",
    2: "Others assist the State, with its consent",
    3: "Others respond, in a timely and decisive manner",
}
"""The pillars by number. They run at the same time; they are not rungs of a ladder."""

ON_SELECTION = "only on a person's selection, citing the deciding body"
FORCE = 4
"""The coercion of force without consent: such entries exist for the gate alone."""


@dataclass(frozen=True, slots=True)
class Option:
    """A measure that may be considered.

    Attributes:
        measure: which one.
        reason: what the library says of it, in one sentence.
        because: the signs of the situation that call it to mind, each with who says so; empty where none was given.
    """

    measure: Measure
    reason: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of the situation: an indicator of the risk framework, its text, and who says so, when or by what rule."""

    indicator: str
    text: str
    said_by: str


@dataclass(frozen=True, slots=True)
class PillarOptions:
    """The options under one pillar.

    Attributes:
        pillar: 1, 2 or 3.
        name: the pillar in words.
        proposed: coercion 0 and 1, least coercive first, then the soonest effect.
        on_selection: coercion 2 and 3 in the same order, see :data:`ON_SELECTION`.
    """

    pillar: int
    name: str
    proposed: tuple[Option, ...]
    on_selection: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """A measure a person has selected, and the deciding body cited for it."""

    measure: Measure
    by: str
    citing: str


@cache
def measure_library() -> tuple[Measure, ...]:
    """All measures of the list, force included, in the order in which they are shown."""
    return tuple(sorted((_measure(entry) for entry in measures()), key=_order))


def families() -> tuple[str, ...]:
    """The families of measures, in alphabetical order."""
    return tuple(sorted({one.family for one in measure_library()}))


def measure(measure_id: str) -> Measure:
    """One measure by its id; :class:`UnknownNameError` for any other name."""
    for one in measure_library():
        if one.id == measure_id:
            return one
    mend = suggestion(measure_id, [one.id for one in measure_library()])
    raise UnknownNameError(f"no measure '{shorten(measure_id)}'", where="measures", mend=mend)


def options(
    *,
    wanted_families: Collection[str] | None = None,
    lead_months: int | None = None,
    signs: Iterable[Sign] = (),
) -> tuple[PillarOptions, ...]:
    """The options, always all three pillars.

    Args:
        wanted_families: show these families only; ``None`` shows all. A pillar left empty is still there.
        lead_months: months until what is feared; each reason then says whether an effect can begin by then.
            Slow measures stay listed and keep their place.
        signs: of the situation; each option then says which of them call it to mind. No option is left out or moved
            for want of a sign, and no sign calls a measure of coercion 2 or more.

    Raises:
        UnknownNameError: a family is not in the list.
    """
    for family in wanted_families or ():
        if family not in families():
            mend = suggestion(family, families())
            raise UnknownNameError(f"no family '{shorten(family)}'", where="measures", mend=mend)
    shown = [one for one in measure_library() if wanted_families is None or one.family in wanted_families]
    called = _called(signs)
    return tuple(_pillar(number, shown, lead_months, called) for number in PILLARS)


def _called(signs: Iterable[Sign]) -> dict[str, tuple[str, ...]]:
    """Why each measure is called to mind: the rule's reason, then the signs it rests on."""
    found: dict[str, list[str]] = {}
    given = sorted(set(signs), key=lambda one: (one.indicator, one.said_by))
    for rule in match_rules():
        own = [one for one in given if one.indicator in rule.indicators]
        if not own:
            continue
        named = "; ".join(f"{one.indicator} {one.text} ({one.said_by})" for one in own)
        for name in rule.measures:
            found.setdefault(name, []).append(f"{rule.because}: {named}")
    return {name: tuple(reasons) for name, reasons in found.items()}


def select(measure_id: str, by: str, *, citing: str = "") -> Selection:
    """Record that a person selects a measure.

    Args:
        measure_id: which one.
        by: the person's pseudonym or role.
        citing: the deciding body and its decision; needed for coercion 2 and more.

    Raises:
        UnknownNameError: no such measure.
        RuleError: nobody is named, the deciding body is missing, or the measure is the use of force, which
            nobody selects here: it is read at the gate, and a decision taken elsewhere is recorded as an action.
    """
    chosen = measure(measure_id)
    if not by.strip():
        raise RuleError("nobody selects it", where=chosen.id, mend="name the person or role who selects it")
    if chosen.coercion >= FORCE:
        raise RuleError(
            "the use of force is not an option here", where=chosen.id, mend="read the conditions at the gate"
        )
    if chosen.coercion > HIGHEST_PROPOSED_COERCION and not citing.strip():
        raise RuleError(
            f"{chosen.coercion_words} needs the decision of a competent body ({chosen.basis})",
            where=chosen.id,
            mend="cite the deciding body and its decision",
        )
    return Selection(chosen, by.strip(), citing.strip())


def _pillar(
    number: int, shown: list[Measure], lead_months: int | None, called: dict[str, tuple[str, ...]]
) -> PillarOptions:
    own = [Option(one, _reason(one, lead_months), called.get(one.id, ())) for one in shown if one.pillar == number]
    return PillarOptions(
        pillar=number,
        name=PILLARS[number],
        proposed=tuple(option for option in own if option.measure.proposed_by_tool),
        on_selection=tuple(option for option in own if HIGHEST_PROPOSED_COERCION < option.measure.coercion < FORCE),
    )


def _reason(one: Measure, lead_months: int | None) -> str:
    parts = [one.coercion_words, f"basis: {one.basis}", f"effect after {one.horizon} months"]
    if lead_months is not None and one.horizon_months is not None:
        begins = one.horizon_months[0]
        timely = "an effect can begin" if begins <= lead_months else "no effect is expected"
        parts.append(f"{timely} within the {lead_months} months ahead")
    if one.harm:
        parts.append(f"check first: {one.harm}")
    if one.wps:
        parts.append(f"women, peace and security: {one.wps}")
    return "; ".join(parts)


def _order(one: Measure) -> tuple[int, float, float, str]:
    if one.horizon_months is None:
        return one.coercion, float("inf"), float("inf"), one.id
    begins, ends = one.horizon_months
    return one.coercion, begins, float("inf") if ends is None else ends, one.id


def _measure(entry: MeasureEntry) -> Measure:
    note = notes_on_measures()[entry.id]
    return Measure(
        id=entry.id,
        pillar=entry.pillar,
        family=entry.family,
        name=entry.name,
        coercion=entry.coercion,
        basis=entry.basis,
        horizon=entry.horizon,
        harm=note.harm,
        wps=entry.wps or note.wps,
        proposed_by_tool=entry.proposed_by_tool != "never" and entry.coercion <= HIGHEST_PROPOSED_COERCION,
    )
