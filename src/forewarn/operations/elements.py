"""Elements, acts and norms of an incident: coded by people, proposed by the machine, counted over an area.

A coding is appended with author, basis and confidence, of a sensitive incident by two persons, and can be taken back.
Inferential elements are locked: a person may only record what a named body has found, with its citation. No output says
that a norm was breached or a crime done.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import polars as pl

from forewarn.assess import sight_of
from forewarn.assess.crimes import (
    CrimeSheet,
    Pattern,
    SheetLine,
    ethnic_cleansing_pattern,
    propose,
    require_codable,
    sheet,
)
from forewarn.errors import RuleError, UnknownNameError, UsageError, shorten
from forewarn.model.aggregate import Aggregate
from forewarn.model.coding import CODING_SCHEMES, BodyFinding, Coding
from forewarn.model.place import UnitLevel
from forewarn.operations.casualties import anchor_of
from forewarn.operations.knowledge import knowledge
from forewarn.operations.review_keep import Entered, Entry, enter
from forewarn.operations.scope import Asked, scope_of, unit_from_text
from forewarn.operations.workspace import Workspace
from forewarn.store import casualties as kept
from forewarn.store import reading, schema
from forewarn.taxonomy import crimes
from forewarn.taxonomy.norms import norms

__all__ = [
    "Citation",
    "Codable",
    "CodingWish",
    "IncidentSheet",
    "SheetLine",
    "codable",
    "code",
    "find",
    "pattern",
    "show",
]

_NO_PERSON = frozenset({"machine", "software", "rules", "rule", "clock", "forewarn", "model"})


@dataclass(frozen=True, slots=True)
class IncidentSheet:
    """An incident's crimes and norms: coded, not coded and unknown; nothing is concluded from them."""

    incident_id: str
    sheets: tuple[CrimeSheet, ...]


@dataclass(frozen=True, slots=True)
class CodingWish:
    """What a person codes: scheme, code, state, confidence in the evidence base, and the claims it rests on."""

    scheme: str
    code: str
    state: str
    confidence: str = "unknown"
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a named body has found something: the body, symbol with paragraph, day, standard of proof, its words."""

    body: str
    symbol: str
    found_on: date
    standard: str
    quote: str


@dataclass(frozen=True, slots=True)
class Codable:
    """A code of the lists, and whether it is locked."""

    scheme: str
    code: str
    text: str
    under: str
    is_locked: bool


def show(workspace: Workspace, name: str) -> IncidentSheet:
    """The sheet of one incident."""
    with workspace.database.reading() as connection:
        full = reading.find_id(connection, schema.incidents, "incident_id", name, "incident")
        known = knowledge(connection, workspace.today)
        made = kept.read_recorded(connection)
    rows = known.incidents(UnitLevel.ADMIN1).filter(pl.col("incident_id") == full)
    if rows.is_empty():
        raise UnknownNameError(f"incidents have changed since '{shorten(name)}'", mend="run 'forewarn assess'")
    row = rows.row(0, named=True)
    held = set(row["claim_ids"])
    areas = {row["unit"], row["country"]}
    findings = [one for one in made.findings if one.subject in held or one.subject in areas]
    codings = [one for one in made.codings if one.claim_id in held]
    return IncidentSheet(full, sheet(codings, propose(row), findings))


def code(workspace: Workspace, name: str, wish: CodingWish, *, by: str, why: str) -> Entered:
    """Keep a person's coding of an incident. Raises :class:`RuleError` for an inferential element."""
    _require_person(by)
    if wish.scheme not in CODING_SCHEMES:
        raise UsageError(f"'{shorten(wish.scheme)}' is no scheme", mend=f"use one of {', '.join(CODING_SCHEMES)}")
    require_codable(wish.scheme, wish.code)
    with workspace.database.writing() as connection:
        anchor = anchor_of(connection, name)
        basis = tuple(reading.find_id(connection, schema.claims, "claim_id", one, "claim") for one in wish.claims)
        made = Coding(
            claim_id=anchor,
            scheme=wish.scheme,
            code=wish.code,
            state=wish.state,
            author=by,
            decided_at=workspace.now,
            reason=why,
            confidence=wish.confidence,
            basis_claims=basis or ((anchor,) if wish.state == "coded" else ()),
        )
        said = f"{wish.code} {wish.state}, confidence {wish.confidence}"
        entry = Entry("code", made, made.coding_id, said, anchor, (anchor, *made.basis_claims))
        return enter(connection, workspace, entry, lambda: kept.add_coding(connection, made), by=by, why=why)


def find(workspace: Workspace, subject: str, element: str, citation: Citation, *, by: str) -> str:
    """Keep what a named body has found on an element, for an incident or an area, as a quotation; its id."""
    _require_person(by)
    listed = {one.id for crime in crimes() for one in crime.elements}
    if element not in listed:
        raise UnknownNameError(f"no element '{shorten(element)}'", where="crimes.yaml", mend="use a code such as G3")
    with workspace.database.writing() as connection:
        is_incident = subject.startswith(("inc_", "clm_"))
        about = anchor_of(connection, subject) if is_incident else unit_from_text(subject)
        made = BodyFinding(
            about,
            element,
            citation.body,
            citation.symbol,
            citation.found_on,
            citation.standard,
            citation.quote,
            by,
            workspace.now,
        )
        return kept.add_finding(connection, made)


def pattern(workspace: Workspace, asked: Asked) -> Aggregate[Pattern]:
    """The listed indicators relevant to ethnic cleansing over an area and period: counted, never concluded."""
    with workspace.database.reading() as connection:
        scope = scope_of(connection, asked, workspace.today)
        made = kept.read_recorded(connection, as_known_at=scope.known.as_known_at)
    incident_of = dict(scope.known.assembly.members.select("claim_id", "incident_id").iter_rows())
    codings: dict[str, list[Coding]] = defaultdict(list)
    for one in made.codings:
        if one.claim_id in incident_of:
            codings[incident_of[one.claim_id]].append(one)
    rows = scope.incidents.to_dicts()
    return ethnic_cleansing_pattern(rows, codings, sight_of(scope.covered), as_known_at=scope.known.as_known_at)


def codable() -> tuple[Codable, ...]:
    """Every element, act and norm of the lists, in their order, with those that are locked marked."""
    found = []
    for crime in crimes():
        under = f"indicators relevant to {crime.id.replace('_', ' ')}"
        found += [Codable("element", one.id, one.text, under, one.is_inferential) for one in crime.elements]
        found += [Codable("act", one.code, one.text, under, False) for one in crime.acts]
    return (*found, *(Codable("norm", one.id, one.text, one.regime, False) for one in norms()))


def _require_person(by: str) -> None:
    """Refuse the names under which software acts: only people code and cite."""
    name = by.strip().casefold()
    if name.partition(" ")[0] in _NO_PERSON or name.startswith("rules"):
        raise RuleError(f"'{shorten(by)}' is no person", where="--by", mend="people code; software proposes")
