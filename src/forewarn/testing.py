"""Conformance checks that authors of channels and of forecasters run on their own, with any test runner or none.

Each check is a plain function that raises ``AssertionError`` with what is wrong, where and why it matters. Channels
are read as ``forewarn collect`` would, and then with files made to harm; forecasters are given small histories with
gaps, silence and units that come and go. What passes here is treated like any other channel or forecaster.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forewarn.collect import (
    Batch,
    ChannelDefinition,
    Parser,
    ParseRequest,
    Provenance,
    keep_snapshot,
    load_parser,
    snapshot_path,
)
from forewarn.collect import parse as parse_snapshot
from forewarn.collect.batch import CLAIM_SCHEMA, REPORT_SCHEMA
from forewarn.collect.channels.declared import declared
from forewarn.collect.parsers import Read, Tell
from forewarn.collect.tabular import read_table
from forewarn.collect.telling import Telling
from forewarn.errors import ForecastError, ForewarnError
from forewarn.forecast.make import known_enough
from forewarn.forecast.models import Forecaster, History, OnsetForecaster, OnsetRows, Task

__all__ = [
    "Telling",
    "check_channel",
    "check_columns",
    "check_forecaster",
    "check_hostile_files",
    "check_idempotent",
    "check_no_identity",
    "check_onset_forecaster",
    "check_rejects",
    "hostile_files",
    "load_parser",
    "reading",
]

_NOW = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_SECONDS = 30
_SHORTEST_IDENTITY = 4
_BY_CHANCE = 0.8
_MONTHS = 72


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
    _require(reports.height > 0, "the sample gives no report: give one with good rows, or look at the rejects")
    _require(dict(reports.schema) == REPORT_SCHEMA, "the reports do not have the columns of the model")
    _require(dict(claims.schema) == CLAIM_SCHEMA, "the claims do not have the columns of the model")
    expected = reports.height if channel.definition.claims else 0
    _require(claims.height == expected, f"{claims.height} claims from {reports.height} reports, {expected} expected")
    ids = reports["external_id"].filter(reports["external_id"] != "")
    _require(
        ids.n_unique() == ids.len(), f"external ids stand twice: {ids.filter(ids.is_duplicated()).head(3).to_list()}"
    )


def check_rejects(channel: _Reading) -> None:
    """Every row is accounted for, and every rejected one has its number, a reason and a mend."""
    batches = _sample(channel)
    read, kept = sum(one.read for one in batches), _whole(batches, "reports").height
    rejects = _whole(batches, "rejects")
    _require(
        read == kept + rejects.height, f"{read} rows read, {kept} kept and {rejects.height} rejected: some are lost"
    )
    for row, _, _, reason, mend in rejects.iter_rows():
        _require(row >= 1, f"a reject has the row {row}; rows count from 1")
        _require(bool(reason.strip()), f"row {row} is rejected without a reason")
        _require(bool(mend.strip()), f"row {row} is rejected without saying what to do")


def check_idempotent(channel: _Reading) -> None:
    """The same bytes give the same ids, and the frame a parser is given stays as it was."""
    first, second = (_whole(_sample(channel), "reports")["report_id"].to_list() for _ in range(2))
    _require(first == second, "the same file twice gives other ids: do not use clocks, counters or random numbers")
    with _as_file(channel.sample, None) as path:
        for chunk in channel.parser.read(path, "sample", None):
            before = chunk.frame.clone()
            made = channel.parser.tell(chunk.frame.drop(_dropped(channel, chunk.frame))).frame
            _require(chunk.frame.equals(before), "tell changes the frame it is given")
            _require(made.height == before.height, f"tell makes {made.height} rows of {before.height}: one for one")


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
                    _require(not leaked, f"what an identity column holds stands in {name}, column '{column}'")


def check_hostile_files(channel: _Reading) -> None:
    """Each hostile file is read or refused in one line, by an error of ours, within half a minute."""
    for name, data in hostile_files(channel.sample.read_bytes()):
        began = time.monotonic()
        try:
            channel.batches(data)
        except ForewarnError as error:
            _require("\n" not in str(error), f"the file '{name}' is refused in more than one line")
        except Exception as error:
            raise AssertionError(
                f"the file '{name}' makes the channel fail: {type(error).__name__}: {error}"
            ) from error
        took = time.monotonic() - began
        _require(took < _LONGEST_SECONDS, f"the file '{name}' takes {took:.0f} seconds")


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


def check_onset_forecaster(forecaster: OnsetForecaster) -> None:
    """A chance in 0..1 for each row asked, the same each time, whatever units are called and whatever is missing.

    It may refuse rows that nothing can be learnt from with a :class:`ForecastError`, and with nothing else. It may
    not change what it is given, nor tell units by their names.
    """
    name = forecaster.name
    rows = _onset_rows()
    first = _chances(forecaster, rows, "well-behaved rows")
    _require(
        np.array_equal(rows.covariates, _onset_rows().covariates, equal_nan=True), f"{name}: changed its covariates"
    )
    _require(np.array_equal(rows.outcome, _onset_rows().outcome, equal_nan=True), f"{name}: changed the outcomes")
    _require(
        np.array_equal(first, _chances(forecaster, rows, "the same rows")),
        f"{name}: says another thing when asked again",
    )
    renamed = replace(rows, units=np.char.add("z", rows.units))
    _require(
        np.array_equal(first, _chances(forecaster, renamed, "renamed units")), f"{name}: tells units by their names"
    )
    gaps = rows.covariates.copy()
    gaps[::3, 0], gaps[:, 1], gaps[:, 2] = np.nan, np.nan, 1.0
    _chances(forecaster, replace(rows, covariates=gaps), "missing and constant covariates")
    for what, known in (("none known", np.nan), ("no onset", 0.0), ("nothing but onsets", 1.0)):
        flat = replace(rows, outcome=np.where(np.isnan(rows.outcome), np.nan, known))
        try:
            _chances(forecaster, flat, what)
        except ForecastError as refused:
            _require("\n" not in str(refused), f"{name}: refuses {what} in more than one line")


def _onset_rows() -> OnsetRows:
    random = np.random.default_rng(11)
    units, periods = np.repeat(np.array([f"u{k}" for k in range(12)]), 30), np.tile(np.arange(30), 12)
    x = random.normal(size=(units.size, 3))
    happens = random.random(units.size) < 1 / (1 + np.exp(2.0 - x[:, 0]))
    outcome = np.where(periods < 27, happens.astype(np.float64), np.nan)
    return OnsetRows(units, periods, outcome, x, seed=3, rule=np.maximum(x[:, 0], 0.0))


def _chances(forecaster: OnsetForecaster, rows: OnsetRows, what: str) -> np.ndarray:
    found = np.asarray(forecaster.probabilities(rows))
    asked = int((~rows.learnt).sum())
    _require(found.shape == (asked,), f"{forecaster.name}: {found.shape} chances for {asked} rows, from {what}")
    _require(bool(((found >= 0) & (found <= 1)).all()), f"{forecaster.name}: a chance that is not in 0..1, from {what}")
    return found


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


def _require(holds: bool, message: str) -> None:
    """Raised by hand, so that the checks also hold under ``python -O``."""
    if not holds:
        raise AssertionError(message)


def _whole(batches: list[Batch], name: str) -> pl.DataFrame:
    frames: list[pl.DataFrame] = [getattr(batch, name) for batch in batches]
    return pl.concat(frames)


def _dropped(channel: _Reading, frame: pl.DataFrame) -> list[str]:
    columns = channel.definition.columns
    return [name for name in (*columns.identity, *columns.ignore) if name in frame.columns]


def check_forecaster(model: Forecaster, *, draws: int = 40) -> None:
    """Whether a forecaster of counts keeps the protocol, on two dozen units over six years.

    Draws have the shape asked for, are never negative, and are all there or all missing in a unit; the same seed gives
    the same draws; neither the order of units nor their ids decide; the history is left as it was; gaps are not zeros;
    units that appear, vanish or were never heard of, a world at peace, one month of data and covariates that are
    missing do no harm.

    Raises:
        AssertionError: the first thing that is not as it must be.
    """
    task = Task((1, 3, 14), draws=draws, seed=7)
    history = _history()
    before = history.values.copy()
    made = _forecast(model, history, task, "a history with gaps")
    _require(np.array_equal(history.values, before, equal_nan=True), "the history given is changed")
    _require(bool(np.isfinite(made[1:]).all()), "a unit with known months gets no number")
    _check_units(model, history, task, made)
    _check_gaps(model, history, task, made)
    for case, values in (("peace", np.zeros((5, 60))), ("one month", np.arange(5.0)[:, None])):
        few = _forecast(model, History(values, tuple("abcde"), 400), task, case)
        _require(bool(np.isfinite(few).all()), f"{case} gives no number")
        _require(bool(values.any()) or float(few.mean()) < 1.0, "a world at peace is forecast to be at war")


def _check_units(model: Forecaster, history: History, task: Task, made: NDArray[np.float32]) -> None:
    """The same seed, the same draws, in whatever order; and no knowledge of names, with or without covariates."""
    turned = replace(history, values=history.values[::-1], units=history.units[::-1])
    other = _forecast(model, turned, task, "the units in another order")
    _require(np.array_equal(made, other[::-1], equal_nan=True), "the same seed or another order gives other draws")
    unknown = np.full((*history.values.shape, 1), np.nan)
    names = tuple(f"z{unit}" for unit in history.units)
    renamed = replace(history, units=names, covariates=unknown, covariate_names=("displaced",))
    other = _forecast(model, renamed, task, "other names, and a covariate that is missing throughout")
    shift = np.abs(np.log1p(other).mean(axis=(1, 2)) - np.log1p(made).mean(axis=(1, 2)))
    # chance moves the mean of a hundred draws a little; another unit's level would move it by far more
    _require(bool(np.nanmax(shift[1:]) < _BY_CHANCE), "the names of units change what is forecast")


def _check_gaps(model: Forecaster, history: History, task: Task, made: NDArray[np.float32]) -> None:
    """A war of which every other month is unknown is a war, not half of one."""
    values = history.values.copy()
    values[1, ::2] = np.nan
    gaps = _forecast(model, replace(history, values=values), task, "every other month missing")
    _require(gaps[1].mean() >= 0.6 * made[1].mean(), "missing months are taken for zeros")


def _history() -> History:
    """Unheard of, war, fading, rising, new, vanished, and eighteen at peace with flares."""
    random = np.random.default_rng(1)
    values = random.poisson(4, (24, _MONTHS)) * (random.random((24, _MONTHS)) < 0.1).astype(float)
    for row, level in enumerate((60.0, np.linspace(80, 1, _MONTHS), np.linspace(0, 40, _MONTHS), 5.0, 8.0), 1):
        values[row] = random.poisson(np.broadcast_to(np.asarray(level, dtype=float), _MONTHS))
    values[0] = np.nan
    values[4, : _MONTHS - 20] = np.nan
    values[5, _MONTHS - 6 :] = np.nan
    return History(values, tuple("abcdefghijklmnopqrstuvwx"), 400)


def _forecast(model: Forecaster, history: History, task: Task, case: str) -> NDArray[np.float32]:
    """Draws, having the shape and the range they must have."""
    try:
        made = model.forecast(history, task)
    except Exception as error:
        raise AssertionError(f"{case} makes the forecaster fail: {type(error).__name__}: {error}") from error
    shape = (len(history.units), len(task.horizons), task.draws)
    _require(made.shape == shape and made.dtype == np.float32, f"{case}: draws are not float32 of shape {shape}")
    _require(not np.isinf(made).any() and not (made < 0).any(), f"{case}: draws are negative or infinite")
    try:
        known_enough(made, model.name)
    except ForewarnError as error:
        raise AssertionError(f"{case}: {error}") from None
    return made
