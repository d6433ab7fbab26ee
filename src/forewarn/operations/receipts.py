"""Receipt codes: with one a reporter learns what became of a report, and nothing about the reporter is kept.

The code is shown once; the store keeps its first characters, to find it, and a slow salted hash of the whole
(Argon2id). A wrong code, a made-up one and one of long ago are answered alike, in equal time. What is told is how far
the report has come, never what others said.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from forewarn.errors import UnknownNameError
from forewarn.operations.passwords import fits, hashed
from forewarn.operations.sealed import Withdrawn, subject_of, withdraw
from forewarn.operations.sealed_people import store_of
from forewarn.operations.workspace import Workspace
from forewarn.store import schema
from forewarn.store import sealed as rows

__all__ = ["Standing", "receipt", "status", "withdraw_by_code"]

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without signs that are taken for one another when read out."""
_GROUPS, _LENGTH = 6, 4
_NOBODYS = "2222-3333-4444-5555-6666-7777"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reporter is told: how far it has come, in a word and in a sentence, and whether an identity is kept."""

    state: str
    words: str
    is_identity_kept: bool


_WORDS = {
    "received": "It was received and is kept as it came. Nobody has read it into the record yet.",
    "read": "It was received, and what it says was taken down. It has not been weighed with other reports yet.",
    "assessed": "It was received, taken down, and weighed together with other reports.",
    "kept": "It is kept sealed as evidence.",
}


def receipt(workspace: Workspace, about: str, *, sealed_name: str = "") -> str:
    """A new code for a report or item, to be handed to the reporter and kept nowhere else.

    Args:
        workspace: a workspace.
        about: the report or item.
        sealed_name: the sealed identity that the holder of the code may withdraw; usually there is none.
    """
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    code = "-".join(groups)
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.reading() as connection:
        subject = subject_of(connection, about)
        sealed_id = rows.find(sealed, sealed_name).identity.sealed_id if sealed_name else ""
        rows.add_receipt(sealed, hashed(code), code[:_LENGTH], subject, sealed_id, workspace.now)
    return code


def status(workspace: Workspace, code: str) -> Standing:
    """What became of the report a code was given for. Raises :class:`UnknownNameError` for any other code."""
    with store_of(workspace) as store, store.reading() as sealed, workspace.database.reading() as connection:
        held = _held(sealed, code)
        state = _state(connection, held["about"])
    return Standing(state, _WORDS[state], bool(held["sealed_id"]))


def withdraw_by_code(workspace: Workspace, code: str, *, by: str) -> Withdrawn:
    """Destroy the identity behind a code, at the wish of whoever holds it."""
    with store_of(workspace) as store, store.reading() as sealed:
        held = _held(sealed, code)
    if not held["sealed_id"]:
        raise UnknownNameError("no identity is kept for this code", mend="nothing has to be done")
    return withdraw(workspace, held["sealed_id"], by=by, why="withdrawn with the receipt code")


def _held(sealed: Connection, code: str) -> dict[str, Any]:
    plain = "".join(one for one in code.upper() if one in _ALPHABET)
    whole = "-".join(plain[place : place + _LENGTH] for place in range(0, len(plain), _LENGTH))[:64]
    there = rows.receipts_at(sealed, whole[:_LENGTH])
    found = [one for one in there if fits(whole, one["code_hash"])]
    if not there:
        fits(whole, hashed(_NOBODYS))
    if not found:
        raise UnknownNameError("no receipt has this code", mend="check every character")
    return found[0]


def _state(connection: Connection, about: str) -> str:
    if about.startswith("evd_"):
        return "kept"
    own = select(schema.claims.c.claim_id).where(schema.claims.c.report_id == about)
    if not connection.execute(select(func.count()).select_from(own.subquery())).scalar():
        return "received"
    where = schema.incident_claims.c.claim_id.in_(own)
    is_weighed = connection.execute(select(schema.incident_claims.c.claim_id).where(where).limit(1)).first()
    return "assessed" if is_weighed else "read"
