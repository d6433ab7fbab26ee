"""Checks for authors of channels: a sample is read as ``forewarn collect`` would, then files made to harm are.

Each check is a plain function that raises ``AssertionError`` with what is wrong, where and why it matters. What passes
here is treated like any other channel.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from forewarn.collect import Batch, ChannelDefinition, Parser, ParseRequest, Provenance, keep_snapshot, snapshot_path
from forewarn.collect import parse as parse_snapshot
from forewarn.collect.batch import CLAIM_SCHEMA, REPORT_SCHEMA
from forewarn.collect.channels.declared import declared
from forewarn.collect.parsers import Read, Tell
from forewarn.collect.tabular import read_table
from forewarn.errors import ForewarnError
from forewarn.testing.requiring import require

_NOW = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_SECONDS = 30
_SHORTEST_IDENTITY = 4


@dataclass(frozen=True, slots=True)
class _Reading:
    """A channel and the sample it is checked with."""

    definition: ChannelDefinition
    parser: Parser
    sample: Path

    def batches(self, data: bytes | None = None) -> list[Batch]:
        """The batches of the sample, or of other bytes, as ``forewarn collect`` would get them."""
        with tempfile.TemporaryDirectory() as folder, _as_file(self.sample, data) as path:
            known = Provenance(self.definition.name, self.definition.publisher, self.definition.licence, _NOW)
            snapshot = keep_snapshot(path, Path(folder), provenance=known)
            kept = snapshot_path(Path(folder), snapshot)
            request = ParseRequest(self.definition, kept, snapshot, _NOW, _NOW.date(), parser=self.parser)
            return list(parse_snapshot(request))


def reading(definition_yaml: bytes, tell: Tell, read: Read | None, sample: Path) -> _Reading:
    """A channel as the single checks take it.

    Raises:
        AssertionError: the definition is not understood.
    """
    try:
        definition = declared(ChannelDefinition, definition_yaml, "the definition")
    except ForewarnError as error:
        raise AssertionError(str(error)) from None
    return _Reading(definition, Parser(tell, read or read_table), sample)


def check_channel(definition_yaml: bytes, tell: Tell, read: Read | None, sample: Path) -> None:
    """All checks.

    Args:
        definition_yaml: the channel's YAML.
        tell: says which columns tell what.
        read: turns bytes into chunks; ``None`` for tables.
        sample: a small file as the publisher gives it, with rows that are good.

    Raises:
        AssertionError: the first thing that is not as it must be.
    """
    channel = reading(definition_yaml, tell, read, sample)
    check_columns(channel)
    check_rejects(channel)
    check_idempotent(channel)
    check_no_identity(channel)
    check_hostile_files(channel)


def check_columns(channel: _Reading) -> None:
    """The sample gives reports, with exactly the columns of the model, and claims where the channel makes claims."""
    batches = _sample(channel)
    reports, claims = _whole(batches, "reports"), _whole(batches, "claims")
    require(reports.height > 0, "the sample gives no report: give one with good rows, or look at the rejects")
    require(dict(reports.schema) == REPORT_SCHEMA, "the reports do not have the columns of the model")
    require(dict(claims.schema) == CLAIM_SCHEMA, "the claims do not have the columns of the model")
    expected = reports.height if channel.definition.claims else 0
    require(claims.height == expected, f"{claims.height} claims from {reports.height} reports, {expected} expected")
    ids = reports["external_id"].filter(reports["external_id"] != "")
    require(
        ids.n_unique() == ids.len(), f"external ids stand twice: {ids.filter(ids.is_duplicated()).head(3).to_list()}"
    )


def check_rejects(channel: _Reading) -> None:
    """Every row is accounted for, and every rejected one has its number, a reason and a mend."""
    batches = _sample(channel)
    read, kept = sum(one.read for one in batches), _whole(batches, "reports").height
    rejects = _whole(batches, "rejects")
    require(
        read == kept + rejects.height, f"{read} rows read, {kept} kept and {rejects.height} rejected: some are lost"
    )
    for row, _, _, reason, mend in rejects.iter_rows():
        require(row >= 1, f"a reject has the row {row}; rows count from 1")
        require(bool(reason.strip()), f"row {row} is rejected without a reason")
        require(bool(mend.strip()), f"row {row} is rejected without saying what to do")


def check_idempotent(channel: _Reading) -> None:
    """The same bytes give the same ids, and the frame a parser is given stays as it was."""
    first, second = (_whole(_sample(channel), "reports")["report_id"].to_list() for _ in range(2))
    require(first == second, "the same file twice gives other ids: do not use clocks, counters or random numbers")
    with _as_file(channel.sample, None) as path:
        for chunk in channel.parser.read(path, "sample", None):
            before = chunk.frame.clone()
            made = channel.parser.tell(chunk.frame.drop(_dropped(channel, chunk.frame))).frame
            require(chunk.frame.equals(before), "tell changes the frame it is given")
            require(made.height == before.height, f"tell makes {made.height} rows of {before.height}: one for one")


def check_no_identity(channel: _Reading) -> None:
    """Nothing that stands in a column of reporter identity is found in reports, claims, sources or rejects."""
    with _as_file(channel.sample, None) as path:
        secrets = {
            str(cell)
            for chunk in channel.parser.read(path, "sample", None)
            for column in channel.definition.columns.identity
            if column in chunk.frame.columns
            for cell in chunk.frame[column].drop_nulls().to_list()
            if len(str(cell)) >= _SHORTEST_IDENTITY
        }
    for batch in _sample(channel):
        for name in ("reports", "claims", "sources", "rejects", "rejected"):
            for row in getattr(batch, name).iter_rows(named=True):
                for column, cell in row.items():
                    leaked = isinstance(cell, str) and any(secret in cell for secret in secrets)
                    require(not leaked, f"what an identity column holds stands in {name}, column '{column}'")


def check_hostile_files(channel: _Reading) -> None:
    """Each hostile file is read or refused in one line, by an error of ours, within half a minute."""
    for name, data in hostile_files(channel.sample.read_bytes()):
        began = time.monotonic()
        try:
            channel.batches(data)
        except ForewarnError as error:
            require("\n" not in str(error), f"the file '{name}' is refused in more than one line")
        except Exception as error:
            raise AssertionError(
                f"the file '{name}' makes the channel fail: {type(error).__name__}: {error}"
            ) from error
        took = time.monotonic() - began
        require(took < _LONGEST_SECONDS, f"the file '{name}' takes {took:.0f} seconds")


def hostile_files(sample: bytes) -> Iterator[tuple[str, bytes]]:
    """Files as they reach us from bad disks, bad links and bad people, made from a good one; each with its name."""
    half = sample[: len(sample) // 2]
    yield "empty", b""
    yield "blank", b" \n\t\n"
    yield "cut off", half
    yield "cut off gzip", gzip.compress(sample, mtime=0)[:-9]
    yield "twice over", sample + sample
    yield "NUL bytes", half + b"\0" * 9 + sample[len(half) :]
    yield "not UTF-8", half + b"\xff\xfe\xe9" + sample[len(half) :]
    yield "UTF-16", sample.decode("utf-8", "replace").encode("utf-16")
    yield "byte-order mark", b"\xef\xbb\xbf" + sample
    yield "one 10 MB cell", b"id\n" + b"x" * 10_000_000 + b"\n"
    yield "formula cells", b'id,day,country\n=cmd|" /C calc"!A0,@SUM(1),+1\n'
    yield "other delimiter", sample.replace(b",", b";")
    yield "deep JSON", b"[" * 200_000
    yield "deep object", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "number without end", b'[{"id":' + b"9" * 1_000_000 + b"}]"
    yield "billion laughs", _laughs()
    yield "outside entity", b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
    yield "deep XML", b"<a>" * 100_000
    yield "zip bomb", _bomb()
    yield "gzip bomb", gzip.compress(b"0" * 60_000_000, mtime=0)


def _laughs() -> bytes:
    levels = [b'<!ENTITY l0 "ha">', *(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))]
    return b"<!DOCTYPE r [" + b"".join(levels) + b"]><r>&l9;</r>"


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"{n}.xml", b"0" * 30_000_000)
    return packed.getvalue()


@contextmanager
def _as_file(sample: Path, data: bytes | None) -> Iterator[Path]:
    """The sample itself, or other bytes under its name."""
    if data is None:
        yield sample
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / sample.name
        path.write_bytes(data)
        yield path


def _sample(channel: _Reading) -> list[Batch]:
    try:
        return channel.batches()
    except ForewarnError as error:
        raise AssertionError(f"the sample cannot be read: {error}") from None


def _whole(batches: list[Batch], name: str) -> pl.DataFrame:
    frames: list[pl.DataFrame] = [getattr(batch, name) for batch in batches]
    return pl.concat(frames)


def _dropped(channel: _Reading, frame: pl.DataFrame) -> list[str]:
    columns = channel.definition.columns
    return [name for name in (*columns.identity, *columns.ignore) if name in frame.columns]
