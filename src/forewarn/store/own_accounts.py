"""What a person's account is made of beside its grants: password, sessions, second factor; and what was done to it.

Acts are only ever added to. Sessions are named by the beginning of their hash, which opens nothing. Instants are passed
in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from forewarn.clock import instant_text
from forewarn.store.access_tables import account_acts, credentials, grants, second_factors, sessions, sights, users

__all__ = [
    "Factor", "add_act", "close_account", "drop_factor", "end_sessions", "held_sessions", "open_accounts", "put_factor",
    "read_acts", "read_factor", "set_password", "sight_counts", "use_factor",
]  # fmt: skip

NAMED_BY = 16
"""Signs of its hash that name a session."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor: its secret, since when it is in force (empty before), the last step of time it was used at."""

    secret: str
    confirmed_at: str
    last_step: int


def open_accounts(connection: Connection) -> set[str]:
    """The ids of the users who can sign in."""
    return set(connection.execute(select(credentials.c.user_id)).scalars())


def set_password(connection: Connection, user_id: str, password_hash: str, *, at: datetime) -> None:
    """Put another hash in place of the one there is."""
    mine = credentials.c.user_id == user_id
    connection.execute(
        credentials.update().where(mine).values(password_hash=password_hash, set_at=instant_text(at))
    )  # fmt: skip


def close_account(connection: Connection, user_id: str) -> None:
    """Remove what its holder signs in with, and its sessions."""
    for table in (credentials, second_factors, sessions):
        connection.execute(table.delete().where(table.c.user_id == user_id))


def held_sessions(connection: Connection, user_id: str, *, at: datetime) -> list[dict[str, Any]]:
    """``name``, ``made_at`` and ``expires_at`` of a user's sessions that are not over, the latest first."""
    mine = (sessions.c.user_id == user_id) & (sessions.c.expires_at > instant_text(at))
    query = select(sessions.c.token_hash, sessions.c.made_at, sessions.c.expires_at).where(mine)
    rows = connection.execute(query.order_by(sessions.c.made_at.desc(), sessions.c.token_hash))
    return [{"name": row[0][:NAMED_BY], "made_at": row[1], "expires_at": row[2]} for row in rows]


def end_sessions(connection: Connection, user_id: str, *, but: str = "", only: str = "") -> int:
    """End a user's sessions, but for the one of that hash, or only the one of that name; how many ended."""
    gone = (sessions.c.user_id == user_id) & (sessions.c.token_hash != but)
    if only:
        gone &= func.substr(sessions.c.token_hash, 1, NAMED_BY) == only
    return int(connection.execute(sessions.delete().where(gone)).rowcount)


def read_factor(connection: Connection, user_id: str) -> Factor | None:
    """The second factor of a user, in force or not; ``None`` where there is none."""
    row = connection.execute(select(*second_factors.columns).where(second_factors.c.user_id == user_id)).first()
    return None if row is None else Factor(row.secret, row.confirmed_at, int(row.last_step))


def put_factor(connection: Connection, user_id: str, factor: Factor) -> None:
    """Keep a second factor in place of the one there was."""
    drop_factor(connection, user_id)
    row = {"user_id": user_id, "secret": factor.secret, "confirmed_at": factor.confirmed_at}
    connection.execute(second_factors.insert(), {**row, "last_step": factor.last_step})


def use_factor(connection: Connection, user_id: str, step: int) -> bool:
    """Keep that a code of a step was used; false where it, or a later one, was used already."""
    fresh = (second_factors.c.user_id == user_id) & (second_factors.c.last_step < step)
    return connection.execute(second_factors.update().where(fresh).values(last_step=step)).rowcount == 1


def drop_factor(connection: Connection, user_id: str) -> None:
    """Remove a second factor."""
    connection.execute(second_factors.delete().where(second_factors.c.user_id == user_id))


def add_act(connection: Connection, act: str, user_id: str, *, by: str, at: datetime) -> None:
    """Append that something was done to an account."""
    connection.execute(account_acts.insert(), {"act": act, "user_id": user_id, "by": by, "at": instant_text(at)})


def read_acts(connection: Connection, *, limit: int) -> list[dict[str, Any]]:
    """What was done to accounts, the latest first: ``at``, ``act``, ``name`` of whose, ``by``, ``what``.

    People made, grants given and withdrawn with their areas and class, and the acts kept here.
    """
    joined = select(account_acts.c.at, account_acts.c.act, users.c.name, account_acts.c.by).join_from(
        account_acts, users, users.c.user_id == account_acts.c.user_id
    )
    given = select(
        grants.c.at, grants.c.withdraws, users.c.name, grants.c.by, grants.c.role, grants.c.areas, grants.c.most
    ).join_from(grants, users, users.c.user_id == grants.c.user_id)
    rows: list[dict[str, Any]] = [
        {"at": row.at, "act": row.act, "name": row.name, "by": row.by, "role": "", "areas": "[]", "most": ""}
        for row in connection.execute(joined.order_by(account_acts.c.sequence.desc()).limit(limit))
    ]
    rows += [
        {
            "at": row.at, "act": "withdrawn" if row.withdraws else "granted", "name": row.name, "by": row.by,
            "role": row.role, "areas": row.areas, "most": row.most,
        }
        for row in connection.execute(given.order_by(grants.c.sequence.desc()).limit(limit))
    ]  # fmt: skip
    made = select(users.c.at, users.c.name, users.c.by).order_by(users.c.sequence.desc()).limit(limit)
    rows += [
        {"at": row.at, "act": "joined", "name": row.name, "by": row.by, "role": "", "areas": "[]", "most": ""}
        for row in connection.execute(made)
    ]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)[:limit]


def sight_counts(connection: Connection) -> list[dict[str, Any]]:
    """How many sensitive records each person was shown, by kind, and when first and last; no ids, no reasons."""
    columns = (sights.c.user_name, sights.c.kind)
    told = (func.count().label("shown"), func.min(sights.c.at).label("first"), func.max(sights.c.at).label("last"))
    query = select(*columns, *told).group_by(*columns).order_by(*columns)
    return [dict(row) for row in connection.execute(query).mappings()]
