"""Collecting a file through a channel: bytes first, then reports and claims, all or nothing.

The snapshot is kept before anything reads it. The rows of one file enter the store in one transaction, so a
stopped run leaves nothing of the file but its snapshot, and running again gives what one clean run gives. A
snapshot already read with the same recipe is not read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

import forewarn
from forewarn.clock import instant_text
from forewarn.collect import (
    ChannelDefinition,
    ParseRequest,
    TableMapping,
    channel,
    keep_snapshot,
    load_mapping,
    parse,
    write_rejects,
)
from forewarn.errors import UsageError
from forewarn.ids import content_id
from forewarn.logs import get_logger
from forewarn.model.provenance import Snapshot
from forewarn.operations.workspace import Progress, Workspace, no_progress, relative_to
from forewarn.store import intake

__all__ = ["Collected", "collect"]

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file.

    Attributes:
        file: its name.
        channel: the channel its reports carry.
        snapshot: id of the bytes as received.
        read: data rows read; each is accepted, a duplicate or rejected.
        accepted: reports new to the store.
        duplicates: rows already in the store, or twice in the file.
        revised: of the accepted, those that supersede an earlier version.
        rejected: rows refused, each with its reasons in ``rejects_file``.
        rejects_file: where, relative to the workspace; empty when there are none.
        seen_before: whether the same bytes had been read with the same recipe before.
    """

    file: str
    channel: str
    snapshot: str
    read: int
    accepted: int
    duplicates: int
    revised: int
    rejected: int
    rejects_file: str = ""
    seen_before: bool = False


def collect(
    workspace: Workspace,
    name: str,
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    progress: Progress = no_progress,
) -> list[Collected]:
    """Collect files, one after the other; a failing file stops the run, and the files before it stay.

    Raises :class:`UnknownNameError` for an unknown channel, :class:`UsageError` where a mapping is missing or
    out of place, and the :class:`InputError` family for what is wrong with a file.
    """
    definition = channel(name)
    if not paths:
        raise UsageError("no file is named", where=f"channel {name}", mend="name one or more files")
    if definition.needs_mapping != (mapping is not None):
        mend = "add --mapping FILE" if definition.needs_mapping else "leave --mapping out"
        raise UsageError("needs a mapping" if definition.needs_mapping else "takes no mapping", where=name, mend=mend)
    table = load_mapping(mapping) if mapping else None
    return [_collect_file(workspace, definition, path, table, progress) for path in paths]


def _collect_file(
    workspace: Workspace, definition: ChannelDefinition, path: Path, mapping: TableMapping | None, progress: Progress
) -> Collected:
    progress(0, 0, f"keeping {path.name} as received")
    snapshot, kept = keep_snapshot(
        path,
        workspace.paths.snapshots,
        definition=definition,
        mapping=mapping,
        received_at=workspace.now,
        limit_bytes=workspace.settings.snapshot_limit_mb * 1_000_000,
    )
    recipe = content_id("rcp", definition.digest, mapping.digest if mapping else "", forewarn.__version__)
    with workspace.database.writing() as connection:
        known = intake.find_collection(connection, snapshot.snapshot_id, recipe)
        if known is not None:
            duplicates = known.read - known.rejected
            return Collected(
                path.name, known.channel, known.snapshot_id, known.read, 0, duplicates, 0, known.rejected,
                known.rejects_file, seen_before=True,
            )  # fmt: skip
        request = ParseRequest(definition, kept, snapshot, workspace.today, mapping)
        result = _read_into(connection, workspace, request, path.name, progress)
        _record(connection, workspace, result, recipe)
    _log.info("file collected", channel=definition.name, accepted=result.accepted, rejected=result.rejected)
    return result


def _read_into(
    connection: Connection, workspace: Workspace, request: ParseRequest, file: str, progress: Progress
) -> Collected:
    snapshot: Snapshot = request.snapshot
    intake.add_snapshot(connection, snapshot)
    total, read = intake.Intake(), 0
    rejects: list[pl.DataFrame] = []
    for batch in parse(request):
        total += intake.add_batch(connection, batch.reports, batch.claims, batch.sources)
        if batch.coverage.height:
            intake.add_coverage(connection, batch.coverage.to_dicts())
        read += batch.read
        if batch.rejects.height:
            rejects.append(batch.rejects)
        progress(read, 0, f"{file}: {read:,} rows read")
    rejected, rejects_file = _keep_rejects(workspace, snapshot, rejects)
    return Collected(
        file, snapshot.channel, snapshot.snapshot_id, read, total.accepted, total.duplicates, total.revised,
        rejected, rejects_file,
    )  # fmt: skip


def _keep_rejects(workspace: Workspace, snapshot: Snapshot, rejects: list[pl.DataFrame]) -> tuple[int, str]:
    if not rejects:
        return 0, ""
    frame = pl.concat(rejects, how="diagonal")
    target = workspace.output(None, f"rejects-{snapshot.sha256[:12]}.csv")
    write_rejects(frame, target)
    return frame["row"].n_unique(), relative_to(workspace.paths.root, target)


def _record(connection: Connection, workspace: Workspace, result: Collected, recipe: str) -> None:
    intake.add_collection(
        connection,
        intake.Collection(
            snapshot_id=result.snapshot,
            channel=result.channel,
            recipe=recipe,
            collected_at=instant_text(workspace.now),
            read=result.read,
            accepted=result.accepted,
            duplicates=result.duplicates,
            revised=result.revised,
            rejected=result.rejected,
            rejects_file=result.rejects_file,
        ),
    )
