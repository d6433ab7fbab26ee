"""The pages, one module each: what can be read there, what can be sent there, and where it stands in the menu.

A page module has ``READ`` (address → page); ``FORMS`` and ``UPLOADS`` (address → page and the fields it takes) and
``ENTRIES`` (its places in the menu) where it has any. It asks one operation with the viewer of the session and shows
what it gives; whatever is not written in :data:`PAGES` is not served. Strings that people read go through gettext;
French stands in ``locale/fr``.
"""

from __future__ import annotations

from types import ModuleType

from forewarn.web.asked import Entry, Form, Page
from forewarn.web.pages import (
    account,
    alert_writing,
    alerts,
    arranging,
    assessing,
    briefs,
    channels,
    documents,
    door,
    evidence,
    exchange,
    forecasts,
    help,
    incidents,
    map,
    options,
    people,
    receipt,
    review,
    situations,
    sources,
    today,
    tokens,
    tracked,
)

__all__ = ["ENTRIES", "FORMS", "OPEN", "PAGES", "READ", "UPLOADS"]

PAGES: tuple[ModuleType, ...] = (
    today,
    map,
    assessing,
    situations,
    forecasts,
    incidents,
    arranging,
    review,
    alert_writing,
    alerts,
    options,
    tracked,
    briefs,
    documents,
    channels,
    sources,
    evidence,
    exchange,
    people,
    account,
    tokens,
    help,
    door,
    receipt,
)
"""Every page, in the order of the menu."""

READ: dict[str, Page] = {path: page for module in PAGES for path, page in module.READ.items()}
"""Pages that are read."""

FORMS: dict[str, Form] = {path: form for module in PAGES for path, form in getattr(module, "FORMS", {}).items()}
"""Forms that are sent, and the fields each has."""

UPLOADS: dict[str, Form] = {path: form for module in PAGES for path, form in getattr(module, "UPLOADS", {}).items()}
"""Forms that bring files."""

ENTRIES: tuple[Entry, ...] = tuple(entry for module in PAGES for entry in getattr(module, "ENTRIES", ()))
"""The menu; each person is shown what they may open."""

OPEN = frozenset({"/sign-in", "/join/{token}", "/language", "/receipt"})
"""Addresses that need no session; the sheet of style is the only other."""
