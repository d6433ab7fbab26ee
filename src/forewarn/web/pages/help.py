"""Finding one's way: a tour through the loop on the exercise, and the words of the project."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations.guiding import exercise_here, words_of_the_project
from forewarn.web.asked import Asked, Page, rendered

__all__ = ["READ"]


def _tour(asked: Asked) -> Response:
    """The loop step by step; what a person may not open is named and not linked."""
    reached = {one.path for one in asked.door.entries if one.is_for(asked.person)}
    return rendered(asked, "tour.html", reached=reached, exercise=exercise_here(asked.workspace))


def _glossary(asked: Asked) -> Response:
    """The words of the project, each with the one meaning it has here."""
    return rendered(asked, "glossary.html", words=words_of_the_project())


READ: dict[str, Page] = {"/tour": _tour, "/glossary": _glossary}
