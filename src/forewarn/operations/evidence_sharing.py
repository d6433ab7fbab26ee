"""On what terms an item is held and shared, and handing items over as a package.

Default deny: a package leaves only for the purpose that was agreed, to nobody further than was agreed, and never after
a withdrawal, of the item or of what it was made from. Handing over is logged, per item, before anything is written, so
that the package's own custody log names it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cryptography.x509 import Certificate
from sqlalchemy import Connection

from forewarn.account import Fault, Vault
from forewarn.account.package import Item, Packed, Stamped, extract, package_faults, stamps_in, write_package
from forewarn.account.timestamps import proved
from forewarn.account.unpacking import package_folder
from forewarn.clock import instant_text
from forewarn.errors import DisclosureError, InputFormatError, UsageError
from forewarn.ids import short
from forewarn.model.evidence import SHARING_LEVELS, Consent, CustodyEntry, EvidenceItem
from forewarn.model.provenance import Sensitivity
from forewarn.operations.evidence import NOT_RECORDED, append, entries_of, is_purged, item_of, kept_item, vault_of
from forewarn.operations.evidence_anchor import read_root_file
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import evidence as rows

__all__ = [
    "Export",
    "check_package",
    "consent_of",
    "export",
    "package_digest",
    "record_act",
    "record_consent",
    "withdraw",
]

RECORDED_ACTS = ("transfer", "grade", "decision")
"""Acts outside this program that are put on record: a custodian changed, an item was graded, something was decided."""


_MOST_SENSITIVE = {
    "investigators": Sensitivity.SEVERE, "partners": Sensitivity.HIGH, "public": Sensitivity.LOW
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """A package that was written: which items, and the digest that names all of it."""

    package: str
    items: tuple[str, ...]
    digest: str


def record_consent(workspace: Workspace, name: str, consent: Consent, *, by: str, why: str) -> CustodyEntry:
    """Record on what basis, for which purpose and how far an item may be shared from now on."""
    refuse_names(basis=consent.basis, purpose=consent.purpose)
    detail = {"basis": consent.basis, "purpose": consent.purpose, "sharing": consent.sharing}
    return _logged(workspace, name, "consent", by=by, why=why, detail=detail)


def withdraw(workspace: Workspace, name: str, *, by: str, why: str) -> CustodyEntry:
    """Record that consent was withdrawn: nothing of the item, or made from it, leaves from now on."""
    return _logged(workspace, name, "withdrawal", by=by, why=why, detail={})


def record_act(workspace: Workspace, name: str, act: str, note: str, *, by: str, why: str) -> CustodyEntry:
    """Put on record what was done with an item elsewhere.

    Args:
        workspace: the workspace.
        name: the item.
        act: one of :data:`RECORDED_ACTS`.
        note: to whom custody passed, the grade, or what was decided; it names no private person.
        by: who did it.
        why: why.

    Raises:
        UsageError: another act, or no note.
    """
    if act not in RECORDED_ACTS:
        raise UsageError(f"is not one of {', '.join(RECORDED_ACTS)}", where="ACT", mend="use one of them")
    if not note.strip():
        raise UsageError("is blank", where="--note", mend="say to whom, which grade, or what was decided")
    refuse_names(note=note)
    return _logged(workspace, name, act, by=by, why=why, detail={"note": note.strip()})


def consent_of(connection: Connection, item: EvidenceItem) -> Consent | None:
    """The terms an item stands under now; ``None`` once purged or withdrawn, it or what it was made from."""
    now: Consent | None = item.consent
    entries = entries_of(connection, item.evidence_id)
    if is_purged(entries):
        return None
    for entry in entries:
        if entry.act == "consent":
            now = Consent(entry.detail["basis"], entry.detail["purpose"], entry.detail["sharing"])
        elif entry.act == "withdrawal":
            now = None
    if item.derived_from and consent_of(connection, item_of(connection, item.derived_from)) is None:
        return None
    return now


def export(
    workspace: Workspace, names: list[str], out: Path, *, to: str, audience: str, purpose: str, by: str, why: str
) -> Export:
    """Hand items over as a package in a new folder.

    Args:
        workspace: the workspace.
        names: ids, or their beginnings.
        out: the folder to make.
        to: who receives it: an institution or role.
        audience: one of :data:`SHARING_LEVELS` but the first.
        purpose: what it may be used for; it must be the purpose agreed for every item.
        by: who hands over.
        why: why.

    Raises:
        DisclosureError: an item may not leave on these terms; nothing is logged or written.
    """
    if out.exists():
        raise UsageError("is there already", where=out.name, mend="name a new folder")
    if not names:
        raise UsageError("names no item", where="export", mend="name the items")
    if audience not in SHARING_LEVELS[1:]:
        raise UsageError(f"is not one of {', '.join(SHARING_LEVELS[1:])}", where="--audience", mend="use one of them")
    refuse_names(to=to, purpose=purpose, why=why)
    vault = vault_of(workspace)
    with workspace.database.writing() as connection:
        items = list({item.evidence_id: item for item in (item_of(connection, name) for name in names)}.values())
        for item in items:
            _refuse(connection, item, audience, purpose)
        for item in items:
            detail = {"to": to, "purpose": purpose, "audience": audience}
            append(workspace, connection, vault.key, item.evidence_id, "export", by=by, why=why, detail=detail)
    facts = {
        "Bagging-Date": workspace.today.isoformat(), "Contact-Name": by, "External-Description": purpose,
        "Forewarn-Recipient": to, "Forewarn-Written-At": instant_text(workspace.now),
    }  # fmt: skip
    chosen = {item.evidence_id for item in items}
    with workspace.database.reading() as connection:
        packed = Packed(
            _opened(vault, items),
            extract((tuple(link) for link in rows.links(connection)), chosen, rows.erasures(connection)),
            tuple(
                Stamped(one.position, one.head, one.authority, one.at, base64.b64decode(one.token))
                for _, one in rows.read_anchors(connection)
            ),
            facts,
        )
        return Export(out.name, tuple(sorted(chosen)), write_package(out, packed))


def _opened(vault: Vault, items: list[EvidenceItem]) -> Iterator[Item]:
    for one in items:
        described = vault.description(one.sha256)
        yield one.record(), described, vault.read(one.sha256, is_derivative=bool(one.derived_from))


def check_package(
    package: Path, root: Path | None = None, *, progress: Progress = no_progress
) -> tuple[Fault, ...]:  # fmt: skip
    """What does not hold in a package, a folder or a ZIP of one; with a root, also who signed its timestamps.

    Needs no workspace, no database and no network.
    """
    roots = read_root_file(root) if root is not None else []
    counted = count(1)
    found = package_faults(package, each=lambda _: progress(next(counted), 0, "hashing what is in the package"))
    if root is None or found:
        return tuple(found)
    return tuple(_unproved(package, roots))


def package_digest(package: Path) -> str:
    """The digest that names all of a package, to be compared with what its sender says by another way."""
    with package_folder(package) as folder:
        manifest = folder / "tagmanifest-sha256.txt"
        return hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else ""


def _unproved(package: Path, roots: list[Certificate]) -> Iterator[Fault]:
    stamps = stamps_in(package)
    if not stamps:
        yield Fault("data/timestamps.jsonl", "holds no timestamp, so the root certificate proves nothing")
    for number, stamp in enumerate(stamps, start=1):
        where = f"data/timestamps/{number}.tsr"
        try:
            told = proved(stamp.token, stamp.head, roots)
        except InputFormatError as error:
            yield Fault(where, error.what)
        else:
            if instant_text(told.at) != stamp.at:
                yield Fault(where, f"says {instant_text(told.at)}, and the package says {stamp.at}")


def _refuse(connection: Connection, item: EvidenceItem, audience: str, purpose: str) -> None:
    where, consent = short(item.evidence_id), consent_of(connection, item)
    if is_purged(entries_of(connection, item.evidence_id)):
        raise DisclosureError("was purged", where=where, mend="leave it out")
    if consent is None:
        raise DisclosureError("consent was withdrawn", where=where, mend="leave it out")
    if SHARING_LEVELS.index(audience) > SHARING_LEVELS.index(consent.sharing):
        what = f"may be shared with {consent.sharing}, not {audience}"
        raise DisclosureError(what, where=where, mend="record a consent that allows it, or leave it out")
    if consent.basis == NOT_RECORDED:
        raise DisclosureError("is held on no recorded basis", where=where, mend="record one ('evidence consent')")
    if consent.purpose != purpose or purpose == NOT_RECORDED:
        what = "is not held for that purpose"
        raise DisclosureError(what, where=where, mend="give the very purpose agreed ('evidence show')")
    if item.sensitivity.rank > _MOST_SENSITIVE[audience].rank:
        what = f"is of {item.sensitivity} sensitivity, too much for {audience}"
        raise DisclosureError(what, where=where, mend="share a redacted derivative, or leave it out")


def _logged(workspace: Workspace, name: str, act: str, *, by: str, why: str, detail: dict[str, str]) -> CustodyEntry:
    key = vault_of(workspace).key
    with workspace.database.writing() as connection:
        evidence_id = kept_item(connection, name).evidence_id
        return append(workspace, connection, key, evidence_id, act, by=by, why=why, detail=detail)
