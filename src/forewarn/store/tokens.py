"""Tokens for programs: appended with their hash, found by it, taken back by a row beside it. No token is kept in clear.

A token that was taken back or has expired is found by nobody; the two are not told apart from one that never was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from forewarn.clock import instant_text
from forewarn.errors import LifecycleError
from forewarn.ids import content_id
from forewarn.store import access_tables
from forewarn.store.access_tables import api_tokens, users

__all__ = ["TokenKept", "add_token", "find_token", "held_tokens", "mark_use", "token_uses", "withdraw_token"]


@dataclass(frozen=True, slots=True)
class TokenKept:
    """A token as it is kept: whose, called what, for what, since and until when. Nothing here opens anything."""

    token_id: str
    user_id: str
    label: str
    scopes: tuple[str, ...]
    by: str
    at: str
    expires_at: str


def add_token(connection: Connection, token: TokenKept, token_hash: str) -> None:
    """Append a token."""
    _append(connection, token, token_hash, withdraws="")


def withdraw_token(connection: Connection, token: TokenKept, *, by: str, at: datetime) -> None:
    """Append the taking back of a token."""
    stamp = instant_text(at)
    name = content_id("tok", "withdrawn", token.token_id, by, stamp)
    _append(connection, TokenKept(name, token.user_id, "", (), by, stamp, ""), "", withdraws=token.token_id)


def find_token(connection: Connection, token_hash: str, *, at: datetime) -> tuple[TokenKept, str] | None:
    """The token of a hash that holds at that instant, with the name of whose it is; else ``None``."""
    said = {"token_hash": token_hash, "at": instant_text(at)}
    found = connection.execute(_held_by_hash(), said).mappings().first() if token_hash else None
    return None if found is None else (_kept(found), found["name"])


def held_tokens(connection: Connection, user_id: str = "") -> list[TokenKept]:
    """The tokens that were not taken back, of a user or of all, expired ones included, in the order made."""
    query = select(*api_tokens.columns).where(*_standing()).order_by(api_tokens.c.sequence)
    if user_id:
        query = query.where(api_tokens.c.user_id == user_id)
    return [_kept(row) for row in connection.execute(query).mappings()]


def mark_use(connection: Connection, token_id: str, day: str) -> None:
    """Keep the last day on which a token was used in place of the one before."""
    table = access_tables.token_uses
    connection.execute(table.delete().where(table.c.token_id == token_id))
    connection.execute(table.insert(), {"token_id": token_id, "used_on": day})


def token_uses(connection: Connection, token_ids: Sequence[str]) -> dict[str, str]:
    """The last day on which each of these tokens was used; one that never was is missing."""
    table = access_tables.token_uses
    rows = connection.execute(select(table.c.token_id, table.c.used_on).where(table.c.token_id.in_(token_ids)))
    return {row[0]: row[1] for row in rows}


@cache
def _held_by_hash() -> Select[Any]:
    """Asked with every request to the API, so it is put together once."""
    mine = [api_tokens.c.token_hash == bindparam("token_hash"), api_tokens.c.expires_at > bindparam("at")]
    joined = api_tokens.join(users, users.c.user_id == api_tokens.c.user_id)
    return select(*api_tokens.columns, users.c.name).select_from(joined).where(*mine, *_standing())


def _standing() -> list[Any]:
    gone = api_tokens.alias("gone")
    same = [gone.c.user_id == api_tokens.c.user_id, gone.c.withdraws == api_tokens.c.token_id]
    return [api_tokens.c.withdraws == "", ~exists().where(*same)]


def _append(connection: Connection, token: TokenKept, token_hash: str, *, withdraws: str) -> None:
    same = select(api_tokens.c.sequence).where(api_tokens.c.token_id == token.token_id)
    if connection.execute(same).first():
        raise LifecycleError("was recorded just now", where="token", mend="nothing is to be done")
    row = {name: getattr(token, name) for name in TokenKept.__slots__}
    row |= {"scopes": json.dumps(token.scopes), "token_hash": token_hash, "withdraws": withdraws}
    connection.execute(api_tokens.insert(), row)


def _kept(row: Any) -> TokenKept:
    plain = {name: row[name] for name in TokenKept.__slots__}
    return TokenKept(**plain | {"scopes": tuple(json.loads(row["scopes"]))})
