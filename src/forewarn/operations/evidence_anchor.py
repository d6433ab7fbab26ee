"""Anchoring the custody head outside: by a timestamping authority when asked to, or as a file for a witness.

A request goes out only when a person names the authority, and to a host that ``outbound_allow`` names; it carries a
digest and nothing else. The answer is proved before it is kept. What was anchored cannot be written anew by anybody who
holds the database and the key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import Certificate
from sqlalchemy import Connection

from forewarn.account import Fault
from forewarn.account.timestamps import Stamp, proved, read_roots, request_for, stamp_in
from forewarn.clock import instant_text
from forewarn.errors import ForewarnError, InputNotFoundError, LifecycleError, MissingExtraError, UsageError
from forewarn.exchange.files import aside
from forewarn.operations.evidence import append, vault_of
from forewarn.operations.workspace import Workspace
from forewarn.outbound import Ask, Outbound, Policy
from forewarn.store import evidence as rows
from forewarn.store.evidence import Anchor

__all__ = ["anchor", "anchor_faults", "anchored", "read_root_file", "recorded_anchors", "write_witness"]

_REPLY = ("application/timestamp-reply", "application/timestamp-response")
_LARGEST_REPLY = 1 << 20


def anchor(
    workspace: Workspace, authority: str, root: Path, *, by: str, why: str, outbound: Outbound | None = None
) -> tuple[Anchor, Stamp]:
    """Have the head of the custody chain timestamped, prove the answer, and keep it.

    Raises:
        LifecycleError: nothing is logged yet.
        ConfigurationError: the host is not in ``outbound_allow``.
        InputFormatError: the answer proves nothing.
        MissingExtraError: the timestamp library is not installed.
    """
    key, roots = vault_of(workspace).key, read_root_file(root)
    position, head = _head(workspace)
    request, nonce = request_for(head)
    token = _asked(workspace, authority, request, outbound)
    stamp = proved(token, head, roots, nonce=nonce)
    host = urlsplit(authority).hostname or ""
    made = Anchor(position, head, host, base64.b64encode(token).decode(), instant_text(stamp.at))
    with workspace.database.writing() as connection:
        rows.add_anchor(connection, made)
        detail = {"anchor": made.anchor_id, "position": str(position), "authority": host}
        append(workspace, connection, key, "", "anchor", by=by, why=why, detail=detail)
    return made, stamp


def anchored(
    workspace: Workspace, authority: str, root: Path | None, out: Path | None, *, by: str, why: str
) -> dict[str, str | int]:
    """Anchor with an authority, or write the head for a witness, or both; what came of it.

    Raises :class:`UsageError` where neither is asked for, or the root is missing.
    """
    if not (authority or out) or bool(authority) != (root is not None):
        raise UsageError("needs --authority with --root, or --out", where="anchor", mend="give one of them")
    told: dict[str, str | int] = {}
    if out is not None:
        told["witness"] = write_witness(workspace, out).name
    if root is not None:
        made, stamp = anchor(workspace, authority, root, by=by, why=why)
        told |= {"timestamp": made.anchor_id, "entries": made.position, "at": instant_text(stamp.at)}
    return told


def write_witness(workspace: Workspace, out: Path) -> Path:
    """Write the head to a file that an outside witness can keep: a count and a digest, no word of what was done."""
    position, head = _head(workspace)
    told = {"entries": position, "head": head, "written_at": instant_text(workspace.now)}
    with aside(out) as path:
        path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return out


def recorded_anchors(connection: Connection) -> Iterator[str]:
    """The anchors that the custody log names."""
    for link in rows.links(connection, acts=("anchor",)):
        yield str(json.loads(link[7]).get("anchor", ""))


def anchor_faults(connection: Connection, digests: Mapping[int, str]) -> Iterator[Fault]:
    """What is wrong with the timestamps: altered, missing, not of this chain, or not over the head they stand for."""
    named = set(recorded_anchors(connection))
    for stored, one in rows.read_anchors(connection):
        where = f"timestamp {stored}"
        if stored != one.anchor_id or stored not in named:
            yield Fault(where, "is altered, or not the one the custody log names")
        elif digests.get(one.position) != one.head:
            yield Fault(where, f"covers another custody entry {one.position}: the log was written anew")
        else:
            yield from _token_faults(where, one)
        named.discard(stored)
    yield from (Fault(f"timestamp {one}", "is missing: the custody log names it") for one in sorted(named))


def read_root_file(path: Path) -> list[Certificate]:
    """The root certificates in a file."""
    try:
        return read_roots(path.read_bytes())
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where="--root", mend="check the path") from None


def _token_faults(where: str, one: Anchor) -> Iterator[Fault]:
    try:
        stamp = stamp_in(base64.b64decode(one.token, validate=True))
    except MissingExtraError:
        return
    except (ForewarnError, ValueError):
        yield Fault(where, "cannot be read")
        return
    if stamp.imprint not in (
        hashlib.sha512(one.head.encode()).hexdigest(),
        hashlib.sha256(one.head.encode()).hexdigest(),
    ):
        yield Fault(where, "covers another digest than the head it stands for")


def _head(workspace: Workspace) -> tuple[int, str]:
    with workspace.database.reading() as connection:
        position, head = rows.head_of(connection)
    if not position:
        raise LifecycleError("nothing is in the custody log yet", where="evidence", mend="add an item first")
    return position, head


def _asked(workspace: Workspace, authority: str, request: bytes, outbound: Outbound | None) -> bytes:
    settings = workspace.settings
    policy = Policy(frozenset(settings.outbound_allow.split()), silence_s=settings.outbound_silence_s, total_s=300)
    used = outbound or Outbound(policy)
    ask = Ask(
        authority, media_types=_REPLY, body=request, content_type="application/timestamp-query",
        largest_bytes=_LARGEST_REPLY,
    )  # fmt: skip
    try:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "answer"
            used.fetch(ask, target)
            return target.read_bytes()
    finally:
        if outbound is None:
            used.close()
