"""Grading: reliability of a source and credibility of a claim, each entered blind of the other and of other people.

Whoever grades is given a sheet that shows what is to be judged and no grade. Grades are shown once one's own is
entered, or on request; a request is kept, and whoever made it no longer gives a first grade there. Suggestions are the
software's, labelled, and set nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from forewarn.assess import Suggestion, grades_of, propose_reliability, suggest_credibility
from forewarn.errors import SeparationError, UsageError, shorten
from forewarn.ids import is_id, short
from forewarn.model.grading import GradeSight
from forewarn.model.incident import Grade
from forewarn.model.review import person_key
from forewarn.operations.knowledge import knowledge
from forewarn.operations.source_records import records_of
from forewarn.operations.trace import said_of
from forewarn.operations.workspace import Workspace
from forewarn.store import decisions, grading, reading, schema

__all__ = ["HIDDEN", "GradeEntry", "Graded", "GradingSheet", "find_subject", "grade", "grades_for", "grading_sheet"]

HIDDEN = "hidden"
"""What stands in place of a grade that a person may not see yet."""

_AXES = {"clm": "credibility", "src": "reliability"}


@dataclass(frozen=True, slots=True)
class GradeEntry:
    """What a person enters: the grade, why, what it rests on (``GRADE_BASES``), and from which day on it holds."""

    value: str
    why: str
    basis: str = ""
    holds_from: date | None = None


@dataclass(frozen=True, slots=True)
class GradingSheet:
    """What a person is shown before grading.

    Attributes:
        subject, axis: what is graded, and how: credibility of a claim, reliability of a source.
        said: what the claim says in one line and its words; of a source its name and kind. The sheet of a claim does
            not say who told it.
        suggestion: the software's, labelled; of a claim by corroboration, of a source by its track record.
        graded_by: how many people have graded it; not what they gave.
        grades: both axes with everybody's grades, once this person's own is entered; before that nothing.
    """

    subject: str
    axis: str
    said: tuple[str, ...]
    suggestion: Suggestion
    graded_by: int
    grades: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade that was entered, and the grades on both axes, which may be seen from now on."""

    grade: Grade
    shown: tuple[dict[str, Any], ...] = field(default=())


def grading_sheet(workspace: Workspace, subject: str, *, by: str) -> GradingSheet:
    """What the person may see of a claim or source they are about to grade."""
    with workspace.database.reading() as connection:
        full, axis = find_subject(connection, subject)
        given = decisions.read_grades(connection)
        on_it = _on(given, full, axis)
        said, suggestion = (
            _claim_sheet(workspace, connection, full)
            if axis == "credibility"
            else _source_sheet(workspace, connection, full)
        )
        shown = _both_axes(connection, given, full) if _has_graded(on_it, by) else ()
    return GradingSheet(full, axis, said, suggestion, on_it["author"].n_unique(), shown)


def grade(workspace: Workspace, subject: str, entry: GradeEntry, *, by: str) -> Graded:
    """Grade a source (A to F, by id or name) or a claim (1 to 6, by id); the axis follows from the subject.

    Raises:
        SeparationError: the person has been shown the grades on it, or the reliability of the claim's source, without
            having graded first.
    """
    with workspace.database.writing() as connection:
        full, axis = find_subject(connection, subject)
        given = decisions.read_grades(connection)
        entered = _entered(connection, given, full, by=by)
        made = Grade(
            subject=full,
            axis=axis,
            value=entry.value.upper(),
            author=by,
            graded_at=workspace.now,
            reason=entry.why,
            basis=entry.basis,
            holds_from=entry.holds_from,
            entered=entered,
        )
        decisions.add_grade(connection, made)
        grading.add_sight(connection, GradeSight(full, person_key(by), workspace.now))
        return Graded(made, _both_axes(connection, decisions.read_grades(connection), full))


def grades_for(
    workspace: Workspace, connection: Connection, subjects: dict[str, list[str]], *, by: str, reveal: bool
) -> list[dict[str, Any]]:
    """The grades of subjects by axis as a person may see them: hidden where somebody graded and this person has not.

    ``reveal`` shows them all and keeps that this person has seen them; the connection must then be a writing one.
    """
    given = decisions.read_grades(connection)
    rows: list[dict[str, Any]] = []
    for axis, names in subjects.items():
        for row in grades_of(names, axis, given).to_dicts():
            on_it = _on(given, row["subject"], axis)
            is_open = reveal or on_it.is_empty() or _has_graded(on_it, by)
            if reveal and on_it.height and not _has_graded(on_it, by):
                grading.add_sight(connection, GradeSight(row["subject"], person_key(by), workspace.now))
            rows.append({"axis": axis, **(row if is_open else _hidden(row, on_it))})
    return rows


def find_subject(connection: Connection, name: str) -> tuple[str, str]:
    """The id of a claim, or of a source by id or name, and the axis it is graded on."""
    if name.startswith("clm_"):
        return reading.find_id(connection, schema.claims, "claim_id", name, "claim"), _AXES["clm"]
    if name.startswith("src_"):
        return reading.find_id(connection, schema.sources, "source_id", name, "source"), _AXES["src"]
    table = schema.sources
    found = connection.execute(select(table.c.source_id).where(table.c.name == " ".join(name.split()))).scalar()
    if found is None:
        raise UsageError(f"no source is called '{shorten(name)}'", mend="see 'forewarn sources list'")
    return str(found), _AXES["src"]


def _on(given: pl.DataFrame, subject: str, axis: str) -> pl.DataFrame:
    return given.filter((pl.col("subject") == subject) & (pl.col("axis") == axis))


def _has_graded(on_it: pl.DataFrame, by: str) -> bool:
    return bool(by) and person_key(by) in {person_key(author) for author in on_it["author"]}


def _entered(connection: Connection, given: pl.DataFrame, subject: str, *, by: str) -> str:
    """How the grade is being entered, of ``GRADE_ENTRIES``; refused where it would not be blind."""
    axis = _AXES[subject.partition("_")[0]]
    if _has_graded(_on(given, subject, axis), by):
        return "revised"
    source = _source_of(connection, subject) if axis == "credibility" else ""
    has_graded_source = bool(source) and _has_graded(_on(given, source, "reliability"), by)
    for one, what in ((subject, "the grades on it"), ("" if has_graded_source else source, "its source's reliability")):
        if one and grading.has_seen(connection, one, person_key(by)):
            raise SeparationError(
                f"{shorten(by, 40)} has been shown {what}", where=short(subject), mend="let another person grade it"
            )
    return "own_source" if has_graded_source else "blind"


def _source_of(connection: Connection, claim_id: str) -> str:
    joined = schema.claims.join(schema.reports, schema.reports.c.report_id == schema.claims.c.report_id)
    query = select(schema.reports.c.source_id).select_from(joined).where(schema.claims.c.claim_id == claim_id)
    return str(connection.execute(query).scalar() or "")


def _both_axes(connection: Connection, given: pl.DataFrame, subject: str) -> tuple[dict[str, Any], ...]:
    """Every grade on the subject, in the order given; of a claim, what holds of its source's reliability too."""
    rows = given.filter(pl.col("subject") == subject).drop("sequence").to_dicts()
    if is_id(subject, "clm") and (source := _source_of(connection, subject)):
        rows += [{"axis": "reliability", **row} for row in grades_of([source], "reliability", given).to_dicts()]
    return tuple(rows)


def _hidden(row: dict[str, Any], on_it: pl.DataFrame) -> dict[str, Any]:
    people = on_it["author"].n_unique()
    said = f"graded by {people} {'person' if people == 1 else 'people'}; shown once you have entered your own"
    blank = {name: "" for name in row if name not in ("subject", "value", "reason")}
    return {"subject": row["subject"], "value": HIDDEN, **blank, "reason": said}


def _claim_sheet(workspace: Workspace, connection: Connection, claim_id: str) -> tuple[tuple[str, ...], Suggestion]:
    """What the claim says and how it is corroborated; not who told it."""
    claim = reading.claims_of(connection, [claim_id]).row(0, named=True)
    known = knowledge(connection, workspace.today).assembly
    of_it = known.members.filter(pl.col("claim_id") == claim_id)
    incident = known.incidents.join(of_it, on="incident_id", how="semi")
    if incident.is_empty():
        suggestion = Suggestion("6", "it is in no incident: nothing to judge it by; run 'forewarn assess'")
    else:
        row = incident.row(0, named=True)
        suggestion = suggest_credibility(row["independent_origins"], contested=bool(row["contested"]))
    return (said_of(claim), claim["text"] or "(no words)"), suggestion


def _source_sheet(workspace: Workspace, connection: Connection, source_id: str) -> tuple[tuple[str, ...], Suggestion]:
    table = schema.sources
    row = connection.execute(select(table.c.name, table.c.kind).where(table.c.source_id == source_id)).one()
    return (row.name, row.kind.replace("_", " ")), propose_reliability(records_of(workspace, connection, source_id))
