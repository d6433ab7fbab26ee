"""Evidence: the items, one item with its custody, its content for a reason and blurred, and the check of everything."""

from __future__ import annotations

from base64 import b64encode

from starlette.responses import Response

from forewarn.operations import evidence_viewing as viewing
from forewarn.operations.evidence_check import Checked
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_kind
from forewarn.web.guard import POLICY
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]

_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' data:")


def _evidence(asked: Asked, checked: Checked | None = None) -> Response:
    """The items on record, with what was found by a check just made."""
    require_kind(asked, "evidence")
    rows = viewing.evidence_for(asked.workspace, asked.person.viewer)
    may_check = viewing.CHECK in asked.person.viewer.acts
    return rendered(asked, "evidence.html", rows=rows, checked=checked, may_check=may_check)


def _item(asked: Asked) -> Response:
    """One item without its content: circumstances, terms, custody."""
    require_kind(asked, "evidence")
    shown = viewing.item_for(asked.workspace, asked.person.viewer, asked.path("item"))
    may_open = viewing.OPEN in asked.person.viewer.acts and not shown.row.is_purged
    return rendered(asked, "evidence_item.html", shown=shown, item=shown.row.item, may_open=may_open)


def _open(asked: Asked) -> Response:
    """The name and index of an item, and its picture blurred, for a reason that is kept."""
    require_kind(asked, "evidence")
    why = asked.form.get("why", "")
    opened = viewing.opened_for(asked.workspace, asked.person.viewer, asked.path("item"), why)
    return _with_picture(asked, opened.row.item.evidence_id, opened.described, opened.blurred, why, is_blurred=True)


def _see(asked: Asked) -> Response:
    """The picture as it is, for a reason; the look is counted."""
    require_kind(asked, "evidence")
    name, why = asked.path("item"), asked.form.get("why", "")
    seen = viewing.seen_picture_for(asked.workspace, asked.person.viewer, name, why)
    return _with_picture(asked, name, {}, seen, why, is_blurred=False)


def _check(asked: Asked) -> Response:
    """Check everything, and say what does not hold."""
    require_kind(asked, "evidence")
    return _evidence(asked, viewing.checked_for(asked.workspace, asked.person.viewer))


def _with_picture(
    asked: Asked, item: str, described: dict[str, object], picture: viewing.Picture | None, why: str, *,
    is_blurred: bool,
) -> Response:  # fmt: skip
    """A page that may show a picture given in itself, so that no address leads to content."""
    source = f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}" if picture else ""
    response = rendered(
        asked, "evidence_open.html", item=item, described=described, source=source, why=why, is_blurred=is_blurred
    )
    response.headers["content-security-policy"] = _POLICY
    return response


READ: dict[str, Page] = {"/evidence": _evidence, "/evidence/{item}": _item}

FORMS: dict[str, Form] = {
    "/evidence/check": (_check, ()),
    "/evidence/{item}/open": (_open, ("why",)),
    "/evidence/{item}/see": (_see, ("why",)),
}

ENTRIES = (Entry("/evidence", marked("Evidence"), kind="evidence"),)
