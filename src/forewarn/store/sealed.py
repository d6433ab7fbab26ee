"""The store of sealed identities: a SQLite file of its own, apart from the database of the workspace.

Owns its tables, which no migration of the main store touches, and erasure: a withdrawn identity is overwritten, not
only unlinked. Content stands here as ciphertext that this file cannot open; receipts of reporters stand as hashes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, select, update

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import StoreError, UnknownNameError, UsageError
from forewarn.ids import content_id
from forewarn.model.sealed import Asking, Custodian, SealedIdentity
from forewarn.store.columns import text as words
from forewarn.store.database import Database

__all__ = [
    "SealedRow", "add_asking", "add_custodian", "add_identity", "add_receipt", "allow", "drop_custodian", "emptied",
    "erase", "find", "handed_to", "mark_opened", "opened_file", "read_askings", "read_custodians", "read_identities",
    "receipts_at",
]  # fmt: skip

_metadata = MetaData()

custodians = Table("custodians", _metadata, words("name", primary_key=True), *map(words, ("public", "by", "at")))

_HEADER = ("role", "about", "basis", "scope", "given_on", "until", "care", "by", "at")
identities = Table(
    "identities", _metadata, words("sealed_id", primary_key=True), *map(words, (*_HEADER, "box", "parts"))
)
withdrawals = Table("withdrawals", _metadata, words("sealed_id", primary_key=True), *map(words, ("by", "at", "why")))

_ASKING = ("sealed_id", "by", "reason", "at", "expires_at", "allowed_by", "allowed_at", "opened_at")
askings = Table("askings", _metadata, words("asking_id", primary_key=True), *map(words, (*_ASKING, "handed")))

receipts = Table(
    "receipts",
    _metadata,
    words("code_hash", primary_key=True),
    *map(words, ("locator", "about", "sealed_id", "at")),
    UniqueConstraint("code_hash", name="receipts_once"),
)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """An identity as stored: what may be told of it, its ciphertext, and the parts of its key by custodian."""

    identity: SealedIdentity
    box: str
    parts: dict[str, str]

    @property
    def digest(self) -> str:
        """``sld_`` and the SHA-256 of all of it; it stands in the custody log."""
        return content_id("sld", self.identity.header(), self.box, json.dumps(self.parts, sort_keys=True))


@contextmanager
def opened_file(path: Path) -> Iterator[Database]:
    """The store in that file, made where there is none, readable by its owner alone; closed at the end."""
    if not path.exists():
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        except OSError as error:
            raise StoreError(f"cannot be made ({error.strerror})", where=path.name, mend="check the folder") from None
    database = Database.at(path)
    try:
        with database.writing() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            _metadata.create_all(connection)
        yield database
    finally:
        database.close()


def add_custodian(connection: Connection, one: Custodian, *, by: str, at: datetime) -> None:
    """Add a custodian. Raises :class:`UsageError` where there is one of that name."""
    if any(one.name == other.name for other in read_custodians(connection)):
        raise UsageError("is enrolled already", where=one.name, mend="use another pseudonym")
    connection.execute(custodians.insert(), {"name": one.name, "public": one.public, "by": by, "at": instant_text(at)})


def drop_custodian(connection: Connection, name: str) -> None:
    """Take a custodian out; the custody log keeps that there was one."""
    connection.execute(custodians.delete().where(custodians.c.name == name))


def read_custodians(connection: Connection) -> list[Custodian]:
    """The custodians as stored, by name. Whether each was enrolled properly, the custody log tells."""
    query = select(custodians.c.name, custodians.c.public).order_by(custodians.c.name)
    return [Custodian(name, public) for name, public in connection.execute(query)]


def add_identity(connection: Connection, row: SealedRow) -> None:
    """Add an identity."""
    one = row.identity
    said = {name: getattr(one, name) for name in ("sealed_id", "role", "about", "basis", "scope", "by")}
    days = {"given_on": one.given_on.isoformat(), "until": one.until.isoformat() if one.until else ""}
    more = {"care": json.dumps(one.care), "at": instant_text(one.at), "box": row.box, "parts": json.dumps(row.parts)}
    connection.execute(identities.insert(), {**said, **days, **more})


def read_identities(connection: Connection, about: str = "") -> list[SealedRow]:
    """The identities kept, in the order taken down; with ``about``, those behind that report or item."""
    query = select(identities).order_by(identities.c.at, identities.c.sealed_id)
    if about:
        query = query.where(identities.c.about == about)
    return [_row(dict(row)) for row in connection.execute(query).mappings()]


def find(connection: Connection, name: str) -> SealedRow:
    """The identity whose id begins so. Raises :class:`UnknownNameError`, or :class:`UsageError` for several."""
    prefix = name if name.startswith("sid_") else f"sid_{name}"
    found = [one for one in read_identities(connection) if one.identity.sealed_id.startswith(prefix)]
    if not found:
        raise UnknownNameError("no such sealed identity", where=prefix[:16], mend="see 'forewarn sealed list'")
    if len(found) > 1:
        raise UsageError("begins more than one", where=prefix[:16], mend="give more of the id")
    return found[0]


def erase(connection: Connection, sealed_id: str, *, by: str, at: datetime, why: str) -> None:
    """Destroy an identity, what was handed over to open it, and leave only that it was withdrawn."""
    connection.execute(identities.delete().where(identities.c.sealed_id == sealed_id))
    connection.execute(update(askings).where(askings.c.sealed_id == sealed_id).values(handed=""))
    connection.execute(update(receipts).where(receipts.c.sealed_id == sealed_id).values(sealed_id=""))
    row = {"sealed_id": sealed_id, "by": by, "at": instant_text(at), "why": why}
    connection.execute(withdrawals.insert(), row)


def emptied(database: Database) -> None:
    """Leave nothing of what was erased in free pages or in the log of the file."""
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def add_asking(connection: Connection, asking: Asking) -> None:
    """Add a request."""
    said = {name: getattr(asking, name) for name in ("asking_id", *_ASKING)}
    connection.execute(askings.insert(), {**said, "handed": ""})


def read_askings(connection: Connection) -> list[Asking]:
    """The requests, oldest first."""
    query = select(*[column for column in askings.c if column.name != "handed"]).order_by(askings.c.at)
    return [Asking(**row) for row in connection.execute(query).mappings()]


def allow(connection: Connection, asking_id: str, handed: str, *, by: str, at: datetime) -> None:
    """Keep the part that a second custodian handed over."""
    where = askings.c.asking_id == asking_id
    values = {"handed": handed, "allowed_by": by, "allowed_at": instant_text(at)}
    connection.execute(update(askings).where(where).values(values))


def handed_to(connection: Connection, asking_id: str) -> str:
    """The part handed over for a request; empty where none is, or it was used."""
    query = select(askings.c.handed).where(askings.c.asking_id == asking_id)
    return str(connection.execute(query).scalar() or "")


def mark_opened(connection: Connection, asking_id: str, *, at: datetime) -> None:
    """A request is used once: what was handed over for it goes."""
    where = askings.c.asking_id == asking_id
    connection.execute(update(askings).where(where).values(handed="", opened_at=instant_text(at)))


def add_receipt(connection: Connection, code_hash: str, locator: str, about: str, sealed_id: str, at: datetime) -> None:
    """Keep the slow hash of a receipt code, by its first characters."""
    row = {"code_hash": code_hash, "locator": locator, "about": about, "sealed_id": sealed_id, "at": instant_text(at)}
    connection.execute(receipts.insert(), row)


def receipts_at(connection: Connection, locator: str) -> list[dict[str, Any]]:
    """The receipts whose code begins so."""
    query = select(receipts).where(receipts.c.locator == locator)
    return [dict(row) for row in connection.execute(query).mappings()]


def _row(held: dict[str, Any]) -> SealedRow:
    box, parts = held.pop("box"), json.loads(held.pop("parts"))
    held["given_on"] = date.fromisoformat(held["given_on"])
    held["until"] = date.fromisoformat(held["until"]) if held["until"] else None
    held["care"], held["at"] = tuple(json.loads(held["care"])), instant_from_text(held["at"])
    return SealedRow(SealedIdentity(**held), box, parts)
