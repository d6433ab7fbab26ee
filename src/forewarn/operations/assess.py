"""Assessing: claims are compared, the rule's judgements appended, and the incidents assembled anew.

What changed since the last run is found by index: new claims are compared with those in reach, only webs of claims that
something touches are clustered, and only their incidents are assembled, which gives exactly what a whole run gives.
The whole store is read at the first run, when the rules changed, and when asked for. Judgements of people stand above
the rule's and are never touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from forewarn.assess import candidate_pairs
from forewarn.assess.linkage.compare import compare
from forewarn.assess.linkage.rulebook import rulebook
from forewarn.operations.knowledge import claims_with_rules, rebuild_incidents
from forewarn.operations.linking import (
    Changes,
    changes,
    compared_with_reach,
    engine_of,
    put_touched,
    remember_all,
    unsaid,
)
from forewarn.operations.review_items import bring_up
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import decisions, linkage, reading

__all__ = ["Assessed", "assess"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment came to.

    Attributes:
        claims: current claims.
        compared: pairs looked at in this run.
        judged: judgements added by the rule.
        incidents: incidents held, all of them.
        corroborated: of them, with two or more independent origins.
        contested: of them, with counts that contradict each other.
        to_review: pairs the rule was unsure of and nobody has settled.
        crowded: places and days with too many claims to compare all, as far as this run came by; a person should look
            there.
        whole: whether the whole store was read.
        reassembled: claims whose incident was assembled in this run.
    """

    claims: int
    compared: int
    judged: int
    incidents: int
    corroborated: int
    contested: int
    to_review: int
    crowded: int
    whole: bool
    reassembled: int


@dataclass(frozen=True, slots=True)
class _Run:
    compared: int
    judged: int
    crowded: int
    reassembled: int


def assess(workspace: Workspace, *, whole: bool = False, progress: Progress = no_progress) -> Assessed:
    """Link what is new, and assemble the incidents; all or nothing. ``whole`` reads and assembles the whole store.

    Once that is kept, the queue of review is brought up to it, so that nobody who looks at it has to wait.
    """
    with workspace.database.writing() as connection:
        found = None if whole else changes(connection, workspace.today)
        run = (
            _whole(connection, workspace, progress) if found is None else _part(connection, workspace, found, progress)
        )
        figures = linkage.summary(connection)
    progress(3, 4, "bringing the queue of review up")
    bring_up(workspace)
    return Assessed(
        claims=figures["claims"],
        compared=run.compared,
        judged=run.judged,
        incidents=figures["incidents"],
        corroborated=figures["corroborated"],
        contested=figures["contested"],
        to_review=figures["waiting"],
        crowded=run.crowded,
        whole=found is None,
        reassembled=run.reassembled,
    )


def _whole(connection: Connection, workspace: Workspace, progress: Progress) -> _Run:
    """Read everything; compare what was never compared; assemble all incidents and keep what the next run needs."""
    claims = claims_with_rules(connection, reading.read_claims(connection, as_known_at=workspace.today))
    progress(0, 4, f"comparing {claims.height:,} claims")
    known = linkage.linked_ids(connection)
    if not known.len():
        known = reading.incident_members(connection)["claim_id"]
    new = claims.filter(~pl.col("claim_id").is_in(known.implode()))["claim_id"]
    found = candidate_pairs(claims, new.to_list() if known.len() else None)
    judged = compare(claims, found.pairs, engine=engine_of(workspace.settings))
    progress(1, 4, f"keeping {judged.height:,} judgements")
    added = _add(connection, workspace, judged)
    progress(2, 4, "assembling incidents")
    rebuild_incidents(connection, workspace.today)
    remember_all(connection, claims, workspace.today)
    return _Run(found.pairs.height, added, found.crowded.height, claims.height)


def _part(connection: Connection, workspace: Workspace, found: Changes, progress: Progress) -> _Run:
    """Read, compare and assemble what the changes touch."""
    progress(0, 4, f"comparing {found.new.len():,} new claims")
    seen = compared_with_reach(connection, found, workspace.today, engine_of(workspace.settings))
    progress(1, 4, f"keeping {seen.judged.height:,} judgements")
    added = _add(connection, workspace, seen.judged)
    progress(2, 4, "assembling incidents")
    touched = put_touched(connection, found, workspace.today)
    return _Run(seen.compared, added, seen.crowded, touched)


def _add(connection: Connection, workspace: Workspace, judged: pl.DataFrame) -> int:
    said = unsaid(connection, judged).select("left", "right", "verdict", "score", "reason")
    return decisions.add_machine_judgements(connection, said, author=rulebook().author, decided_at=workspace.now)
