"""Self-assessments and their answers: appended once each, read back in the order they were added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from forewarn.clock import day_from_text, instant_from_text, instant_text
from forewarn.errors import LifecycleError, UnknownNameError
from forewarn.ids import short
from forewarn.model.toolkit import SelfAnswer, SelfAssessment
from forewarn.store.toolkit_tables import toolkit_answers, toolkit_assessments

__all__ = ["add_answer", "add_self_assessment", "read_answers", "read_self_assessments"]


def add_self_assessment(connection: Connection, made: SelfAssessment) -> None:
    """Append the beginning of an assessment. Raises :class:`LifecycleError` where it was begun just now."""
    table = toolkit_assessments
    known = connection.execute(select(table.c.sequence).where(table.c.assessment_id == made.assessment_id)).first()
    if known:
        raise LifecycleError("was begun just now", where="assessment", mend="see 'forewarn toolkit list'")
    plain: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
    plain |= {"assessment_id": made.assessment_id, "at": instant_text(made.at)}
    connection.execute(table.insert(), plain)


def add_answer(connection: Connection, made: SelfAnswer) -> None:
    """Append an answer. Raises where the assessment is not there, or the same was answered just now."""
    if made.assessment_id not in {one.assessment_id for one in read_self_assessments(connection)}:
        raise UnknownNameError(f"no assessment '{short(made.assessment_id)}'", mend="see 'forewarn toolkit list'")
    table = toolkit_answers
    if connection.execute(select(table.c.sequence).where(table.c.answer_id == made.answer_id)).first():
        raise LifecycleError("was answered so just now", where=f"question {made.question}", mend="see the report")
    plain: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
    plain |= {"answer_id": made.answer_id, "at": instant_text(made.at), "on": made.on.isoformat() if made.on else ""}
    connection.execute(table.insert(), plain)


def read_self_assessments(connection: Connection) -> list[SelfAssessment]:
    """All assessments."""
    table = toolkit_assessments
    rows = connection.execute(select(*table.columns).order_by(table.c.sequence)).mappings()
    names = [name for name in SelfAssessment.__slots__ if name != "at"]
    return [SelfAssessment(**{name: row[name] for name in names}, at=instant_from_text(row["at"])) for row in rows]


def read_answers(connection: Connection, assessment_id: str) -> list[SelfAnswer]:
    """The answers to one assessment."""
    table = toolkit_answers
    query = select(*table.columns).where(table.c.assessment_id == assessment_id).order_by(table.c.sequence)
    names = [name for name in SelfAnswer.__slots__ if name not in ("at", "on")]
    return [
        SelfAnswer(
            **{name: row[name] for name in names},
            at=instant_from_text(row["at"]),
            on=day_from_text(row["on"]) if row["on"] else None,
        )
        for row in connection.execute(query).mappings()
    ]
