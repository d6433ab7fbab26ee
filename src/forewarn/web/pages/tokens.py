"""Tokens for programs: one's own, made here and shown once; for administrators those of others, to be taken back.

No page holds a token but the answer to the form that made it, and that answer is kept nowhere.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import InputValueError
from forewarn.operations import tokens
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, turn_to

__all__ = ["FORMS", "READ"]

DAYS = (7, 30, 90, 180, 366)


def _own(asked: Asked, *, made: tokens.TokenMade | None = None) -> Response:
    """One's own tokens, and the form for another; with the one just made."""
    who = asked.person
    return rendered(
        asked, "tokens.html", made=made, tokens=tokens.tokens_listed(asked.workspace, who, at=asked.at), others=False,
        kinds=[one.partition(":")[2] for one in tokens.scopes_for(who)], days=DAYS, most=tokens.MOST_TOKENS,
    )  # fmt: skip


def _others(asked: Asked) -> Response:
    """The tokens of everybody else."""
    require_act(asked, "people")
    found = tokens.tokens_listed(asked.workspace, asked.person, at=asked.at, others=True)
    return rendered(asked, "tokens.html", made=None, tokens=found, others=True, kinds=[], days=DAYS, most=0)


def _make(asked: Asked) -> Response:
    """Make a token for oneself and show it, once."""
    form, days = asked.form, asked.form.get("days", "")
    scopes = [f"read:{kind}" for kind in tokens.readable() if form.get(f"read_{kind}")]
    scopes += [f"intake:{one.strip()}" for one in form.get("channels", "").splitlines() if one.strip()]
    if not (days.isascii() and days.isdecimal() and len(days) < 5):
        raise InputValueError("is no number of days", where="days", mend="choose one of the list")
    made = tokens.make_token(asked.workspace, asked.person, form.get("label", ""), scopes, days=int(days), at=asked.at)
    response = _own(asked, made=made)
    response.headers["cache-control"] = "no-store"
    return response


def _withdraw(asked: Asked) -> Response:
    """Take one of one's own back."""
    tokens.withdraw(asked.workspace, asked.person, asked.path("token"), at=asked.at)
    return turn_to("/tokens")


def _withdraw_of_others(asked: Asked) -> Response:
    """Take somebody else's back."""
    require_act(asked, "people")
    tokens.withdraw_of_others(asked.workspace, asked.person, asked.path("token"), at=asked.at)
    return turn_to("/admin/tokens")


READ: dict[str, Page] = {"/tokens": _own, "/admin/tokens": _others}

FORMS: dict[str, Form] = {
    "/tokens/make": (_make, ("label", "days", "channels", *(f"read_{kind}" for kind in tokens.readable()))),
    "/tokens/{token}/withdraw": (_withdraw, ()),
    "/admin/tokens/{token}/withdraw": (_withdraw_of_others, ()),
}
