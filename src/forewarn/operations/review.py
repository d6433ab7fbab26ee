"""Review: people judge what the rule was unsure of, take judgements back, and grade sources and claims.

Every act is an appended fact with an author and a reason; undoing is itself such a fact. Incidents are assembled
anew after each, so what the reader sees is always what the judgements say.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess import needs_review
from forewarn.errors import UsageError, shorten
from forewarn.model.incident import Grade, Judgement, JudgementKind
from forewarn.operations.assess import rebuild_incidents
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, reading, schema

__all__ = ["Decided", "Waiting", "decide", "grade", "undo", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair nobody has settled, with what each claim says and why the rule was unsure."""

    left: str
    right: str
    score: float | None
    reason: str
    deaths: int | None
    left_text: str
    right_text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to: its id, and how many incidents there are now."""

    id: str
    incidents: int


def waiting(workspace: Workspace, *, limit: int = 20) -> list[Waiting]:
    """The queue, those with most deaths first."""
    with workspace.database.reading() as connection:
        claims = reading.read_claims(connection)
        queue = needs_review(decisions.read_judgements(connection), claims).head(limit)
    words = claims.select("claim_id", told=pl.format("{} {} {}", "started_on", "place_name", "text").fill_null(""))
    said = dict(words.iter_rows())
    return [
        Waiting(left, right, score, reason, deaths, said.get(left, ""), said.get(right, ""))
        for left, right, score, reason, deaths in queue.select("left", "right", "score", "reason", "deaths").iter_rows()
    ]


def decide(workspace: Workspace, first: str, second: str, verdict: str, *, by: str, why: str) -> Decided:
    """Record a person's judgement on two claims: ``same``, ``different`` or ``unsure``."""
    with workspace.database.writing() as connection:
        left, right = sorted(_claim(connection, name) for name in (first, second))
        if left == right:
            raise UsageError("both are one claim", mend="name two claims")
        judgement = Judgement(left, right, verdict, JudgementKind.HUMAN, by, workspace.now, why)
        decisions.add_judgements(connection, [judgement])
        return Decided(judgement.judgement_id, rebuild_incidents(connection, workspace).height)


def undo(workspace: Workspace, judgement_id: str, *, by: str, why: str) -> Decided:
    """Take a judgement back; what held before it holds again."""
    with workspace.database.writing() as connection:
        full = reading.find_id(connection, schema.judgements, "judgement_id", judgement_id, "judgement")
        table = schema.judgements
        row = connection.execute(select(table.c.left, table.c.right).where(table.c.judgement_id == full)).one()
        taken = Judgement(row.left, row.right, "withdrawn", JudgementKind.HUMAN, by, workspace.now, why, withdraws=full)
        decisions.add_judgements(connection, [taken])
        return Decided(taken.judgement_id, rebuild_incidents(connection, workspace).height)


def grade(workspace: Workspace, subject: str, value: str, *, by: str, why: str) -> Grade:
    """Grade a source (A to F, by id or name) or a claim (1 to 6, by id); the axis follows from the subject."""
    with workspace.database.writing() as connection:
        is_claim = subject.startswith("clm_")
        full = _claim(connection, subject) if is_claim else _source(connection, subject)
        axis = "credibility" if is_claim else "reliability"
        made = Grade(full, axis, value.upper(), by, workspace.now, why)
        decisions.add_grade(connection, made)
    return made


def _claim(connection: Connection, name: str) -> str:
    return reading.find_id(connection, schema.claims, "claim_id", name, "claim")


def _source(connection: Connection, name: str) -> str:
    if name.startswith("src_"):
        return reading.find_id(connection, schema.sources, "source_id", name, "source")
    found = connection.execute(
        select(schema.sources.c.source_id).where(schema.sources.c.name == " ".join(name.split()))
    ).scalar()
    if found is None:
        raise UsageError(f"no source is called '{shorten(name)}'", mend="give its name as printed, or its id")
    return str(found)
