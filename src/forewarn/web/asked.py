"""One request as the pages see it, and how they answer: templates, redirects, the person who asks.

Every value in a template is escaped, and one that is missing is an error. A page learns who asks from the session
alone: nothing in a form or an address can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from forewarn.clock import month_label
from forewarn.errors import SeparationError, UnknownNameError
from forewarn.ids import short
from forewarn.operations.accounts import SignedIn
from forewarn.operations.workspace import Workspace
from forewarn.web import written
from forewarn.web.guard import Brake, FormKey
from forewarn.web.languages import CALLED, LANGUAGES, direction, translations
from forewarn.web.said import said

__all__ = [
    "Asked", "Door", "Entry", "Form", "Page", "make_ready", "own_path", "rendered", "require_act", "require_kind",
    "turn_to",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the menu, for who may see that ``kind`` or do that ``act``; for everybody where neither is said."""

    path: str
    name: str
    kind: str = ""
    act: str = ""

    def is_for(self, who: SignedIn) -> bool:
        """Whether that person may open it."""
        return (not self.kind or self.kind in who.viewer.sights) and (not self.act or self.act in who.viewer.acts)


@dataclass(frozen=True, slots=True)
class Door:
    """What all requests share: the workspace, the clock, the menu, the key of forms, the brakes."""

    workspace: Workspace
    clock: Callable[[], datetime]
    entries: tuple[Entry, ...] = ()
    key: FormKey = field(default_factory=FormKey)
    brake: Brake = field(default_factory=Brake)
    receipt_brake: Brake = field(default_factory=Brake)


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
        language: the language of the page.
        files: what a form brought, by field; gone after the request.
    """

    request: Request
    door: Door
    workspace: Workspace
    at: datetime
    form: Mapping[str, str]
    cookie: str
    who: SignedIn | None
    language: str = "en"
    files: Mapping[str, Path] = field(default_factory=dict)

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

Form = tuple[Page, tuple[str, ...]]
"""What a form does, and the fields it has."""


def rendered(asked: Asked | None, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, with who is signed in, what they may open, and the token of its forms."""
    who = asked.who if asked else None
    language, here = (asked.language, _here(asked.request)) if asked else ("en", "")
    shared = {
        "who": who,
        "csrf": asked.door.key.token(asked.cookie) if asked else "",
        "here": here,
        "entries": [one for one in asked.door.entries if one.is_for(who)] if asked and who else [],
        "language": language,
        "languages": LANGUAGES,
        "direction": direction(language),
        "asks_reason": _asks_reason(asked, here),
    }
    return HTMLResponse(_templates(language).get_template(template).render(**shared, **values), status)


def _here(request: Request) -> str:
    """The page this is: after a form, the page that the form is on."""
    path = request.url.path
    return path if request.method in ("GET", "HEAD") else f"/{path.split('/')[1]}"


def _asks_reason(asked: Asked | None, here: str) -> list[str]:
    """The pages at which a reason can be given: those of records, and what lies below them."""
    places = [one.path for one in asked.door.entries if not one.act] if asked else []
    return [*places, here] if any(here.startswith(f"{one}/") for one in places if one != "/") else places


def turn_to(path: str) -> RedirectResponse:
    """After a form: look at that page."""
    return RedirectResponse(path, 303)


def own_path(path: str) -> str:
    """The path if it leads to a page of this server, else the first page."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else "/"


def require_kind(asked: Asked, kind: str) -> None:
    """A page of a kind somebody sees nothing of is not there for them. Raises :class:`UnknownNameError`."""
    if kind not in asked.person.viewer.sights:
        raise UnknownNameError("There is no such page")


def require_act(asked: Asked, act: str) -> None:
    """Raise :class:`SeparationError` unless the roles of who asks allow the act."""
    if act not in asked.person.viewer.acts:
        raise SeparationError("your roles do not allow this", where=act, mend="ask an administrator")


def make_ready() -> None:
    """Compile every template and read what each language needs, so that no first reader waits for it."""
    for language in LANGUAGES:
        direction(language)
        made = _templates(language)
        for name in made.list_templates():
            made.get_template(name)


class _Compiled(BytecodeCache):
    """The code of templates in memory: it is the same in every language."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()


_CODE = _Compiled()


@cache
def _templates(language: str) -> Environment:
    loader = PackageLoader("forewarn.web", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"], bytecode_cache=_CODE,
    )  # fmt: skip
    catalogue = translations(language)
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.globals["ngettext"] = pass_context(partial(_counted, language))
    made.filters |= {name: partial(getattr(written, name), language) for name in written.FILTERS}
    made.filters |= {"said": partial(said, language), "short": short, "month_code": month_label}
    made.filters["content"] = written.content
    made.filters |= {"words": lambda code: catalogue.gettext(CALLED.get(str(code), str(code).replace("_", " ")))}
    return made


def _counted(language: str, _context: Any, one: str, many: str, num: int | None, **values: Any) -> Markup:
    """A number of things, the number as the language writes it."""
    told = translations(language).ngettext(one, many, num or 0)
    return Markup(told) % {"num": written.number(language, num), **values}  # noqa: S704 - of the catalogues
