"""One's own account: password, sessions, second factor; and for administrators the closing of one, and the log.

Whoever changes what opens an account says its password first. A closed account keeps its name, which is never given
again. The log tells who was given what and how much that is sensitive each person was shown, never what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forewarn.clock import instant_text
from forewarn.errors import RuleError, SeparationError, UnknownNameError
from forewarn.operations import second_factor
from forewarn.operations.accounts import ADMINISTRATOR, SignedIn
from forewarn.operations.passwords import fits, hashed, token_hash
from forewarn.operations.workspace import Workspace
from forewarn.store import accounts, own_accounts
from forewarn.store.own_accounts import Factor
from forewarn.store.tokens import held_tokens, withdraw_token

__all__ = [
    "AccountLog", "OwnAccount", "account_log", "account_of", "begin_factor", "change_password", "close_account",
    "confirm_factor", "drop_factor", "end_session",
]  # fmt: skip

_LOG_LINES = 500


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of their own account.

    Attributes:
        sessions: ``name``, ``made_at``, ``expires_at`` and whether it ``is_this``, the latest first.
        factor: ``none``, ``begun`` until a code confirms it, or ``in_force``.
        secret, address: of one that is begun, to be taken into an authenticator; else empty.
    """

    sessions: list[dict[str, Any]]
    factor: str
    secret: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AccountLog:
    """``acts``: what was done to accounts, the latest first; ``sights``: sensitive records by person and kind."""

    acts: list[dict[str, Any]]
    sights: list[dict[str, Any]]


def account_of(workspace: Workspace, who: SignedIn, token: str, *, at: datetime) -> OwnAccount:
    """The account of who is signed in with a session."""
    own = token_hash(token)
    with workspace.database.reading() as connection:
        rows = own_accounts.held_sessions(connection, who.user_id, at=at)
        factor = own_accounts.read_factor(connection, who.user_id)
    rows = [{**row, "is_this": own.startswith(row["name"])} for row in rows]
    if factor is None:
        return OwnAccount(rows, "none")
    if factor.confirmed_at:
        return OwnAccount(rows, "in_force")
    return OwnAccount(rows, "begun", factor.secret, second_factor.address_of(who.viewer.name, factor.secret))


def change_password(workspace: Workspace, who: SignedIn, token: str, old: str, new: str, *, at: datetime) -> None:
    """Put another password in place; every other session of the person ends.

    Raises:
        RuleError: the old password is another.
        InputValueError: the new one is too short, too long or too plain.
    """
    _require_password(workspace, who, old)
    kept = hashed(new)
    with workspace.database.writing() as connection:
        own_accounts.set_password(connection, who.user_id, kept, at=at)
        own_accounts.end_sessions(connection, who.user_id, but=token_hash(token))
        own_accounts.add_act(connection, "password_changed", who.user_id, by=who.viewer.name, at=at)


def end_session(workspace: Workspace, who: SignedIn, name: str) -> None:
    """End one of one's own sessions, by its name."""
    with workspace.database.writing() as connection:
        if not name or not own_accounts.end_sessions(connection, who.user_id, only=name):
            raise UnknownNameError("no such session", mend="see your account")


def begin_factor(workspace: Workspace, who: SignedIn, password: str, *, at: datetime) -> None:
    """Make the secret of a second factor; it is in force once a code of it is given."""
    _require_password(workspace, who, password)
    with workspace.database.writing() as connection:
        found = own_accounts.read_factor(connection, who.user_id)
        if found is not None and found.confirmed_at:
            raise RuleError("is in force already", where="code", mend="take it away first")
        own_accounts.put_factor(connection, who.user_id, Factor(second_factor.new_secret(), "", 0))


def confirm_factor(workspace: Workspace, who: SignedIn, code: str, *, at: datetime) -> None:
    """Put the second factor in force by a code of it. Raises :class:`RuleError` for a code that is none."""
    with workspace.database.writing() as connection:
        found = own_accounts.read_factor(connection, who.user_id)
        step = second_factor.step_of(found.secret, code, at=at) if found and not found.confirmed_at else None
        if found is None or step is None:
            raise RuleError("is not the code of this moment", where="code", mend="check the clock of your device")
        own_accounts.put_factor(connection, who.user_id, Factor(found.secret, instant_text(at), step))
        own_accounts.add_act(connection, "factor_made", who.user_id, by=who.viewer.name, at=at)


def drop_factor(workspace: Workspace, who: SignedIn, password: str, *, at: datetime) -> None:
    """Take one's own second factor away."""
    _require_password(workspace, who, password)
    with workspace.database.writing() as connection:
        own_accounts.drop_factor(connection, who.user_id)
        own_accounts.add_act(connection, "factor_dropped", who.user_id, by=who.viewer.name, at=at)


def close_account(workspace: Workspace, actor: SignedIn, user_id: str, *, at: datetime) -> None:
    """Close somebody else's account: their grants, tokens and sessions end, and nobody signs in under the name again.

    Raises:
        SeparationError: it is the administrator's own, or the roles do not allow it.
        RuleError: it is that of the last administrator.
    """
    _require(actor)
    if user_id == actor.user_id:
        raise SeparationError("nobody closes their own account", where="people", mend="ask another administrator")
    with workspace.database.writing() as connection:
        if user_id not in own_accounts.open_accounts(connection):
            raise UnknownNameError("no such person", where="people", mend="see the list of people")
        held = accounts.held_grants(connection)
        if not any(one.role == ADMINISTRATOR and one.user_id != user_id for one in held):
            raise RuleError("is the last administrator", where="people", mend="make another one first")
        for one in held:
            if one.user_id == user_id:
                accounts.withdraw_grant(connection, one, by=actor.viewer.name, at=at)
        for token in held_tokens(connection, user_id):
            withdraw_token(connection, token, by=actor.viewer.name, at=at)
        own_accounts.close_account(connection, user_id)
        own_accounts.add_act(connection, "closed", user_id, by=actor.viewer.name, at=at)


def account_log(workspace: Workspace, actor: SignedIn) -> AccountLog:
    """What was done to accounts, and how much that is sensitive was shown to whom, for administrators."""
    _require(actor)
    with workspace.database.reading() as connection:
        acts = own_accounts.read_acts(connection, limit=_LOG_LINES)
        counts = own_accounts.sight_counts(connection)
    return AccountLog([{**one, "areas": json.loads(one["areas"])} for one in acts], counts)


def _require_password(workspace: Workspace, who: SignedIn, password: str) -> None:
    with workspace.database.reading() as connection:
        found = accounts.credential_of(connection, who.viewer.name)
    if found is None or not fits(password, found[1]):
        raise RuleError("is not your password", where="password", mend="try again")


def _require(actor: SignedIn) -> None:
    if "people" not in actor.viewer.acts:
        raise SeparationError("your roles do not allow this", where="people", mend="ask an administrator")
