"""CAP messages: check anybody's, send released alerts, take in others', acknowledge, see chains, write feeds.

Nothing is sent over a network: messages are files, and what was written is recorded with who wrote it for whom. A
received message goes through the channel ``cap`` as a statement, and is kept for its chain without its sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forewarn.collect.xml import read_xml_file
from forewarn.errors import (
    InputError,
    InputNotFoundError,
    InputValueError,
    LifecycleError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.exchange.alert_release import release_alert
from forewarn.exchange.cap import (
    CapChain,
    CapFinding,
    CapSeen,
    CapTerms,
    acknowledgement,
    chains_of,
    check_message,
    check_together,
    compose_message,
    fails,
    seen_message,
    write_message,
)
from forewarn.exchange.files import aside
from forewarn.ids import short
from forewarn.model.cap import CapKept, CapKnown, CapMessage, CapReference, sender_digest
from forewarn.operations.alert import alert_life, find_alert
from forewarn.operations.cap_area import area_for
from forewarn.operations.collect import Collected, collect
from forewarn.operations.workspace import Progress, Workspace, no_progress
from forewarn.store.cap import add_cap_message, read_cap_messages
from forewarn.warn import lifecycle

__all__ = [
    "CapChain",
    "CapTerms",
    "Checked",
    "Exported",
    "Imported",
    "acknowledge",
    "cap_chains",
    "check_files",
    "export_alert",
    "import_files",
]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and its findings; ``passes`` unless one fails it by the measure that was asked for."""

    file: str
    passes: bool
    findings: tuple[CapFinding, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A message that was written: of which alert, of which kind, for whom, and whether it had been written before."""

    file: str
    alert_id: str
    version: int
    identifier: str
    kind: str
    status: str
    scope: str
    references: tuple[str, ...]
    expires: datetime | None
    written_before: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one received message: what the channel made of it, its chain, and its Ack where one was asked."""

    file: str
    identifier: str
    kind: str
    collected: Collected
    chain: CapChain
    findings: tuple[CapFinding, ...] = ()
    acknowledged_in: str = ""
    notes: tuple[str, ...] = field(default=())


def check_files(paths: Sequence[Path], *, standard_only: bool = False) -> list[Checked]:
    """The findings on each file, and on the files beside each other. A file that is no XML has one finding."""
    roots: dict[str, Any] = {}
    found: dict[str, list[CapFinding]] = {}
    for path in paths:
        name = path.name if path.name not in found else str(path)
        try:
            roots[name] = _root(path, name)
            found[name] = list(check_message(roots[name]))
        except InputError as error:
            where = error.where.removeprefix(name).lstrip(", ")
            found[name] = [CapFinding("error", where, error.what, error.mend)]
    for name, finding in check_together(roots):
        found[name].append(finding)
    return [
        Checked(name, not fails(findings, standard_only=standard_only), tuple(findings))
        for name, findings in found.items()
    ]


def export_alert(workspace: Workspace, name: str, terms: CapTerms, out: Path | None, *, by: str) -> Exported:
    """Write an issued alert as a CAP message for an audience, and record that it was released to it.

    The same version for the same audience is the same message, written again. A later version is an Update of what
    that audience was sent before, a cancelled alert its Cancel.

    Raises:
        LifecycleError: the alert may not leave as it stands, or there is nothing to cancel.
        DisclosureError: its label or words do not allow it.
    """
    with workspace.database.writing() as connection:
        life = alert_life(connection, find_alert(connection, name))
        obstacles = lifecycle.obstacles(life.alert)
        released = release_alert(life.alert, life.state, terms.scope, workspace.now, obstacles=obstacles)
        ours = ("sent", terms.audience, sender_digest(terms.sender))
        before = [
            one
            for one in read_cap_messages(connection, alert_id=released.alert_id)
            if (one.known.direction, one.audience, one.known.sender_digest) == ours
        ]
        same = [
            one
            for one in before
            if one.alert_version == released.version and (one.known.kind == "Cancel") == released.is_cancelled
        ]
        if same:
            return _written(workspace, same[-1], out, written_before=True)
        if released.is_cancelled and not before:
            raise LifecycleError("was never sent to them", where=f"alert {short(released.alert_id)}", mend="no need")
        message = compose_message(
            released,
            terms,
            area_for(workspace, connection, released.unit),
            sent=workspace.now,
            references=tuple(CapReference(terms.sender, one.known.identifier, one.known.sent) for one in before),
        )
        kept = _kept(message, by=by, now=workspace.now, audience=terms.audience)
        kept = _of_alert(kept, released.alert_id, released.version)
        exported = _written(workspace, kept, out, written_before=False)
        add_cap_message(connection, kept)
    return exported


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    by: str,
    acknowledge_as: CapTerms | None = None,
    out: Path | None = None,
    despite_errors: bool = False,
    progress: Progress = no_progress,
) -> list[Imported]:
    """Take in messages of others through the channel ``cap``, and show the chain each is in.

    Raises:
        InputValueError: a message breaks the standard, unless ``despite_errors``; those before it stay.
    """
    return [_import(workspace, path, by, acknowledge_as, out, despite_errors, progress) for path in paths]


def acknowledge(
    workspace: Workspace, path: Path, terms: CapTerms, out: Path | None, *, by: str, note: str = ""
) -> Exported:
    """Write an Ack for a message in a file, to its sender alone unless the terms say otherwise, and record it."""
    seen = seen_message(_root(path, path.name), path.name)
    with workspace.database.writing() as connection:
        return _acknowledge(workspace, connection, seen, terms, out, by=by, note=note)


def cap_chains(workspace: Workspace, identifier: str = "") -> tuple[CapChain, ...]:
    """The chains of all messages sent and received, or those of an alert of ours or of identifiers that begin so."""
    with workspace.database.reading() as connection:
        chains = _chains(connection, workspace.now)
        alert_id = find_alert(connection, identifier) if identifier.startswith("alr_") else ""
        ours = {one.known.identifier for one in read_cap_messages(connection, alert_id=alert_id)} if alert_id else set()
    if not identifier:
        return chains
    found = tuple(
        chain
        for chain in chains
        if any(one.identifier in ours or one.identifier.startswith(identifier) for one in chain.messages)
    )
    if not found:
        raise UnknownNameError(f"no message '{shorten(identifier)}'", mend="see 'forewarn cap chains'")
    return found


def _import(
    workspace: Workspace,
    path: Path,
    by: str,
    terms: CapTerms | None,
    out: Path | None,
    despite_errors: bool,
    progress: Progress,
) -> Imported:
    root = _root(path, path.name)
    findings = check_message(root)
    wrong = [one for one in findings if one.kind == "error"]
    if wrong and not despite_errors:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        where = f"{path.name}: {wrong[0].where}" if wrong[0].where else path.name
        raise InputValueError(
            f"{wrong[0].what}{more}", where=where, mend="see 'forewarn cap check', or add --despite-errors"
        )
    seen = seen_message(root, path.name)
    collected = collect(workspace, "cap", [path], progress=progress)[0]
    with workspace.database.writing() as connection:
        kept = CapKept(_known(seen, "received"), by, workspace.now, snapshot_id=collected.snapshot)
        before = add_cap_message(connection, kept)
        acked = ""
        if terms is not None and seen.kind not in ("Ack", "Error"):
            target = out / _file_name("ack", seen.reference.message_id) if out else None
            acked = _acknowledge(workspace, connection, seen, terms, target, by=by).file
        chain = next(
            one
            for one in _chains(connection, workspace.now)
            if any(message.message_id == kept.known.message_id for message in one.messages)
        )
    notes = _notes(chain, kept, before)
    return Imported(path.name, seen.reference.identifier, seen.kind, collected, chain, findings, acked, notes)


def _root(path: Path, name: str) -> Any:
    try:
        return read_xml_file(path, name)
    except OSError as error:
        raise InputNotFoundError(f"cannot be read ({error.strerror})", where=name, mend="check the path") from None


def _notes(chain: CapChain, kept: CapKept, before: CapKept | None) -> tuple[str, ...]:
    """What somebody should know of a message that was taken in."""
    notes = []
    if before is not None and before.snapshot_id != kept.snapshot_id:
        notes.append("a message of this name was received before with other content: the first stands in the chain")
    if kept.known.status != "Actual":
        notes.append(f"not real: its status is {kept.known.status}")
    ours = {one.message_id for one in chain.messages if one.direction == "sent"}
    if any(referred in ours for referred, _ in kept.known.refers_to):
        notes.append("it answers a message of ours; whether the addressee has read it is for a person to record")
    others = [one.message_id for one in chain.messages if one.sender_digest != kept.known.sender_digest]
    if kept.known.kind in ("Update", "Cancel") and any(referred in others for referred, _ in kept.known.refers_to):
        notes.append("it refers to another sender's message, and replaces nothing of theirs")
    return tuple(notes)


def _acknowledge(
    workspace: Workspace,
    connection: Connection,
    seen: CapSeen,
    terms: CapTerms,
    out: Path | None,
    *,
    by: str,
    note: str = "",
) -> Exported:
    if seen.kind in ("Ack", "Error"):
        raise UsageError(f"is itself of the type {seen.kind}", where=shorten(seen.reference.identifier), mend="no need")
    status = seen.status if seen.status in ("Exercise", "System", "Test") else "Actual"
    message = acknowledgement(terms, seen.reference, sent=workspace.now, status=status, note=note)
    known = {one.known.identifier: one for one in read_cap_messages(connection) if one.known.direction == "sent"}
    same = known.get(message.reference.identifier)
    if same is not None:
        return _written(workspace, same, out, written_before=True)
    kept = _kept(message, by=by, now=workspace.now, audience=terms.audience)
    exported = _written(workspace, kept, out, written_before=False)
    add_cap_message(connection, kept)
    return exported


def _written(workspace: Workspace, kept: CapKept, out: Path | None, *, written_before: bool) -> Exported:
    known = kept.known
    path = workspace.output(out, _file_name(known.kind.lower(), known.message_id))
    with aside(path) as name:
        name.write_bytes(kept.body.encode("utf-8"))
    return Exported(
        file=str(path),
        alert_id=kept.alert_id,
        version=kept.alert_version,
        identifier=known.identifier,
        kind=known.kind,
        status=known.status,
        scope=known.scope,
        references=tuple(identifier for _, identifier in known.refers_to),
        expires=known.expires,
        written_before=written_before,
    )


def _kept(message: CapMessage, *, by: str, now: datetime, audience: str) -> CapKept:
    seen = CapSeen(
        message.reference,
        message.status,
        message.kind,
        message.scope,
        message.references,
        message.infos[0].event if message.infos else "",
        max((info.expires for info in message.infos), default=None),
    )
    return CapKept(_known(seen, "sent"), by, now, audience=audience, body=write_message(message).decode("utf-8"))


def _of_alert(kept: CapKept, alert_id: str, version: int) -> CapKept:
    return CapKept(kept.known, kept.by, kept.recorded_at, kept.audience, alert_id, version, kept.body)


def _known(seen: CapSeen, direction: str) -> CapKnown:
    return CapKnown(
        message_id=seen.reference.message_id,
        direction=direction,
        sender_digest=seen.reference.sender_digest,
        identifier=seen.reference.identifier,
        sent=seen.reference.sent,
        status=seen.status,
        kind=seen.kind,
        scope=seen.scope,
        event=seen.event,
        expires=seen.expires,
        refers_to=tuple((one.message_id, one.identifier) for one in seen.references),
    )


def _chains(connection: Connection, now: datetime) -> tuple[CapChain, ...]:
    return chains_of((one.known for one in read_cap_messages(connection)), now)


def _file_name(kind: str, message_id: str) -> str:
    return f"cap-{kind}-{short(message_id)[4:]}.xml"
