"""What counts of an incident, as a viewer: claims kept out of the counts and counted again, rulings on origins.

Only who may see every claim of the incident may say so; a claim that is kept out is counted again by who may see it,
for an incident of such claims alone is no more. One person keeps out at once; to count sensitive claims again
and to rule on their origins waits for a second one, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from forewarn.errors import SeparationError, UnknownNameError
from forewarn.ids import is_id
from forewarn.model.access import Viewer
from forewarn.model.grading import QUARANTINE_KINDS
from forewarn.model.review import needs_two
from forewarn.model.situation import not_taken_back
from forewarn.operations import sources, viewing
from forewarn.operations.sources import KeptOut
from forewarn.operations.trace import said_of
from forewarn.operations.viewing_arrange import members_seen
from forewarn.operations.viewing_review import seen_claims
from forewarn.operations.workspace import Workspace
from forewarn.store import grading, reading

__all__ = [
    "ACTS", "QUARANTINE_KINDS", "VERDICTS", "Weighed", "Weighing", "count_again_for", "kept_out_for", "weigh_for",
    "weighed_for",
]  # fmt: skip

ACTS = ("keep_out", "rule", "unrule")
VERDICTS = ("dependent", "independent")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What people said of what counts in an incident, as it stands now.

    Attributes:
        kept_out: the claims in quarantine, each with ``subject``, ``kind``, ``author`` and ``reason``.
        rulings: on two of its claims, each with ``ruling_id``, ``left``, ``right``, ``verdict``, author and reason.
    """

    kept_out: list[dict[str, Any]]
    rulings: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is to be said: one of :data:`ACTS`, about one claim or two or a ruling, with the reason."""

    act: str
    claims: tuple[str, ...] = ()
    kind: str = ""
    ruling: str = ""
    why: str = ""


def weighed_for(workspace: Workspace, viewer: Viewer, incident: str) -> Weighed:
    """What counts of an incident. Raises :class:`UnknownNameError` where a claim of it may not be seen."""
    members = set(members_seen(workspace, viewer, incident))
    with workspace.database.reading() as connection:
        return _weighed(connection, members)


def weigh_for(workspace: Workspace, viewer: Viewer, incident: str, said: Weighing) -> KeptOut:
    """Say what counts of an incident, under the viewer's name.

    Raises:
        UnknownNameError: a claim or ruling that is not of this incident.
        RuleError: it is so already.
    """
    members = set(members_seen(workspace, viewer, incident))
    unknown = set(said.claims) - members
    if unknown or len(said.claims) != {"rule": 2, "unrule": 0}.get(said.act, 1):
        raise UnknownNameError("no such claim in it", where="claims", mend="choose among its claims")
    by, why = viewer.name, said.why
    if said.act == "keep_out":
        return sources.quarantine(workspace, said.claims[0], said.kind, by=by, why=why)
    if said.act == "rule":
        first, second = said.claims
        return sources.rule_origins(workspace, first, second, said.kind, by=by, why=why)
    with workspace.database.reading() as connection:
        standing = {row["ruling_id"] for row in _weighed(connection, members).rulings}
    if said.ruling not in standing:
        raise UnknownNameError("no such ruling", where="ruling", mend="see the page of the incident")
    return sources.withdraw_ruling(workspace, said.ruling, by=by, why=why)


def kept_out_for(workspace: Workspace, viewer: Viewer) -> list[dict[str, Any]]:
    """The claims in quarantine that the viewer may see, also those whose incident has gone with them, the latest first.

    Each has ``subject``, ``kind``, ``author``, ``reason`` and what it ``said``; of sensitive ones the sight is kept.
    """
    _require(viewer)
    with workspace.database.reading() as connection:
        out = _standing(grading.read_quarantines(connection).to_dicts())
        named = [row["subject"] for row in out if row["subject"].startswith("clm_")]
        seen = seen_claims(connection, viewer, named)
        claims = {row["claim_id"]: row for row in reading.claims_of(connection, sorted(seen)).iter_rows(named=True)}
    sensitive = [("claim", name) for name, row in claims.items() if needs_two([row["sensitivity"]])]
    viewing.keep_sights(workspace, viewer, sorted(sensitive))
    return [{**row, "said": said_of(claims[row["subject"]])} for row in reversed(out) if row["subject"] in claims]


def count_again_for(workspace: Workspace, viewer: Viewer, claim: str, *, why: str) -> KeptOut:
    """Count a claim again that the viewer may see; a sensitive one waits for a second person."""
    _require(viewer)
    with workspace.database.reading() as connection:
        if not is_id(claim, "clm") or not seen_claims(connection, viewer, [claim]):
            raise UnknownNameError("no such claim", where="claim", mend="see the list of what is kept out")
    return sources.release(workspace, claim, by=viewer.name, why=why)


def _require(viewer: Viewer) -> None:
    if "review" not in viewer.acts:
        raise SeparationError("your roles do not allow this", where="review", mend="ask who may")


def _standing(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The quarantines that nobody has released."""
    kept = set(not_taken_back({row["quarantine_id"]: row["releases"] for row in given}))
    return [row for row in given if row["quarantine_id"] in kept and row["kind"]]


def _weighed(connection: Connection, members: set[str]) -> Weighed:
    """Of what was said of these claims, what stands."""
    out = [row for row in grading.read_quarantines(connection).to_dicts() if row["subject"] in members]
    ruled = [
        row for row in grading.read_rulings(connection).to_dicts() if {row["left"], row["right"]} <= members
    ]  # fmt: skip
    stands = set(not_taken_back({row["ruling_id"]: row["withdraws"] for row in ruled}))
    return Weighed(
        _standing(out),
        [row for row in ruled if row["ruling_id"] in stands and row["verdict"] != "withdrawn"],
    )
