"""Situations: assess an indicator, take it back, show an area, see what changed and what incident data propose.

Only a person's assessment enters; a proposal is worked out anew each time it is asked for and is kept by its id and
words where somebody takes it up. Documents are quoted verbatim from what is kept, and their offsets are checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import polars as pl
from sqlalchemy import Connection, Integer, cast, func, select

from forewarn.assess import coverage, grades_of
from forewarn.assess.situations import Change, FactorView, Proposal, Situation, propose
from forewarn.assess.situations import situation as situation_of
from forewarn.assess.themes import theme_marks
from forewarn.clock import first_day, last_complete_month
from forewarn.errors import InputValueError, UnknownNameError, UsageError, shorten
from forewarn.ids import short
from forewarn.model.place import UnitLevel, admin1_id
from forewarn.model.situation import WITHDRAWN, IndicatorAssessment, Quotation
from forewarn.operations.document import state_of
from forewarn.operations.knowledge import Knowledge, knowledge
from forewarn.operations.knowledge_part import knowledge_since
from forewarn.operations.review_keep import Entered, Entry, enter
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, reading, schema, situations
from forewarn.store.documents import current_readings, find_document, read_document
from forewarn.store.search import DocumentFilter, Hit, search_documents
from forewarn.taxonomy import indicator as indicator_of
from forewarn.taxonomy.measured import windows
from forewarn.taxonomy.protection import protection_themes

__all__ = [
    "Change",
    "Evidence",
    "Graded",
    "Proposals",
    "Reading",
    "Shown",
    "area_named",
    "assess_indicator",
    "changes",
    "claims_with_kinds",
    "first_looked_at",
    "known_for_proposals",
    "proposals_by_area",
    "proposals_in",
    "propose_for",
    "show_situation",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person reads of an indicator: state, reason, and where they say so trend and confidence."""

    indicator: str
    state: str
    why: str
    trend: str = "unknown"
    confidence: str = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reading rests on, as people name it.

    Attributes:
        claims: ids or their beginnings.
        undertakings: ids, or beginnings, of undertakings in kept documents.
        quotes: ``DOCUMENT:START-END``, the document by symbol or id, offsets in its text.
        proposal: the id, or its beginning, of a proposal that stands now; its claims are taken over.
    """

    claims: Sequence[str] = ()
    undertakings: Sequence[str] = ()
    quotes: Sequence[str] = ()
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """A claim that is evidence, with the two grades as they stand now: F and 6 where nobody graded."""

    claim_id: str
    started_on: str
    act: str
    source: str
    reliability: str
    credibility: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An area as assessed, with the grades of all claims that are evidence, by claim id."""

    situation: Situation
    grades: dict[str, Graded] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposals:
    """What could be assessed of an area: measured proposals, and passages of documents by risk factor that name it."""

    unit: str
    proposals: list[Proposal]
    passages: dict[str, list[Hit]]


def assess_indicator(
    workspace: Workspace, unit: str, read: Reading, evidence: Evidence, *, by: str
) -> tuple[IndicatorAssessment, Entered]:
    """Record a person's reading of one indicator for an area; resting on sensitive claims, once another confirms it.

    Raises:
        InputValueError: evidence is missing, or the indicator only keeps a place.
        UnknownNameError: evidence is not in the store, or the proposal does not stand.
    """
    area, number = area_named(unit), indicator_of(read.indicator)
    if number.is_placeholder:
        raise InputValueError("keeps a place and takes no code", where=number.id, mend="use another indicator")
    with workspace.database.writing() as connection:
        claims = [_claim(connection, name) for name in evidence.claims]
        proposal = _taken_up(connection, workspace, area, number.id, evidence.proposal) if evidence.proposal else None
        quoted = [_undertaking(connection, name) for name in evidence.undertakings]
        quoted += [_quotation(connection, name) for name in evidence.quotes]
        made = IndicatorAssessment(
            unit=area,
            indicator=number.id,
            state=read.state,
            author=by,
            assessed_at=workspace.now,
            basis=f"{read.why} [machine proposal: {proposal.because}]" if proposal else read.why,
            claim_ids=tuple(sorted({*claims, *(proposal.claim_ids if proposal else ())})),
            trend=read.trend,
            quotations=tuple(quoted),
            confidence=read.confidence,
            proposal_id=proposal.proposal_id if proposal else "",
        )
        said = f"{made.indicator} {made.state}, {made.trend}, confidence {made.confidence}"
        return made, _entered(connection, workspace, made, said, "assess")


def withdraw(workspace: Workspace, assessment: str, *, by: str, why: str) -> tuple[IndicatorAssessment, Entered]:
    """Take an assessment back; what held before it holds again."""
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, schema.assessments, "assessment_id", assessment, "assessment")
        taken = situations.read_assessment(connection, full)
        made = IndicatorAssessment(taken.unit, taken.indicator, WITHDRAWN, by, workspace.now, why, withdraws=full)
        return made, _entered(connection, workspace, made, f"take back {short(full)}", "withdraw")


def show_situation(workspace: Workspace, unit: str, *, as_known_at: date, since: date | None = None) -> Shown:
    """An area as assessed by a day, with what changed since the end of another (by default, since last time) first."""
    area = area_named(unit)
    with workspace.database.reading() as connection:
        made = situations.read_assessments(connection, area, as_known_at=as_known_at)
        found = situation_of(area, made, since=_end_of(since, workspace.now) if since else None)
        return Shown(found, _graded(connection, _claims_held(found.factors)))


def changes(workspace: Workspace, *, as_known_at: date, since: date | None = None) -> dict[str, tuple[Change, ...]]:
    """What changed, area by area, in the order of their names."""
    with workspace.database.reading() as connection:
        units = situations.assessed_units(connection)
        made = situations.read_assessments(connection, as_known_at=as_known_at)
    instant = _end_of(since, workspace.now) if since else None
    return {unit: situation_of(unit, made, since=instant).changes for unit in units}


def propose_for(workspace: Workspace, unit: str, *, as_known_at: date) -> Proposals:
    """What incident data propose for an area as known on a day, and up to three passages a factor that name it."""
    area = area_named(unit)
    with workspace.database.reading() as connection:
        proposals = _proposals(connection, area, as_known_at)
        return Proposals(area, proposals, _passages(connection, unit if "/" not in unit else unit.partition("/")[2]))


def area_named(name: str) -> str:
    """A country by its code or name, or an admin1 area as ``COUNTRY/AREA``."""
    country, _, area = name.strip().partition("/")
    code = state_of(country)
    if len(code) != 3 or not code.isascii() or not code.isupper():
        raise UnknownNameError(f"no country '{shorten(country)}'", where="unit", mend="give a code, or CODE/AREA")
    return admin1_id(code, area) if area.strip() else code


def claims_with_kinds(connection: Connection, known: Knowledge) -> pl.DataFrame:
    """The claims known, each with ``source_kind``: what sort of body says it."""
    rows = connection.execute(select(schema.sources.c.source_id, schema.sources.c.kind)).all()
    kinds = pl.DataFrame(
        [tuple(row) for row in rows], schema={"source_id": pl.String, "source_kind": pl.String}, orient="row"
    )
    return known.claims.join(kinds, on="source_id", how="left", maintain_order="left")


def proposals_by_area(connection: Connection, as_known_at: date) -> dict[str, list[Proposal]]:
    """What incident data propose for every first-level area that an incident lies in, by its name."""
    known = knowledge(connection, as_known_at)
    incidents = known.incidents(UnitLevel.ADMIN1).filter(pl.col("unit").is_not_null())
    claims = claims_with_kinds(connection, known)
    areas = incidents.sort("unit").partition_by("unit", maintain_order=True, as_dict=True)
    return {str(area): _proposed(known, str(area), held, claims) for (area,), held in areas.items()}


def known_for_proposals(connection: Connection, area: str, as_known_at: date) -> Knowledge:
    """What the rules of proposals look at in an area: the months of both windows, and no more."""
    return knowledge_since(connection, as_known_at, area, first_looked_at(as_known_at))


def first_looked_at(as_known_at: date) -> date:
    """The first day that the rules of proposals look at."""
    return first_day(last_complete_month(as_known_at) - 2 * windows().recent_months + 1)


def _proposals(connection: Connection, area: str, as_known_at: date) -> list[Proposal]:
    return proposals_in(connection, known_for_proposals(connection, area, as_known_at), area)


def proposals_in(connection: Connection, known: Knowledge, area: str) -> list[Proposal]:
    """What incident data propose for an area, from what is known already."""
    level = UnitLevel.ADMIN1 if "/" in area else UnitLevel.COUNTRY
    incidents = known.incidents(level).filter(pl.col("unit") == area)
    return _proposed(known, area, incidents, claims_with_kinds(connection, known))


def _proposed(known: Knowledge, area: str, incidents: pl.DataFrame, claims: pl.DataFrame) -> list[Proposal]:
    own = claims.join(incidents.select(claim_id="claim_ids").explode("claim_id"), on="claim_id", how="semi")
    last = last_complete_month(known.as_known_at)
    covered = coverage(known.statements, [area], range(last - 2 * windows().recent_months + 1, last + 1))
    marks = theme_marks(own, protection_themes() if own.height else ())  # sixty rules are tried one by one
    return propose(area, incidents=incidents, claims=own, marks=marks, covered=covered)


def _taken_up(connection: Connection, workspace: Workspace, area: str, number: str, name: str) -> Proposal:
    standing = [one for one in _proposals(connection, area, workspace.today) if one.indicator == number]
    for one in standing:
        if one.proposal_id.startswith(name):
            return one
    raise UnknownNameError(
        f"no proposal '{shorten(name)}' stands for {number}", where=area, mend="see 'forewarn situation propose'"
    )


def _passages(connection: Connection, name: str) -> dict[str, list[Hit]]:
    words = '"' + "".join(c if c.isalnum() or c == " " else " " for c in name).strip() + '"'
    if words == '""':
        return {}
    found = {}
    for number in range(1, 15):
        hits = search_documents(connection, words, only=DocumentFilter(theme=f"risk_factor:RF{number}"), limit=3)
        if hits:
            found[f"RF{number}"] = hits
    return found


def _entered(connection: Connection, workspace: Workspace, made: IndicatorAssessment, said: str, act: str) -> Entered:
    claims = situations.claims_behind(connection, made)
    entry = Entry(act, made, made.assessment_id, said, made.unit, claims)
    by, why = made.author, made.basis
    return enter(connection, workspace, entry, lambda: situations.add_assessment(connection, made), by=by, why=why)


def _claim(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.claims, "claim_id", name, "claim")


def _undertaking(connection: Connection, name: str) -> Quotation:
    full = reading.find_id(connection, schema.undertakings, "undertaking_id", name, "undertaking")
    table, readings, current = schema.undertakings, schema.document_readings, current_readings()
    joined = table.join(current, current.c.reading_id == table.c.reading_id)
    joined = joined.join(readings, readings.c.reading_id == table.c.reading_id)
    length = cast(table.c.end_offset - table.c.start_offset, Integer)
    quote = func.substr(readings.c.text, cast(table.c.start_offset + 1, Integer), length).label("quote")
    query = select(readings.c.document_id, table.c.start_offset, table.c.end_offset, quote).select_from(joined)
    row = connection.execute(query.where(table.c.undertaking_id == full)).first()
    if row is None:
        raise UnknownNameError(f"{short(full)} is in no current reading", where="evidence", mend="quote the document")
    return Quotation(row.document_id, int(row.start_offset), int(row.end_offset), row.quote)


def _quotation(connection: Connection, name: str) -> Quotation:
    document, _, span = name.rpartition(":")
    start, _, end = span.partition("-")
    if not (document and start.isdigit() and end.isdigit()):
        raise UsageError(f"'{shorten(name)}' names no passage", where="--quote", mend="write DOCUMENT:START-END")
    found = read_document(connection, find_document(connection, document))
    words = found.text[int(start) : int(end)]
    if int(end) > len(found.text) or not words.strip():
        raise UsageError(f"'{shorten(name)}' is outside the text", where="--quote", mend="take offsets from a search")
    return Quotation(found.document_id, int(start), int(end), words)


def _claims_held(factors: Sequence[FactorView]) -> list[str]:
    held = [view.held for factor in factors for view in factor.indicators if view.held]
    return sorted({claim for one in held for claim in one.claim_ids})


def _graded(connection: Connection, claim_ids: list[str]) -> dict[str, Graded]:
    claims = reading.claims_of(connection, claim_ids)
    trail: dict[str, dict[str, Any]] = reading.report_trail(connection, claims["report_id"].unique().to_list())
    given = decisions.read_grades(connection)
    sources = sorted({row["source_id"] for row in trail.values()})
    reliability = {row["subject"]: row["value"] for row in grades_of(sources, "reliability", given).to_dicts()}
    credibility = {row["subject"]: row["value"] for row in grades_of(claim_ids, "credibility", given).to_dicts()}
    made = {}
    for row in claims.iter_rows(named=True):
        source = trail[row["report_id"]]
        grades = (reliability.get(source["source_id"], "F"), credibility.get(row["claim_id"], "6"))
        made[row["claim_id"]] = Graded(
            row["claim_id"], row["started_on"] or "", row["act"], source["source_name"], *grades
        )
    return made


def _end_of(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(23, 59, 59), now.tzinfo)
