"""Evidence taken in, listed, shown and copied; every act a link of the custody chain.

Joins the vault with the store. A file is sealed before its record is written: a stop between leaves a sealed file that
the check names, never a record without a file. The key is made with the first item and never after. What an item says
(its name, its index) is sealed; where and why it was taken in stands in the log for good, so those texts name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forewarn.account import Digests, Head, Vault, create_key, index_of, media_type, next_entry, opened_plain, read_key
from forewarn.account.keyfile import WorkspaceKey
from forewarn.errors import InputValueError, RuleError, UnknownNameError, UsageError
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.evidence import Consent, CustodyEntry, EvidenceItem
from forewarn.model.provenance import Sensitivity
from forewarn.operations.evidence_head import refuse_foreign, sign_next
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.store import evidence as rows
from forewarn.store.evidence_tables import evidence_items
from forewarn.store.reading import find_id
from forewarn.taxonomy.retention import default_retention, retention_classes

__all__ = [
    "NOT_RECORDED", "Acquisition", "Shown", "add", "append", "copy_out", "entries_of", "find", "is_purged",
    "item_of", "kept_item", "key_path", "listed", "log_of", "seal_item", "show", "vault_of",
]  # fmt: skip

NOT_RECORDED = "not recorded"
"""A basis or purpose nobody gave: nothing may be shared on it."""

_SHOWN_WHY = "shown on request"


@dataclass(frozen=True, slots=True)
class Acquisition:
    """What a person says of how an item was acquired: where, when, how, why, with what; its handling and consent.

    ``where`` is the address or place it was got from; without ``retention``, the class of that sensitivity.
    """

    where: str
    at: datetime
    method: str
    why: str
    tool: str = "none"
    basis: str = NOT_RECORDED
    purpose: str = NOT_RECORDED
    sharing: str = "nobody"
    retention: str = ""
    sensitivity: Sensitivity = Sensitivity.SEVERE


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as shown: its record, what was sealed with it, how it may be shared now, holds, and its custody."""

    item: EvidenceItem
    described: dict[str, Any]
    is_purged: bool
    custody: tuple[CustodyEntry, ...] = field(default=())


def key_path(workspace: Workspace) -> Path:
    """The file of the key: as set, else ``evidence.key`` in the workspace."""
    told = workspace.settings.evidence_key_file
    return (workspace.paths.root / Path(told).expanduser()) if told else workspace.paths.root / "evidence.key"


def vault_of(workspace: Workspace, *, to_add: bool = False) -> Vault:
    """The vault, open. The key is made where nothing was ever recorded and something is to be added.

    Raises :class:`ConfigurationError` where the key is lost, damaged or readable by others.
    """
    path = key_path(workspace)
    with workspace.database.reading() as connection:
        is_used = rows.holds_any(connection)
    is_used = is_used or any((workspace.paths.evidence / "keys").glob("??/*"))
    key = create_key(path) if to_add and not is_used and not path.exists() else read_key(path)
    return Vault(workspace.paths.evidence, key)


def add(workspace: Workspace, file: Path, said: Acquisition, *, by: str) -> EvidenceItem:
    """Take a file in: seal it, record it, and write the first link of its custody.

    Raises:
        InputValueError: a circumstance is missing, or lies in the future.
        DisclosureError: a text names a person.
        LifecycleError: these bytes are in the vault.
    """
    _refuse_slips(workspace, said, by)
    with opened_plain(file) as source:
        kind = media_type(file.name, source.read(16))
        index = index_of(source, kind)
        source.seek(0)
        described = {"name": file.name.encode("utf-8", "replace").decode(), "media_type": kind, "index": index}
        return seal_item(workspace, source, said, described, by=by)


def seal_item(
    workspace: Workspace, source: Any, said: Acquisition, described: dict[str, Any], *, by: str, derived_from: str = ""
) -> EvidenceItem:
    """Seal a stream and record it; see :func:`add`."""
    vault = vault_of(workspace, to_add=True)
    made: list[EvidenceItem] = []

    def refuse(found: Digests) -> None:
        made.append(_item(found, said, by, derived_from))
        with workspace.database.reading() as connection:
            if rows.row_of(connection, made[0].evidence_id):
                was = is_purged(entries_of(connection, made[0].evidence_id))
                what = "was purged, and does not come back" if was else "is in the vault already"
                raise RuleError(what, where=short(made[0].evidence_id), mend="see 'evidence show'")

    vault.take_in(source, is_derivative=bool(derived_from), describe=lambda _: described, refuse=refuse)
    item = made[0]
    with workspace.database.writing() as connection:
        rows.add_item(connection, item)
        detail = {"record": item.digest, **({"derived_from": derived_from} if derived_from else {})}
        append(workspace, connection, vault.key, item.evidence_id, "intake", by=by, why=said.why, detail=detail)
    return item


def append(
    workspace: Workspace, connection: Connection, key: WorkspaceKey, evidence_id: str, act: str, *, by: str, why: str,
    detail: Mapping[str, str] | None = None,
) -> CustodyEntry:  # fmt: skip
    """Append a link to the custody chain, and sign the new head.

    Raises :class:`StoreError` where the chain does not end where it was signed.
    """
    refuse_names(why=why)
    head = Head(*rows.head_of(connection, to_append=True))
    said = {**(detail or {}), **refuse_foreign(workspace, key, head)}
    entry = next_entry(head, evidence_id, act, by=by, at=workspace.now, why=why, detail=said)
    rows.add_entry(connection, entry)
    sign_next(workspace, key, Head(entry.sequence, entry.digest), connection)
    return entry


def listed(workspace: Workspace, where: str = "") -> list[EvidenceItem]:
    """The items on record, in the order taken in; with ``where``, those acquired from that very place or address."""
    with workspace.database.reading() as connection:
        return [rows.record_of(row) for row in rows.read_items(connection, where)]


def show(workspace: Workspace, name: str, *, by: str, why: str = _SHOWN_WHY) -> Shown:
    """An item with what was sealed with it and its custody; the look itself is logged as a read."""
    with workspace.database.reading() as connection:
        item = item_of(connection, name)
        before = entries_of(connection, item.evidence_id)
    was_purged = is_purged(before)
    vault = vault_of(workspace)
    described = {} if was_purged else vault.description(item.sha256)
    with workspace.database.writing() as connection:
        append(workspace, connection, vault.key, item.evidence_id, "read", by=by, why=why)
        custody = entries_of(connection, item.evidence_id)
    return Shown(item, described, was_purged, tuple(custody))


def log_of(workspace: Workspace, name: str = "") -> list[CustodyEntry]:
    """The custody log, of one item or of all."""
    with workspace.database.reading() as connection:
        return entries_of(connection, find(connection, name) if name else "")


def copy_out(workspace: Workspace, name: str, out: Path, *, by: str, why: str) -> EvidenceItem:
    """Write a working copy of an item to a file of mode 0600; the original stays sealed. Logged before it is written.

    Raises:
        TamperedError: the sealed bytes are not those taken in; no file is left.
    """
    if out.exists():
        raise UsageError("is there already", where=out.name, mend="name a new file")
    vault = vault_of(workspace)
    with workspace.database.writing() as connection:
        item = kept_item(connection, name)
        append(workspace, connection, vault.key, item.evidence_id, "copy", by=by, why=why)
    with aside(out) as path, path.open("wb") as target:
        for block in vault.read(item.sha256, is_derivative=bool(item.derived_from)):
            target.write(block)
    return item


def find(connection: Connection, name: str) -> str:
    """The full id of an item by its id, digest or their beginning, or by the address it was got from."""
    by_place = rows.read_items(connection, name)
    if len(by_place) == 1:
        return str(by_place[0]["evidence_id"])
    if by_place:
        raise UsageError(f"{len(by_place)} items were got from there", where="ITEM", mend="give the id of one")
    prefix = name if name.startswith("evd_") else f"evd_{name}"
    return find_id(connection, evidence_items, "evidence_id", prefix, "item")


def item_of(connection: Connection, name: str) -> EvidenceItem:
    """The record of an item; see :func:`find`."""
    evidence_id = find(connection, name)
    row = rows.read_items(connection, evidence_id=evidence_id)
    if not row:
        raise UnknownNameError(f"no item '{short(evidence_id)}'", mend="see 'forewarn evidence list'")
    return rows.record_of(row[0])


def kept_item(connection: Connection, name: str) -> EvidenceItem:
    """The record of an item that was not purged. Raises :class:`RuleError` where it was."""
    item = item_of(connection, name)
    if is_purged(entries_of(connection, item.evidence_id)):
        raise RuleError("was purged", where=short(item.evidence_id), mend="leave it out")
    return item


def is_purged(entries: Iterable[CustodyEntry]) -> bool:
    """Whether an item of that custody was purged."""
    return any(entry.act == "purge" for entry in entries)


def entries_of(connection: Connection, evidence_id: str = "") -> list[CustodyEntry]:
    """The custody of an item, or of all, in order."""
    return list(_entries(rows.links(connection, evidence_id)))


def _entries(links: Iterable[Any]) -> Iterable[CustodyEntry]:
    for link in links:
        yield rows.entry_of(link)


def _item(found: Digests, said: Acquisition, by: str, derived_from: str) -> EvidenceItem:
    return EvidenceItem(
        evidence_id=f"evd_{found.sha256}",
        size_bytes=found.size_bytes,
        sha3_512=found.sha3_512,
        acquired_where=said.where,
        acquired_at=said.at,
        method=said.method,
        tool=said.tool,
        why=said.why,
        operator=by,
        consent=Consent(said.basis, said.purpose, said.sharing),
        retention=said.retention or default_retention(said.sensitivity),
        sensitivity=said.sensitivity,
        derived_from=derived_from,
    )


def _refuse_slips(workspace: Workspace, said: Acquisition, by: str) -> None:
    """Refuse before anything is sealed what the record would refuse after."""
    if said.at > workspace.now:
        raise InputValueError("is in the future", where="--when", mend="give the instant of acquisition")
    if said.retention and said.retention not in retention_classes():
        known = ", ".join(retention_classes())
        raise InputValueError("is no class of retention", where="--retention", mend=f"use one of {known}")
    _item(Digests("0" * 64, "0" * 128, 0), said, by, "")
    refuse_names(where=said.where, method=said.method, why=said.why, basis=said.basis, purpose=said.purpose)
