"""Sources for a viewer: who tells, how people grade them, and keeping a whole source out of the counts.

A source lies in no area and counts as severe, whatever it told: only who sees everywhere, up to severe, and says why is
shown any, and each is kept as seen. Listed by name, never by grade or record: this is no ranking. Grades stay hidden
until one's own is entered; what a quarantine or release touches can be looked at before it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess import Suggestion, in_quarantine
from forewarn.errors import SeparationError, UnknownNameError
from forewarn.ids import is_id
from forewarn.model.access import Viewer
from forewarn.model.grading import QUARANTINE_KINDS
from forewarn.model.incident import GRADE_BASES
from forewarn.model.provenance import Sensitivity
from forewarn.model.review import ReviewDecision, person_key
from forewarn.operations import grading as grades
from forewarn.operations import sources
from forewarn.operations.grading import HIDDEN, GradeEntry, grades_for
from forewarn.operations.sources import KeptOut
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, grading, reviews, schema
from forewarn.store.grading import Reach

__all__ = [
    "GRADE", "GRADE_BASES", "QUARANTINE_KINDS", "WEIGH", "RecordShown", "SourceRow", "SourceSeen", "grade_source_for",
    "keep_out_for", "may_open", "reach_for", "record_for", "release_for", "source_for", "sources_for",
]  # fmt: skip

GRADE, WEIGH = "grade", "review"
"""The acts of grading, and of keeping out of the counts and counting again."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in the list: its name, what it is, and why it is kept out of the counts (empty: it counts)."""

    source_id: str
    name: str
    kind: str
    kept_out: str


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """One source, without its record.

    Attributes:
        row: as the list has it.
        held: the reliability that holds, with author, day, basis and reason; hidden until one's own is entered.
        is_open: whether the grades are shown.
        history: every grade ever given, the oldest first; empty while hidden.
        quarantines: every quarantine and release, the oldest first.
        waiting: the releases that wait for a second person.
        is_barred: whether this person saw the grades without having given one, and so may give none.
    """

    row: SourceRow
    held: dict[str, Any]
    is_open: bool
    history: tuple[dict[str, Any], ...]
    quarantines: tuple[dict[str, Any], ...]
    waiting: list[ReviewDecision]
    is_barred: bool


@dataclass(frozen=True, slots=True)
class RecordShown:
    """By outcome, the claims of a source that came to it; what that suggests, labelled: it sets nothing."""

    outcomes: dict[str, tuple[str, ...]]
    suggestion: Suggestion


def sources_for(
    workspace: Workspace, viewer: Viewer, *, words: str = "", after: str = "", limit: int = 50
) -> list[SourceRow]:
    """The sources by name, those whose name holds the words, from behind one name on; none that may not be seen."""
    if not may_open(viewer):
        return []
    table = schema.sources
    query = select(table.c.source_id, table.c.name, table.c.kind).order_by(table.c.name, table.c.source_id)
    if words.strip():
        query = query.where(table.c.name.icontains(words.strip(), autoescape=True))
    with workspace.database.reading() as connection:
        held = _kept_out(connection)
        rows = connection.execute(query.where(table.c.name > after).limit(limit)).all()
    found = [SourceRow(row.source_id, row.name, row.kind, held.get(row.source_id, "")) for row in rows]
    keep_sights(workspace, viewer, [("source", one.source_id) for one in found])
    return found


def source_for(workspace: Workspace, viewer: Viewer, source_id: str, *, reveal: bool = False) -> SourceSeen:
    """One source. With ``reveal`` its grades are shown, and this person no longer gives a first grade on it.

    Raises:
        UnknownNameError: a source that the viewer may not see, or none of that id.
    """
    opened = workspace.database.writing if reveal else workspace.database.reading
    with opened() as connection:
        row = _row(connection, viewer, source_id)
        asked = {"reliability": [source_id]}
        held = grades_for(workspace, connection, asked, by=viewer.name, reveal=reveal)[0]
        about = pl.col("subject") == source_id
        given = decisions.read_grades(connection).filter(about).drop("sequence").to_dicts()
        said = grading.read_quarantines(connection).filter(about).drop("sequence").to_dicts()
        waiting = reviews.waiting_on(connection, ["release"], source_id)
        has_graded = person_key(viewer.name) in {person_key(one["author"]) for one in given}
        is_barred = not has_graded and grading.has_seen(connection, source_id, person_key(viewer.name))
    keep_sights(workspace, viewer, [("source", source_id)])
    is_open = held["value"] != HIDDEN
    return SourceSeen(row, held, is_open, tuple(given) if is_open else (), tuple(said), waiting, is_barred)


def record_for(workspace: Workspace, viewer: Viewer, source_id: str) -> RecordShown:
    """What became of the claims of a source: the whole store is gone through."""
    _require(workspace, viewer, source_id)
    shown = sources.show_source(workspace, source_id, by=viewer.name)
    return RecordShown(shown.record, shown.proposal)


def reach_for(workspace: Workspace, viewer: Viewer, source_id: str) -> Reach:
    """What keeping the source out, or counting it again, would touch."""
    _require(workspace, viewer, source_id, act=WEIGH)
    with workspace.database.reading() as connection:
        return grading.reach_of(connection, source_id)


def grade_source_for(workspace: Workspace, viewer: Viewer, source_id: str, entry: GradeEntry) -> None:
    """Grade a source under the viewer's name; see :func:`~forewarn.operations.grading.grade`."""
    _require(workspace, viewer, source_id, act=GRADE)
    grades.grade(workspace, source_id, entry, by=viewer.name)


def keep_out_for(workspace: Workspace, viewer: Viewer, source_id: str, kind: str, *, why: str) -> KeptOut:
    """Keep a source out of the counts; see :func:`~forewarn.operations.sources.quarantine`."""
    _require(workspace, viewer, source_id, act=WEIGH)
    return sources.quarantine(workspace, source_id, kind, by=viewer.name, why=why)


def release_for(workspace: Workspace, viewer: Viewer, source_id: str, *, why: str) -> KeptOut:
    """Count a source again; where it told something sensitive, another person has to say the same."""
    _require(workspace, viewer, source_id, act=WEIGH)
    return sources.release(workspace, source_id, by=viewer.name, why=why)


def may_open(viewer: Viewer) -> bool:
    """Whether the viewer may be shown sources now; if one, then all."""
    return viewer.may_see("source", "", "", Sensitivity.SEVERE)


def _row(connection: Connection, viewer: Viewer, source_id: str) -> SourceRow:
    table = schema.sources
    row = None
    if may_open(viewer) and is_id(source_id, "src"):
        query = select(table.c.source_id, table.c.name, table.c.kind).where(table.c.source_id == source_id)
        row = connection.execute(query).first()
    if row is None:
        raise UnknownNameError("no such source", where="source", mend="see the list of sources")
    return SourceRow(row.source_id, row.name, row.kind, _kept_out(connection).get(source_id, ""))


def _kept_out(connection: Connection) -> dict[str, str]:
    held = in_quarantine(grading.read_quarantines(connection))
    return dict(held.select("subject", "kind").iter_rows())


def _require(workspace: Workspace, viewer: Viewer, source_id: str, *, act: str = "") -> None:
    with workspace.database.reading() as connection:
        _row(connection, viewer, source_id)
    if act and act not in viewer.acts:
        raise SeparationError("your roles do not allow this", where=act, mend="ask who may")
