"""The forms that are sent. Each calls one operation as the person of the session, and leads back to a page."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.operations import accounts, viewing
from forewarn.operations.alert import Step
from forewarn.web import pages
from forewarn.web.asked import Asked, rendered, turn_to
from forewarn.web.guard import FORM_COOKIE, SESSION_COOKIE, forget, remember

__all__ = ["alert_step", "grant", "invite", "join", "reason", "sign_in", "sign_out", "withdraw"]

_STEPS = frozenset({"review", "issue", "read", "decide", "act", "comment", "cancel", "close", "after_action"})


def sign_in(asked: Asked) -> Response:
    """Begin a session; a wrong name and a wrong password look the same."""
    name, password = asked.form.get("name", "").strip(), asked.form.get("password", "")
    asked.door.brake.attempt(name, asked.at)
    token = accounts.sign_in(asked.workspace, name, password, at=asked.at)
    if not token:
        return rendered(asked, "sign_in.html", status=403, wrong=True)
    asked.door.brake.succeeded(name)
    response = turn_to("/")
    remember(response, SESSION_COOKIE, token)
    forget(response, FORM_COOKIE)
    return response


def join(asked: Asked) -> Response:
    """Make the person of a one-time link."""
    name, password = asked.form.get("name", "").strip(), asked.form.get("password", "")
    accounts.join(asked.workspace, asked.path("token"), name, password, at=asked.at)
    return turn_to("/sign-in")


def sign_out(asked: Asked) -> Response:
    """End the session."""
    accounts.sign_out(asked.workspace, asked.cookie)
    response = turn_to("/sign-in")
    forget(response, SESSION_COOKIE)
    return response


def reason(asked: Asked) -> Response:
    """Keep why sensitive records are needed, for an hour."""
    accounts.give_reason(asked.workspace, asked.cookie, asked.form.get("reason", ""), at=asked.at)
    back = asked.form.get("back", "/")
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return turn_to(back if is_ours else "/")


def alert_step(asked: Asked) -> Response:
    """Take a step in an alert's life as the person who is signed in."""
    kind, name = asked.path("step"), asked.path("alert")
    if kind not in _STEPS:
        raise UnknownNameError("There is no such step")
    said = {field: asked.form.get(field, "").strip() for field in ("note", "decision", "outcome")}
    viewing.step_for(asked.workspace, asked.person.viewer, name, Step(kind, "", **said))
    return turn_to(f"/alerts/{name}")


def invite(asked: Asked) -> Response:
    """Make a one-time link and show it, once."""
    token = accounts.invite(asked.workspace, asked.person, *_offer(asked), at=asked.at)
    return pages.people(asked, link=f"{asked.request.url.scheme}://{asked.request.url.netloc}/join/{token}")


def grant(asked: Asked) -> Response:
    """Give somebody else a role."""
    accounts.grant(asked.workspace, asked.person, asked.path("user"), *_offer(asked), at=asked.at)
    return turn_to("/people")


def withdraw(asked: Asked) -> Response:
    """Take a grant back."""
    accounts.withdraw(asked.workspace, asked.person, asked.path("grant"), at=asked.at)
    return turn_to("/people")


def _offer(asked: Asked) -> tuple[str, list[str], str]:
    form = asked.form
    return form.get("role", ""), form.get("areas", "").splitlines(), form.get("most", "")
