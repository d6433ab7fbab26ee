"""Incidents: the list, and one incident with its claims side by side, down to the rows as received."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import InputValueError
from forewarn.model.access import require_area
from forewarn.model.claim import COUNT_FIELDS
from forewarn.operations import viewing
from forewarn.operations.source_viewing import may_open
from forewarn.web.asked import Asked, Entry, Page, rendered, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]

_PAGE = 50


def _incidents(asked: Asked) -> Response:
    """The incidents, the latest first, a page at a time; of an area where one is asked for."""
    require_kind(asked, "incident")
    asked_for = asked.request.query_params
    area = require_area(asked_for["area"].strip()) if asked_for.get("area", "").strip(" *") else ""
    after = _after(asked_for.get("after", ""))
    rows = viewing.incidents_for(asked.workspace, asked.person.viewer, area=area, after=after, limit=_PAGE + 1)
    more = f"{rows[_PAGE - 1]['started_on'] or ''}~{rows[_PAGE - 1]['incident_id']}" if len(rows) > _PAGE else ""
    return rendered(asked, "incidents.html", rows=rows[:_PAGE], area=area, more=more, is_first=after is None)


def _incident(asked: Asked) -> Response:
    """One incident, its claims side by side, down to the rows as received."""
    require_kind(asked, "incident")
    shown = viewing.incident_for(asked.workspace, asked.person.viewer, asked.path("incident"))
    opens_sources = may_open(asked.person.viewer)
    return rendered(asked, "incident.html", shown=shown, pieces=_pieces, opens_sources=opens_sources)


def _claim(asked: Asked) -> Response:
    """A claim by its id: among the others of its incident."""
    require_kind(asked, "claim")
    claim = asked.path("claim")
    return turn_to(f"/incidents/{viewing.incident_of(asked.workspace, asked.person.viewer, claim)}#{claim}")


def _row(asked: Asked) -> Response:
    """The row of a claim as received, by itself."""
    require_kind(asked, "claim")
    shown = viewing.row_for(asked.workspace, asked.person.viewer, asked.path("claim"))
    return rendered(asked, "row.html", shown=shown)


def _pieces(claim: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The text of a claim in pieces, those marked in which its place, day or a count of it stands."""
    told = [claim["place_name"], claim["admin1"], claim["started_on"], *(claim[name] for name in COUNT_FIELDS)]
    sought = sorted({re.escape(str(one)) for one in told if one not in (None, "")}, key=len, reverse=True)
    if not sought:
        return [(claim["text"], False)]
    parts = re.split(rf"((?<!\w)(?:{'|'.join(sought)})(?!\w))", claim["text"])
    return [(part, at % 2 == 1) for at, part in enumerate(parts) if part]


def _after(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    day, mark, name = text.partition("~")
    if not mark or len(name) > 80:
        raise InputValueError("is no place in the list", where="after", mend="begin at the first page")
    return (day_from_text(day).isoformat() if day else "", name)


READ: dict[str, Page] = {
    "/incidents": _incidents,
    "/incidents/{incident}": _incident,
    "/claims/{claim}": _claim,
    "/claims/{claim}/row": _row,
}

ENTRIES = (Entry("/incidents", marked("Incidents"), kind="incident"),)
