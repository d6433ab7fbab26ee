"""Users, grants, sights, and what passes: credentials, invitations, sessions. Secrets come here as hashes only.

An invitation is taken in the transaction that uses it, so that it works once however many try. Instants are passed in.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from forewarn.clock import instant_text
from forewarn.errors import LifecycleError, RuleError
from forewarn.ids import content_id
from forewarn.model.access import Grant, Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.store.access_tables import credentials, grants, invitations, sessions, sights, users

__all__ = [
    "add_grant", "add_invitation", "add_session", "add_sights", "add_user", "credential_of", "end_session", "has_users",
    "held_grants", "read_session", "read_users", "set_reason", "take_invitation", "withdraw_grant",
]  # fmt: skip

_GRANTS = select(*grants.columns).order_by(grants.c.sequence)
_GRANTS_OF = _GRANTS.where(grants.c.user_id.in_(bindparam("user_ids", expanding=True)))
_SESSION = (
    select(*sessions.columns, users.c.name)
    .select_from(sessions.join(users, users.c.user_id == sessions.c.user_id))
    .where(sessions.c.token_hash == bindparam("token_hash"), sessions.c.expires_at > bindparam("at"))
)
"""Asked with every request, so they are put together once."""


def has_users(connection: Connection) -> bool:
    """Whether anybody was ever made."""
    return bool(connection.execute(select(func.count()).select_from(users)).scalar())


def read_users(
    connection: Connection, *, named: str = "", after: int = 0, limit: int | None = None
) -> list[RowMapping]:
    """Everybody, in the order made; at most ``limit`` behind a place (``sequence``), whose name holds some letters."""
    query = select(*users.columns).where(users.c.sequence > after).order_by(users.c.sequence).limit(limit)
    if named:
        query = query.where(users.c.name.icontains(named, autoescape=True))
    return list(connection.execute(query).mappings())


def add_user(connection: Connection, name: str, password_hash: str, *, by: str, at: datetime) -> str:
    """Make a user with a credential; the id. Raises :class:`RuleError` where the name is taken."""
    if connection.execute(select(users.c.user_id).where(users.c.name == name)).first():
        raise RuleError("is taken", where="name", mend="choose another; a name is never given twice")
    user_id, stamp = content_id("usr", name), instant_text(at)
    connection.execute(users.insert(), {"user_id": user_id, "name": name, "by": by or name, "at": stamp})
    connection.execute(credentials.insert(), {"user_id": user_id, "password_hash": password_hash, "set_at": stamp})
    return user_id


def credential_of(connection: Connection, name: str) -> tuple[str, str] | None:
    """The id and password hash of a user by name, or ``None``."""
    joined = users.join(credentials, credentials.c.user_id == users.c.user_id)
    query = select(users.c.user_id, credentials.c.password_hash).select_from(joined).where(users.c.name == name)
    row = connection.execute(query).first()
    return None if row is None else (str(row[0]), str(row[1]))


def add_grant(connection: Connection, grant: Grant) -> None:
    """Append a grant."""
    _append_grant(connection, grant, withdraws="")


def withdraw_grant(connection: Connection, grant: Grant, *, by: str, at: datetime) -> None:
    """Append the taking back of a grant, and end the sessions of whoever held it."""
    stamp = instant_text(at)
    taken = content_id("gra", "withdrawn", grant.grant_id, by, stamp)
    back = Grant(taken, grant.user_id, grant.role, grant.areas, grant.most, by, stamp)
    _append_grant(connection, back, withdraws=grant.grant_id)
    connection.execute(sessions.delete().where(sessions.c.user_id == grant.user_id))


def held_grants(connection: Connection, *user_ids: str) -> list[Grant]:
    """The grants that hold, of some users or, without a name, of all."""
    rows = list(connection.execute(_GRANTS_OF if user_ids else _GRANTS, {"user_ids": user_ids}).mappings())
    gone = {row["withdraws"] for row in rows}
    return [_grant(row) for row in rows if not row["withdraws"] and row["grant_id"] not in gone]


def add_invitation(connection: Connection, token_hash: str, offered: Grant, *, expires_at: datetime) -> None:
    """Keep the hash of a one-time link with what it grants; those that expired are removed."""
    connection.execute(invitations.delete().where(invitations.c.expires_at <= offered.at))
    row = {"role": offered.role, "areas": json.dumps(offered.areas), "most": offered.most.value, "by": offered.by}
    row |= {"token_hash": token_hash, "made_at": offered.at, "expires_at": instant_text(expires_at)}
    connection.execute(invitations.insert(), row)


def take_invitation(connection: Connection, token_hash: str, *, at: datetime) -> RowMapping | None:
    """The invitation of a link that still holds, which is used up by this; else ``None``."""
    mine = invitations.c.token_hash == token_hash
    row = (
        connection.execute(select(*invitations.columns).where(mine, invitations.c.expires_at > instant_text(at)))
        .mappings()
        .first()
    )
    if row is None or connection.execute(invitations.delete().where(mine)).rowcount != 1:
        return None
    return row


def add_session(connection: Connection, token_hash: str, user_id: str, *, at: datetime, expires_at: datetime) -> None:
    """Begin a session; those that expired are removed."""
    stamp = instant_text(at)
    connection.execute(sessions.delete().where(sessions.c.expires_at <= stamp))
    row = {"token_hash": token_hash, "user_id": user_id, "made_at": stamp, "expires_at": instant_text(expires_at)}
    connection.execute(sessions.insert(), {**row, "reason": "", "reason_until": ""})


def read_session(connection: Connection, token_hash: str, *, at: datetime) -> dict[str, Any] | None:
    """The session of a token that has not expired, with the user's name, and the reason while it holds."""
    stamp = instant_text(at)
    row = connection.execute(_SESSION, {"token_hash": token_hash, "at": stamp}).mappings().first()
    if row is None:
        return None
    return {**row, "reason": row["reason"] if row["reason_until"] > stamp else ""}


def set_reason(connection: Connection, token_hash: str, reason: str, *, until: datetime) -> None:
    """Keep with a session why its holder needs sensitive records."""
    mine = sessions.c.token_hash == token_hash
    connection.execute(sessions.update().where(mine).values(reason=reason, reason_until=instant_text(until)))


def end_session(connection: Connection, token_hash: str) -> None:
    """End a session; one that is over already is left so."""
    connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash))


def add_sights(connection: Connection, viewer: Viewer, seen: list[tuple[str, str]], *, at: datetime) -> None:
    """Append that a viewer was shown sensitive records, as kind and id. Raises :class:`RuleError` without a reason."""
    if seen and not viewer.reason.strip():
        raise RuleError("sensitive records are shown to nobody without a reason", where="reason", mend="say why")
    rows = [
        {"user_name": viewer.name, "kind": kind, "subject": subject, "reason": viewer.reason, "at": instant_text(at)}
        for kind, subject in seen
    ]
    if rows:
        connection.execute(sights.insert(), rows)


def _append_grant(connection: Connection, grant: Grant, *, withdraws: str) -> None:
    if connection.execute(select(grants.c.sequence).where(grants.c.grant_id == grant.grant_id)).first():
        raise LifecycleError("was recorded just now", where="grant", mend="nothing is to be done")
    row = {name: getattr(grant, name) for name in ("grant_id", "user_id", "role", "by", "at")}
    row |= {"areas": json.dumps(grant.areas), "most": grant.most.value, "withdraws": withdraws}
    connection.execute(grants.insert(), row)


def _grant(row: RowMapping) -> Grant:
    return Grant(
        row["grant_id"], row["user_id"], row["role"], tuple(json.loads(row["areas"])), Sensitivity(row["most"]),
        row["by"], row["at"],
    )  # fmt: skip
