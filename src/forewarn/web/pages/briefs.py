"""Briefs: of an alert or an area, made when looked at, for an audience; as a page of its own, as PDF, as Markdown.

A brief carries its own sheet of style, so it alone is sent under a policy that allows one inside; it can load nothing,
run nothing and send nothing.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.responses import Response

from forewarn.clock import day_from_text
from forewarn.errors import MissingExtraError
from forewarn.model.access import require_area
from forewarn.operations import viewing, viewing_documents
from forewarn.operations.brief import FORMATS, LENGTHS, BriefWish
from forewarn.operations.listing import Wanted
from forewarn.web.asked import Asked, Entry, Page, rendered, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "READ"]

_MOST = 100
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "md": "text/markdown; charset=utf-8"}


def _briefs(asked: Asked) -> Response:
    """What a brief can be made of: the alerts with the latest deadlines of those that are seen, and any area."""
    require_kind(asked, "brief")
    viewer = asked.person.viewer
    query = asked.request.query_params
    unit = query.get("unit", "").strip()
    wish = {name: query.get(name, "").strip() for name in ("length", "audience", "day", "format")}
    if unit:
        require_area(unit)
    alerts = []
    if "alert" in viewer.sights:
        alerts = viewing.alerts_listed(asked.workspace, viewer, Wanted(limit=_MOST), latest=True)
    ready = urlencode({"subject": unit, **{name: value for name, value in wish.items() if value}}) if unit else ""
    return rendered(
        asked, "briefs.html", alerts=alerts, unit=unit, wish=wish, ready=ready, lengths=LENGTHS, formats=FORMATS,
        audiences=viewing_documents.audiences_for(viewer, unit or ""),
    )  # fmt: skip


def _brief(asked: Asked) -> Response:
    """The brief itself."""
    require_kind(asked, "brief")
    query = asked.request.query_params
    day, form = query.get("day", ""), query.get("format", "") or "html"
    subject = query.get("subject", "").strip()
    if not subject:
        return turn_to("/briefs")  # where it is asked what of
    wish = BriefWish(
        subject if subject.startswith("alr_") else require_area(subject),
        day_from_text(day, where="day") if day else None, form, length=query.get("length", "") or "analyst",
        audience=query.get("audience", ""),
    )  # fmt: skip
    try:
        made = viewing_documents.brief_for(asked.workspace, asked.person.viewer, wish)
    except MissingExtraError as error:
        return rendered(asked, "error.html", status=501, what=error.what, mend=error.mend, code="")
    headers = {"content-security-policy": _POLICY}
    if form != "html":
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(f'brief-{subject}.{form}', safe='')}"
    return Response(made, media_type=_TYPES[form], headers=headers)


READ: dict[str, Page] = {"/briefs": _briefs, "/briefs/view": _brief}

ENTRIES = (Entry("/briefs", marked("Briefs"), kind="brief"),)
