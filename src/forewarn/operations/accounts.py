"""People at the front door: one-time links, signing in and out, grants, and the viewer that comes of them.

Nobody grants anything to themselves, an administrator reads no record, and a link or session that is used up, over or
made up is told apart by nobody. Instants are the real ones, passed in: a day set for training opens no door.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from forewarn.clock import instant_text
from forewarn.errors import InputValueError, RuleError, SeparationError, UnknownNameError
from forewarn.ids import content_id
from forewarn.model.access import Grant, Sight, Viewer, require_area, require_name
from forewarn.model.provenance import Sensitivity
from forewarn.model.validation import require_choice, require_text
from forewarn.operations import second_factor
from forewarn.operations.passwords import fits, hashed, new_token, token_hash
from forewarn.operations.workspace import Workspace
from forewarn.store import accounts, own_accounts
from forewarn.taxonomy.access import rights

__all__ = [
    "Person", "SignedIn", "first_link", "give_reason", "grant", "invite", "join", "people", "role_words", "session_of",
    "sign_in", "sign_out", "viewer_from", "withdraw",
]  # fmt: skip

ADMINISTRATOR = "administrator"
FIRST_LINK_FOR = timedelta(hours=1)
INVITATION_FOR = timedelta(hours=48)
SESSION_FOR = timedelta(hours=10)
REASON_FOR = timedelta(hours=1)


@cache
def _nobody() -> str:
    """Checked when a name is unknown, so that the time it takes tells nothing."""
    return hashed("a password that nobody has")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in: their id, how far they see, and what they hold."""

    user_id: str
    viewer: Viewer
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A user with the grants that hold, and their place in the list; closed where nobody can sign in as them."""

    user_id: str
    name: str
    since: str
    grants: tuple[Grant, ...]
    is_closed: bool = False
    place: int = 0


def first_link(workspace: Workspace, *, at: datetime) -> str:
    """The token of a link with which the first administrator is made; empty once there is anybody."""
    with workspace.database.writing() as connection:
        if accounts.has_users(connection):
            return ""
        token = new_token()
        offered = Grant("", "", ADMINISTRATOR, (), Sensitivity.LOW, "", instant_text(at))
        accounts.add_invitation(connection, token_hash(token), offered, expires_at=at + FIRST_LINK_FOR)
    return token


def invite(workspace: Workspace, actor: SignedIn, role: str, areas: list[str], most: str, *, at: datetime) -> str:
    """The token of a one-time link that makes a person with a role. Raises :class:`RuleError` for who may not."""
    offered = _offered(actor, "", role, areas, most, at)
    token = new_token()
    with workspace.database.writing() as connection:
        accounts.add_invitation(connection, token_hash(token), offered, expires_at=at + INVITATION_FOR)
    return token


def join(workspace: Workspace, token: str, name: str, password: str, *, at: datetime) -> str:
    """Make the person a link was made for; their id. A link that fails is refused in the same words for every cause."""
    kept = hashed(password)
    with workspace.database.writing() as connection:
        offered = accounts.take_invitation(connection, token_hash(token), at=at)
        if offered is None or (not offered["by"] and accounts.has_users(connection)):
            raise UnknownNameError("this link was used, has expired, or never was", mend="ask for a new one")
        user_id = accounts.add_user(connection, require_name(name), kept, by=offered["by"], at=at)
        most, areas = Sensitivity(offered["most"]), tuple(json.loads(offered["areas"]))
        made = Grant("", user_id, offered["role"], areas, most, offered["by"] or name, instant_text(at))
        accounts.add_grant(connection, _named(made))
    return user_id


def sign_in(workspace: Workspace, name: str, password: str, *, at: datetime, code: str = "") -> str:
    """The token of a new session, or empty where name, password and, for who has one, the code do not go together."""
    with workspace.database.reading() as connection:
        found = accounts.credential_of(connection, name)
    if not fits(password, found[1] if found else _nobody()) or found is None:
        return ""
    token = new_token()
    with workspace.database.writing() as connection:
        if not second_factor.passes(connection, found[0], code, at=at):
            return ""
        accounts.add_session(connection, token_hash(token), found[0], at=at, expires_at=at + SESSION_FOR)
    return token


def sign_out(workspace: Workspace, token: str) -> None:
    """End a session."""
    with workspace.database.writing() as connection:
        accounts.end_session(connection, token_hash(token))


def session_of(workspace: Workspace, token: str, *, at: datetime) -> SignedIn | None:
    """Who holds a token, with the rights as they are at this instant; ``None`` for one that is over or made up."""
    if not token:
        return None
    with workspace.database.reading() as connection:
        found = accounts.read_session(connection, token_hash(token), at=at)
        if found is None:
            return None
        held = accounts.held_grants(connection, found["user_id"])
    viewer = viewer_from(found["name"], held, reason=found["reason"])
    return SignedIn(found["user_id"], viewer, tuple(sorted({one.role for one in held})))


def give_reason(workspace: Workspace, token: str, reason: str, *, at: datetime) -> None:
    """Keep for an hour why the holder of a session needs sensitive records; every one shown is then kept with it."""
    require_text(reason, "reason", longest=500)
    if len(reason.strip()) < 8:
        raise InputValueError("is too short to be one", where="reason", mend="say what you need it for")
    with workspace.database.writing() as connection:
        accounts.set_reason(connection, token_hash(token), reason.strip(), until=at + REASON_FOR)


def people(
    workspace: Workspace, actor: SignedIn, *, named: str = "", after: int = 0, limit: int | None = None
) -> list[Person]:
    """Who there is and what they hold, in the order made: at most ``limit`` behind a place, by letters of their name.

    Raises :class:`RuleError` for who may not see it.
    """
    _require(actor, "people")
    with workspace.database.reading() as connection:
        rows = accounts.read_users(connection, named=named, after=after, limit=limit)
        held = accounts.held_grants(connection, *(row["user_id"] for row in rows)) if rows else []
        open_ones = own_accounts.open_accounts(connection)
    by_user: dict[str, list[Grant]] = {row["user_id"]: [] for row in rows}
    for one in held:
        by_user[one.user_id].append(one)
    return [
        Person(user, row["name"], row["at"], tuple(by_user[user]), user not in open_ones, row["sequence"])
        for row in rows
        for user in (row["user_id"],)
    ]


def grant(
    workspace: Workspace, actor: SignedIn, user_id: str, role: str, areas: list[str], most: str, *, at: datetime
) -> None:
    """Give somebody else a role. Raises :class:`SeparationError` for oneself."""
    offered = _offered(actor, user_id, role, areas, most, at)
    if user_id == actor.user_id:
        raise SeparationError("nobody grants to themselves", where="grant", mend="ask another administrator")
    with workspace.database.writing() as connection:
        if user_id not in own_accounts.open_accounts(connection):
            raise UnknownNameError("no such person", where="grant", mend="see the list of people")
        accounts.add_grant(connection, _named(offered))


def withdraw(workspace: Workspace, actor: SignedIn, grant_id: str, *, at: datetime) -> None:
    """Take a grant back; sessions of its holder end. The last administrator stays."""
    _require(actor, "people")
    with workspace.database.writing() as connection:
        held = accounts.held_grants(connection)
        found = next((one for one in held if one.grant_id == grant_id), None)
        if found is None:
            raise UnknownNameError("no such grant holds", mend="see the list of people")
        if found.role == ADMINISTRATOR and sum(one.role == ADMINISTRATOR for one in held) == 1:
            raise RuleError("is the last administrator", where="grant", mend="make another one first")
        accounts.withdraw_grant(connection, found, by=actor.viewer.name, at=at)


def viewer_from(name: str, held: list[Grant], *, reason: str = "") -> Viewer:
    """How far somebody sees: of each grant the cell of the table for its role, narrowed by the grant. Default deny."""
    sights, acts = _reach(tuple((one.role, one.areas, one.most) for one in held))
    return Viewer(name, dict(sights), acts, reason)


@lru_cache(maxsize=1024)
def _reach(held: tuple[tuple[str, tuple[str, ...], Sensitivity], ...]) -> tuple[dict[str, Any], frozenset[str]]:
    """What may be seen, and done, with those roles, areas and classes: of them alone, so it never grows old."""
    table, sights = rights(), {}
    for kind, cells in table.sees.items():
        found = [
            Sight(areas, min(Sensitivity(cells[role]), most, key=lambda one: one.rank))
            for role, areas, most in held
            if role in cells
        ]
        if found:
            sights[kind] = tuple(found)
    roles = {role for role, _, _ in held}
    return sights, frozenset(act for act, may in table.may.items() if roles & set(may))


def role_words() -> dict[str, str]:
    """What each role is, in words."""
    return dict(rights().roles)


def _offered(actor: SignedIn, user_id: str, role: str, areas: list[str], most: str, at: datetime) -> Grant:
    _require(actor, "people")
    require_choice(role, "role", tuple(rights().roles))
    require_choice(most, "most", tuple(one.value for one in Sensitivity))
    kept = tuple(dict.fromkeys(require_area(area.strip()) for area in areas if area.strip()))
    if not kept and role != ADMINISTRATOR:
        raise InputValueError("names no area", where="areas", mend="write areas, one a line; * is everywhere")
    return Grant("", user_id, role, kept, Sensitivity(most), actor.viewer.name, instant_text(at))


def _named(one: Grant) -> Grant:
    name = content_id("gra", one.user_id, one.role, "|".join(one.areas), one.most.value, one.by, one.at)
    return Grant(name, one.user_id, one.role, one.areas, one.most, one.by, one.at)


def _require(actor: SignedIn, act: str) -> None:
    if act not in actor.viewer.acts:
        raise SeparationError("your roles do not allow this", where=act, mend="ask an administrator")
