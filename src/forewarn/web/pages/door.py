"""Coming in and going out: sign-in, one-time links, sign-out, the reason for sensitive records, the language."""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations import accounts
from forewarn.web.asked import Asked, Form, Page, own_path, rendered, turn_to
from forewarn.web.guard import FORM_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE, forget, remember
from forewarn.web.languages import LANGUAGES

__all__ = ["FORMS", "READ"]


def _sign_in_form(asked: Asked) -> Response:
    """The form to sign in; who is signed in already is shown today."""
    return turn_to("/") if asked.who else rendered(asked, "sign_in.html", wrong=False)


def _join_form(asked: Asked) -> Response:
    """The form that a one-time link opens. Whether the link still holds is told only when it is used."""
    return rendered(asked, "join.html", token=asked.path("token"))


def _sign_in(asked: Asked) -> Response:
    """Begin a session; a wrong name and a wrong password look the same."""
    name, password = asked.form.get("name", "").strip(), asked.form.get("password", "")
    asked.door.brake.attempt(name, asked.at)
    token = accounts.sign_in(asked.workspace, name, password, at=asked.at, code=asked.form.get("code", ""))
    if not token:
        return rendered(asked, "sign_in.html", status=403, wrong=True)
    asked.door.brake.succeeded(name)
    response = turn_to("/")
    remember(response, SESSION_COOKIE, token)
    forget(response, FORM_COOKIE)
    return response


def _join(asked: Asked) -> Response:
    """Make the person of a one-time link."""
    name, password = asked.form.get("name", "").strip(), asked.form.get("password", "")
    accounts.join(asked.workspace, asked.path("token"), name, password, at=asked.at)
    return turn_to("/sign-in")


def _sign_out(asked: Asked) -> Response:
    """End the session."""
    accounts.sign_out(asked.workspace, asked.cookie)
    response = turn_to("/sign-in")
    forget(response, SESSION_COOKIE)
    return response


def _reason(asked: Asked) -> Response:
    """Keep why sensitive records are needed, for an hour."""
    accounts.give_reason(asked.workspace, asked.cookie, asked.form.get("reason", ""), at=asked.at)
    return turn_to(own_path(asked.form.get("back", "/")))


def _language(asked: Asked) -> Response:
    """Read in another language from now on, in this browser."""
    response = turn_to(own_path(asked.form.get("back", "/")))
    wanted = asked.form.get("language", "")
    if wanted in LANGUAGES:
        remember(response, LANGUAGE_COOKIE, wanted)
    return response


READ: dict[str, Page] = {"/sign-in": _sign_in_form, "/join/{token}": _join_form}

FORMS: dict[str, Form] = {
    "/sign-in": (_sign_in, ("name", "password", "code")),
    "/join/{token}": (_join, ("name", "password")),
    "/sign-out": (_sign_out, ()),
    "/reason": (_reason, ("reason", "back")),
    "/language": (_language, ("language", "back")),
}
