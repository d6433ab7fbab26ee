"""Sealed identities: taken down, listed, withdrawn; every act in the custody log.

Nothing is collected unless the node has switched it on, and then only declared fields, each with a purpose, on a stated
basis. Sealing needs no secret, so whoever takes an identity down cannot read it again. Contents are never logged, never
exported, and never repeated in a message.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from forewarn.account import Fault, opened_plain, split
from forewarn.account.sealing import new_key
from forewarn.errors import ConfigurationError, DisclosureError, InputFormatError, InputValueError
from forewarn.ids import short
from forewarn.model.sealed import Custodian, SealedIdentity
from forewarn.model.validation import require_choice, require_text
from forewarn.operations.evidence import append, vault_of
from forewarn.operations.sealed_people import custodians, store_of
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.store import evidence as log
from forewarn.store import sealed as rows
from forewarn.store.evidence_tables import evidence_items
from forewarn.store.reading import find_id
from forewarn.store.schema import reports
from forewarn.taxonomy.sealed import care_kinds, sealed_bases, sealed_fields, sealed_roles

__all__ = [
    "MOST_BYTES", "Declared", "Sealed", "Wish", "Withdrawn", "add", "declared", "fields_from", "listed", "read_file",
    "sealed_faults", "subject_of", "withdraw", "withdraw_ended",
]  # fmt: skip

MOST_BYTES = 100_000
"""Of an identity, at most."""
_LONGEST_VALUE = 4_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said of an identity besides its content: the person's role, the basis, for what, since and until when."""

    role: str
    basis: str
    scope: str
    given_on: date
    until: date | None = None
    care: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """An identity taken down, who can open it, and the words that go with the care it needs."""

    identity: SealedIdentity
    custodians: tuple[Custodian, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An identity that is gone, and how often it was opened before: copies made then have to be destroyed by hand."""

    sealed_id: str
    was_opened: int
    opened_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """What may be kept: fields with their purpose, roles, bases, and the words for each kind of care."""

    fields: dict[str, str]
    roles: dict[str, str]
    bases: dict[str, str]
    care: dict[str, str]


def declared() -> Declared:
    """What may be kept, and nothing else."""
    care = {name: one.words for name, one in care_kinds().items()}
    return Declared(sealed_fields(), sealed_roles(), sealed_bases(), care)


def add(workspace: Workspace, about: str, content: Mapping[str, str], wish: Wish, *, by: str, why: str) -> Sealed:
    """Seal an identity to the custodians; nobody can read it again alone.

    Raises:
        ConfigurationError: identities are not collected here.
        InputValueError: a field is not declared, or missing, or the basis does not hold.
        DisclosureError: scope or reason name a person.
    """
    if not workspace.settings.sealed_identities:
        raise ConfigurationError(
            "identities are not collected here", where="sealed_identities", mend="keep none; or set it to yes"
        )
    refuse_names(scope=wish.scope, why=why)
    _refuse_fields(content, wish)
    key, secret = vault_of(workspace, to_add=True).key, new_key()
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        known = custodians(workspace, sealed, connection)
        identity = SealedIdentity(
            f"sid_{secrets.token_hex(32)}", wish.role, subject_of(connection, about), wish.basis, wish.scope,
            wish.given_on, wish.until, wish.care, by, workspace.now,
        )  # fmt: skip
        if not identity.holds_on(workspace.today):
            raise InputValueError("is over", where="--until", mend="an identity without a basis is not kept")
        box = _sealed(dict(content), secret, identity)
        row = rows.SealedRow(identity, box, split(secret, known, identity.sealed_id))
        rows.add_identity(sealed, row)
        append(workspace, connection, key, identity.sealed_id, "seal", by=by, why=why, detail={"sealed": row.digest})
    words = tuple(care_kinds()[name].words for name in wish.care)
    return Sealed(identity, tuple(known), words)


def listed(workspace: Workspace, about: str = "") -> list[SealedIdentity]:
    """What is kept sealed, without content; with ``about``, behind one report or item."""
    with store_of(workspace) as store, store.reading() as sealed, workspace.database.reading() as connection:
        subject = subject_of(connection, about) if about else ""
        return [row.identity for row in rows.read_identities(sealed, subject)]


def withdraw(workspace: Workspace, name: str, *, by: str, why: str) -> Withdrawn:
    """Destroy an identity at once: its content, the parts of its key, and what was handed over to open it."""
    key = vault_of(workspace).key
    with store_of(workspace) as store:
        with store.writing() as sealed, workspace.database.writing() as connection:
            found = rows.find(sealed, name).identity.sealed_id
            opened = [one.by for one in rows.read_askings(sealed) if one.sealed_id == found and one.opened_at]
            rows.erase(sealed, found, by=by, at=workspace.now, why=why)
            append(workspace, connection, key, found, "withdrawal", by=by, why=why)
        rows.emptied(store)
    return Withdrawn(found, len(opened), tuple(sorted(set(opened))))


def withdraw_ended(workspace: Workspace, *, by: str) -> list[Withdrawn]:
    """Destroy every identity whose basis is over as of today, or whose item was purged since."""
    with workspace.database.reading() as connection:
        purged = {link[2] for link in log.links(connection, acts=("purge",))}
    kept = listed(workspace)
    ended = [one.sealed_id for one in kept if one.about in purged or not one.holds_on(workspace.today)]
    return [withdraw(workspace, one, by=by, why="the basis is over") for one in ended]


def read_file(path: Path) -> bytes:
    """The bytes of a plain file, as far as an identity may go."""
    with opened_plain(path) as source:
        return source.read(MOST_BYTES + 1)


def fields_from(data: bytes) -> dict[str, str]:
    """The fields in a JSON object of texts. Raises :class:`InputFormatError`, which never repeats what stands in it."""
    where = "the identity"
    if len(data) > MOST_BYTES:
        raise InputFormatError(f"has more than {MOST_BYTES:,} bytes", where=where, mend="keep less")
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise InputFormatError("is not JSON", where=where, mend='write {"contact": "..."}') from None
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise InputFormatError("is no object of texts", where=where, mend='write {"contact": "..."}')
    return told


def subject_of(connection: Connection, name: str) -> str:
    """The full id of a report or an item of evidence, by its beginning."""
    if name.startswith("evd_"):
        return find_id(connection, evidence_items, "evidence_id", name, "item")
    return find_id(connection, reports, "report_id", name if name.startswith("rpt_") else f"rpt_{name}", "report")


def sealed_faults(workspace: Workspace, connection: Connection) -> Iterator[Fault]:
    """What in the file of sealed identities is not as the custody log says: altered, missing, or never logged."""
    logged, gone = _logged(connection)
    if not logged:
        return
    with store_of(workspace) as store, store.reading() as sealed:
        kept = {row.identity.sealed_id: row.digest for row in rows.read_identities(sealed)}
    for sealed_id, digest in kept.items():
        if sealed_id in gone:
            yield Fault(f"sealed {short(sealed_id)}", "is there although it was withdrawn")
        elif logged.get(sealed_id) != digest:
            yield Fault(f"sealed {short(sealed_id)}", "is altered, or not the one the custody log names")
    for sealed_id in sorted(set(logged) - set(kept) - gone):
        yield Fault(f"sealed {short(sealed_id)}", "is missing: the custody log names it")


def _logged(connection: Connection) -> tuple[dict[str, str], set[str]]:
    """Identities the log says were sealed, with the digest it names; and those withdrawn."""
    logged: dict[str, str] = {}
    gone: set[str] = set()
    for link in log.links(connection, acts=("seal", "withdrawal")):
        if link[3] == "seal":
            logged[link[2]] = str(json.loads(link[7]).get("sealed", ""))
        elif link[2].startswith("sid_"):
            gone.add(link[2])
    return logged, gone


def _refuse_fields(content: Mapping[str, str], wish: Wish) -> None:
    """Refuse what is not declared, and what the care a person needs refuses; a name is never repeated."""
    require_choice(wish.role, "role", tuple(sealed_roles()))
    require_choice(wish.basis, "basis", tuple(sealed_bases()))
    for name in wish.care:
        require_choice(name, "care", tuple(care_kinds()))
    cares = [care_kinds()[name] for name in wish.care]
    if not content:
        raise InputValueError("holds nothing", where="identity", mend="keep none")
    unknown = [place for place, name in enumerate(content, start=1) if name not in sealed_fields()]
    if unknown:
        known = ", ".join(sealed_fields())
        raise InputValueError("is not declared with a purpose", where=f"field {unknown[0]}", mend=f"use {known}")
    for name, value in content.items():
        require_text(value, name, longest=_LONGEST_VALUE)
    for care in cares:
        for name in care.needs:
            if name not in content:
                raise InputValueError(f"is needed where care is {care.name}", where=name, mend="give it, or keep none")
        for name in care.refuses:
            if name in content:
                raise DisclosureError(f"is not kept where care is {care.name}", where=name, mend="leave it out")


def _sealed(content: dict[str, str], secret: bytes, identity: SealedIdentity) -> str:
    nonce = os.urandom(12)
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return base64.b64encode(nonce + AESGCM(secret).encrypt(nonce, plain, identity.header().encode())).decode()
