"""Documents for a viewer: all of them are texts of public bodies, so the kind alone decides; and briefs, by audience.

A brief is made when it is looked at, for an audience within what the viewer may see, and nothing is written: what an
audience may not be shown is left out before the brief is made. One for an audience beyond ``amber`` is kept as a sight.
"""

from __future__ import annotations

from dataclasses import replace

from forewarn.errors import UnknownNameError
from forewarn.model.access import SENSITIVE_FROM, Viewer
from forewarn.model.document import Document
from forewarn.model.releasability import AUDIENCES, audience_from_text, marking_of, most_sensitive_for
from forewarn.operations import document as documents
from forewarn.operations import viewing
from forewarn.operations.brief import BriefWish, brief_bytes
from forewarn.operations.brief_setting import pdf_for_page
from forewarn.operations.document import Asked, Hit, Listed
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace

__all__ = [
    "Asked", "Hit", "Listed", "audiences_for", "brief_for", "document_for", "documents_for", "search_for",
]  # fmt: skip


def documents_for(workspace: Workspace, viewer: Viewer, *, cites: str = "") -> list[Listed]:
    """The documents that are kept, newest first."""
    _require(viewer)
    return documents.list_documents(workspace, cites=cites)


def document_for(workspace: Workspace, viewer: Viewer, name: str) -> Document:
    """A document by its id or symbol."""
    _require(viewer)
    return documents.show(workspace, name)


def search_for(workspace: Workspace, viewer: Viewer, words: str, asked: Asked, *, limit: int = 50) -> list[Hit]:
    """The passages that hold the words."""
    _require(viewer)
    return documents.search(workspace, words, asked, limit=limit)


def audiences_for(viewer: Viewer, unit: str) -> list[str]:
    """The audiences for which a brief of an area may be shown to the viewer now, the widest first."""
    country, _, admin1 = unit.partition("/")
    return [one for one in AUDIENCES if viewer.may_see("brief", country, admin1, most_sensitive_for(one))]


def brief_for(workspace: Workspace, viewer: Viewer, wish: BriefWish) -> bytes:
    """The brief of an alert or an area, as bytes of its format; without an audience, for the narrowest they may see.

    Raises:
        UnknownNameError: the alert or the area lies beyond what the viewer may see, or the audience does.
        BusyError: as PDF, where several are being set already.
    """
    unit, mark = wish.subject, ""
    if wish.subject.startswith("alr_"):
        alert = viewing.alert_for(workspace, viewer, wish.subject).alert
        unit, mark = alert.unit, marking_of(alert.releasability)
    open_ones = audiences_for(viewer, unit)
    audience = audience_from_text(wish.audience) if wish.audience else (mark or (open_ones[-1] if open_ones else ""))
    if audience not in open_ones:
        raise UnknownNameError("no such brief", where="audience", mend="choose another audience or area")
    made = brief_bytes(workspace, replace(wish, audience=audience), pdf=pdf_for_page)[1]
    if most_sensitive_for(audience).rank >= SENSITIVE_FROM.rank:
        keep_sights(workspace, viewer, [("brief", f"{wish.subject} for {audience}")])
    return made


def _require(viewer: Viewer) -> None:
    if "document" not in viewer.sights:
        raise UnknownNameError("no such document", mend="ask an administrator")
