"""The exchange: releases that wait for a second person, packages and their standing, answers, partners."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations import exchange_viewing as viewing
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]


def _exchange(asked: Asked) -> Response:
    """What waits, what came and went, who has answered, whom we know."""
    viewer = asked.person.viewer
    shown = viewing.exchange_for(asked.workspace, viewer)
    return rendered(asked, "exchange.html", shown=shown, may_recall=viewing.RECALL in viewer.acts)


def _approve(asked: Asked) -> Response:
    """Be the second person of a release."""
    viewing.approved_for(asked.workspace, asked.person.viewer, asked.path("release"))
    return turn_to("/exchange#approved")


def _recall(asked: Asked) -> Response:
    """Take a package back, with the reason."""
    reason = asked.form.get("reason", "")
    viewing.recalled_for(asked.workspace, asked.person.viewer, asked.path("package"), reason)
    return turn_to("/exchange#answers")


READ: dict[str, Page] = {"/exchange": _exchange}

FORMS: dict[str, Form] = {
    "/exchange/releases/{release}/approve": (_approve, ()),
    "/exchange/packages/{package}/recall": (_recall, ("reason",)),
}

ENTRIES = (Entry("/exchange", marked("Exchange"), kind="exchange"),)
