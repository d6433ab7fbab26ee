"""One request as the pages see it, and how they answer: templates, redirects, the person who asks.

Every value in a template is escaped, and one that is missing is an error. A page learns who asks from the session
alone: nothing in a form or an address can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from forewarn.clock import instant_text
from forewarn.ids import short
from forewarn.operations.accounts import SignedIn
from forewarn.operations.workspace import Workspace
from forewarn.web.guard import Brake, FormKey

__all__ = ["Asked", "Door", "Page", "rendered", "turn_to"]


@dataclass(frozen=True, slots=True)
class Door:
    """What all requests share: the workspace, the clock, the key of forms, the brake."""

    workspace: Workspace
    clock: Callable[[], datetime]
    key: FormKey = field(default_factory=FormKey)
    brake: Brake = field(default_factory=Brake)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        request: as received.
        door: what all requests share.
        workspace: with the present of this request.
        at: the real instant, for sessions and links.
        form: the fields of a form, checked; empty for a page that is only read.
        cookie: what the tokens of forms are bound to: the session, else the form cookie.
        who: who is signed in, or ``None``.
    """

    request: Request
    door: Door
    workspace: Workspace
    at: datetime
    form: Mapping[str, str]
    cookie: str
    who: SignedIn | None

    @property
    def person(self) -> SignedIn:
        """Who is signed in, on a page that asks for it."""
        if self.who is None:
            raise PermissionError
        return self.who

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])


Page = Callable[[Asked], Response]


def rendered(asked: Asked | None, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, with who is signed in, what they may open, and the token of its forms."""
    who = asked.who if asked else None
    shared = {
        "who": who,
        "csrf": asked.door.key.token(asked.cookie) if asked else "",
        "here": asked.request.url.path if asked else "",
        "entries": _entries(who) if who else [],
    }
    return HTMLResponse(_templates().get_template(template).render(**shared, **values), status)


def turn_to(path: str) -> RedirectResponse:
    """After a form: look at that page."""
    return RedirectResponse(path, 303)


def _entries(who: SignedIn) -> list[tuple[str, str]]:
    """The pages somebody may open; what they may not is not named."""
    entries = [("/", "Today")]
    entries += [
        (f"/{kind}s", f"{kind.capitalize()}s") for kind in ("incident", "alert", "channel") if kind in who.viewer.sights
    ]
    return [*entries, ("/people", "People")] if "people" in who.viewer.acts else entries


@cache
def _templates() -> Environment:
    loader = PackageLoader("forewarn.web", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"instant": lambda at: instant_text(at).replace("T", " ").replace(":00Z", " UTC"), "short": short}
    made.filters |= {"words": lambda code: str(code).replace("_", " ")}
    return made
