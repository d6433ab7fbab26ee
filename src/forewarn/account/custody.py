"""The custody chain: the next link, the proof of all of them, and the head that shows when the last are gone.

Owns the check of a chain as it is stored, link by link, naming each that is altered, missing, added or out of order. It
trusts no column: every digest is computed anew. The head is the count and digest of the last link, signed with a key
derived from the workspace key (HMAC-SHA256) and kept beside the vault: a chain alone cannot show that it was longer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from forewarn.account.keyfile import WorkspaceKey
from forewarn.account.sealing import subkey
from forewarn.model.evidence import CustodyEntry

__all__ = ["Fault", "Head", "Link", "chain_faults", "head_fault", "next_entry", "read_head", "write_head"]

Link = tuple[int, str, str, str, str, str, str, str, str]
"""A stored link: sequence, previous, evidence id, act, by, at, why, detail, digest."""

_QUOTED = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: where (a link, a file, a record), and what is wrong with it."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Head:
    """How many links there are, and the digest of the last."""

    count: int
    digest: str


def next_entry(
    head: Head, evidence_id: str, act: str, *, by: str, at: datetime, why: str, detail: Mapping[str, str] | None = None
) -> CustodyEntry:
    """The link that follows the head."""
    return CustodyEntry(head.count + 1, head.digest, evidence_id, act, by, at, why, detail or {})


def chain_faults(
    links: Iterable[Link], found: dict[int, str] | None = None, erased: Mapping[int, str] = MappingProxyType({})
) -> Iterator[Fault]:
    """What is wrong with a chain as stored, in the order of its links; nothing where every link holds.

    Args:
        links: as stored, by sequence.
        found: where given, gets the digest of each link by its sequence.
        erased: of links whose words were put out, by sequence, the digest of their content.
    """
    expected, previous = 1, ""
    act_begun, link_begun, quoted = hashlib.sha256(b'["act",').copy, hashlib.sha256(b'["cst",').copy, _QUOTED
    for sequence, before, evidence_id, act, by, at, why, detail, digest in links:
        # The digests of CustodyEntry, written out, from digests begun once: calls would take three times as long.
        told = f"{quoted(evidence_id)},{quoted(act)},{quoted(by)},{quoted(at)},{quoted(why)},{quoted(detail)}]"
        said, link = act_begun(), link_begun()
        said.update(told.encode("utf-8", "surrogatepass"))
        content = f"act_{said.hexdigest()}"
        if sequence in erased:
            content = erased[sequence]
        link.update(f"{sequence},{quoted(before)},{quoted(content)}]".encode("utf-8", "surrogatepass"))
        computed = "cst_" + link.hexdigest()
        if sequence != expected:
            yield _gap(sequence, expected)
        if computed != digest:
            yield Fault(f"custody entry {sequence}", "is altered: its digest is not that of its words")
        elif before != previous and sequence == expected:
            yield Fault(f"custody entry {sequence}", "does not follow from the one before: replaced, added or moved")
        expected, previous = sequence + 1, digest
        if found is not None:
            found[sequence] = digest


def _gap(sequence: int, expected: int) -> Fault:
    if sequence < expected:
        return Fault(f"custody entry {sequence}", "stands twice or out of order")
    missing = f"{expected}" if sequence == expected + 1 else f"{expected} to {sequence - 1}"
    return Fault(f"custody entry {missing}", "is missing")


def head_fault(head: Head, digests: Mapping[int, str]) -> Fault | None:
    """Whether a chain goes through a head that was written down earlier; ``None`` where it does."""
    last = max(digests, default=0)
    if head.count > last:
        first = last + 1
        name = f"{first}" if first == head.count else f"{first} to {head.count}"
        return Fault(f"custody entry {name}", "is missing at the end")
    if head.count and digests.get(head.count) != head.digest:
        return Fault(f"custody entry {head.count}", "or one before it was written anew: it is not the one signed")
    if last > head.count:
        return Fault(f"custody entry {head.count + 1}", "stands after the signed head: added without the key")
    return None


def write_head(path: Path, head: Head, key: WorkspaceKey) -> None:
    """Sign and keep the head; the file is replaced whole."""
    told = {"count": head.count, "digest": head.digest}
    aside = path.with_name(path.name + ".new")
    aside.write_text(json.dumps({**told, "mac": _mac(head, key)}) + "\n", encoding="ascii")
    aside.chmod(0o600)
    aside.replace(path)


def read_head(path: Path, key: WorkspaceKey) -> Head | Fault:
    """The head as signed, or what is wrong with its file."""
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        head = Head(int(told["count"]), str(told["digest"]))
        mac = str(told["mac"])
    except FileNotFoundError:
        return Fault(path.name, "is missing: whether the log was once longer cannot be told")
    except (OSError, ValueError, KeyError, TypeError):
        return Fault(path.name, "is altered or damaged")
    if not hmac.compare_digest(mac, _mac(head, key)):
        return Fault(path.name, "is altered: it is not signed with this workspace's key")
    return head


def _mac(head: Head, key: WorkspaceKey) -> str:
    return hmac.new(subkey(key.secret, "head"), f"{head.count} {head.digest}".encode(), hashlib.sha256).hexdigest()
