"""The sheet of an incident: for each crime its elements and acts as coded, not coded or unknown, and who says so.

A person's coding stands above the machine's proposal, which never becomes one. A crime appears only as "indicators
relevant to" with its elements; inferential elements show nothing but cited findings of named bodies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forewarn.assess.crimes.proposals import Proposal, wording
from forewarn.errors import UnknownNameError, shorten
from forewarn.model.coding import BodyFinding, Coding, refuse_locked
from forewarn.taxonomy import act, crimes
from forewarn.taxonomy.norms import norm, norms

__all__ = ["CrimeSheet", "SheetLine", "current_codings", "require_codable", "sheet"]

LOCKED = "locked: not for software; only what a named body has found"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One element, act or norm of an incident.

    Attributes:
        scheme, code, wording: what it is.
        state: coded, not_coded or unknown by people; ``locked`` for inferential elements.
        confidence: in the evidence base, by the person who coded.
        coded_by, basis, coding_id: who says so, why, and what to undo.
        also: codings of other people that say otherwise; they are kept beside it.
        proposed: the machine's proposal while nobody has coded, else missing.
        findings: what named bodies have found, quoted.
    """

    scheme: str
    code: str
    wording: str
    state: str
    confidence: str = "unknown"
    coded_by: str = ""
    basis: str = ""
    coding_id: str = ""
    also: tuple[Coding, ...] = ()
    proposed: Proposal | None = None
    findings: tuple[BodyFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class CrimeSheet:
    """A crime's lines for one incident, under a title that concludes nothing."""

    title: str
    lines: tuple[SheetLine, ...]


def require_codable(scheme: str, code: str) -> None:
    """Raise :class:`RuleError` for an inferential element, :class:`UnknownNameError` for what is in no list."""
    refuse_locked(code)
    if scheme == "act":
        act(code)
    elif scheme == "norm":
        norm(code)
    elif code not in {one.id for crime in crimes() for one in crime.elements}:
        raise UnknownNameError(f"no element '{shorten(code)}'", where="crimes.yaml", mend="use a code such as G2 or E1")


def sheet(
    codings: Iterable[Coding], proposals: Iterable[Proposal], findings: Iterable[BodyFinding] = ()
) -> tuple[CrimeSheet, ...]:
    """The sheets of the four crimes and of the norms, in the order of the lists.

    Args:
        codings: those that hold for the incident, in the order made.
        proposals: the machine's for it.
        findings: of named bodies on it or its area.

    Acts and norms that nobody coded and the machine does not propose are left out; elements all stand.
    """
    held = current_codings(codings)
    offered = {(one.scheme, one.code): one for one in proposals}
    found = list(findings)
    sheets = []
    for crime in crimes():
        lines = [
            _locked(element.id, element.text, found)
            if element.is_inferential
            else _line("element", element.id, held, offered, found)
            for element in crime.elements
        ]
        named = [one.code for one in crime.acts if ("act", one.code) in held or ("act", one.code) in offered]
        lines += [_line("act", code, held, offered, found) for code in named]
        sheets.append(CrimeSheet(f"Indicators relevant to {crime.id.replace('_', ' ')}", tuple(lines)))
    engaged = [one.id for one in norms() if ("norm", one.id) in held or ("norm", one.id) in offered]
    lines = [_line("norm", code, held, offered, found) for code in engaged]
    return (*sheets, CrimeSheet("Norms that the conduct may engage", tuple(lines)))


def current_codings(codings: Iterable[Coding]) -> dict[tuple[str, str], tuple[Coding, ...]]:
    """By scheme and code, the latest coding of each person, the latest of all first."""
    latest: dict[tuple[str, str], dict[str, Coding]] = {}
    for one in codings:
        by_person = latest.setdefault((one.scheme, one.code), {})
        by_person.pop(one.author, None)
        by_person[one.author] = one
    return {key: tuple(reversed(by_person.values())) for key, by_person in latest.items()}


def _line(
    scheme: str,
    code: str,
    held: Mapping[tuple[str, str], tuple[Coding, ...]],
    offered: Mapping[tuple[str, str], Proposal],
    findings: list[BodyFinding],
) -> SheetLine:
    quoted = tuple(one for one in findings if one.element == code)
    said = held.get((scheme, code), ())
    if not said:
        offer = offered.get((scheme, code))
        return SheetLine(scheme, code, wording(scheme, code), "unknown", proposed=offer, findings=quoted)
    first, others = said[0], said[1:]
    return SheetLine(
        scheme,
        code,
        wording(scheme, code),
        first.state,
        confidence=first.confidence,
        coded_by=first.author,
        basis=first.reason,
        coding_id=first.coding_id,
        also=tuple(one for one in others if one.state != first.state),
        findings=quoted,
    )


def _locked(code: str, text: str, findings: list[BodyFinding]) -> SheetLine:
    quoted = tuple(one for one in findings if one.element == code)
    return SheetLine("element", code, f"{code}: {text}", "locked", basis=LOCKED, findings=quoted)
