"""How complete casualty records are: of the minimum fields of the standards, in how many incidents each is known.

A field nobody filled is unknown and counts as such; a record with nothing but a count is the least that stands. The
figures say where to look next, and nothing of who was harmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from forewarn.assess import casualty_parts, minimum_fields
from forewarn.model.casualty import CasualtyRecord
from forewarn.operations.scope import Asked, Scope, scope_of
from forewarn.operations.workspace import Workspace
from forewarn.store import casualties as kept
from forewarn.taxonomy import codes

__all__ = ["Completeness", "completeness"]

_FROM_CLAIMS = "sources_and_grades"
"""Known in every incident: each rests on claims, and each claim on a row of a source."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """By minimum field, in how many of the incidents asked for it is known; and those without place or day."""

    incidents: int
    known: dict[str, int]
    left_out: int


def completeness(workspace: Workspace, asked: Asked) -> Completeness:
    """How complete the records of the incidents asked for are."""
    with workspace.database.reading() as connection:
        scope = scope_of(connection, asked, workspace.today)
        made = kept.read_recorded(connection, as_known_at=scope.known.as_known_at)
    members = scope.known.assembly.members
    parts = casualty_parts(scope.incidents, members, made.records, made.overrulings)
    by_incident = {str(name): frame for (name,), frame in parts.partition_by("incident_id", as_dict=True).items()}
    written = _written(scope, made.records)
    known = dict.fromkeys((code.code for code in codes("casualty_record_minimum")), 0)
    for row in scope.incidents.iter_rows(named=True):
        name = row["incident_id"]
        fields = minimum_fields(row, by_incident.get(name, parts.clear()), written.get(name))
        for field, value in fields.items():
            known[field] += field == _FROM_CLAIMS or value != "unknown"
    return Completeness(scope.incidents.height, known, scope.left_out)


def _written(scope: Scope, records: Iterable[CasualtyRecord]) -> dict[str, CasualtyRecord]:
    """By incident the one record of it; none where several meet."""
    of_claim = dict(scope.known.assembly.members.select("claim_id", "incident_id").iter_rows())
    found: dict[str, list[CasualtyRecord]] = defaultdict(list)
    for one in records:
        if one.claim_id in of_claim:
            found[of_claim[one.claim_id]].append(one)
    return {name: held[0] for name, held in found.items() if len(held) == 1}
