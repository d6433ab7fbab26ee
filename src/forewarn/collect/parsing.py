"""From the bytes of a snapshot to batches of reports and claims, channel by channel, a chunk at a time.

Owns the order of steps: read, leave out what must not be kept, check the columns, let the channel tell, assemble.
Memory holds a few chunks whatever the size of the file. Refuses a mapping where none belongs, and its absence
where one is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from forewarn.collect.batch import CLAIM_SCHEMA, REPORT_SCHEMA, SOURCE_SCHEMA, Batch, assemble
from forewarn.collect.channels import ChannelDefinition, Mapping
from forewarn.collect.channels.table import require_mapped_columns, tell_mapped
from forewarn.collect.offers import offer
from forewarn.collect.parsers import Parser, parser_of
from forewarn.collect.rejects import no_faults
from forewarn.collect.sight import CountriesSeen
from forewarn.collect.snapshot import origin_name
from forewarn.collect.tabular import Chunk, TableOptions, read_table
from forewarn.collect.tabular.excerpt import excerpt
from forewarn.collect.tabular.opening import format_of
from forewarn.collect.tabular.rowindex import row_index
from forewarn.collect.telling import LIST_FIELDS, TEXT_FIELDS, Rules, Telling
from forewarn.errors import ForewarnError, InputFormatError, InputNotFoundError, UnknownNameError, UsageError
from forewarn.model.provenance import Snapshot

__all__ = ["ParseRequest", "index_rows", "original_row", "original_rows", "parse"]


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """What to read, and how.

    Attributes:
        definition: the channel.
        snapshot_path: the bytes.
        snapshot: what they are.
        received_at: when they were received, UTC; what is known is never known later.
        today: days after it are refused as being in the future.
        mapping: for channels that need or take one.
        parser: the code that reads it, where the channel is none of those that are known by name.
    """

    definition: ChannelDefinition
    snapshot_path: Path
    snapshot: Snapshot
    received_at: datetime
    today: date
    mapping: Mapping | None = None
    parser: Parser | None = None


def parse(request: ParseRequest) -> Iterator[Batch]:
    """The batches of a snapshot, in order of rows. A last batch without rows may carry remarks on the whole file.

    Raises:
        UsageError: a mapping is missing, or given to a channel that takes none.
        InputError: the file cannot be read; batches before the fault have been given out, so store none of them.
    """
    _require_mapping(request.definition, request.mapping)
    rules = _rules(request)
    name = origin_name(request.snapshot)
    filled, read = dict.fromkeys(request.definition.fill_rates, 0), 0
    seen = CountriesSeen(rules.channel, request.definition.coverage.blind_to)
    for chunk in _chunks(request, name):
        for column in filled:
            if column in chunk.frame.columns:
                filled[column] += chunk.frame.height - chunk.frame[column].null_count()
        read += chunk.frame.height
        if not chunk.frame.height:
            if chunk.notes:
                yield _remarks(chunk.notes)
            continue
        batch = assemble(chunk, _told(request, chunk.frame), rules)
        seen.add(batch.claims)
        yield batch
        del batch, chunk  # else they stay in memory while the next ones are made
    remarks = _fill_remarks(request.definition, filled, read) or (() if read else (("no rows", 0),))
    stated = tuple(seen.statements()) if request.definition.coverage.sees else ()
    if remarks or stated:
        yield replace(_remarks(remarks), statements=stated)


def original_row(
    definition: ChannelDefinition, path: Path, *, row: int, mapping: Mapping | None = None, name: str = "snapshot"
) -> dict[str, str]:
    """One row as received, see :func:`original_rows`.

    Raises:
        UnknownNameError: the snapshot has no such row.
        InputNotFoundError: the bytes are gone.
    """
    found = original_rows(definition, path, (row,), mapping=mapping, name=name)
    if row not in found:
        raise UnknownNameError(f"there is no row {row}", where=name, mend="rows are counted from 1 below the header")
    return found[row]


def original_rows(
    definition: ChannelDefinition,
    path: Path,
    rows: Collection[int],
    *,
    mapping: Mapping | None = None,
    name: str = "snapshot",
) -> dict[int, dict[str, str]]:
    """Rows as received, by number and column; missing cells are empty, columns the channel drops are left out.

    Args:
        definition: the channel the snapshot came through.
        path: the bytes; where the rows of a large table begin is kept beside them, any other file is read once, up to
            the last row wanted.
        rows: their numbers, 1 for the first data row; those that are not there are left out.
        mapping: the mapping it was read with.
        name: what to call the file in messages.

    Raises:
        InputNotFoundError: the bytes are gone.
    """
    if not path.is_file():
        raise InputNotFoundError("the bytes of the snapshot are gone", where=name, mend="restore snapshots/")
    options = _by_line(definition, path, mapping)
    with excerpt(path, rows, options) if options else nullcontext() as few:
        if few is not None:
            file, places = few
            found = _wanted(_read(definition, mapping, file, name), places.values(), _dropped(definition, mapping))
            return {row: found[place] for row, place in places.items() if place in found}
    return _wanted(_read(definition, mapping, path, name), rows, _dropped(definition, mapping))


def index_rows(definition: ChannelDefinition, path: Path, *, mapping: Mapping | None = None) -> None:
    """Find where the rows of a large table begin and keep it beside its bytes, before anybody looks one up."""
    options = _by_line(definition, path, mapping)
    if options:
        row_index(path, options)


def _by_line(definition: ChannelDefinition, path: Path, mapping: Mapping | None) -> TableOptions | None:
    """How a table is read in which each row can be told without the others; nothing for any other file."""
    parser = None if definition.needs_mapping else parser_of(definition.name)
    if parser is None or parser.read is read_table:
        return _options(mapping)
    with suppress(ForewarnError):
        return _options(mapping) if parser.has_csv_by_row and format_of(path, "snapshot") == "csv" else None
    return None


def _wanted(chunks: Iterator[Chunk], rows: Collection[int], dropped: Collection[str]) -> dict[int, dict[str, str]]:
    wanted, found = set(rows), {}
    for chunk in chunks:
        kept = chunk.rows.is_in(list(wanted))
        frame = chunk.frame.filter(kept).drop(dropped, strict=False)
        for number, cells in zip(chunk.rows.filter(kept), frame.iter_rows(named=True), strict=True):
            found[int(number)] = {column: cell or "" for column, cell in cells.items()}
        if len(found) == len(wanted):
            break
    return found


def _require_mapping(definition: ChannelDefinition, mapping: Mapping | None) -> None:
    if definition.needs_mapping and mapping is None:
        raise UsageError(
            "needs a mapping", where=f"channel {definition.name}", mend="add --mapping FILE; see collect-a-table"
        )
    if mapping is not None and not (definition.needs_mapping or definition.takes_mapping):
        raise UsageError("takes no mapping", where=f"channel {definition.name}", mend="leave out --mapping")


def _rules(request: ParseRequest) -> Rules:
    """What holds for all rows, from the definition or, where there is one, the mapping."""
    definition, mapping = request.definition, request.mapping
    rules = Rules(
        channel=definition.name,
        snapshot_id=request.snapshot.snapshot_id,
        received_at=request.received_at,
        today=request.today,
        kind=definition.kind,
        has_claims=definition.claims,
        required=definition.requires,
        spans=definition.out_of_order.spans,
        delay_days=definition.known_delay_days,
        source_name=definition.source.name,
        source_kind=definition.source.kind,
        language=definition.language,
        sensitivity=definition.sensitivity,
        content=definition.columns.content,
    )
    if mapping is None:
        return rules
    return replace(
        rules,
        channel=mapping.under(definition.name),
        kind=mapping.kind,
        has_claims=mapping.has_claims,
        required=("external_id",) if mapping.fields.external_id or definition.takes_mapping else (),
        spans=mapping.out_of_order.spans,
        known_by=mapping.known.by,
        delay_days=mapping.known.delay_days,
        source_name=mapping.title,
        source_kind="unnamed" if definition.source.kind == "unknown" else definition.source.kind,
        language=mapping.language,
        sensitivity=mapping.sensitivity,
        geocode=mapping.geocode,
    )


def _told(request: ParseRequest, frame: pl.DataFrame) -> Telling:
    """What the rows say by the mapping; what it does not name, as the channel itself tells it."""
    if request.mapping is None:
        return _parser(request).tell(frame)
    mapped = tell_mapped(frame, request.mapping)
    if request.definition.needs_mapping:
        return mapped
    own = _parser(request).tell(frame)
    # Whether a row claims anything is then for the mapping to say.
    told = {*mapped.frame.columns, "claims_nothing"}
    fields = [n for n in (*TEXT_FIELDS, *LIST_FIELDS) if n in own.frame.columns and n not in told]
    both = mapped.frame.with_columns(own.frame.select(fields))
    return Telling(both, {**own.columns, **mapped.columns}, mapped.copies)


def _parser(request: ParseRequest) -> Parser:
    return request.parser or parser_of(request.definition.name)


def _options(mapping: Mapping | None) -> TableOptions:
    return TableOptions() if mapping is None else TableOptions(mapping.format, mapping.delimiter, mapping.sheet)


def _read(
    definition: ChannelDefinition, mapping: Mapping | None, path: Path, name: str, parser: Parser | None = None
) -> Iterator[Chunk]:
    read = read_table if definition.needs_mapping else (parser or parser_of(definition.name)).read
    return read(path, name, _options(mapping))


def _dropped(definition: ChannelDefinition, mapping: Mapping | None) -> frozenset[str]:
    own = frozenset((*definition.columns.identity, *definition.columns.ignore))
    return own if mapping is None else own | mapping.dropped


def _chunks(request: ParseRequest, name: str) -> Iterator[Chunk]:
    """The chunks under the channel's own column names, dropped columns gone, columns checked once."""
    definition, mapping = request.definition, request.mapping
    dropped = _dropped(definition, mapping)
    is_first = True
    for chunk in _read(definition, mapping, request.snapshot_path, name, request.parser):
        frame = _under_own_names(chunk.frame, definition)
        notes = chunk.notes
        if is_first:
            _require_columns(frame.columns, definition, name)
            if mapping is not None:
                require_mapped_columns(frame.columns, mapping, name, is_sparse=definition.is_sparse)
            notes += _column_remarks(chunk.frame.columns, frame.columns, definition, mapping)
            is_first = False
        absent = [c for c in definition.columns.required if c not in frame.columns]
        frame = frame.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)
        yield replace(chunk, frame=frame.drop(dropped, strict=False), notes=notes)


def _under_own_names(frame: pl.DataFrame, definition: ChannelDefinition) -> pl.DataFrame:
    renamed: dict[str, str] = {}
    for own, others in definition.aliases.items():
        if own not in frame.columns:
            renamed |= {other: own for other in others if other in frame.columns}
    return frame.rename(renamed) if renamed else frame


def _require_columns(columns: list[str], definition: ChannelDefinition, name: str) -> None:
    lacking = [column for column in definition.columns.required if column not in columns]
    if lacking:
        raise InputFormatError(
            f"lacks the column{'s' if lacking[1:] else ''} {', '.join(lacking)}",
            where=f"{name}, header",
            mend=f"give a file of {definition.name}; for {lacking[0]} {offer(lacking[0], columns)}",
        )


def _column_remarks(
    received: list[str], columns: list[str], definition: ChannelDefinition, mapping: Mapping | None
) -> tuple[tuple[str, int], ...]:
    """Expected columns that are not there, and columns to drop that the file does not have."""
    remarks = [(f"column '{c}' expected and absent", 0) for c in definition.columns.expected if c not in columns]
    if mapping is not None and definition.is_sparse:
        remarks += [(f"column '{c}' of the mapping is absent", 0) for c in mapping.fields.columns() if c not in columns]
    if mapping is not None:
        remarks += [(f"identity column '{c}' is not in the file", 0) for c in mapping.identity if c not in received]
    return tuple(remarks)


def _fill_remarks(definition: ChannelDefinition, filled: dict[str, int], read: int) -> tuple[tuple[str, int], ...]:
    """Columns filled in fewer rows than the channel's definition expects."""
    return tuple(
        (f"column '{column}' is filled in {filled[column] / read:.0%} of rows, {share:.0%} expected", filled[column])
        for column, share in definition.fill_rates.items()
        if read and filled[column] < share * read
    )


def _remarks(notes: tuple[tuple[str, int], ...]) -> Batch:
    """A batch of remarks alone."""
    return Batch(
        reports=pl.DataFrame(schema=REPORT_SCHEMA),
        claims=pl.DataFrame(schema=CLAIM_SCHEMA),
        sources=pl.DataFrame(schema=SOURCE_SCHEMA),
        rejects=no_faults(),
        rejected=pl.DataFrame(),
        read=0,
        notes=notes,
    )
