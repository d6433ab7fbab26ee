"""Assessing: claims are compared, the rule's judgements appended, and the incidents assembled anew.

Only pairs touching claims that were never compared are looked at, so a second run with nothing new costs
little. Judgements of people stand above the rule's and are never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import candidate_pairs, needs_review, rulebook
from forewarn.assess.linkage.compare import compare
from forewarn.model.incident import Judgement, JudgementKind
from forewarn.operations.knowledge import claims_with_rules, knowledge
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import decisions, reading

__all__ = ["Assessed", "assess", "rebuild_incidents"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment came to.

    Attributes:
        claims: current claims.
        compared: pairs looked at in this run.
        judged: judgements added by the rule.
        incidents: incidents assembled.
        corroborated: of them, with two or more independent origins.
        contested: of them, with counts that contradict each other.
        to_review: pairs the rule was unsure of and nobody has settled.
        crowded: places and days with too many claims to compare all; a person should look there.
    """

    claims: int
    compared: int
    judged: int
    incidents: int
    corroborated: int
    contested: int
    to_review: int
    crowded: int


def assess(workspace: Workspace, *, progress: Progress = no_progress) -> Assessed:
    """Link what is new, and assemble the incidents; all or nothing."""
    with workspace.database.writing() as connection:
        claims = claims_with_rules(connection, reading.read_claims(connection))
        progress(0, 3, f"comparing {claims.height:,} claims")
        assembled = set(reading.incident_members(connection)["claim_id"])
        new = [claim for claim in claims["claim_id"] if claim not in assembled]
        found = candidate_pairs(claims, new if assembled else None)
        judged = compare(claims, found.pairs)
        progress(1, 3, f"keeping {judged.height:,} judgements")
        added = decisions.add_judgements(connection, _judgements(_unsaid(connection, judged), workspace.now))
        progress(2, 3, "assembling incidents")
        incidents = rebuild_incidents(connection, workspace)
        waiting = needs_review(decisions.read_judgements(connection), claims).height
    return Assessed(
        claims=claims.height,
        compared=found.pairs.height,
        judged=added,
        incidents=incidents.height,
        corroborated=int((incidents["status"] == "corroborated").sum()),
        contested=int(incidents["contested"].sum()),
        to_review=waiting,
        crowded=found.crowded.height,
    )


def rebuild_incidents(connection: Connection, workspace: Workspace) -> pl.DataFrame:
    """Assemble the incidents from all judgements as they stand, and put them in place."""
    assembly = knowledge(connection, workspace.today).assembly
    reading.replace_incidents(connection, assembly.incidents, assembly.members)
    return assembly.incidents


def _unsaid(connection: Connection, judged: pl.DataFrame) -> pl.DataFrame:
    """What these rules have not said of a pair before."""
    said = decisions.read_judgements(connection).filter(pl.col("author") == rulebook().author)
    return judged.join(said, on=["left", "right", "verdict"], how="anti")


def _judgements(judged: pl.DataFrame, now: datetime) -> list[Judgement]:
    author = rulebook().author
    return [
        Judgement(left, right, verdict, JudgementKind.MACHINE, author, now, reason, score)
        for left, right, verdict, score, reason in judged.select(
            "left", "right", "verdict", "score", "reason"
        ).iter_rows()
    ]
