"""One's own account: password, sessions, the code of a second device; and, for administrators, the log of accounts.

What opens an account is changed only by who says its password, and guessing here is slowed like guessing at the door.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.operations import own_account
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, turn_to

__all__ = ["FORMS", "READ"]


def _account(asked: Asked) -> Response:
    """Roles, sessions, password and code of who is signed in."""
    found = own_account.account_of(asked.workspace, asked.person, asked.cookie, at=asked.at)
    done = asked.request.query_params.get("done", "")
    return rendered(asked, "account.html", account=found, done=done if done in ("password", "code") else "")


def _password(asked: Asked) -> Response:
    """Put another password in place of the old one."""
    old, new = asked.form.get("old", ""), asked.form.get("new", "")
    with _Slowed(asked):
        own_account.change_password(asked.workspace, asked.person, asked.cookie, old, new, at=asked.at)
    return turn_to("/account?done=password")


def _end(asked: Asked) -> Response:
    """End one of one's sessions."""
    own_account.end_session(asked.workspace, asked.person, asked.path("session"))
    return turn_to("/account")


def _begin(asked: Asked) -> Response:
    """Make a secret for an authenticator."""
    with _Slowed(asked):
        own_account.begin_factor(asked.workspace, asked.person, asked.form.get("password", ""), at=asked.at)
    return turn_to("/account#code")


def _confirm(asked: Asked) -> Response:
    """Put it in force by its first code."""
    with _Slowed(asked):
        own_account.confirm_factor(asked.workspace, asked.person, asked.form.get("code", ""), at=asked.at)
    return turn_to("/account?done=code")


def _drop(asked: Asked) -> Response:
    """Take it away."""
    with _Slowed(asked):
        own_account.drop_factor(asked.workspace, asked.person, asked.form.get("password", ""), at=asked.at)
    return turn_to("/account")


def _log(asked: Asked) -> Response:
    """Who was given what, by whom, and how much that is sensitive each person was shown."""
    require_act(asked, "people")
    return rendered(asked, "account_log.html", log=own_account.account_log(asked.workspace, asked.person))


def _close(asked: Asked) -> Response:
    """Close somebody else's account."""
    require_act(asked, "people")
    own_account.close_account(asked.workspace, asked.person, asked.path("user"), at=asked.at)
    return turn_to("/people")


class _Slowed:
    """Counts what is tried with a password or a code as failed, unless it succeeds; by person."""

    def __init__(self, asked: Asked) -> None:
        self.brake, self.name, self.at = asked.door.brake, f"account {asked.person.viewer.name}", asked.at

    def __enter__(self) -> None:
        self.brake.attempt(self.name, self.at)

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self.brake.succeeded(self.name)


READ: dict[str, Page] = {"/account": _account, "/admin/log": _log}

FORMS: dict[str, Form] = {
    "/account/password": (_password, ("old", "new")),
    "/account/session/{session}": (_end, ()),
    "/account/code/begin": (_begin, ("password",)),
    "/account/code/confirm": (_confirm, ("code",)),
    "/account/code/drop": (_drop, ("password",)),
    "/people/{user}/close": (_close, ()),
}
