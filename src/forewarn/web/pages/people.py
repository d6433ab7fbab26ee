"""Who there is and what they hold, for administrators: invitations, grants, withdrawals."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.model.provenance import Sensitivity
from forewarn.operations import accounts
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ"]

_PAGE = 25


def _people(asked: Asked, *, link: str = "") -> Response:
    """Who there is and what they hold, a page at a time; with the link of an invitation just made."""
    named, after = asked.request.query_params.get("name", "").strip()[:100], asked.request.query_params.get("after", "")
    begin = int(after) if after.isdecimal() and len(after) < 12 else 0
    found = accounts.people(asked.workspace, asked.person, named=named, after=begin, limit=_PAGE + 1)
    return rendered(
        asked,
        "people.html",
        people=found[:_PAGE],
        named=named,
        more=found[_PAGE - 1].place if len(found) > _PAGE else 0,
        link=link,
        roles=accounts.role_words(),
        classes=[one.value for one in Sensitivity],
    )


def _invite(asked: Asked) -> Response:
    """Make a one-time link and show it, once."""
    token = accounts.invite(asked.workspace, asked.person, *_offer(asked), at=asked.at)
    return _people(asked, link=f"{asked.request.url.scheme}://{asked.request.url.netloc}/join/{token}")


def _grant(asked: Asked) -> Response:
    """Give somebody else a role."""
    accounts.grant(asked.workspace, asked.person, asked.path("user"), *_offer(asked), at=asked.at)
    return turn_to("/people")


def _withdraw(asked: Asked) -> Response:
    """Take a grant back."""
    accounts.withdraw(asked.workspace, asked.person, asked.path("grant"), at=asked.at)
    return turn_to("/people")


def _offer(asked: Asked) -> tuple[str, list[str], str]:
    form = asked.form
    return form.get("role", ""), form.get("areas", "").splitlines(), form.get("most", "")


READ: dict[str, Page] = {"/people": _people}

FORMS: dict[str, Form] = {
    "/people/invite": (_invite, ("role", "areas", "most")),
    "/people/{user}/grant": (_grant, ("role", "areas", "most")),
    "/people/withdraw/{grant}": (_withdraw, ()),
}

ENTRIES = (Entry("/people", marked("People"), act="people"),)
