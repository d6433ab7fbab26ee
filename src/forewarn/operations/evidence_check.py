"""Checking all evidence of a workspace: chain, records, sealed files and identities, timestamps; changing the key.

Names each thing that does not hold. A check proves that nothing changed since intake; it says nothing of whether what
an item shows is true. Nothing is mended here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from forewarn.account import Fault, Vault, WorkspaceKey, chain_faults
from forewarn.account.keyfile import create_key, read_key, replace_key
from forewarn.account.sealing import digests as hashed
from forewarn.errors import ForewarnError
from forewarn.model.evidence import EvidenceItem
from forewarn.operations.evidence import append, key_path, vault_of
from forewarn.operations.evidence_anchor import anchor_faults
from forewarn.operations.evidence_erasing import erasure_faults
from forewarn.operations.evidence_head import chain_end_fault, sign_anew, signed_heads
from forewarn.operations.sealed import sealed_faults
from forewarn.operations.tracker import refuse_names
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store import evidence as rows

__all__ = ["Checked", "check", "rotate"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and what does not hold; ``holds`` when nothing is wrong."""

    entries: int
    items: int
    purged: int
    anchors: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return not self.faults


def check(workspace: Workspace, *, progress: Progress = no_progress) -> Checked:
    """Check everything. Raises :class:`ConfigurationError` where the key is lost."""
    before = [] if not key_path(workspace).exists() else signed_heads(workspace, read_key(key_path(workspace)))
    with workspace.database.reading() as connection:
        if not rows.holds_any(connection) and not rows.read_items(connection):
            left = [f for shelf in Vault(workspace.paths.evidence, WorkspaceKey(b"")).held().values() for f in shelf]
            return Checked(0, 0, 0, 0, tuple(Fault(name, "is in the vault and on no record") for name in left))
        vault = vault_of(workspace)
        digests: dict[int, str] = {}
        faults = list(chain_faults(rows.links(connection), digests, rows.erasures(connection)))
        told = chain_end_fault(workspace, vault.key, digests, before)
        faults += [told] if told else []
        records, intakes, purged = _records(connection)
        faults += _record_faults(records, intakes, purged)
        faults += erasure_faults(connection)
        faults += anchor_faults(connection, digests)
        faults += sealed_faults(workspace, connection)
        stamps = rows.read_anchors(connection)
    faults += _file_faults(vault, records, purged, progress)
    return Checked(len(digests), len(records), len(purged), len(stamps), tuple(faults))


def rotate(workspace: Workspace, *, by: str, why: str) -> int:
    """Make a new workspace key, wrap every item's key by it, and put it in the old one's place; how many keys.

    A stop on the way loses nothing: the new key is on disk, beside the old one, before the first key is wrapped by it,
    and calling again goes on with it.
    """
    refuse_names(why=why)
    vault, path = vault_of(workspace), key_path(workspace)
    coming = path.with_name(path.name + ".next")
    new = read_key(coming) if coming.exists() else create_key(coming)
    with workspace.database.writing() as connection:
        count = vault.rotate(new)
        replace_key(path, new)
        sign_anew(workspace, vault.key, new)
        coming.unlink(missing_ok=True)
        append(workspace, connection, new, "", "rotate", by=by, why=why, detail={"keys": str(count), "key": new.name})
    return count


def _records(connection: Connection) -> tuple[list[EvidenceItem | Fault], dict[str, str], set[str]]:
    """The records, or what is wrong with one; by item the record digest its intake names; the items purged."""
    records: list[EvidenceItem | Fault] = []
    for row in rows.read_items(connection):
        try:
            records.append(rows.record_of(row))
        except (ForewarnError, ValueError) as error:
            records.append(Fault(f"record {row['evidence_id']}", f"is altered ({type(error).__name__})"))
    intakes: dict[str, str] = {}
    purged: set[str] = set()
    for _, _, evidence_id, act, _, _, _, detail, _ in rows.links(connection, acts=("intake", "purge")):
        if act == "intake":
            intakes.setdefault(evidence_id, detail)
        else:
            purged.add(evidence_id)
    return records, intakes, purged


def _record_faults(records: list[EvidenceItem | Fault], intakes: dict[str, str], purged: set[str]) -> Iterator[Fault]:
    for one in records:
        if isinstance(one, Fault):
            yield one
        elif one.evidence_id not in intakes:
            yield Fault(f"record {one.evidence_id}", "has no intake in the custody log")
        elif one.evidence_id in purged:
            continue  # its words were put out: see erasure_faults
        elif f'"record":"{one.digest}"' not in intakes[one.evidence_id]:
            yield Fault(f"record {one.evidence_id}", "is altered: it is not the one the intake names")
    known = {one.evidence_id for one in records if isinstance(one, EvidenceItem)}
    for evidence_id in sorted(set(intakes) - known):
        yield Fault(f"record {evidence_id}", "is missing: the custody log has its intake")


def _file_faults(
    vault: Vault, records: list[EvidenceItem | Fault], purged: set[str], progress: Progress
) -> Iterator[Fault]:
    """Open and hash every sealed file; name what is left over."""
    items = [one for one in records if isinstance(one, EvidenceItem)]
    left = vault.held()
    for number, item in enumerate(items, start=1):
        progress(number, len(items), "opening and hashing what is sealed")
        there = left.pop(item.sha256, [])
        if item.evidence_id in purged:
            yield from (Fault(name, "is there although the item was purged") for name in there)
            continue
        shelf = "working" if item.derived_from else "originals"
        wanted = {f"{one}/{item.sha256}" for one in (shelf, "described", "keys")}
        yield from (Fault(name, "does not belong there") for name in there if name not in wanted)
        yield from _item_faults(vault, item, shelf)
    yield from (Fault(name, "is in the vault and on no record") for names in left.values() for name in names)


def _item_faults(vault: Vault, item: EvidenceItem, shelf: str) -> Iterator[Fault]:
    try:
        found = hashed(vault.read(item.sha256, is_derivative=shelf == "working"))
    except (ForewarnError, OSError) as error:
        yield _as_fault(error, f"{shelf}/{item.sha256}")
    else:
        if (found.sha256, found.sha3_512, found.size_bytes) != (item.sha256, item.sha3_512, item.size_bytes):
            yield Fault(f"{shelf}/{item.sha256}", "holds other bytes than the record names")
    try:
        vault.description(item.sha256)
    except (ForewarnError, OSError, ValueError) as error:
        told = _as_fault(error, f"described/{item.sha256}")
        if not told.where.startswith("keys/"):
            yield told


def _as_fault(error: Exception, where: str) -> Fault:
    if isinstance(error, ForewarnError):
        return Fault(error.where or where, error.what)
    return Fault(where, f"cannot be read ({type(error).__name__})")
