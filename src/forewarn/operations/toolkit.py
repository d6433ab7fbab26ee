"""Self-assessment of a State: the checklists there are, one begun, answered, and reported on.

Checklists are data: those shipped, and any YAML of the same form in the workspace's folder ``toolkits``. A folder's
checklist never takes the place of a shipped one. Answers name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from forewarn.errors import ConfigurationError, UnknownNameError, UsageError, shorten
from forewarn.exchange.files import aside
from forewarn.model.toolkit import SelfAnswer, SelfAssessment
from forewarn.operations.situation import area_named
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.respond.toolkit import GapReport, gap_report, report_html, report_lines
from forewarn.store import reading
from forewarn.store.toolkit import add_answer, add_self_assessment, read_answers, read_self_assessments
from forewarn.store.toolkit_tables import toolkit_assessments
from forewarn.taxonomy.toolkits import Toolkit, parse_toolkit, shipped_toolkits

__all__ = [
    "FOLDER",
    "Begun",
    "GapReport",
    "answer",
    "begin",
    "begun",
    "checklist",
    "report",
    "report_lines",
    "toolkits",
    "write_report",
]

FOLDER = "toolkits"
"""The folder of a workspace for checklists of one's own."""

_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """An assessment in a list."""

    assessment_id: str
    toolkit: str
    unit: str
    by: str
    on: date


def toolkits(workspace: Workspace) -> dict[str, Toolkit]:
    """All checklists by id, the shipped ones first.

    Raises:
        ConfigurationError: a file in the folder is none, or its id is taken.
    """
    found = dict(shipped_toolkits())
    for file in sorted((workspace.paths.root / FOLDER).glob("*.y*ml"))[:_MOST_FILES]:
        try:
            made = parse_toolkit(file.read_bytes(), file.name)
        except OSError as error:
            raise ConfigurationError(f"cannot be read ({error.strerror})", where=file.name, mend="check it") from None
        if made.id in found:
            raise ConfigurationError(f"'{made.id}' is taken", where=file.name, mend="give it another id")
        found[made.id] = made
    return found


def begin(workspace: Workspace, name: str, unit: str, *, by: str) -> SelfAssessment:
    """Begin an assessment of a State, or an area of one, against a checklist."""
    toolkit = checklist(workspace, name)
    made = SelfAssessment(toolkit.id, toolkit.version, toolkit.digest, area_named(unit), by, workspace.now)
    with workspace.database.writing() as connection:
        add_self_assessment(connection, made)
    return made


def begun(workspace: Workspace) -> list[Begun]:
    """The assessments there are, in the order they were begun."""
    with workspace.database.reading() as connection:
        found = read_self_assessments(connection)
    return [Begun(one.assessment_id, one.toolkit, one.unit, one.by, one.at.date()) for one in found]


def answer(
    workspace: Workspace, name: str, question: str, said: str, *, by: str, evidence: str = "", note: str = "",
    on: date | None = None,
) -> SelfAnswer:  # fmt: skip
    """Append an answer to a question of an assessment; ``not_assessed`` takes one's own earlier answer back.

    Raises:
        UnknownNameError: there is no such assessment or question.
        DisclosureError: a text names a person.
    """
    refuse_names(evidence=evidence, note=note)
    if on is not None and on > workspace.today:
        raise UsageError("is in the future", where="--on", mend="give the day it was so")
    with workspace.database.writing() as connection:
        assessment = _assessment(connection, name)
        asked = checklist(workspace, assessment.toolkit).questions
        if question not in asked:
            raise UnknownNameError(f"no question '{shorten(question)}'", mend="see 'forewarn toolkit show'")
        made = SelfAnswer(assessment.assessment_id, question, said, by, workspace.now, evidence, note, on)
        add_answer(connection, made)
    return made


def report(workspace: Workspace, name: str) -> GapReport:
    """The gap report of an assessment."""
    with workspace.database.reading() as connection:
        assessment = _assessment(connection, name)
        answers = read_answers(connection, assessment.assessment_id)
    return gap_report(checklist(workspace, assessment.toolkit), assessment, answers)


def write_report(made: GapReport, out: Path) -> Path:
    """Write a report to a file: HTML where the name ends so, else text."""
    is_page = out.suffix.casefold() in (".html", ".htm")
    text = report_html(made) if is_page else "\n".join(report_lines(made)) + "\n"
    with aside(out) as path:
        path.write_text(text, encoding="utf-8")
    return out


def checklist(workspace: Workspace, name: str) -> Toolkit:
    """The checklist of that id."""
    found = toolkits(workspace)
    if name not in found:
        raise UnknownNameError(f"no checklist '{shorten(name)}'", mend=f"there are {', '.join(found)}")
    return found[name]


def _assessment(connection: Connection, name: str) -> SelfAssessment:
    found = {one.assessment_id: one for one in read_self_assessments(connection)}
    if name == "latest" and found:
        return list(found.values())[-1]
    prefix = name if name.startswith("slf_") else f"slf_{name}"
    return found[reading.find_id(connection, toolkit_assessments, "assessment_id", prefix, "assessment")]
