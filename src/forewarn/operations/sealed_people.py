"""Custodians of sealed identities: their keys made, enrolled, and proved by the signed custody log.

The first two are enrolled by whoever sets the node up; from the third on one who is enrolled vouches. A custodian
counts only where the log, which the key outside the database signs, says so: a name slipped into the file by whoever
owns it is refused, and nothing is sealed to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forewarn.account import chain_faults, new_custodian, read_custodian
from forewarn.errors import InputFormatError, RuleError, StoreError
from forewarn.exchange.files import aside
from forewarn.model.sealed import Custodian
from forewarn.operations.evidence import append, vault_of
from forewarn.operations.evidence_head import chain_end_fault
from forewarn.operations.workspace import Workspace
from forewarn.store import Database
from forewarn.store import evidence as log
from forewarn.store import sealed as rows

__all__ = ["custodians", "enrol", "enrolled", "new_key", "retire", "store_of"]


@contextmanager
def store_of(workspace: Workspace) -> Iterator[Database]:
    """The file of sealed identities."""
    told = workspace.settings.sealed_file
    path = workspace.paths.root / (Path(told).expanduser() if told else "sealed.db")
    with rows.opened_file(path) as database:
        yield database


def new_key(name: str, out: Path, passphrase: str) -> Custodian:
    """A new key in a file, and its public card beside it as ``NAME.card``."""
    made = new_custodian(name, out, passphrase)
    with aside(out.with_name(out.name + ".card")) as path:
        path.write_text(json.dumps({"name": made.name, "public": made.public}) + "\n", encoding="ascii")
    return made


def enrol(
    workspace: Workspace, card_file: Path, *, by: str, why: str, voucher: Path | None = None, passphrase: str = ""
) -> Custodian:
    """Enrol a custodian; from the third on, one who is enrolled vouches by opening their own key.

    Raises :class:`RuleError` where nobody vouches who may.
    """
    card, key = _card_from(card_file), vault_of(workspace, to_add=True).key
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        known = custodians(workspace, sealed, connection)
        detail = {"custodian": card.name, "fingerprint": card.fingerprint}
        if len(known) >= 2:
            if voucher is None:
                raise RuleError("a custodian has to vouch from the third on", where=card.name, mend="give --voucher")
            own = read_custodian(voucher, passphrase).card
            if own not in known:
                raise RuleError("is no custodian here", where=own.name, mend="ask one who is")
            detail["voucher"] = own.name
        rows.add_custodian(sealed, card, by=by, at=workspace.now)
        append(workspace, connection, key, "", "enrol", by=by, why=why, detail=detail)
    return card


def retire(workspace: Workspace, name: str, *, by: str, why: str) -> list[Custodian]:
    """Take a custodian out: nothing is sealed to them any more, and they neither ask nor allow; who is left.

    What was sealed to them stays sealed to them: with another custodian they could still open a copy of the file.
    Raises :class:`RuleError` where fewer than two would be left.
    """
    key = vault_of(workspace).key
    with store_of(workspace) as store, store.writing() as sealed, workspace.database.writing() as connection:
        known = custodians(workspace, sealed, connection)
        left = [one for one in known if one.name != name]
        if len(left) == len(known):
            raise RuleError("is no custodian", where=name[:40], mend="see 'forewarn sealed custodians'")
        if len(left) < 2:
            raise RuleError("fewer than two would be left", where=name, mend="enrol another first")
        rows.drop_custodian(sealed, name)
        append(workspace, connection, key, "", "retire", by=by, why=why, detail={"custodian": name})
    return left


def enrolled(workspace: Workspace) -> list[Custodian]:
    """The custodians there are, by name; see :func:`custodians`."""
    with store_of(workspace) as store, store.reading() as sealed, workspace.database.reading() as connection:
        return custodians(workspace, sealed, connection)


def custodians(workspace: Workspace, sealed: Connection, connection: Connection) -> list[Custodian]:
    """The custodians there are.

    Raises:
        StoreError: one of them was not enrolled by the signed log, or the log does not hold.
    """
    found = rows.read_custodians(sealed)
    enrolled = _enrolled(workspace, connection) if found else {}
    for one in found:
        if enrolled.get(one.name) != one.fingerprint:
            raise StoreError(
                "is in the file and was never enrolled as such", where=one.name, mend="run 'forewarn evidence verify'"
            )
    return found


def _card_from(path: Path) -> Custodian:
    """The custodian on a card, or in a key file, whose secret stays closed."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Custodian(str(told["name"]), str(told["public"]))
    except OSError as error:
        raise InputFormatError(f"cannot be read ({error.strerror})", where=path.name, mend="check the path") from None
    except (ValueError, KeyError, TypeError):
        raise InputFormatError("is no custodian's card", where=path.name, mend="make one with 'sealed key'") from None


def _enrolled(workspace: Workspace, connection: Connection) -> dict[str, str]:
    """The fingerprints of custodians by name, as the log says, once the log has proved to be the one signed."""
    enrolled: dict[str, str] = {}

    def noted() -> Iterator[Any]:
        for link in log.links(connection):
            if link[3] in ("enrol", "retire"):
                told = json.loads(link[7])
                # Retired is no fingerprint: who is put back into the file without being enrolled anew is refused.
                enrolled[str(told.get("custodian"))] = str(told.get("fingerprint", ""))
            yield link

    digests: dict[int, str] = {}
    faults = list(chain_faults(noted(), digests))
    fault = chain_end_fault(workspace, vault_of(workspace).key, digests, [])
    if faults or fault:
        first = [*faults, *([fault] if fault else [])][0]
        raise StoreError(first.what, where=first.where, mend="run 'forewarn evidence verify'")
    return enrolled
