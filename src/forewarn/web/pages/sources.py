"""Sources: who tells, how reliable people hold them to be, and keeping a whole source out of the counts.

Grades are shown once one's own is entered, or on request, which is kept. What keeping out or counting again would touch
is shown before the form that does it; to count again a source that told something sensitive takes two.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.operations import source_viewing as viewing
from forewarn.operations.grading import GradeEntry
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]

_PAGE = 50
_LETTERS = {
    "A": marked("completely reliable"),
    "B": marked("usually reliable"),
    "C": marked("fairly reliable"),
    "D": marked("not usually reliable"),
    "E": marked("unreliable"),
    "F": marked("cannot be judged, which is not worse than E"),
}
"""The Admiralty scale in words."""


def _sources(asked: Asked) -> Response:
    """The sources by name, a page at a time, or those whose name holds some words."""
    require_kind(asked, "source")
    words, after = (asked.request.query_params.get(name, "")[:300] for name in ("words", "after"))
    rows = viewing.sources_for(asked.workspace, asked.person.viewer, words=words, after=after, limit=_PAGE + 1)
    more = rows[_PAGE - 1].name if len(rows) > _PAGE else ""
    return rendered(asked, "sources.html", rows=rows[:_PAGE], words=words, after=after, more=more)


def _source(asked: Asked, *, reveal: bool = False, **found: Any) -> Response:
    """One source, with what was just looked up about it."""
    require_kind(asked, "source")
    viewer, name = asked.person.viewer, asked.path("source")
    shown = viewing.source_for(asked.workspace, viewer, name, reveal=reveal)
    told = {"record": None, "reach": None, "kind": "", "why": ""} | found
    return rendered(
        asked, "source.html", shown=shown, **told, may_grade=viewing.GRADE in viewer.acts,
        may_weigh=viewing.WEIGH in viewer.acts, letters=_LETTERS, bases=viewing.GRADE_BASES,
        kinds=viewing.QUARANTINE_KINDS,
    )  # fmt: skip


def _grades(asked: Asked) -> Response:
    """Show the grades to who has given none; that they were seen is kept."""
    require_kind(asked, "source")
    return _source(asked, reveal=True)


def _record(asked: Asked) -> Response:
    """Go through the store for what became of its claims."""
    require_kind(asked, "source")
    return _source(asked, record=viewing.record_for(asked.workspace, asked.person.viewer, asked.path("source")))


def _grade(asked: Asked) -> Response:
    """Enter a grade; then both one's own and those of others are shown."""
    require_kind(asked, "source")
    require_act(asked, viewing.GRADE)
    form, name = asked.form, asked.path("source")
    day = form.get("since", "").strip()
    since = day_from_text(day, where="since") if day else None
    entry = GradeEntry(form.get("value", ""), form.get("why", "").strip(), form.get("basis", ""), since)
    viewing.grade_source_for(asked.workspace, asked.person.viewer, name, entry)
    return turn_to(f"/sources/{name}#grades")


def _reach(asked: Asked) -> Response:
    """Before anything is done: what it would touch, with the form that does it."""
    require_kind(asked, "source")
    require_act(asked, viewing.WEIGH)
    reach = viewing.reach_for(asked.workspace, asked.person.viewer, asked.path("source"))
    kind, why = (asked.form.get(name, "").strip() for name in ("kind", "why"))
    return _source(asked, reach=reach, kind=kind, why=why)


def _keep_out(asked: Asked) -> Response:
    """Keep the whole source out of the counts."""
    require_kind(asked, "source")
    require_act(asked, viewing.WEIGH)
    name, kind, why = asked.path("source"), asked.form.get("kind", ""), asked.form.get("why", "").strip()
    viewing.keep_out_for(asked.workspace, asked.person.viewer, name, kind, why=why)
    return turn_to(f"/sources/{name}#counts")


def _release(asked: Asked) -> Response:
    """Count the source again, or have that wait for a second person."""
    require_kind(asked, "source")
    require_act(asked, viewing.WEIGH)
    name, why = asked.path("source"), asked.form.get("why", "").strip()
    viewing.release_for(asked.workspace, asked.person.viewer, name, why=why)
    return turn_to(f"/sources/{name}#counts")


READ: dict[str, Page] = {"/sources": _sources, "/sources/{source}": _source}

FORMS: dict[str, Form] = {
    "/sources/{source}/grades": (_grades, ()),
    "/sources/{source}/record": (_record, ()),
    "/sources/{source}/grade": (_grade, ("value", "basis", "since", "why")),
    "/sources/{source}/reach": (_reach, ("kind", "why")),
    "/sources/{source}/keep-out": (_keep_out, ("kind", "why")),
    "/sources/{source}/count-again": (_release, ("why",)),
}

ENTRIES = (Entry("/sources", marked("Sources"), kind="source"),)
