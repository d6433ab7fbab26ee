"""Collecting through a channel, from files or from its publisher: bytes first, then reports and claims.

The snapshot is kept before anything reads it. The rows of one file enter the store in one transaction, so a
stopped run leaves nothing of the file but its snapshot, and running again gives what one clean run gives. A
snapshot already read with the same recipe is not read again. What counts as a newer release, and what a complete one
withdraws, is told in ``docs/explanation/intake.md``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.collect import (
    Batch,
    ChannelDefinition,
    Mapping,
    ParseRequest,
    Provenance,
    RejectsFile,
    channel,
    index_rows,
    is_rejects_file,
    keep_snapshot,
    load_mapping,
    parse,
    reads_by_name,
    recipe_of,
    snapshot_path,
)
from forewarn.errors import UsageError
from forewarn.logs import get_logger
from forewarn.model.provenance import Snapshot
from forewarn.operations.ahead import ahead
from forewarn.operations.apart import Ready, apart, can_be_apart, started
from forewarn.operations.document import keep_document
from forewarn.operations.fetch import Fetched, fetch
from forewarn.operations.workspace import Progress, Workspace, no_progress, relative_to
from forewarn.store import intake
from forewarn.store.releases import Arrival

__all__ = ["LARGE_BYTES", "Collected", "ReleaseTold", "collect", "collect_fetched"]

_DOCUMENTS = "un-document"
_NOTHING_WITHDRAWN = "rows without a readable id were refused, so nobody can say what is gone: nothing withdrawn"

LARGE_BYTES = 20_000_000
"""From here on, starting a process (a second) is less than what two processes save."""

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
        coverage: statements of who could see what, new to the store.
        rejects_file: where, relative to the workspace; empty when there are none.
        notes: remarks on the file, each with the number of rows it concerns.
        withdrawn: reports current before that a complete release no longer holds.
        reinstated: earlier versions that are current again.
        seen_before: whether the same bytes had been read with the same recipe before.
    """

    file: str
    channel: str
    snapshot: str
    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    revised: int = 0
    rejected: int = 0
    coverage: int = 0
    rejects_file: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    reinstated: int = 0
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseTold:
    """What somebody says of the files beside what they hold.

    Attributes:
        released_on: the day the publisher released them; the day of receipt when nobody says.
        is_partial: whether they are parts of a data set, whose absent rows are not gone.
        accepts_withdrawals: whether more than half of what they cover may be withdrawn.
    """

    released_on: date | None = None
    is_partial: bool = False
    accepts_withdrawals: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """One file to collect: the channel, the mapping and its kept bytes, and the recipe they make."""

    path: Path
    definition: ChannelDefinition
    mapping: Mapping | None
    mapping_id: str
    told: ReleaseTold = ReleaseTold()
    reader: Ready | None = None

    def arrival(self, workspace: Workspace, snapshot: Snapshot) -> Arrival:
        """The release as the store is to see it."""
        told = self.told
        return Arrival(
            channel=self.channel,
            snapshot_id=snapshot.snapshot_id,
            released_on=(told.released_on or workspace.today).isoformat(),
            recorded_at=instant_text(workspace.now),
            is_declared=told.released_on is not None,
            is_complete=(self.mapping or self.definition).release == "complete" and not told.is_partial,
            accepts_withdrawals=told.accepts_withdrawals,
        )

    @property
    def recipe(self) -> str:
        return recipe_of(self.definition, self.mapping)

    @property
    def channel(self) -> str:
        return self.mapping.under(self.definition.name) if self.mapping else self.definition.name

    @property
    def row_is(self) -> str:
        return self.mapping.row_is if self.mapping else self.definition.row_is


def collect(
    workspace: Workspace,
    name: str,
    paths: Sequence[Path],
    *,
    addresses: Sequence[str] = (),
    mapping: Path | None = None,
    told: ReleaseTold = ReleaseTold(),
    progress: Progress = no_progress,
) -> list[Collected]:
    """Collect files, then what stands at addresses, one after the other; without either, what the publisher offers.

    A failing file or answer stops the run, and those before it stay.

    Raises :class:`UnknownNameError` for an unknown channel, :class:`UsageError` where a mapping is missing or
    out of place, and the :class:`InputError` family for what is wrong with a file.
    """
    definition = channel(name)
    if told.released_on is not None and told.released_on > workspace.today:
        raise UsageError("is in the future", where="--released", mend="give the day the publisher released the file")
    if not (paths or addresses or definition.fetch):
        raise UsageError("no file is named", where=f"channel {name}", mend="name one or more files")
    is_out_of_place = mapping is not None and not definition.takes_mapping
    if (definition.needs_mapping and mapping is None) or (is_out_of_place and not definition.needs_mapping):
        what = "needs a mapping" if definition.needs_mapping else "takes no mapping"
        mend = "add --mapping FILE" if definition.needs_mapping else "leave --mapping out"
        raise UsageError(what, where=f"channel {name}", mend=mend)
    table = load_mapping(mapping) if mapping else None
    mapping_id = _keep(workspace, mapping, definition, table).snapshot_id if mapping else ""
    orders = [_Order(path, definition, table, mapping_id, told) for path in paths]
    collected = [_collect(workspace, order, progress) for order in orders]
    if addresses or not paths:
        fetched = fetch(workspace, definition, addresses, mapping=table, progress=progress)
        # An answer of a publisher is a page or a period of a data set: what it lacks is not gone.
        order = _Order(Path(), definition, table, mapping_id, replace(told, is_partial=True))
        collected += [_collect_fetched(workspace, order, one, progress) for one in fetched if one.is_data]
    return collected


def collect_fetched(
    workspace: Workspace, definition: ChannelDefinition, fetched: Fetched, *, progress: Progress = no_progress
) -> Collected:
    """Collect one answer of a publisher that has been kept."""
    return _collect_fetched(
        workspace, _Order(Path(), definition, None, "", ReleaseTold(is_partial=True)), fetched, progress
    )


def _keep(workspace: Workspace, path: Path, definition: ChannelDefinition, mapping: Mapping | None) -> Snapshot:
    publisher, licence = (mapping or definition).publisher, (mapping or definition).licence
    named = mapping.under(definition.name) if mapping else definition.name
    return keep_snapshot(
        path,
        workspace.paths.snapshots,
        provenance=Provenance(named, publisher, licence, workspace.now),
        largest_bytes=workspace.settings.snapshot_limit_mb * 1_000_000,
    )


def _collect(workspace: Workspace, order: _Order, progress: Progress) -> Collected:
    progress(0, 0, f"keeping {order.path.name} as received")
    with _reader(order) as reader:
        snapshot = _keep(workspace, order.path, order.definition, order.mapping)
        if is_rejects_file(snapshot_path(workspace.paths.snapshots, snapshot)):
            order = replace(order, told=replace(order.told, is_partial=True))
        return _collect_kept(workspace, replace(order, reader=reader), snapshot, progress)


def _reader(order: _Order) -> AbstractContextManager[Ready | None]:
    """A process that gets ready to read a large file while its bytes are kept."""
    is_large = False
    with suppress(OSError, ValueError):  # what is wrong with the file is told when it is kept
        is_large = order.path.stat().st_size >= LARGE_BYTES
    is_apart = is_large and reads_by_name(order.definition) and can_be_apart(parse)
    return started(parse) if is_apart else nullcontext()


def _collect_fetched(workspace: Workspace, order: _Order, fetched: Fetched, progress: Progress) -> Collected:
    """An answer goes by the end of its address, as far as it can be the name of a file."""
    ending = re.sub(r"[^A-Za-z0-9._-]+", "-", fetched.address.rstrip("/").rpartition("/")[2]).strip("-.")
    return _collect_kept(workspace, replace(order, path=Path(ending[:80] or "answer")), fetched.snapshot, progress)


def _collect_kept(workspace: Workspace, order: _Order, snapshot: Snapshot, progress: Progress) -> Collected:
    with workspace.database.writing() as connection:
        known = intake.find_collection(connection, snapshot.snapshot_id, order.recipe)
        arrival = order.arrival(workspace, snapshot)
        is_released_again = arrival.is_declared and known is not None and arrival.released_on > known.released_on
        if known is not None and not is_released_again:
            return _with_document(connection, workspace, snapshot, _seen_before(order.path.name, known))
        made = _read_into(connection, workspace, order, snapshot, progress)
        intake.add_collection(connection, _record(made, order, arrival))
        made = _with_document(connection, workspace, snapshot, made)
    index_rows(order.definition, snapshot_path(workspace.paths.snapshots, snapshot), mapping=order.mapping)
    _log.info("file collected", channel=made.channel, accepted=made.accepted, rejected=made.rejected)
    return made


def _with_document(connection: Connection, workspace: Workspace, snapshot: Snapshot, made: Collected) -> Collected:
    """Of a channel of documents, keep the document too, in the same transaction; a file read before is read again, for
    the parser may have changed, and nothing changes if it has not."""
    if made.channel != _DOCUMENTS or made.rejected:
        return made
    return replace(made, notes={**made.notes, **keep_document(connection, workspace, snapshot)})


def _read_into(
    connection: Connection, workspace: Workspace, order: _Order, snapshot: Snapshot, progress: Progress
) -> Collected:
    intake.add_snapshot(connection, snapshot)
    kept = snapshot_path(workspace.paths.snapshots, snapshot)
    request = ParseRequest(order.definition, kept, snapshot, workspace.now, workspace.today, order.mapping)
    made = Collected(order.path.name, order.channel, snapshot.snapshot_id)
    notes: Counter[str] = Counter()
    loading = intake.Loading(connection, order.arrival(workspace, snapshot))
    target = workspace.output(None, f"rejects-{order.path.stem}-{snapshot.sha256[:12]}.csv")
    with RejectsFile(target) as rejects:
        for batch in _batches(request, order.reader):
            made = _add(connection, loading, batch, made)
            rejects.add(batch.rejects, batch.rejected)
            notes.update(dict(batch.notes))
            progress(made.read, 0, f"{made.file}: {made.read:,} rows read")
            del batch  # else it stays in memory while the next one arrives
        progress(made.read, 0, f"{made.file}: settling what is current")
        settled = loading.finish()
    if loading.leaves_out_withdrawals:
        notes[_NOTHING_WITHDRAWN] = 0
    where = relative_to(workspace.paths.root, target) if rejects.rows else ""
    made = replace(made, rejected=rejects.rows, rejects_file=where, notes=dict(notes))
    return replace(made, withdrawn=settled.withdrawn, reinstated=settled.reinstated)


def _batches(request: ParseRequest, reader: Ready | None) -> Iterator[Batch]:
    """The batches, made while the store takes the last one: of a large file in a process of its own."""
    is_large = request.snapshot.size_bytes >= LARGE_BYTES
    if is_large and reads_by_name(request.definition) and can_be_apart(parse, request):
        return apart(parse, request, reader)
    return ahead(parse(request))


def _add(connection: Connection, loading: intake.Loading, batch: Batch, made: Collected) -> Collected:
    added = loading.add(batch.reports, batch.claims, batch.sources)
    loading.refuse(batch.rejected_ids)
    seen = intake.add_coverage(connection, [statement.row() for statement in batch.statements])
    return replace(
        made,
        read=made.read + batch.read,
        accepted=made.accepted + added.accepted,
        duplicates=made.duplicates + added.duplicates,
        revised=made.revised + added.revised,
        coverage=made.coverage + seen,
    )


def _seen_before(file: str, known: intake.Collection) -> Collected:
    return Collected(
        file=file,
        channel=known.channel,
        snapshot=known.snapshot_id,
        read=known.read,
        duplicates=known.read - known.rejected,
        rejected=known.rejected,
        rejects_file=known.rejects_file,
        seen_before=True,
    )


def _record(made: Collected, order: _Order, arrival: Arrival) -> intake.Collection:
    return intake.Collection(
        snapshot_id=made.snapshot,
        channel=made.channel,
        row_is=order.row_is,
        recipe=order.recipe,
        mapping_id=order.mapping_id,
        collected_at=arrival.recorded_at,
        read=made.read,
        accepted=made.accepted,
        duplicates=made.duplicates,
        revised=made.revised,
        rejected=made.rejected,
        rejects_file=made.rejects_file,
        withdrawn=made.withdrawn,
        released_on=arrival.released_on,
    )
