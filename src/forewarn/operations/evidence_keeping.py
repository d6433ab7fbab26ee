"""How long evidence is kept: legal holds, and what is due.

Nothing is purged by itself: what is due is shown, and a person decides. A hold is of a named person, who alone lets go
of it, and beats every purge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from forewarn.clock import add_days
from forewarn.errors import ConfigurationError, UnknownNameError
from forewarn.model.evidence import CustodyEntry, EvidenceItem
from forewarn.operations.evidence import append, entries_of, is_purged, kept_item, vault_of
from forewarn.operations.workspace import Workspace
from forewarn.store import evidence as rows
from forewarn.taxonomy.retention import retention_classes

__all__ = ["Upkeep", "due", "ends_on", "hold", "holds_of", "release_hold", "upkeep"]

_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How evidence is looked after: items, those past their period, entries no timestamp covers, and the key.

    ``is_late`` where entries have waited more than a day for a timestamp; ``key_problem`` is empty where there is none.
    """

    items: int
    due: int
    uncovered: int
    anchored_at: str
    is_late: bool
    key_problem: str
    key_mend: str


def hold(workspace: Workspace, name: str, *, by: str, why: str) -> CustodyEntry:
    """Hold an item, and what was made from it: nothing of it is purged until whoever held it lets go."""
    return _logged(workspace, name, "hold", by=by, why=why)


def release_hold(workspace: Workspace, name: str, *, by: str, why: str) -> CustodyEntry:
    """Let go of one's own hold. Raises :class:`UnknownNameError` where there is none of that person."""
    with workspace.database.reading() as connection:
        held = holds_of(entries_of(connection, kept_item(connection, name).evidence_id))
    if by not in held:
        who = f"held by {', '.join(held)}" if held else "nobody holds it"
        raise UnknownNameError(f"no hold by '{by}'", mend=who)
    return _logged(workspace, name, "release", by=by, why=why)


def holds_of(entries: Sequence[CustodyEntry]) -> tuple[str, ...]:
    """Who holds an item now."""
    held: dict[str, None] = {}
    for entry in entries:
        if entry.act == "hold":
            held[entry.by] = None
        elif entry.act == "release":
            held.pop(entry.by, None)
    return tuple(held)


def ends_on(item: EvidenceItem) -> date | None:
    """The day from which an item may be purged by its class; ``None`` where the class has no end."""
    days = retention_classes()[item.retention].days
    return None if days is None else add_days(item.acquired_at.date(), days)


def due(workspace: Workspace) -> list[EvidenceItem]:
    """Items whose period is over, neither held nor purged, in the order taken in.

    What was made from a held item is held with it, and is not due.
    """
    with workspace.database.reading() as connection:
        items = {item.evidence_id: item for item in map(rows.record_of, rows.read_items(connection))}
        entries: defaultdict[str, list[CustodyEntry]] = defaultdict(list)
        for entry in entries_of(connection):
            entries[entry.evidence_id].append(entry)
    closed: set[str] = set()
    found = []
    for item in items.values():  # a derivative is recorded after what it was made from
        acts, end = entries[item.evidence_id], ends_on(item)
        if holds_of(acts) or is_purged(acts) or item.derived_from in closed:
            closed.add(item.evidence_id)
        elif end is not None and end <= workspace.today:
            found.append(item)
    return found


def upkeep(workspace: Workspace) -> Upkeep | None:
    """How evidence is looked after; ``None`` where there is none."""
    with workspace.database.reading() as connection:
        items = len(rows.read_items(connection))
        anchors = [one for _, one in rows.read_anchors(connection)]
        covered = max((one.position for one in anchors), default=0)
        waiting = rows.first_after(connection, covered)
        count, _ = rows.head_of(connection)
    if not items:
        return None
    problem, mend = "", ""
    try:
        vault_of(workspace)
    except ConfigurationError as error:
        problem, mend = error.what, error.mend
    is_late = waiting is not None and workspace.now - waiting > _LATE
    last = max((one.at for one in anchors), default="")
    return Upkeep(items, len(due(workspace)), count - covered, last, is_late, problem, mend)


def _logged(workspace: Workspace, name: str, act: str, *, by: str, why: str) -> CustodyEntry:
    key = vault_of(workspace).key
    with workspace.database.writing() as connection:
        return append(workspace, connection, key, kept_item(connection, name).evidence_id, act, by=by, why=why)
