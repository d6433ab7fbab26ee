"""Erasing an item for good, with a certificate: its key, its sealed files, its words, and what of it lies open here.

A hold beats a purge, whoever asks, and the refusal is logged like the purge. What was made from an item goes with it,
for it holds what the original held. The purge is logged and the words are put out in one step; what follows (keys,
files, free pages) is done again, harmlessly, when the purge of the same item is asked for again after a stop.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from forewarn.account import Fault, Vault
from forewarn.account.certificate import Certificate, certificate_fault, signed
from forewarn.account.sealing import subkey
from forewarn.clock import instant_text
from forewarn.errors import InputFormatError, InputNotFoundError, LifecycleError, RuleError
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.evidence import EvidenceItem
from forewarn.operations.evidence import append, entries_of, is_purged, item_of, vault_of
from forewarn.operations.evidence_collected import ErasedWith, erase_with, was_collected
from forewarn.operations.evidence_erasing import contents_of, remains
from forewarn.operations.evidence_keeping import ends_on, holds_of
from forewarn.operations.evidence_sharing import consent_of
from forewarn.operations.evidence_sweep import Open, lying_open, put_away
from forewarn.operations.partners import KEY_FILE, own_keys
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Workspace
from forewarn.store import evidence as rows

__all__ = ["certificate_of", "check_certificate", "purge", "write_certificates"]

_LARGEST_CERTIFICATE = 1 << 20
_COLLECTED = "was collected as data as well, and what was read from it would stay (--collected)"


def purge(
    workspace: Workspace,
    names: Sequence[str],
    *,
    by: str,
    why: str,
    is_early: bool = False,
    with_collected: bool = False,
) -> list[dict[str, Any]]:
    """Erase items and what was made from them, for good; their signed certificates.

    Args:
        workspace: the workspace.
        names: the items.
        by: who purges.
        why: why; it stays in the log.
        is_early: before its period is over; not needed once consent was withdrawn.
        with_collected: with what was read from the same bytes where they were collected as data; refused otherwise.

    Raises:
        RuleError: one is held, its period is not over, or its bytes were collected as data as well. The refusal is
            logged, and nothing is purged.
        StoreBusyError: somebody else uses the database: all is erased but what its free pages may hold. Run it again.
    """
    if not names:
        return []
    refuse_names(why=why)
    vault, act = vault_of(workspace), (by, why)
    with workspace.database.writing() as connection:
        family = _family(connection, names)
        refusals = _refusals(workspace, connection, family, is_early=is_early, with_collected=with_collected)
        for name, refusal in refusals.items():
            detail = {"refused": "purge", "because": refusal}
            append(workspace, connection, vault.key, name, "decision", by=by, why=why, detail=detail)
        collected = ErasedWith() if refusals else erase_with(workspace, connection, family)
        lying = lying_open(workspace, {one.sha256: one.size_bytes for one in family})
        made = [] if refusals else [_purged(workspace, connection, one, (lying, collected), act) for one in family]
        put_away(Open(collected.files, ()))  # now: once the rows are gone nothing tells which files they were
    if refusals:
        first, refusal = next(iter(refusals.items()))
        raise RuleError(refusal, where=short(first), mend="see 'forewarn evidence show'")
    for one in family:
        vault.erase(one.sha256)
    put_away(lying)
    workspace.database.scrub("custody_log", "evidence_items", *collected.tables)
    return made


def certificate_of(workspace: Workspace, name: str) -> dict[str, Any]:
    """The certificate of an item that was purged. Raises :class:`LifecycleError` where it was not."""
    with workspace.database.reading() as connection:
        return _recorded(connection, item_of(connection, name))


def check_certificate(file: Path) -> tuple[Fault, ...]:
    """What is wrong with the certificates in a file. Needs no workspace."""
    try:
        data = file.read_bytes()[: _LARGEST_CERTIFICATE + 1]
        told = json.loads(data) if len(data) <= _LARGEST_CERTIFICATE else None
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where=file.name, mend="check it") from None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or not told:
        raise InputFormatError("holds no certificate of a purge", where=file.name, mend="name the file it is in")
    faults = [(n, certificate_fault(one if isinstance(one, dict) else {})) for n, one in enumerate(told, start=1)]
    return tuple(Fault(f"certificate {n}", what) for n, what in faults if what)


def write_certificates(made: Sequence[dict[str, Any]], out: Path) -> Path:
    """Write certificates to a file, as JSON."""
    with aside(out) as path:
        path.write_text(json.dumps(list(made), indent=2) + "\n", encoding="utf-8")
    return out


def _signer(workspace: Workspace) -> tuple[Ed25519PrivateKey, str]:
    """The key partners know us by; where there is none, one derived from the evidence key."""
    if (workspace.paths.root / KEY_FILE).exists():
        keys = own_keys(workspace)
        return keys.signing, keys.name
    secret = subkey(vault_of(workspace).key.secret, "certificates")
    return Ed25519PrivateKey.from_private_bytes(secret), "this workspace"


def _family(connection: Connection, names: Sequence[str]) -> list[EvidenceItem]:
    """The items and what was made from them, and from that, in the order taken in."""
    known = {item_of(connection, name).evidence_id for name in names}
    found = []
    for row in rows.read_items(connection):  # a derivative is recorded after what it was made from
        if row["evidence_id"] in known or row["derived_from"] in known:
            known.add(row["evidence_id"])
            found.append(rows.record_of(row))
    return found


def _refusals(
    workspace: Workspace, connection: Connection, family: list[EvidenceItem], *, is_early: bool, with_collected: bool
) -> dict[str, str]:
    """Why items may not be purged, by item: those that may, or were already, are left out."""
    ids = {one.evidence_id for one in family}
    found = {}
    for one in family:  # what was made from another goes when that goes, whatever its own period
        is_open = is_early or one.derived_from in ids
        refusal = _refusal(workspace, connection, one, is_early=is_open)
        if not refusal and not with_collected and was_collected(connection, one):
            refusal = _COLLECTED
        if refusal:
            found[one.evidence_id] = refusal
    return found


def _refusal(workspace: Workspace, connection: Connection, item: EvidenceItem, *, is_early: bool) -> str:
    entries = entries_of(connection, item.evidence_id)
    if is_purged(entries):
        return ""
    holders = holds_of(entries)
    origin = item.derived_from
    while origin and not holders:
        holders, origin = holds_of(entries_of(connection, origin)), item_of(connection, origin).derived_from
    if holders:
        return f"is held by {', '.join(holders)}"
    end = ends_on(item)
    if is_early or (end is not None and end <= workspace.today) or consent_of(connection, item) is None:
        return ""
    return "is kept without end by its class" if end is None else f"is kept until {end} by its class"


def _purged(
    workspace: Workspace, connection: Connection, item: EvidenceItem, found: tuple[Open, ErasedWith],
    act: tuple[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Log the purge with its certificate and what stays, and put out the words; its certificate."""
    if is_purged(entries_of(connection, item.evidence_id)):
        return _recorded(connection, item)
    vault = vault_of(workspace)
    certificate = signed(_certify(workspace, connection, vault, item, found, act), *_signer(workspace))
    record = rows.read_items(connection, evidence_id=item.evidence_id)[0]
    links = list(rows.links(connection, item.evidence_id))
    contents = contents_of(links)
    detail = {"certificate": json.dumps(certificate), "remains": remains(record, links, contents)}
    append(workspace, connection, vault.key, item.evidence_id, "purge", by=act[0], why=act[1], detail=detail)
    rows.erase_words(connection, item.evidence_id, contents)
    return certificate


def _certify(
    workspace: Workspace,
    connection: Connection,
    vault: Vault,
    item: EvidenceItem,
    found: tuple[Open, ErasedWith],
    act: tuple[str, str],
) -> Certificate:
    left = tuple(
        f"{instant_text(entry.at)} {entry.act} {'to' if 'to' in entry.detail else 'by'} "
        + entry.detail.get("to", entry.by)
        for entry in entries_of(connection, item.evidence_id)
        if entry.act in ("copy", "export")
    )
    lying, collected = found
    copies = len(lying.copies) + len(collected.files)
    there = (*vault.shelves_of(item.sha256), f"{copies} copies", f"{len(lying.packages)} packages", *collected.told)
    return Certificate(
        item.evidence_id, item.sha3_512, item.size_bytes, instant_text(workspace.now), *act, destroyed=there,
        left_before=left, still_said=collected.still_said,
    )  # fmt: skip


def _recorded(connection: Connection, item: EvidenceItem) -> dict[str, Any]:
    for entry in entries_of(connection, item.evidence_id):
        if entry.act == "purge":
            return dict(json.loads(entry.detail["certificate"]))
    raise LifecycleError("was not purged", where=short(item.evidence_id), mend="see 'forewarn evidence show'")
