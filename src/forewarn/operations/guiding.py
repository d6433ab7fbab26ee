"""What helps people find their way: the words of the project, and what of the exercise there is to look at here.

The exercise is fictional, so that it is here tells nothing of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from forewarn.learn import exercise_region, exercise_scene
from forewarn.operations.workspace import Workspace
from forewarn.store import schema
from forewarn.taxonomy.lists import glossary

__all__ = ["ExerciseHere", "exercise_here", "words_of_the_project"]


@dataclass(frozen=True, slots=True)
class ExerciseHere:
    """The exercise as far as a tour needs it: the area of its alert, its day, its deadline, and whether it is here."""

    unit: str
    as_known_at: date
    decide_by: date
    is_here: bool


def exercise_here(workspace: Workspace) -> ExerciseHere:
    """Whether this workspace holds incidents of the exercise, and where its story is."""
    marks, scene = schema.incident_marks, exercise_scene()
    codes = [one.code for one in exercise_region().countries]
    with workspace.database.reading() as connection:
        found = connection.execute(select(marks.c.country).where(marks.c.country.in_(codes)).limit(1)).first()
    return ExerciseHere(scene.unit, scene.as_known_at, scene.decide_by, found is not None)


def words_of_the_project() -> dict[str, str]:
    """Each word with the one meaning it has here, in alphabetical order."""
    return glossary()
