"""Tokens for programs: made by their owner, for some kinds of records or one channel, until a day; shown once.

A token never opens more than its owner may see or do at that moment, and mostly less: what is not among its scopes is
denied. Instants are the real ones, passed in. One that expired, was taken back or made up is told apart by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, RuleError, SeparationError, UnknownNameError, shorten
from forewarn.ids import content_id
from forewarn.model.validation import require_text
from forewarn.operations.accounts import SignedIn, viewer_from
from forewarn.operations.intake_signing import signing_key
from forewarn.operations.passwords import new_token, token_hash
from forewarn.operations.workspace import Workspace
from forewarn.store import accounts
from forewarn.store.tokens import (
    TokenKept,
    add_token,
    find_token,
    held_tokens,
    mark_use,
    token_uses,
    withdraw_token,
)
from forewarn.taxonomy.access import rights

__all__ = [
    "LONGEST_DAYS", "MOST_TOKENS", "TokenHolder", "TokenListed", "TokenMade", "holder_of", "make_token", "note_use",
    "person_named", "readable", "scopes_for", "tokens_listed", "tokens_of", "withdraw", "withdraw_of_others",
]  # fmt: skip

LONGEST_DAYS = 366
MOST_TOKENS = 20
"""Tokens that one person may hold at a time."""

_INTAKE = re.compile(r"intake:[a-z0-9][a-z0-9-]{0,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A token just made; ``token`` is in clear here and nowhere else.

    ``signing_key`` is for what is handed in with it, empty where no signature is asked for.
    """

    token_id: str
    token: str
    label: str
    scopes: tuple[str, ...]
    expires_at: str
    signing_key: str = ""


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who a token stands for: its owner, as far as its scopes go, and the channels it may hand data in through."""

    token_id: str
    who: SignedIn
    intake: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenListed:
    """A token in a list: what is kept of it, the last day it was used (empty: never), and whether its time is over."""

    kept: TokenKept
    used_on: str
    is_over: bool


def make_token(
    workspace: Workspace, owner: SignedIn, label: str, scopes: Sequence[str], *, days: int, at: datetime
) -> TokenMade:
    """Make a token for oneself.

    Args:
        workspace: where.
        owner: who makes it, for whom it stands.
        label: what it is for, in a few words, so that its owner knows it again.
        scopes: ``read:KIND`` or ``intake:CHANNEL``, at least one.
        days: how long it holds, 1 to :data:`LONGEST_DAYS`.
        at: the real instant.

    Raises:
        InputValueError: a scope, label or time is out of range.
        SeparationError: the owner's roles do not give what a scope names.
        RuleError: the owner holds too many.
    """
    require_text(label, "label", longest=60)
    if not 1 <= days <= LONGEST_DAYS:
        raise InputValueError(f"{days} days", where="days", mend=f"give 1 to {LONGEST_DAYS}")
    kept = tuple(dict.fromkeys(scopes))
    if not kept:
        raise InputValueError("names nothing", where="scopes", mend="give read:KIND or intake:CHANNEL")
    for scope in kept:
        _require_scope(owner, scope)
    token, expires = new_token(), instant_text(at + timedelta(days=days))
    name = content_id("tok", owner.user_id, token_hash(token))
    made = TokenKept(name, owner.user_id, label.strip(), kept, owner.viewer.name, instant_text(at), expires)
    with workspace.database.writing() as connection:
        holding = [one for one in held_tokens(connection, owner.user_id) if one.expires_at > made.at]
        if len(holding) >= MOST_TOKENS:
            raise RuleError(f"holds {MOST_TOKENS} tokens", where="tokens", mend="take one back first")
        add_token(connection, made, token_hash(token))
    hands_in = any(one.startswith("intake:") for one in kept)
    key = signing_key(workspace.settings.intake_secret, name) if hands_in else ""
    return TokenMade(name, token, made.label, kept, expires, key)


def tokens_of(workspace: Workspace, owner: SignedIn) -> list[TokenKept]:
    """The tokens of a person that were not taken back, expired ones included."""
    with workspace.database.reading() as connection:
        return held_tokens(connection, owner.user_id)


def withdraw(workspace: Workspace, owner: SignedIn, token_id: str, *, at: datetime) -> TokenKept:
    """Take one of one's own tokens back, by its id or the beginning of it."""
    with workspace.database.writing() as connection:
        found = [one for one in held_tokens(connection, owner.user_id) if one.token_id.startswith(token_id)]
        if len(found) != 1 or not token_id.strip():
            raise UnknownNameError("no such token holds", where="token", mend="see the list of tokens")
        withdraw_token(connection, found[0], by=owner.viewer.name, at=at)
    return found[0]


def tokens_listed(workspace: Workspace, who: SignedIn, *, at: datetime, others: bool = False) -> list[TokenListed]:
    """One's own tokens, the latest first; or those of everybody else, for who looks after people.

    Raises:
        SeparationError: the roles do not allow to see those of others.
    """
    if others:
        _require_people(who)
    with workspace.database.reading() as connection:
        kept = held_tokens(connection, "" if others else who.user_id)
        kept = [one for one in reversed(kept) if (one.user_id != who.user_id) == others]
        used = token_uses(connection, [one.token_id for one in kept])
    return [TokenListed(one, used.get(one.token_id, ""), one.expires_at <= instant_text(at)) for one in kept]


def withdraw_of_others(workspace: Workspace, actor: SignedIn, token_id: str, *, at: datetime) -> TokenKept:
    """Take a token of somebody else back, by its id. Raises :class:`SeparationError` for who may not."""
    _require_people(actor)
    with workspace.database.writing() as connection:
        found = [one for one in held_tokens(connection) if one.token_id == token_id]
        if not found:
            raise UnknownNameError("no such token holds", where="token", mend="see the list of tokens")
        withdraw_token(connection, found[0], by=actor.viewer.name, at=at)
    return found[0]


def note_use(workspace: Workspace, token_id: str, *, at: datetime) -> None:
    """Keep that a token was used on this day; nothing is written where that is kept already."""
    day = instant_text(at)[:10]
    with workspace.database.reading() as connection:
        if token_uses(connection, [token_id]).get(token_id) == day:
            return
    with workspace.database.writing() as connection:
        mark_use(connection, token_id, day)


def _require_people(who: SignedIn) -> None:
    if "people" not in who.viewer.acts:
        raise SeparationError("your roles do not allow this", where="tokens", mend="ask an administrator")


def holder_of(workspace: Workspace, token: str, reason: str = "", *, at: datetime) -> TokenHolder | None:
    """Who a token stands for, with the rights as they are at this instant; ``None`` for one that does not hold.

    ``reason`` is why sensitive records are needed; without one, none is selected.
    """
    if not token:
        return None
    with workspace.database.reading() as connection:
        found = find_token(connection, token_hash(token), at=at)
        held = accounts.held_grants(connection, found[0].user_id) if found else []
    if found is None:
        return None
    kept, name = found
    viewer = viewer_from(name, held, reason=reason.strip())
    sights = {kind: cells for kind, cells in viewer.sights.items() if f"read:{kind}" in kept.scopes}
    channels = [scope.partition(":")[2] for scope in kept.scopes if scope.startswith("intake:")]
    intake = frozenset(channels if "intake" in viewer.acts else ())
    narrow = replace(viewer, sights=sights, acts=frozenset())
    return TokenHolder(kept.token_id, SignedIn(kept.user_id, narrow, tuple(sorted({g.role for g in held}))), intake)


def person_named(workspace: Workspace, name: str) -> SignedIn:
    """A person by name, as they would be signed in; for who has the workspace's folder and needs no sign-in."""
    with workspace.database.reading() as connection:
        row = next((one for one in accounts.read_users(connection) if one["name"] == name), None)
        if row is None:
            raise UnknownNameError(
                f"nobody is called '{shorten(name)}'", where="--by", mend="see People in the browser"
            )
        held = accounts.held_grants(connection, row["user_id"])
    return SignedIn(row["user_id"], viewer_from(name, held), tuple(sorted({one.role for one in held})))


def readable() -> tuple[str, ...]:
    """The kinds of records that a scope can name, whoever may give it."""
    return tuple(rights().sees)


def scopes_for(owner: SignedIn) -> list[str]:
    """The scopes of reading that a person could give a token."""
    return [f"read:{kind}" for kind in rights().sees if kind in owner.viewer.sights]


def _require_scope(owner: SignedIn, scope: str) -> None:
    if _INTAKE.fullmatch(scope):
        allowed = "intake" in owner.viewer.acts
    elif scope in {f"read:{kind}" for kind in rights().sees}:
        allowed = scope.partition(":")[2] in owner.viewer.sights
    else:
        known = ", ".join(f"read:{kind}" for kind in rights().sees)
        raise InputValueError(f"'{shorten(scope)}' is no scope", where="scopes", mend=f"use {known} or intake:CHANNEL")
    if not allowed:
        raise SeparationError("your roles do not give this", where=scope, mend="ask an administrator for the role")
