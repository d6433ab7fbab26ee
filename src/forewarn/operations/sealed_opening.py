"""Opening a sealed identity: one custodian asks and says why, another allows it, and the first alone sees it.

Nobody opens alone, by arithmetic and not by a rule: the key is the sum of two parts, and each custodian holds one. What
is asked, allowed and opened stands in the custody log before anything is shown. A request is used once and runs out.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from forewarn.account import CustodianKey, TamperedError, handed_over, joined, read_custodian
from forewarn.clock import instant_text
from forewarn.errors import LifecycleError, SeparationError, UnknownNameError, UsageError
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.sealed import Asking, Custodian, SealedIdentity
from forewarn.operations.evidence import append, vault_of
from forewarn.operations.sealed_people import custodians, store_of
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.store import sealed as rows

__all__ = ["ASKED_FOR", "Opened", "allow", "ask", "askings", "open_identity"]

ASKED_FOR = timedelta(hours=72)
"""How long a request stands."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An identity, open: handed to the one who asked and to nobody else; never logged, never kept."""

    identity: SealedIdentity
    content: dict[str, str]


def ask(workspace: Workspace, name: str, *, by: str, reason: str) -> Asking:
    """Ask to open an identity. Raises :class:`LifecycleError` where its basis no longer holds."""
    refuse_names(reason=reason)
    key = vault_of(workspace).key
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        _custodian(custodians(workspace, sealed, connection), by)
        identity = _open_to_use(workspace, rows.find(sealed, name).identity)
        until = workspace.now + ASKED_FOR
        made = Asking(
            f"ask_{secrets.token_hex(32)}", identity.sealed_id, by, reason, instant_text(workspace.now),
            instant_text(until),
        )  # fmt: skip
        rows.add_asking(sealed, made)
        detail = {"asking": made.asking_id}
        append(workspace, connection, key, identity.sealed_id, "ask", by=by, why=reason, detail=detail)
    return made


def askings(workspace: Workspace) -> list[tuple[Asking, str]]:
    """The requests, oldest first, each with its state."""
    with store_of(workspace) as store, store.reading() as sealed:
        found = rows.read_askings(sealed)
    return [(one, one.state(instant_text(workspace.now))) for one in found]


def allow(workspace: Workspace, name: str, key_file: Path, passphrase: str) -> Asking:
    """Allow a request with one's own key: hands over half of what opens the identity, to the one who asked.

    Raises:
        SeparationError: it is one's own request, or the identity was not sealed to both.
        LifecycleError: it was allowed already, was used, or has run out.
    """
    own, key = read_custodian(key_file, passphrase), vault_of(workspace).key
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        asking = _asking(workspace, sealed, name, "asked")
        known = custodians(workspace, sealed, connection)
        _refuse_stranger(known, own)
        row = rows.find(sealed, asking.sealed_id)
        _open_to_use(workspace, row.identity)
        to = _custodian(known, asking.by)
        handed = handed_over(row.parts, own, asking.sealed_id, to, asking.asking_id)
        rows.allow(sealed, asking.asking_id, handed, by=own.card.name, at=workspace.now)
        detail = {"asking": asking.asking_id, "asked_by": asking.by}
        said = {"by": own.card.name, "why": asking.reason, "detail": detail}
        append(workspace, connection, key, asking.sealed_id, "allow", **said)  # type: ignore[arg-type]
    return asking


def open_identity(workspace: Workspace, name: str, key_file: Path, passphrase: str, out: Path | None = None) -> Opened:
    """Open an identity with one's own key, once, after another custodian allowed it.

    Args:
        workspace: a workspace.
        name: the request's id or its beginning.
        key_file, passphrase: of the one who asked.
        out: a new file of mode 0600 to write it to.
    """
    if out is not None and out.exists():
        raise UsageError("is there already", where=out.name, mend="name a new file")
    own, key = read_custodian(key_file, passphrase), vault_of(workspace).key
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        asking = _asking(workspace, sealed, name, "allowed")
        _refuse_stranger(custodians(workspace, sealed, connection), own)
        if own.card.name != asking.by:
            raise SeparationError("asked by another custodian", where=short(asking.asking_id), mend="ask yourself")
        row = rows.find(sealed, asking.sealed_id)
        _open_to_use(workspace, row.identity)
        handed = rows.handed_to(sealed, asking.asking_id)
        secret = joined(row.parts, own, asking.sealed_id, handed, asking.allowed_by, asking.asking_id)
        content = _unsealed(row, secret)
        detail = {"asking": asking.asking_id, "allowed_by": asking.allowed_by, "to_file": "yes" if out else "no"}
        rows.mark_opened(sealed, asking.asking_id, at=workspace.now)
        said = {"by": own.card.name, "why": asking.reason, "detail": detail}
        append(workspace, connection, key, asking.sealed_id, "unseal", **said)  # type: ignore[arg-type]
    if out is not None:
        with aside(out) as path:
            path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Opened(row.identity, content)


def _unsealed(row: rows.SealedRow, secret: bytes) -> dict[str, str]:
    held = base64.b64decode(row.box)
    try:
        plain = AESGCM(secret).decrypt(held[:12], held[12:], row.identity.header().encode())
    except InvalidTag:
        where = short(row.identity.sealed_id)
        raise TamperedError("is not what was sealed, or what is said of it was altered", where=where) from None
    return dict(json.loads(plain))


def _asking(workspace: Workspace, sealed: Connection, name: str, wanted: str) -> Asking:
    prefix = name if name.startswith("ask_") else f"ask_{name}"
    found = [one for one in rows.read_askings(sealed) if one.asking_id.startswith(prefix)]
    if len(found) != 1:
        raise UnknownNameError("no such request, or several", where=prefix[:16], mend="see 'forewarn sealed requests'")
    state = found[0].state(instant_text(workspace.now))
    if state != wanted:
        mend = "ask another custodian to allow it" if state == "asked" else "ask anew"
        raise LifecycleError(f"is {state}", where=short(found[0].asking_id), mend=mend)
    return found[0]


def _custodian(known: list[Custodian], name: str) -> Custodian:
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise SeparationError("is no custodian", where=name[:40], mend="see 'forewarn sealed custodians'")
    return found


def _refuse_stranger(known: list[Custodian], own: CustodianKey) -> None:
    if _custodian(known, own.card.name) != own.card:
        raise SeparationError("is not the key that was enrolled", where=own.card.name, mend="use that one")


def _open_to_use(workspace: Workspace, identity: SealedIdentity) -> SealedIdentity:
    if not identity.holds_on(workspace.today):
        raise LifecycleError("its basis is over", where=short(identity.sealed_id), mend="withdraw it")
    return identity
